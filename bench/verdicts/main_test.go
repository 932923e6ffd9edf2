package main

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A small simulation: of 95 % intervals of ten normal differences as many hold
// the mean as should, and few claims are supported by mistake.
func TestRuleIsRight(t *testing.T) {
	const families = 40
	r := simulate(populations[0], 10, families, 7)
	if off := errorOf(0.95, families*family); r.Covered < 0.95-3*off {
		t.Errorf("%v of the intervals hold the mean", r.Covered)
	}
	if off := errorOf(0.025, families*family); r.Supported > 0.025+3*off {
		t.Errorf("%v are supported by mistake", r.Supported)
	}
	if off := errorOf(0.05, families); r.Family > 0.05+3*off {
		t.Errorf("%v of the families have a mistake", r.Family)
	}
	if r.Power < 0.3 {
		t.Errorf("%v of the claims that hold are supported", r.Power)
	}
}

// What is drawn has mean 0 and SD 1, or the margin would be another.
func TestPopulations(t *testing.T) {
	const n = 200_000
	for _, p := range populations {
		random := rand.New(rand.NewPCG(1, 2))
		var sum, squares float64
		for range n {
			v := p.draw(random)
			sum, squares = sum+v, squares+v*v
		}
		if mean, variance := sum/n, squares/n-(sum/n)*(sum/n); mean > 0.01 || mean < -0.01 || variance > 1.03 || variance < 0.97 {
			t.Errorf("%s: mean %v, variance %v", p.name, mean, variance)
		}
	}
}

// The committed table keeps what is promised of normal differences.
func TestTable(t *testing.T) {
	text, err := os.ReadFile("table.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		cells := strings.Split(line, " | ")
		if len(cells) != 7 || strings.Contains(line, "subjects") {
			continue
		}
		lines++
		number := func(i int) float64 {
			v, err := strconv.ParseFloat(strings.Trim(cells[i], " |"), 64)
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			return v
		}
		if strings.HasPrefix(line, "| normal") && (number(2) < 93 || number(2) > 97 || number(3) > 5 || number(5) > 7) {
			t.Errorf("normal differences: %s", line)
		}
	}
	if lines != len(populations)*len(sizes) {
		t.Errorf("the table has %d lines", lines)
	}
}
