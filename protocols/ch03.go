package protocols

import (
	"fmt"
	"slices"
	"strconv"
)

// Ch03 is chapter 3: does longer tuning after regrowth (part A), or regrowth in
// cycles (part B), protect against strong internal noise and a second pruning?
//
// The arms of part A are points on one training call here, where the book
// trains each anew; all arms branch from the subject's one pruned network.
type Ch03 struct {
	Repair
	InputSigmas      []float64 `default:"1,2" range:"(0,100] each once" unit:"SD" meaning:"noise added to the standard test set's inputs"`
	LeftoverGradient bool      `default:"true" meaning:"whether the gradient of the last training batch is added to the scores where the author's program does so; it decides ties"`
	SweepSparsities  []float64 `default:"0,0.5,0.7,0.8,0.9,0.93,0.95,0.97,0.99" range:"[0,1) each once" unit:"share of each weight matrix" meaning:"levels of the sparsity sweep, each cut from the subject's trained network"`

	ConsolidationEpochs []int `default:"0,5,10,15,20" range:"[0,10000] each once" unit:"epochs" meaning:"lengths of the tuning after one regrowth (part A)"`

	AcuteModerateFraction float64 `default:"0.6" range:"[0,1]" unit:"share of the cut weights" meaning:"regrown at once in the moderate acute arm (part B)"`
	AcuteModerateEpochs   int     `default:"15" range:"[0,10000]" unit:"epochs" meaning:"tuning after that"`
	AcuteFullFraction     float64 `default:"1" range:"[0,1]" unit:"share of the cut weights" meaning:"regrown at once in the full acute arm"`
	AcuteFullEpochs       int     `default:"20" range:"[0,10000]" unit:"epochs" meaning:"tuning after that"`
	ChronicCycles         []int   `default:"3,6,10" range:"[1,100] each once" unit:"cycles" meaning:"numbers of cycles of the chronic arms"`
	ChronicFraction       float64 `default:"0.4" range:"[0,1]" unit:"share of what is still cut" meaning:"regrown in each cycle"`
	ChronicEpochs         int     `default:"5" range:"[0,10000]" unit:"epochs" meaning:"tuning in each cycle"`
}

// These begin the names of arms; the length of the training or the number of cycles follows.
const (
	ArmConsolidation = "consolidation_"
	ArmChronic       = "chronic_"
	ArmTunedFor      = "tuned_without_regrowth_" // ours
)

func (*Ch03) Chapter() int  { return 3 }
func (*Ch03) Title() string { return "How long to consolidate, and how often to regrow" }

// Defaults are the chapter's own.
func (*Ch03) Defaults() map[string]string {
	return map[string]string{"InternalSigmas": "0,0.3,0.5,1,1.5,2.5"}
}

// ConsolidationArm is the arm of a length of tuning.
func ConsolidationArm(epochs int) string { return fmt.Sprintf("%s%d_epochs", ArmConsolidation, epochs) }

// ChronicArm is the arm of a number of cycles.
func ChronicArm(cycles int) string { return fmt.Sprintf("%s%d_cycles", ArmChronic, cycles) }

// ChronicRandomArm is its control with random sites (ours).
func ChronicRandomArm(cycles int) string { return ChronicArm(cycles) + "_random" }

// TunedForArm is the control without regrowth and as many epochs (ours).
func TunedForArm(epochs int) string { return fmt.Sprintf("%s%d_epochs", ArmTunedFor, epochs) }

// AcuteModerateArm and AcuteFullArm name the acute arms by their settings, as
// "acute_moderate_60pct_15ep".
func (p *Ch03) AcuteModerateArm() string {
	return acuteArm("moderate", p.AcuteModerateFraction, p.AcuteModerateEpochs)
}

func (p *Ch03) AcuteFullArm() string {
	return acuteArm("full", p.AcuteFullFraction, p.AcuteFullEpochs)
}

func acuteArm(kind string, fraction float64, epochs int) string {
	return fmt.Sprintf("acute_%s_%spct_%dep", kind, strconv.FormatFloat(100*fraction, 'g', 6, 64), epochs)
}

// noLimit leaves the second pruning of part A uncapped. Part B's cap of .99 is
// out of its reach.
const noLimit = 1

