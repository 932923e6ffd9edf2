package chart

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// vegaX is the lower axis of the i-th panel, with its scale.
func (l *layout) vegaX(i int, v *vegaView) object {
	c := l.panels[i]
	named := !l.plot.ShareX || l.bottom(i)
	axis := vegaAxis(v.name+"_x", c.x, c.xTicks, named, c.X.Label, c.below)
	if c.upright {
		axis["labelAngle"] = -90.0
		axis["labelAlign"] = "right"
		axis["labelBaseline"] = "middle"
		axis["labelOffset"] = labelOffset(c.xTicks)
	} else {
		axis["labelAngle"] = 0.0
	}
	return object{"field": "x", "type": "quantitative", "scale": c.x.vegaScale(), "axis": axis}
}

// vegaY is the left axis.
func (l *layout) vegaY(i int, v *vegaView) object {
	c := l.panels[i]
	named := !l.plot.ShareY || l.column(i) == 0
	axis := vegaAxis(v.name+"_y", c.y, c.yTicks, named, c.Y.Label, c.left)
	axis["labelOffset"] = labelOffset(c.yTicks)
	return object{"field": "y", "type": "quantitative", "scale": c.y.vegaScale(), "axis": axis}
}

func (s scale) vegaScale() object {
	kind := "linear"
	if s.log {
		kind = "log"
	}
	return object{"type": kind, "domain": []any{s.vega(s.min), s.vega(s.max)}, "nice": false}
}

// vegaAxis is an axis of a scale, with the ticks of the plot and so much room
// beside the data area. Where they are numbers, others take their place while
// another range is shown.
func vegaAxis(scaleName string, s scale, ticks []Tick, named bool, label string, room vg.Length) object {
	ticks = slices.DeleteFunc(slices.Clone(ticks), func(t Tick) bool { return !s.holds(t.At) })
	at, labels := []any{}, []any{}
	for _, t := range ticks {
		at = append(at, s.vega(t.At))
		labels = append(labels, vegaLines(t.Label))
	}
	index := fmt.Sprintf("indexof(%s,datum.value)", quoted(at))
	axis := object{"title": nil, "labels": named, "zindex": 1.0}
	words := fmt.Sprintf("%s[%s]", quoted(labels), index)
	switch {
	case len(ticks) == 0:
		axis["ticks"], axis["labels"] = false, false
	case slices.ContainsFunc(ticks, func(t Tick) bool { return !t.plain() && !s.log }):
		axis["values"] = at
	default:
		home := fmt.Sprintf("domain('%[1]s')[0]===%[2]s&&domain('%[1]s')[1]===%[3]s",
			scaleName, quoted(s.vega(s.min)), quoted(s.vega(s.max)))
		axis["values"] = object{"expr": fmt.Sprintf("%s?%s:null", home, quoted(at))}
		axis["tickCount"] = float64(len(ticks))
		others := "datum.label"
		if slices.ContainsFunc(ticks, func(t Tick) bool { return strings.Contains(t.Label, "^{") }) {
			others = "format(datum.value,'~e')" // powers of ten, in one form
		}
		words = fmt.Sprintf("%s?%s:%s", home, words, others)
	}
	if named {
		axis["labelExpr"], axis["labelOverlap"] = words, false
		if label != "" {
			axis["title"] = plainWords(label)
			letters := newLettering(labelSize, Ink)
			room -= labelGap + capHeight(letters) + descent(letters)
		}
		axis["minExtent"] = px(room) // where the title stands in a column or row
	}
	return axis
}

// labelOffset moves labels of several lines, which start at the middle of their
// tick, by half of what follows the first.
func labelOffset(ticks []Tick) any {
	var at, offsets []any
	for _, t := range ticks {
		if n := strings.Count(t.Label, "\n"); n > 0 {
			at = append(at, vegaNumber(t.At))
			offsets = append(offsets, -px(vg.Length(n)*lineHeight(newLettering(smallSize, Ink))/2))
		}
	}
	if at == nil {
		return 0.0
	}
	index := fmt.Sprintf("indexof(%s,datum.value)", quoted(at))
	return object{"expr": fmt.Sprintf("%[1]s<0?0:%[2]s[%[1]s]", index, quoted(offsets))}
}
