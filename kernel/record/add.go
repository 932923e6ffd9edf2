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

// add rewrites one file. Subjects that nothing is added to are copied as they are,
// so that the cost of a subject does not grow with what is there.
func (r *Record) add(name string, subjects []*Subject) error {
	old := map[int]*zip.File{}
	switch z, err := zip.OpenReader(name); {
	case err == nil:
		defer z.Close()
		for _, f := range z.File {
			seed, ok := seedOf(f.Name)
			if _, err := f.DataOffset(); ok && err == nil {
				old[seed] = f
			}
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s cannot be read (%v), and is left as it is; move it away to go on", name, err)
	}
	added := map[int]*Subject{}
	for _, s := range subjects {
		was := added[s.Seed]
		if f := old[s.Seed]; was == nil && f != nil {
			was = r.member(name, f, s.Chapter)
		}
		if both := joined(was, s); both != was {
			added[s.Seed] = both
			delete(old, s.Seed)
		}
	}
	if len(added) == 0 {
		return nil
	}
	if err := rewrite(name, old, added); err != nil {
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

// rewrite makes a file anew, of members of the old one and of other subjects.
func rewrite(name string, old map[int]*zip.File, added map[int]*Subject) error {
	out, err := os.CreateTemp(filepath.Dir(name), ".new-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // or it has its name by then
	defer out.Close()
	z := zip.NewWriter(out)
	seeds := slices.AppendSeq(slices.Collect(maps.Keys(old)), maps.Keys(added))
	slices.Sort(seeds)
	for _, seed := range seeds {
		if f := old[seed]; f != nil {
			err = z.Copy(f)
		} else {
			err = write(z, added[seed])
		}
		if err != nil {
			return err
		}
	}
	if err := errors.Join(z.Close(), out.Chmod(0o644), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), name)
}

// write adds a subject to a file, without a time, so that the same subjects are the
// same bytes.
func write(z *zip.Writer, s *Subject) error {
	text, err := encode(s)
	if err != nil {
		return err
	}
	w, err := z.Create(memberName(s.Seed))
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
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

// Merge takes in the subjects of files that other records have, of all or, where one
// of them is none, of none. It says how many each had; a file that holds none is bad
// input.
func (r *Record) Merge(names ...string) (had []int, err error) {
	var all []*Subject
	for _, name := range names {
		list, err := r.subjectsOf(name)
		if err != nil {
			return nil, err
		}
		all, had = append(all, list...), append(had, len(list))
	}
	return had, r.Add(all...)
}

// subjectsOf reads a file of another record.
func (r *Record) subjectsOf(name string) ([]*Subject, error) {
	z, err := zip.OpenReader(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, protocols.BadInput{Sentence: "merge takes files of a record, and " + name + " is not there"}
		}
		return nil, protocols.BadInput{Sentence: "merge takes files of a record, as record/ch05-0123456789ab.zip, and " + name + " is none"}
	}
	defer z.Close()
	var list []*Subject
	for _, f := range z.File {
		if _, ok := seedOf(f.Name); !ok {
			return nil, protocols.BadInput{Sentence: name + " has a part " + strconv.Quote(f.Name) + ", which no record has"}
		}
		s, err := readMember(f)
		if err != nil || s.Chapter < 1 || s.Seed < 0 {
			r.damaged(name+", "+f.Name, err)
			continue
		}
		list = append(list, s)
	}
	return list, nil
}