// Plant implements Protocol.
func (p *Ch03) Plant(seed int) *Tree {
	t := NewTree(seed)
	full := p.growKeeping(t, p.LeftoverGradient)
	pruned := p.mainArms(full, p.LeftoverGradient, func(n *Node, arm string) { p.longBattery(n, arm, p.InputSigmas) })
	p.sweep(full, p.SweepSparsities)

	arm := func(n *Node, name string) {
		p.shortBattery(n, name)
		p.relapse(n, name, noLimit)
	}
	// Part A: one regrowth, the left-over gradient of the baseline included.
	regrow := p.regrow(p.RegrowFraction)
	regrow.Leftover = p.LeftoverGradient
	regrown := pruned.Then("regrow by gradient", regrow)
	for _, e := range p.ConsolidationEpochs {
		arm(regrown.Then("fine-tune", p.tune(e, p.FinetuneRate)), ConsolidationArm(e))
	}
	// Part B: clones of the pruned network, which hold no gradient.
	acute := func(name string, fraction float64, epochs int) {
		arm(pruned.Then("regrow by gradient", p.regrow(fraction)).Then("fine-tune", p.tune(epochs, p.FinetuneRate)), name)
	}
	acute(p.AcuteModerateArm(), p.AcuteModerateFraction, p.AcuteModerateEpochs)
	p.chronic(pruned, ChronicArm, arm, func(cycle int) Stage {
		r := p.regrow(p.ChronicFraction)
		r.Leftover = p.LeftoverGradient && cycle > 1
		return r
	})
	acute(p.AcuteFullArm(), p.AcuteFullFraction, p.AcuteFullEpochs)
	if p.Controls {
		p.chronic(pruned, ChronicRandomArm, arm, func(int) Stage { return RegrowRandom{p.ChronicFraction, p.RegrowScale} })
		for _, e := range p.controlEpochs() {
			arm(pruned.Then("fine-tune without regrowth", p.tune(e, p.FinetuneRate)), TunedForArm(e))
		}
	}
	return t
}

// chronic runs the longest of the chronic courses and measures an arm where
// each of them ends.
func (p *Ch03) chronic(pruned *Node, name func(int) string, arm func(*Node, string), regrow func(cycle int) Stage) {
	tune := p.tune(p.ChronicEpochs, p.FinetuneRate)
	tune.KeepGradient = p.LeftoverGradient
	n := pruned
	for cycle := 1; cycle <= slices.Max(p.ChronicCycles); cycle++ {
		n = n.Then("regrow", regrow(cycle)).Then("fine-tune", tune)
		n.Measure(name(slices.Max(p.ChronicCycles)), seedText(cycle), "cycle_sparsity_weights", Sparsity{})
		n.Measure(name(slices.Max(p.ChronicCycles)), seedText(cycle), "cycle_hardest", Accuracy{Data: p.standard(), Sigma: slices.Max(p.InternalSigmas)})
		if slices.Contains(p.ChronicCycles, cycle) {
			arm(n, name(cycle))
		}
	}
}

// controlEpochs are the lengths that the arms with regrowth are tuned for.
func (p *Ch03) controlEpochs() []int {
	epochs := append([]int{p.FinetuneEpochs, p.AcuteModerateEpochs, p.AcuteFullEpochs}, p.ConsolidationEpochs...)
	for _, c := range p.ChronicCycles {
		epochs = append(epochs, c*p.ChronicEpochs)
	}
	slices.Sort(epochs)
	epochs = slices.Compact(epochs)
	return slices.DeleteFunc(epochs, func(e int) bool { return e == 0 })
}

// TunedArms are the controls without regrowth, by their lengths.
func (p *Ch03) TunedArms() []Heading {
	if !p.Controls {
		return nil
	}
	var arms []Heading
	for _, e := range p.controlEpochs() {
		arms = append(arms, ours(TunedForArm(e), fmt.Sprintf("tuned %d epochs", e)))
	}
	return arms
}

// Derive implements Protocol.
func (p *Ch03) Derive(rows []Row) []Row {
	derived := p.deriveMain(3, rows, map[string]string{"severe_noise": InternalMetric(1)}, p.SweepSparsities)
	d := bySubject(3, rows)
	d.each(relapseDrops)
	for _, c := range p.ChronicCycles {
		p.deriveSites(d, c)
	}
	return append(derived, d.rows...)
}

