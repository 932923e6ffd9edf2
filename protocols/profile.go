package protocols

import "maps"

// profiles are sets of values that make a chapter smaller. A parameter that is
// set beats its profile, and the profile beats the default; a chapter takes
// what it has of a profile.
var profiles = map[string]map[string]string{
	// The book's settings.
	"paper": nil,
	// The book's network on few subjects: minutes, and numbers of the right
	// size with wide intervals.
	"quick": {"Seeds": "0-2"},
	// A tiny network: seconds, to see that all parts work. Its numbers say nothing
	// of the book's.
	"smoke": {
		"Seeds": "0-1", "Hidden": "24,24,16", "BatchSize": "32", "TrainSamples": "640", "TestSamples": "400", "CleanSamples": "200",
		"BaselineEpochs": "8", "BaselineRate": "0.005", "FinetuneEpochs": "2", "GradientBatches": "2",
		"KetamineEpochs": "2", "SSRIEpochs": "4", "NeurosteroidEpochs": "2",
		"SweepSparsities": "0,0.5,0.95", "ConsolidationEpochs": "0,1,2", "ChronicCycles": "1,2", "AcuteModerateEpochs": "2", "AcuteFullEpochs": "2", "ChronicEpochs": "1",
		"StressCycles": "2", "KetamineMaintenanceEpochs": "1", "SSRIMaintenanceEpochs": "2", "NeurosteroidMaintenanceEpochs": "1",
		"MaintenanceDurations": "1,2", "KindlingCycles": "3", "InterEpisodeEpochs": "1",
	},
}

// applyProfile gives p the values of the profile that values ask for.
func applyProfile(p Protocol, values map[string]string) error {
	name, ok := values["Profile"]
	if ok {
		if err := set(p, map[string]string{"Profile": name}); err != nil {
			return err
		}
	}
	known := map[string]string{}
	maps.Copy(known, profiles[name])
	if c, ok := p.(interface {
		// A chapter's own, which beat the common ones; "Model=..." is that of a
		// language model.
		Profiles() map[string]map[string]string
	}); ok {
		maps.Copy(known, c.Profiles()[name])
		maps.Copy(known, c.Profiles()["Model="+values["Model"]])
	}
	has := map[string]bool{}
	for _, q := range Parameters(p) {
		has[q.Name] = true
	}
	maps.DeleteFunc(known, func(name, _ string) bool { return !has[name] })
	return set(p, known)
}

// focus has the parameters that a chapter is about, in the order in which its
// notebook lists them. All others keep the book's values there until a reader
// adds them.
var focus = map[int][]string{
	1:  {"Profile", "Seeds", "PruneSparsity", "RegrowFraction", "FinetuneEpochs", "InputSigmas", "SweepSparsities"},
	2:  {"Profile", "Seeds", "PruneSparsity", "RegrowFraction", "TieRule", "LeftoverGradient", "InternalSigmas", "CombinedSigma", "SweepSparsities"},
	3:  {"Profile", "Seeds", "ConsolidationEpochs", "AcuteModerateFraction", "AcuteFullFraction", "ChronicCycles", "ChronicFraction", "ChronicEpochs", "RelapseFraction"},
	4:  {"Profile", "Seeds", "RegrowFraction", "KetamineEpochs", "SSRIEpochs", "SSRIRate", "NeurosteroidInhibition", "NeurosteroidEpochs", "RelapseFraction"},
	5:  {"Profile", "Seeds", "KetamineGain", "SSRIMaxGain", "NeurosteroidGain", "ManiaTestBias", "ManiaTestSigma", "Controls"},
	6:  {"Profile", "Seeds", "StressCycles", "StressPruning", "KetamineMaintenanceEpochs", "SSRIMaintenanceEpochs", "NeurosteroidMaintenanceEpochs", "CombinedRelapseThreshold"},
	7:  {"Profile", "Seeds", "MaintenanceDurations", "MaintenanceRate", "KetamineDecay", "SSRIDecay", "NeurosteroidDecay", "BiasedRelapseThreshold", "EqualLevels"},
	8:  {"Profile", "Seeds", "EarlyAdversityMax", "KindlingCycles", "KindlingFirstBias", "KindlingLastBias", "KindlingBaseScar", "InterEpisodeEpochs", "AutonomyBias", "AutonomyThreshold"},
	9:  {"Profile", "Seeds", "Model", "ModelPath", "Reading", "Cycles", "TuneRate", "AdapterSparsity", "TriggerRule", "Trigger", "TierPrompts", "Samples"},
	10: {"Profile", "Seeds", "GRUHidden", "SequenceLength", "FeedforwardArms", "MaintenanceDurations", "KindlingCycles", "MapSigmas", "MapBiases"},
}

// Focus names the parameters that a chapter is about, 6 to 12 of them.
func Focus(chapter int) []string { return focus[chapter] }
