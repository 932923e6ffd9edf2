package models

import (
	"encoding/binary"
	"fmt"
)

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
