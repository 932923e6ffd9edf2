package protocols

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Seeds is a cohort: the seed of each subject, in ascending order, each once.
type Seeds []int

// maxSeed keeps 1000k + 300, the largest seed of a data set, within the 32 bits
// that NumPy's legacy generator takes; maxCohort is a guard against typing slips.
const (
	maxSeed   = 4_000_000
	maxCohort = 10_000
)

// ParseSeeds reads a list of seeds and ranges: "2" is subject 2, "0-9,42"
// subjects 0 to 9 and 42. The error is the end of a sentence that starts with
// the parameter's name.
func ParseSeeds(text string) (Seeds, error) {
	takes := fmt.Errorf(`takes a list of subjects like "0-9,42", each from 0 to %d, not %s`, maxSeed, quote(text))
	var seeds Seeds
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		lo, err := strconv.ParseUint(strings.TrimSpace(first), 10, 32)
		if err != nil || lo > maxSeed {
			return nil, takes
		}
		hi := lo
		if isRange {
			if hi, err = strconv.ParseUint(strings.TrimSpace(last), 10, 32); err != nil || hi > maxSeed {
				return nil, takes
			}
			if hi < lo {
				return nil, fmt.Errorf("takes ranges from the lower to the higher subject, not %s", quote(strings.TrimSpace(part)))
			}
		}
		if len(seeds)+int(hi-lo) >= maxCohort {
			return nil, fmt.Errorf("takes at most %d subjects", maxCohort)
		}
		for s := lo; s <= hi; s++ {
			seeds = append(seeds, int(s))
		}
	}
	slices.Sort(seeds)
	if distinct := slices.Compact(slices.Clone(seeds)); len(distinct) < len(seeds) {
		return nil, fmt.Errorf("takes each subject once, and %s repeats one", quote(text))
	}
	return seeds, nil
}

// String is the shortest text that ParseSeeds reads back, as "0-9,42".
func (s Seeds) String() string {
	var parts []string
	for i := 0; i < len(s); {
		j := i
		for j+1 < len(s) && s[j+1] == s[j]+1 {
			j++
		}
		if j == i {
			parts = append(parts, strconv.Itoa(s[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", s[i], s[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}
