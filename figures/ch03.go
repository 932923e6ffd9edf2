package figures

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/figures/words"
	"github.com/network-fragility/fragility/protocols"
)

func init() { register(3, nil, ch03Plots) }

// ch03Plots are the pictures of chapter 3, in the order of the protocol.
var ch03Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"sweep", cliffPlot, "sparsity sweep"},
	{"consolidation", chapter(consolidationPlot), "accuracies of part A"},
	{"cycles", chapter(regrowthCyclesPlot), "cycles of regrowth"},
	{"regimens", chapter(regimensPlot), "accuracies of parts A and B"},
	{"second pruning", chapter(secondPruningOfRegimens), "second pruning"},
}

// namesake is the arm that looks like an arm of chapter 3: a regimen has the
// colour of where its weights come from. Other arms are their own namesakes.
func namesake(arm string) string {
	switch {
	case strings.HasPrefix(arm, protocols.ArmTunedFor):
		return protocols.ArmTunedOnly
	case strings.HasPrefix(arm, protocols.ArmChronic) && strings.HasSuffix(arm, "_random"):
		return protocols.ArmRecoveredRandom
	case strings.HasPrefix(arm, protocols.ArmChronic), strings.HasPrefix(arm, protocols.ArmConsolidation), strings.HasPrefix(arm, "acute_"):
		return protocols.ArmRecoveredGradient
	}
	return arm
}

// series is the course of one kind of arm in a panel.
type series struct {
	words string
	like  string // the arm of chapters 1 and 2 that has its colour
	ours  bool   // not in the book, so dashed
	at    []float64
	course
	book []chart.Layer
}

// seriesPanel draws courses one over the other: bands, subjects, means.
func seriesPanel(title string, x, y chart.Axis, list []series) chart.Panel {
	var thin, thick, book []chart.Layer
	for _, s := range list {
		look := look{Colour: ArmColour(s.like)}
		if s.ours {
			look.Dash = chart.Dashed
		}
		thin = append(thin, s.thin(s.at, look.Colour)...)
		trend := s.trend(s.at, look, 1.4, 3.5, s.words)
		trend.Marker = armShape(look)
		thick = append(thick, trend)
		book = append(book, s.book...)
	}
	return chart.Panel{Title: title, X: x, Y: y, Layers: slices.Concat(thin, thick, book)}
}

// consolidationPlot shows what tuning for longer after one regrowth gives, and
// the same tuning without regrowth.
func consolidationPlot(p *protocols.Ch03, r *protocols.Result) (*chart.Plot, error) {
	epochs := ascending(p.ConsolidationEpochs)
	at := numbers(epochs)
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Part A: tuning for longer after one regrowth (%s)", subjects(p)),
		Aspect: 0.75,
		ShareY: true,
	}
	gist := ""
	for _, test := range []protocols.Heading{p.Hardest(), {Name: "combined", Words: "combined noise"}} {
		regrown := series{words: "regrowth by gradient, then tuning", like: protocols.ArmRecoveredGradient, at: at}
		alone := series{words: "tuning alone (ours)", like: protocols.ArmTunedOnly, ours: true, at: at}
		for i, e := range epochs {
			arm := protocols.ConsolidationArm(e)
			regrown.values = append(regrown.values, subjectValues(p, r, arm, test.Name))
			if f, ok := publishedFigure(p, arm, test.Name); ok {
				regrown.book = append(regrown.book, bookPoint(f, at[i], f.Mean, chart.Ink))
			}
			control := protocols.TunedForArm(e)
			if e == 0 { // tuned not at all, the pruned network
				control = p.PrunedArm()
			}
			alone.values = append(alone.values, subjectValues(p, r, control, test.Name))
		}
		list := []series{regrown}
		if p.Controls {
			list = []series{alone, regrown}
		}
		panel := seriesPanel(test.Words, chart.Axis{Label: "epochs of tuning", Ticks: someTicks(at, 0.06*(at[len(at)-1]-at[0]), plain)}, accuracyAxis, list)
		panel.Layers = append([]chart.Layer{guessing()}, panel.Layers...)
		plot.Panels = append(plot.Panels, panel)
		gist += fmt.Sprintf(" %s:", words.Capital(test.Words))
		for _, s := range list {
			mean := s.means()
			gist += fmt.Sprintf(" %s: %s;", s.words, endsOf(epochs, mean, "epochs"))
		}
		gist = strings.TrimSuffix(gist, ";") + "."
	}
	plot.Caption = spreadNote(p) + " Accuracy (%)." + gist
	if p.Controls && epochs[0] == 0 {
		plot.Caption += " Tuned not at all, and without regrowth, is the pruned network."
	}
	return plot, nil
}

