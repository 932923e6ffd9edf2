// Package engine runs protocols: it plans what is new, computes that on all
// cores, and keeps everything that it finishes in the store. A Server does so
// for other processes; package client talks to it.
//
// # How a run goes
//
// The trees of all seeds are planted and every node and reading gets its key.
// Readings that the store has are done. The others need the subject of their
// node, and a subject comes from memory, from the store, or from its stage
// applied to the subject before it: so the wish for a reading travels up the
// tree until something is there. What nothing new needs is never loaded.
//
// A training call is a line of points, and a point starts from the longest
// earlier one; every resumeEvery epochs there is one, so a killed run goes on.
//
// Tasks that have what they need wait in depth-first order, seeds in order.
// Whenever a core is free the first of them takes it. Subjects are dropped when
// no task is left that uses them, so memory holds the branches at work and not
// the trees. None of this can move a result: a task's outcome is a function of
// its key, and the result is put together in tree order.
package engine
