package models

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/models/safetensors"
)

// A part is some tensors of a subject in its file: numbers or flags of the
// network's tensors, or the losses.
type part struct {
	name    func(tensor string) string
	wanted  func(tensorSpec) bool // of which tensors there are numbers
	numbers *[][]float32
	flags   *[][]bool // of those that can be pruned; nil where the file has none
	losses  *[]float64
}

// parts are all parts of a subject, in the order of its file.
func (s *Subject) parts(note trainingNote) []part {
	every := func(tensorSpec) bool { return true }
	prunable := func(t tensorSpec) bool { return t.prunable }
	prefixed := func(prefix string, wanted func(tensorSpec) bool, values *[][]float32) part {
		return part{name: func(tensor string) string { return prefix + tensor }, wanted: wanted, numbers: values}
	}
	flagged := func(kind string, values *[][]bool) part {
		return part{name: func(tensor string) string { return flagName(tensor, kind) }, wanted: prunable, flags: values}
	}
	list := []part{prefixed("", every, &s.Tensors), flagged("mask", &s.Masks), flagged("scar", &s.Scars)}
	t := s.Training
	if t == nil {
		return list
	}
	list = append(list, part{losses: &t.Losses})
	if note.Moments {
		list = append(list, prefixed("adam.m.", every, &t.Mean), prefixed("adam.v.", every, &t.Square))
	}
	if note.Gradient { // no bias has one
		list = append(list, prefixed("gradient.", prunable, &t.Gradient))
	}
	if note.Scores {
		list = append(list, prefixed("score.", every, &t.Scores))
	}
	return list
}

// flagName is the name of a mask or scar of a tensor: "fc1.mask" beside
// "fc1.weight".
func flagName(tensor, kind string) string { return strings.TrimSuffix(tensor, ".weight") + "." + kind }

// trainingNote is the part of a Training that stands in the metadata.
type trainingNote struct {
	Epoch    int
	Steps    int
	Moments  bool
	Gradient bool
	Scores   bool `json:",omitempty"`
}

const lossesName = "training.losses"

// Write writes the subject as one safetensors file: tensors by PyTorch's names
// ("fc1.weight"), masks and scars beside them ("fc1.mask", "fc1.scar"), Adam's
// moments ("adam.m.fc1.weight", "adam.v.fc1.weight"), the gradient left behind
// ("gradient.fc1.weight") and the epoch losses ("training.losses"); the rest
// stands in the metadata as JSON. A base stands there by its digest: it is a file
// of its own. Equal subjects give equal bytes.
func (s *Subject) Write(w io.Writer) error {
	net, err := networkOf(s.Network)
	if err != nil {
		return err
	}
	described := map[string]any{"network": s.Network, "modulation": s.Modulation}
	if s.Base != nil {
		described["base"] = s.Base.Digest()
	}
	if s.Watched != nil {
		described["watched"] = s.Watched
	}
	var note trainingNote
	if t := s.Training; t != nil {
		note = trainingNote{t.Epoch, t.Steps, t.Mean != nil, t.Gradient != nil, t.Scores != nil}
		described["training"] = note
	}
	metadata := map[string]string{"format": subjectFormat}
	for name, v := range described {
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("models: subject: %s: %w", name, err)
		}
		metadata[name] = string(text)
	}
	var out []safetensors.Tensor
	for _, p := range s.parts(note) {
		out = append(out, p.tensors(net.tensors())...)
	}
	return safetensors.Write(w, metadata, out)
}

// tensors are the part as a file has it.
func (p part) tensors(specs []tensorSpec) (list []safetensors.Tensor) {
	if p.losses != nil {
		return []safetensors.Tensor{{Name: lossesName, DType: "F64", Shape: []int{len(*p.losses)}, Data: encode(*p.losses)}}
	}
	for i, spec := range specs {
		t := safetensors.Tensor{Name: p.name(spec.name), Shape: spec.shape}
		switch {
		case p.numbers != nil && (*p.numbers)[i] != nil:
			t.DType, t.Data = "F32", encode((*p.numbers)[i])
		case p.flags != nil && *p.flags != nil && p.wanted(spec):
			t.DType, t.Data = "U8", encodeFlags((*p.flags)[i])
		default:
			continue
		}
		list = append(list, t)
	}
	return list
}