// endsOf says what a course is at its first place, its second and its last.
func endsOf(places []int, mean []float64, unit string) string {
	var parts []string
	for k := range places {
		if k < 2 || k == len(places)-1 {
			parts = append(parts, fmt.Sprintf("%s after %d", decimal(mean[k]), places[k]))
		}
	}
	return strings.Join(parts, ", ") + " " + unit
}

// subjectValues are a metric of an arm, by subject.
func subjectValues(p protocols.Protocol, r *protocols.Result, arm, metric string) []float64 {
	return courseOf(p, r, protocols.Heading{Name: arm}, []string{metric}).values[0]
}

// regrowthCyclesPlot shows the sparsity and the accuracy cycle by cycle, for sites
// chosen by gradient and at random.
func regrowthCyclesPlot(p *protocols.Ch03, r *protocols.Result) (*chart.Plot, error) {
	most := slices.Max(p.ChronicCycles)
	hard := p.Hardest()
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Part B: regrowth in cycles (%s)", subjects(p)),
		Aspect: 0.75,
	}
	gist := ""
	for _, k := range []struct{ title, label, words, metric, battery string }{
		{"sparsity", "sparsity, weights (%)", "sparsity (%)", "cycle_sparsity_weights", "sparsity_weights"},
		{hard.Words, "accuracy (%)", "accuracy (%) under " + hard.Words, "cycle_hardest", hard.Name},
	} {
		var list []series
		gist += fmt.Sprintf(" %s:", words.Capital(k.words))
		for _, arm := range []struct {
			name, words, like string
			ours              bool
		}{
			{protocols.ChronicArm(most), "sites by gradient", protocols.ArmRecoveredGradient, false},
			{protocols.ChronicRandomArm(most), "sites at random (ours)", protocols.ArmRecoveredRandom, true},
		} {
			s := cycleSeries(p, r, arm.name, k.metric, k.battery, most)
			if s.words, s.like, s.ours = arm.words, arm.like, arm.ours; !s.empty() {
				list = append(list, s)
				mean := s.means()
				gist += fmt.Sprintf(" %s: %s;", arm.words, endsOf(places(most+1), mean, "cycles"))
			}
		}
		gist = strings.TrimSuffix(gist, ";") + "."
		if list == nil {
			return nil, fmt.Errorf("the run has no cycles of regrowth")
		}
		for _, c := range p.ChronicCycles {
			if f, ok := publishedFigure(p, protocols.ChronicArm(c), k.battery); ok {
				list[0].book = append(list[0].book, bookPoint(f, float64(c), f.Mean, chart.Ink))
			}
		}
		panel := seriesPanel(k.title, chart.Axis{Label: "cycle", Whole: true}, chart.Axis{Label: k.label, Min: -2, Max: 105, Ticks: percentTicks}, list)
		plot.Panels = append(plot.Panels, panel)
	}
	plot.Caption = spreadNote(p) + fmt.Sprintf(" Each cycle gives back %s %% of what is still cut and tunes for %s; cycle 0 is the pruned network.", plain(100*p.ChronicFraction), counted(p.ChronicEpochs, "epoch")) + gist
	return plot, nil
}

// cycleSeries is the course of an arm from the pruned network on, cycle by
// cycle.
func cycleSeries(p *protocols.Ch03, r *protocols.Result, arm, metric, battery string, most int) series {
	var conditions []string
	s := series{at: []float64{0}}
	for cycle := 1; cycle <= most; cycle++ {
		s.at = append(s.at, float64(cycle))
		conditions = append(conditions, strconv.Itoa(cycle))
	}
	s.course = courseAt(p, r, arm, metric, conditions)
	if !s.empty() {
		s.values = append([][]float64{subjectValues(p, r, p.PrunedArm(), battery)}, s.values...)
	}
	return s
}

