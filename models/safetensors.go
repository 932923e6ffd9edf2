package models

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// The safetensors format: eight bytes with the length of a JSON header, the
// header, the bytes of the tensors. It is written and read here because the Go
// libraries at hand read it only, and from a model repository rather than from
// a stream (go-huggingface v0.4.1), and because our files must come out the
// same to the byte.

// storedTensor is one tensor of a file; data are little-endian, row-major.
type storedTensor struct {
	name  string
	dtype string // "F32", "F64", "I32" or "U8"
	shape []int
	data  []byte
}

// dtypeSize has the bytes of one value of the dtypes that are used here.
var dtypeSize = map[string]int{"F32": 4, "F64": 8, "I32": 4, "U8": 1}

// maxHeader bounds the header of a file that is read; ours are some kilobytes.
const maxHeader = 16 << 20

// headerEntry is how a tensor stands in the header.
type headerEntry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// writeTensors writes one file. The same arguments give the same bytes.
func writeTensors(w io.Writer, metadata map[string]string, tensors []storedTensor) error {
	header := map[string]any{"__metadata__": metadata}
	offset := 0
	for _, t := range tensors {
		header[t.name] = headerEntry{t.dtype, t.shape, [2]int{offset, offset + len(t.data)}}
		offset += len(t.data)
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
		if _, err := w.Write(t.data); err != nil {
			return err
		}
	}
	return nil
}

// readTensors takes a file apart. The tensors share its memory. It refuses a
// file whose tensors overlap, leave gaps or do not match their shapes.
func readTensors(file []byte) (metadata map[string]string, tensors map[string]storedTensor, err error) {
	if len(file) < 8 {
		return nil, nil, errors.New("safetensors: shorter than its length field")
	}
	size := binary.LittleEndian.Uint64(file)
	if size > maxHeader || size > uint64(len(file)-8) {
		return nil, nil, fmt.Errorf("safetensors: header of %d bytes in a file of %d", size, len(file))
	}
	text, data := file[8:8+size], file[8+size:]
	var header map[string]json.RawMessage
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, nil, fmt.Errorf("safetensors: header: %w", err)
	}
	tensors = map[string]storedTensor{}
	var spans [][2]int
	for name, raw := range header {
		if name == "__metadata__" {
			if err := json.Unmarshal(raw, &metadata); err != nil {
				return nil, nil, fmt.Errorf("safetensors: metadata: %w", err)
			}
			continue
		}
		var e headerEntry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		begin, end := e.Offsets[0], e.Offsets[1]
		if begin < 0 || end < begin || end > len(data) {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: bytes %d to %d of %d", name, begin, end, len(data))
		}
		want := dtypeSize[e.DType]
		if want == 0 {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: dtype %q is not used here", name, e.DType)
		}
		for _, d := range e.Shape {
			if d < 0 || (d > 0 && want > len(data)/d) {
				return nil, nil, fmt.Errorf("safetensors: tensor %q: shape %v does not fit the file", name, e.Shape)
			}
			want *= d
		}
		if end-begin != want {
			return nil, nil, fmt.Errorf("safetensors: tensor %q: %d bytes for shape %v of %s", name, end-begin, e.Shape, e.DType)
		}
		tensors[name] = storedTensor{name, e.DType, e.Shape, data[begin:end:end]}
		spans = append(spans, [2]int{begin, end})
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] + a[1] - b[0] - b[1] })
	at := 0
	for _, s := range spans {
		if s[0] != at {
			return nil, nil, errors.New("safetensors: tensors overlap or leave a gap")
		}
		at = s[1]
	}
	if at != len(data) {
		return nil, nil, fmt.Errorf("safetensors: %d bytes behind the last tensor", len(data)-at)
	}
	return metadata, tensors, nil
}

// encode returns the little-endian bytes of numbers.
func encode[T float32 | float64](values []T) []byte {
	b, err := binary.Append(nil, binary.LittleEndian, values)
	if err != nil {
		panic(err) // no fixed-size number fails to encode
	}
	return b
}

// decode is the inverse of encode; the length of data is a multiple of the
// number's size.
func decode[T float32 | float64](data []byte) []T {
	var zero T
	values := make([]T, len(data)/binary.Size(zero))
	if _, err := binary.Decode(data, binary.LittleEndian, values); err != nil {
		panic(err) // the length was checked
	}
	return values
}

// encodeFlags and decodeFlags store truth values as bytes 0 and 1.
func encodeFlags(flags []bool) []byte {
	b := make([]byte, len(flags))
	for i, f := range flags {
		if f {
			b[i] = 1
		}
	}
	return b
}

func decodeFlags(data []byte) ([]bool, error) {
	flags := make([]bool, len(data))
	for i, b := range data {
		if b > 1 {
			return nil, fmt.Errorf("value %d where only 0 and 1 may stand", b)
		}
		flags[i] = b == 1
	}
	return flags, nil
}
