package protocols

import (
	"fmt"
	"strconv"
	"strings"
)

// A Setting is what a reader is told of a stage: a number, or two that it runs
// between, and the words around them; or words alone.
type Setting struct {
	Name   string // before the numbers: "rate"
	Values []float64
	Unit   string // after them: "epochs"
}

// Described is a stage that says its settings. What its name says already, and a
// gain that is there already, whoever shows them may leave out.
type Described interface{ Settings() []Setting }

// Geared is a stage that sets the gain, which was at another value before.
type Geared interface{ GainAfter(gain float64) float64 }

// setting is one number with its unit.
func setting(v float64, unit string) Setting { return Setting{Values: []float64{v}, Unit: unit} }

// named is one number with its name.
func named(name string, v float64) Setting { return Setting{Name: name, Values: []float64{v}} }

// course is what a ramp does.
func course(name string, r Ramp) Setting {
	if r.From == r.To {
		return named(name, r.From)
	}
	return Setting{Name: name, Values: []float64{r.From, r.To}}
}

// percent is a share, in percent to six digits.
func percent(share float64, unit string) Setting {
	v, err := strconv.ParseFloat(strconv.FormatFloat(100*share, 'g', 6, 64), 64)
	if err != nil {
		panic(err) // it was printed here
	}
	return setting(v, strings.TrimSpace("% "+unit))
}

// Layers are the units of a network, "2–512–512–256–4".
func (n Network) Layers() []Setting {
	if n.Kind == "llama" {
		layers := fmt.Sprintf("%d layers of %d", n.Llama.Layers, n.Llama.Width)
		if n.Llama.Layers == 1 {
			layers = fmt.Sprintf("1 layer of %d", n.Llama.Width)
		}
		return []Setting{{Name: "Llama"}, {Name: layers}}
	}
	sizes := []string{strconv.Itoa(n.Inputs)}
	for _, h := range n.Hidden {
		sizes = append(sizes, strconv.Itoa(h))
	}
	text := strings.Join(append(sizes, strconv.Itoa(n.Outputs)), "–")
	if n.Steps > 0 {
		return []Setting{{Name: strings.ToUpper(n.Kind) + " " + text}, {Name: fmt.Sprintf("%d steps", n.Steps)}}
	}
	return []Setting{{Name: text}}
}
