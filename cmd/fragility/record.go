package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/kernel/notebook"
	"github.com/network-fragility/fragility/kernel/record"
	"github.com/network-fragility/fragility/protocols"
)

// recordedCohort is the subjects that the record is to have of a chapter: those
// that the notebooks show, and those of the plan, a hundred that nobody has looked
// at before they are all there.
func recordedCohort(chapter int) protocols.Seeds {
	var list protocols.Seeds
	for seed := range cmp.Or(map[int]int{9: 20}[chapter], 10) {
		list = append(list, seed)
	}
	return append(list, protocols.PlannedSubjects(chapter)...)
}

func recordCommand() *cobra.Command {
	c := &cobra.Command{Use: "record", Short: "What was computed once, for everybody"}
	c.AddCommand(recordStatusCommand(), recordExtendCommand(), recordMergeCommand(), recordVerifyCommand(), recordDictionaryCommand())
	return c
}

// theRecord opens the checkout's record.
func theRecord() (*record.Record, error) {
	dir := record.Find()
	if dir == "" {
		root, err := checkout()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(root, "record")
	}
	return record.Open(dir, func(text string) { fmt.Fprintln(os.Stderr, "warning: "+text) }), nil
}

func recordStatusCommand() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Say which subjects the record has, of which chapters and platforms", RunE: func(*cobra.Command, []string) error {
		r, err := theRecord()
		if err != nil {
			return err
		}
		e, err := engine.New(engine.Options{Record: r.Path()})
		if err != nil {
			return err
		}
		defer e.Close()
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "CHAPTER\tSUBJECTS\tWITH ALL READINGS OF TODAY\tPROCESSOR\tPATH")
		for _, chapter := range protocols.Chapters() {
			p, err := protocols.Configure(chapter, nil)
			if err != nil {
				return err
			}
			for _, group := range byPlatform(r.All(chapter)) {
				seeds, whole := protocols.Seeds{}, 0
				for _, s := range group {
					seeds = append(seeds, s.Seed)
					if e.HasAll(p, s) {
						whole++
					}
				}
				fmt.Fprintf(w, "%d\t%s\t%d\t%s\t%s\n", chapter, seeds, whole, group[0].Processor, group[0].Platform.Path)
			}
		}
		return w.Flush()
	}}
}

// byPlatform groups subjects that follow each other.
func byPlatform(list []*record.Subject) [][]*record.Subject {
	return slices.Collect(func(yield func([]*record.Subject) bool) {
		for len(list) > 0 {
			n := slices.IndexFunc(list, func(s *record.Subject) bool { return s.Platform != list[0].Platform })
			if n < 0 {
				n = len(list)
			}
			if !yield(list[:n]) {
				return
			}
			list = list[n:]
		}
	})
}

func recordExtendCommand() *cobra.Command {
	var o extension
	var limit time.Duration
	c := &cobra.Command{
		Use:   "extend CHAPTER...",
		Short: "Compute subjects that the record lacks, and add them; what is stored is not computed again",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("--for takes a time above 0 such as 150m, not %s", limit)
			}
			wanted, err := o.subjects(args)
			if err != nil {
				return err
			}
			r, done, err := o.record()
			if err != nil {
				return err
			}
			defer done()
			ctx := c.Context()
			if limit > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, limit)
				defer cancel()
			}
			added, err := extend(ctx, r, wanted, o.workers)
			if o.to != "" && err == nil {
				err = r.Pack(o.to)
			}
			fmt.Fprintf(stdout, "added %d of %d subjects to %s\n", added, len(wanted), cmp.Or(o.to, r.Path()))
			if err != nil && c.Context().Err() == nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil // what was begun goes on from the store the next time
			}
			return interrupted(c.Context(), err)
		},
	}
	c.Flags().StringVar(&o.seeds, "seeds", "", "which subjects; without it those that the record is to have of a chapter")
	c.Flags().StringArrayVar(&o.set, "set", nil, "a parameter, as Name=value, in place of the book's (repeatable)")
	c.Flags().StringVar(&o.to, "to", "", "file that gets the subjects of one chapter, for `record merge`, in place of the record; it gets all, also those that the record has")
	c.Flags().IntVar(&o.workers, "workers", 0, "cores to compute on; without it all that the process may use, or what Slurm gave the task")
	c.Flags().DurationVar(&limit, "for", 0, "stop after so long, as 150m; 0 is when all are there")
	return c
}

// An extension says what a record is extended by.
type extension struct {
	seeds, to string
	set       []string
	workers   int
}

