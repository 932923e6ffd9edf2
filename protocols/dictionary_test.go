package protocols

import (
	"strings"
	"testing"
)

// Every arm, condition and metric that a chapter measures or works out has an
// entry that says something, and a metric that is measured its unit.
func TestDictionary(t *testing.T) {
	for _, chapter := range Chapters() {
		p, err := Configure(chapter, nil)
		if err != nil {
			t.Fatal(err)
		}
		entries := map[[2]string]Entry{}
		for _, e := range Dictionary(p) {
			if e.Meaning == "" || e.Kind == "metric" && strings.HasPrefix(e.Meaning, "worked out") {
				t.Errorf("chapter %d: %s %s means nothing", chapter, e.Kind, e.Name)
			}
			if _, twice := entries[[2]string{e.Kind, e.Name}]; twice {
				t.Errorf("chapter %d: %s %s stands twice", chapter, e.Kind, e.Name)
			}
			entries[[2]string{e.Kind, e.Name}] = e
		}
		p.Plant(0).Walk(func(n *Node) {
			for _, r := range n.Readings {
				for _, name := range r.Names {
					for kind, of := range map[string]string{"arm": name.Arm, "condition": name.Condition, "metric": name.Metric} {
						if _, ok := entries[[2]string{kind, of}]; !ok && of != "" {
							t.Errorf("chapter %d: no entry for %s %s", chapter, kind, of)
						}
					}
					e := entries[[2]string{"metric", name.Metric}]
					switch r.Probe.(type) {
					case Accuracy, Sparsity, ScarLoad, Interview, Census:
						if e.Unit == "" && !strings.HasSuffix(name.Metric, "verbosity") { // a number without one
							t.Errorf("chapter %d: %s has no unit", chapter, name.Metric)
						}
					}
				}
			}
		})
	}
}
