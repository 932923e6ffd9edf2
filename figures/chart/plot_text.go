package chart

import (
	"fmt"
	"strings"

	"github.com/network-fragility/fragility/figures/words"
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
	shows := make([]string, len(p.Panels))
	ranges := make([]string, len(p.Panels))
	alike := true
	for i, panel := range p.Panels {
		shows[i], ranges[i] = panel.axes()
		silent := panel.Y.Label == "" && panel.Y.Ticks == nil // its axis is that of the first, which has the label
		alike = alike && (shows[i] == shows[0] || silent)
	}
	if len(p.Panels) == 1 {
		if shows[0] != "" {
			fmt.Fprintf(&b, " It shows %s.", words.Join(shows[0], ranges[0]))
		}
	} else if len(p.Panels) > 1 {
		fmt.Fprintf(&b, " %d panels:", len(p.Panels))
		for i, panel := range p.Panels {
			if i > 0 {
				b.WriteString(";")
			}
			fmt.Fprintf(&b, " (%c) %s", 'a'+i, strings.Join(strings.Fields(panel.Title), " "))
			own := ranges[i]
			if !alike {
				own = words.Join(shows[i], own)
			}
			if own != "" {
				b.WriteString(": " + own)
			}
		}
		b.WriteString(".")
		if alike && shows[0] != "" {
			fmt.Fprintf(&b, " Each shows %s.", strings.TrimSuffix(shows[0], ","))
		}
	}
	if p.Caption != "" {
		b.WriteString(" " + p.Caption)
	}
	return b.String()
}

// axes says what is drawn against what, and from where to where in words that are not
// those of an axis.
func (p Panel) axes() (shown, ranges string) {
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
		return strings.TrimSuffix(name(p.Y)+" against "+name(p.X), ","), ""
	case p.Y.Label != "":
		return strings.TrimSuffix(name(p.Y), ","), ""
	}
	return "", ""
}
