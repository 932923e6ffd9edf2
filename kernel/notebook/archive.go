package notebook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// Files of an archive besides the notebook and its exports.
const (
	longTableFile   = "longtable.csv"
	parametersFile  = "parameters.json"
	environmentFile = "environment.json"
	citationFile    = "CITATION.cff"
	readmeFile      = "README.md"
	crateFile       = "ro-crate-metadata.json"
	dictionaryFile  = "dictionary.csv"
)

// member is a file of an archive.
type member struct {
	name  string // with slashes
	about string // what it is, in words
	data  []byte
}

// archivedParameters are those of an archive's run: what verifying needs.
type archivedParameters struct {
	Chapter    int               `json:"chapter"`
	Parameters map[string]string `json:"parameters"` // all of them
	Altered    []string          `json:"altered"`    // those that are not the book's
	Injected   map[string]any    `json:"injected"`   // those that were given from outside
}

// archivedEnvironment says on what an archive's run was computed.
type archivedEnvironment struct {
	Program  program              `json:"program"`
	Machine  machine              `json:"machine"`
	Platform protocols.Platform   `json:"platform"`
	Seeds    []int                `json:"seeds"`
	Recorded []protocols.Recorded `json:"recorded,omitempty"` // subjects that were computed on other platforms
	Readings []client.ReadingKey  `json:"readings"`           // with their keys in the store
}

// program is what computed: the command, with the modules that are in it.
type program struct {
	Version string   `json:"version"`
	Commit  string   `json:"commit,omitempty"` // of the checkout, with "-dirty" where it was changed
	SHA256  string   `json:"sha256,omitempty"` // of the executable that computed
	Go      string   `json:"go"`
	Modules []module `json:"modules"`
}

type module struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	Sum     string `json:"sum,omitempty"`
}

type machine struct {
	OS    string `json:"os"`
	Arch  string `json:"arch"`
	CPU   string `json:"cpu,omitempty"`
	Cores int    `json:"cores"`
}

func thisProgram(root string) program {
	p := program{Version: readCitation(root).Version, Commit: commit(root), Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			p.Modules = append(p.Modules, module{m.Path, m.Version, m.Sum})
		}
	}
	return p
}

// commit is the checkout's, as git describes it; "" where there is none.
func commit(root string) string {
	out, err := exec.Command("git", "-C", root, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

func thisMachine() machine {
	m := machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU()}
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(cpu)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			m.CPU = strings.TrimSpace(value)
			break
		}
	}
	return m
}

// archive writes a zip file with all that belongs to the run: the notebook, the
// exports that were made with it, the numbers of every table and figure, the
// parameters, the environment, and the description of all this as a Workflow
// Run RO-Crate.
func (j *job) archive(r *Record, exports []string, path string) error {
	members, err := j.members(r, exports)
	if err != nil {
		return err
	}
	crate, err := j.crate(members)
	if err != nil {
		return err
	}
	members = append(members, member{name: crateFile, data: crate})
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: j.ended.UTC().Truncate(time.Second)})
		if err != nil {
			return err
		}
		if _, err := w.Write(m.data); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", b.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// exportWords say what the exports are, by the end of their names.
var exportWords = map[string]string{
	".html": "The executed notebook as one page that asks the network for nothing",
	".pdf":  "The executed notebook in print",
	".md":   "The executed notebook as Markdown",
	".tex":  "A table of the run for LaTeX",
	".svg":  "A picture of the Markdown version",
	".png":  "A picture of the Markdown version",
	".jpg":  "A picture of the Markdown version",
}

func (j *job) members(r *Record, exports []string) ([]member, error) {
	var list []member
	folder := filepath.Dir(j.target)
	for i, path := range append([]string{j.target}, exports...) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return nil, err
		}
		words := exportWords[filepath.Ext(path)]
		if i == 0 {
			words = "The notebook as it was executed"
		}
		list = append(list, member{filepath.ToSlash(name), words, data})
	}

	var long bytes.Buffer
	if err := protocols.WriteCSV(&long, r.Result.Rows); err != nil {
		return nil, err
	}
	list = append(list, member{longTableFile, "Every measured value: chapter, arm, condition, metric, seed, value", long.Bytes()})
	drawn, err := drawings(r, j.protocol)
	if err != nil {
		return nil, err
	}
	list = append(list, drawn...)

	settings, altered := protocols.Settings(j.protocol)
	made := thisProgram(j.Root)
	made.SHA256 = r.Stamp.Program
	list = append(list, member{dictionaryFile, "What every name in the tables means, with units", Dictionary(j.protocol)})
	for _, f := range []struct {
		name, about string
		value       any
	}{
		{parametersFile, "Every parameter of the run", archivedParameters{j.protocol.Chapter(), settings, altered, j.nb.injected()}},
		{environmentFile, "Program, modules, machine, platform, subjects, and the store keys of every reading",
			archivedEnvironment{made, thisMachine(), r.Stamp.Platform, j.protocol.Cohort(), r.Result.Recorded, r.Readings}},
	} {
		data, err := marshalIndent(f.value)
		if err != nil {
			return nil, err
		}
		list = append(list, member{f.name, f.about, data})
	}
	cff, err := os.ReadFile(filepath.Join(j.Root, citationFile))
	if err != nil {
		return nil, err
	}
	took := "It came from the store when it was exported."
	if cost := r.Result.Cost; !j.began.IsZero() {
		took = fmt.Sprintf("Running the notebook took %s on %d cores; %d of its %d stages were in the store already.", duration(j.ended.Sub(j.began).Seconds()), runtime.NumCPU(), cost.StagesReused, cost.Stages)
	}
	for _, from := range r.Result.Recorded {
		took += " Of the results, " + from.String() + " were not computed where the notebook ran."
	}
	differs := client.Differs(j.protocol)
	if differs == "" {
		differs = "nothing"
	}
	at := made.Version
	if made.Commit != "" {
		at += ", commit " + made.Commit
	}
	readme := fmt.Sprintf(readmeText, j.protocol.Chapter(), j.protocol.Title(), differs, took, softwareAddress, at, filepath.Base(j.file(".zip")))
	return append(list,
		member{citationFile, "How to cite the software and the book", cff},
		member{readmeFile, "What is in this archive", []byte(readme)}), nil
}

// readmeText is what a reader of an archive meets first: chapter, title, what is
// not the book's, time, address, version and commit, file.
const readmeText = `# A run of chapter %d of Network Fragility: %s

Set otherwise than in the book: %s. %s

The notebook (.ipynb) holds the run as it was executed; other versions of it stand beside it.

- longtable.csv: every measured value, by chapter, arm, condition, metric and seed
- dictionary.csv: what every name there means, with units, and which SD is meant
- tables/ and figures/: the numbers of every table and figure, unrounded, and the figures
- parameters.json: every parameter
- environment.json: program, modules, machine, platform, subjects, and the store keys of every reading
- ro-crate-metadata.json: all this for machines (Workflow Run RO-Crate 0.5), with a SHA-256 for each file
- CITATION.cff: how to cite

The program is fragility, %s, version %s (Apache-2.0). In a checkout of it, after make setup,

    bin/fragility notebook verify %s

runs this again and compares every number, holds every file against its SHA-256, and makes tables, figures and pages again from the
long table. With --anew it computes everything, and uses no store. Whoever exports with --by "Name (Institute)" stands in
ro-crate-metadata.json as the author.
`
