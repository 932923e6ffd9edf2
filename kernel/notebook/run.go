package notebook

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/network-fragility/fragility/kernel/file"
	"github.com/network-fragility/fragility/kernel/setup"
)

//go:embed run.py
var runScript string

// patience is how long Python may take to end after it was asked to: it gives
// an interrupted cell and the kernel 6 seconds each.
const patience = 15 * time.Second

// Options says what to run.
type Options struct {
	Root       string       // the checkout
	Notebook   string       // a file, or a chapter such as "ch01"
	Parameters []Assignment // values that differ from the notebook's
	To         []string     // what to export besides the notebook: html, pdf, md, tex, zip
	Dir        string       // where the files go; it is made if need be
	Reuse      bool         // take a file that is executed already as it is, where no parameters are given
	NoCode     bool         // leave the code out of html, pdf and md
	Anew       bool         // run a file that is to be reused where its outputs are stale, rather than refuse it
	Saved      bool         // refuse a file that is not executed, rather than run it
	Compute    Compute      // gives the numbers of a chapter's run; tex and zip need it
	Live       Live         // makes an exported page answer; nil leaves it still
	By         string       // who runs it, with an ORCID, and in brackets for whom, for the archive; may be empty
	Out        io.Writer    // progress for a person; nil for none
}

// Run executes a notebook and exports it. It returns the files that it wrote;
// where a cell failed or ctx ended, that is the notebook with all that ran, and
// the error says what happened (see CellError). Bad parameters are a
// protocols.BadInput and write nothing.
func Run(ctx context.Context, o Options) ([]string, error) {
	j, err := prepare(o)
	if err != nil {
		return nil, err
	}
	return j.run(ctx)
}

func (j *job) run(ctx context.Context) ([]string, error) {
	if err := os.MkdirAll(j.Dir, 0o755); err != nil {
		return nil, err
	}
	// Two runs into one place would each export what the other shows.
	release, err := file.Lock(filepath.Join(j.Dir, "."+filepath.Base(j.target)+".lock"))
	if errors.Is(err, file.ErrLocked) {
		return nil, fmt.Errorf("another run writes %s; wait for it, or give --out another folder", j.target)
	}
	if err != nil {
		return nil, err
	}
	defer release()
	if len(j.To) > 0 && !sameFile(filepath.Dir(j.source), j.Dir) {
		if err := j.nb.attachPictures(filepath.Dir(j.source)); err != nil {
			return nil, err
		}
	}
	files := []string{j.target}
	if j.asIs {
		if err := j.keep(); err != nil {
			return nil, err
		}
	} else {
		if j.Out != nil && !sameFile(filepath.Dir(j.source), filepath.Join(j.Root, "notebooks")) {
			fmt.Fprintf(j.Out, "%s is none of this checkout's notebooks: its cells are programs, which run with your rights\n", j.source)
		}
		j.nb.ClearOutputs()
		if err := j.nb.Write(j.target); err != nil {
			return nil, err
		}
		j.began = time.Now()
		show := newTerminal(j.Out, j.nb)
		err := execute(ctx, j.Root, j.target, filepath.Dir(j.source), show)
		show.end()
		if err != nil {
			return files, err
		}
		j.ended = time.Now()
	}
	made, err := j.export(ctx)
	return append(files, made...), err
}

// installed says what to do where set-up has not run.
func installed(root string) error {
	if _, err := os.Stat(setup.Python(root)); errors.Is(err, fs.ErrNotExist) {
		return errors.New("Jupyter is not set up in this checkout; run make setup first")
	}
	return nil
}

// happening is a line of what run.py tells.
type happening struct {
	Event   string
	Cell    int     // index in the notebook
	Seconds float64 // of a finished cell
	Text    string  // progress, or what went wrong
}

// execute runs the cells of the notebook at path, in place, from the folder
// dir. It leaves no process and no temporary file behind.
func execute(ctx context.Context, root, path, dir string, show *terminal) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	// The kernel's own temporary files go with this folder, even when it is
	// killed.
	temp, err := os.MkdirTemp("", "fragility-notebook-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	python := pythonCommand(context.WithoutCancel(ctx), root, "-c", runScript)
	python.Env = append(python.Env, "TMPDIR="+temp, "FRAGILITY_TMPDIR="+os.TempDir(),
		"JPY_SESSION_NAME=") // no page will answer, even where a terminal in JupyterLab runs this
	stdin, err := python.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := python.StdoutPipe()
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	python.Stderr = &stderr
	if err := python.Start(); err != nil {
		return err
	}
	if err := json.NewEncoder(stdin).Encode(map[string]string{
		"path": path, "cwd": dir, "kernel": setup.KernelName,
	}); err != nil {
		return err
	}
	// When ctx ends, closing its standard input makes Python stop the kernel;
	// only a Python that hangs is killed.
	finished := make(chan struct{})
	defer close(finished)
	go func() {
		select {
		case <-finished:
			return
		case <-ctx.Done():
			stdin.Close()
		}
		select {
		case <-finished:
		case <-time.After(patience):
			python.Process.Kill()
		}
	}()

	var last happening
	var failure error
	for d := json.NewDecoder(stdout); ; {
		var h happening
		if err := d.Decode(&h); err != nil {
			break
		}
		last = h
		switch h.Event {
		case "started":
			show.started(h.Cell)
		case "progress":
			show.progress(h.Text)
		case "finished":
			show.finished(h.Seconds)
		case "failed":
			show.failed()
			number, total, heading := show.place(h.Cell)
			failure = &CellError{Number: number, Total: total, Heading: heading, Message: h.Text}
		}
	}
	err = python.Wait()
	switch {
	case failure != nil:
		return failure
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil || last.Event != "complete":
		return fmt.Errorf("the notebook could not be run: %s", lastLine(stderr.String(), "Python ended early"))
	}
	return nil
}

// pythonCommand is a Python of the checkout that keeps Jupyter out of the
// user's home.
func pythonCommand(ctx context.Context, root string, args ...string) *exec.Cmd {
	// Isolated: neither the variables of the user's Python nor a file of the working
	// folder that has a module's name has a say.
	c := exec.CommandContext(ctx, setup.Python(root), append([]string{"-I", "-B"}, args...)...)
	c.Env = append(os.Environ(), setup.JupyterEnv(root)...)
	c.Env = append(c.Env,
		"JUPYTER_PATH="+filepath.Join(setup.Prefix(root), "share", "jupyter"),
	)
	// In a group of its own a Ctrl-C at the terminal reaches us alone, and we
	// stop Python in order.
	c.SysProcAttr = ownGroup()
	return c
}

// lastLine is the last line of what Python said: the error of a traceback.
func lastLine(text, otherwise string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if line := strings.TrimSpace(lines[len(lines)-1]); line != "" {
		return line
	}
	return otherwise
}
