package notebook

import (
	"path/filepath"
	"strings"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// chapterOf is the chapter whose notebook a file is by its name; 0 for a
// notebook of no chapter.
func chapterOf(path string) int {
	n, err := protocols.ParseChapter(strings.TrimSuffix(filepath.Base(path), ".ipynb"))
	if err != nil {
		return 0
	}
	return n
}

// protocol is what a chapter's notebook runs.
func (nb *Notebook) protocol(chapter int) (protocols.Protocol, error) {
	values, err := nb.values(chapter)
	if err != nil {
		return nil, err
	}
	return protocols.Configure(chapter, values)
}

// values are those that a notebook gives to a chapter's parameters, in its
// parameters cell and in the injected one where there is one. Names that the
// chapter does not have are the notebook's own.
func (nb *Notebook) values(chapter int) (map[string]string, error) {
	p, err := protocols.Configure(chapter, nil)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, q := range protocols.Parameters(p) {
		known[q.Name] = true
	}
	if nb.tagged(ParametersTag) < 0 {
		return nil, badInput("the notebook has no cell tagged %q, which says what it runs", ParametersTag)
	}
	values := map[string]string{}
	for _, tag := range []string{ParametersTag, InjectedTag} {
		at := nb.tagged(tag)
		if at < 0 {
			continue
		}
		list, err := nb.Cells[at].Parameters()
		if err != nil {
			return nil, badInput("%v", err)
		}
		for _, q := range list {
			if !known[q.Name] {
				continue
			}
			if q.Text == "" && q.Value != `""` {
				return nil, badInput("%s is computed in the parameters cell (%s), and an export takes plain values there", q.Name, q.Value)
			}
			values[q.Name] = q.Text
		}
	}
	client.LeaveToProfile(chapter, values)
	return values, nil
}