// Shared are the parts of a subject that are files of their own because others
// have them, too: the base of a language model.
func (s *Subject) Shared() map[string]func(io.Writer) error {
	if s.Base == nil {
		return nil
	}
	return map[string]func(io.Writer) error{basePart: s.Base.Write}
}

// ReadSubject reads what Write wrote. Anything else is an error. shared opens a
// part that Shared names, where it is not in memory; nil will do for networks that
// have none.
func ReadSubject(r io.Reader, shared func(name string) (io.ReadCloser, error)) (*Subject, error) {
	file, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("models: subject: %w", err)
	}
	s, err := parseSubject(file, shared)
	if err != nil {
		return nil, fmt.Errorf("models: subject: %w", err)
	}
	return s, nil
}

func parseSubject(file []byte, shared func(string) (io.ReadCloser, error)) (*Subject, error) {
	metadata, stored, err := safetensors.Read(file)
	if err != nil {
		return nil, err
	}
	if f := metadata["format"]; f != subjectFormat {
		return nil, fmt.Errorf("format %q, want %q", f, subjectFormat)
	}
	s := &Subject{}
	var base string
	var note trainingNote
	for _, d := range []struct {
		name  string
		value any
	}{{"network", &s.Network}, {"modulation", &s.Modulation}, {"base", &base}, {"watched", &s.Watched}, {"training", &note}} {
		text, ok := metadata[d.name]
		if !ok && d.value != any(&s.Network) && d.value != any(&s.Modulation) {
			continue
		}
		if err := json.Unmarshal([]byte(text), d.value); err != nil {
			return nil, fmt.Errorf("%s: %w", d.name, err)
		}
	}
	net, err := networkOf(s.Network)
	if err != nil {
		return nil, err
	}
	if _, ok := metadata["base"]; ok {
		if s.Base, err = baseOf(base, s.Network, shared); err != nil {
			return nil, err
		}
	}
	if _, ok := metadata["training"]; ok {
		s.Training = &Training{Epoch: note.Epoch, Steps: note.Steps}
	}
	for _, p := range s.parts(note) {
		if err := p.read(net.tensors(), stored, note.Epoch); err != nil {
			return nil, err
		}
	}
	for name := range stored {
		return nil, fmt.Errorf("tensor %q does not belong here", name)
	}
	return s, nil
}

// read takes the part out of a file, so that what is left at the end is what should
// not be there.
func (p part) read(specs []tensorSpec, stored map[string]safetensors.Tensor, epochs int) error {
	take := func(name, dtype string, shape []int) ([]byte, error) {
		t, ok := stored[name]
		if !ok {
			return nil, fmt.Errorf("tensor %q is missing", name)
		}
		if t.DType != dtype || !slices.Equal(t.Shape, shape) {
			return nil, fmt.Errorf("tensor %q is %s %v, want %s %v", name, t.DType, t.Shape, dtype, shape)
		}
		delete(stored, name)
		return t.Data, nil
	}
	if p.losses != nil {
		data, err := take(lossesName, "F64", []int{epochs})
		*p.losses = decode[float64](data)
		return err
	}
	if p.flags != nil {
		if !slices.ContainsFunc(specs, func(spec tensorSpec) bool {
			_, ok := stored[p.name(spec.name)]
			return ok && p.wanted(spec)
		}) {
			return nil
		}
		*p.flags = make([][]bool, len(specs))
	} else {
		*p.numbers = make([][]float32, len(specs))
	}
	for i, spec := range specs {
		if !p.wanted(spec) {
			continue
		}
		name, dtype := p.name(spec.name), "F32"
		if p.flags != nil {
			dtype = "U8"
		}
		data, err := take(name, dtype, spec.shape)
		if err != nil {
			return err
		}
		if p.flags == nil {
			(*p.numbers)[i] = decode[float32](data)
		} else if (*p.flags)[i], err = decodeFlags(data); err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
	}
	return nil
}
