package figures

import (
	"fmt"
	"slices"
	"strings"
)

// addOnce appends what is not in the list yet.
func addOnce(list []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// size is how many steps there are from s on.
func (s *step) size() int {
	n := 1
	for _, k := range s.next {
		n += k.size()
	}
	return n
}

// subtreeArms are the arms that are measured from s on.
func (s *step) subtreeArms() []string {
	arms := slices.Clone(s.arms)
	for _, k := range s.next {
		arms = addOnce(arms, k.subtreeArms()...)
	}
	return arms
}

// ours reports whether the book measures nothing from s on, and we do.
func (s *step) ours() bool { return len(s.subtreeArms()) > 0 && !s.ofBook() }

func (s *step) ofBook() bool { return s.book || slices.ContainsFunc(s.next, (*step).ofBook) }

// merge makes one of steps of one form: each number becomes what tell makes of
// its values.
func merge(list []*step, tell func([]string) string) *step {
	m := *list[0]
	m.next = nil
	numbers := m.numbers()
	for i := range numbers {
		var values []string
		for _, s := range list {
			values = append(values, s.numbers()[i])
		}
		if len(addOnce(nil, values...)) > 1 {
			numbers[i] = tell(values)
		}
	}
	m.lines = m.withNumbers(numbers)
	for _, s := range list {
		m.take(s)
	}
	for k := range list[0].next {
		var below []*step
		for _, s := range list {
			below = append(below, s.next[k])
		}
		m.next = append(m.next, merge(below, tell))
	}
	return &m
}

// take adds to s what is measured after k.
func (s *step) take(k *step) {
	s.arms, s.home, s.tests = addOnce(s.arms, k.arms...), addOnce(s.home, k.home...), addOnce(s.tests, k.tests...)
	s.book = s.book || k.book
}

// each lists values, each once; of many the first and the last.
func each(values []string) string {
	const most = 9
	values = addOnce(nil, values...)
	if len(values) > most {
		values = append(values[:2:2], "…", values[len(values)-1])
	}
	return strings.Join(values, ", ")
}

// inOrder lists values one for one.
func inOrder(values []string) string { return strings.Join(values, ", ") }

// fromTo tells a course by its ends.
func fromTo(values []string) string { return values[0] + " to " + values[len(values)-1] }

// mergeBelow merges, everywhere below s, branches that differ in one number, or
// in several of which they have every combination. Ours and the book's stay
// apart.
func (c *cast) mergeBelow(s *step) {
	for _, k := range s.next {
		c.mergeBelow(k)
	}
	group := map[string][]*step{}
	key := func(k *step) string { return fmt.Sprint(k.ours(), len(k.arms) > 0, k.form()) }
	for _, k := range s.next {
		group[key(k)] = append(group[key(k)], k)
	}
	var next []*step
	for _, k := range s.next {
		list := group[key(k)]
		switch {
		case len(list) == 1 || !grid(list):
			next = append(next, k)
		case k == list[0]:
			next = append(next, merge(list, each))
		}
	}
	s.next = next
}

// grid reports whether steps of one form have every combination of their
// numbers.
func grid(list []*step) bool {
	combinations := 1
	for _, v := range columns(list) {
		combinations *= len(addOnce(nil, v...))
	}
	return combinations == len(list)
}

// columns are the values of each number of steps of one form.
func columns(list []*step) [][]string {
	values := make([][]string, len(list[0].numbersIn()))
	for _, s := range list {
		for i, v := range s.numbersIn() {
			values[i] = append(values[i], v)
		}
	}
	return values
}

// foldBelow makes one step of what a chain from s on does several times. Where
// an arm is measured that goes on, the chain ends: what follows is another
// matter than what led there.
func foldBelow(s *step) {
	goesOn := func(k *step) bool {
		return len(k.next) == 1 && slices.ContainsFunc(k.next[0].subtreeArms(), func(a string) bool { return slices.Contains(k.home, a) })
	}
	chain := []*step{s}
	for last := s; len(last.next) == 1 && !goesOn(last); {
		last = last.next[0]
		chain = append(chain, last)
	}
	for _, k := range chain[len(chain)-1].next {
		foldBelow(k)
	}
	for {
		from, period, times := loop(chain)
		if times < 2 {
			break
		}
		folded := foldLoop(chain[from:from+period*times], period)
		if from > 0 {
			chain[from-1].next = []*step{folded}
			chain = slices.Concat(chain[:from], []*step{folded}, chain[from+period*times:])
			continue
		}
		*s = *folded // what points at s sees the change
		chain = append([]*step{s}, chain[period*times:]...)
	}
}

// loop finds the repetition that takes up most of a chain; of equal ones that
// with the shortest period, and of those the last, since what comes before
// differs from what follows as often as not.
func loop(chain []*step) (from, period, times int) {
	same := func(a, b *step) bool { return a.times < 2 && b.times < 2 && a.ownForm() == b.ownForm() }
	most := 0
	for p := 1; p <= len(chain)/2; p++ {
		for f := 0; f+2*p <= len(chain); f++ {
			n := p
			for f+n < len(chain) && same(chain[f+n-p], chain[f+n]) {
				n++
			}
			if t := n / p; t >= 2 && (t*p > most || t*p == most && p == period) {
				from, period, times, most = f, p, t, t*p
			}
		}
	}
	return from, period, times
}

// foldLoop makes one step of a repetition. What follows it stays.
func foldLoop(list []*step, period int) *step {
	last := list[len(list)-1]
	s := &step{times: len(list) / period, joined: true, next: last.next}
	var labels []string
	for i := range period {
		var alike []*step
		for k := i; k < len(list); k += period {
			alone := *list[k]
			alone.next = nil
			alike = append(alike, &alone)
		}
		m := merge(alike, fromTo)
		labels, s.lines = append(labels, m.label), append(s.lines, m.lines...)
		s.take(m)
	}
	s.label = strings.Join(labels, ", ")
	return s
}

// share takes out of the tree what three arms or more go through alike after
// they are measured, and returns it: each a tree of its own after a step that
// names the arms. Where the way is long it may differ in one number, which is
// then listed in the order of the arms.
func (c *cast) share(first []*step) []*step {
	type place struct{ parent, child *step }
	var found []*step
	for {
		var groups [][]place
		known := map[string]int{}
		walkSteps(first, func(s *step) {
			for _, k := range s.next {
				arms := k.subtreeArms()
				if len(arms) == 0 || !containsAll(s.home, arms) {
					continue
				}
				key := k.form()
				if k.size() < 3 { // as quickly drawn as explained
					key += strings.Join(k.numbersIn(), " ")
				}
				if _, ok := known[key]; !ok {
					known[key] = len(groups)
					groups = append(groups, nil)
				}
				groups[known[key]] = append(groups[known[key]], place{s, k})
			}
		})
		done := true
		for _, g := range groups {
			var alike []*step
			for _, at := range g {
				alike = append(alike, at.child)
			}
			differing := 0
			for _, v := range columns(alike) {
				if len(addOnce(nil, v...)) > 1 {
					differing++
				}
			}
			if len(g) < 3 || differing > 1 {
				continue
			}
			m := merge(alike, inOrder)
			for _, at := range g {
				at.parent.next = slices.DeleteFunc(at.parent.next, func(k *step) bool { return k == at.child })
			}
			found = append(found, &step{shared: m.subtreeArms(), next: []*step{m}})
			done = false
			break // the rest has changed
		}
		if done {
			return joinShared(found)
		}
	}
}

// joinShared puts what the same arms share behind one step.
func joinShared(list []*step) []*step {
	var joined []*step
	for _, s := range list {
		i := slices.IndexFunc(joined, func(j *step) bool { return slices.Equal(j.shared, s.shared) })
		if i < 0 {
			joined = append(joined, s)
			continue
		}
		joined[i].next = append(joined[i].next, s.next...)
	}
	return joined
}

// mostColumns of boxes fit the page.
const mostColumns = 5

func depthBelow(s *step) int {
	most := 0
	for _, k := range s.next {
		most = max(most, depthBelow(k))
	}
	return 1 + most
}

// joinBelow makes one step of steps from s on that follow each other with
// nothing measured between them.
func joinBelow(s *step) {
	for len(s.next) == 1 && len(s.arms) == 0 && s.times < 2 && s.next[0].times < 2 {
		k := s.next[0]
		lines := s.withNumbers(s.numbers())
		if len(lines) > 0 {
			if first := &lines[0][0]; first.name == "" && first.unit == "" && len(first.values) == 1 {
				first.name = s.label // the dial that the label names
			}
		}
		s.label, s.lines, s.joined, s.next = s.label+", "+k.label, append(lines, k.lines...), true, k.next
		s.take(k)
	}
	for _, k := range s.next {
		joinBelow(k)
	}
}

func containsAll(list, parts []string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(list, p) })
}

// walkSteps calls f on every step, those that come first first.
func walkSteps(list []*step, f func(*step)) {
	for _, s := range list {
		f(s)
		walkSteps(s.next, f)
	}
}
