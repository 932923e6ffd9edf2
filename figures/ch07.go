package figures

// ch07Plots are the pictures of chapter 7, in the order of the protocol.
var ch07Plots = []named[*Plot]{
	{"protocol", protocolPlot},
	{"internal noise", clinic(internalNoisePlot)},
	{"biased", clinic(biasedPlot)},
	{"activation", clinic(activationPlot)},
	{"withdrawal", withdrawn(withdrawalPlot)},
	{"relapse by duration", withdrawn(relapseByDuration)},
	{"relapse raster", withdrawn(relapseRaster)},
	{"stabiliser", withdrawn(stabiliserPlot)},
	{"equal levels", withdrawn(equalLevels)},
	{"off", clinic(offPlot)},
	{"second pruning", clinic(secondPruningPlot)},
	{"grid", clinic(gridPlot)},
	{"own arms", clinic(ownPlot)},
	{"depth", clinic(depthPlot)},
}
