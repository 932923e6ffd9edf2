package protocols

func init() {
	architectures["lstm"] = architecture{
		network: func(b Baseline) Network {
			return Network{Kind: "lstm", Inputs: Dimensions, Hidden: b.Hidden[:1], Outputs: Classes, Steps: 5}
		},
		matrices: func(b Baseline) []int { // input to state, state to state, read-out
			units := b.Hidden[0]
			return []int{4 * units * Dimensions, 4 * units * units, units * Classes}
		},
	}
}
