// Package notebook runs the project's notebooks without a browser: it puts
// parameters in, has Jupyter execute the cells, shows progress on a terminal,
// and exports what came out.
//
// A run writes the notebook with its outputs after every cell, so a failing
// cell, an interrupt or a lost kernel costs nothing that was done before.
//
// What is exported: a page that asks the network for nothing, a PDF that Chromium
// prints of it, Markdown, a LaTeX file a table, and an archive of the whole run
// (a Workflow Run RO-Crate) whose numbers Verify holds against a new run. Sweep
// does this for several values of a parameter.
//
// Jupyter is spoken to by its own Python libraries: run.py and export.py are
// all the Python there is. Everything else, parameters included, is Go.
package notebook
