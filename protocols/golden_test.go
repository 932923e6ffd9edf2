package protocols

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var rewriteReadings = flag.Bool("rewrite-readings", false, "write testdata/readings.json anew, from the trees as they are")

// What has been computed stays found: a tree has every reading that it had when
// testdata/readings.json was written, under the name and the key of then. The
// arms of the book are those and no others; controls may have been added.
func TestReadingsKeepTheirKeys(t *testing.T) {
	const file = "testdata/readings.json"
	now := map[string][]string{}
	for _, chapter := range Chapters() {
		p := configured(t, chapter, nil)
		now[ChapterName(chapter)] = readingDigests(p)
		if chapter > 1 { // chapter 1 has its controls always
			p = configured(t, chapter, map[string]string{"Controls": "false"})
			now[ChapterName(chapter)+" without controls"] = readingDigests(p)
		}
	}
	if *rewriteReadings {
		b, err := json.MarshalIndent(now, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var then map[string][]string
	if err := json.Unmarshal(b, &then); err != nil {
		t.Fatal(err)
	}
	if len(then) != len(now) {
		t.Errorf("%s has %d trees, there are %d", file, len(then), len(now))
	}
	for tree, old := range then {
		lost := 0
		for _, d := range old {
			if _, found := slices.BinarySearch(now[tree], d); !found {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%s: %d of %d readings have another key or name", tree, lost, len(old))
		}
		if more := len(now[tree]) - len(old); more != 0 && strings.HasSuffix(tree, "without controls") {
			t.Errorf("%s: %d readings more than there were", tree, more)
		}
	}
}

// readingDigests has a short digest of every reading of a subject, of its key
// and the rows that it gives, in order.
func readingDigests(p Protocol) []string {
	const seed = 3
	var list []string
	p.Plant(seed).Walk(func(n *Node) {
		node := n.Origin(seed, Platform{}).Key()
		for _, r := range n.Readings {
			sum := sha256.Sum256(fmt.Append(nil, r.Origin(node).Key(), r.Arm, r.Label, r.Names))
			list = append(list, hex.EncodeToString(sum[:6]))
		}
	})
	slices.Sort(list)
	return list
}
