package site

import (
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
	"unicode"

	"golang.org/x/net/html"

	"github.com/network-fragility/fragility/protocols"
)

//go:embed words.md
var ownWords string

// A word is one that the site explains, where it stands and in a list.
type word struct {
	Name    string
	Also    []string // other forms of it
	Meaning string
	inText  bool     // explained where it stands; others only in the list
	verdict bool     // which prose has in other senses, and means where it sets it apart
	not     []string // chapters that have it in another sense alone
}

// ID is the word's in pages.
func (w word) ID() string { return "word-" + strings.ReplaceAll(strings.ToLower(w.Name), " ", "-") }

// readWords are the site's own words, the verdicts as REPRODUCTION.md says them, and
// those of the map of the house.
func readWords(root string) ([]word, error) {
	own, err := filled(ownWords)
	if err != nil {
		return nil, err
	}
	list := rowsOf(own, func(cells []string) []word {
		return []word{{Name: cells[0], Also: parts(cells[1], ";"), Meaning: cells[2], not: parts(cells[3], ";"), inText: true}}
	})
	house, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		return nil, err
	}
	_, table, _ := strings.Cut(string(house), "\n## Words\n")
	table, _, _ = strings.Cut(table, "\n## ")
	ofHouse := rowsOf(table, func(cells []string) []word {
		names, meanings := parts(cells[0], ","), parts(cells[1], ";")
		if len(names) != len(meanings) {
			names, meanings = cells[:1], cells[1:2]
		}
		var list []word
		for i, name := range names {
			list = append(list, word{Name: name, Also: []string{name + "s"}, Meaning: meanings[i]})
		}
		return list
	})
	page, err := os.ReadFile(filepath.Join(root, "REPRODUCTION.md"))
	if err != nil {
		return nil, err
	}
	for _, v := range []protocols.Verdict{protocols.Supported, protocols.Equivalent, protocols.Opposite, protocols.Undecided} {
		_, meaning, ok := strings.Cut(string(page), "\n- **"+string(v)+"**: ")
		if !ok {
			return nil, fmt.Errorf("site: REPRODUCTION.md does not say what %q means", v)
		}
		meaning, _, _ = strings.Cut(meaning, "\n")
		list = append(list, word{Name: string(v), Meaning: strings.TrimRight(meaning, ";."), inText: true, verdict: true})
	}
	if len(ofHouse) == 0 {
		return nil, fmt.Errorf("site: ARCHITECTURE.md has no table of words")
	}
	for _, w := range ofHouse {
		if !slices.ContainsFunc(list, func(o word) bool { return o.Name == w.Name }) {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b word) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return list, nil
}

// filled gives a text the values of parameters that it names.
func filled(source string) (string, error) {
	t, err := texttemplate.New("words").Funcs(texttemplate.FuncMap{"param": func(n int, name string) (string, error) {
		for _, p := range protocols.Parameters(chapterOf(n)) {
			if p.Name == name {
				return p.Value, nil
			}
		}
		return "", fmt.Errorf("chapter %d has no parameter %s", n, name)
	}}).Parse(source)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

// marks are Markdown's, which the list of words has no use for.
var marks = strings.NewReplacer("`", "", "*", "")

// rowsOf reads the rows of a table in Markdown below its head.
func rowsOf(markdown string, read func(cells []string) []word) (list []word) {
	_, body, _ := strings.Cut(markdown, "|---|")
	_, body, _ = strings.Cut(body, "\n")
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = marks.Replace(strings.TrimSpace(cells[i]))
		}
		list = append(list, read(cells)...)
	}
	return list
}