// regimens are the arms of parts A and B and their controls, in groups, with
// words that tell them apart without their tables.
func regimens(p *protocols.Ch03) [][]protocols.Heading {
	var consolidation, cycles, random, alone []protocols.Heading
	for _, e := range ascending(p.ConsolidationEpochs) {
		consolidation = append(consolidation, regrown(protocols.ConsolidationArm(e), p.RegrowFraction, e))
	}
	bursts := []protocols.Heading{
		regrown(p.AcuteModerateArm(), p.AcuteModerateFraction, p.AcuteModerateEpochs),
		regrown(p.AcuteFullArm(), p.AcuteFullFraction, p.AcuteFullEpochs),
	}
	for _, c := range ascending(p.ChronicCycles) {
		cycles = append(cycles, inOneLine(protocols.ChronicArm(c), "%s, %s", counted(c, "cycle"), counted(c*p.ChronicEpochs, "epoch")))
		random = append(random, inOneLine(protocols.ChronicRandomArm(c), "%s at random (ours)", counted(c, "cycle")))
	}
	groups := [][]protocols.Heading{consolidation, bursts, cycles}
	if p.Controls {
		for _, h := range p.TunedArms() {
			alone = append(alone, inOneLine(h.Name, "%s", strings.Replace(h.Words, " 1 epochs", " 1 epoch", 1)))
		}
		groups = append(groups, random, alone)
	}
	return groups
}

// regrown names an arm with one regrowth.
func regrown(arm string, fraction float64, epochs int) protocols.Heading {
	return inOneLine(arm, "regrown %s %%, %s", plain(100*fraction), counted(epochs, "epoch"))
}

// counted says how many there are.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// inOneLine names an arm with words that do not break: the rows are many.
func inOneLine(arm, format string, text ...any) protocols.Heading {
	return protocols.Heading{Name: arm, Words: strings.ReplaceAll(fmt.Sprintf(format, text...), " ", words.NBSP)}
}

// regimenPanel draws all regimens as rows, with lines between their groups, and one
// line behind all.
func regimenPanel(p *protocols.Ch03, title string, x chart.Axis, row func(arm string) dotRow, line chart.VLine) (panel chart.Panel, arms []protocols.Heading, note string) {
	lines := []chart.Layer{line}
	for _, g := range regimens(p) {
		if len(g) == 0 {
			continue
		}
		if arms != nil {
			lines = append(lines, chart.HLine{At: 0.5 - float64(len(arms)), Colour: chart.Light})
		}
		arms = append(arms, g...)
	}
	const most = 40 // on a page
	arms, note = shown(arms, most)
	return dotPanel(title, x, arms, row, lines[:min(len(lines), 1+most)]...), arms, note
}

// regimensPlot shows the accuracy under the strongest noise in every arm of
// parts A and B.
func regimensPlot(p *protocols.Ch03, r *protocols.Result) (*chart.Plot, error) {
	hard := p.Hardest()
	panel, arms, note := regimenPanel(p, "", accuracyAxis, func(arm string) dotRow {
		row := rowOf(p, r, arm, hard.Name)
		row.low, row.high = meanInterval(row.values, arm+" "+hard.Name)
		return row
	}, chart.VLine{At: chance, Dash: chart.Dashed})
	panel.X.Label = fmt.Sprintf("accuracy (%%) under %s", hard.Words)
	const width = 14.5
	return &chart.Plot{
		Title:  fmt.Sprintf("Every regimen under strong noise (%s)", subjects(p)),
		Width:  width,
		Aspect: dotAspect(arms, 1, width),
		Panels: []chart.Panel{panel},
		Caption: "From above: part A, one regrowth with tuning of each length; part B, one burst, or cycles; and beyond the book, cycles with sites at random, and tuning alone. " +
			"Dashed: chance. Intervals of the mean: " + wideNote + ". Mean accuracy (%):" + words.Untie(meansOf(r, arms, hard.Name, 1)) + "." + note,
	}, nil
}

// secondPruningOfRegimens shows what each regimen loses in the second pruning:
// under the noise that it had before, which is ours, and under new noise, as in
// the book.
func secondPruningOfRegimens(p *protocols.Ch03, r *protocols.Result) (*chart.Plot, error) {
	plot := &chart.Plot{
		Title:  fmt.Sprintf("Second pruning: what cutting %s %% of the live weights takes away (%s)", plain(100*p.RelapseFraction), subjects(p)),
		ShareX: true,
		ShareY: true,
	}
	gist, note := "", ""
	for _, noise := range secondPrunings {
		panel, arms, more := regimenPanel(p, noise.title, dropAxis, func(arm string) dotRow {
			row, _ := noise.row(p, r, arm)
			return row
		}, chart.VLine{At: 0, Colour: chart.Light})
		plot.Panels = append(plot.Panels, panel)
		plot.Aspect, note = dotAspect(arms, 2, chart.DoubleColumn), more
		if gist == "" {
			gist = words.Untie(meansOf(r, arms, noise.drop, 2))
		}
	}
	plot.Caption = dropNote + "Mean drop under the same noise:" + gist + "." + note
	return plot, nil
}
