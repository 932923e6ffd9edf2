package models

import "slices"

// scar takes weights away for good: in every weight matrix the sites that pick
// names, flat indices of tensor t. A scarred weight is 0 and masked.
func scar(parent *Subject, pick func(t int, spec tensorSpec) []int) *Subject {
	specs := parent.net().tensors()
	lost := make([][]int, len(specs))
	hit := false
	for t, spec := range specs {
		if spec.prunable {
			lost[t] = pick(t, spec)
			hit = hit || len(lost[t]) > 0
		}
	}
	out := parent.altered()
	if !hit {
		return out
	}
	if out.Masks == nil {
		out.Masks = flags(specs, true)
	}
	if out.Scars == nil {
		out.Scars = flags(specs, false)
	}
	for t, sites := range lost {
		if len(sites) == 0 {
			continue
		}
		out.Tensors[t], out.Masks[t], out.Scars[t] = slices.Clone(out.Tensors[t]), slices.Clone(out.Masks[t]), slices.Clone(out.Scars[t])
		for _, i := range sites {
			out.Tensors[t][i], out.Masks[t][i], out.Scars[t][i] = 0, false, true
		}
	}
	return out
}

// flags returns masks or scars that are all of one value.
func flags(specs []tensorSpec, value bool) [][]bool {
	all := make([][]bool, len(specs))
	for t, spec := range specs {
		if spec.prunable {
			all[t] = slices.Repeat([]bool{value}, spec.size())
		}
	}
	return all
}
