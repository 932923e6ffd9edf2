package protocols

// ScarEarly is early adversity (chapter 8): a share of the subject's weights,
// drawn as EarlyAdversity says, is lost for good, floor(share*size) sites of
// each matrix, chosen at random among all of them, live or pruned. A scarred
// weight is 0, masked, and never regrown.
type ScarEarly struct {
	Max float64 `range:"[0,1]"` // the largest share
}

func (ScarEarly) Kind() string        { return "scar-early/1" }
func (ScarEarly) Purposes() []Purpose { return []Purpose{EarlyScars} }

// Settings implements Described.
func (s ScarEarly) Settings() []Setting {
	most := percent(s.Max, "")
	most.Name = "up to"
	return []Setting{most}
}

// EarlyAdversity is the share of its weights that a subject loses early in
// life: uniform between 0 and max. It is the author's number, the first of
// NumPy's legacy generator with the subject's seed (chapter 8, section 2.4).
func EarlyAdversity(seed int, max float64) float64 {
	return newLegacyRNG(uint32(seed)).float64() * max
}

// ScarEpisode is what an episode leaves behind (chapter 8, section 2.9). The
// subject meets the trigger; where its accuracy falls below Threshold it
// relapses, and in each matrix the smallest max(1, floor(rate*live)) of the live
// weights, and all that equal the largest of them, are scarred. The rate is
// BaseScar times the severity, kept between RateMin and RateMax. A subject that
// withstands the trigger is left as it is.
type ScarEpisode struct {
	Trigger   Accuracy // the provocation, measured under the subject's modulation
	Threshold float64  `range:"[0,Inf)"` // percent; below it the subject relapses
	BaseScar  float64  `range:"[0,1]"`   // share of the live weights at severity 1
	RateMin   float64  `range:"[0,1]"`
	RateMax   float64  `range:"[0,1]"`
	Severity  Severity
}

func (ScarEpisode) Kind() string        { return "scar-episode/1" }
func (ScarEpisode) Purposes() []Purpose { return nil }

// Settings implements Described.
func (s ScarEpisode) Settings() []Setting { return []Setting{named("trigger", s.Trigger.Bias)} }

// Rate is the share of the live weights that an episode of a severity scars.
func (s ScarEpisode) Rate(severity float64) float64 {
	return min(max(s.BaseScar*severity, s.RateMin), s.RateMax)
}

// Severity of an episode: 1 + (gain - 1) + ActivationWeight*(activation -
// RestActivation), kept between Min and Max (chapter 8). The gain is the raw
// one, the activation that of the Activity probe on the set of the trigger.
type Severity struct {
	ActivationWeight float64
	RestActivation   float64
	Min, Max         float64
}

// Of is the severity at a gain and a mean activation.
func (s Severity) Of(gain, activation float64) float64 {
	return min(max(1+(gain-1)+s.ActivationWeight*(activation-s.RestActivation), s.Min), s.Max)
}
