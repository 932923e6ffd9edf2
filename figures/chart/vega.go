package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/network-fragility/fragility/figures/words"
)

// vegaMIME is the newest form of Vega-Lite that JupyterLab 4 takes.
const vegaMIME = "application/vnd.vegalite.v5+json"

// object is an object of a specification in JSON. Its values are objects,
// []any, string, float64, bool and nil alone, which every way to the notebook
// knows.
type object = map[string]any

// Vega renders the plot as a Vega-Lite specification, which a front end draws
// itself: a mark tells its numbers under the pointer, a drag moves a panel, the
// wheel with Ctrl, or a pinch, zooms it, and a double click puts it back. The
// wheel alone is left to the page. It looks as the SVG does and has its data
// within itself, to seven digits. A diagram has no such form and gives nil.
func (p *Plot) Vega() (map[string]any, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if p.Diagram != nil {
		return nil, nil
	}
	l := newLayout(p)
	var panels []any
	for i := range l.panels {
		panels = append(panels, l.vegaPanel(i))
	}
	first := panels[0].(object)
	first["layer"] = append(first["layer"].([]any), l.vegaTop()...)
	across, down := l.vegaSpacing()
	return object{
		"$schema":     "https://vega.github.io/schema/vega-lite/v5.json",
		"description": p.Text(),
		"background":  "#FFFFFF",
		"padding":     px(edge),
		"data":        object{"values": []any{object{}}}, // marks that stand on the page are drawn once
		"params":      l.vegaZoom(),
		"concat":      panels,
		"columns":     float64(p.columns()),
		"spacing":     object{"column": px(across), "row": px(down)},
		"bounds":      "flush", // places panels by their data areas: words that come or go move nothing
		"config":      vegaConfig(),
		// The menu that JupyterLab adds has what stays on the machine. Words that are
		// drawn before their font is there are drawn anew in SVG, and would stay on a canvas.
		"usermeta": object{"embedOptions": object{"renderer": "svg", "actions": object{"export": true, "source": true, "compiled": false, "editor": false}}},
	}, nil
}

// vegaConfig is the look of what all plots have.
func vegaConfig() object {
	return object{
		"font": families,
		"view": object{"stroke": nil},
		"text": object{"fontSize": px(smallSize), "lineHeight": px(1.2 * smallSize), "color": string(Ink)},
		"axis": object{
			"grid":        false,
			"domainColor": string(Ink), "domainWidth": px(axisWidth), "domainCap": "square",
			"tickColor": string(Ink), "tickWidth": px(axisWidth), "tickSize": px(tickLength), "tickRound": false,
			"labelColor": string(Ink), "labelFontSize": px(smallSize), "labelLineHeight": px(1.2 * smallSize),
			"labelPadding": px(tickGap), "labelLimit": 0.0, "labelFlush": false,
			"titleColor": string(Ink), "titleFontSize": px(labelSize), "titleFontWeight": "normal",
			"titlePadding": px(labelGap), "titleLimit": 0.0,
		},
	}
}

// vegaSpacing is the room between data areas beside and below each other: as
// much as the widest words between them need.
func (l *layout) vegaSpacing() (across, down vg.Length) {
	columns := l.plot.columns()
	for i, c := range l.panels {
		if l.column(i)+1 < columns && i+1 < len(l.panels) {
			across = max(across, l.panels[i+1].area.Min.X-c.area.Max.X)
		}
		if !l.bottom(i) {
			down = max(down, c.area.Min.Y-l.panels[i+columns].area.Max.Y)
		}
	}
	return across, down
}

// vegaZoom ties the ranges of the axes to drags and the wheel: those that
// panels share move together.
func (l *layout) vegaZoom() []any {
	var list []any
	add := func(axis string, shared bool) {
		var names []any
		for i := range l.panels {
			names = append(names, vegaName(i)+"_zoom")
			if shared && i+1 < len(l.panels) {
				continue
			}
			list = append(list, object{
				"name":   fmt.Sprintf("%s_%s_zoom", vegaName(i), axis),
				"views":  names,
				"select": object{"type": "interval", "encodings": []any{axis}, "zoom": "wheel![event.ctrlKey || event.metaKey]"},
				"bind":   "scales",
			})
			names = nil
		}
	}
	add("x", l.plot.ShareX)
	add("y", l.plot.ShareY)
	return list
}

// vegaName is the name of the i-th panel in the specification; its scales are
// called after it.
func vegaName(i int) string { return "p" + strconv.Itoa(i+1) }

