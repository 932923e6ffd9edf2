package engine

import (
	"sync"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// What a task weighs beside an epoch of training, unless its stage or probe has a
// Weight. It matters for the share done and the time left alone, so a guess does.
const (
	stageWeight   = 0.5
	readingWeight = 0.25
)

// progress counts the work of a run and tells what happens.
type progress struct {
	mu     sync.Mutex
	events func(client.Event) // nil once the run has returned
	base   client.Event       // run and chapter
	state  client.Progress

	unkept bool           // results could not be stored, and that was said
	tasks  map[*point]int // that make a node's subject, planned and not removed

	began         time.Time
	first         time.Time // when the first work was done
	done, todo    float64   // seconds, by the speeds measured so far
	slots         int
	speeds        *speeds
	took          map[string]float64 // speeds at the run's beginning
	known, unsaid float64            // of todo at the start: the part of which the speed is known, and the rest
}

func newProgress(run, chapter int, speeds *speeds, slots int, events func(client.Event)) *progress {
	return &progress{tasks: map[*point]int{}, events: events, base: client.Event{Run: run, Chapter: chapter}, began: time.Now(),
		slots: slots, speeds: speeds, took: speeds.snapshot()}
}

// tell sends an event; p.mu is held.
func (p *progress) tell(ev client.Event) {
	if p.events == nil {
		return
	}
	ev.Run, ev.Chapter, ev.Time = p.base.Run, p.base.Chapter, time.Now()
	ev.Progress = p.now()
	p.events(ev)
}

// now is the state with its shares and times; p.mu is held.
func (p *progress) now() client.Progress {
	s := p.state
	s.Elapsed = time.Since(p.began)
	s.Share = 1
	if all := p.done + p.todo; all > 0 {
		s.Share = p.done / all
	}
	switch {
	case p.done > 0 && p.todo > 0:
		s.Left = time.Duration(float64(time.Since(p.first)) * p.todo / p.done)
	case p.todo > 0 && p.known > 9*p.unsaid:
		s.Left = time.Duration(p.todo / float64(p.slots) * float64(time.Second))
	}
	return s
}

func (p *progress) snapshot() client.Progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now()
}

// recorded notes which subjects are another platform's.
func (p *progress) recorded(list []protocols.Recorded) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Recorded = list
}

// start reports the plan.
func (p *progress) start(seeds int, pl *plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.Seeds, p.first = seeds, time.Now()
	p.state.Stages += len(pl.stages)
	p.state.StagesReused += len(pl.stages)
	p.state.Readings += len(pl.readings)
	p.state.ReadingsReused += len(pl.readings)
	p.tell(client.Event{Kind: client.RunStarted})
}

// weigh is what a task takes in seconds, whether that was measured, and the epochs
// in it.
func (p *progress) weigh(t *task) (seconds float64, known bool, epochs int) {
	weight, epochs := weigh(t)
	each, known := second(p.took, workOf(t))
	return weight * each, known, epochs
}

// learn takes in how long a task took.
func (p *progress) learn(t *task, took time.Duration) {
	if weight, _ := weigh(t); weight > 0 {
		p.speeds.learn(workOf(t), took.Seconds()/weight)
	}
}

// weigh is the weight of a task and the epochs in it.
func weigh(t *task) (weight float64, epochs int) {
	var what any = t.point.stage
	weight = stageWeight
	if t.reading != nil {
		what, weight = t.reading.probe, readingWeight
	}
	if w, ok := what.(interface{ Weight() float64 }); ok {
		return w.Weight(), 0
	}
	if t.reading == nil && t.point.call != nil {
		epochs = t.point.length - t.from()
		return float64(epochs), epochs
	}
	return weight, 0
}

// planned adds a task to what is to be computed; removed takes it away again,
// because somebody else has computed it.
func (p *progress) planned(t *task) { p.account(t, 1) }
func (p *progress) removed(t *task) { p.account(t, -1) }

func (p *progress) account(t *task, sign int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	weight, known, epochs := p.weigh(t)
	p.todo += float64(sign) * weight
	if known {
		p.known += float64(sign) * weight
	} else {
		p.unsaid += float64(sign) * weight
	}
	p.state.EpochsToDo += sign * epochs
	switch {
	case t.reading != nil:
		p.state.ReadingsReused -= sign
	case t.point.isNode():
		// Where it cannot be kept, a subject may be made more than once.
		before := min(p.tasks[t.point], 1)
		p.tasks[t.point] += sign
		p.state.StagesReused += before - min(p.tasks[t.point], 1)
	}
}

func (p *progress) started(t *task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell(p.of(t, client.StageStarted, t.from()))
}

// epoch reports that a call has come to an epoch.
func (p *progress) epoch(t *task, epoch int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	each, _ := second(p.took, workOf(t))
	p.advance(each)
	p.state.EpochsDone++
	p.state.EpochsToDo--
	p.tell(p.of(t, client.StageEpoch, epoch))
}

func (p *progress) finished(t *task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case t.reading != nil:
		weight, _, _ := p.weigh(t)
		p.advance(weight)
		p.state.ReadingsDone++
		p.tell(p.of(t, client.ReadingFinished, 0))
		return
	case t.point.call == nil:
		weight, _, _ := p.weigh(t)
		p.advance(weight)
	}
	if t.point.isNode() {
		p.state.StagesDone++
		p.tell(p.of(t, client.StageFinished, t.point.length))
	}
}

func (p *progress) advance(weight float64) {
	p.done += weight
	p.todo -= weight
	if p.todo < 1e-9*p.done { // what the rounding of sums leaves is nothing to do
		p.todo = 0
	}
}

func (p *progress) of(t *task, kind client.EventKind, epoch int) client.Event {
	ev := client.Event{Kind: kind, Seed: t.point.seed, Arm: t.point.arm, Path: path(t.point.node), Epoch: epoch}
	if c, ok := t.point.node.Stage.(protocols.Call); ok && t.reading == nil {
		ev.Epochs = c.Length()
	}
	return ev
}

func (p *progress) warn(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell(client.Event{Kind: client.Warning, Text: text})
}

// notKept warns, once, that results cannot be stored.
func (p *progress) notKept(text string) {
	p.mu.Lock()
	said := p.unkept
	p.unkept = true
	p.mu.Unlock()
	if !said {
		p.warn(text)
	}
}

// end sends the last event of the run; a worker that comes later is not heard.
func (p *progress) end(kind client.EventKind, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tell(client.Event{Kind: kind, Text: text})
	p.events = nil
}

func (p *progress) cost() protocols.Cost {
	p.mu.Lock()
	defer p.mu.Unlock()
	return protocols.Cost{
		Stages: p.state.Stages, StagesReused: p.state.StagesReused,
		Readings: p.state.Readings, ReadingsReused: p.state.ReadingsReused,
		Epochs: p.state.EpochsDone, Unkept: p.unkept,
	}
}
