package notebook

import "regexp"

// pythonNumbers are texts, which stay, and the words that Python writes for
// numbers that JSON does not have.
var pythonNumbers = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b`)

// withoutNaN makes such numbers null: Python writes them into the outputs of
// notebooks, and no other reader of JSON takes them.
func withoutNaN(data []byte) []byte {
	return pythonNumbers.ReplaceAllFunc(data, func(found []byte) []byte {
		if found[0] == '"' {
			return found
		}
		return []byte("null")
	})
}
