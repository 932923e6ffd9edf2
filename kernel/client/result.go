package client

import (
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// Result is protocols.Result as it crosses the socket: the same, but that its
// values may be infinite or not a number.
type Result struct {
	Head   protocols.Result `json:"head"` // all but the rows and series
	Rows   []protocols.Row  `json:"rows"` // all but the values
	Values store.Numbers    `json:"values"`
	Series []Series         `json:"series"`
}

// Series is protocols.Series as it crosses the socket.
type Series struct {
	Head   protocols.Series `json:"head"` // all but the values
	Values store.Numbers    `json:"values"`
}

// Pack makes a result ready for the socket.
func Pack(r *protocols.Result) *Result {
	w := &Result{Head: *r}
	w.Head.Rows, w.Head.Series = nil, nil
	for _, row := range r.Rows {
		w.Values = append(w.Values, row.Value)
		row.Value = 0
		w.Rows = append(w.Rows, row)
	}
	for _, s := range r.Series {
		values := s.Values
		s.Values = nil
		w.Series = append(w.Series, Series{Head: s, Values: values})
	}
	return w
}

// Unpack is the result that was packed.
func (w *Result) Unpack() *protocols.Result {
	r := w.Head
	r.Rows = w.Rows
	for i := range r.Rows {
		r.Rows[i].Value = w.Values[i]
	}
	for _, s := range w.Series {
		series := s.Head
		series.Values = s.Values
		r.Series = append(r.Series, series)
	}
	return &r
}
