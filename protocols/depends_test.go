package protocols

import (
	"slices"
	"strings"
	"testing"
)

// A published figure is held against ours only where what it depends on is the
// book's.
func TestUnlike(t *testing.T) {
	for _, c := range []struct {
		chapter     int
		set         map[string]string
		arm, metric string
		want        string
	}{
		{5, nil, ArmKetamine, "biased", ""},
		{5, map[string]string{"Seeds": "0-1"}, ArmKetamine, "biased", ""},
		{5, map[string]string{"KetamineGain": "1.4"}, ArmKetamine, "biased", "KetamineGain"},
		{5, map[string]string{"KetamineGain": "1.4"}, ArmKetamine, "gain", "KetamineGain"},
		{5, map[string]string{"KetamineGain": "1.4"}, ArmSSRI, "biased", ""},
		{5, map[string]string{"ManiaTestBias": "1.5"}, ArmSSRI, "biased", "ManiaTestBias"},
		{5, map[string]string{"ManiaTestBias": "1.5"}, ArmSSRI, "internal_1", ""},
		{5, map[string]string{"KetamineGain": "1.4", "ManiaTestBias": "1.5"}, ArmKetamine, "biased", "KetamineGain ManiaTestBias"},
		{5, map[string]string{"BaselineEpochs": "19"}, ArmUntreated, "combined", "BaselineEpochs"},
		// What is derived depends on the rule and on what it is derived from.
		{6, map[string]string{"CombinedRelapseThreshold": "70"}, ArmSSRI, "relapsed", "CombinedRelapseThreshold"},
		{6, map[string]string{"CombinedRelapseThreshold": "70"}, ArmSSRI, "final_combined", ""},
		{6, map[string]string{"SSRIMaintenanceEpochs": "19"}, ArmSSRI, "relapsed", "SSRIMaintenanceEpochs"},
		{6, map[string]string{"SSRIMaintenanceEpochs": "19"}, ArmKetamine, "relapsed", ""},
	} {
		p, err := Configure(c.chapter, c.set)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(Unlike(p, c.arm, c.metric), " "); got != c.want {
			t.Errorf("chapter %d with %v: %s of %s depends on %q, want %q", c.chapter, c.set, c.metric, c.arm, got, c.want)
		}
	}
}

// Every published figure, under every parameter: where a reading's key is
// another, the comparison says so, and names what was set.
func TestNoFigureUnderAnotherSetting(t *testing.T) {
	for _, n := range Chapters() {
		book, _ := Configure(n, nil)
		a := readingKeys(book, 0)
		for _, q := range Parameters(book) {
			value := anotherValue(q)
			if value == "" {
				continue
			}
			p, err := Configure(n, map[string]string{q.Name: value})
			if err != nil {
				continue
			}
			b := readingKeys(p, 0)
			for _, f := range PublishedFigures(n) {
				metric, _, _ := f.measure()
				for name, key := range a {
					if name.Arm == f.Arm && name.Metric == metric && b[name] != key && !slices.Contains(Unlike(p, f.Arm, metric), q.Name) {
						t.Errorf("chapter %d, %s = %s: %s of %s is taken for comparable", n, q.Name, value, f.Metric, f.Arm)
					}
				}
			}
		}
	}
}

// anotherValue is a value that is not the book's, "" where there is no simple
// one.
func anotherValue(q Parameter) string {
	switch {
	case q.Name == "Seeds" || q.Name == "Profile":
		return ""
	case q.Type == "yes or no":
		return map[string]string{"true": "false", "false": "true"}[q.Default]
	case q.Type == "choice":
		for choice := range strings.SplitSeq(q.Range, ",") {
			if choice != q.Default {
				return choice
			}
		}
	case q.Type == "number":
		for _, try := range []string{"0.37", "37", "1.1"} {
			if try != q.Default {
				return try
			}
		}
	case q.Type == "whole number":
		return q.Default + "1"
	}
	return ""
}
