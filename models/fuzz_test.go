package models

import (
	"bytes"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// What is read as a subject is written as the same subject.
func FuzzReadSubject(f *testing.F) {
	s := &Subject{Network: protocols.Network{Kind: "mlp", Inputs: 2, Hidden: []int{3}, Outputs: 2}}
	net, err := networkOf(s.Network)
	if err != nil {
		f.Fatal(err)
	}
	for _, spec := range net.tensors() {
		n := 1
		for _, d := range spec.shape {
			n *= d
		}
		s.Tensors = append(s.Tensors, make([]float32, n))
	}
	s.Training = &Training{Epoch: 1, Steps: 4, Losses: []float64{0.5}, Mean: s.Tensors, Square: s.Tensors}
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := ReadSubject(bytes.NewReader(file), nil)
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		if err := s.Write(&once); err != nil {
			t.Fatal(err)
		}
		again, err := ReadSubject(bytes.NewReader(once.Bytes()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Write(&twice); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("it is another when it is read again (%v)", err)
		}
	})
}
