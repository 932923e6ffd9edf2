package screen

import (
	"strings"
	"testing"
	"time"
)

// On a terminal the line is taken back before it is written again, and is never longer
// than the screen is wide.
func TestInPlace(t *testing.T) {
	var b strings.Builder
	l := On(&b)
	l.inPlace, l.width = true, 6
	l.Pass("één twee")
	l.Pass("drie")
	l.Stay("vier vijf")
	l.Clear()
	if want := "één t\r\x1b[Kdrie\r\x1b[Kvier vijf\n"; b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
}

// In a file what passes by is left only after a silence.
func TestInFile(t *testing.T) {
	var b strings.Builder
	l := On(&b)
	l.Pass("early")
	l.said = time.Now().Add(-2 * silence)
	l.Pass("late")
	l.Pass("at once")
	l.Stay("end")
	if want := "late\nend\n"; b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
}
