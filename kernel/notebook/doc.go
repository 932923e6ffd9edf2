// Package notebook runs the project's notebooks without a browser: it puts
// parameters in, has Jupyter execute the cells, shows progress on a terminal,
// and exports what came out.
//
// A run writes the notebook with its outputs after every cell, so a failing
// cell, an interrupt or a lost kernel costs nothing that was done before.
//
// Jupyter is spoken to by its own Python libraries: run.py and export.py are
// all the Python there is. Everything else, parameters included, is Go.
package notebook
