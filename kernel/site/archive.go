package site

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/protocols"
)

// archiveName is the file with everything to take away.
const archiveName = "fragility-data.zip"

//go:embed archive.md
var archiveReadme string

// A member is a file of the archive.
type member struct {
	name string
	data []byte
}

// archive is what a data editor takes away: the numbers and what they mean, what they
// come to, and the texts and notebooks behind the pages. It has the same bytes as long
// as its files have.
func (b *book) archive() ([]byte, error) {
	members, err := b.numbers()
	if err != nil {
		return nil, err
	}
	sources := []string{"REPRODUCTION.md", "plan/README.md", "docs/data.md", "CITATION.cff", "LICENSE"}
	for _, p := range b.pages {
		if strings.HasSuffix(p.source, ".ipynb") {
			sources = append(sources, p.source)
		}
	}
	for _, name := range sources {
		data, err := os.ReadFile(filepath.Join(b.Root, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, data})
	}
	members = append(members, member{"README.md", []byte(archiveReadme)})
	var sums strings.Builder
	for _, m := range members {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(m.data), m.name)
	}
	members = append(members, member{"SHA256SUMS", []byte(sums.String())})
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, m := range members {
		w, err := z.Create(m.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(m.data); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

// numbers are the long tables of the chapters that have subjects, the dictionaries of
// all, and all verdicts.
func (b *book) numbers() (members []member, err error) {
	for _, n := range protocols.Chapters() {
		if c := b.verdicts[n]; c != nil {
			var table bytes.Buffer
			if err := protocols.WriteCSV(&table, c.Result.Rows); err != nil {
				return nil, err
			}
			members = append(members, member{"numbers/" + protocols.ChapterName(n) + ".csv", table.Bytes()})
		}
		members = append(members, member{"dictionary/" + protocols.ChapterName(n) + ".csv", notebook.Dictionary(chapterOf(n))})
	}
	var claims bytes.Buffer
	err = protocols.WriteClaimsCSV(&claims, b.verdictsOf())
	return append(members, member{"claims.csv", claims.Bytes()}), err
}
