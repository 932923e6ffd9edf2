package client

import (
	"fmt"
	"strings"
	"time"

	"github.com/network-fragility/fragility/protocols"
)

// EventKind says what an Event reports.
type EventKind string

// The kinds of events, in the order that a run meets them.
const (
	RunStarted      EventKind = "run started"      // planned: the counts are known
	StageStarted    EventKind = "stage started"    // a stage is being computed
	StageEpoch      EventKind = "epoch"            // an epoch of a training stage is done
	StageFinished   EventKind = "stage finished"   // a stage is done
	ReadingFinished EventKind = "reading finished" // a probe is done
	Warning         EventKind = "warning"          // something to know; the numbers are right
	RunFinished     EventKind = "run finished"
	RunFailed       EventKind = "run failed"
)

// Event is one step in the progress of a run. Every event carries the state of
// the whole run, so a display needs the last one only.
type Event struct {
	Run     int       `json:"run"` // counts the runs of an engine, from 1
	Chapter int       `json:"chapter"`
	Kind    EventKind `json:"kind"`
	Time    time.Time `json:"time"`

	// What is at work, for the kinds stage, epoch and reading.
	Seed   int      `json:"seed"`
	Arm    string   `json:"arm,omitempty"`  // empty where several arms share the stage
	Path   []string `json:"path,omitempty"` // labels from the root to the stage
	Epoch  int      `json:"epoch,omitempty"`
	Epochs int      `json:"epochs,omitempty"` // of the stage; 0 where it has none

	Text     string   `json:"text,omitempty"`  // of a warning or a failure
	Stamp    *Stamp   `json:"stamp,omitempty"` // of a run that finished
	Progress Progress `json:"progress"`
}

// Progress is how far a run is.
type Progress struct {
	Seeds          int           `json:"seeds"`
	Stages         int           `json:"stages"`         // of all trees
	StagesReused   int           `json:"stagesReused"`   // known from the store, or needed by nothing that is new
	StagesDone     int           `json:"stagesDone"`     // computed in this run so far
	Readings       int           `json:"readings"`       // of all trees
	ReadingsReused int           `json:"readingsReused"` // known from the store
	ReadingsDone   int           `json:"readingsDone"`   // taken in this run so far
	EpochsDone     int           `json:"epochsDone"`     // trained in this run so far
	EpochsToDo     int           `json:"epochsToDo"`     // still to train
	Share          float64       `json:"share"`          // of the new work that is done, by epochs, 0 to 1
	Elapsed        time.Duration `json:"elapsed"`
	Left           time.Duration `json:"left"` // from the measured speed; 0 while nothing is known

	Recorded []protocols.Recorded `json:"recorded,omitempty"` // subjects of other platforms
}

// Reused says what came from the store: "reused 41 of 44 stages".
func (p Progress) Reused() string {
	return fmt.Sprintf("reused %d of %d stages", p.StagesReused, p.Stages)
}

// recorded says which subjects are another platform's.
func (p Progress) recorded() (text string) {
	for _, r := range p.Recorded {
		text += "; " + r.String()
	}
	return text
}

// String is the event in one line, as a terminal shows it.
func (e Event) String() string {
	p := e.Progress
	state := fmt.Sprintf("chapter %d: %3.0f %%", e.Chapter, 100*p.Share)
	if p.Left > 0 {
		state += ", " + roundSeconds(p.Left) + " left"
	}
	switch e.Kind {
	case RunStarted:
		text := fmt.Sprintf("chapter %d: %d subjects, %s and %d of %d readings", e.Chapter, p.Seeds, p.Reused(), p.ReadingsReused, p.Readings)
		if p.EpochsToDo > 0 {
			text += fmt.Sprintf(", %d epochs to train", p.EpochsToDo)
		}
		if p.Left > 0 {
			text += ", about " + roundSeconds(p.Left)
		}
		return text + p.recorded()
	case RunFinished:
		text := fmt.Sprintf("chapter %d: done in %s, %s", e.Chapter, roundSeconds(p.Elapsed), p.Reused())
		if p.EpochsDone > 0 || p.StagesDone == 0 {
			text += fmt.Sprintf(", trained %d epochs", p.EpochsDone)
		}
		return text + p.recorded()
	case RunFailed:
		return fmt.Sprintf("chapter %d: stopped after %s: %s", e.Chapter, roundSeconds(p.Elapsed), e.Text)
	case Warning:
		return fmt.Sprintf("chapter %d: warning: %s", e.Chapter, e.Text)
	}
	what := fmt.Sprintf("seed %d, %s", e.Seed, strings.Join(e.Path, " > "))
	if e.Arm != "" {
		what += " (" + e.Arm + ")"
	}
	if e.Epochs > 0 {
		what += fmt.Sprintf(", epoch %d of %d", e.Epoch, e.Epochs)
	}
	return state + ": " + what
}

// roundSeconds prints a duration to the second, to the tenth below ten.
func roundSeconds(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
