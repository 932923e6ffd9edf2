package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

// course is what the subjects of an arm do along an axis: durations, levels,
// cycles, triggers.
type course struct {
	arm    protocols.Heading
	values [][]float64 // by place, then subject; NaN where there is none
}

// courseOf gathers an arm's course, a metric a place.
func courseOf(p protocols.Protocol, r *protocols.Result, arm protocols.Heading, metrics []string) course {
	index := map[string]int{}
	for i, seed := range p.Cohort() {
		index[strconv.Itoa(seed)] = i
	}
	place := map[string][]int{} // a metric may stand in several places
	c := course{arm: arm}
	for k, m := range metrics {
		place[m] = append(place[m], k)
		c.values = append(c.values, slices.Repeat([]float64{math.NaN()}, len(index)))
	}
	for _, row := range r.Rows {
		if s, ok := index[row.Seed]; ok && row.Arm == arm.Name && row.Condition == "" {
			for _, k := range place[row.Metric] {
				c.values[k][s] = row.Value
			}
		}
	}
	return c
}

// drawn is a course with the look of its arm, and the arm's place among those that are
// asked for.
type drawn struct {
	course
	look  look
	place int
}

// coursesOf are the courses of the arms that have one.
func coursesOf(p protocols.Protocol, r *protocols.Result, arms []protocols.Heading, metrics []string) []drawn {
	looks := looksOf(arms)
	var list []drawn
	for i, arm := range arms {
		if c := courseOf(p, r, arm, metrics); !c.empty() {
			list = append(list, drawn{c, looks[arm.Name], i})
		}
	}
	return list
}

// marked is a line of means with a mark of the arm's own at each place.
func (c drawn) marked(at, means []float64, width float64) chart.Trend {
	return chart.Trend{X: at, Y: means, Colour: c.look.Colour, Dash: c.look.Dash, Width: width, Marker: rateMarker(c.place), Hollow: c.look.Dash != chart.Solid, Size: 3.5, Label: c.arm.Words}
}

// empty reports whether no subject has a value anywhere.
func (c course) empty() bool {
	return !slices.ContainsFunc(c.values, func(v []float64) bool { return len(present(v)) > 0 })
}

// means are the means over the subjects, NaN where there is none.
func (c course) means() []float64 {
	means := make([]float64, len(c.values))
	for k, v := range c.values {
		means[k] = stat.Mean(present(v), nil)
	}
	return means
}

// trend is the mean of the course with a band of one SD to both sides; without one
// for one subject.
func (c course) trend(at []float64, l look, width, size float64, label string) chart.Trend {
	t := chart.Trend{X: at, Y: c.means(), Colour: l.Colour, Dash: l.Dash, Width: width, Size: size, Label: label}
	if len(c.values) == 0 || len(c.values[0]) < 2 {
		return t
	}
	for k, v := range c.values {
		sd := stats.SD(present(v))
		t.Low, t.High = append(t.Low, t.Y[k]-sd), append(t.High, t.Y[k]+sd)
	}
	return t
}

// thin is a line a subject; nothing for one subject, whose line the mean is.
func (c course) thin(at []float64, colour chart.Colour) []chart.Layer {
	if len(c.values) == 0 || len(c.values[0]) < 2 {
		return nil
	}
	var list []chart.Layer
	for s := range c.values[0] {
		line := chart.Line{X: at, Colour: colour.Tint(0.45), Width: 0.4}
		for _, v := range c.values {
			line.Y = append(line.Y, v[s])
		}
		list = append(list, line)
	}
	return list
}

// present are the values that are there.
func present(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), math.IsNaN)
}

// eachMetric names the metric of each place.
func eachMetric[T any](places []T, name func(T) string) []string {
	var list []string
	for _, v := range places {
		list = append(list, name(v))
	}
	return list
}

// publishedFigure is what the book prints for an arm and metric, to stand beside
// ours: bounds, what its own outputs contradict, and what depends on a parameter
// that is not the book's are left out.
func publishedFigure(p protocols.Protocol, arm, metric string) (protocols.Published, bool) {
	f, ok := bookFigure(p, arm, metric)
	if names := protocols.Unlike(p, arm, metric); ok && names != nil {
		noteLeftOut(p, names)
		return f, false
	}
	return f, ok
}

// bookFigure is what the book prints, in a panel of its own.
func bookFigure(p protocols.Protocol, arm, metric string) (protocols.Published, bool) {
	for _, f := range protocols.PublishedFigures(p.Chapter()) {
		if f.Arm == arm && f.Metric == metric && f.Kind == "figure" {
			return f, true
		}
	}
	return protocols.Published{}, false
}

// publishedPoint marks a published figure.
func publishedPoint(x, y float64) chart.Layer {
	return chart.Points{X: []float64{x}, Y: []float64{y}, Colour: chart.Ink, Marker: chart.Diamond, Hollow: true, Size: 4.5, Label: "published"}
}

