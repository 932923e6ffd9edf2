package live

import (
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/protocols"
)

// A Turn is a plot of the notebook with parameters that are dials there.
type Turn struct {
	Plot  string
	Dials []struct {
		Parameter string
		Values    []string
	}
}

// turnsHere are the parameters that a dial of the page stands for.
var turnsHere = []string{"ManiaTestBias", "ManiaTestSigma"}

// places are the pictures of the notebook's dials that the page cannot turn by itself:
// of their places those that are stored, and those for which nothing is trained.
func places(ctx context.Context, e *engine.Engine, p protocols.Protocol, turn *Turn) ([]Places, error) {
	if turn == nil {
		return nil, nil
	}
	parameters := protocols.Parameters(p)
	var list []Places
	for _, dial := range turn.Dials {
		if slices.Contains(turnsHere, dial.Parameter) {
			continue
		}
		i := slices.IndexFunc(parameters, func(q protocols.Parameter) bool { return q.Name == dial.Parameter })
		if i < 0 {
			continue
		}
		q := parameters[i]
		own := Places{Name: dial.Parameter, At: -1}
		for _, value := range dial.Values {
			other, err := protocols.With(p, map[string]string{dial.Parameter: value})
			if err != nil {
				return nil, err
			}
			_, epochs, err := e.Lacks(other, func(*protocols.Node, protocols.Reading) bool { return true })
			if err != nil {
				return nil, err
			}
			if epochs > 0 {
				continue
			}
			place, err := drawn(ctx, e, other, turn.Plot)
			if err != nil {
				return nil, err
			}
			place.Value = value
			if value == q.Value {
				own.At = len(own.Values)
			}
			own.Values = append(own.Values, place)
		}
		if len(own.Values) < 2 || own.At < 0 {
			continue // there is nothing to choose
		}
		meaning, unit := q.Meaning, ""
		if q.Unit != "" {
			unit = " (" + q.Unit + ")"
		}
		own.Words = fmt.Sprintf("Another dial of this chapter needs networks that the page does not carry, and shows pictures that were made with it, of the same subjects: %s%s.", strings.TrimSuffix(meaning, "."), unit)
		list = append(list, own)
	}
	return list, nil
}

// drawn is a plot of a run as an image.
func drawn(ctx context.Context, e *engine.Engine, p protocols.Protocol, plot string) (Place, error) {
	result, err := e.Run(ctx, p, nil)
	if err != nil {
		return Place{}, err
	}
	picture, err := figures.Plot(p, result, plot)
	if err != nil {
		return Place{}, err
	}
	svg, err := picture.SVG()
	if err != nil {
		return Place{}, err
	}
	return Place{Alt: picture.Text(), Source: template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg))}, nil
}
