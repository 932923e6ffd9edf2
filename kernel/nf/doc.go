// Package nf is what the cells of a notebook import: chapters of the book
// "Network Fragility" (Cheung, 2026) as runs that can be set, computed and
// shown.
//
//	var run = nf.Chapter(1).With(nf.Set{"Seeds": "0-9", "PruneSparsity": 0.9})
//	run.Run()                    // progress in place; only what is new is computed
//	run.Table("table 1").Show()  // ours beside published
//	run.Plot("sweep").Show()
//
// A cell is a fresh program each time it runs, so nothing here keeps a state: a
// [Run] says what is to be computed, and the engine, a process of its own that
// starts by itself, knows what has been. The package links no computing code. A
// cell that only calls it with values that stand in the cell is carried out
// without the compiler, in a fraction of a second; bin/cell does that, with the
// nf of the last make build.
//
// What goes wrong ends the cell with one sentence and a status that is not
// zero, so that a notebook run without a reader stops there too. An interrupt
// does the same within a second, and every finished stage is kept.
//
// Outside a notebook everything is shown as plain text on standard output.
package nf
