package protocols

// The groups of parameters that chapters share. A name means the same in every
// chapter.

// Subjects says who is simulated.
type Subjects struct {
	Profile string `default:"paper" choices:"paper,quick,smoke" meaning:"how much is run: the book's settings, three subjects, or a tiny network in seconds"`
	Seeds   Seeds  `default:"0-9" meaning:"subjects, each with its own data, initial weights and noise"`
	Anew    bool   `default:"false" meaning:"compute here what the record has from elsewhere, too"`
}

// Cohort and Recalls implement Protocol.
func (c Subjects) Cohort() []int { return c.Seeds }
func (c Subjects) Recalls() bool { return !c.Anew }

// Task is the classification task (chapter 1): four classes around four
// centres.
type Task struct {
	TrainSamples int     `default:"12000" range:"[1,1000000]" unit:"points" meaning:"training set"`
	TestSamples  int     `default:"4000" range:"[1,1000000]" unit:"points" meaning:"standard test set, with the noise of the task"`
	CleanSamples int     `default:"2000" range:"[1,1000000]" unit:"points" meaning:"clean test set: the four class centres alone, so its accuracy takes one of 16 values"`
	DataSigma    float64 `default:"0.8" range:"[0,100]" unit:"SD of a coordinate" meaning:"noise of the task, in the training and the standard test set"`
}

func (t Task) train() Data    { return Data{TrainSet, t.TrainSamples, t.DataSigma} }
func (t Task) standard() Data { return Data{StandardSet, t.TestSamples, t.DataSigma} }
func (t Task) clean() Data    { return Data{CleanSet, t.CleanSamples, 0} }

// Recurrent is the network of chapter 10, a GRU that is shown the same point at
// every step.
type Recurrent struct {
	GRUHidden      int `default:"384" range:"[1,8192]" unit:"units" meaning:"state of the recurrent network"`
	SequenceLength int `default:"20" range:"[1,1000]" unit:"steps" meaning:"how often the recurrent network is shown each point"`
}

// Baseline is the network and its first training call (chapter 1).
type Baseline struct {
	Hidden         []int   `default:"512,512,256" range:"[1,8192]" most:"64" unit:"units" meaning:"hidden layers of the network"`
	BatchSize      int     `default:"128" range:"[1,100000]" unit:"points" meaning:"of every training call; the last batch of an epoch may be smaller"`
	BaselineEpochs int     `default:"20" range:"[0,10000]" unit:"epochs" meaning:"first training, before anything is cut"`
	BaselineRate   float64 `default:"0.001" range:"(0,10]" unit:"Adam step size" meaning:"rate of the first training"`

	recurrent *Recurrent // the network in place of Hidden (chapter 10); nil is none
}

func (b Baseline) network() Network {
	if r := b.recurrent; r != nil {
		return Network{Kind: "gru", Inputs: Dimensions, Hidden: []int{r.GRUHidden}, Outputs: Classes, Steps: r.SequenceLength}
	}
	return Network{Kind: "mlp", Inputs: Dimensions, Hidden: b.Hidden, Outputs: Classes}
}

// grow starts a subject: a new network and its first training.
func (b Baseline) grow(t *Tree, data Data) *Node {
	return t.Root.
		Then("initialise", Initialise{b.network()}).
		Then("baseline", Train{Data: data, BatchSize: b.BatchSize, Epochs: b.BaselineEpochs, Rate: b.BaselineRate})
}

