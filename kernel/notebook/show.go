package notebook

import (
	"fmt"

	"github.com/network-fragility/fragility/figures"
	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// Show finds what a notebook asks for; the engine draws with it.
func Show(p protocols.Protocol, req client.ShowRequest) (func(*protocols.Result) (*client.Bundle, error), error) {
	draw, err := figures.Find(p, req.Ask)
	if err != nil {
		return nil, err
	}
	if req.Kind != "" {
		if err := figures.CheckKind(req.Ask, req.Kind); err != nil {
			return nil, err
		}
	}
	return func(r *protocols.Result) (*client.Bundle, error) {
		figure, err := draw(r)
		if err != nil {
			return nil, err
		}
		if req.Kind != "" {
			file, err := figures.Encode(figure, req.Kind)
			return client.FileBundle(file), err
		}
		data, metadata, note, err := figures.Bundle(figure, fmt.Sprintf("ch%02d %s", p.Chapter(), req.Label()))
		if err != nil {
			return nil, err
		}
		bundle := &client.Bundle{Data: data, Metadata: metadata}
		if note != nil {
			bundle.Note = &client.Bundle{Data: note}
		}
		return bundle, nil
	}, nil
}
