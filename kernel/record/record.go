// Package record reads and writes readings that were computed once, for
// everybody: a folder in the repository with a file for each chapter and
// platform.
//
//	record/ch05-1f2e3d4c5b6a.zip    the subjects of chapter 5 on one platform
//	    0003.json                   subject 3: its platform, and the values of every reading
//
// A subject in the record is whole: it has every reading of its chapter at the
// book's settings, as its chapter's tree was when it was computed. Readings are
// addressed by the same keys as in the store, cut to their first half, so that
// a stage or probe that computes something else is not found here either. Each
// subject carries its digest. One that does not read, or whose digest is wrong,
// is reported and counts as not there.
package record

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// A Subject is what was measured of a subject in a chapter.
type Subject struct {
	Chapter   int                  `json:"chapter"`
	Seed      int                  `json:"seed"`
	Platform  protocols.Platform   `json:"platform"`
	Processor string               `json:"processor"` // what the processor calls itself
	Computed  time.Time            `json:"computed"`
	Readings  map[ID]store.Numbers `json:"readings"`
}

// ID is the first half of a reading's key.
type ID string

// IDOf is the ID of a key.
func IDOf(k protocols.Key) ID { return ID(k[:len(k)/2]) }

// Values are those of a reading.
func (s *Subject) Values(k protocols.Key) ([]float64, bool) {
	v, ok := s.Readings[IDOf(k)]
	return v, ok
}

// member is a subject's part of a file: the subject and the digest of its
// bytes.
type member struct {
	Subject json.RawMessage `json:"subject"`
	SHA256  string          `json:"sha256"`
}

func encode(s *Subject) ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return json.Marshal(member{b, file.Sum(b)})
}

func decode(text []byte) (*Subject, error) {
	var m member
	if json.Unmarshal(text, &m) != nil || file.Sum(bytes.TrimSpace(m.Subject)) != m.SHA256 {
		return nil, errors.New("its digest is wrong")
	}
	s := &Subject{}
	if err := json.Unmarshal(m.Subject, s); err != nil {
		return nil, fmt.Errorf("it does not read: %v", err)
	}
	return s, nil
}

// maxSubject bounds a subject's text, against files that are not ours; those of
// chapter 10 have some 100 kB.
const maxSubject = 16 << 20

// A Record is a folder of such files. Its methods may be called from several
// goroutines.
type Record struct {
	dir  string
	warn func(string)

	mu     sync.Mutex
	warned map[string]bool
	known  map[place]*Subject // read before
}

type place struct {
	file string
	seed int
}

// Open returns the record in a folder, which need not be there yet. What is
// damaged is reported to warn, once each; nil drops the reports.
func Open(dir string, warn func(text string)) *Record {
	if warn == nil {
		warn = func(string) {}
	}
	return &Record{dir: dir, warn: warn, warned: map[string]bool{}, known: map[place]*Subject{}}
}

// Path is the record's folder.
func (r *Record) Path() string { return r.dir }

// nameOf is the file of a chapter on a platform.
func nameOf(chapter int, p protocols.Platform) string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // a struct of strings
	}
	return fmt.Sprintf("ch%02d-%.12s.zip", chapter, file.Sum(b))
}

// files are the chapter's files, in alphabetical order.
func (r *Record) files(chapter int) []string {
	list, _ := filepath.Glob(filepath.Join(r.dir, fmt.Sprintf("ch%02d-*.zip", chapter)))
	return list
}

// Subject is a chapter's subject on a platform, or nil.
func (r *Record) Subject(chapter, seed int, p protocols.Platform) *Subject {
	return r.read(filepath.Join(r.dir, nameOf(chapter, p)), chapter, seed)
}

// Others are a chapter's subject on all platforms but one, in an order that does
// not change.
func (r *Record) Others(chapter, seed int, but protocols.Platform) []*Subject {
	var list []*Subject
	for _, file := range r.files(chapter) {
		if filepath.Base(file) == nameOf(chapter, but) {
			continue
		}
		if s := r.read(file, chapter, seed); s != nil {
			list = append(list, s)
		}
	}
	return list
}

// All gives every subject of a chapter, file by file, in the order of the seeds.
func (r *Record) All(chapter int) []*Subject {
	var list []*Subject
	for _, file := range r.files(chapter) {
		list = append(list, r.in(file, chapter)...)
	}
	return list
}

// in is the subjects of one file.
func (r *Record) in(file string, chapter int) []*Subject {
	var list []*Subject
	z, err := zip.OpenReader(file)
	if err != nil {
		r.damaged(file, err)
		return nil
	}
	defer z.Close()
	for _, f := range z.File {
		if s := r.member(file, f, chapter); s != nil {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *Subject) int { return cmp.Compare(a.Seed, b.Seed) })
	return list
}

// read is one subject of a file, or nil.
func (r *Record) read(file string, chapter, seed int) *Subject {
	at := place{file, seed}
	r.mu.Lock()
	s, ok := r.known[at]
	r.mu.Unlock()
	if ok {
		return s
	}
	z, err := zip.OpenReader(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		r.damaged(file, err)
		return nil
	}
	defer z.Close()
	for _, f := range z.File {
		if f.Name == memberName(seed) {
			s = r.member(file, f, chapter)
		}
	}
	if s != nil { // one that is missing may come yet
		r.mu.Lock()
		r.known[at] = s
		r.mu.Unlock()
	}
	return s
}

func memberName(seed int) string { return fmt.Sprintf("%04d.json", seed) }

// member reads a part of a file; nil where it is damaged or stands in the wrong
// place.
func (r *Record) member(file string, f *zip.File, chapter int) *Subject {
	s, err := readMember(f)
	if err == nil && (s.Chapter != chapter || memberName(s.Seed) != f.Name || nameOf(s.Chapter, s.Platform) != filepath.Base(file)) {
		err = errors.New("it belongs elsewhere")
	}
	if err != nil {
		r.damaged(file+", "+f.Name, err)
		return nil
	}
	return s
}

func readMember(f *zip.File) (*Subject, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxSubject))
	if err != nil {
		return nil, err
	}
	return decode(text)
}

// damaged reports what cannot be used, once.
func (r *Record) damaged(what string, err error) {
	r.mu.Lock()
	said := r.warned[what]
	r.warned[what] = true
	r.mu.Unlock()
	if !said {
		r.warn(fmt.Sprintf("the record's %s cannot be used (%v); what it held is computed here where it is needed", what, err))
	}
}

// seedOf is the seed that a member's name has.
func seedOf(name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(name, ".json"))
	return n, err == nil && memberName(n) == name
}

// Find is the record's folder for this program: that of Variable, else record in
// the folder above the executable's, else in FRAGILITY_ROOT. It is "" where
// there is none.
func Find() string {
	if dir, ok := os.LookupEnv(Variable); ok {
		return dir
	}
	var roots []string
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		roots = append(roots, filepath.Dir(filepath.Dir(exe)))
	}
	roots = append(roots, os.Getenv("FRAGILITY_ROOT"))
	for _, root := range roots {
		dir := filepath.Join(root, "record")
		if info, err := os.Stat(dir); root != "" && err == nil && info.IsDir() {
			return dir
		}
	}
	return ""
}

// Variable is the environment variable that names the record's folder; empty it
// stands for no record.
const Variable = "FRAGILITY_RECORD"
