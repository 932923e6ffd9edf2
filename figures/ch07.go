package figures

import "github.com/network-fragility/fragility/figures/chart"

func init() { register(7, nil, ch07Plots) }

// ch07Plots are the pictures of chapter 7, in the order of the protocol.
var ch07Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot, ""},
	{"internal noise", of(internalNoisePlot), "accuracies under internal noise"},
	{"biased", of(biasedPlot), "accuracies under biased noise"},
	{"activation", of(activationPlot), "activation magnitudes"},
	{"withdrawal", of(withdrawalPlot), "accuracies after discontinuation"},
	{"relapse by duration", of(relapseByDuration), "relapses after discontinuation"},
	{"relapse raster", of(relapseRaster), "accuracies after discontinuation"},
	{"stabiliser", of(stabiliserPlot), ""},
	{"equal levels", of(equalLevels), "accuracies at equal levels of the stabiliser"},
	{"off", of(offPlot), "accuracies with the neurosteroid on and off"},
	{"second pruning", of(secondPruningPlot), "second pruning"},
	{"grid", of(gridPlot), ""},
	{"own arms", of(ownPlot), "accuracies of your arms"},
	{"depth", of(depthPlot), "combined accuracies"},
}
