package protocols

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/protocols/stats"
)

// A claim is robust where it holds under other choices that would have been as
// reasonable (Simonsohn, Simmons and Nelson 2020). A protocol that asks for it
// (Repair.Robust) takes its subjects through the arms of the claim in each of
// some specifications, too; what these share is computed once.

// ClaimID is a claim's number as a parameter: "5.25"; "" is none.
type ClaimID string

// Choice is a parameter that could as well have had other values; the first is
// the run's own.
type Choice struct {
	Parameter string
	Values    []string
}

// Specification has a value for each choice, in the order of the choices.
type Specification []string

// Choices are those of a protocol; where it asks for a claim, those that make a
// difference to the claim's arms. Values are relative to the protocol's own, so
// that a profile has them too.
func Choices(p Protocol) []Choice {
	settings, _ := Settings(p)
	claim, err := claimOf(p, AsksRobust(p))
	asks := err == nil
	var list []Choice
	for _, c := range choices {
		own, has := settings[c.parameter]
		if !has || asks && !matters(p, claim, c.parameter, c.others(own)) {
			continue
		}
		choice := Choice{c.parameter, []string{own}}
		for _, v := range c.others(own) {
			if !slices.Contains(choice.Values, v) {
				choice.Values = append(choice.Values, v)
			}
		}
		list = append(list, choice)
	}
	return list
}

// choices are what an author of the same book could have set otherwise. The
// sparsities are among those that the book tries itself (chapters 1 and 2).
var choices = []struct {
	parameter string
	others    func(own string) []string
}{
	{"PruneSparsity", func(own string) []string {
		return times(own, func(x, by float64) float64 { return 1 - (1-x)*by }, 2, 0.6)
	}},
	{"PruneRule", func(string) []string { return []string{"matrix", "global", "random"} }},
	{"Hidden", otherLayers},
	{"GRUHidden", func(own string) []string { return times(own, product, 0.5) }},
	{"SequenceLength", func(own string) []string { return times(own, product, 0.5) }},
	{"DataSigma", func(own string) []string { return times(own, product, 0.75, 1.25) }},
	{"FinetuneRate", func(own string) []string { return times(own, product, 0.5, 2) }},
	{"SSRIRate", func(own string) []string { return times(own, product, 0.5, 2) }},
}

// matters tells whether one of some values of a parameter gives an arm of a claim
// another subject.
func matters(p Protocol, claim Claim, parameter string, values []string) bool {
	keys := func(values map[string]string) map[Key]bool {
		values["Robust"] = ""
		q, err := With(p, values)
		if err != nil {
			return nil
		}
		all := map[Key]bool{}
		for n, key := range readingKeys(q, p.Cohort()[0]) {
			if n.Arm == claim.Arm || n.Arm == claim.Against {
				all[key] = true
			}
		}
		return all
	}
	own := keys(map[string]string{})
	return slices.ContainsFunc(values, func(v string) bool {
		other := keys(map[string]string{parameter: v})
		return other != nil && !maps.Equal(own, other)
	})
}

func product(x, by float64) float64 { return x * by }

// times is a number changed by factors.
func times(own string, change func(x, by float64) float64, by ...float64) []string {
	x, err := strconv.ParseFloat(own, 64)
	if err != nil {
		return nil
	}
	var list []string
	for _, f := range by {
		list = append(list, Format(math.Round(change(x, f)*1e9)/1e9))
	}
	return list
}

// otherLayers are layers of half the width, without the first, and with it twice.
func otherLayers(own string) []string {
	layers := strings.Split(own, ",")
	half := make([]string, len(layers))
	for i, l := range layers {
		n, _ := strconv.Atoi(l)
		half[i] = strconv.Itoa(max(1, n/2))
	}
	list := []string{strings.Join(half, ",")}
	if len(layers) > 1 {
		list = append(list, strings.Join(layers[1:], ","))
	}
	return append(list, layers[0]+","+own)
}

