package notebook

import (
	"encoding/json"
	"slices"
	"strings"
)

// Kinds of cells.
const (
	CodeCell     = "code"
	MarkdownCell = "markdown"
	RawCell      = "raw"
)

// Tags of papermill's convention: the cell with a notebook's parameters, and
// the one with the values of a run, which follows it.
const (
	ParametersTag = "parameters"
	InjectedTag   = "injected-parameters"
)

// Cell is a cell of a notebook.
type Cell struct {
	ID             string
	Kind           string // CodeCell, MarkdownCell or RawCell
	Source         string
	Metadata       map[string]any
	ExecutionCount *int              // nil before execution
	Outputs        []json.RawMessage // of a code cell
	Attachments    json.RawMessage   // nil where there are none
}

// cellJSON is a cell in a file. The fields are in alphabetical order, as
// nbformat writes them, so that saving a notebook changes no line without need.
type cellJSON struct {
	Attachments    json.RawMessage    `json:"attachments,omitempty"`
	Kind           string             `json:"cell_type"`
	ExecutionCount json.RawMessage    `json:"execution_count,omitempty"`
	ID             string             `json:"id"`
	Metadata       map[string]any     `json:"metadata"`
	Outputs        *[]json.RawMessage `json:"outputs,omitempty"`
	Source         lines              `json:"source"`
}

// MarshalJSON implements json.Marshaler.
func (c Cell) MarshalJSON() ([]byte, error) {
	j := cellJSON{
		Attachments: c.Attachments,
		Kind:        c.Kind,
		ID:          c.ID,
		Metadata:    c.Metadata,
		Source:      lines(c.Source),
	}
	if j.Metadata == nil {
		j.Metadata = map[string]any{}
	}
	if c.Kind == CodeCell {
		count, err := json.Marshal(c.ExecutionCount)
		if err != nil {
			return nil, err
		}
		outputs := c.Outputs
		if outputs == nil {
			outputs = []json.RawMessage{}
		}
		j.ExecutionCount, j.Outputs = count, &outputs
	}
	return marshal(j)
}

// UnmarshalJSON implements json.Unmarshaler.
func (c *Cell) UnmarshalJSON(data []byte) error {
	var j cellJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*c = Cell{
		ID:          j.ID,
		Kind:        j.Kind,
		Source:      string(j.Source),
		Metadata:    j.Metadata,
		Attachments: j.Attachments,
	}
	if j.Outputs != nil {
		c.Outputs = *j.Outputs
	}
	if j.ExecutionCount != nil {
		return json.Unmarshal(j.ExecutionCount, &c.ExecutionCount)
	}
	return nil
}

// Tags of the cell.
func (c Cell) Tags() []string {
	list, _ := c.Metadata["tags"].([]any)
	var tags []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

// HasTag reports whether the cell has a tag.
func (c Cell) HasTag(tag string) bool { return slices.Contains(c.Tags(), tag) }

// lines is text that a notebook file keeps as a list of lines.
type lines string

// MarshalJSON implements json.Marshaler.
func (l lines) MarshalJSON() ([]byte, error) {
	list := []string{}
	for line := range strings.Lines(string(l)) {
		list = append(list, line)
	}
	return marshal(list)
}

// UnmarshalJSON implements json.Unmarshaler. A file may have one string too.
func (l *lines) UnmarshalJSON(data []byte) error {
	var list []string
	if err := json.Unmarshal(data, &list); err == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(l))
}
