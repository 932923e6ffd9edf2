package main

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/network-fragility/fragility/kernel/client"
)

// The first Ctrl-C ends a run in order, with status 130; a second one ends it at
// once, whatever it waits for. What was finished is kept either way.
func TestSecondInterrupt(t *testing.T) {
	store := t.TempDir()
	begin := func() (*exec.Cmd, *strings.Builder) {
		c := exec.Command("../../bin/fragility", "run", "ch01", "--seeds", "0", "--workers", "1", "--set", "DataSigma=0.81") // which no record has
		c.Env = append(os.Environ(), client.StoreVariable+"="+store)
		r, err := c.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		said := &strings.Builder{}
		lines := bufio.NewScanner(r)
		for lines.Scan() { // until it computes: the first program is compiled for a second or more
			said.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), "epochs to train") {
				break
			}
		}
		time.Sleep(300 * time.Millisecond)
		return c, said
	}
	c, said := begin()
	c.Process.Signal(os.Interrupt)
	c.Wait()
	if c.ProcessState.ExitCode() != 130 {
		t.Errorf("one interrupt: %v: %s", c.ProcessState, said)
	}

	c, said = begin()
	c.Process.Signal(os.Interrupt)
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	c.Process.Signal(os.Interrupt)
	c.Wait()
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	if d := time.Since(began); d > time.Second || !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("two interrupts: %v after %v: %s", c.ProcessState, d, said)
	}
}
