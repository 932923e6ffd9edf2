package notebook

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/protocols"
)

// rezip writes an archive's files anew, some of them changed.
func rezip(t *testing.T, from string, changed map[string]func(string) string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "b.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for name, data := range unzip(t, from) {
		if change := changed[name]; change != nil {
			before := string(data)
			if data = []byte(change(before)); string(data) == before {
				t.Fatalf("%s was not changed", name)
			}
		}
		w, _ := z.Create(name)
		w.Write(data)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// Two archives are held beside each other: settings, what computed them, and every
// number, those too that one of them lacks.
func TestCompareArchives(t *testing.T) {
	a := archived(t)
	same, err := CompareArchives(a, a)
	if err != nil || !same.Equal() || same.Numbers == 0 || !strings.HasSuffix(same.Summary(), " numbers are equal") {
		t.Fatalf("an archive beside itself: %+v, %v", same, err)
	}
	replace := func(old, new string) func(string) string {
		return func(text string) string { return strings.Replace(text, old, new, 1) }
	}
	var number, lacking string
	b := rezip(t, a, map[string]func(string) string{
		parametersFile:  replace(`"KetamineGain": "1.25"`, `"KetamineGain": "1.4"`),
		environmentFile: replace(`"Plugin": "p"`, `"Plugin": "q"`),
		longTableFile: func(text string) string {
			lines := strings.Split(text, "\n")
			number = lines[1]
			lines[1] = number[:strings.LastIndex(number, ",")] + ",12.25"
			lacking = lines[2]
			return strings.Join(append(lines[:2], lines[3:]...), "\n")
		},
	})
	p, err := CompareArchives(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if p.Equal() || len(p.Settings) != 1 || p.Settings[0] != (TwoValues{"KetamineGain", "1.25", "1.4"}) || len(p.Computed) != 1 || p.Computed[0] != (TwoValues{"platform: Plugin", "p", "q"}) ||
		len(p.Differ) != 2 || p.Differ[0].Run != 12.25 || p.Shared != p.Numbers-1 {
		t.Errorf("found %+v", p)
	}
	if want := "1 setting differs; of "; !strings.Contains(p.Summary(), want) || !strings.HasSuffix(p.Summary(), "; 1 number is in one of them alone") {
		t.Error(p.Summary())
	}
	var text, list strings.Builder
	if err := p.Write(&text); err != nil {
		t.Fatal(err)
	}
	settings, numbers := strings.Index(text.String(), "KetamineGain"), strings.Index(text.String(), "12.25")
	if settings < 0 || numbers < settings || !strings.HasSuffix(text.String(), p.Summary()+"\n") {
		t.Errorf("the text is\n%s", &text)
	}
	if err := p.WriteCSV(&list); err != nil {
		t.Fatal(err)
	}
	fields := strings.Split(lacking, ",")
	for _, want := range []string{"setting,KetamineGain,,,,1.25,1.4,\n", "computed,platform: Plugin,,,,p,q,\n", "number," + fields[3] + "," + fields[1] + "," + fields[2] + "," + fields[4] + "," + fields[5] + ",,\n", ",12.25,"} {
		if !strings.Contains(list.String(), want) {
			t.Errorf("the list lacks %q:\n%s", want, &list)
		}
	}
	// Another platform alone is no difference.
	if p, err := CompareArchives(a, rezip(t, a, map[string]func(string) string{environmentFile: replace(`"Plugin": "p"`, `"Plugin": "q"`)})); err != nil || !p.Equal() || len(p.Computed) != 1 {
		t.Errorf("another platform: %+v, %v", p, err)
	}
	for _, bad := range []string{"none.zip", rezip(t, a, map[string]func(string) string{parametersFile: replace(`"chapter": 5`, `"chapter": 4`)})} {
		if _, err := CompareArchives(a, bad); !protocols.IsBadInput(err) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
