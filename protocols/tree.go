package protocols

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// A Tree is the protocol of one subject: stages that branch into arms, with
// readings on the nodes.
type Tree struct {
	Seed int
	Root *Node // stands for the seed alone; it has no stage
}

// A Node is the subject after a stage.
type Node struct {
	Parent   *Node
	Stage    Stage
	Label    string // what the stage is called in this protocol, as "baseline"
	Number   string // what tells it from others called alike, "" for nothing
	Children []*Node
	Readings []Reading
}

// A Reading is a probe on a node with the names of its values.
type Reading struct {
	Probe Probe
	// Names has one entry a value, and the values become rows of the long
	// table. A reading with no names is a series: it is addressed by its
	// arm and label and stays out of the table.
	Names []Name
	Arm   string
	Label string
}

// Name is where a value stands in the long table, but for chapter and seed.
type Name struct{ Arm, Condition, Metric string }

// NewTree starts the tree of a subject.
func NewTree(seed int) *Tree { return &Tree{Seed: seed, Root: &Node{}} }

// Name is the label with its number.
func (n *Node) Name() string { return strings.TrimSpace(n.Label + " " + n.Number) }

// Then adds a stage after n and returns the new node; the number tells it from
// others called alike.
func (n *Node) Then(label string, s Stage, number ...any) *Node {
	c := &Node{Parent: n, Stage: s, Label: label}
	for _, v := range number {
		c.Number = Format(v)
	}
	n.Children = append(n.Children, c)
	return c
}

// Measure takes a reading of one value on n and returns n.
func (n *Node) Measure(arm, condition, metric string, p Probe) *Node {
	return n.Read(Reading{Probe: p, Names: []Name{{arm, condition, metric}}, Arm: arm})
}

// Trace takes a series on n and returns n.
func (n *Node) Trace(arm, label string, p Probe) *Node {
	return n.Read(Reading{Probe: p, Arm: arm, Label: label})
}

// Read adds a reading to n and returns n.
func (n *Node) Read(r Reading) *Node {
	n.Readings = append(n.Readings, r)
	return n
}

// Walk calls f on every node below the root, parents first.
func (t *Tree) Walk(f func(*Node)) {
	var walk func(*Node)
	walk = func(n *Node) {
		for _, c := range n.Children {
			f(c)
			walk(c)
		}
	}
	walk(t.Root)
}

// Occurrence counts how often a purpose has come up on the way from the root
// to n's stage, that stage left out: the first shuffle is occurrence 0.
func (n *Node) Occurrence(p Purpose) int {
	count := 0
	for a := n.Parent; a != nil && a.Stage != nil; a = a.Parent {
		for _, q := range a.Stage.Purposes() {
			if p == q {
				count++
			}
		}
	}
	return count
}

// Key addresses a node or a reading by everything that led to it: 64
// hexadecimal digits of a SHA-256.
type Key string

// Platform is what a number depends on besides the protocol: bit-equality is
// promised for one platform, and results of another are never mixed in.
type Platform struct {
	Precision string // "float32"
	Path      string // "gru native/2, mlp native/1": for each kind of network, which of the equal ways of computing, with its version
	Backend   string // "xla:cpu"
	Plugin    string // SHA-256 of the PJRT plugin
	CPU       string // the processor's features, model and caches, hashed
}

// A Beginner is a stage that makes a network, of a kind; others start from a subject.
type Beginner interface{ Begins() (network string) }

// under is the platform as far as what s begins depends on it: of the ways of
// computing, that of its network alone. So a new way for one network leaves the
// keys of the others as they are.
func (p Platform) under(s Stage) Platform {
	b, ok := s.(Beginner)
	if !ok {
		return p
	}
	for way := range strings.SplitSeq(p.Path, ", ") {
		if kind, path, _ := strings.Cut(way, " "); kind == b.Begins() {
			p.Path = path
			return p
		}
	}
	p.Path = "" // the network has no way of its own
	return p
}

// Of is the platform as far as a tree depends on it: of the ways of computing,
// those of the networks that the tree begins. Its keys are the same on both.
func (p Platform) Of(t *Tree) Platform {
	begun := map[string]bool{}
	for _, n := range t.Root.Children {
		if b, ok := n.Stage.(Beginner); ok {
			begun[b.Begins()] = true
		}
	}
	var ways []string
	for way := range strings.SplitSeq(p.Path, ", ") {
		if kind, _, _ := strings.Cut(way, " "); begun[kind] {
			ways = append(ways, way)
		}
	}
	p.Path = strings.Join(ways, ", ")
	return p
}

// Origin is the key material of one entry, kept beside it so that a change can
// be explained: exactly one of Seed (a root's first stage has it), Stage and
// Probe with what it hangs on.
type Origin struct {
	Parent   Key             `json:",omitempty"` // the node before, or the node measured
	Kind     string          // of the stage or probe
	Settings json.RawMessage // its exported fields
	Seed     *int            `json:",omitempty"` // only where there is no parent
	Platform *Platform       `json:",omitempty"` // only where there is no parent
}

// Key hashes the origin.
func (o Origin) Key() Key {
	b, err := json.Marshal(o)
	if err != nil {
		panic(fmt.Sprintf("protocols: origin of %s does not marshal: %v", o.Kind, err))
	}
	sum := sha256.Sum256(b)
	return Key(hex.EncodeToString(sum[:]))
}

// Canonical is the canonical text of a stage's or a probe's parameters, as it
// stands in an Origin. It panics where they do not marshal, which is a fault of
// the type.
func Canonical(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("protocols: parameters of %T do not marshal: %v", v, err))
	}
	return b
}

// Origin is the key material of n, on a platform, in the tree of a seed.
func (n *Node) Origin(seed int, p Platform) Origin { return n.origin(n.Stage, seed, p) }

// OriginUpto is the key material of the point after e epochs of n's call.
// It panics where n's stage is not a Call.
func (n *Node) OriginUpto(e, seed int, p Platform) Origin {
	return n.origin(n.Stage.(Call).Upto(e), seed, p)
}

func (n *Node) origin(s Stage, seed int, p Platform) Origin {
	var parent Key
	if n.Parent.Stage != nil {
		parent = n.Parent.Origin(seed, p).Key()
	}
	return StageOrigin(s, parent, seed, p)
}

// StageOrigin is the key material of a stage after the node with the key
// parent, or of a root's first stage where parent is empty. Seed and platform
// are the root's; further down they are in the parent's key.
func StageOrigin(s Stage, parent Key, seed int, p Platform) Origin {
	o := Origin{Parent: parent, Kind: s.Kind(), Settings: Canonical(s)}
	if parent == "" {
		under := p.under(s)
		o.Seed, o.Platform = &seed, &under
	}
	return o
}

// Origin is the key material of a reading on the node with that key.
func (r Reading) Origin(node Key) Origin {
	return Origin{Parent: node, Kind: r.Probe.Kind(), Settings: Canonical(r.Probe)}
}