// leastSpecifications there are, the protocol's own among them; all that change
// one thing are, whatever their number.
const leastSpecifications = 24

// Specifications are the protocol's own, those that change one choice, and others
// drawn from all that there are.
func Specifications(choices []Choice, chapter int) []Specification {
	own := make(Specification, len(choices))
	for i, c := range choices {
		own[i] = c.Values[0]
	}
	list := []Specification{own}
	all := 1
	for i, c := range choices {
		all *= len(c.Values)
		for _, v := range c.Values[1:] {
			s := slices.Clone(own)
			s[i] = v
			list = append(list, s)
		}
	}
	h := fnv.New64a()
	h.Write([]byte("specifications of " + ChapterName(chapter)))
	random := rand.NewPCG(h.Sum64(), 0)
	for len(list) < min(leastSpecifications, all) {
		s := slices.Clone(own)
		for i, c := range choices {
			s[i] = c.Values[random.Uint64()%uint64(len(c.Values))]
		}
		if !slices.ContainsFunc(list, func(t Specification) bool { return slices.Equal(s, t) }) {
			list = append(list, s)
		}
	}
	return list
}

// alternative is a protocol under a specification other than its own.
type alternative struct {
	specification Specification
	protocol      Protocol
	claim         Claim
	suffix        string          // of its arms' names
	arms          map[string]bool // those that the claim takes; nil is all
}

// alternativesKnown are those of settings: a tree a subject, what is derived and
// the curve ask for the same.
var alternativesKnown remembered[[]alternative]

// AsksRobust has the claim that a protocol asks for; "" for none.
func AsksRobust(p Protocol) ClaimID {
	if r, ok := p.(interface{ robust() ClaimID }); ok {
		return r.robust()
	}
	return ""
}

func (r *Repair) robust() ClaimID { return r.Robust }

// checkRobust refuses a claim that the chapter lacks, or that no arm decides.
func checkRobust(p Protocol) error {
	id := AsksRobust(p)
	if id == "" {
		return nil
	}
	claim, err := claimOf(p, id)
	if err != nil {
		return err
	}
	if claim.Needs != "" {
		return badInput("Robust takes a claim that arms of the chapter decide; %s would be decided by %s", id, claim.Needs)
	}
	for _, a := range alternatives(p) {
		if a.protocol == nil {
			return badInput("Robust cannot be asked here: with %s the chapter refuses its own parameters", a.specification.words(Choices(p)))
		}
	}
	return nil
}

func claimOf(p Protocol, id ClaimID) (Claim, error) {
	var known []string
	for _, c := range Claims(p) {
		if c.ID == string(id) {
			return c, nil
		}
		known = append(known, c.ID)
	}
	return Claim{}, badInput("Robust takes a claim of chapter %d (%s), not %s", p.Chapter(), strings.Join(known, ", "), quote(string(id)))
}

// alternatives are the specifications of a protocol but its own; none where it
// asks for no claim.
func alternatives(p Protocol) []alternative {
	id := AsksRobust(p)
	if id == "" {
		return nil
	}
	settings, altered := Settings(p)
	return alternativesKnown.get(settingsID(p, settings, altered), func() []alternative {
		choices := Choices(p)
		var list []alternative
		for _, s := range Specifications(choices, p.Chapter())[1:] {
			values := map[string]string{"Robust": ""}
			for i, c := range choices {
				values[c.Parameter] = s[i]
			}
			a := alternative{specification: s, suffix: " @ " + s.words(choices)}
			if q, err := With(p, values); err == nil {
				a.protocol = q
				a.claim, _ = claimOf(q, id)
				a.arms = armsOfClaim(q, a.claim)
			}
			list = append(list, a)
		}
		return list
	})
}

// words are what a specification sets otherwise than the run: "PruneRule=global".
func (s Specification) words(choices []Choice) string {
	var parts []string
	for i, c := range choices {
		if s[i] != c.Values[0] {
			parts = append(parts, c.Parameter+"="+s[i])
		}
	}
	return strings.Join(parts, "; ")
}

