package client

import (
	"encoding/base64"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// Request asks for a run: a chapter and the parameters that differ from the
// book's, as text.
type Request struct {
	Chapter int               `json:"chapter"`
	Set     map[string]string `json:"set,omitempty"`
}

// ShowRequest asks for a table or a plot of a run. What the run lacks in the
// store is computed first.
type ShowRequest struct {
	Request
	protocols.Ask
	// From are the settings of the run that dials began with: the display is to take
	// no more than it needs. Nil where there are no dials.
	From map[string]string `json:"from,omitempty"`
	Kind string            `json:"kind,omitempty"` // of a file ("csv"), whose bytes are then the bundle's one entry; else all that a notebook shows
}

// StopRequest ends an engine. Runs under way may go on for Grace and are
// cancelled then.
type StopRequest struct {
	Grace time.Duration `json:"grace"`
}

// Message is one line of a stream; exactly one field is set.
type Message struct {
	Event  *Event  `json:"event,omitempty"`
	Result *Result `json:"result,omitempty"`
	Bundle *Bundle `json:"bundle,omitempty"`
	Error  *Error  `json:"error,omitempty"`
}

// Bundle is a table or a plot as Jupyter displays it: data by MIME type, where
// bytes (a PNG) are base64 text as in a notebook, and metadata by MIME type.
type Bundle struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
	Note     *Bundle        `json:"note,omitempty"` // what stands below a picture, or nil
}

// Status is what an engine says about itself.
type Status struct {
	Version  string        `json:"version"`
	Build    Build         `json:"build"`
	PID      int           `json:"pid"`
	Started  time.Time     `json:"started"`
	Uptime   time.Duration `json:"uptime"`
	Idle     time.Duration `json:"idle"` // it stops after so long without work
	Store    string        `json:"store"`
	Socket   string        `json:"socket"`
	Workers  int           `json:"workers"`
	Sessions int           `json:"sessions"` // workers that have opened their core
	Active   []Active      `json:"active"`
}

// Active is a run under way.
type Active struct {
	Run      int       `json:"run"`
	Chapter  int       `json:"chapter"`
	Started  time.Time `json:"started"`
	Progress Progress  `json:"progress"`
}

// Build tells executables apart. Equal size and time of change are taken for
// the same file; where they differ the digest decides.
type Build struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	SHA256   string    `json:"sha256,omitempty"`
}

// fileType is the entry of a bundle that is a file.
const fileType = "application/octet-stream"

// FileBundle is the answer to a request for a file.
func FileBundle(content []byte) *Bundle {
	return &Bundle{Data: map[string]any{fileType: base64.StdEncoding.EncodeToString(content)}}
}

// File is the content of a FileBundle, nil for another.
func (b *Bundle) File() []byte {
	text, _ := b.Data[fileType].(string)
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return content
}
