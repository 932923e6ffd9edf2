// Package protocols says what is done to whom and what is measured: stages
// and probes as plain values, trees of them, one file a chapter of the book
// "Network Fragility" (Cheung, 2026) with its parameters, its tree and its
// tables, and the published figures with the statistics that compare them
// with ours.
//
// Nothing here computes a network. A stage or a probe is a small struct whose
// exported fields are its parameters; package models carries it out. Because
// the values are plain, a whole protocol can be built, hashed and explained
// without a compiler or an accelerator, and a notebook cell that imports this
// package links in a fraction of a second.
package protocols
