package models

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// A Subject is one simulated individual at one moment. It is immutable once
// made: a stage that alters a tensor makes a new one, and subjects share what
// did not change.
type Subject struct {
	Network protocols.Network

	// Tensors has the values of each tensor of the network, in the network's
	// order (a layer's weight, then its bias), row-major, a weight matrix as
	// PyTorch has it: [out, in].
	Tensors [][]float32

	// Masks tells, for each tensor that can be pruned (the entry is nil for the
	// others), which weights are active. It is nil before the first pruning.
	Masks [][]bool

	// Scars tells, in the same way, which weights are lost for good: they are
	// never regrown. It is nil while there are none.
	Scars [][]bool

	Modulation protocols.Modulation

	// Base is the frozen part of a language model, whose Tensors are those of its
	// adapters; nil for other networks.
	Base *Base

	// Watched is what the early intervention of chapter 9 keeps; nil before it
	// begins.
	Watched *Watched

	// Training is what is kept of the last training call; nil before the first.
	Training *Training
}

// Watched is the state of an early intervention.
type Watched struct {
	First float64 // the rate at which the subject gave way to begin with, in percent
	Fired int     // the cycle in which the trigger fired; 0 while it has not
}

// Training is the state of a training call.
type Training struct {
	Epoch  int       // epochs done
	Steps  int       // optimiser steps done
	Losses []float64 // mean loss of each epoch, over its batches

	// Mean and Square are Adam's moments, like Subject.Tensors. They are nil
	// once another stage has altered the subject: the call cannot go on then.
	Mean, Square [][]float32

	// Gradient is that of the mean loss of the call's last batch, taken before
	// the batch's step, like Subject.Tensors with nil where a tensor cannot be
	// pruned; masked weights have one, too. It is nil unless the call was to
	// keep it, and outlives stages that alter the weights.
	Gradient [][]float32

	// Scores is the sum of the gradient's magnitudes that Turnover goes by (chapter
	// 9), like Subject.Tensors; nil where there is none.
	Scores [][]float32
}

// subjectFormat is the version of the file format below.
const subjectFormat = "fragility-subject/2"

// altered returns a copy of s for a stage that changes its weights or dials:
// the slices that the stage will replace are its own, the training call is over.
func (s *Subject) altered() *Subject {
	c := *s
	c.Tensors = slices.Clone(s.Tensors)
	c.Masks = slices.Clone(s.Masks)
	c.Scars = slices.Clone(s.Scars)
	if t := s.Training; t != nil {
		c.Training = &Training{Epoch: t.Epoch, Steps: t.Steps, Losses: t.Losses, Gradient: t.Gradient, Scores: t.Scores}
	}
	return &c
}

// scarred reports whether weight i of tensor t is scarred.
func (s *Subject) scarred(t, i int) bool { return s.Scars != nil && s.Scars[t][i] }

// tally counts the weights that can be pruned, and those of them that are
// masked and scarred; what is scarred is masked, too.
func (s *Subject) tally() (weights, masked, scarred int, err error) {
	net, err := networkOf(s.Network)
	if err != nil {
		return 0, 0, 0, err
	}
	for t, spec := range net.tensors() {
		if !spec.prunable {
			continue
		}
		weights += spec.size()
		for i := range s.Tensors[t] {
			if s.Masks != nil && !s.Masks[t][i] {
				masked++
			}
			if s.scarred(t, i) {
				scarred++
			}
		}
	}
	return weights, masked, scarred, nil
}

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
	specs := net.tensors()
	var out []storedTensor
	numbers := func(prefix string, values [][]float32) {
		for i, spec := range specs {
			if values[i] == nil {
				continue // a bias has no gradient kept
			}
			out = append(out, storedTensor{prefix + spec.name, "F32", spec.shape, encode(values[i])})
		}
	}
	flags := func(kind string, values [][]bool) {
		for i, spec := range specs {
			if values != nil && spec.prunable {
				out = append(out, storedTensor{flagName(spec.name, kind), "U8", spec.shape, encodeFlags(values[i])})
			}
		}
	}
	numbers("", s.Tensors)
	flags("mask", s.Masks)
	flags("scar", s.Scars)
	metadata := map[string]string{"format": subjectFormat}
	described := map[string]any{"network": s.Network, "modulation": s.Modulation}
	if s.Base != nil {
		described["base"] = s.Base.Digest()
	}
	if s.Watched != nil {
		described["watched"] = s.Watched
	}
	if t := s.Training; t != nil {
		described["training"] = trainingNote{t.Epoch, t.Steps, t.Mean != nil, t.Gradient != nil, t.Scores != nil}
		out = append(out, storedTensor{"training.losses", "F64", []int{len(t.Losses)}, encode(t.Losses)})
		if t.Mean != nil {
			numbers("adam.m.", t.Mean)
			numbers("adam.v.", t.Square)
		}
		if t.Gradient != nil {
			numbers("gradient.", t.Gradient)
		}
		if t.Scores != nil {
			numbers("score.", t.Scores)
		}
	}
	for name, v := range described {
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("models: subject: %s: %w", name, err)
		}
		metadata[name] = string(text)
	}
	return writeTensors(w, metadata, out)
}

