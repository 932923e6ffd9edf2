package models

// keepLargestOfAll prunes with one threshold for all matrices: layers with small
// weights lose more, and a layer may be lost whole.
func keepLargestOfAll(parent *Subject, kept [][]bool, sparsity float64, _ Job) {
	var weights []float32
	var scars []bool
	for t := range kept {
		for i := range kept[t] {
			weights = append(weights, parent.Tensors[t][i])
			scars = append(scars, parent.scarred(t, i))
		}
	}
	keep, _ := cut(weights, scars, sparsity)
	for t := range kept {
		keep = keep[copy(kept[t], keep):]
	}
}