// sitesMetric is the advantage of adaptive sites over random ones, in points of
// the accuracy under the strongest noise, after as many cycles (ours).
const sitesMetric = "advantage_over_random_sites"

// deriveSites derives that advantage after a number of cycles.
func (p *Ch03) deriveSites(d *derivation, cycles int) {
	d.each(func(s *subjectRows) {
		if s.Arm != ChronicArm(cycles) {
			return
		}
		adaptive, ok1 := s.value(p.hardest())
		random, ok2 := d.of(ChronicRandomArm(cycles), s.Seed).value(p.hardest())
		if ok1 && ok2 {
			s.add(sitesMetric, adaptive-random)
		}
	})
}

// Tables implements Protocol.
func (p *Ch03) Tables() []Layout {
	metrics := append([]Heading{{Name: "sparsity_weights", Words: "sparsity, weights (%)"}, {Name: "clean", Words: "clean"}, {Name: "standard", Words: "standard"}}, p.InternalTests()...)
	metrics = append(metrics, Heading{Name: "combined", Words: "combined"}, Heading{Name: "post_relapse_combined", Words: "combined after the second pruning"},
		Heading{Name: "relapse_drop_points", Words: "drop (points; positive is a loss)"}, ours("relapse_drop_same_noise", "drop under the same noise"))
	var consolidation, chronic []Heading
	for _, e := range p.ConsolidationEpochs {
		consolidation = append(consolidation, Heading{Name: ConsolidationArm(e), Words: fmt.Sprintf("%d epochs", e)})
	}
	for _, c := range p.ChronicCycles {
		chronic = append(chronic, Heading{Name: ChronicArm(c), Words: fmt.Sprintf("%d cycles", c)})
	}
	if p.Controls {
		for _, c := range p.ChronicCycles {
			chronic = append(chronic, ours(ChronicRandomArm(c), fmt.Sprintf("%d cycles at random", c)))
		}
	}
	main := p.Repair
	main.Controls = false // the tuned arms stand in a table of their own
	list := []Layout{
		main.mainTable("table 1", p.InputSigmas),
		{Name: "table 2", Title: "Part A: tuning for so long after one regrowth", Arms: consolidation, Metrics: metrics},
		{Name: "table 3", Title: "Part B: one burst of regrowth", Metrics: metrics, Arms: []Heading{
			{Name: p.AcuteModerateArm(), Words: fmt.Sprintf("moderate: %v %%, %d epochs", 100*p.AcuteModerateFraction, p.AcuteModerateEpochs)},
			{Name: p.AcuteFullArm(), Words: fmt.Sprintf("full: %v %%, %d epochs", 100*p.AcuteFullFraction, p.AcuteFullEpochs)},
		}},
		{Name: "table 4", Title: "Part B: regrowth in cycles", Arms: chronic, Metrics: metrics},
	}
	if p.Controls {
		list = append(list, Layout{Name: "adaptive sites", Ours: true, Title: "What the adaptive choice of sites adds to as many cycles at random sites", Arms: chronic[:len(p.ChronicCycles)],
			Metrics: []Heading{{Name: p.hardest(), Words: "internal noise, SD " + Format(slices.Max(p.InternalSigmas))}, {Name: sitesMetric, Words: "more than with random sites (points)"}}})
	}
	if controls := p.TunedArms(); controls != nil {
		list = append(list, Layout{Name: "tuning alone", Title: "Tuning without regrowth, for as many epochs as the arms above", Arms: controls, Metrics: metrics})
	}
	return append(list, Layout{
		Name: "contrast", Title: "Regrowth by gradient and at random, as the chapter prints it",
		Arms:    []Heading{{Name: ArmContrast, Words: "accuracy (%)"}},
		Metrics: []Heading{{Name: "gradient_severe_noise", Words: "by gradient, internal noise SD 1"}, {Name: "random_severe_noise", Words: "at random, internal noise SD 1"}},
	}, p.cliffTable())
}

