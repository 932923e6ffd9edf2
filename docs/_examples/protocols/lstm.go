package protocols

func init() {
	architectures["lstm"] = architecture{
		network: func(b Baseline) Network {
			return Network{Kind: "lstm", Inputs: Dimensions, Hidden: b.Hidden[:1], Outputs: Classes, Steps: 5}
		},
		matrices: func(Baseline) int { return 3 }, // input to state, state to state, read-out
	}
}
