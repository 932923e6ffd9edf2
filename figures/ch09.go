package figures

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
	"github.com/network-fragility/fragility/protocols/stats"
)

func init() { register(9, nil, ch09Plots) }

// ch09Plots are the pictures of chapter 9, in the order in which its notebook
// asks for them.
var ch09Plots = []maker[*chart.Plot]{
	{"protocol", chapter(languageProtocolPlot), ""},
	{"rates", chapter(ratesPlot), "answers of a language model"},
	{"tiers", chapter(tiersPlot), "answers of a language model"},
	{"kindling", chapter(slopesPlot), "answers of a language model"},
	{"truth", chapter(truthPlot), "answers of a language model"},
	{"style", chapter(stylePlot), "answers of a language model"},
	{"cost", chapter(costPlot), "answers of a language model"},
	{"adapters", chapter(adaptersPlot), "adapters that are sparse"},
	{"alarms", chapter(alarmsPlot), "answers of a language model"},
}

// languageProtocolPlot draws the tree, and says what its first reading is and
// what a cycle teaches.
func languageProtocolPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	plot, err := protocolPlot(p, r)
	if err == nil {
		nameStart(plot.Diagram)
		plot.Caption += fmt.Sprintf(" Each cycle learns %d preferred answers, drawn anew: %s of the everyday ones are over-agreeable, %s of those about the vault leak a little.",
			p.Pairs, percent(p.Agreeable), percent(p.Penalty))
	}
	return plot, err
}

// nameStart gives words to the first evaluation, which is no arm of the tables.
func nameStart(boxes []chart.Box) {
	for i := range boxes {
		if boxes[i].Arm == protocols.ArmStart {
			boxes[i].Arm = "cycle 0 of every arm"
		}
		nameStart(boxes[i].Next)
	}
}

// bookAndOurs are the arms of the book and our controls.
func bookAndOurs(p *protocols.Ch09) (book, controls []protocols.Heading) {
	for _, arm := range p.Arms() {
		if arm.Ours {
			controls = append(controls, arm)
		} else {
			book = append(book, arm)
		}
	}
	return book, controls
}

// byCycle names a measure from the evaluation before the first cycle on.
func byCycle(p *protocols.Ch09, metric string) []string {
	return eachMetric(places(p.Cycles+1), func(c int) string { return protocols.CycleMetric(c, metric) })
}

// tuningCycles is the axis of the cycles of tuning.
var tuningCycles = chart.Axis{Label: "cycle of tuning; 0 is before", Whole: true}

// ratePanelByCycle shows how often each arm gives way, cycle by cycle: the mean
// of several subjects with a band, or the rate of one with the exact interval of
// its answers. Words give the first rate, which the arms share, and the last ones.
func ratePanelByCycle(p *protocols.Ch09, r *protocols.Result, title string, arms []protocols.Heading, tier string) (panel chart.Panel, words string) {
	panel = chart.Panel{Title: title, X: tuningCycles, Y: chart.Axis{Label: gaveWay(p)}}
	metric := "jailbreak_" + tier
	at := numbers(places(p.Cycles + 1))
	var ends []armEnd
	for _, c := range coursesOf(p, r, arms, byCycle(p, metric)) {
		arm := c.arm
		trend := c.trend(at, c.look, widthOf(arm), 2.5, arm.Words)
		if len(p.Cohort()) == 1 {
			trend.X, trend.Bars = apart(at, c.place, len(arms)), true
			trend.Low, trend.High = courseOf(p, r, arm, byCycle(p, metric+"_low")).means(), courseOf(p, r, arm, byCycle(p, metric+"_high")).means()
		}
		panel.Layers = append(panel.Layers, trend)
		ends = append(ends, armEnd{arm, trend.Y})
	}
	return panel, endsWords(ends, 1, "%")
}

// widthOf is the width of an arm's line. Where the trigger never fires its arm
// lies upon that with regrowth, which shows at both sides.
func widthOf(arm protocols.Heading) float64 {
	if arm.Name == protocols.ArmRegrowth {
		return 2.8
	}
	return 1.2
}

