package notebook

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// Bounds on an archive that somebody gave one: a few bytes may stand for as many
// as there are.
const (
	maxMembers = 10_000
	maxMember  = 256 << 20 // bytes of a file in it
	maxArchive = 1 << 30   // of all of them
)

// contents are an archive's files by name.
type contents map[string][]byte

// readContents reads all of an archive into memory, and refuses what no export
// makes: names that stand twice, that lead out of the folder, or files beyond the
// bounds. Errors are a protocols.BadInput.
func readContents(file string) (contents, error) {
	z, err := zip.OpenReader(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, badInput("there is no file %s", file)
	}
	if err != nil {
		return nil, badInput("%s is no archive of an export: %v", file, err)
	}
	defer z.Close()
	if len(z.File) > maxMembers {
		return nil, badInput("%s is no archive of an export: it has %d files", file, len(z.File))
	}
	all, left := contents{}, int64(maxArchive)
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if _, twice := all[f.Name]; twice {
			return nil, badInput("%s has %q twice, and programs differ in which of them they show", file, f.Name)
		}
		if !filepath.IsLocal(f.Name) || strings.Contains(f.Name, `\`) {
			return nil, badInput("%s is no archive of an export: %q leads out of it", file, f.Name)
		}
		data, err := readMember(f, min(maxMember, left))
		if err != nil {
			return nil, badInput("%q in %s does not read: %v", f.Name, file, err)
		}
		all[f.Name] = data
		left -= int64(len(data))
	}
	return all, nil
}

// readMember reads a file of at most so many bytes, whatever its head says.
func readMember(f *zip.File, most int64) ([]byte, error) {
	tooLong := errors.New("it is too long for a file of an export")
	if f.UncompressedSize64 > uint64(most) {
		return nil, tooLong
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = tooLong
	}
	return data, err
}

// decode reads a JSON file of the archive; it has to be an object.
func (a contents) decode(file, name string, into any) error {
	data, ok := a[name]
	if !ok {
		return badInput("%s is no archive of an export: it has no %s", file, name)
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return badInput("%s in %s is no JSON object", name, file)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return badInput("%s in %s does not read: %v", name, file, err)
	}
	return nil
}

// drawings are the files of a run's tables and figures in an archive.
func drawings(r *Record, p protocols.Protocol) ([]member, error) {
	var list []member
	tables, err := r.tables(p)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		text, err := t.value.CSV()
		if err != nil {
			return nil, err
		}
		list = append(list, member{"tables/" + fileName(t.name) + ".csv", t.value.Title, []byte(text)})
	}
	plots, err := r.plots(p)
	if err != nil {
		return nil, err
	}
	for _, p := range plots {
		text, err := p.value.CSV()
		if err != nil {
			return nil, err
		}
		svg, err := p.value.SVG()
		if err != nil {
			return nil, err
		}
		list = append(list,
			member{"figures/" + fileName(p.name) + ".csv", "The numbers of the figure: " + p.value.Title, []byte(text)},
			member{"figures/" + fileName(p.name) + ".svg", p.value.Title, svg})
	}
	return list, nil
}
