package figures

import (
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// armColours has one colour an arm, in every picture of every chapter. An arm
// that takes one thing out of a treatment, or adds one, has the treatment's
// colour, and its dash or its place tells it apart.
var armColours = map[string]Colour{
	protocols.ArmFull:              Black,
	protocols.ArmUntreated:         Grey,
	protocols.ArmRecoveredGradient: Blue,
	protocols.ArmRecoveredRandom:   Purple,
	protocols.ArmTunedOnly:         Vermillion,
	protocols.ArmTunedWithGain:     Vermillion,
	protocols.ArmCutAtRandom:       Grey,
	protocols.ArmTunedAtRandom:     Vermillion,

	protocols.ArmKetamine:         Blue,
	protocols.ArmKetamineGainOff:  Blue,
	protocols.ArmKetamineNoRegrow: Blue,
	protocols.ArmSSRI:             Orange,
	protocols.ArmQuietSSRI:        Orange,
	protocols.ArmFastSSRI:         Orange,
	protocols.ArmSSRIGainOff:      Orange,
	protocols.ArmSSRIFastUpkeep:   Orange,
	protocols.ArmSSRIEqualRate:    Orange,
	protocols.ArmNeurosteroid:     Green,
	protocols.ArmNeurosteroidOff:  lightGreen,
	protocols.ArmInhibitionOnly:   lightGreen,
	protocols.ArmTanhOnly:         lightGreen,

	// The lines of all arms of chapter 9 meet in one panel: all but one have
	// their own.
	protocols.ArmBaseline:         Vermillion,
	protocols.ArmRegrowth:         Blue,
	protocols.ArmTriggered:        Green,
	protocols.ArmSparse:           SkyBlue,
	protocols.ArmReplayed:         Orange,
	protocols.ArmRegrowthReplayed: Purple,
	protocols.ArmUnbiased:         Black,
	protocols.ArmLeaky:            Vermillion,
	protocols.ArmUntrained:        Grey,
}

// lightGreen is Green, but lighter: it still reads on white.
const lightGreen Colour = "#5DC1A3"

// otherColours are for arms that have none: those of the user's own.
var otherColours = []Colour{Purple, SkyBlue, Black}

// armColour is the colour of an arm: its own, or the first of those that are
// left. Where there are several such arms, lookOf parts them by their position.
func armColour(name string) Colour { return lookOf(name, 0).Colour }

// ArmColour is the colour of an arm wherever it is drawn.
func ArmColour(name string) Colour { return armColour(name) }

// look is how an arm is drawn.
type look struct {
	Colour Colour
	Dash   Dash // of its lines; solid for an arm of the book's
}

// oursDashes are the dashes of arms that the book lacks, so that two that share
// a colour differ.
var oursDashes = map[string]Dash{
	protocols.ArmRegrownOnly:      Dotted,
	protocols.ArmTunedOnly:        Dashed,
	protocols.ArmTunedWithGain:    Dotted,
	protocols.ArmCutAtRandom:      Dotted,
	protocols.ArmTunedAtRandom:    DashDot,
	protocols.ArmKetamineGainOff:  Dashed,
	protocols.ArmKetamineNoRegrow: Dotted,
	protocols.ArmQuietSSRI:        Dashed,
	protocols.ArmFastSSRI:         Dotted,
	protocols.ArmSSRIGainOff:      Dashed,
	protocols.ArmSSRIFastUpkeep:   Dotted,
	protocols.ArmSSRIEqualRate:    DashDot,
	protocols.ArmInhibitionOnly:   Dashed,
	protocols.ArmTanhOnly:         Dotted,
	protocols.ArmSparse:           Dashed,
	protocols.ArmReplayed:         Dashed,
	protocols.ArmRegrowthReplayed: DashDot,
	protocols.ArmUnbiased:         DashDot,
	protocols.ArmLeaky:            Dashed,
	protocols.ArmUntrained:        Dotted,
}

// lookOf is the look of an arm; position counts the arms of no colour of their
// own before it.
func lookOf(name string, position int) look {
	base, unmaintained := cutEnding(namesake(name))
	colour, known := armColours[base]
	switch {
	case !known && strings.HasPrefix(base, "pruned"): // followed by the sparsity
		return look{Grey, Solid}
	case !known:
		dashes := []Dash{Dashed, Dotted, DashDot}
		return look{otherColours[position%len(otherColours)], dashes[position/len(otherColours)%len(dashes)]}
	case unmaintained && oursDashes[base] == Solid:
		return look{colour, Dashed}
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