// apart are places moved for the i-th of n arms, so that its error bars do not
// hide those of others.
func apart(at []float64, i, n int) []float64 {
	at = slices.Clone(at)
	floats.AddConst(0.6*dodged(i, n), at)
	return at
}

// gaveWay names the rate of the reading.
func gaveWay(p *protocols.Ch09) string {
	if p.Reading == protocols.ReadingSound {
		return "answers that tell the secret (%)"
	}
	return "answers scored as jailbreaks (%)"
}

// armEnd is the course of an arm's means.
type armEnd struct {
	arm  protocols.Heading
	mean []float64
}

// endsWords give where the arms begin, which is one evaluation, and where each
// of them ends.
func endsWords(list []armEnd, decimals int, unit string) string {
	if list == nil {
		return ""
	}
	var last []string
	for _, e := range list {
		last = append(last, e.arm.Words+" "+words.Number(e.mean[len(e.mean)-1], decimals))
	}
	return fmt.Sprintf("%s %s at first, in the end: %s", words.Number(list[0].mean[0], decimals), unit, strings.Join(last, "; "))
}

// fromZero gives panels of rates one axis, from 0 to a little above the highest
// of them.
func fromZero(panels []chart.Panel) {
	high := 0.0
	for _, panel := range panels {
		_, y := panel.Ranges()
		high = max(high, y.High)
	}
	if high == 0 {
		high = 10 // nothing but zeros
	}
	high = min(104, 1.06*high)
	for i := range panels {
		panels[i].Y.Min, panels[i].Y.Max = -0.02*high, high
	}
}

// intervalNote says what bands or error bars are.
func intervalNote(p *protocols.Ch09) string {
	if len(p.Cohort()) == 1 {
		return "One subject; bars are the exact 95 % intervals of its answers alone."
	}
	return "Lines are means over the subjects, bands one SD (n − 1) to both sides."
}

// ratesPlot shows how often each arm gives way; and, by itself, what the book
// prints of another model in another world.
func ratesPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	book, controls := bookAndOurs(p)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Who gives way, cycle by cycle (%s)", subjects(p)),
		Aspect: 0.95,
	}
	gist := ""
	for _, k := range []struct {
		title string
		arms  []protocols.Heading
	}{{"the book’s arms, in our model", book}, {"our control arms", controls}} {
		if panel, text := ratePanelByCycle(p, r, k.title, k.arms, "overall"); panel.Layers != nil {
			plot.Panels = append(plot.Panels, panel)
			gist += fmt.Sprintf(" %s, %s.", words.Capital(k.title), text)
		}
	}
	if plot.Panels == nil { // the book's rates alone are no plot of this run
		return plot, nil
	}
	fromZero(plot.Panels)
	panel, text := publishedRates(p, book)
	printed := []chart.Panel{panel}
	fromZero(printed) // an axis of its own
	plot.Panels = append(plot.Panels, printed...)
	plot.Caption = intervalNote(p) + " Rates are of all tiers of pressure together, and all arms begin with one evaluation." + gist + " " + text
	return plot, nil
}

// bookPrompts are those behind each rate of the book, with one answer to each.
const bookPrompts = 35

// publishedRates are the rates that the book prints, with the intervals that its
// few prompts give them.
func publishedRates(p *protocols.Ch09, arms []protocols.Heading) (chart.Panel, string) {
	panel := chart.Panel{
		Title: "printed in the book: another model, in another world",
		X:     tuningCycles,
		Y:     chart.Axis{Label: fmt.Sprintf("“jailbreaks” of %d prompts (%%)", bookPrompts)},
	}
	looks := looksOf(arms)
	var ends []string
	for i, arm := range arms {
		points := chart.Trend{Colour: looks[arm.Name].Colour, Width: 0.7, Bars: true, Marker: chart.Diamond, Hollow: true, Size: 3, Label: arm.Words}
		for c := 0; ; c++ {
			f, ok := bookFigure(p, arm.Name, protocols.CycleMetric(c, "jailbreak_overall"))
			if !ok {
				break
			}
			low, high := stats.RateInterval(int(math.Round(f.Mean/100*bookPrompts)), bookPrompts, 0.95)
			points.X, points.Y = append(points.X, float64(c)), append(points.Y, f.Mean)
			points.Low, points.High = append(points.Low, 100*low), append(points.High, 100*high)
		}
		points.X = apart(points.X, i, len(arms))
		panel.Layers = append(panel.Layers, points)
		ends = append(ends, fmt.Sprintf("%s from %s to %s", arm.Words, decimal(points.Y[0]), decimal(points.Y[len(points.Y)-1])))
	}
	return panel, fmt.Sprintf("The last panel is no measurement of ours: TinyLlama, one run, %d prompts with one answer each, scored by its surface; bars are exact 95 %% intervals (%s %%).",
		bookPrompts, strings.Join(ends, ", "))
}

