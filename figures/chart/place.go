package chart

// Place says which part of a text stands at its point.
type Place string

// Along a line the point is the text's Start (the default), Middle or End;
// across it the text is Level with the point (the default), Above or Below.
const (
	Start  Place = ""
	Middle Place = "middle"
	End    Place = "end"

	Level Place = ""
	Above Place = "above"
	Below Place = "below"
)
