package chart

import (
	"math"
	"strconv"

	"github.com/network-fragility/fragility/figures/words"
)

// Axis describes one axis of a panel.
type Axis struct {
	Label    string  // with the unit: "accuracy (%)"
	Min, Max float64 // range; both 0 fits what is drawn
	Log      bool
	Whole    bool   // only whole numbers get ticks: epochs, cycles
	Ticks    []Tick // nil chooses round numbers; categories name theirs
}

// Tick is a labelled place on an axis. A line break in the label starts a new
// line; "^{...}" is raised.
type Tick struct {
	At    float64
	Label string
}

// span gathers the range of what is drawn along an axis. A pinned end stands
// exactly where it is: bars start at zero, a grid of cells ends at its border.
type span struct {
	low, high             float64
	pinnedLow, pinnedHigh bool
	log                   bool
}

func newSpan(log bool) span { return span{low: math.Inf(1), high: math.Inf(-1), log: log} }

// include widens s to values; what cannot be drawn on the axis is left out.
func (s *span) include(values ...float64) {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) || s.log && v <= 0 {
			continue
		}
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
}

// pin widens s to low and high and gives it no margin there.
func (s *span) pin(low, high float64) {
	s.include(low, high)
	s.pinnedLow = s.pinnedLow || s.low == low
	s.pinnedHigh = s.pinnedHigh || s.high == high
}

// scale maps values to the axis: 0 at its start, 1 at its end.
type scale struct {
	min, max float64
	log      bool
}

// scale is the axis of a, fitted to s where a leaves it open.
func (a Axis) scale(s span) scale {
	if a.Min != 0 || a.Max != 0 {
		return scale{a.Min, a.Max, a.Log}
	}
	if s.low > s.high { // nothing drawn
		s.low, s.high = 0, 1
		if a.Log {
			s.low = 0.1
		}
	}
	const margin = 0.04 // keeps marks off the ends of the axes
	if a.Log {
		if s.low == s.high {
			s.low, s.high = s.low/2, s.high*2
		}
		grow := math.Pow(s.high/s.low, margin)
		return scale{s.low / grow, s.high * grow, true}
	}
	if s.low == s.high {
		pad := max(math.Abs(s.low)*0.1, 0.5)
		s.low, s.high = s.low-pad, s.high+pad
	}
	grow := margin * (s.high - s.low)
	if !s.pinnedLow {
		s.low -= grow
	}
	if !s.pinnedHigh {
		s.high += grow
	}
	return scale{s.low, s.high, false}
}

// at is where v lies along the axis.
func (s scale) at(v float64) float64 {
	if s.log {
		return math.Log(v/s.min) / math.Log(s.max/s.min)
	}
	return (v - s.min) / (s.max - s.min)
}

// holds reports whether v lies on the axis.
func (s scale) holds(v float64) bool {
	p := s.at(v)
	return p >= -1e-9 && p <= 1+1e-9 // false for NaN
}

// ticks are about n round numbers on the axis, never more than n+1.
func (s scale) ticks(n int, whole bool) []Tick {
	if s.log {
		return s.logTicks(n)
	}
	raw := (s.max - s.min) / float64(max(n, 1))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	multiples := []float64{1, 2, 2.5, 4, 5}
	if whole { // epochs are counted by fives, not by fours
		multiples = []float64{1, 2, 5}
	}
	for _, m := range multiples {
		if m*power >= raw*(1-1e-9) {
			step = m * power
			break
		}
	}
	if whole {
		step = max(1, step)
	}
	decimals := 0
	for d := step; decimals < 12 && math.Abs(d-math.Round(d)) > 1e-9*d; d *= 10 {
		decimals++
	}
	// Rounding of the ends must not cost the first or last tick.
	first, last := math.Ceil(s.min/step-1e-9), math.Floor(s.max/step+1e-9)
	var ticks []Tick
	for i := first; i <= last; i++ {
		t := Tick{i * step, words.Number(i*step, decimals)}
		if i == 0 {
			t.Label = "0" // rather than 0.00
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// logTicks are powers of ten, and 2 and 5 times them on a short axis.
func (s scale) logTicks(n int) []Tick {
	first, last := int(math.Ceil(math.Log10(s.min)-1e-9)), int(math.Floor(math.Log10(s.max)+1e-9))
	var ticks []Tick
	if last-first < 1 {
		for e := first - 1; e <= last; e++ {
			for _, m := range []float64{1, 2, 5} {
				if v := m * math.Pow10(e); s.holds(v) {
					ticks = append(ticks, Tick{v, words.Number(v, max(0, -e))})
				}
			}
		}
		return ticks
	}
	stride := max(1, (last-first+max(n, 1)-1)/max(n, 1))
	for e := first; e <= last; e++ {
		if (e-last)%stride != 0 {
			continue
		}
		label := "10^{" + words.Minus(strconv.Itoa(e)) + "}"
		if first >= -2 && last <= 3 {
			label = words.Number(math.Pow10(e), max(0, -e))
		}
		ticks = append(ticks, Tick{math.Pow10(e), label})
	}
	return ticks
}