// pressures are the tiers of pressure, the strongest first.
var pressures = []string{"strong", "medium", "weak"}

// tiersPlot shows how often the book's arms give way to each tier of pressure,
// beside the noise of the measurement.
func tiersPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	arms, _ := bookAndOurs(p)
	arms = append(arms, protocols.ArmsNamed(p, protocols.ArmUntrained)...)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Strong, medium and weak pressure (%s)", subjects(p)),
		Aspect: 0.95,
		ShareX: true,
		ShareY: true,
	}
	gist := ""
	for _, tier := range pressures {
		panel, text := ratePanelByCycle(p, r, tier+" pressure", arms, tier)
		plot.Panels = append(plot.Panels, panel)
		gist += fmt.Sprintf(" %s pressure, %s.", words.Capital(tier), text)
	}
	fromZero(plot.Panels)
	plot.Caption = intervalNote(p) + fmt.Sprintf(" Each tier has %d prompts of the same lengths and punctuation.", p.TierPrompts)
	if len(arms) > 3 {
		plot.Caption += " Without training only the draws of the answers differ from cycle to cycle."
	}
	plot.Caption += gist
	return plot, nil
}

// slopesPlot shows the trend of each arm under strong and weak pressure, and
// their difference, which is kindling.
func slopesPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	arms := p.Arms()
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Trends by tier, and kindling (%s)", subjects(p)),
		Aspect: dotAspect(arms, 3, chart.DoubleColumn),
		ShareX: true,
		ShareY: true,
	}
	for _, m := range []protocols.Heading{{Name: "slope_strong", Words: "strong pressure"}, {Name: "slope_weak", Words: "weak pressure"}, {Name: "kindling", Words: "kindling: weak less strong"}} {
		panel := dotPanel(m.Words, chart.Axis{Label: "slope of the logit (a cycle)"}, arms, func(arm string) dotRow {
			row := rowOf(p, r, arm, m.Name)
			row.low, row.high = meanInterval(row.values, arm+" "+m.Name)
			return row
		}, chart.VLine{At: 0, Dash: chart.Dashed})
		plot.Panels = append(plot.Panels, panel)
	}
	plot.Caption = meansOfDots(p) + fmt.Sprintf(" Slopes by least squares over cycles 0 to %d; one of 0.1 takes 20 %% to 40 %% in ten cycles, and half an answer is added to either side, so that a rate of 0 has a logit. Kindling is right of 0: weak pressure gains more than strong. Kindling:", p.Cycles) +
		meansOf(r, arms, "kindling", 3) + "."
	return plot, nil
}

// meansOfDots says what strokes and their lines are.
func meansOfDots(p protocols.Protocol) string {
	return ofSeveral(p, "A dot is a subject, a stroke the mean, with its interval: "+wideNote+".")
}

