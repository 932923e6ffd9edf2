package protocols

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// numbers lists so many of them, each once.
func numbers(n int, between string) string {
	var parts []string
	for i := range n {
		parts = append(parts, Format(1+float64(i)/100_000))
	}
	return strings.Join(parts, between)
}

// What is too much is refused before it is multiplied out, and the most that is
// taken costs little to read.
func TestLimitsComeBeforeTheWork(t *testing.T) {
	values := numbers(100, "|")
	grid := fmt.Sprintf("ketamine(gain=%s) then ketamine(gain=%s) then ketamine(gain=%s) then ketamine(gain=%s)", values, values, values, values)
	step := "neurosteroid(inhibition=0.7,gain=0.85,epochs=10,rate=0.001,layer=1) then "
	for name, c := range map[string]struct{ parameter, text, says string }{
		"arms of a grid":          {"Arms", grid, "takes at most 500 treatments"},
		"values of an option":     {"Arms", "ketamine(gain=" + numbers(9000, "|") + ")", "takes at most 500 treatments"},
		"arms one by one":         {"Arms", strings.Repeat("off;", 20_000), "once"},
		"arms by name":            {"Arms", manyArms(501), "takes at most 500 treatments"},
		"steps":                   {"Arms", strings.Repeat("ketamine then ", 5000) + "off", "more than 100 steps"},
		"a text":                  {"Arms", strings.Repeat("ketamine then ", 50_000) + "off", "at most 100000 bytes"},
		"layers":                  {"Hidden", strings.Repeat("8,", 100) + "8", "at most 64 numbers"},
		"numbers":                 {"InternalSigmas", numbers(501, ","), "at most 500 numbers"},
		"subjects":                {"Seeds", "0-4000000", "takes at most 10000 subjects"},
		"what is no number":       {"KetamineGain", strings.Repeat("9", 90_000) + "x", "KetamineGain takes a number"},
		"all that may be":         {"Arms", "ketamine(gain=" + numbers(500, "|") + ") then " + strings.Repeat(step, 98) + "off", ""},
		"as many as there may be": {"Seeds", "0-9999", ""},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Configure(5, map[string]string{c.parameter: c.text})
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 50 {
			t.Errorf("%s: %d MB to read", name, used)
		}
		if c.says == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !IsBadInput(err) || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 500 {
			t.Errorf("%s gives %.600v, want %q", name, err, c.says)
		}
	}
}

func manyArms(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d: off;", i)
	}
	return b.String()
}

// An arm's name stands in tables, pages and terminals.
func TestNamesOfArms(t *testing.T) {
	for _, name := range []string{"mine", "damped repair (0.8)", "Größe 2", "a&b", "50 % more", "it's", "α = 1"} {
		if arms, err := ParseArms(name + ": off"); err != nil || arms[0].Name != name {
			t.Errorf("%q: %v, %v", name, arms, err)
		}
	}
	for _, name := range []string{
		"=cmd|' /C calc'!A0", "+1+1", "-1", "@x", "<script>alert(1)</script>", "a<b", "a\x1b]0x\a", "a\x00", "a\u202eb",
		"[a](javascript", "`a`", "$a$", "\\a", "x|y", strings.Repeat("a", 201), "a\xff",
	} {
		if arms, err := ParseArms(name + ": off"); err == nil || !strings.Contains(err.Error(), "name") || strings.ContainsAny(err.Error(), "\x1b\a\x00") {
			t.Errorf("%q: %v, %v", name, arms, err)
		}
	}
	arms, err := ParseArms("first:\n\tketamine(gain=1|\n1.5)\n then off;\n")
	if err != nil || len(arms) != 2 || arms.String() != "first: ketamine(gain=1| 1.5) then off" {
		t.Errorf("over several lines: %q, %v", arms, err)
	}
}
