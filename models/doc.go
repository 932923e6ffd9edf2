// Package models carries out what package protocols says: it makes, trains,
// prunes, regrows and measures networks, with GoMLX compiled through XLA.
//
// A [Subject] is one simulated individual at one moment. A [Session] holds one
// PJRT client with its compiled programs and turns subjects into the next
// ones ([Session.Apply]) or into numbers ([Session.Measure]). Each kind of
// stage and of probe has one file here, stage_*.go and probe_*.go, that
// registers what carries it out; each architecture has one file as well.
//
// What is drawn at random is a pure function of the subject's seed and of what
// it is drawn for (see [Stream]), never of the order in which work is done, so
// a subject is the same, bit for bit, on any session of one platform.
//
// GoMLX's house rule holds: functions that build graphs panic, everything else
// returns errors. The session turns panics of the graph layer into errors.
package models