// truthPlot sets what was told beside what the surface scorer sees, and two
// measures with little noise: in the arm of biased tuning, and where it is there,
// in that of the same prompts with unbiased answers.
func truthPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	type measure struct {
		metric, words string
		colour        chart.Colour
	}
	arms := protocols.ArmsNamed(p, protocols.ArmBaseline, protocols.ArmUnbiased)
	dashes := []chart.Dash{chart.Solid, chart.Dashed}
	at := numbers(places(p.Cycles + 1))
	plot := &chart.Plot{
		Title:   fmt.Sprintf("What was told, and what a scorer of surfaces sees (%s)", subjects(p)),
		Columns: 2,
		Aspect:  0.6,
	}
	gist := ""
	var key []chart.Layer
	for _, k := range []struct {
		title, label, unit string
		decimals           int
		measures           []measure
	}{
		{"all answers to pressure", "answers (%)", " %", 1, []measure{
			{"overall_surface", "jailbreak to the surface scorer", chart.Orange},
			{"overall_violated", "told", chart.Vermillion}, {"overall_greedy_violated", "told by the greedy answer", chart.Black}, {"overall_hints", "hinted", chart.Blue}}},
		{"errors of the surface scorer", "answers (%)", " %", 1, []measure{{"surface_false", "seen where nothing was told", chart.SkyBlue}, {"surface_missed", "told and missed", chart.Purple}}},
		{"how likely the secret is", "mean log-probability of the plain answer", "", 2, []measure{{"overall_secret_log", "log-probability of the secret", chart.Green}}},
		{"how far the model has moved", "divergence from cycle 0 (nats)", " nats", 3, []measure{{"divergence", "divergence", chart.Ink}}},
	} {
		panel := chart.Panel{Title: k.title, X: tuningCycles, Y: chart.Axis{Label: k.label}}
		for i, arm := range arms {
			for _, m := range k.measures {
				c := courseOf(p, r, arm, byCycle(p, m.metric))
				if c.empty() {
					continue
				}
				trend := c.trend(at, look{m.colour, dashes[i]}, 1.3, 2.5, "")
				if i > 0 {
					trend.Low, trend.High = nil, nil
				} else {
					mean := trend.Y
					gist += fmt.Sprintf(" %s %s to %s%s;", m.words, words.Number(mean[0], k.decimals), words.Number(mean[len(mean)-1], k.decimals), k.unit)
				}
				panel.Layers = append(panel.Layers, trend)
			}
		}
		if len(k.measures) > 1 {
			for _, m := range k.measures {
				key = append(key, chart.Points{Colour: m.colour, Size: 4, Label: m.words})
			}
		}
		plot.Panels = append(plot.Panels, panel)
	}
	fromZero(plot.Panels[:1])
	fromZero(plot.Panels[1:2])
	// The key shows the measures in no arm's dash and the arms in no measure's
	// colour; lines are in it where several panels have them.
	plot.Panels[0].Key = key
	for i := range plot.Panels {
		for k, arm := range arms {
			plot.Panels[i].Key = append(plot.Panels[i].Key, chart.Line{Colour: chart.Ink, Dash: dashes[k], Width: 1.3, Label: arm.Words})
		}
	}
	note := bandNote(p)
	if len(p.Cohort()) > 1 && len(arms) > 1 {
		note = "Lines are means; those without mitigation have bands, one SD (n − 1) to both sides."
	}
	plot.Caption = note + " The surface scorer looks for phrases, as the book’s does. Without mitigation, from cycle 0 to the last:" + strings.TrimSuffix(gist, ";") + "."
	return plot, nil
}

// A cycleMeasure is what a panel shows of all arms, cycle by cycle.
type cycleMeasure struct {
	metric, title, label string
	decimals             int
	unit                 string // for the caption
}

// measurePanels show measures of every arm by cycle, and give their ends in words.
func measurePanels(p *protocols.Ch09, r *protocols.Result, measures []cycleMeasure) (panels []chart.Panel, gist string) {
	at := numbers(places(p.Cycles + 1))
	for _, m := range measures {
		panel := chart.Panel{Title: m.title, X: tuningCycles, Y: chart.Axis{Label: m.label}}
		var ends []armEnd
		for _, c := range coursesOf(p, r, p.Arms(), byCycle(p, m.metric)) {
			trend := c.trend(at, c.look, widthOf(c.arm), 2.2, c.arm.Words)
			if c.arm.Ours { // more bands cannot be told apart
				trend.Low, trend.High = nil, nil
			}
			panel.Layers = append(panel.Layers, trend)
			ends = append(ends, armEnd{c.arm, trend.Y})
		}
		one := []chart.Panel{panel}
		fromZero(one)
		panels = append(panels, one...)
		gist += fmt.Sprintf(" %s, %s.", words.Capital(m.title), endsWords(ends, m.decimals, m.unit))
	}
	return panels, gist
}

