// Package figures shows what a run gave: tables and plots as plain values, and
// renderers that turn them into what a notebook, a terminal or a journal takes.
//
// A [Table] or a [Plot] is a description, not a drawing. It holds words and
// numbers alone, so that one value serves every renderer and can be tested
// without looking at it. The same value gives the same bytes, always.
//
// [Show] makes the tables and plots of a chapter by name; [Bundle] packs one
// for Jupyter. A new table or plot of a chapter is one function and one line
// in the chapter's file; a new kind of mark is one file with a type that
// implements [Layer].
package figures
