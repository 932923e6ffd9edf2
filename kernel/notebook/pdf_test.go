//go:build slow

package notebook

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/network-fragility/fragility/kernel/setup"
)

// Chromium prints a page of ours: an A4 PDF whose figure is no bitmap.
func TestExportPDF(t *testing.T) {
	if setup.Browser() == "" {
		t.Skip(errNoBrowser)
	}
	dir := t.TempDir()
	files, err := Run(t.Context(), Options{Root: root(t), Notebook: executed(t), To: []string{"pdf"}, Dir: dir, Reuse: true, By: "A. Reader (An Institute)"})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || filepath.Base(files[1]) != "ch05.pdf" {
		t.Errorf("wrote %v", files)
	}
	data, err := os.ReadFile(filepath.Join(dir, "ch05.pdf"))
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) {
		t.Fatalf("no PDF (%v)", err)
	}
	if !bytes.Contains(data, []byte("/Outlines")) || !bytes.Contains(data, []byte("/Author "+pdfText("A. Reader"))) {
		t.Error("the file has no bookmarks, or no author")
	}
	if !bytes.Contains(data, []byte("+FragilitySans")) {
		t.Error("the words of pictures are in another font than they were measured with")
	}
	if !bytes.Contains(data, []byte("/MediaBox [0 0 59")) { // 595 points wide, give or take one
		t.Error("the pages are not A4")
	}
}

// A figure that only just misses the room on a sheet is drawn smaller, alone or with those
// that stand there, unless its letters were too small to read; and a table that would leave
// a sheet empty goes on over its end.
func TestSheetsAreFilled(t *testing.T) {
	if setup.Browser() == "" {
		t.Skip(errNoBrowser)
	}
	css, err := templates.ReadFile("templates/fragility/style.css")
	if err != nil {
		t.Fatal(err)
	}
	figure := func(letters int) string { // 120 mm high, with words under it
		return fmt.Sprintf(`<figure><svg viewBox="0 0 340 340" width="340pt" height="340pt"><text x="9" y="99" font-size="%d">words</text></svg><figcaption>Figure 1. Words.</figcaption></figure>`, letters)
	}
	above := func(height int) string { return fmt.Sprintf(`<p style="height: %dmm">Text.</p>`, height) }
	table := `<div class="fragility-table"><table><thead><tr><th>n</th></tr></thead><tbody>` + strings.Repeat(`<tr><td style="height: 10mm">1</td></tr>`, 12) + `</tbody></table></div>`
	for name, c := range map[string]struct {
		body   string
		sheets int
	}{
		"a figure":                   {above(150) + figure(9), 1},
		"two figures":                {figure(8) + figure(8), 1},
		"a figure with small words":  {above(150) + figure(6), 2},
		"a figure and too much text": {above(200) + figure(9), 2},
		"a table":                    {above(170) + table + above(150), 2},
	} {
		dir := t.TempDir()
		page, pdf := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
		text := "<!DOCTYPE html><html><head><style>" + string(css) + "</style></head><body><main>" + c.body + "</main></body></html>"
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := ExportPDF(t.Context(), page, pdf, ""); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(pdf)
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Count(data, []byte("/MediaBox")); got != c.sheets {
			t.Errorf("%s: %d sheets, want %d", name, got, c.sheets)
		}
	}
}
