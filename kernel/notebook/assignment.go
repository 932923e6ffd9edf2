package notebook

import "strings"

// Assignment sets a parameter of a notebook.
type Assignment struct{ Name, Value string }

// ParseAssignment reads "Name=value".
func ParseAssignment(text string) (Assignment, error) {
	name, value, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	if !ok || name == "" {
		return Assignment{}, badInput("-p takes Name=value, not %q", text)
	}
	return Assignment{Name: name, Value: value}, nil
}
