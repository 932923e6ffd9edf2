package models

import (
	"errors"
	"slices"

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

// check refuses a subject of an unknown network or activation.
func (s *Subject) check() error {
	_, err := networkOf(s.Network)
	return errors.Join(err, protocols.CheckRanges(s.Modulation))
}

// net is the subject's network. It panics where there is none of its kind, which
// Apply and Measure have seen to.
func (s *Subject) net() network { return must(networkOf(s.Network)) }

// classifier is net for what is to see points, and language for what is to see texts;
// they panic where the network is another.
func (s *Subject) classifier() classifier { return must(classifierOf(s.Network)) }
func (s *Subject) language() language     { return must(languageOf(s.Network)) }

// must is v, and panics where there is an error instead: as when a graph is built, the
// session makes an error of it.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// set counts the flags that are set.
func set(flags []bool) (n int) {
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// tally counts the weights that can be pruned, and those of them that are
// masked and scarred; what is scarred is masked, too.
func (s *Subject) tally() (weights, masked, scarred int) {
	for t, spec := range s.net().tensors() {
		if !spec.prunable {
			continue
		}
		weights += spec.size()
		if s.Masks != nil {
			masked += spec.size() - set(s.Masks[t])
		}
		if s.Scars != nil {
			scarred += set(s.Scars[t])
		}
	}
	return weights, masked, scarred
}