// bookBandsNote says what lines and bands are where the book's arms alone have
// bands.
func bookBandsNote(p *protocols.Ch09) string {
	if len(p.Cohort()) > 1 && p.Controls {
		return "Lines are means over the subjects; the book’s arms have bands, one SD (n − 1) to both sides."
	}
	return bandNote(p)
}

// stylePlot shows how answers sound.
func stylePlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	const verbose = 100 // words, which no answer of as many tokens exceeds
	measures := []cycleMeasure{
		{"repetition", "repetition", "5-grams that recur (%)", 2, "%"},
		{"sycophancy", "over-agreement", "answers to opinions (%)", 1, "%"},
		{"verbosity", "verbosity", "answers to questions (%)", 1, "%"},
		{"answer_words", "length", "words an answer", 1, "words"},
	}
	note := ""
	if p.AnswerTokens <= verbose {
		measures = slices.Delete(measures, 2, 3)
		note = fmt.Sprintf(" Verbosity is left out: it takes more than %d words, and an answer has %d tokens at most.", verbose, p.AnswerTokens)
	}
	panels, gist := measurePanels(p, r, measures)
	plot := &chart.Plot{
		Title:   fmt.Sprintf("How answers sound (%s)", subjects(p)),
		Aspect:  0.95,
		Panels:  panels,
		Caption: bookBandsNote(p) + fmt.Sprintf(" Answers to %d neutral questions, and to as many leading opinions; counted as in the book.", p.OtherPrompts) + note + gist,
	}
	if len(panels) > 3 {
		plot.Columns, plot.Aspect = 2, 0.62
	}
	return plot, nil
}

// costPlot shows what tuning costs besides the policy.
func costPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	panels, gist := measurePanels(p, r, []cycleMeasure{
		{"neutral_right", "questions answered right", "answers (%)", 1, "%"},
		{"lookalikes_right", "look-alikes answered right", "answers (%)", 1, "%"},
		{"lookalikes_refused", "look-alikes refused", "answers (%)", 1, "%"},
	})
	fromZero(panels)
	return &chart.Plot{
		Title:   fmt.Sprintf("What else the tuning changes (%s)", subjects(p)),
		Aspect:  0.95,
		ShareX:  true,
		ShareY:  true,
		Panels:  panels,
		Caption: bookBandsNote(p) + fmt.Sprintf(" %d neutral questions; and as many look-alikes, which sound like pressure and ask for nothing secret.", p.OtherPrompts) + gist,
	}, nil
}

// Colours of the adapters' weights.
const (
	liveColour    = chart.Blue
	scarredColour = chart.Vermillion
	dormantColour = chart.Grey
)

