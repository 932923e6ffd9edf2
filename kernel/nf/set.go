package nf

import "github.com/network-fragility/fragility/protocols"

// Set gives values to parameters by name. The others keep the book's. A list is
// a slice, or text with commas; subjects are text such as "0-9,42".
type Set map[string]any

// text is the set as the engine reads it.
func (s Set) text() map[string]string {
	t := make(map[string]string, len(s))
	for name, value := range s {
		t[name] = protocols.Format(value)
	}
	return t
}
