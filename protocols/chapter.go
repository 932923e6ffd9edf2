package protocols

import (
	"maps"
	"slices"
	"strings"
)

// A Protocol is one chapter with its parameters: a pointer to a struct whose
// fields are the parameters (see Parameter) and whose methods say what is done.
type Protocol interface {
	Chapter() int
	Title() string
	// Cohort is the seeds of the subjects.
	Cohort() []int
	// Recalls tells whether what the record has may stand for what would be computed.
	Recalls() bool
	// Plant grows the tree of one subject.
	Plant(seed int) *Tree
	// Derive computes further rows from those of the readings.
	Derive(rows []Row) []Row
	// Check refuses parameters that do not go together, with a BadInput.
	Check() error
	// Tables are the chapter's tables, ours beside the published ones.
	Tables() []Layout
	// Contrasts are the questions that the chapter's arms answer in pairs.
	Contrasts() []Contrast
}

// Layout says which rows of the long table make a table of the chapter: arms
// across, metrics down.
type Layout struct {
	Name    string // as "table 1"
	Title   string
	Arms    []Heading
	Metrics []Heading
}

// Heading is an arm or a metric and the words for it.
type Heading struct{ Name, Words string }

// chapters has a constructor for each chapter that exists.
var chapters = map[int]func() Protocol{
	1:  func() Protocol { return new(Ch01) },
	2:  func() Protocol { return new(Ch02) },
	3:  func() Protocol { return new(Ch03) },
	4:  func() Protocol { return new(Ch04) },
	5:  func() Protocol { return new(Ch05) },
	6:  func() Protocol { return new(Ch06) },
	7:  func() Protocol { return new(Ch07) },
	8:  func() Protocol { return new(Ch08) },
	9:  func() Protocol { return new(Ch09) },
	10: func() Protocol { return new(Ch10) },
}

// Configure returns a chapter's protocol with its defaults, changed by the
// values of set (as text, see Format). Errors are BadInput.
func Configure(chapter int, values map[string]string) (Protocol, error) {
	construct, ok := chapters[chapter]
	if !ok {
		return nil, badInput("chapter takes %s, not %d", listChapters(), chapter)
	}
	p := construct()
	reset(p)
	if err := applyProfile(p, values); err != nil {
		return nil, err
	}
	if err := set(p, values); err != nil {
		return nil, err
	}
	if err := p.Check(); err != nil {
		return p, err
	}
	if err := checkNames(p); err != nil {
		return p, err
	}
	return p, checkRobust(p)
}

// Chapters lists the chapters that exist, in order.
func Chapters() []int { return slices.Sorted(maps.Keys(chapters)) }

// ParseChapter reads a chapter's name, "ch01" or "1". Errors are BadInput.
func ParseChapter(text string) (int, error) {
	for _, n := range Chapters() {
		if text == ChapterName(n) || text == seedText(n) {
			return n, nil
		}
	}
	return 0, badInput("CHAPTER takes %s, not %q", listChapters(), text)
}

// ChapterName is the short name of a chapter, "ch01".
func ChapterName(n int) string {
	name := seedText(n)
	if n < 10 {
		name = "0" + name
	}
	return "ch" + name
}

func listChapters() string {
	var names []string
	for _, n := range Chapters() {
		names = append(names, ChapterName(n))
	}
	return strings.Join(names, ", ")
}