// Contrasts implements Protocol.
func (p *Ch03) Contrasts() []Contrast {
	hardest := InternalMetric(slices.Max(p.InternalSigmas))
	main := p.Repair
	main.Controls = false
	list := main.mainContrasts([]string{"combined", hardest})
	for _, m := range []string{hardest, "combined", "relapse_drop_same_noise"} {
		longest, shortest := slices.Max(p.ConsolidationEpochs), 0
		for _, e := range slices.Sorted(slices.Values(p.ConsolidationEpochs)) {
			if e > 0 && shortest == 0 {
				shortest = e
			}
		}
		if shortest > 0 && shortest < longest {
			list = append(list, Contrast{Question: "Does longer tuning help?", Arm: ConsolidationArm(longest), Against: ConsolidationArm(shortest), Metric: m})
		}
		for _, c := range p.ChronicCycles {
			list = append(list, Contrast{Question: "Do cycles beat one burst?", Arm: ChronicArm(c), Against: p.AcuteModerateArm(), Metric: m})
		}
		if p.Controls {
			for _, c := range p.ChronicCycles {
				list = append(list,
					Contrast{Question: "Is it the choice of sites?", Arm: ChronicArm(c), Against: ChronicRandomArm(c), Metric: m})
				if c*p.ChronicEpochs > 0 {
					list = append(list, Contrast{Question: "Is it more than the tuning?", Arm: ChronicArm(c), Against: TunedForArm(c * p.ChronicEpochs), Metric: m})
				}
			}
		}
	}
	if few, many := slices.Min(p.ChronicCycles), slices.Max(p.ChronicCycles); p.Controls && few < many {
		list = append(list, Contrast{Question: "Does the choice of sites matter less after many cycles?", Arm: ChronicArm(many), Against: ChronicArm(few), Metric: sitesMetric})
	}
	return list
}

// Claims are what the chapter says.
func (p *Ch03) Claims() []Claim {
	return settled(slices.Concat(p.consolidationClaims(), p.cyclesClaims(), p.sitesClaims()))
}

// sameNoise is the drop of the second pruning under one noise.
const sameNoise = "relapse_drop_same_noise"

// consolidationClaims are those of part A.
func (p *Ch03) consolidationClaims() []Claim {
	hardest := p.hardest()
	lengths := slices.Sorted(slices.Values(p.ConsolidationEpochs))
	list := []Claim{
		{ID: "3.1", Where: "Part A, p. 62", Words: "Pruning makes the network fail under combined noise", Says: Lower, Contrast: vs(p.PrunedArm(), ArmFull, "combined"), Repeats: "2.2"},
		{ID: "3.2", Where: "Part A, p. 62", Words: "The steepest fall of combined accuracy is beyond 90 %", Says: Higher, Contrast: change(ArmCliff, "collapse_between_90_and_93_points", fallBetween80And90), Repeats: "2.10"},
		{ID: "3.3", Where: "Part A, p. 62", Words: "Regrowth guided by the gradient does better than random regrowth", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, InternalMetric(1)), Control: "random sites from the same pruned network", Repeats: "2.7"},
		{ID: "3.4", Where: "Part A, p. 62", Words: "... in every hard test: under the strongest noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, hardest), Family: Mechanisms, Control: "random sites from the same pruned network"},
		{ID: "3.5", Where: "Part A, p. 62", Words: "... and under combined noise", Says: Higher, Contrast: vs(ArmRecoveredGradient, ArmRecoveredRandom, "combined"), Family: Mechanisms, Control: "random sites from the same pruned network"},
	}
	n := len(lengths)
	if n < 3 {
		return list
	}
	long, late, short, none := ConsolidationArm(lengths[n-1]), ConsolidationArm(lengths[n-2]), ConsolidationArm(lengths[1]), ConsolidationArm(lengths[0])
	return append(list,
		Claim{ID: "3.6", Where: "Part A, p. 62", Words: "Consolidation lifts the accuracy under the strongest noise by tens of points", Says: Higher, Contrast: vs(long, none, hardest), Control: "the regrown network without training"},
		Claim{ID: "3.7", Where: "Part A, p. 62", Words: "Longer consolidation protects against strong internal noise", Says: Higher, Contrast: vs(long, short, hardest), Control: "the same regrown network, tuned for fewer epochs"},
		Claim{ID: "3.8", Where: "Part A, p. 62", Words: "Longer consolidation protects against a second pruning", Says: Lower, Contrast: vs(long, short, sameNoise), Control: "the same; drops under the same noise before and after"},
		Claim{ID: "3.9", Where: "Part A, p. 62", Words: "After the longest a second pruning takes nothing", Says: Same, Contrast: change(long, "post_relapse_same_noise", "combined"), Control: "the same network before it, under the same noise"},
		Claim{ID: "3.10", Where: "Part A, p. 62", Words: "The gain from consolidation ends at 15 to 20 epochs", Says: Same, Contrast: vs(long, late, hardest), Control: "the length before it"},
		Claim{ID: "3.11", Where: "Part A, p. 62", Words: "Regrown and consolidated, the network is as good as the dense one under combined noise", Says: Same, Contrast: vs(long, ArmFull, "combined"), Control: "the full network of the same subject"})
}

