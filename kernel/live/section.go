package live

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/kernel/file"
)

//go:embed section.html
var sectionText string

//go:embed live.css
var styleText string

//go:embed page.js
var scriptText string

//go:embed worker.js
var workerText string

// row is an arm in the table of numbers.
type row struct {
	Words    string
	Values   []string
	Mean     string
	BookText string
}

// Places are pictures of a dial that needs training: one for each of its places that
// was computed.
type Places struct {
	Name, Words string
	At          int
	Values      []Place
}

// A Place is one of them.
type Place struct {
	Value, Alt string
	Source     template.URL // of the picture
}

// keys are a subject's networks by name.
type keys struct {
	Seed int
	Keys []struct{ Words, Key string }
}

// section is the part of the page that is live.
func (d *Data) section(left []string, places []Places, v Verdict) (string, error) {
	test := d.Tests[d.Start]
	values, ok := d.valuesAt(test)
	if !ok {
		return "", fmt.Errorf("live: not every arm has a reading of %q", test.Words)
	}
	var rows []row
	label := fmt.Sprintf("Accuracy in percent, means of %d subjects. Test: %s.", len(d.Subjects), test.Words)
	for a, arm := range d.Arms {
		r := row{Words: arm.Words, Mean: strconv.FormatFloat(meanOf(values, a), 'f', 2, 64)}
		for _, s := range values {
			r.Values = append(r.Values, strconv.FormatFloat(s[a], 'f', 2, 64))
		}
		if book, ok := arm.Book[test.Name]; ok {
			r.BookText = strconv.FormatFloat(book, 'g', 6, 64)
		}
		rows = append(rows, r)
		label += fmt.Sprintf(" %s: %.1f;", arm.Words, meanOf(values, a))
	}
	label = strings.TrimSuffix(label, ";") + "."
	var list []keys
	for _, i := range d.Subjects {
		k := keys{Seed: i.Seed}
		for a, state := range i.Arms {
			k.Keys = append(k.Keys, struct{ Words, Key string }{d.Arms[a].Words, string(i.States[state].Key[:12])})
		}
		list = append(list, k)
	}
	json, err := d.JSON()
	if err != nil {
		return "", err
	}
	t, err := template.New("live").Parse(sectionText)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{
		"Style": template.CSS(styleText),
		"Intro": d.intro(left), "Carried": fmt.Sprintf("The page carries %d stored readings of these networks.", v.Readings),
		"Exported": fmt.Sprintf("When the page was made, %d of the %d came out equal.", v.Equal, v.Readings), "Bits": d.bits(),
		"Tests": d.Tests, "Start": d.Start, "Dials": d.Dials, "Drugs": d.Chapter >= 4, "Subjects": d.Subjects, "Rows": rows, "Places": places, "Keys": list,
		"Processor": d.Processor, "Platform": d.Platform, "Picture": template.HTML(picture(d.Arms, values, test, label)),
	})
	// These stand as they are: the page's policy names the script by its digest.
	return strings.NewReplacer("PUT JSON HERE", string(json), "PUT WORKER HERE", workerText, "PUT SCRIPT HERE", scriptText).Replace(b.String()), err
}

// intro says what the page carries.
func (d *Data) intro(left []string) string {
	var seeds []string
	for _, i := range d.Subjects {
		seeds = append(seeds, strconv.Itoa(i.Seed))
	}
	subjects := "subject " + seeds[0]
	if n := len(seeds); n > 1 {
		subjects = "subjects " + strings.Join(seeds[:n-1], ", ") + " and " + seeds[n-1]
	}
	text := "The trained networks of " + subjects + " are part of this page. When you move a dial, they are evaluated here, on your machine, on all their test points; " +
		"nothing is trained, and nothing is asked of a network or a server."
	if left != nil {
		text += " For lack of room the page leaves out: " + strings.Join(left, "; ") + "."
	}
	return text
}

// bits say how exactly the page has the weights, where that is less than the store does.
func (d *Data) bits() string {
	switch {
	case d.Short:
		return "Weights have 16 bits here instead of 32, which moves a reading by a point of the test set now and then."
	case d.trims():
		return "Weights of networks with more than a quarter of them alive have 24 bits here instead of 32."
	}
	return ""
}

// trims reports whether some network is there without its weights' lowest byte.
func (d *Data) trims() bool {
	return slices.ContainsFunc(d.Subjects[0].Nets, func(p Packed) bool { return p.Bytes == 3 })
}

// insert puts the section at the end of a page, with an entry in its contents, and
// forbids the page whatever it does not need.
func insert(path, section string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const end, head, list = "</main>", "<head>", "</ol></nav>"
	text := string(page)
	at := strings.LastIndex(text, end)
	if at < 0 || !strings.Contains(text, head) {
		return fmt.Errorf("live: %s is no page of a notebook", path)
	}
	text = text[:at] + section + text[at:]
	text = strings.Replace(text, list, `<li><a href="#Turn-it-yourself">Turn it yourself</a></li>`+list, 1)
	sum := sha256.Sum256([]byte(scriptText))
	policy := "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"' 'wasm-unsafe-eval'; worker-src blob:; base-uri 'none'; form-action 'none'"
	text = strings.Replace(text, head, head+"\n"+`<meta http-equiv="Content-Security-Policy" content="`+policy+`">`, 1)
	return file.Write(path, []byte(text))
}
