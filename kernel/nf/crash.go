package nf

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"golang.org/x/sys/unix"
)

// A cell that panics says so in one sentence with its line, not in a stack
// trace. Nobody can recover a panic for a program's main function and its
// goroutines, so the sentence is made outside: a second process of the same
// program reads the first one's standard error. Who sets GOTRACEBACK wants the
// trace, and gets it.
func init() {
	switch {
	case os.Getenv(crashVariable) != "":
		translate(os.Stderr, os.Stdin)
		os.Exit(0)
	case gonbui.IsNotebook && os.Getenv("GOTRACEBACK") == "":
		hearCrashes() // without it a crash is as long as ever
	}
	if gonbui.IsNotebook {
		go endWith(os.Getppid())
	}
}

// endWith ends a cell's program after the kernel that runs it, which cannot end
// it where it is killed.
func endWith(kernel int) {
	for os.Getppid() == kernel {
		time.Sleep(time.Second)
	}
	os.Exit(1)
}

// crashVariable tells the second process what it is.
const crashVariable = "FRAGILITY_HEAR_CRASHES"

// hearCrashes puts the second process between this one and its standard error.
func hearCrashes() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer w.Close()
	defer r.Close()
	c := exec.Command(self)
	c.Env = append(os.Environ(), crashVariable+"=1")
	c.Stdin, c.Stderr = r, os.Stderr
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it hears this one's last words, whatever interrupts it
	if err := c.Start(); err != nil {
		return err
	}
	return unix.Dup2(int(w.Fd()), 2)
}

// cellLine is a place in the file that GoNB makes of a cell. GoNB puts the
// cell's number and line before it.
var cellLine = regexp.MustCompile(`\S*/main\.go:\d+`)

// translate passes standard error on, and a crash in one sentence. A crash in
// which no line of a cell has a part is passed on as it is: it is a fault of
// ours, and the trace says where.
func translate(out io.Writer, in io.Reader) {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			rest, _ := io.ReadAll(lines)
			io.WriteString(out, sentenceOfCrash(line+string(rest)))
			return
		}
		io.WriteString(out, line)
		if err != nil {
			return
		}
	}
}

func sentenceOfCrash(text string) string {
	said, trace, found := strings.Cut(text, "\ngoroutine ")
	place := cellLine.FindString(trace)
	if !found || place == "" {
		return text
	}
	said, _, _ = strings.Cut(said, "\n[signal ")
	_, said, _ = strings.Cut(said, ": ")
	return fmt.Sprintf("the cell stopped at %s: %s\n", place, strings.Join(strings.Fields(said), " "))
}
