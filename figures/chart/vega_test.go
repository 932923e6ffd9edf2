package chart

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"
)

// vegaMarkOf is a mark of a specification with the data that it draws.
type vegaMarkOf struct {
	mark, encoding object
	rows           []any
}

// vegaMarks are the marks of a kind, in the order in which they are drawn.
func vegaMarks(spec object, kind string) []vegaMarkOf {
	var list []vegaMarkOf
	var visit func(node object, rows []any)
	visit = func(node object, rows []any) {
		if data, ok := node["data"].(object); ok {
			rows = data["values"].([]any)
		}
		if mark, ok := node["mark"].(object); ok && mark["type"] == kind {
			encoding, _ := node["encoding"].(object)
			list = append(list, vegaMarkOf{mark, encoding, rows})
		}
		for _, parts := range []string{"concat", "layer"} {
			children, _ := node[parts].([]any)
			for _, child := range children {
				visit(child.(object), rows)
			}
		}
	}
	visit(spec, nil)
	return list
}

func vegaOf(t *testing.T, p *Plot) object {
	t.Helper()
	spec, err := p.Vega()
	if err != nil {
		t.Fatal(err)
	}
	checkVega(t, spec)
	return spec
}

// checkVega checks that a specification holds what every way to the notebook
// knows, and nothing that a front end would have to fetch.
func checkVega(t *testing.T, spec object) {
	t.Helper()
	var visit func(path string, v any)
	visit = func(path string, v any) {
		switch k := v.(type) {
		case map[string]any:
			for name, child := range k {
				visit(path+"."+name, child)
			}
		case []any:
			if len(k) == 0 {
				t.Errorf("%s is an empty list, which becomes nil on the way", path)
			}
			for _, child := range k {
				visit(path, child)
			}
		case string:
			if strings.Contains(k, "//") && path != ".$schema" && !strings.HasPrefix(k, "data:image/png;base64,") {
				t.Errorf("%s names %q outside", path, k)
			}
		case float64, bool, nil:
		default:
			t.Errorf("%s is a %T", path, v)
		}
	}
	visit("", spec)
	if _, err := json.Marshal(spec); err != nil { // refuses what is no number, too
		t.Error(err)
	}
}

// vegaSamplePlot has a layer of every kind.
func vegaSamplePlot() *Plot {
	p := samplePlot()
	p.Panels = append(p.Panels,
		Panel{Title: "map", Layers: []Layer{HeatMap{
			Rows: []string{"top", "low"}, Columns: []string{"left", "right"}, Values: [][]float64{{1, 2}, {math.NaN(), 4}}, Label: "value",
		}}},
		Panel{Title: "bands", Layers: []Layer{
			Line{X: []float64{0, 1}, Y: []float64{2.5, 3}, Colour: Blue, Label: "another"},
			Trend{X: []float64{0, 1}, Y: []float64{2, 3}, Low: []float64{1, 2}, High: []float64{3, 4}, Colour: Blue, Marker: Cross, Label: "middle"},
		}},
	)
	return p
}

func TestVegaHoldsEveryLayer(t *testing.T) {
	spec := vegaOf(t, vegaSamplePlot())
	holds := func(kind, rows string, properties ...string) {
		t.Helper()
		n := 0
		for _, m := range vegaMarks(spec, kind) {
			got := quoted(m.mark) + quoted(m.encoding["tooltip"])
			lacks := func(want string) bool { return !strings.Contains(got, want) }
			if quoted(m.rows) == rows && !slices.ContainsFunc(properties, lacks) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d marks %q have the rows %s and %q", n, kind, rows, properties)
		}
	}
	one := `[{"high":2,"low":0.5,"x":1,"y":1},{"high":0.2,"low":0.05,"x":2,"y":0.1},{"high":0.02,"low":0.005,"x":3,"y":0.01}]`
	holds("area", `[{"high":2,"low":0.5,"x":1,"y":2},{"high":0.2,"low":0.05,"x":2,"y":0.2},{"high":0.02,"low":0.005,"x":3,"y":0.02}]`, `"fill":"#000000"`)
	holds("line", one, `"#000000"`)
	holds("point", one, `"size":60`, `\"title\":\"one\",\"epoch\":`, `\"interval\":`)
	holds("line", `[{"x":1,"y":1},{"x":2},{"x":3,"y":0.01}]`, `"#0072B2"`, `"strokeDash":[5.33,2.67]`)
	holds("point", `[{"x":1,"y":1},{"x":2},{"x":3,"y":0.01}]`, `\"title\":\"two\"`)
	holds("rule", `[{"y":0.1}]`)
	holds("rule", `[{"x":2}]`)
	holds("image", `[{"bottom":0,"right":4,"x":0,"y":4}]`, `"smooth":false`)
	holds("area", `[{"end":1,"x":0,"xName":"0 to 1","y":1},{"end":2,"x":1,"xName":"1 to 2","y":2},{"end":2,"x":2,"y":2}]`, `"step-after"`)
	holds("point", `[{"high":4,"low":2,"x":1,"xName":"1","y":3},{"high":4,"low":2,"x":1.923607,"xName":"2","y":3}]`, `"shape":"circle"`, `\"title\":\"points\"`)
	colours := []Colour{ramp(0), ramp(1. / 3), noValueColour, ramp(1)}
	marks := vegaMarks(spec, "rect")
	cells := marks[slices.IndexFunc(marks, func(m vegaMarkOf) bool { return m.mark["stroke"] == "#FFFFFF" })].rows
	for i, want := range []object{
		{"x": 0.0, "y": 0.0, "xName": "left", "yName": "top", "value": "1"},
		{"x": 1.0, "y": 0.0, "xName": "right", "yName": "top", "value": "2"},
		{"x": 0.0, "y": -1.0, "xName": "left", "yName": "low", "value": ""},
		{"x": 1.0, "y": -1.0, "xName": "right", "yName": "low", "value": "4"},
	} {
		want["colour"], want["ink"] = string(colours[i]), string(colours[i].on())
		if want["value"] == "" {
			want["ink"] = string(Ink)
		}
		if got := quoted(cells[i]); got != quoted(want) {
			t.Errorf("cell %d is %s, want %s", i, got, quoted(want))
		}
	}
	holds("line", `[{"x":0,"y":2.5},{"x":1,"y":3}]`) // has the colour of a band that is not its own
	// A line and the marks on it say which series it is, and the band around it.
	middle := `[{"high":3,"low":1,"x":0,"y":2},{"high":4,"low":2,"x":1,"y":3}]`
	holds("area", `[{"high":3,"low":1,"x":0,"y":3},{"high":4,"low":2,"x":1,"y":4}]`, `"fill":"#0072B2","fillOpacity":0.22`)
	holds("line", middle)
	holds("point", middle, `\"title\":\"middle\"`, `"shape":"M-1,-1L1,1M-1,1L1,-1"`, `"filled":false`)
}