// Repair is what chapters 2 to 8 share: a network, what it is cut to, and how
// weights come back.
type Repair struct {
	Subjects
	Task
	Baseline
	PruneSparsity   float64 `default:"0.95" range:"[0,1)" unit:"share of each weight matrix" meaning:"weights cut, the smallest first"`
	PruneRule       string  `default:"matrix" choices:"matrix,global,random" meaning:"what is cut: the smallest weights of each matrix, those of the whole network, or any of each matrix"`
	RegrowFraction  float64 `default:"0.5" range:"[0,1]" unit:"share of the cut weights" meaning:"sites given back"`
	RegrowScale     float64 `default:"0.03" range:"[0,10]" unit:"SD" meaning:"of the regrown weights"`
	GradientBatches int     `default:"30" range:"[1,100000]" unit:"batches" meaning:"scored before a gradient-guided regrowth"`
	TieRule         string  `default:"random" choices:"random,first,last" meaning:"which of equal scores are regrown first; after pruning most scores are exactly 0"`
	FinetuneEpochs  int     `default:"15" range:"[0,10000]" unit:"epochs" meaning:"training after regrowth, and of the control without regrowth"`
	FinetuneRate    float64 `default:"0.0005" range:"(0,10]" unit:"Adam step size" meaning:"rate of every training after the first, unless it has its own"`
	RelapseFraction float64 `default:"0.4" range:"[0,1]" unit:"share of the live weights" meaning:"cut in the second pruning, the relapse challenge"`
	Measures
	Controls bool    `default:"true" meaning:"whether our control arms, which the book lacks, are run too"`
	Robust   ClaimID `default:"" meaning:"claim that is asked under other reasonable choices, too, as \"5.25\""`
}

// Measures are the levels of noise that networks are tested under.
type Measures struct {
	InternalSigmas     []float64 `default:"0,0.5,1,1.5,2.5" range:"[0,100] each once" unit:"SD" meaning:"internal noise added to every hidden unit, on the standard test set"`
	CombinedInputSigma float64   `default:"1" range:"[0,100]" unit:"SD" meaning:"input noise of the combined test"`
	CombinedSigma      float64   `default:"0.5" range:"[0,100]" unit:"SD" meaning:"internal noise of the combined test"`
}

// tune is a training call after the first.
func (r *Repair) tune(epochs int, rate float64) Train {
	return Train{Data: r.train(), BatchSize: r.BatchSize, Epochs: epochs, Rate: rate}
}

// regrow is gradient-guided regrowth of a share of what is pruned.
func (r *Repair) regrow(fraction float64) RegrowGradient {
	return RegrowGradient{
		Data: r.train(), BatchSize: r.BatchSize, Batches: r.GradientBatches,
		Fraction: fraction, Scale: r.RegrowScale, Ties: Ties(r.TieRule),
	}
}

// combined is the combined test: the standard set with input noise and internal
// noise (chapter 2). draw says which draw of the noise.
func (r *Repair) combined(draw int) Accuracy {
	return Accuracy{Data: r.standard(), InputSigma: r.CombinedInputSigma, Sigma: r.CombinedSigma, Draw: draw}
}

// internal measures the standard set under each level of internal noise.
func (r *Repair) internal(n *Node, arm, condition string) {
	for _, s := range r.InternalSigmas {
		n.Measure(arm, condition, InternalMetric(s), Accuracy{Data: r.standard(), Sigma: s})
	}
}

// shortBattery is the measures of chapters 3 to 8: clean, standard, the levels
// of internal noise, combined, and the sparsity over weights.
func (r *Repair) shortBattery(n *Node, arm string) {
	n.Measure(arm, "", "clean", Accuracy{Data: r.clean()})
	n.Measure(arm, "", "standard", Accuracy{Data: r.standard()})
	r.internal(n, arm, "")
	n.Measure(arm, "", "combined", r.combined(0))
	n.Measure(arm, "", "sparsity_weights", Sparsity{})
}

// relapse is the second pruning: no training, then the combined test. The book
// takes it under new noise, which sets how much the drop scatters; ours is taken
// again under the noise of the battery, so that what remains is the pruning.
func (r *Repair) relapse(n *Node, arm string, limit float64) {
	n.Then("second pruning", PruneFurther{r.RelapseFraction, limit, r.rule()}).
		Measure(arm, "", "post_relapse_combined", r.combined(1)).
		Measure(arm, "", "post_relapse_same_noise", r.combined(0))
}

// relapseDrops derives the drops of the second pruning, in points: positive is
// a loss, as the author's program has it.
func relapseDrops(s *subjectRows) {
	s.difference("relapse_drop_points", "combined", "post_relapse_combined")
	s.difference("relapse_drop_same_noise", "combined", "post_relapse_same_noise")
}

// InternalMetric names the accuracy under internal noise of an SD,
// "internal_0_5".
func InternalMetric(sigma float64) string { return "internal_" + metricNumber(sigma) }
