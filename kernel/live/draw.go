package live

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
)

// The picture: arms as rows, from above; in each the subjects, their mean, and what the
// book prints. Places across are shares of the width, so that it fits any page; the
// script moves the marks by their data attributes.
const (
	pictureTop  = 44
	rowHeight   = 54
	stripInRow  = 33 // where a row's marks lie, below its words
	pictureFoot = 10
)

// across is where a percentage lies, as a share of the width.
func across(percent float64) string {
	return strconv.FormatFloat(2+0.96*percent, 'f', 3, 64) + "%"
}

// picture draws the values of arms [subjects][arms], in percent.
func picture(arms []Arm, values [][]float64, test Test, label string) string {
	var b strings.Builder
	height := pictureTop + len(arms)*rowHeight + pictureFoot
	fmt.Fprintf(&b, `<svg class="live-picture" role="img" aria-label="%s" height="%d" font-family="'Fragility Sans','Liberation Sans',Arial,sans-serif" font-size="13" fill="#222222">`,
		html.EscapeString(label), height)
	for _, v := range []float64{0, 25, 50, 75, 100} {
		anchor := "middle"
		switch v {
		case 0:
			anchor = "start"
		case 100:
			anchor = "end"
		}
		words, dash := strconv.Itoa(int(v)), ""
		switch v {
		case 100:
			words += " %"
		case 25:
			dash = ` stroke-dasharray="4 3"`
			fmt.Fprintf(&b, `<text x="%s" y="30" text-anchor="middle" font-size="11" fill="#5f5f5f">chance</text>`, across(v))
		}
		fmt.Fprintf(&b, `<text x="%s" y="15" text-anchor="%s" font-size="11.5" fill="#5f5f5f">%s</text>`, across(v), anchor, words)
		fmt.Fprintf(&b, `<line x1="%s" x2="%[1]s" y1="36" y2="%d" stroke="#d9d9d9"%s/>`, across(v), height-4, dash)
	}
	fmt.Fprintf(&b, `<text x="2%%" y="30" font-size="11" fill="#5f5f5f">accuracy</text>`)
	strip := func(a int) int { return pictureTop + a*rowHeight + stripInRow }
	for a := range arms {
		fmt.Fprintf(&b, `<line x1="2%%" x2="98%%" y1="%d" y2="%[1]d" stroke="#e6e6e6"/>`, strip(a))
	}
	for s := range values {
		for a := range len(arms) - 1 {
			fmt.Fprintf(&b, `<line data-line="%d,%d" x1="%s" y1="%d" x2="%s" y2="%d" stroke="#9a9a9a" stroke-width="0.8"/>`,
				s, a, across(values[s][a]), strip(a), across(values[s][a+1]), strip(a+1))
		}
	}
	for a, arm := range arms {
		mean := meanOf(values, a)
		// A white edge keeps words clear of the lines.
		fmt.Fprintf(&b, `<text x="2%%" y="%d" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">%s</text>`, strip(a)-15, html.EscapeString(arm.Words))
		fmt.Fprintf(&b, `<text data-value="%d" x="98%%" y="%d" text-anchor="end" font-weight="bold" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">%.1f %%</text>`, a, strip(a)-15, mean)
		for s := range values {
			fmt.Fprintf(&b, `<circle data-dot="%d,%d" cx="%s" cy="%d" r="4.5" fill="%s" fill-opacity="0.55" stroke="#fff" stroke-width="0.8"/>`, s, a, across(values[s][a]), strip(a), arm.Colour)
		}
		fmt.Fprintf(&b, `<line data-mean="%d" x1="%s" x2="%[2]s" y1="%d" y2="%d" stroke="%s" stroke-width="3"/>`, a, across(mean), strip(a)-9, strip(a)+9, arm.Colour)
		visible, at := "hidden", 0.0
		if book, ok := arm.Book[test.Name]; ok {
			visible, at = "visible", book
		}
		fmt.Fprintf(&b, `<svg data-book="%d" x="%s" y="%d" visibility="%s" overflow="visible"><path d="M0-6.5 5.5 0 0 6.5-5.5 0Z" fill="#fff" fill-opacity="0.6" stroke="#222222" stroke-width="1.5"/></svg>`, a, across(at), strip(a), visible)
	}
	return b.String() + "</svg>"
}

// meanOf is the mean of an arm over the subjects.
func meanOf(values [][]float64, arm int) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v[arm]
	}
	return sum / float64(len(values))
}

// valuesAt are the stored readings of a test, [subjects][arms] in percent; false where
// one is missing.
func (d *Data) valuesAt(t Test) (values [][]float64, ok bool) {
	for _, i := range d.Subjects {
		var row []float64
		for _, state := range i.Arms {
			at := slices.IndexFunc(i.Readings, func(r Check) bool { return r.State == state && r.Conditions == t.Conditions })
			if at < 0 {
				return nil, false
			}
			row = append(row, 100*float64(i.Readings[at].Right)/float64(d.Sets[t.Set].Samples))
		}
		values = append(values, row)
	}
	return values, true
}
