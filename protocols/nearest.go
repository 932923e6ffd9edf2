package protocols

import "strings"

// nearest is the name among several that a misspelt one was meant to be, ""
// where none is close: a third of its letters may be wrong, whatever their case.
func nearest(name string, names []string) string {
	best, limit := "", max(1, len(name)/3)+1
	for _, other := range names {
		if d := edits(strings.ToLower(name), strings.ToLower(other)); d < limit {
			best, limit = other, d
		}
	}
	return best
}

// edits is the number of letters to put in, take out, replace, or swap with
// their neighbour, that make b of a.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
