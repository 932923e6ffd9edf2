package client

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// StampKey is where the metadata of an output have its stamp.
const StampKey = "fragility"

// A Stamp says what the engine ran for an output. It stands in the output's
// metadata, and whatever tells of a run reads it there: a summary, an export,
// an archive.
type Stamp struct {
	Chapter  int                `json:"chapter"`
	Settings string             `json:"settings"` // every parameter, a line "Name=value" each
	Subjects int                `json:"subjects"`
	Platform protocols.Platform `json:"platform"`
	Program  string             `json:"program"` // SHA-256 of the executable
	Keys     string             `json:"keys"`    // SHA-256 of the readings' keys in the store, in order
}

// Metadata is the stamp as an output's metadata have it.
func (s Stamp) Metadata() map[string]any {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // texts and numbers
	}
	var m map[string]any
	json.Unmarshal(b, &m)
	return m
}

// Stamp puts a stamp into the metadata of a bundle, and of what stands below it.
func (b *Bundle) Stamp(s Stamp) {
	if b.Metadata == nil {
		b.Metadata = map[string]any{}
	}
	b.Metadata[StampKey] = s.Metadata()
	if b.Note != nil {
		b.Note.Stamp(s)
	}
}

// StampOf reads the stamp in an output's metadata; nil where there is none.
func StampOf(metadata map[string]any) *Stamp {
	b, err := json.Marshal(metadata[StampKey])
	var s Stamp
	if err != nil || json.Unmarshal(b, &s) != nil || s.Chapter == 0 {
		return nil
	}
	return &s
}

// SettingsText writes settings as a stamp has them.
func SettingsText(settings map[string]string) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		lines = append(lines, name+"="+settings[name])
	}
	return strings.Join(lines, "\n")
}

// Set is every parameter with its value.
func (s Stamp) Set() map[string]string {
	set := map[string]string{}
	for line := range strings.SplitSeq(s.Settings, "\n") {
		if name, value, ok := strings.Cut(line, "="); ok {
			set[name] = value
		}
	}
	return set
}

// Protocol is what was run. A parameter that came later has its default, which is
// what was done before there was one. The error is for a stamp of another version
// of the program, which had parameters that there are no more.
func (s Stamp) Protocol() (protocols.Protocol, error) {
	p, err := protocols.Configure(s.Chapter, s.Set())
	if err != nil {
		return nil, fmt.Errorf("this run is of another version of the program: %w", err)
	}
	return p, nil
}

// Differs says what of a run is not the book's, as "KetamineGain 1.4; 2
// subjects"; "" where nothing is. Of a profile it says the name, and what
// differs from that.
func (s Stamp) Differs() string {
	p, err := s.Protocol()
	if err != nil {
		return "another version of the program"
	}
	return Differs(p)
}

// Differs is Stamp.Differs of a protocol.
func Differs(p protocols.Protocol) string {
	settings, _ := protocols.Settings(p)
	base, err := protocols.Configure(p.Chapter(), map[string]string{"Profile": settings["Profile"]})
	if err != nil {
		return ""
	}
	of, _ := protocols.Settings(base)
	book, _ := protocols.Configure(p.Chapter(), nil)
	var parts []string
	if profile := settings["Profile"]; profile == "smoke" {
		parts = append(parts, "profile "+profile)
	}
	for _, q := range protocols.Parameters(p) {
		if q.Name != "Profile" && q.Name != "Seeds" && q.Value != of[q.Name] {
			parts = append(parts, q.Name+" "+cmp.Or(q.Value, "none"))
		}
	}
	if n := len(p.Cohort()); !slices.Equal(p.Cohort(), book.Cohort()) {
		word := "subjects"
		if n == 1 {
			word = "subject"
		}
		text := fmt.Sprintf("%d %s", n, word)
		if n == len(book.Cohort()) {
			text += " (" + settings["Seeds"] + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}
