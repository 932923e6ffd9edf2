// Package site makes a folder of the whole book, to be opened from disk: a page for
// each chapter, as notebook export makes it, with its dials live where the trained
// networks are at hand; pages that answer across chapters; the data dictionary, what
// comes back and the analysis plan; a search; and the numbers to take away. Nothing in
// it asks a network or a server for anything.
//
// Each page stands alone: its style and its few lines of script are in it, under a
// policy that names them by their digests and forbids the rest. Without a script a
// page reads the same, but for the search and the switch.
//
// What a page says in words of its own it has from the claims and their verdicts, the
// dictionary, the map of the house and words.md; every number comes from the record.
package site
