package protocols

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// mostToRead is what the reading of one parameter may take, in bytes.
const mostToRead = 50 << 20

func FuzzParseArms(f *testing.F) {
	for _, text := range []string{
		"", "off", "ketamine then ssri(epochs=50)", " both: ketamine then ssri ; off", "g: tune(epochs=1|2) then prune",
		"ketamine(gain=1|1.5, fraction=0.25|0.5)", "modulate(inhibition=0.8,layer=1) then relu then tanh", "a:b:off", "x: off\ty: off;;",
		strings.Repeat("ketamine then ", 120) + "off", "ketamine(gain=" + numbers(30, "|") + ",fraction=0|1,epochs=" + "0|1|2|3|4|5|6|7|8|9)",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		arms, err := ParseArms(text)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; len(text) <= maxText && used > mostToRead {
			t.Fatalf("%d bytes to read %d", used, len(text))
		}
		if err != nil {
			return
		}
		for _, a := range arms {
			if !utf8.ValidString(a.Name) || strings.ContainsAny(a.Name, "<>\x00\x1b\n") || strings.HasPrefix(a.Name, "=") {
				t.Errorf("the name %q", a.Name)
			}
		}
		again, err := ParseArms(arms.String())
		if err != nil || !reflect.DeepEqual(again, arms) {
			t.Errorf("%q comes back as %q, %v", text, again, err)
		}
	})
}

func FuzzParseSeeds(f *testing.F) {
	for _, text := range []string{"2", "0-9,42", " 3 - 5 , 1", "4000000", "9-0", "1,1", "0-99999", "-1", "1-", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seeds, err := ParseSeeds(text)
		if err != nil {
			return
		}
		if len(seeds) == 0 || len(seeds) > maxCohort || !slices.IsSorted(seeds) || seeds[len(seeds)-1] > maxSeed {
			t.Errorf("%q gives %v", text, seeds)
		}
		if again, err := ParseSeeds(seeds.String()); err != nil || !slices.Equal(again, seeds) {
			t.Errorf("%q comes back as %v, %v", text, again, err)
		}
	})
}

// What a chapter takes comes back as the same settings; all else is one sentence
// of the user's.
func FuzzConfigure(f *testing.F) {
	for n := range Chapters() {
		p, _ := Configure(Chapters()[n], nil)
		for _, q := range Parameters(p) {
			f.Add(n, q.Name, q.Value)
		}
	}
	f.Add(0, "Profile", "smoke")
	f.Add(4, "Hidden", strings.Repeat("8,", 70)+"8")
	f.Add(4, "KetamineGain", "0x1p-2")
	f.Add(4, "SSRIEpochs", "1e3")
	f.Fuzz(func(t *testing.T, n int, name, value string) {
		chapters := Chapters()
		chapter := chapters[(n%len(chapters)+len(chapters))%len(chapters)]
		if name == "ModelPath" || name == "Prompts" || name == "Model" {
			return // they read files
		}
		p, err := Configure(chapter, map[string]string{name: value})
		if err != nil {
			if text := err.Error(); !IsBadInput(err) || strings.Contains(text, "\n") || !utf8.ValidString(text) || len(text) > 4000 {
				t.Errorf("%s=%q: %v", name, value, err)
			}
			return
		}
		settings, _ := Settings(p)
		again, err := Configure(chapter, settings)
		if err != nil {
			t.Fatalf("%s=%q: %v", name, value, err)
		}
		if s, _ := Settings(again); !reflect.DeepEqual(s, settings) {
			t.Errorf("%s=%q comes back as %v", name, value, s)
		}
	})
}
