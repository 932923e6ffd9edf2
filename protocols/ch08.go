package protocols

// Ch08 is chapter 8: early scars, the withdrawal of chapter 7, and kindling, in
// the feed-forward network.
type Ch08 struct {
	Kindling
}

func (*Ch08) Chapter() int  { return 8 }
func (*Ch08) Title() string { return "Early scars, withdrawal, and kindling" }

// Plant implements Protocol.
func (p *Ch08) Plant(seed int) *Tree {
	t := NewTree(seed)
	p.plant(t, nil)
	return t
}

// Derive implements Protocol.
func (p *Ch08) Derive(rows []Row) []Row { return p.derive(8, rows).rows }

// Tables implements Protocol.
func (p *Ch08) Tables() []Layout { return p.tables(nil) }

// Contrasts implements Protocol.
func (p *Ch08) Contrasts() []Contrast { return p.contrasts() }
