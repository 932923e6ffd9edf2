package record

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/protocols"
)

// Add takes subjects in. Of one that is there already it takes the readings that
// are new, so that a chapter that has more arms than before can be added to. The
// files are replaced whole, and one process waits for the other, so nothing is
// lost where several add at the same time or one is killed.
func (r *Record) Add(subjects ...*Subject) error {
	byFile := map[string][]*Subject{}
	for _, s := range subjects {
		file := nameOf(s.Chapter, s.Platform)
		byFile[file] = append(byFile[file], s)
	}
	if err := os.MkdirAll(r.dir, 0o777); err != nil {
		return err
	}
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		if err := r.add(filepath.Join(r.dir, file), byFile[file]); err != nil {
			return err
		}
	}
	return nil
}

// add rewrites one file.
func (r *Record) add(name string, subjects []*Subject) error {
	all := map[int]*Subject{}
	switch z, err := zip.OpenReader(name); {
	case err == nil:
		z.Close()
		for _, s := range r.in(name, subjects[0].Chapter) {
			all[s.Seed] = s
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s cannot be read (%v), and is left as it is; move it away to go on", name, err)
	}
	for _, s := range subjects {
		all[s.Seed] = joined(all[s.Seed], s)
	}
	out, err := os.CreateTemp(r.dir, ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // or it has its name by then
	defer out.Close()
	z := zip.NewWriter(out)
	for _, seed := range slices.Sorted(maps.Keys(all)) {
		text, err := encode(all[seed])
		if err != nil {
			return err
		}
		w, err := z.Create(memberName(seed)) // without a time, so that the same subjects are the same bytes
		if err != nil {
			return err
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	if err := errors.Join(z.Close(), out.Chmod(0o644), out.Sync(), out.Close()); err != nil {
		return err
	}
	if err := os.Rename(out.Name(), name); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for at := range r.known {
		if at.file == name {
			delete(r.known, at)
		}
	}
	return nil
}

// joined is a subject with the readings of both; both are of one platform, so
// what both have is the same.
func joined(old, s *Subject) *Subject {
	if old == nil {
		return s
	}
	both := *s
	both.Readings = maps.Clone(old.Readings)
	maps.Copy(both.Readings, s.Readings)
	if len(both.Readings) == len(old.Readings) {
		return old // nothing new: not even the date
	}
	return &both
}

// lock keeps two processes from rewriting at the same time; the lock goes with
// the process that holds it.
func (r *Record) lock() (unlock func(), err error) {
	f, err := os.Open(r.dir)
	if err != nil {
		return nil, err
	}
	if err := file.Flock(f, syscall.LOCK_EX); err != nil && !errors.Is(err, syscall.ENOSYS) && !errors.Is(err, syscall.ENOLCK) {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// Pack writes a record that has one file to a path, for Merge.
func (r *Record) Pack(path string) error {
	files, err := filepath.Glob(filepath.Join(r.dir, "ch*.zip"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("the record %s has %d files, of which none can be %s", r.dir, len(files), path)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	return file.Write(path, content)
}

// Merge takes in the subjects of a file that another record has. It says how many
// there were; a file that holds none is bad input.
func (r *Record) Merge(name string) (int, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return 0, protocols.BadInput{Sentence: "merge takes files of a record, and " + name + " is not there"}
		}
		return 0, protocols.BadInput{Sentence: "merge takes files of a record, as record/ch05-0123456789ab.zip, and " + name + " is none"}
	}
	defer z.Close()
	var list []*Subject
	for _, f := range z.File {
		if _, ok := seedOf(f.Name); !ok {
			return 0, protocols.BadInput{Sentence: name + " has a part " + strconv.Quote(f.Name) + ", which no record has"}
		}
		s, err := readMember(f)
		if err != nil || s.Chapter < 1 || s.Seed < 0 {
			r.damaged(name+", "+f.Name, err)
			continue
		}
		list = append(list, s)
	}
	return len(list), r.Add(list...)
}
