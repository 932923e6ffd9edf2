package protocols

// An Ask names what is shown of a run: a table or a plot by its name, or the table
// of what one arm has more than another, subject by subject.
type Ask struct {
	What    What   `json:"what"`
	Name    string `json:"name,omitempty"`
	Arm     string `json:"arm,omitempty"`
	Against string `json:"against,omitempty"`
}

// What is a kind of thing that can be asked for.
type What string

const (
	AskTable  What = "table"
	AskPlot   What = "plot"
	AskPaired What = "paired"
)

// Label is what it is called, as in the names of files.
func (a Ask) Label() string {
	if a.What == AskPaired {
		return a.Arm + " against " + a.Against
	}
	return a.Name
}
