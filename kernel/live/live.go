package live

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/engine"
	"github.com/network-fragility/fragility/kernel/store"
	"github.com/network-fragility/fragility/protocols"
)

// Options say how a page is made live.
type Options struct {
	Subjects int    // how many; 0 for as many of Usual as the store has, and no training
	Store    string // the folder of networks, store.Default where empty
	// Say tells a person what is about to be done.
	Say func(string)
	// Events has the progress of training.
	Events func(client.Event)
	// Turn is what the notebook has for dials; nil for one without.
	Turn *Turn
}

// Usual is how many subjects a page carries unless it is asked for others. Beyond it
// weights have 16 bits.
const Usual = 3

// Most is how many it may carry.
const Most = 10

// mostBytes is what a page of the usual subjects may have, and of each of more.
const (
	mostBytes = 5_000_000
	eachBytes = 900_000
)

// Page makes the exported page of a run live where it can be, and tells whether it did:
// where the chapter's dials turn networks that a page can carry (Takes), and the store has
// them or Options say to train them. The page is replaced as a whole or not at all; one that
// does not give its own readings again is an error.
func Page(ctx context.Context, path string, p protocols.Protocol, o Options) (live bool, err error) {
	if err := Takes(p); err != nil {
		if o.Subjects > 0 {
			return false, err
		}
		return false, nil
	}
	if o.Store == "" {
		if o.Store, err = store.Default(); err != nil {
			return false, err
		}
	}
	e, err := engine.New(engine.Options{Store: o.Store})
	if err != nil {
		return false, err
	}
	defer e.Close()
	q, err := o.cohort(e, p)
	if q == nil || err != nil {
		return false, err
	}
	if o.Subjects == 0 {
		o.Events = nil // nothing is trained
	}
	taken, err := e.Take(ctx, q, Wanted(q), o.Events)
	if err != nil {
		return false, err
	}
	s, err := store.Open(o.Store, nil)
	if err != nil {
		return false, err
	}
	platform, _, err := e.Keys(q)
	if err != nil {
		return false, err
	}
	c, err := collect(q, platform, taken, s)
	if err != nil {
		return false, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	room, short := (mostBytes-c.rest()-int(info.Size()))/len(c.subjects), len(c.subjects) > Usual
	if short {
		room = eachBytes
	}
	left, err := c.pack(room, short)
	if err != nil {
		return false, err
	}
	v, err := c.data.check(ctx)
	if err != nil {
		return false, err
	}
	if v.Off != nil {
		return false, fmt.Errorf("the page would not give its own readings again, and was not made live: of %d, %d are off by more than a point in 4,000; the first: %s", v.Readings, len(v.Off), v.Off[0])
	}
	pictures, err := places(ctx, e, q, o.Turn)
	if err != nil {
		return false, err
	}
	section, err := c.data.section(left, pictures, v)
	if err != nil {
		return false, err
	}
	return true, insert(path, section)
}

// Takes tells whether a page can carry the networks of a run; where it cannot, the error
// is a protocols.BadInput that says why.
func Takes(p protocols.Protocol) error {
	if !slices.Contains(Chapters, p.Chapter()) {
		return protocols.BadInput{Sentence: fmt.Sprintf("--live-subjects goes with the chapters whose networks a page can carry (%s), not with chapter %d", chapterList(), p.Chapter())}
	}
	for _, n := range p.Plant(p.Cohort()[0]).Root.Children {
		if s, ok := n.Stage.(protocols.Initialise); !ok || s.Network.Kind != "mlp" {
			return protocols.BadInput{Sentence: "--live-subjects goes with the book's feed-forward network: a page evaluates no other"}
		}
	}
	return nil
}

func chapterList() string {
	var list []string
	for _, n := range Chapters {
		list = append(list, protocols.ChapterName(n))
	}
	return strings.Join(list, ", ")
}

// cohort is the protocol with the subjects that the page carries; nil where it has none.
func (o Options) cohort(e *engine.Engine, p protocols.Protocol) (protocols.Protocol, error) {
	cohort := p.Cohort()
	if o.Subjects > 0 {
		if o.Subjects > Most || o.Subjects > len(cohort) {
			return nil, protocols.BadInput{Sentence: fmt.Sprintf("--live-subjects takes a number from 1 to %d here, not %d", min(Most, len(cohort)), o.Subjects)}
		}
		q, err := of(p, cohort[:o.Subjects])
		if err != nil {
			return nil, err
		}
		subjects, epochs, err := e.Lacks(q, Wanted(q))
		if subjects > 0 {
			o.Say(fmt.Sprintf("The page of chapter %d needs %d networks that are not in the store: they are trained first, %d epochs in all.", p.Chapter(), subjects, epochs))
		}
		return q, err
	}
	var there []int
	for _, seed := range cohort {
		q, err := of(p, []int{seed})
		if err != nil {
			return nil, err
		}
		lacks, _, err := e.Lacks(q, Wanted(q))
		if err != nil {
			return nil, err
		}
		if lacks == 0 {
			if there = append(there, seed); len(there) == Usual {
				break
			}
		}
	}
	if there == nil {
		return nil, nil
	}
	return of(p, there)
}

// of is the protocol with other subjects.
func of(p protocols.Protocol, seeds []int) (protocols.Protocol, error) {
	return protocols.With(p, map[string]string{"Seeds": protocols.Seeds(seeds).String()})
}