// Shared are the parts of a subject that are files of their own because others
// have them, too: the base of a language model.
func (s *Subject) Shared() map[string]func(io.Writer) error {
	if s.Base == nil {
		return nil
	}
	return map[string]func(io.Writer) error{basePart: s.Base.Write}
}

// trainingNote is the part of a Training that stands in the metadata.
type trainingNote struct {
	Epoch    int
	Steps    int
	Moments  bool
	Gradient bool
	Scores   bool `json:",omitempty"`
}

// flagName is the name of a mask or scar of a tensor: "fc1.mask" beside
// "fc1.weight".
func flagName(tensor, kind string) string {
	return strings.TrimSuffix(tensor, ".weight") + "." + kind
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
	metadata, stored, err := readTensors(file)
	if err != nil {
		return nil, err
	}
	if f := metadata["format"]; f != subjectFormat {
		return nil, fmt.Errorf("format %q, want %q", f, subjectFormat)
	}
	s := &Subject{}
	if err := json.Unmarshal([]byte(metadata["network"]), &s.Network); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	if err := json.Unmarshal([]byte(metadata["modulation"]), &s.Modulation); err != nil {
		return nil, fmt.Errorf("modulation: %w", err)
	}
	net, err := networkOf(s.Network)
	if err != nil {
		return nil, err
	}
	specs := net.tensors()
	if text, ok := metadata["base"]; ok {
		var digest string
		if err := json.Unmarshal([]byte(text), &digest); err != nil {
			return nil, fmt.Errorf("base: %w", err)
		}
		if s.Base, err = baseOf(digest, s.Network, shared); err != nil {
			return nil, err
		}
	}
	if text, ok := metadata["watched"]; ok {
		if err := json.Unmarshal([]byte(text), &s.Watched); err != nil {
			return nil, fmt.Errorf("watched: %w", err)
		}
	}

	// take removes a tensor from the file, so that what is left at the end is
	// what should not be there.
	take := func(name, dtype string, shape []int) ([]byte, error) {
		t, ok := stored[name]
		if !ok {
			return nil, fmt.Errorf("tensor %q is missing", name)
		}
		if t.dtype != dtype || (shape != nil && !slices.Equal(t.shape, shape)) {
			return nil, fmt.Errorf("tensor %q is %s %v, want %s %v", name, t.dtype, t.shape, dtype, shape)
		}
		delete(stored, name)
		return t.data, nil
	}
	numbers := func(prefix string, wanted func(tensorSpec) bool) ([][]float32, error) {
		values := make([][]float32, len(specs))
		for i, spec := range specs {
			if !wanted(spec) {
				continue
			}
			data, err := take(prefix+spec.name, "F32", spec.shape)
			if err != nil {
				return nil, err
			}
			values[i] = decode[float32](data)
		}
		return values, nil
	}
	flags := func(kind string) ([][]bool, error) {
		if !slices.ContainsFunc(specs, func(spec tensorSpec) bool {
			_, ok := stored[flagName(spec.name, kind)]
			return ok && spec.prunable
		}) {
			return nil, nil
		}
		values := make([][]bool, len(specs))
		for i, spec := range specs {
			if !spec.prunable {
				continue
			}
			name := flagName(spec.name, kind)
			data, err := take(name, "U8", spec.shape)
			if err != nil {
				return nil, err
			}
			if values[i], err = decodeFlags(data); err != nil {
				return nil, fmt.Errorf("tensor %q: %w", name, err)
			}
		}
		return values, nil
	}

	every := func(tensorSpec) bool { return true }
	if s.Tensors, err = numbers("", every); err != nil {
		return nil, err
	}
	if s.Masks, err = flags("mask"); err != nil {
		return nil, err
	}
	if s.Scars, err = flags("scar"); err != nil {
		return nil, err
	}
	if text, ok := metadata["training"]; ok {
		var note trainingNote
		if err := json.Unmarshal([]byte(text), &note); err != nil {
			return nil, fmt.Errorf("training: %w", err)
		}
		t := &Training{Epoch: note.Epoch, Steps: note.Steps}
		data, err := take("training.losses", "F64", []int{note.Epoch})
		if err != nil {
			return nil, err
		}
		t.Losses = decode[float64](data)
		if note.Moments {
			if t.Mean, err = numbers("adam.m.", every); err != nil {
				return nil, err
			}
			if t.Square, err = numbers("adam.v.", every); err != nil {
				return nil, err
			}
		}
		if note.Gradient {
			if t.Gradient, err = numbers("gradient.", func(s tensorSpec) bool { return s.prunable }); err != nil {
				return nil, err
			}
		}
		if note.Scores {
			if t.Scores, err = numbers("score.", every); err != nil {
				return nil, err
			}
		}
		s.Training = t
	}
	for name := range stored {
		return nil, fmt.Errorf("tensor %q does not belong here", name)
	}
	return s, nil
}