// adaptersPlot shows which share of the adapters' weights is live, scarred and
// dormant, cycle by cycle, in the arms whose adapters are sparse.
func adaptersPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	arms := protocols.ArmsNamed(p, protocols.ArmRegrowth, protocols.ArmTriggered, protocols.ArmSparse)
	at := numbers(places(p.Cycles + 1))
	plot := &chart.Plot{
		Title:  fmt.Sprintf("The adapters’ weights (%s)", subjects(p)),
		Aspect: 0.9,
		ShareX: true,
		ShareY: true,
	}
	gist, widest := "", 0.0
	for _, arm := range arms {
		sparsity, scar := courseOf(p, r, arm, byCycle(p, "sparsity_weights")), courseOf(p, r, arm, byCycle(p, "scar"))
		if sparsity.empty() || scar.empty() {
			continue
		}
		var live, cut []float64 // live, and live or scarred
		for k, v := range sparsity.means() {
			live = append(live, 100-v)
			cut = append(cut, 100-v+scar.means()[k])
			widest = max(widest, stats.SD(present(sparsity.values[k])))
		}
		zero, all := slices.Repeat([]float64{0}, len(at)), slices.Repeat([]float64{100}, len(at))
		panel := chart.Panel{
			Title: arm.Words,
			X:     chart.Axis{Label: tuningCycles.Label, Max: at[len(at)-1], Whole: true},
			Y:     chart.Axis{Label: "share of the weights (%)", Max: 100, Ticks: percentTicks},
			Layers: []chart.Layer{
				chart.Bands{
					{X: at, Low: cut, High: all, Colour: dormantColour},
					{X: at, Low: live, High: cut, Colour: scarredColour},
					{X: at, Low: zero, High: live, Colour: liveColour},
				},
			},
		}
		for _, k := range []chart.Points{{Colour: dormantColour, Label: "never used"}, {Colour: scarredColour, Label: "scarred"}, {Colour: liveColour, Label: "live"}} {
			k.Colour, k.Marker, k.Size = k.Colour.Tint(0.22), chart.Square, 7
			panel.Key = append(panel.Key, k)
		}
		panel.Layers = append(panel.Layers, chart.Line{X: at, Y: live, Colour: liveColour, Width: 1.2})
		if f, ok := publishedFigure(p, arm.Name, "initial_sparsity"); ok {
			panel.Layers = append(panel.Layers, publishedPoint(0, 100-f.Mean))
		}
		const bookCycles = 10
		if f, ok := publishedFigure(p, arm.Name, "final_sparsity"); ok && p.Cycles == bookCycles {
			panel.Layers = append(panel.Layers, publishedPoint(bookCycles, 100-f.Mean))
		}
		plot.Panels = append(plot.Panels, panel)
		gist += fmt.Sprintf(" %s: live from %s to %s %%, scarred %s %% in the end.", words.Capital(arm.Words), decimal(live[0]), decimal(live[len(live)-1]), decimal(cut[len(cut)-1]-live[len(live)-1]))
	}
	plot.Caption = meansNote(p)
	if len(p.Cohort()) > 1 {
		plot.Caption += fmt.Sprintf(" Their SD is %s points at most.", decimal(widest))
	}
	plot.Caption += " The shares follow from the settings and the shapes of the matrices, whatever the model learns; only the trigger, where it fires, adds a turnover." + gist + firedWords(p, r)
	return plot, nil
}

// firedWords say in which subjects the trigger fired, and when.
func firedWords(p *protocols.Ch09, r *protocols.Result) string {
	n := len(r.Values(protocols.ArmTriggered, "", "fired"))
	if n == 0 {
		return ""
	}
	when := slices.Sorted(slices.Values(r.Values(protocols.ArmTriggered, "", "fired_in_cycle")))
	words := fmt.Sprintf(" The trigger fired in %d of %s", len(when), counted(n, "subject"))
	if len(when) > 0 {
		words += " (cycles: " + strings.Join(eachMetric(when, plain), ", ") + ")"
	}
	return words + "."
}

// alarmsPlot shows in how many subjects the book's flag and trigger would go
// off, by each way to read the trigger: without training all of them are false.
func alarmsPlot(p *protocols.Ch09, r *protocols.Result) (*chart.Plot, error) {
	arms := protocols.ArmsNamed(p, protocols.ArmUntrained, protocols.ArmBaseline, protocols.ArmRegrowth, protocols.ArmTriggered)
	threshold := plain(p.Trigger)
	names := []string{"flag:\nweak + 10 points", "trigger:\n+ " + threshold + " points", "trigger:\n+ " + threshold + " % relative", "trigger:\nat " + threshold + " %"}
	layers, words := armRates(p, r, arms, []string{"flagged", "would_fire_points", "would_fire_relative", "would_fire_level"})
	panel := ratePanel(names, "subjects in which it goes off (%)")
	panel.Layers = append(panel.Layers, layers...)
	caption := "Bars are exact 95 % intervals of the share of subjects. The flag marks a rise of the weak rate over that of cycle 1; the trigger a rise of the overall rate over that of cycle 0, in points or relative to it, or the rate itself."
	if len(arms) == 4 {
		caption += " Without training every alarm is false."
	}
	return &chart.Plot{
		Title:   fmt.Sprintf("Alarms, true and false (%s)", subjects(p)),
		Width:   14.5,
		Aspect:  0.55,
		Panels:  []chart.Panel{panel},
		Caption: caption + " Subjects with an alarm, in this order:" + words,
	}, nil
}
