package protocols

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
