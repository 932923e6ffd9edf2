// Package setup prepares a checkout for use: the Python packages, papermill's Go, the PJRT plugin, the GoNB kernel with its tools, and
// the kernelspec through which Jupyter finds them.
//
// [Setup] does all of it and may be called as often as one likes; what is already right costs no time. [Doctor] looks
// at the same things without changing any, and says how to mend what is wrong. Everything made here lies in the
// checkout:
//
//	.venv/                         Python packages (unless a conda environment holds them), state of set-up and Jupyter
//	.venv/pjrt/                    the PJRT plugin under the name that GoMLX looks for, and plugin.json, which says what it is
//	.venv/setup.log                what pip and the go command said, for the day when one sentence is not enough
//	.venv/share/jupyter/kernels/   the kernelspec "fragility"
//	bin/                           gonb, goimports and gopls, at the versions of go.mod
//
// # How a cell finds this module
//
// GoNB compiles each cell as a module of its own in a temporary folder. With --go_work=ROOT it starts by running
// `go work init` and `go work use ROOT .` in that folder, and adds a replace line for this module to the cell's
// go.mod. The workspace is what counts: the cell's go.mod requires nothing, and still a cell may import any package of
// this module and of the modules in its go.mod (GoMLX, Gonum, gonbui), at the versions and with the checksums recorded
// here. Hence nothing needs a network, and the kernelspec sets GOPROXY=off so that a misspelt import fails at once
// with one line instead of searching the network. The price: in a workspace the go command reads the go.mod file of every
// module in the graph, not only of those it builds, so set-up fetches these beforehand. GoNB's `go get` before each build
// honours the workspace too (measured with Go 1.26) and finds nothing to do: cells need no %noautoget. A plain cell
// (package plain) is not compiled at all: the kernelspec puts a go command of ours before Go's on the kernel's path.
package setup
