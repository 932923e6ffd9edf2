package store

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/network-fragility/fragility/kernel/file"
)

// An entry is read under its own key only, and is then what was written.
func FuzzDecode(f *testing.F) {
	for _, e := range []Entry{
		{Key: origin(1).Key(), Kind: Node, Origin: origin(1), Blobs: map[string]Blob{SubjectBlob: {SHA256: file.Sum(nil), Size: 3}}},
		{Key: origin(1).Key(), Kind: Reading, Origin: origin(1), Values: Numbers{1, math.NaN(), math.Inf(-1)}},
		{Key: origin(2).Key(), Kind: Reading, Origin: origin(2)},
	} {
		b, err := e.encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"entry":{},"sha256":""}`))
	key := origin(1).Key()
	f.Fuzz(func(t *testing.T, file []byte) {
		e, err := decode(file, key)
		if err != nil {
			return
		}
		if e.Key != key || e.Origin.Key() != key {
			t.Fatalf("read under %s: %+v", key, e)
		}
		if _, err := e.encode(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzNumbers(f *testing.F) {
	for _, text := range []string{`[]`, `[1,2.5,"NaN","+Inf","-Inf"]`, `null`, `[-0,5e-324]`, `[[]]`, `{}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var n, again Numbers
		if json.Unmarshal(text, &n) != nil {
			return
		}
		b, err := json.Marshal(n)
		if err == nil {
			err = json.Unmarshal(b, &again)
		}
		if err != nil || len(again) != len(n) {
			t.Fatalf("%s comes back as %s, %v", text, b, err)
		}
		for i := range n {
			if math.Float64bits(n[i]) != math.Float64bits(again[i]) && !math.IsNaN(n[i]) {
				t.Errorf("%v comes back as %v", n[i], again[i])
			}
		}
	})
}
