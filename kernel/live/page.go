package live

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/binary"

	"github.com/network-fragility/fragility/protocols"
)

// Data is what a page carries, as its script reads it.
type Data struct {
	Chapter   int
	Kernel    string // base64
	Slab      int    // samples that the kernel sees at a time
	Widths    []int
	Short     bool // weights in 16 bits
	Processor string
	Platform  protocols.Platform
	Sets      []protocols.Data
	Centres   []float32 // of the classes [classes, inputs], which clean points are
	Arms      []Arm
	Tests     []Test
	Start     int // the test that the page opens with
	Dials     []Dial
	// Stabiliser is the chapter's, at whatever level; nil where it has none.
	Stabiliser *protocols.Stabiliser `json:",omitempty"`
	Subjects   []Individual
}

// An Arm is a row of the page's picture.
type Arm struct {
	Name, Words, Colour string
	Ours                bool                  // the book lacks it
	Book                map[string]float64    `json:",omitempty"` // what the book prints, by test
	Stabiliser          *protocols.Stabiliser `json:",omitempty"` // at full level, where the chapter has one
}

// A Test is a condition of the chapter under which every arm is measured.
type Test struct {
	Name, Words string
	Conditions
}

// Conditions are those of an accuracy.
type Conditions struct {
	Set                     int // which of the data sets
	InputSigma, Sigma, Bias float64
	Draw                    int
}

// A Dial is a number that the reader turns: those of a test, which are added to a
// subject's own, and those of a modulation, which stand as treated until they are
// turned.
type Dial struct {
	Name, Words, Unit string
	Min, Max, Step    float64
	Own               bool // stands as treated until it is turned; Home is where it lies then
	Home              float64
}

// An Individual is a subject of the run.
type Individual struct {
	Seed     int
	Sets     []Points
	Keys     [][]uint32 // of the noise, by draw
	Masks    []Mask
	Nets     []Packed
	States   []State // of the networks, each with its dials
	Arms     []int   // which state each arm shows
	Readings []Check
}

// Points are a data set: its labels, and the points where they are more than the
// classes' centres.
type Points struct {
	Labels string
	Points string `json:",omitempty"`
}

// A Mask tells which weights live, in a form that many networks share.
type Mask struct {
	Counts []int32
	Gaps   string `json:",omitempty"` // to the next live weight, a byte each, 255 for as many dead ones and no live one; matrix after matrix
	Bits   string `json:",omitempty"` // or a bit a weight
}

// Packed is a network: its mask, and the values.
type Packed struct {
	Mask    int
	Weights string
	Bytes   int       // of a weight: 4; 3, without the lowest; or 2, of a whole number
	Steps   []float32 `json:",omitempty"` // of each matrix, where weights are whole multiples
	Biases  string
	of      *Net
}

// A State is a network under its own dials.
type State struct {
	Net        int
	Key        protocols.Key
	Modulation protocols.Modulation
}

// A Check is a stored reading, which has to come out of the page.
type Check struct {
	State int
	Conditions
	Right int // points of the test set
	Key   protocols.Key
}

// blob is bytes as a page has them: deflated, in base64.
func blob(b []byte) string {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		panic(err) // the level is one
	}
	w.Write(b)
	w.Close()
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// planes is numbers with all first bytes before all second ones, and so on: those
// with sign and exponent have few values, and deflate well.
func planes[T float32 | int16](numbers []T) []byte {
	raw, err := binary.Append(nil, binary.LittleEndian, numbers)
	if err != nil {
		panic(err) // numbers of one size
	}
	size := binary.Size(*new(T))
	out := make([]byte, 0, len(raw))
	for plane := range size {
		for at := plane; at < len(raw); at += size {
			out = append(out, raw[at])
		}
	}
	return out
}

// mask is the live places of a network in the shorter of two forms.
func (n *Net) mask() Mask {
	m := Mask{Counts: n.Counts}
	var gaps, bits []byte
	first := 0
	for l, count := range n.Counts {
		of := make([]byte, (n.Widths[l]*n.Widths[l+1]+7)/8)
		next := int32(0)
		for _, at := range n.Places[first : first+int(count)] {
			for ; at-next >= skipped; next += skipped {
				gaps = append(gaps, skip)
			}
			gaps = append(gaps, byte(at-next))
			next = at + 1
			of[at/8] |= 1 << (at % 8)
		}
		first += int(count)
		bits = append(bits, of...)
	}
	if len(gaps) < len(bits) {
		m.Gaps = blob(gaps)
	} else {
		m.Bits = blob(bits)
	}
	return m
}

// A gap of skip is skipped dead weights and no live one.
const (
	skip    = 255
	skipped = 255
)

// packed is the network's values as the page has them. Where the engine's own sums have
// another order, the lowest byte of a weight decides nothing, and takes the room of the
// arms that the book lacks.
func (n *Net) packed(short bool) Packed {
	p := Packed{Bytes: 4, Biases: blob(planes(n.Biases)), of: n}
	switch {
	case short:
		multiples, step := n.steps()
		p.Bytes, p.Weights, p.Steps, p.of = 2, blob(planes(multiples)), step, n.stepped()
	case n.compiled():
		p.Bytes, p.of = 3, n.trimmed()
		p.Weights = blob(planes(p.of.Weights)[len(n.Weights):])
	default:
		p.Weights = blob(planes(n.Weights))
	}
	return p
}
