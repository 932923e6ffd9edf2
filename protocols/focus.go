package protocols

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
