package setup

import (
	"context"
	"os/exec"
)

// browsers are Chromium under the names that systems give it.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Browser is the Chromium or Google Chrome on PATH, "" where there is none.
func Browser() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// checkBrowser finds no fault: most of what this project does needs no browser.
func checkBrowser(context.Context, string) (string, error) {
	if path := Browser(); path != "" {
		return path, nil
	}
	return "no Chromium, which only exports to PDF and `make test-browser` need (Debian, Ubuntu: apt install chromium)", nil
}
