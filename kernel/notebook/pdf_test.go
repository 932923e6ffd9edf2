//go:build slow

package notebook

import (
	"bytes"
	"os"
	"path/filepath"
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
