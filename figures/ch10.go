package figures

var ch10Plots = ch08Plots