// Most arms that fit: as lines of a panel, as panels of a plot.
const (
	maxLines  = 10
	maxPanels = 12
)

// shown are the first arms, as many as fit, and a sentence for the caption
// where there are more.
func shown(arms []protocols.Heading, most int) ([]protocols.Heading, string) {
	if len(arms) <= most {
		return arms, ""
	}
	return arms[:most], fmt.Sprintf(" %d further arms are in the table alone.", len(arms)-most)
}

// someTicks names places along an axis, each at least so far from the one
// before it.
func someTicks(at []float64, least float64, name func(float64) string) []chart.Tick {
	var ticks []chart.Tick
	for _, x := range at {
		if len(ticks) == 0 || x-ticks[len(ticks)-1].At >= least*(1-1e-9) {
			ticks = append(ticks, chart.Tick{At: x, Label: name(x)})
		}
	}
	return ticks
}

// rateMarker tells the i-th arm from its neighbours where colour does not.
func rateMarker(i int) chart.Marker {
	markers := []chart.Marker{chart.Circle, chart.Square, chart.Triangle}
	return markers[i%len(markers)]
}

// dodged is how far the i-th of n arms stands from the middle of its category,
// so that their marks do not hide each other.
func dodged(i, n int) float64 {
	share := min(0.8, 0.14*float64(n)) // of a category that the arms take
	return share * ((float64(i)+0.5)/float64(n) - 0.5)
}

// ratePanel is a panel of rates in percent, by category.
func ratePanel(names []string, label string) chart.Panel {
	return chart.Panel{
		Y:      chart.Axis{Label: label, Min: -4, Max: 104, Ticks: percentTicks},
		Layers: []chart.Layer{chart.Categories(names)},
	}
}

// armRates marks the rate of each arm in each category, with its exact 95 %
// interval: metrics are flags, 100 for a subject that has what is counted. The
// words give the rates for the caption.
func armRates(p protocols.Protocol, r *protocols.Result, arms []protocols.Heading, metrics []string) (layers []chart.Layer, text string) {
	for _, c := range coursesOf(p, r, arms, metrics) {
		points := chart.Points{Colour: c.look.Colour, Marker: rateMarker(c.place), Hollow: c.look.Dash != chart.Solid, Size: 5, Label: c.arm.Words}
		var counts []string
		for k, values := range c.values {
			values = present(values)
			n, have := len(values), 0
			for _, v := range values {
				if v > 50 {
					have++
				}
			}
			if n == 0 {
				continue
			}
			low, high := stats.RateInterval(have, n, 0.95)
			points.X, points.Y = append(points.X, float64(k)+dodged(c.place, len(arms))), append(points.Y, 100*float64(have)/float64(n))
			points.Low, points.High = append(points.Low, 100*low), append(points.High, 100*high)
			count := strconv.Itoa(have)
			if n < len(p.Cohort()) {
				count += "/" + strconv.Itoa(n)
			}
			counts = append(counts, count)
		}
		if len(counts) > 8 {
			counts = append(append(counts[:3:3], "..."), counts[len(counts)-1])
		}
		text += fmt.Sprintf(" %s: %s of %d.", words.Capital(c.arm.Words), strings.Join(counts, ", "), len(p.Cohort()))
		layers = append(layers, points)
	}
	return layers, text
}

// ofSeveral is what a caption says of several subjects; of one there is less to say.
func ofSeveral(p protocols.Protocol, note string) string {
	if len(p.Cohort()) == 1 {
		return "One subject."
	}
	return note
}

// meansNote says what lines without bands are.
func meansNote(p protocols.Protocol) string {
	return ofSeveral(p, "Lines are means over the subjects.")
}

// bandNote says what lines and bands are.
func bandNote(p protocols.Protocol) string {
	return ofSeveral(p, "Lines are means, bands one SD (n − 1) to both sides.")
}

// spreadNote says what thin lines are besides.
func spreadNote(p protocols.Protocol) string {
	return ofSeveral(p, "Thick lines are means, bands one SD (n − 1) to both sides, thin lines subjects.")
}

// plain prints a parameter as people write it: no zeros at the end.
func plain(v float64) string { return words.Minus(strconv.FormatFloat(v, 'g', 4, 64)) }

// percent prints a share.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'g', 6, 64) + " %" }

// decimal prints with one decimal.
func decimal(v float64) string { return words.Number(v, 1) }

// ascending is a sorted copy, each once.
func ascending[T cmp.Ordered](list []T) []T {
	sorted := slices.Sorted(slices.Values(list))
	return slices.Compact(sorted)
}

// numbers are whole numbers as places along an axis.
func numbers(list []int) []float64 {
	x := make([]float64, len(list))
	for i, v := range list {
		x[i] = float64(v)
	}
	return x
}

// places are 0 to n-1.
func places(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
