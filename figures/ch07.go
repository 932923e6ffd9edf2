package figures

import "github.com/network-fragility/fragility/figures/chart"

func init() { register(7, nil, ch07Plots) }

// ch07Plots are the pictures of chapter 7, in the order of the protocol.
var ch07Plots = []maker[*chart.Plot]{
	{"protocol", protocolPlot},
	{"internal noise", of(internalNoisePlot)},
	{"biased", of(biasedPlot)},
	{"activation", of(activationPlot)},
	{"withdrawal", of(withdrawalPlot)},
	{"relapse by duration", of(relapseByDuration)},
	{"relapse raster", of(relapseRaster)},
	{"stabiliser", of(stabiliserPlot)},
	{"equal levels", of(equalLevels)},
	{"off", of(offPlot)},
	{"second pruning", of(secondPruningPlot)},
	{"grid", of(gridPlot)},
	{"own arms", of(ownPlot)},
	{"depth", of(depthPlot)},
}