// vegaView is the data area of a panel in a specification.
type vegaView struct {
	*frame
	name           string
	xLabel, yLabel string             // what the axes show; "" where nobody says so
	xNames, yNames map[float64]string // of places that an axis gives in words
}

func (l *layout) vegaPanel(i int) object {
	c := l.panels[i]
	v := &vegaView{
		frame: &frame{page: l.page, area: c.area, x: c.x, y: c.y},
		name:  vegaName(i),
	}
	v.xLabel, v.yLabel = l.axisLabels(i)
	xTicks, yTicks := l.namedTicks(c)
	v.xNames, v.yNames = tickNames(xTicks), tickNames(yTicks)
	// The first mark is not seen: it holds the axes where nothing is drawn, and
	// the zoom needs one view of its own.
	marks := []any{object{
		"name": v.name + "_zoom",
		"data": object{"values": []any{object{"x": c.x.vega(c.x.min), "y": c.y.vega(c.y.min)}}},
		"mark": object{"type": "point", "opacity": 0.0, "size": 0.0},
	}}
	for _, layer := range c.marks() {
		marks = append(marks, layer.vega(v)...)
	}
	marks = append(marks, l.vegaEndings(v, c.endings)...)
	size := c.area.Size()
	return object{
		"name":   v.name,
		"width":  px(size.X),
		"height": px(size.Y),
		"layer": append([]any{object{
			"encoding": object{"x": l.vegaX(i, v), "y": l.vegaY(i, v)}, // of all marks, but for what they change
			"layer":    marks,
		}}, l.vegaHead(c)...),
	}
}

// axisLabels are the labels of the i-th panel's axes, or those of the outer
// panels in its column and row.
func (l *layout) axisLabels(i int) (x, y string) {
	x, y = l.panels[i].X.Label, l.panels[i].Y.Label
	for k, c := range l.panels {
		if x == "" && l.column(k) == l.column(i) && l.bottom(k) {
			x = c.X.Label
		}
		if y == "" && l.row(k) == l.row(i) && l.column(k) == 0 {
			y = c.Y.Label
		}
	}
	if x == y && x != "" {
		x, y = x+", across", y+", up"
	}
	return words.Flat(x), words.Flat(y)
}

// tickNames are the labels of ticks that say more than the number of the place.
func tickNames(ticks []Tick) map[float64]string {
	names := map[float64]string{}
	for _, t := range ticks {
		if !t.plain() {
			names[0+t.At] = words.Flat(plainWords(t.Label))
		}
	}
	return names
}

// plain reports whether a tick's label is the number of its place.
func (t Tick) plain() bool {
	v, err := strconv.ParseFloat(strings.NewReplacer("−", "-", ",", "").Replace(t.Label), 64)
	return err == nil && v == t.At
}

// vega is a number along an axis, nil for what has no place on it.
func (s scale) vega(at float64) any {
	if s.log && at <= 0 {
		return nil
	}
	return vegaNumber(at)
}

// vegaNumber is a number to seven digits: more than the eye and a tooltip take,
// and half as long as all of them. What is no number is nil.
func vegaNumber(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 7, 64), 64)
	if err != nil {
		return v // rounded up, the largest numbers would not be finite
	}
	return 0 + short
}

// inside is an expression that holds for a datum within the ranges that the
// axes show.
func (v *vegaView) inside() string {
	return fmt.Sprintf("inrange(datum.x,domain('%s_x'))&&inrange(datum.y,domain('%[1]s_y'))", v.name)
}

// shownWhere is the opacity of a mark that may reach over the data area and is
// there where an expression holds.
func shownWhere(test string) object { return object{"expr": test + "?1:0"} }

// px is a length on the page in pixels of a screen, 96 to the inch, as in Size.
func px(l vg.Length) float64 { return math.Round(l.Points()*96/72*100) / 100 }

// vegaStroke is a line of a mark of this kind. A solid one has no pattern, not an
// empty one: empty lists are lost on the way to the notebook.
func vegaStroke(kind string, c Colour, width vg.Length, d Dash) object {
	mark := object{"type": kind, "clip": true, "opacity": 1.0, "color": string(c), "strokeWidth": px(width)}
	if d != Solid {
		var pattern []any
		for _, l := range d.pattern() {
			pattern = append(pattern, px(l))
		}
		mark["strokeDash"] = pattern
	}
	return mark
}

// quoted is a value as part of an expression.
func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // words and finite numbers always have a form
	}
	return string(b)
}