// cyclesClaims are those of part B.
func (p *Ch03) cyclesClaims() []Claim {
	hardest := p.hardest()
	cycles := slices.Sorted(slices.Values(p.ChronicCycles))
	few, most := cycles[0], cycles[len(cycles)-1]
	equal := slices.MinFunc(cycles, func(a, b int) int {
		return absolute(a*p.ChronicEpochs-p.AcuteModerateEpochs) - absolute(b*p.ChronicEpochs-p.AcuteModerateEpochs)
	})
	list := []Claim{
		{ID: "3.12", Where: "Part B, p. 66", Words: "Regrowth in cycles beats one burst under strong internal noise", Says: Higher, Contrast: vs(ChronicArm(equal), p.AcuteModerateArm(), hardest), Control: "one burst with about the same number of epochs"},
		{ID: "3.13", Where: "Part B, p. 66", Words: "Regrowth in cycles protects better against a second pruning", Says: Lower, Contrast: vs(ChronicArm(most), p.AcuteModerateArm(), sameNoise), Control: "one burst; drops under the same noise before and after"},
		{ID: "3.14", Where: "Part B, p. 66", Words: "Cycles outdo a burst that restores every weight", Says: Higher, Contrast: vs(ChronicArm(most), p.AcuteFullArm(), hardest), Control: "more epochs in the cycles"},
		{ID: "3.15", Where: "Part B, p. 66", Words: "... and match it in a second pruning", Says: Same, Contrast: vs(ChronicArm(most), p.AcuteFullArm(), sameNoise)},
		{ID: "3.16", Where: "Part B, p. 66", Words: "More weights back make a more resilient network", Says: Higher, Contrast: vs(p.AcuteFullArm(), p.AcuteModerateArm(), hardest), Control: "the moderate burst, with fewer weights and fewer epochs"},
		{ID: "3.17", Where: "Part B, p. 66", Words: "After the most cycles a second pruning makes the network better", Says: Higher, Contrast: change(ChronicArm(most), "post_relapse_same_noise", "combined"), Control: "the same network before it, under the same noise"},
	}
	if len(cycles) > 2 {
		middle := cycles[len(cycles)/2]
		list = append(list,
			Claim{ID: "3.18", Where: "Part B, p. 66", Words: fmt.Sprintf("More cycles protect more: %d over %d", middle, few), Says: Higher, Contrast: vs(ChronicArm(middle), ChronicArm(few), hardest), Control: "the same network on its way"},
			Claim{ID: "3.19", Where: "Part B, p. 66", Words: fmt.Sprintf("... and %d over %d", most, middle), Says: Higher, Contrast: vs(ChronicArm(most), ChronicArm(middle), hardest), Control: "the same network on its way"})
	}
	return list
}

// sitesClaims ask what makes cycles work.
func (p *Ch03) sitesClaims() []Claim {
	if !p.Controls {
		return nil
	}
	var list []Claim
	most := slices.Max(p.ChronicCycles)
	for i, c := range slices.Sorted(slices.Values(p.ChronicCycles)) {
		words := fmt.Sprintf("It is the adaptive choice of sites that makes cycles work (%d cycles)", c)
		list = append(list, Claim{ID: fmt.Sprintf("3.%d", 21+i), Where: "Interpretation of results, p. 69", Words: words, Says: Higher, Contrast: vs(ChronicArm(c), ChronicRandomArm(c), p.hardest()), Family: Mechanisms, Control: "as many cycles with random sites"})
	}
	if most*p.ChronicEpochs > 0 {
		list = append(list, Claim{ID: "3.20", Where: "Interpretation of results, p. 69", Words: "Cycles do more than their training alone", Says: Higher, Contrast: vs(ChronicArm(most), TunedForArm(most*p.ChronicEpochs), p.hardest()), Family: Mechanisms, Control: "as many epochs without regrowth"})
	}
	return list
}

func absolute(n int) int { return max(n, -n) }
