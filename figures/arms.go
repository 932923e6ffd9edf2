package figures

import (
	"strings"

	"github.com/network-fragility/fragility/figures/chart"
	"github.com/network-fragility/fragility/protocols"
)

// armLooks has one look an arm, in every picture of every chapter. An arm that
// takes one thing out of a treatment, or adds one, has the treatment's colour, and
// its dash or its place tells it apart; arms of the book's are solid.
var armLooks = map[string]look{
	protocols.ArmFull:              {chart.Black, chart.Solid},
	protocols.ArmUntreated:         {chart.Grey, chart.Solid},
	protocols.ArmRecoveredGradient: {chart.Blue, chart.Solid},
	protocols.ArmRecoveredRandom:   {chart.Purple, chart.Solid},
	protocols.ArmTunedOnly:         {chart.Vermillion, chart.Dashed},
	protocols.ArmTunedWithGain:     {chart.Vermillion, chart.Dotted},
	protocols.ArmCutAtRandom:       {chart.Grey, chart.Dotted},
	protocols.ArmTunedAtRandom:     {chart.Vermillion, chart.DashDot},

	protocols.ArmKetamine:         {chart.Blue, chart.Solid},
	protocols.ArmKetamineGainOff:  {chart.Blue, chart.Dashed},
	protocols.ArmKetamineNoRegrow: {chart.Blue, chart.Dotted},
	protocols.ArmSSRI:             {chart.Orange, chart.Solid},
	protocols.ArmQuietSSRI:        {chart.Orange, chart.Dashed},
	protocols.ArmFastSSRI:         {chart.Orange, chart.Dotted},
	protocols.ArmSSRIGainOff:      {chart.Orange, chart.Dashed},
	protocols.ArmSSRIFastUpkeep:   {chart.Orange, chart.Dotted},
	protocols.ArmSSRIEqualRate:    {chart.Orange, chart.DashDot},
	protocols.ArmNeurosteroid:     {chart.Green, chart.Solid},
	protocols.ArmNeurosteroidOff:  {lightGreen, chart.Solid},
	protocols.ArmInhibitionOnly:   {lightGreen, chart.Dashed},
	protocols.ArmTanhOnly:         {lightGreen, chart.Dotted},

	// The lines of all arms of chapter 9 meet in one panel: all but one have
	// their own.
	protocols.ArmBaseline:         {chart.Vermillion, chart.Solid},
	protocols.ArmRegrowth:         {chart.Blue, chart.Solid},
	protocols.ArmTriggered:        {chart.Green, chart.Solid},
	protocols.ArmSparse:           {chart.SkyBlue, chart.Dashed},
	protocols.ArmReplayed:         {chart.Orange, chart.Dashed},
	protocols.ArmRegrowthReplayed: {chart.Purple, chart.DashDot},
	protocols.ArmUnbiased:         {chart.Black, chart.DashDot},
	protocols.ArmLeaky:            {chart.Vermillion, chart.Dashed},
	protocols.ArmUntrained:        {chart.Grey, chart.Dotted},
}

// lightGreen is Green, but lighter: it still reads on white.
const lightGreen chart.Colour = "#5DC1A3"

// otherColours are for arms that have none: those of the user's own.
var otherColours = []chart.Colour{chart.Purple, chart.SkyBlue, chart.Black}

// ArmColour is the colour of an arm wherever it is drawn: its own, or the first of
// those that are left. Where there are several such arms, lookOf parts them by their
// position.
func ArmColour(name string) chart.Colour { return lookOf(name, 0).Colour }

// look is how an arm is drawn.
type look struct {
	Colour chart.Colour
	Dash   chart.Dash // of its lines; solid for an arm of the book's
}

// lookOf is the look of an arm; position counts the arms of no colour of their
// own before it.
func lookOf(name string, position int) look {
	base, unmaintained := cutEnding(namesake(name))
	known, ok := armLooks[base]
	switch {
	case !ok && strings.HasPrefix(base, "pruned"): // followed by the sparsity
		return look{chart.Grey, chart.Solid}
	case !ok:
		dashes := []chart.Dash{chart.Dashed, chart.Dotted, chart.DashDot}
		return look{otherColours[position%len(otherColours)], dashes[position/len(otherColours)%len(dashes)]}
	case unmaintained && known.Dash == chart.Solid:
		known.Dash = chart.Dashed
	}
	return known
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
		if _, known := armLooks[base]; !known {
			others++
		}
	}
	return looks
}
