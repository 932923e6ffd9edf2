package protocols

// DeadUnits is the share of an mlp's hidden units that no live weight reaches,
// in percent: whatever the input, such a unit puts out the same. One value.
type DeadUnits struct{}

func (DeadUnits) Kind() string { return "dead-units/1" }
