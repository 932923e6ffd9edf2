package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// Kind says what an entry holds.
type Kind string

// A node's entry has the subject as a blob, a reading's has values.
const (
	Node    Kind = "node"
	Reading Kind = "reading"
)

// An Entry is the manifest of something that was computed.
type Entry struct {
	Key     protocols.Key    `json:"key"`
	Kind    Kind             `json:"kind"`
	Origin  protocols.Origin `json:"origin"` // what the key is the hash of
	Created time.Time        `json:"created"`
	Seconds float64          `json:"seconds"` // that it took to compute
	Values  Numbers          `json:"values,omitempty"`
	Blobs   map[string]Blob  `json:"blobs,omitempty"` // by name

	Used time.Time `json:"-"` // last, to the hour
	Size int64     `json:"-"` // of manifest and blobs
}

// A Blob is a file that an entry refers to.
type Blob struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// manifest is an entry's file: the entry and the digest of its bytes.
type manifest struct {
	Entry  json.RawMessage `json:"entry"`
	SHA256 string          `json:"sha256"`
}

// encode writes an entry's file.
func (e *Entry) encode() ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return json.Marshal(manifest{Entry: b, SHA256: file.Sum(b)})
}

// decode reads an entry's file and checks that nothing in it has changed and
// that it stands under its own key.
func decode(text []byte, key protocols.Key) (*Entry, error) {
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, errors.New("it is no JSON")
	}
	// The bytes are compared as they stand: no JSON that means the same will do.
	if file.Sum(bytes.TrimSpace(m.Entry)) != m.SHA256 {
		return nil, errors.New("its digest is wrong")
	}
	e := &Entry{Size: int64(len(text))}
	if err := json.Unmarshal(m.Entry, e); err != nil {
		return nil, fmt.Errorf("it does not read: %v", err)
	}
	if e.Key != key || e.Origin.Key() != key {
		return nil, errors.New("it belongs to another key")
	}
	for _, b := range e.Blobs {
		e.Size += b.Size
	}
	return e, nil
}