// parts are the parts of a text between separators, none where it is empty.
func parts(text, separator string) (list []string) {
	for part := range strings.SplitSeq(text, separator) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// A glossary finds words in a text.
type glossary struct {
	of      map[string]word // by their forms, in small letters
	pattern *regexp.Regexp
}

func newGlossary(words []word) glossary {
	g := glossary{of: map[string]word{}}
	var forms []string
	for _, w := range words {
		if !w.inText {
			continue
		}
		for _, form := range append([]string{w.Name}, w.Also...) {
			g.of[strings.ToLower(form)] = w
			forms = append(forms, regexp.QuoteMeta(form))
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) }) // the longer form first
	g.pattern = regexp.MustCompile(`(?i)(?:^|[^\w-])(` + strings.Join(forms, "|") + `)(?:$|[^\w-])`)
	return g
}

// next is the first word of a text that was not met yet, and where it stands; -1 where
// there is none. Verdicts are words of a text that is set apart.
func (g glossary) next(text string, apart bool, met map[string]bool) (w word, begin, end int) {
	for from := 0; from < len(text); {
		at := g.pattern.FindStringSubmatchIndex(text[from:])
		if at == nil {
			break
		}
		begin, end = from+at[2], from+at[3]
		if w = g.of[strings.ToLower(text[begin:end])]; !met[w.Name] && (apart || !w.verdict) {
			return w, begin, end
		}
		from = end
	}
	return w, -1, -1
}

// explain marks the words of a page where they first stand in a section, each with what
// it means: a button that opens it, by pointer or key, without a script.
func explain(p *page, words []word) error {
	g := newGlossary(slices.DeleteFunc(slices.Clone(words), func(w word) bool { return slices.Contains(w.not, strconv.Itoa(p.chapter)) }))
	section, used := 0, map[string]bool{}
	texts := map[int][]*html.Node{} // of sections
	for d := range p.main().Descendants() {
		switch {
		case d.Type == html.ElementNode && (d.Data == "h2" || hasClass(d, "contents")):
			section++
		case d.Type == html.TextNode && inProse(d):
			texts[section] = append(texts[section], d)
		}
	}
	for _, list := range texts {
		met := map[string]bool{}
		for _, d := range list {
			mark(d, g, met)
		}
		maps.Copy(used, met)
	}
	for _, w := range words {
		if !used[w.Name] {
			continue
		}
		pieces, err := fill(popover, w)
		if err != nil {
			return err
		}
		put(p.main(), nil, pieces...)
	}
	return nil
}

var popover = template.Must(template.New("word").Parse(
	`<div class="site-meaning" popover id="{{.ID}}"><p><strong>{{.Name}}</strong>: {{.Meaning}}.</p><p><a href="words.html#{{.ID}}">all words</a></p></div>`))

// inProse reports whether a text stands in running words.
func inProse(n *html.Node) bool {
	return within(n, func(a *html.Node) bool { return a.Data == "p" || a.Data == "li" }) &&
		within(n, func(a *html.Node) bool { return hasClass(a, "prose") }) &&
		!within(n, func(a *html.Node) bool {
			switch a.Data {
			case "a", "button", "code", "pre", "table", "figure", "nav", "svg", "summary", "form", "script", "style", "footer":
				return true
			}
			return hasClass(a, "site-plain") || hasClass(a, "live-key")
		})
}

// mark puts the words of a text into buttons, those that were not met before.
func mark(d *html.Node, g glossary, met map[string]bool) {
	parent, rest := d.Parent, d.Data
	apart := slices.Contains([]string{"em", "strong", "span"}, parent.Data)
	for {
		w, begin, end := g.next(rest, apart, met)
		if begin < 0 {
			break
		}
		met[w.Name] = true
		b := newElement("button", "site-word", rest[begin:end])
		setAttr(b, "type", "button")
		setAttr(b, "popovertarget", w.ID())
		// A button may be parted from its brackets and commas; a line of its own keeps them.
		before := strings.TrimRightFunc(rest[:begin], unicode.IsPunct)
		after := strings.TrimLeftFunc(rest[end:], unicode.IsPunct)
		together := newElement("span", "site-together")
		put(together, nil, textNode(rest[len(before):begin]), b, textNode(rest[end:len(rest)-len(after)]))
		put(parent, d, textNode(before), together)
		rest = after
	}
	d.Data = rest
}
