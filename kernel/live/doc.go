// Package live makes an exported page answer by itself: the page carries trained
// networks with their test points and stored readings, and a kernel that evaluates
// them, so that a reader turns a dial and the networks themselves answer, from a file,
// without a server or a request.
//
// The kernel is the way forth of package models/native, the same C source, compiled to
// WebAssembly (wasm/kernel.c; make live-kernel). What the engine evaluated with that
// source comes out of the page bit for bit; what it evaluated in compiled programs
// (networks with more than a quarter of their weights alive) has its sums in another
// order, and may be off by a point of the test set. Where a browser has no such
// WebAssembly a kernel in plain JavaScript answers (worker.js).
//
// The page says of itself how many of the readings that it carries come out equal. So
// does the export: it runs the very bytes in Go, and refuses a page that is off by more
// than a point in 4,000.
//
// Without a script the page shows the picture that it was exported with; the script
// moves the marks of that picture and puts nothing in its place.
package live