func TestVegaWords(t *testing.T) {
	spec := vegaOf(t, samplePlot())
	var words []string
	for _, m := range vegaMarks(spec, "text") {
		words = append(words, quoted(m.mark["text"]))
	}
	for _, want := range []string{"Everything <at> once & more", "a", "lines", "b", "marks", "one", "two", "level", "place", "bars", "points", "10⁻³"} {
		if n := strings.Count(strings.Join(words, ""), quoted(want)); n != 1 {
			t.Errorf("the words %q stand %d times among %q", want, n, words)
		}
	}
	if spec["description"] != samplePlot().Text() {
		t.Error("the plot in words is not with it")
	}
	p := &Plot{Panels: []Panel{{Layers: []Layer{Text{Words: "two\nlines", Place: End}}}}}
	if m := vegaMarks(vegaOf(t, p), "text"); len(m) != 1 || quoted(m[0].mark["text"]) != `["two","lines"]` || m[0].mark["align"] != "right" {
		t.Errorf("two lines of text are %v", m)
	}
}

func TestVegaAxes(t *testing.T) {
	p := &Plot{ShareX: true, Columns: 1, Panels: []Panel{
		{
			X:      Axis{Label: "arm", Ticks: []Tick{{0, "full"}, {1, "cut and\ngrown"}}},
			Y:      Axis{Label: "loss", Log: true, Min: 1e-4, Max: 1},
			Layers: []Layer{Points{X: []float64{0, 1}, Y: []float64{0.1, 0}}},
		},
		{
			X:      Axis{Label: "arm", Ticks: []Tick{{0, "full"}, {1, "cut and\ngrown"}}},
			Y:      Axis{Ticks: []Tick{{0, "no\nor yes"}, {-1, "maybe"}}},
			Layers: []Layer{Points{X: []float64{0, 1}, Y: []float64{0, -1}}},
		},
	}}
	spec := vegaOf(t, p)
	axes := func(i int, side string) (field, axis object) {
		panel := spec["concat"].([]any)[i].(object)["layer"].([]any)[0].(object)
		field = panel["encoding"].(object)[side].(object)
		return field, field["axis"].(object)
	}
	loss, axis := axes(0, "y")
	if scale := quoted(loss["scale"]); scale != `{"domain":[0.0001,1],"nice":false,"type":"log"}` {
		t.Errorf("the logarithmic axis is %s", scale)
	}
	// Round numbers give way to others where the range is another.
	if values := quoted(axis["values"]); !strings.Contains(values, "domain('p1_y')[0]===0.0001") || !strings.HasSuffix(values, `?[0.0001,0.001,0.01,0.1,1]:null"}`) {
		t.Errorf("its ticks are %s", values)
	}
	if words := axis["labelExpr"].(string); !strings.Contains(words, `["10⁻⁴","10⁻³","10⁻²","10⁻¹","10⁰"][indexof(`) {
		t.Errorf("their labels are %s", words)
	}
	// A value that has no place on the axis is left out.
	if marks := vegaMarks(spec, "point"); quoted(marks[1].rows) != `[{"x":0,"xName":"full","y":0.1},{"x":1,"xName":"cut and grown"}]` {
		t.Errorf("the points are %s", quoted(marks[1].rows))
	}
	if _, upper := axes(0, "x"); upper["labels"] != false || upper["title"] != nil {
		t.Errorf("the upper of two shared axes has words: %v", upper)
	}
	_, lower := axes(1, "x")
	if lower["labels"] != true || lower["title"] != "arm" || quoted(lower["values"]) != "[0,1]" || lower["labelExpr"] != `["full",["cut and","grown"]][indexof([0,1],datum.value)]` {
		t.Errorf("the lower of two shared axes is %v", lower)
	}
	_, named := axes(1, "y")
	if want := `{"expr":"indexof([0],datum.value)\u003c0?0:[-6][indexof([0],datum.value)]"}`; quoted(named["labelOffset"]) != want {
		t.Errorf("labels of several lines are moved by %s, want %s", quoted(named["labelOffset"]), want)
	}
	// What panels share moves together, the rest alone.
	var zooms []string
	for _, param := range spec["params"].([]any) {
		k := param.(object)
		zooms = append(zooms, quoted(k["views"])+quoted(k["select"].(object)["encodings"]))
	}
	if got, want := strings.Join(zooms, " "), `["p1_zoom","p2_zoom"]["x"] ["p1_zoom"]["y"] ["p2_zoom"]["y"]`; got != want {
		t.Errorf("the zooms are %s, want %s", got, want)
	}
}

