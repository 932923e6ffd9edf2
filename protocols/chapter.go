package protocols

import (
	"maps"
	"reflect"
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
	Ours    bool // the book has no such table
	Arms    []Heading
	Metrics []Heading
}

// Heading is an arm or a metric and the words for it.
type Heading struct {
	Name, Words string
	Ours        bool // ours, or the reader's own: the book lacks it; the words say so
}

// ours is an arm or a metric that the book lacks.
func ours(name, words string) Heading { return addition(name, words, "ours") }

// addition is one of somebody's, which the words say at their end: within a
// bracket where they end with one.
func addition(name, words, whose string) Heading {
	if inside, bracket := strings.CutSuffix(words, ")"); bracket {
		return Heading{name, inside + ", " + whose + ")", true}
	}
	return Heading{name, words + " (" + whose + ")", true}
}

// but is an arm like h but for one thing, which the ending of its name and the
// words tell: ours.
func (h Heading) but(ending, words string) Heading {
	return ours(h.Name+ending, strings.TrimSuffix(h.Words, " (ours)")+", "+words)
}

// as is the treatment that an arm stands for.
func (h Heading) as(steps ...Step) Treatment { return Treatment{h.Name, h.Words, h.Ours, steps} }

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

// With is the protocol with other values for some parameters. Errors are BadInput.
func With(p Protocol, values map[string]string) (Protocol, error) {
	settings, _ := Settings(p)
	maps.Copy(settings, values)
	return Configure(p.Chapter(), settings)
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

// Effort is about what the training of a protocol takes, all subjects together
// and nothing stored: the epochs, and the products of a weight with a point. The
// tree of one subject stands for all; a call that is a point on the way of another
// counts twice.
func Effort(p Protocol) (epochs int, products float64) {
	cohort := p.Cohort()
	if len(cohort) == 0 {
		return 0, 0
	}
	weights := 0.0
	Plant(p, cohort[0]).Walk(func(n *Node) {
		switch s := n.Stage.(type) {
		case Initialise:
			weights = s.Network.weights()
		case Train:
			epochs += s.Epochs
			products += float64(s.Epochs) * float64(s.Data.Samples) * weights
		case Call:
			epochs += s.Length()
		}
	})
	return epochs * len(cohort), products * float64(len(cohort))
}

// weights counts the weights of a network, as often as a point meets them.
func (n Network) weights() (sum float64) {
	in := n.Inputs
	for _, units := range append(n.Hidden[:len(n.Hidden):len(n.Hidden)], n.Outputs) {
		sum += float64(in) * float64(units)
		in = units
	}
	if n.Steps > 0 { // three gates of a gru, each with its state
		units := float64(n.Hidden[0])
		sum += 3 * float64(n.Steps) * units * (units + float64(n.Inputs))
	}
	return sum
}

// An Ask names what is shown of a run: a table or a plot by its name, or the table
// of what one arm has more than another, subject by subject.
type Ask struct {
	What    What   `json:"what"`
	Name    string `json:"name,omitempty"`
	Arm     string `json:"arm,omitempty"`
	Against string `json:"against,omitempty"`
}

// What is a kind of thing that can be asked for.
type What string

const (
	AskTable  What = "table"
	AskPlot   What = "plot"
	AskPaired What = "paired"
)

// Label is what it is called, as in the names of files.
func (a Ask) Label() string {
	if a.What == AskPaired {
		return a.Arm + " against " + a.Against
	}
	return a.Name
}

// Part is the part T of a chapter, such as its Clinic: the chapter itself, or a
// group that it embeds, however deep. It is nil where the chapter has none.
func Part[T any](p Protocol) *T {
	var find func(reflect.Value) *T
	find = func(v reflect.Value) *T {
		v = reflect.Indirect(v)
		if v.Kind() != reflect.Struct || !v.CanAddr() {
			return nil
		}
		if part, ok := v.Addr().Interface().(*T); ok {
			return part
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).Anonymous {
				continue
			}
			if part := find(v.Field(i)); part != nil {
				return part
			}
		}
		return nil
	}
	return find(reflect.ValueOf(p))
}

// AllArms are the arms in the heads of a chapter's tables, each once.
func AllArms(p Protocol) []Heading {
	var list []Heading
	for _, l := range p.Tables() {
		for _, a := range l.Arms {
			if !slices.ContainsFunc(list, func(b Heading) bool { return a.Name == b.Name }) {
				list = append(list, a)
			}
		}
	}
	return list
}

// ArmsNamed are arms of a chapter, in the order of the names; what it does not
// have is left out.
func ArmsNamed(p Protocol, names ...string) []Heading {
	all := AllArms(p)
	var list []Heading
	for _, name := range names {
		if i := slices.IndexFunc(all, func(a Heading) bool { return a.Name == name }); i >= 0 {
			list = append(list, all[i])
		}
	}
	return list
}

// ArmsWith are the arms of the first table of a chapter that has a metric; none
// where no table has it.
func ArmsWith(p Protocol, metric string) []Heading {
	for _, l := range p.Tables() {
		if slices.ContainsFunc(l.Metrics, func(m Heading) bool { return m.Name == metric }) {
			return l.Arms
		}
	}
	return nil
}