// subjects are chapters' protocols for one subject each, subject by subject, so
// that chapters that share trained networks come together.
func (o extension) subjects(chapters []string) ([]protocols.Protocol, error) {
	if o.to != "" && len(chapters) > 1 {
		return nil, usage("--to takes the subjects of one chapter, not of %d", len(chapters))
	}
	var list []protocols.Protocol
	for _, name := range chapters {
		chapter, err := protocols.ParseChapter(name)
		if err != nil {
			return nil, err
		}
		values, err := (&request{format: "table", seeds: o.seeds, set: o.set}).values()
		if err != nil {
			return nil, err
		}
		cohort := recordedCohort(chapter)
		if values["Seeds"] != "" {
			p, err := protocols.Configure(chapter, values)
			if err != nil {
				return nil, err
			}
			cohort = p.Cohort()
		}
		for _, seed := range cohort {
			values["Seeds"] = strconv.Itoa(seed)
			p, err := protocols.Configure(chapter, values)
			if err != nil {
				return nil, err
			}
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b protocols.Protocol) int { return a.Cohort()[0] - b.Cohort()[0] })
	return list, nil
}

// record is the record that is extended: the checkout's, or one for a file
// alone, which done removes.
func (o extension) record() (r *record.Record, done func(), err error) {
	if o.to == "" {
		r, err = theRecord()
		return r, func() {}, err
	}
	if _, err := file.Find(o.to); err != nil {
		return nil, nil, usage("--to %v", err)
	}
	dir, err := os.MkdirTemp("", "fragility-record-")
	return record.Open(dir, nil), func() { os.RemoveAll(dir) }, err
}

// extend computes what the record lacks, a subject on each core, and says how
// many it has added.
func extend(ctx context.Context, r *record.Record, wanted []protocols.Protocol, workers int) (added int, err error) {
	o, err := (&request{workers: workers}).options()
	if err != nil {
		return 0, err
	}
	o.Record = r.Path()
	e, err := engine.New(o)
	if err != nil {
		return 0, err
	}
	defer e.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	progress := newProgress(os.Stderr)
	defer progress.end()
	var mu sync.Mutex // guards added and the output
	queue := make(chan protocols.Protocol)
	var group sync.WaitGroup
	for range e.Workers() {
		group.Go(func() {
			for p := range queue {
				began := time.Now()
				fresh, err := extendBy(ctx, e, r, p, progress)
				if err != nil {
					cancel(err)
					return
				}
				if fresh {
					mu.Lock()
					added++
					fmt.Fprintf(stdout, "chapter %d, subject %d: recorded after %s\n", p.Chapter(), p.Cohort()[0], time.Since(began).Round(time.Second))
					mu.Unlock()
				}
			}
		})
	}
feed:
	for _, p := range wanted {
		select {
		case queue <- p:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	group.Wait()
	return added, context.Cause(ctx)
}

// extendBy computes one subject and adds it; it reports whether it was missing.
func extendBy(ctx context.Context, e *engine.Engine, r *record.Record, p protocols.Protocol, progress progress) (bool, error) {
	seed := p.Cohort()[0]
	if has, err := e.InRecord(p, seed); has || err != nil {
		return false, err
	}
	if _, err := e.Run(ctx, p, progress.show); err != nil {
		return false, err
	}
	s, err := e.Whole(p, seed)
	if err == nil && s == nil {
		err = fmt.Errorf("chapter %d, subject %d: the store did not keep its readings, so it cannot be recorded", p.Chapter(), seed)
	}
	if err != nil {
		return false, err
	}
	return true, r.Add(s)
}

func recordMergeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "merge FILE...",
		Short: "Take in what others computed: files of a record",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error {
			r, err := theRecord()
			if err != nil {
				return err
			}
			had, err := r.Merge(files...)
			if err != nil {
				return err
			}
			for i, file := range files {
				fmt.Fprintf(stdout, "%s: %d subjects\n", file, had[i])
			}
			return nil
		},
	}
}

func recordVerifyCommand() *cobra.Command {
	sample := 20
	c := &cobra.Command{
		Use:   "verify [CHAPTER...]",
		Short: "Compute random subjects of the record again: equal bits on its platform, equal distributions elsewhere; status 1 where something differs",
		Args:  cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, chapters []string) error {
			if sample < 1 {
				return usage("--sample takes a number from 1, not %d", sample)
			}
			r, err := theRecord()
			if err != nil {
				return err
			}
			v, err := newVerification(r)
			if err != nil {
				return err
			}
			defer v.close()
			return interrupted(c.Context(), v.run(c.Context(), chapters, sample))
		},
	}
	c.Flags().IntVar(&sample, "sample", sample, "how many subjects")
	return c
}

func recordDictionaryCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "dictionary CHAPTER",
		Short: "What every name in a chapter's long table means, with units, as CSV (docs/data.md)",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := ofTheBook(args[0])
			if err != nil {
				return err
			}
			_, err = stdout.Write(notebook.Dictionary(p))
			return err
		},
	}
}