func TestVegaSize(t *testing.T) {
	p := samplePlot()
	p.Width = DoubleColumn
	l := newLayout(p)
	spec := vegaOf(t, p)
	first, second := spec["concat"].([]any)[0].(object), spec["concat"].([]any)[1].(object)
	wide := first["width"].(float64) + spec["spacing"].(object)["column"].(float64) + second["width"].(float64)
	if want := px(l.panels[1].area.Max.X - l.panels[0].area.Min.X); math.Abs(wide-want) > 0.1 {
		t.Errorf("the panels are %g pixels wide, want %g", wide, want)
	}
	if width, _ := p.Size(); wide > float64(width) {
		t.Errorf("the panels are %g pixels wide, the picture %d", wide, width)
	}
}

// The picture of a grid has its first row at the bottom.
func TestVegaCells(t *testing.T) {
	colours := []Colour{SkyBlue, Orange, Green}
	c := Cells{Columns: 2, Rows: 2, X: [2]float64{0, 1}, Y: [2]float64{0, 1}, Class: []int{0, 1, 2, 0}, Colours: colours}
	m := vegaMarks(vegaOf(t, &Plot{Panels: []Panel{{Layers: []Layer{c}}}}), "image")[0]
	data, _ := strings.CutPrefix(m.encoding["url"].(object)["value"].(string), "data:image/png;base64,")
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for i, class := range c.Class {
		if got := picture.At(i%2, 1-i/2); got != colours[class].rgb() {
			t.Errorf("cell %d is %v, want %v", i, got, colours[class].rgb())
		}
	}
}

func TestVegaInBundle(t *testing.T) {
	bundle, _, _, err := samplePlot().Bundle("")
	if err != nil {
		t.Fatal(err)
	}
	// As in kernel/nf: what the pipe to the kernel does not know breaks it.
	gob.Register(map[string]any{})
	gob.Register([]any{})
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(bundle); err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := gob.NewDecoder(&b).Decode(&back); err != nil {
		t.Fatal(err)
	}
	if got := quoted(back[vegaMIME]); got != quoted(bundle[vegaMIME]) || len(got) < 1000 {
		t.Errorf("the specification arrives as %s", got)
	}
	diagram := &Plot{Title: "The protocol", Diagram: sampleDiagram()}
	if spec, err := diagram.Vega(); spec != nil || err != nil {
		t.Errorf("a diagram has the specification %v (%v)", spec, err)
	}
	if bundle, _, _, err = diagram.Bundle(""); err != nil {
		t.Fatal(err)
	}
	if _, found := bundle[vegaMIME]; found {
		t.Error("a diagram's bundle has a specification")
	}
	if _, err := (&Plot{Title: "empty"}).Vega(); err == nil {
		t.Error("a plot without panels has a specification")
	}
}

// A panel with nothing or one value on it still has axes.
func TestVegaOfLittle(t *testing.T) {
	for _, layers := range [][]Layer{
		nil,
		{Line{X: []float64{1}, Y: []float64{5}, Label: "alone"}},
		{Points{X: []float64{math.NaN()}, Y: []float64{math.Inf(1)}}},
		{Bars{}},
	} {
		vegaOf(t, &Plot{Panels: []Panel{{X: Axis{Label: "x"}, Y: Axis{Label: "y", Log: true}, Layers: layers}}})
	}
}

func TestTidy(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 25: "25", -0.5: "−0.5", 1234567: "1,234,567", 1. / 3: "0.333333", 2e-5: "0.00002"} {
		if got := tidy(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
}
