package notebook

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A PDF goes on behind its end with its author: what it had stays where it was, the
// new table of places points at the new object and at the table before.
func TestAuthorOfPDF(t *testing.T) {
	body := "%PDF-1.4\n1 0 obj\n<</Title (A \\(b\\) c)\n/Creator (Mozilla/5.0 \\(X11; Linux\\) x)\n/Producer (Skia)>>\nendobj\n2 0 obj\n<</Type /Catalog>>\nendobj\n"
	old := body + fmt.Sprintf("xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000099 00000 n \ntrailer\n<</Size 3\n/Root 2 0 R\n/Info 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(body))
	made := withAuthor([]byte(old), "Zoë", "fragility")
	rest, found := bytes.CutPrefix(made, []byte(old))
	if !found {
		t.Fatalf("the file was changed:\n%s", made)
	}
	want := "1 0 obj\n<</Title (A \\(b\\) c)\n/Producer (Skia)\n/Author <FEFF005A006F00EB>\n/Creator " + pdfText("fragility") + ">>\nendobj\n"
	if !strings.HasPrefix(string(rest), want) {
		t.Errorf("it goes on with\n%s", rest)
	}
	place, table := len(old), len(old)+len(want)
	for _, s := range []string{fmt.Sprintf("xref\n1 1\n%010d 00000 n \n", place), fmt.Sprintf("/Prev %d>>", len(body)), fmt.Sprintf("startxref\n%d\n%%%%EOF\n", table)} {
		if !strings.Contains(string(rest), s) {
			t.Errorf("it lacks %q:\n%s", s, rest)
		}
	}
	for _, other := range []string{"", "%PDF-1.7 of another form", strings.Replace(old, "/Info 1", "/Info 9", 1)} {
		if got := string(withAuthor([]byte(other), "x", "y")); got != other {
			t.Errorf("another form became %q", got)
		}
	}
}
