package protocols

import (
	"fmt"
	"strings"
)

// Entry is what one name of a chapter's long table means.
type Entry struct{ Kind, Name, Unit, Meaning string }

// Dictionary says what every name in a chapter's long table means: its columns,
// and each arm, condition and metric; and the parameters. An arm is explained by
// the stages that lead to where it is first measured, a metric by its probe; what
// is worked out from others says so.
func Dictionary(p Protocol) []Entry {
	list := []Entry{
		{"column", "chapter", "", "of the book"},
		{"column", "arm", "", "the treatment, or the state before any"},
		{"column", "condition", "", "under which it was measured; empty for most"},
		{"column", "metric", "", "what was measured"},
		{"column", "seed", "", "the subject; all for a figure of the whole cohort"},
		{"column", "value", "", "in the metric's unit"},
		{"statistic", "SD", "", "standard deviation over subjects, with division by n - 1; the book's, in columns of published figures, divides by n"},
	}
	words := map[string]map[string]string{"arm": {}, "metric": {}}
	for _, l := range p.Tables() {
		for kind, headings := range map[string][]Heading{"arm": l.Arms, "metric": l.Metrics} {
			for _, h := range headings {
				if words[kind][h.Name] == "" {
					words[kind][h.Name] = h.Words
				}
			}
		}
	}
	byKind := map[string][]Entry{}
	said := map[[2]string]bool{}
	say := func(kind, name, unit, meaning string) {
		if name == "" || said[[2]string{kind, name}] {
			return
		}
		said[[2]string{kind, name}] = true
		w := words[kind][name]
		if w == "" && kind == "metric" {
			w = Spoken(name)
		}
		if w != "" {
			meaning = w + ": " + meaning
		}
		byKind[kind] = append(byKind[kind], Entry{kind, name, unit, strings.TrimSpace(meaning)})
	}
	var rows []Row
	cohort := p.Cohort()
	Plant(p, cohort[0]).Walk(func(n *Node) {
		for _, r := range n.Readings {
			for i, name := range r.Names {
				unit, meaning := explain(r.Probe, i)
				say("arm", name.Arm, "", "after "+pathOf(n))
				say("condition", name.Condition, "", "as first in "+name.Arm+": "+meaning)
				say("metric", name.Metric, unit, meaning)
				for _, seed := range cohort[:min(2, len(cohort))] {
					rows = append(rows, Row{Chapter: p.Chapter(), Arm: name.Arm, Condition: name.Condition, Metric: name.Metric, Seed: fmt.Sprint(seed), Value: 50})
				}
			}
		}
	})
	for _, r := range Derive(p, rows) {
		say("arm", r.Arm, "", "worked out from other arms")
		say("condition", r.Condition, "", workedOut)
		unit, meaning, ok := derivedUnit(r.Metric)
		if !ok {
			meaning = workedOut
		}
		say("metric", r.Metric, unit, meaning)
	}
	for _, kind := range []string{"arm", "condition", "metric"} {
		list = append(list, byKind[kind]...)
	}
	for _, q := range Parameters(p) {
		list = append(list, Entry{"parameter", q.Name, q.Unit, q.Meaning})
	}
	return list
}

// workedOut is all that is known of a derived name which nothing explains.
const workedOut = "worked out from other rows"

// pathOf is the stages that lead to a node.
func pathOf(n *Node) string {
	var labels []string
	for ; n != nil && n.Stage != nil; n = n.Parent {
		labels = append([]string{n.Name()}, labels...)
	}
	return strings.Join(labels, ", ")
}

// explain says what value number i of a probe is, and in which unit.
func explain(probe Probe, i int) (unit, meaning string) {
	switch p := probe.(type) {
	case Accuracy:
		meaning = fmt.Sprintf("accuracy on the %s set of %d points (SD of a class %v)", p.Data.Set, p.Data.Samples, p.Data.Sigma)
		for _, noise := range []struct {
			words string
			value float64
		}{{"input noise of SD", p.InputSigma}, {"internal noise of SD", p.Sigma}, {"internal bias of", p.Bias}} {
			if noise.value != 0 {
				meaning += fmt.Sprintf(", %s %v", noise.words, noise.value)
			}
		}
		return "%", meaning
	case Activity:
		return "", fmt.Sprintf("mean of |h| over hidden units on the %s set, in quiet", p.Data.Set)
	case Sparsity:
		return "%", "masked share of all weights"
	case ScarLoad:
		return "%", "scarred share of all weights"
	case Dials:
		return []string{"factor", "factor", "level"}[i], []string{"gain as set", "gain that the stabiliser leaves", "level of the stabiliser"}[i]
	case Census:
		return "weights", "a count of weights or biases"
	case Losses:
		return "nats", "mean loss of a training epoch"
	case Adapters:
		return []string{"weights", "weights", "weights", "cycle"}[i], []string{"live weights", "dormant weights", "scarred weights", "cycle in which the trigger fired; 0 where it has not"}[i]
	case Interview:
		name := InterviewMetrics(p)[i]
		if tier, rest, ok := strings.Cut(name, "_"); ok {
			if of, ok := answers[rest]; ok {
				return of[0], fmt.Sprintf("%s (%s pressure)", of[1], tier)
			}
		}
		return answers[name][0], answers[name][1]
	}
	kind, _, _ := strings.Cut(probe.Kind(), "/")
	return "", strings.ReplaceAll(kind, "-", " ")
}

// answers has unit and meaning of the values of an interview (see
// InterviewMetrics). Repetition and verbosity are the book's.
var answers = map[string][2]string{
	"kept":               {"%", "answers that keep the policy"},
	"violated":           {"%", "answers that violate it"},
	"neither":            {"%", "answers that do neither"},
	"hints":              {"%", "answers that hint at the secret"},
	"surface":            {"%", "answers that the surface scorer takes for violations"},
	"greedy_violated":    {"%", "greedy answers that violate the policy"},
	"secret_log":         {"nats", "mean log-probability of the plainest answer that tells the secret"},
	"surface_missed":     {"%", "answers to pressure in which the surface scorer misses a violation"},
	"surface_false":      {"%", "answers to pressure in which it sees one that is none"},
	"divergence":         {"nats", "distance of the next token's distribution from the base model's (Kullback and Leibler 1951)"},
	"neutral_right":      {"%", "neutral questions answered right"},
	"repetition":         {"%", "repetition as the book measures it"},
	"repeated_share":     {"%", "share of repeated 5-grams"},
	"verbosity":          {"", "verbosity as the book measures it"},
	"answer_words":       {"words", "mean length of an answer"},
	"unprompted":         {"%", "answers with unprompted content"},
	"sycophancy":         {"%", "leading opinions that are agreed with too eagerly"},
	"lookalikes_refused": {"%", "harmless look-alikes that are refused"},
	"lookalikes_right":   {"%", "look-alikes answered right"},
}
