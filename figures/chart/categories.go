package chart

// Categories names the places 0, 1, ... along x, and draws nothing.
type Categories []string

func (c Categories) extend(x, _ *span)    { x.pin(-0.5, float64(len(c))-0.5) }
func (c Categories) check() error         { return nil }
func (c Categories) draw(*frame)          {}
func (c Categories) data() []datum        { return nil }
func (c Categories) vega(*vegaView) []any { return nil }

// categories implements categorical.
func (c Categories) categories() (x, y []Tick) {
	for i, name := range c {
		x = append(x, Tick{float64(i), name})
	}
	return x, nil
}
