package nf

import (
	"strings"
	"testing"
)

const trace = `
goroutine 1 [running]:
main.look(...)
	/tmp/gonb_1/main.go:21
main.main()
	/tmp/gonb_1/main.go:15 +0x1d
`

func TestTranslate(t *testing.T) {
	library := strings.ReplaceAll(trace, "main.go", "run.go")
	for name, c := range map[string]struct{ said, want string }{
		"words of a cell": {"one\ntwo", "one\ntwo"},
		"panic": {
			"before\npanic: runtime error: index out of range [5] with length 3\n" + trace + "exit status 2\n",
			"before\nthe cell stopped at /tmp/gonb_1/main.go:21: runtime error: index out of range [5] with length 3\n"},
		"nil pointer": {
			"panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1]\n" + trace,
			"the cell stopped at /tmp/gonb_1/main.go:21: runtime error: invalid memory address or nil pointer dereference\n"},
		"panic in lines": {"panic: a\n\tb\n" + trace, "the cell stopped at /tmp/gonb_1/main.go:21: a b\n"},
		"deadlock": {
			"fatal error: all goroutines are asleep - deadlock!\n" + trace,
			"the cell stopped at /tmp/gonb_1/main.go:21: all goroutines are asleep - deadlock!\n"},
		"a fault of ours":       {"panic: no\n" + library, "panic: no\n" + library},
		"a cell that writes so": {"panic: keep calm\nand go on\n", "panic: keep calm\nand go on\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			translate(&out, strings.NewReader(c.said))
			if out.String() != c.want {
				t.Errorf("got\n%s\nwant\n%s", out.String(), c.want)
			}
		})
	}
}
