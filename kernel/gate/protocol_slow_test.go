//go:build slow

package gate

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/setup"
)

// misses are the tests of Jupyter's protocol that are not tried, with what the
// kernel lacks for them.
var misses = map[string]string{
	"test_clear_output":   "a cell cannot clear its output",
	"test_execute_result": "a cell shows what it is told to show, not its last value",
	"test_history":        "GoNB keeps no history; JupyterLab asks for it in consoles alone",
	"test_pager":          "there are no pages of help outside of the notebook",
}

// Jupyter's own tests of a kernel's protocol run to their end, and what is not
// tried is named above.
func TestProtocol(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(setup.Python(root), "-I", "-B", "testdata/protocol.py")
	c.Env = append(append(os.Environ(), setup.JupyterEnv(root)...), "JUPYTER_PATH="+filepath.Join(setup.Prefix(root), "share", "jupyter"))
	said, _ := c.CombinedOutput()
	text := string(said)
	if !strings.Contains(text, "\nRan 12 tests") {
		t.Fatalf("it did not run to its end:\n%s", text)
	}
	if !strings.Contains(text, "\nOK") {
		t.Error(text)
	}
	skipped := regexp.MustCompile(`(?m)^(\w+) .* skipped `).FindAllStringSubmatch(text, -1)
	if len(skipped) != len(misses) {
		t.Errorf("%d tests are skipped, %d are named", len(skipped), len(misses))
	}
	for _, m := range skipped {
		if misses[m[1]] == "" {
			t.Errorf("%s is skipped and not named", m[1])
		}
	}
}
