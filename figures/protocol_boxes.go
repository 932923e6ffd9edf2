package figures

import (
	"fmt"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
)

// boxes draws the tree and, after it, what its arms share.
func (c *cast) boxes(first, shared []*step) chart.Diagram {
	at := armEnds(first)
	var ends []string // every arm of the tree
	walkSteps(first, func(s *step) { ends = addOnce(ends, at[s]...) })
	var d chart.Diagram
	for _, s := range first {
		d = append(d, c.box(s, at))
	}
	for _, s := range shared {
		b := chart.Box{Label: "then, in each of", Sub: c.list(s.shared)}
		switch rest := slices.DeleteFunc(slices.Clone(ends), func(a string) bool { return slices.Contains(s.shared, a) }); {
		case len(rest) == 0:
			b.Label, b.Sub = "then, in every arm", ""
		case len(c.wordsOf(rest)) < len(c.wordsOf(s.shared)):
			b.Label, b.Sub = "then, in all but", c.list(rest)
		}
		for _, k := range s.next {
			b.Next = append(b.Next, tagged(c.box(k, nil), k))
		}
		b.Ours = !slices.ContainsFunc(s.next, (*step).ofBook)
		d = append(d, b)
	}
	return d
}

// tagged says what is measured in boxes, which are those from s on.
func tagged(b chart.Box, s *step) chart.Box {
	b.Tags = s.tests
	for i, k := range s.next {
		b.Next[i] = tagged(b.Next[i], k)
	}
	return b
}

// list names arms, of many the first and the last.
func (c *cast) list(arms []string) string {
	const most = 8
	if n := len(arms); n > most {
		return fmt.Sprintf("%s; …; %s (%d arms)", c.word(arms[0]), c.word(arms[n-1]), n)
	}
	return c.wordsOf(arms)
}

func (c *cast) wordsOf(arms []string) string {
	var words []string
	for _, a := range arms {
		words = append(words, c.word(a))
	}
	return strings.Join(together(words), "; ")
}

// armEnds says at which step the name of each arm stands: at its last one, or
// where it has several of those, at the one where it is measured first.
func armEnds(first []*step) map[*step][]string {
	home, last := map[string]*step{}, map[string][]*step{}
	var order []string
	walkSteps(first, func(s *step) {
		for _, a := range s.arms {
			if home[a] == nil {
				home[a] = s
				order = append(order, a)
			}
			further := func(k *step) bool { return slices.Contains(k.subtreeArms(), a) }
			if !slices.ContainsFunc(s.next, further) {
				last[a] = append(last[a], s)
			}
		}
	})
	at := map[*step][]string{}
	for _, a := range order {
		s := home[a]
		if len(last[a]) == 1 {
			s = last[a][0]
		}
		at[s] = append(at[s], a)
	}
	return at
}

// box draws a step and what follows. An arm of ours may end at a box of the
// book.
func (c *cast) box(s *step, at map[*step][]string) chart.Box {
	b := chart.Box{Label: s.label, Sub: s.sub(), Times: s.times, Ours: s.ours()}
	for _, k := range s.next {
		b.Next = append(b.Next, c.box(k, at))
	}
	var book, our []string
	ends := slices.Clone(at[s])
	slices.SortStableFunc(ends, func(a, b string) int { return c.rank[a] - c.rank[b] })
	for _, a := range ends {
		if c.oursArms[a] {
			our = append(our, a)
		} else {
			book = append(book, a)
		}
	}
	var last []chart.Box
	if book != nil {
		last = append(last, chart.Box{Arm: c.list(book)})
	}
	if our != nil {
		last = append(last, chart.Box{Arm: c.list(our), Ours: true})
	}
	if len(last) == 1 && len(b.Next) == 0 && last[0].Ours == b.Ours {
		b.Arm = last[0].Arm
		return b
	}
	b.Next = append(last, b.Next...)
	return b
}
