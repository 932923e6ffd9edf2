package notebook

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/kernel/setup"
	"github.com/network-fragility/fragility/protocols"
)

// fact is a line of the block below a page's title.
type fact [2]string

// about says what a page shows: the chapter with its profile, subjects and
// changed parameters (p is nil for a notebook of no chapter), the day, and with
// what it was made.
func (nb *Notebook) about(root string, p protocols.Protocol, day time.Time) []fact {
	var list []fact
	if p != nil {
		settings, _ := protocols.Settings(p)
		profile := settings["Profile"]
		if profile == "" {
			profile = "paper"
		}
		list = append(list,
			fact{"Chapter", fmt.Sprintf("%d of Network Fragility (Cheung, 2026)", p.Chapter())},
			fact{"Profile", profile},
			fact{"Subjects", fmt.Sprintf("%s (%d)", protocols.Seeds(p.Cohort()), len(p.Cohort()))},
		)
		if differs := client.Differs(p); differs != "" {
			list = append(list, fact{"Changed", differs})
		}
	}
	return append(list, fact{"Date", day.Format("2 January 2006")}, fact{"Made with", nb.versions(root)})
}

// injected are the values that Inject noted.
func (nb *Notebook) injected() map[string]any {
	papermill, _ := nb.Metadata["papermill"].(map[string]any)
	values, _ := papermill["parameters"].(map[string]any)
	return values
}

// versions names the program, the kernel's Go and the plugin.
func (nb *Notebook) versions(root string) string {
	parts := []string{"fragility " + readCitation(root).Version}
	if language, ok := nb.Metadata["language_info"].(map[string]any); ok {
		if v, ok := language["version"].(string); ok && v != "" {
			parts = append(parts, "Go "+strings.TrimPrefix(v, "go"))
		}
	}
	var plugin setup.PluginRecord
	if data, err := os.ReadFile(filepath.Join(setup.PluginDir(root), "plugin.json")); err == nil && json.Unmarshal(data, &plugin) == nil {
		parts = append(parts, fmt.Sprintf("%s %s (PJRT plugin, sha256 %.12s)", plugin.Name, plugin.Version, plugin.SHA256))
	}
	return strings.Join(parts, ", ")
}

// citation is what we need of CITATION.cff.
type citation struct {
	Title      string
	Abstract   string
	Version    string
	License    string
	Keywords   []string
	Authors    []citedAuthor
	References []struct {
		Title   string
		Authors []citedAuthor
		DOI     string
	}
}

// citedAuthor is a person, or an organisation, which has a name alone.
type citedAuthor struct {
	Name   string
	Given  string `yaml:"given-names"`
	Family string `yaml:"family-names"`
	ORCID  string
}

// full is the name as a page has it.
func (a citedAuthor) full() string { return strings.TrimSpace(a.Name + a.Given + " " + a.Family) }

// readCitation reads CITATION.cff; nothing where it is missing.
func readCitation(root string) (c citation) {
	if data, err := os.ReadFile(filepath.Join(root, "CITATION.cff")); err == nil {
		yaml.Unmarshal(data, &c)
	}
	return c
}
