package client

import "time"

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
	What    string            `json:"what"` // "table" or "plot"
	Name    string            `json:"name"`
	Options map[string]string `json:"options,omitempty"`
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
