package protocols

import "slices"

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

// Check implements Protocol for chapters whose parameters all go together.
func (Subjects) Check() error { return nil }

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

// Architecture is a network by its name.
type Architecture string

// architecture says how chapters 2 to 8 have a network: its description, and how
// many weights each of its matrices has.
type architecture struct {
	network  func(Baseline) Network
	matrices func(Baseline) []int
}

// architectures are those that can be chosen; the file that describes one adds it.
var architectures = map[Architecture]architecture{
	"mlp": {
		Baseline.network,
		func(b Baseline) (sizes []int) {
			in := Dimensions
			for _, units := range append(slices.Clone(b.Hidden), Classes) {
				sizes, in = append(sizes, in*units), units
			}
			return sizes
		},
	},
}

// network is that of the chapter.
func (r *Repair) network() Network {
	if r.recurrent != nil {
		return r.Baseline.network()
	}
	return architectures[r.Architecture].network(r.Baseline)
}

// Weights is the number of weights of the network, cut or not.
func (r *Repair) Weights() (n int) {
	for _, size := range architectures[r.Architecture].matrices(r.Baseline) {
		n += size
	}
	return n
}

// census reads the weights of each matrix of the network.
func (r *Repair) census(arm string) Reading {
	return census(arm, len(architectures[r.Architecture].matrices(r.Baseline)))
}
