package chart

import (
	"fmt"
	"strings"
)

// Text describes the plot in words, for a terminal and for those who do not
// see it: the title, what the panels show, and the caption.
func (p *Plot) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Figure: %s.", strings.TrimSuffix(p.Title, "."))
	if p.Diagram != nil {
		b.WriteString(" It shows these stages, what follows one further in:\n" + p.Diagram.Text())
		return strings.TrimSpace(b.String() + p.Caption)
	}
	if len(p.Panels) == 1 {
		if axes := p.Panels[0].axes(); axes != "" {
			fmt.Fprintf(&b, " It shows %s.", axes)
		}
	} else if len(p.Panels) > 1 {
		fmt.Fprintf(&b, " %d panels:", len(p.Panels))
		for i, panel := range p.Panels {
			if i > 0 {
				b.WriteString(";")
			}
			fmt.Fprintf(&b, " (%c) %s", 'a'+i, strings.Join(strings.Fields(panel.Title), " "))
		}
		b.WriteString(".")
		if axes := p.Panels[0].axes(); axes != "" {
			fmt.Fprintf(&b, " Each shows %s.", axes)
		}
	}
	if p.Caption != "" {
		b.WriteString(" " + p.Caption)
	}
	return b.String()
}

// axes says what is drawn against what.
func (p Panel) axes() string {
	name := func(a Axis) string {
		if a.Log {
			return a.Label + ", on a logarithmic scale,"
		}
		return a.Label
	}
	for _, l := range p.Layers {
		if k, ok := l.(worded); ok {
			return k.words(p.X.Label, p.Y.Label)
		}
	}
	switch {
	case p.X.Label != "" && p.Y.Label != "":
		return strings.TrimSuffix(name(p.Y)+" against "+name(p.X), ",")
	case p.Y.Label != "":
		return strings.TrimSuffix(name(p.Y), ",")
	}
	return ""
}
