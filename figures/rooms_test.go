package figures

import (
	"os/exec"
	"strings"
	"testing"
)

// The plotting library knows nothing of the book: of ours it takes how numbers and
// words are printed, which takes nothing.
func TestChartStandsAlone(t *testing.T) {
	const ours = "github.com/network-fragility/fragility/"
	for room, takes := range map[string]string{"words": "", "chart": ours + "figures/words", "table": ours + "figures/words"} {
		list, err := exec.Command("go", "list", "-deps", "./"+room).Output()
		if err != nil {
			t.Fatal(err)
		}
		for path := range strings.FieldsSeq(string(list)) {
			if strings.HasPrefix(path, ours) && path != ours+"figures/"+room && path != takes {
				t.Errorf("figures/%s imports %s", room, path)
			}
		}
	}
}
