package notebook

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/network-fragility/fragility/kernel/setup"
)

// errNoBrowser says what to do where there is none.
var errNoBrowser = badInput("--to pdf needs Chromium or Google Chrome on PATH, and there is none; install it, for example with `apt-get install chromium`")

// ExportPDF prints a page of ExportHTML. The page says itself how it is to be
// printed; pictures stay vectors. The author stands in what the file says of itself.
func ExportPDF(ctx context.Context, page, pdf, author string) error {
	browser := setup.Browser()
	if browser == "" {
		return errNoBrowser
	}
	page, err := filepath.Abs(page)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "fragility-print-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	part := filepath.Join(temp, "page.pdf")
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
		"--disable-background-networking", "--user-data-dir=" + filepath.Join(temp, "profile"),
		"--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + part,
	}
	if os.Getuid() == 0 {
		// Chromium's sandbox does not work for root, as in a container; the page
		// is our own and has no script.
		args = append(args, "--no-sandbox")
	}
	c := exec.CommandContext(ctx, browser, append(args, (&url.URL{Scheme: "file", Path: page}).String())...)
	c.SysProcAttr = ownGroup()
	// Chromium is several processes.
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.Env = append(os.Environ(), "HOME="+temp) // it leaves nothing in the user's
	var stderr bytes.Buffer
	c.Stderr = &stderr
	err = c.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	data, readErr := os.ReadFile(part)
	if err != nil || readErr != nil {
		return errors.New(pdf + " could not be made: " + lastLine(stderr.String(), "Chromium wrote no page"))
	}
	return os.WriteFile(pdf, withAuthor(data, author, "fragility"), 0o644)
}