// Plant grows the whole tree of a subject: the chapter's, and the arms of other
// specifications where it asks for them.
func Plant(p Protocol, seed int) *Tree {
	t := p.Plant(seed)
	for _, a := range alternatives(p) {
		graft(t.Root, a.protocol.Plant(seed).Root, func(arm string) (string, bool) {
			return arm + a.suffix, a.arms == nil || a.arms[arm]
		})
	}
	return t
}

// Derive computes further rows from those of the readings, of each specification
// by its own rules.
func Derive(p Protocol, rows []Row) []Row {
	others := alternatives(p)
	if others == nil {
		return p.Derive(rows)
	}
	own, parted := parting(others, rows)
	list := p.Derive(own)
	for i, a := range others {
		for _, r := range a.protocol.Derive(parted[i]) {
			r.Arm += a.suffix
			list = append(list, r)
		}
	}
	return list
}

// parting parts rows by specification, and gives those of others the names that
// they have there.
func parting(others []alternative, rows []Row) (own []Row, parted [][]Row) {
	parted = make([][]Row, len(others))
	for _, r := range rows {
		i := slices.IndexFunc(others, func(a alternative) bool { return strings.HasSuffix(r.Arm, a.suffix) })
		if i < 0 {
			own = append(own, r)
			continue
		}
		r.Arm = strings.TrimSuffix(r.Arm, others[i].suffix)
		parted[i] = append(parted[i], r)
	}
	return own, parted
}

// armsOfClaim are those that a claim takes: its two, where what it compares follows
// from them alone; nil is all.
func armsOfClaim(p Protocol, claim Claim) map[string]bool {
	two := map[string]bool{claim.Arm: true, claim.Against: true}
	seed := p.Cohort()[0]
	var all, alone []Row
	for n := range readingKeys(p, seed) {
		r := standInRow(p, n, seed)
		r.Value += levelsTried[0]
		all = append(all, r)
	}
	sortRows(all)
	for _, r := range all {
		if two[r.Arm] {
			alone = append(alone, r)
		}
	}
	differs := func(rows []Row) (d PairedDifference) {
		defer func() { recover() }() // what is derived may not take such values
		res := Result{Rows: slices.Concat(rows, p.Derive(slices.Clone(rows)))}
		return res.Paired(claim.Contrast)
	}
	if d := differs(alone); d.N == 1 && d.Mean == differs(all).Mean {
		return two
	}
	return nil
}

// graft adds the children of a tree's node to another's: a stage that is there
// already takes the readings. named gives an arm its name, and tells whether it is
// wanted; what leads to no reading is left out.
func graft(to, from *Node, named func(arm string) (string, bool)) {
	for _, c := range from.Children {
		if !wanted(c, named) {
			continue
		}
		at := to.child(c.Stage)
		if at == nil {
			at = to.Then(c.Label, c.Stage)
			at.Number = c.Number
		}
		for _, r := range c.Readings {
			name, wanted := named(r.Arm)
			if !wanted || r.Names == nil {
				continue
			}
			r.Arm, r.Names = name, slices.Clone(r.Names)
			for i := range r.Names {
				r.Names[i].Arm, _ = named(r.Names[i].Arm)
			}
			at.Read(r)
		}
		graft(at, c, named)
	}
}

// wanted tells whether a node or one below it has a reading of an arm that is.
func wanted(n *Node, named func(arm string) (string, bool)) bool {
	for _, r := range n.Readings {
		if _, ok := named(r.Arm); ok && r.Names != nil {
			return true
		}
	}
	return slices.ContainsFunc(n.Children, func(c *Node) bool { return wanted(c, named) })
}

// child is the one of a stage, nil for none.
func (n *Node) child(s Stage) *Node {
	for _, c := range n.Children {
		if c.Stage.Kind() == s.Kind() && string(Canonical(c.Stage)) == string(Canonical(s)) {
			return c
		}
	}
	return nil
}

