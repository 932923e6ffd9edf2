package protocols

import "math"

// A Probe measures a subject and changes nothing. Its exported fields are its
// parameters; a reading is addressed by them and by the node it is taken on.
type Probe interface {
	// Kind names the probe and its version, as "accuracy/1".
	Kind() string
}

// Accuracy is the percentage that the network gets right on a data set, the
// subject's modulation on, with noise of the probe's own on top: InputSigma on
// the inputs, Sigma and Bias in every hidden unit. One value.
//
// Its noise depends on the subject's seed and on Draw, so the arms of one seed
// are measured under the same noise, and a measure before and one after can be
// taken under the same noise or under another.
type Accuracy struct {
	Data       Data
	InputSigma float64 `range:"[0,Inf)"` // SD of the input noise
	Sigma      float64 `range:"[0,Inf)"` // SD of the internal noise
	Bias       float64 // mean of the internal noise
	Draw       int     `json:",omitempty" range:"[0,Inf)"` // which of the seed's independent draws of the noise
	InState    bool    `json:",omitempty"`                 // where a recurrent network meets Sigma and Bias (see Modulation)
	Held       bool    `json:",omitempty"`                 // whether one draw serves all its steps
}

func (Accuracy) Kind() string { return "accuracy/1" }

// On is what a subject's modulation becomes while it is measured: variances and
// means of the noise add up.
func (a Accuracy) On(m Modulation) Modulation {
	m.InputSigma = math.Hypot(m.InputSigma, a.InputSigma)
	m.Sigma = math.Hypot(m.Sigma, a.Sigma)
	m.Bias += a.Bias
	m.InState, m.Held = a.InState, a.Held
	return m
}

// Census counts weights. Its values are, for each weight matrix in order, the
// active weights and the size of the matrix, and last the number of biases.
type Census struct{}

func (Census) Kind() string { return "census/1" }

// Losses gives the mean training loss of each epoch of the subject's last
// training call.
type Losses struct{}

func (Losses) Kind() string { return "losses/1" }

// Regions gives the class that the network chooses, in quiet, at each point of
// a square grid of Side x Side points over [-Extent, Extent]^2, row by row from
// the lower left: the picture of what a pruned network still knows.
type Regions struct {
	Side   int     `range:"[2,Inf)"`
	Extent float64 `range:"[0,3e38]"` // of a float32
}

func (Regions) Kind() string { return "regions/1" }

// Magnitudes is the histogram of the weight magnitudes of one weight matrix
// (Layer counts from 0), Bins equal bins from 0 to Upper (what lies above falls
// into the last one). Its values are the Sparsity-quantile of the magnitudes,
// which is where Prune would cut, then the counts.
type Magnitudes struct {
	Layer    int
	Bins     int     `range:"[1,Inf)"`
	Upper    float64 `range:"(0,Inf)"`
	Sparsity float64 `range:"[0,1]"`
}

func (Magnitudes) Kind() string { return "magnitudes/1" }

// Activity is the mean activation of the hidden units on a data set in quiet:
// the mean of |h| over points and units, averaged over the hidden layers, or
// the steps of a recurrent network, h after activation, inhibition and raw gain;
// the stabiliser plays no part (chapters 5 and 10). One value.
type Activity struct {
	Data Data
}

func (Activity) Kind() string { return "activity/1" }

// Sparsity is the masked share of all weights, scars included and biases not,
// in percent. One value.
type Sparsity struct{}

func (Sparsity) Kind() string { return "sparsity/1" }

// ScarLoad is the scarred share of all weights in percent. One value.
type ScarLoad struct{}

func (ScarLoad) Kind() string { return "scar-load/1" }

// Dials reads the modulation. Its values are the gain as set, the gain that the
// stabiliser leaves, and the stabiliser's level.
type Dials struct{}

func (Dials) Kind() string { return "dials/1" }
