package figures

import (
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// armColours has one colour an arm, in every picture of every chapter. An arm
// that takes one thing out of a treatment, or adds one, has the treatment's
// colour, and its dash or its place tells it apart.
var armColours = map[string]chart.Colour{
	protocols.ArmFull:              chart.Black,
	protocols.ArmUntreated:         chart.Grey,
	protocols.ArmRecoveredGradient: chart.Blue,
	protocols.ArmRecoveredRandom:   chart.Purple,
	protocols.ArmTunedOnly:         chart.Vermillion,
	protocols.ArmTunedWithGain:     chart.Vermillion,
	protocols.ArmCutAtRandom:       chart.Grey,
	protocols.ArmTunedAtRandom:     chart.Vermillion,

	protocols.ArmKetamine:         chart.Blue,
	protocols.ArmKetamineGainOff:  chart.Blue,
	protocols.ArmKetamineNoRegrow: chart.Blue,
	protocols.ArmSSRI:             chart.Orange,
	protocols.ArmQuietSSRI:        chart.Orange,
	protocols.ArmFastSSRI:         chart.Orange,
	protocols.ArmSSRIGainOff:      chart.Orange,
	protocols.ArmSSRIFastUpkeep:   chart.Orange,
	protocols.ArmSSRIEqualRate:    chart.Orange,
	protocols.ArmNeurosteroid:     chart.Green,
	protocols.ArmNeurosteroidOff:  lightGreen,
	protocols.ArmInhibitionOnly:   lightGreen,
	protocols.ArmTanhOnly:         lightGreen,

	// The lines of all arms of chapter 9 meet in one panel: all but one have
	// their own.
	protocols.ArmBaseline:         chart.Vermillion,
	protocols.ArmRegrowth:         chart.Blue,
	protocols.ArmTriggered:        chart.Green,
	protocols.ArmSparse:           chart.SkyBlue,
	protocols.ArmReplayed:         chart.Orange,
	protocols.ArmRegrowthReplayed: chart.Purple,
	protocols.ArmUnbiased:         chart.Black,
	protocols.ArmLeaky:            chart.Vermillion,
	protocols.ArmUntrained:        chart.Grey,
}

// lightGreen is Green, but lighter: it still reads on white.
const lightGreen chart.Colour = "#5DC1A3"

// otherColours are for arms that have none: those of the user's own.
var otherColours = []chart.Colour{chart.Purple, chart.SkyBlue, chart.Black}

// armColour is the colour of an arm: its own, or the first of those that are
// left. Where there are several such arms, lookOf parts them by their position.
func armColour(name string) chart.Colour { return lookOf(name, 0).Colour }

// ArmColour is the colour of an arm wherever it is drawn.
func ArmColour(name string) chart.Colour { return armColour(name) }

// look is how an arm is drawn.
type look struct {
	Colour chart.Colour
	Dash   chart.Dash // of its lines; solid for an arm of the book's
}

// oursDashes are the dashes of arms that the book lacks, so that two that share
// a colour differ.
var oursDashes = map[string]chart.Dash{
	protocols.ArmRegrownOnly:      chart.Dotted,
	protocols.ArmTunedOnly:        chart.Dashed,
	protocols.ArmTunedWithGain:    chart.Dotted,
	protocols.ArmCutAtRandom:      chart.Dotted,
	protocols.ArmTunedAtRandom:    chart.DashDot,
	protocols.ArmKetamineGainOff:  chart.Dashed,
	protocols.ArmKetamineNoRegrow: chart.Dotted,
	protocols.ArmQuietSSRI:        chart.Dashed,
	protocols.ArmFastSSRI:         chart.Dotted,
	protocols.ArmSSRIGainOff:      chart.Dashed,
	protocols.ArmSSRIFastUpkeep:   chart.Dotted,
	protocols.ArmSSRIEqualRate:    chart.DashDot,
	protocols.ArmInhibitionOnly:   chart.Dashed,
	protocols.ArmTanhOnly:         chart.Dotted,
	protocols.ArmSparse:           chart.Dashed,
	protocols.ArmReplayed:         chart.Dashed,
	protocols.ArmRegrowthReplayed: chart.DashDot,
	protocols.ArmUnbiased:         chart.DashDot,
	protocols.ArmLeaky:            chart.Dashed,
	protocols.ArmUntrained:        chart.Dotted,
}

// lookOf is the look of an arm; position counts the arms of no colour of their
// own before it.
func lookOf(name string, position int) look {
	base, unmaintained := cutEnding(namesake(name))
	colour, known := armColours[base]
	switch {
	case !known && strings.HasPrefix(base, "pruned"): // followed by the sparsity
		return look{chart.Grey, chart.Solid}
	case !known:
		dashes := []chart.Dash{chart.Dashed, chart.Dotted, chart.DashDot}
		return look{otherColours[position%len(otherColours)], dashes[position/len(otherColours)%len(dashes)]}
	case unmaintained && oursDashes[base] == chart.Solid:
		return look{colour, chart.Dashed}
	}
	return look{colour, oursDashes[base]}
}

// cutEnding is the arm that another repeats but for one thing, which the ending
// of its name tells.
func cutEnding(name string) (base string, cut bool) {
	for _, ending := range []string{protocols.ArmUnmaintained, protocols.ArmNoEarlyScars, protocols.ArmNoEpisodeScars, protocols.ArmTriggersAlone} {
		if base, here := strings.CutSuffix(name, ending); here {
			base, _ = cutEnding(base)
			return base, true
		}
	}
	return name, false
}

// looksOf gives the look of each of a list of arms.
func looksOf(arms []protocols.Heading) map[string]look {
	looks := map[string]look{}
	others := 0
	for _, a := range arms {
		looks[a.Name] = lookOf(a.Name, others)
		base, _ := cutEnding(namesake(a.Name))
		if _, known := armColours[base]; !known {
			others++
		}
	}
	return looks
}