// Curve is a claim under all specifications.
type Curve struct {
	Claim     Claim
	Choices   []Choice
	Estimates []Estimate // the run's own first
	Median    float64    // of the mean differences
	Share     float64    // of the specifications under which the claim is supported
	// Two-sided p values of a median as far from 0, and of as many specifications
	// with a difference of one sign, were there no difference in any: signs are
	// flipped subject by subject, in all specifications at once. NaN where the
	// claim says that two are the same.
	PMedian, PShare float64
}

// Estimate is the claim under one specification, held against its margin alone.
type Estimate struct {
	Specification Specification
	Finding
	Arm, Against float64 // means of the claim's two sides
}

// Curve is that of the claim that the protocol asks for. A protocol that asks for
// none is a BadInput.
func (r *Result) Curve(p Protocol) (*Curve, error) {
	id := AsksRobust(p)
	if id == "" {
		return nil, badInput("Robust takes the number of a claim, as \"%d.1\": a specification curve is that of one", p.Chapter())
	}
	claim, err := claimOf(p, id)
	if err != nil {
		return nil, err
	}
	c := &Curve{Claim: claim, Choices: Choices(p)}
	others := alternatives(p)
	own, parted := parting(others, r.Rows)
	var differences [][]float64
	one := func(s Specification, rows []Row, claim Claim) {
		res := Result{Rows: rows}
		arm, against := res.pairs(claim.Contrast)
		c.Estimates = append(c.Estimates, Estimate{s, res.Findings([]Claim{claim})[0], stat.Mean(arm, nil), stat.Mean(against, nil)})
		floats.Sub(arm, against)
		differences = append(differences, arm)
	}
	one(Specifications(c.Choices, p.Chapter())[0], own, claim)
	for i, a := range others {
		one(a.specification, parted[i], a.claim)
	}
	c.summarise(differences)
	return c, nil
}

// Tally counts what the specifications come to: "supported in 19, undecided in 5".
func (c *Curve) Tally() string {
	var parts []string
	for _, v := range []Verdict{Supported, Equivalent, Opposite, Undecided} {
		n := 0
		for _, e := range c.Estimates {
			if e.Verdict == v {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s in %d", v, n))
		}
	}
	return strings.Join(parts, ", ")
}

// A Slice is the specifications of a curve that have one value of a choice.
type Slice struct {
	Parameter, Value string
	Supported, Of    int     // how many support the claim, of how many
	Arm, Against     float64 // means of the claim's two sides, over those
}

// Weakest is the choice under which the claim is supported least often, of those
// that several specifications have; nil where it is the same under all.
func (c *Curve) Weakest() *Slice {
	least := c.Share - 1e-9
	var weakest *Slice
	for k, choice := range c.Choices {
		for _, v := range choice.Values {
			part := Slice{Parameter: choice.Parameter, Value: v}
			for _, e := range c.Estimates {
				if e.Specification[k] != v {
					continue
				}
				part.Of++
				part.Arm, part.Against = part.Arm+e.Arm, part.Against+e.Against
				if e.Verdict == Supported {
					part.Supported++
				}
			}
			n := float64(part.Of)
			if share := float64(part.Supported) / n; n > 1 && share < least {
				part.Arm, part.Against = part.Arm/n, part.Against/n
				least, weakest = share, &part
			}
		}
	}
	return weakest
}

// summarise works out what the specifications come to together, of the
// differences of each, subject by subject.
func (c *Curve) summarise(differences [][]float64) {
	means := make([]float64, len(c.Estimates))
	for i, e := range c.Estimates {
		means[i] = e.Difference.Mean
		if e.Verdict == Supported {
			c.Share += 1 / float64(len(means))
		}
	}
	c.Median = stats.Median(means)
	c.PMedian, c.PShare = nan, nan
	if c.Claim.Says != Same {
		c.PMedian, c.PShare = stats.Curve(differences, c.Claim.stream())
	}
}
