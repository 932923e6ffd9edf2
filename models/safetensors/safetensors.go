// Package safetensors reads and writes the format: eight bytes with the length of a
// JSON header, the header, the bytes of the tensors. It is written here because the
// Go libraries at hand read it only, and from a model repository rather than from a
// stream (go-huggingface v0.4.1), and because our files must come out the same to
// the byte.
package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Tensor is one tensor of a file; data are little-endian, row-major.
type Tensor struct {
	Name  string
	DType string // "F32", "F64", "I32" or "U8" in files of ours
	Shape []int
	Data  []byte
}

// Entry is how a tensor stands in the header; its bytes are counted from the
// header's end.
type Entry struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// Header is what stands before the tensors.
type Header struct {
	Metadata map[string]string
	Entries  map[string]Entry
	Start    int64 // of the tensors' bytes in the file
}

// maxHeader bounds the header of a file that is read; that of a large shard of a
// language model takes some hundred kilobytes.
const maxHeader = 100 << 20

// ReadHeader reads the header of a file of so many bytes. It refuses one that names
// a tensor twice, or bytes that the file does not have.
func ReadHeader(file io.Reader, size int64) (h Header, err error) {
	if size < 8 {
		return h, errors.New("is shorter than its length field")
	}
	var length uint64
	if err := binary.Read(file, binary.LittleEndian, &length); err != nil {
		return h, err
	}
	if length > maxHeader || length > uint64(size-8) {
		return h, fmt.Errorf("has a header of %d bytes in a file of %d", length, size)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(file, text); err != nil {
		return h, err
	}
	fields, err := object(text)
	if err != nil {
		return h, fmt.Errorf("the header %w", err)
	}
	h.Start, h.Entries = 8+int64(length), map[string]Entry{}
	for name, raw := range fields {
		if name == "__metadata__" {
			if err := json.Unmarshal(raw, &h.Metadata); err != nil {
				return h, fmt.Errorf("metadata: %w", err)
			}
			continue
		}
		var e Entry
		if err := json.Unmarshal(raw, &e); err != nil {
			return h, fmt.Errorf("tensor %s: %w", name, err)
		}
		if rest := size - h.Start; e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] || e.Offsets[1] > rest {
			return h, fmt.Errorf("tensor %s has bytes %d to %d, and the file has %d", name, e.Offsets[0], e.Offsets[1], rest)
		}
		h.Entries[name] = e
	}
	return h, nil
}

// object reads a JSON object in which no name stands twice: encoding/json takes
// the last of two, others the first, and each of them would be another model.
func object(text []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("is no JSON object")
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("is no JSON: %w", err)
		}
		name := t.(string) // the decoder takes nothing else here
		if _, twice := fields[name]; twice {
			return nil, fmt.Errorf("has the tensor %s twice", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("is no JSON: %w", err)
		}
		fields[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("is no JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("goes on behind its end")
	}
	return fields, nil
}

// Write writes one file. The same arguments give the same bytes.
func Write(w io.Writer, metadata map[string]string, tensors []Tensor) error {
	header := map[string]any{"__metadata__": metadata}
	offset := int64(0)
	for _, t := range tensors {
		end := offset + int64(len(t.Data))
		header[t.Name] = Entry{t.DType, t.Shape, [2]int64{offset, end}}
		offset = end
	}
	text, err := json.Marshal(header) // sorts by name
	if err != nil {
		return fmt.Errorf("safetensors: header: %w", err)
	}
	// Readers map the file into memory: keep the tensors aligned.
	text = append(text, bytes.Repeat([]byte{' '}, (8-len(text)%8)%8)...)
	if err := binary.Write(w, binary.LittleEndian, uint64(len(text))); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return err
		}
	}
	return nil
}

// sizes has the bytes of one value of the dtypes that files of ours have.
var sizes = map[string]int{"F32": 4, "F64": 8, "I32": 4, "U8": 1}

// Read takes a file of ours apart. The tensors share its memory. It refuses a file
// whose tensors overlap, leave gaps or do not match their shapes.
func Read(file []byte) (metadata map[string]string, tensors map[string]Tensor, err error) {
	h, err := ReadHeader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, nil, fmt.Errorf("safetensors: the file %w", err)
	}
	data := file[h.Start:]
	tensors = map[string]Tensor{}
	var spans [][2]int64
	for name, e := range h.Entries {
		want := sizes[e.DType]
		if want == 0 {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: dtype %q is not used here", name, e.DType)
		}
		for _, d := range e.Shape {
			if d < 0 || (d > 0 && want > len(data)/d) {
				return nil, nil, fmt.Errorf("safetensors: tensor %q: shape %v does not fit the file", name, e.Shape)
			}
			want *= d
		}
		begin, end := e.Offsets[0], e.Offsets[1]
		if end-begin != int64(want) {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: %d bytes for shape %v of %s", name, end-begin, e.Shape, e.DType)
		}
		tensors[name] = Tensor{name, e.DType, e.Shape, data[begin:end:end]}
		spans = append(spans, e.Offsets)
	}
	slices.SortFunc(spans, func(a, b [2]int64) int { return int(a[0] + a[1] - b[0] - b[1]) })
	at := int64(0)
	for _, s := range spans {
		if s[0] != at {
			return nil, nil, errors.New("safetensors: tensors overlap or leave a gap")
		}
		at = s[1]
	}
	if at != int64(len(data)) {
		return nil, nil, fmt.Errorf("safetensors: %d bytes behind the last tensor", int64(len(data))-at)
	}
	return h.Metadata, tensors, nil
}
