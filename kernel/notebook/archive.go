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
	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// Files of an archive besides the notebook and its exports.
const (
	longTableFile   = "longtable.csv"
	parametersFile  = "parameters.json"
	environmentFile = "environment.json"
	citationFile    = "CITATION.cff"
	licenceFile     = "LICENSE"
	sumsFile        = "SHA256SUMS"
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

// at is the version with the commit, for a reader.
func (p program) at() string {
	if p.Commit == "" {
		return p.Version
	}
	return p.Version + ", commit " + p.Commit
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
	".tex":  "A table of the run for LaTeX, or the document that sets all of them",
	".bib":  "The works that the LaTeX document cites",
	".svg":  "A picture of the Markdown version",
	".png":  "A picture of the Markdown version, or of the LaTeX document",
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
	_, n, err := j.nb.number()
	if err != nil {
		return nil, err
	}
	if _, err := n.rest(r, j.protocol); err != nil {
		return nil, err
	}
	list = append(list, n.numbersOf(drawn)...)
	article, err := j.myst(r)
	if err != nil {
		return nil, err
	}
	list = append(list, article...)
	list = append(list, member{referencesFile, "The book, and the works on methods that tables and figures name, in BibTeX", []byte(bibliographyText)})

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
	for _, f := range []struct{ name, about string }{{citationFile, "How to cite the software and the book"}, {licenceFile, "The licence of the software and of what it computed"}} {
		data, err := os.ReadFile(filepath.Join(j.Root, f.name))
		if err != nil {
			return nil, err
		}
		list = append(list, member{f.name, f.about, data})
	}
	check, err := j.codecheckYAML(list)
	if err != nil {
		return nil, err
	}
	list = append(list,
		member{codecheckFile, "What a third person has to get again (CODECHECK)", check},
		member{readmeFile, "What is in this archive, and what it takes to run it again", []byte(j.readme(r, made))})
	return append(list, member{sumsFile, "The SHA-256 of every other file, for sha256sum --check", sums(list)}), nil
}

// sums are the digests of the files as sha256sum has them.
func sums(list []member) []byte {
	var b bytes.Buffer
	for _, m := range list {
		fmt.Fprintf(&b, "%s  %s\n", file.Sum(m.data), m.name)
	}
	return b.Bytes()
}

// readme is what a reader of an archive meets first.
func (j *job) readme(r *Record, made program) string {
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
	p := j.protocol
	return fmt.Sprintf(readmeText, p.Chapter(), p.Title(), differs, took, p.Chapter(), softwareAddress, made.at(), filepath.Base(j.file(".zip")), thisMachine(), effort(p))
}

// productsPerSecond is what a core of a recent server does in training, in products
// of a weight with a point: a dense epoch of the book's network, 395,264 weights and
// 12,000 points, in about 0.4 s (bench).
const productsPerSecond = 12e9

// effort says how long computing a run anew takes at most, for a reader who plans it.
func effort(p protocols.Protocol) string {
	epochs, products := protocols.Effort(p)
	return fmt.Sprintf("%d epochs of training, which take one core of a recent processor about %s if every network is trained whole; pruned ones take less, and cores share the subjects",
		epochs, duration(products/productsPerSecond))
}

// String is the machine for a reader.
func (m machine) String() string {
	cpu := m.CPU
	if cpu == "" {
		cpu = "an unnamed processor"
	}
	return fmt.Sprintf("%s/%s, %s, %d cores", m.OS, m.Arch, cpu, m.Cores)
}

// readmeText has chapter, title, what is not the book's, time, chapter, address, version and
// commit, file, machine, effort.
const readmeText = `# A run of chapter %d of Network Fragility: %s

Set otherwise than in the book: %s. %s

The notebook (.ipynb) holds the run as it was executed; other versions of it stand beside it.

- longtable.csv: every measured value, by chapter, arm, condition, metric and seed
- dictionary.csv: what every name there means, with units, and which SD is meant
- tables/ and figures/: the numbers of every table and figure, unrounded, and the figures. Their numbers (Figure %d.1) are the same in the
  page, the PDF, Markdown and LaTeX; codecheck.yml says which file is which
- references.bib: the book, and the works on methods that tables and figures name
- parameters.json: every parameter
- environment.json: program, modules, machine, platform, subjects, and the store keys of every reading
- myst.yml, article.md: the page as a project of MyST, which makes the forms that journals take, without a network, in this folder unzipped:
  npm install mystmd, then npx myst build --jats && npx myst build --meca
- codecheck.yml: which files a third person has to get again, and what each is (CODECHECK 2.0)
- ro-crate-metadata.json: all this for machines (Workflow Run RO-Crate 0.5), with a SHA-256 for each file; SHA256SUMS has them for sha256sum
- CITATION.cff: how to cite; LICENSE: Apache-2.0, for the program and for what it computed

## To run it again

The program is fragility, %s, version %s (Apache-2.0). In a checkout of it, after make setup,

    bin/fragility notebook verify %s

runs this again and compares every number, holds every file against its SHA-256, and makes tables, figures and pages again from the
long table. With --anew it computes everything, and uses no store.

- This archive was made on %s. The platform that the numbers were computed on stands in environment.json; on another one they may differ, and verify says by how much.
- Needed: Linux, Go, a C compiler, Python 3.11 or later; 2.5 GB of memory a core, some 2 GB of disk a subject. No GPU, and no network after make setup.
- Expected time: %s. What comes with the program as its record is not computed again unless --anew is given.

Whoever exports with --by "Name (Institute)" stands in ro-crate-metadata.json as the author.
`
