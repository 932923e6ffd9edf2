package notebook

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/kernel/client"
	"github.com/network-fragility/fragility/protocols"
)

// chapter is the chapter whose protocol a notebook runs: that of its name, or in
// a copy of the user's the one that its code names, if it names no other and the
// parameters cell has all of that chapter's. The error says what is missing.
func (nb *Notebook) chapter(path string) (int, error) {
	name := filepath.Base(path)
	if n, err := protocols.ParseChapter(strings.TrimSuffix(name, ".ipynb")); err == nil {
		return n, nil
	}
	var found []int
	for _, c := range nb.Cells {
		for line := range strings.Lines(c.Source) {
			code, _, _ := strings.Cut(line, "//")
			if m := chapterCall.FindStringSubmatch(code); m != nil && c.Kind == CodeCell {
				n, _ := strconv.Atoi(m[1])
				found = append(found, n)
			}
		}
	}
	slices.Sort(found)
	switch found = slices.Compact(found); len(found) {
	case 0:
		return 0, badInput("%s runs no chapter: no cell has nf.Chapter and its number", name)
	case 1:
	default:
		return 0, badInput("%s runs several chapters (%s)", name, strings.Trim(fmt.Sprint(found), "[]"))
	}
	p, err := protocols.Configure(found[0], nil)
	if err != nil {
		return 0, err
	}
	at := nb.tagged(ParametersTag)
	if at < 0 {
		return 0, badInput("%s has no cell tagged %q, which says what it runs", name, ParametersTag)
	}
	list, err := nb.Cells[at].Parameters()
	if err != nil {
		return 0, badInput("%v", err)
	}
	for _, q := range protocols.Parameters(p) {
		if !slices.ContainsFunc(list, func(own Parameter) bool { return own.Name == q.Name }) {
			return 0, badInput("%s runs something of its own with chapter %d: its parameters cell lacks the chapter's %s", name, found[0], q.Name)
		}
	}
	return found[0], nil
}

var chapterCall = regexp.MustCompile(`\bnf\.Chapter\((\d+)\)`)

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
