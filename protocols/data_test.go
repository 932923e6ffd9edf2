package protocols

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// The author's data sets of seed 42, made by NumPy: testdata/datasets.json has
// the digests of their bytes (float32 points, int64 labels, little-endian).
func TestDataEqualsNumPy(t *testing.T) {
	raw, err := os.ReadFile("testdata/datasets.json")
	if err != nil {
		t.Fatal(err)
	}
	var anchors map[Set]struct {
		N           int
		Sigma       float64
		X           string `json:"x_sha256"`
		Y           string `json:"y_sha256"`
		ClassCounts []int  `json:"class_counts"`
	}
	if err := json.Unmarshal(raw, &anchors); err != nil {
		t.Fatal(err)
	}
	if len(anchors) != 3 {
		t.Fatalf("%d anchors, want 3", len(anchors))
	}
	for set, a := range anchors {
		points, labels := Data{Set: set, Samples: a.N, Sigma: a.Sigma}.Draw(42)
		wide := make([]int64, len(labels))
		counts := make([]int, Classes)
		for i, l := range labels {
			wide[i] = int64(l)
			counts[l]++
		}
		if got := digest(t, points); got != a.X {
			t.Errorf("%s: points have digest %s, NumPy's %s", set, got, a.X)
		}
		if got := digest(t, wide); got != a.Y {
			t.Errorf("%s: labels have digest %s, NumPy's %s", set, got, a.Y)
		}
		if !slices.Equal(counts, a.ClassCounts) {
			t.Errorf("%s: class counts %v, NumPy's %v", set, counts, a.ClassCounts)
		}
	}
}

// Seed 1's data are seeds 1100, 1200, 1300 of the generator (chapter 5, 2.1).
func TestDataOfOtherSeeds(t *testing.T) {
	for set, want := range map[Set][]int{
		TrainSet:    {2971, 2983, 3012, 3034},
		StandardSet: {914, 1045, 1008, 1033},
		CleanSet:    {508, 495, 499, 498},
	} {
		n := map[Set]int{TrainSet: 12000, StandardSet: 4000, CleanSet: 2000}[set]
		_, labels := Data{Set: set, Samples: n, Sigma: 0.8}.Draw(1)
		counts := make([]int, Classes)
		for _, l := range labels {
			counts[l]++
		}
		if !slices.Equal(counts, want) {
			t.Errorf("seed 1, %s: class counts %v, want %v", set, counts, want)
		}
	}
}

func digest(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}
