package notebook

import (
	"bytes"
	"context"
	_ "embed"
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

//go:embed print.js
var printScript string

// ExportPDF prints a page of ExportHTML. The page says itself how it is to be
// printed, but for what fills its sheets (print.js); pictures stay vectors. The author
// stands in what the file says of itself.
func ExportPDF(ctx context.Context, page, pdf, author string) error {
	browser := setup.Browser()
	if browser == "" {
		return errNoBrowser
	}
	temp, err := os.MkdirTemp("", "fragility-print-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if page, err = toPrint(page, temp); err != nil {
		return err
	}
	part := filepath.Join(temp, "page.pdf")
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
		"--disable-background-networking", "--user-data-dir=" + filepath.Join(temp, "profile"),
		"--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + part,
	}
	if os.Getuid() == 0 {
		// Chromium's sandbox does not work for root, as in a container; the page
		// is our own, and so is its script.
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

// toPrint copies a page into a folder, with the script that fills its sheets.
func toPrint(page, folder string) (string, error) {
	data, err := os.ReadFile(page)
	if err != nil {
		return "", err
	}
	script := []byte("<script>" + printScript + "</script>\n</body>")
	path := filepath.Join(folder, "page.html")
	return path, os.WriteFile(path, bytes.Replace(data, []byte("</body>"), script, 1), 0o644)
}
