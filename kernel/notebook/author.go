package notebook

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

var (
	trailerInfo  = regexp.MustCompile(`/Info (\d+) 0 R`)
	trailerRoot  = regexp.MustCompile(`/Root (\d+) 0 R`)
	trailerSize  = regexp.MustCompile(`/Size (\d+)`)
	startOfTable = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
)

// withAuthor adds an author, and with what it was made, to what a PDF of
// Chromium's says of itself, which has a title alone. The file goes on behind its
// end, as the format means it (ISO 32000-1, 7.5.6); one of another form stays as
// it is.
func withAuthor(pdf []byte, author, creator string) []byte {
	at := bytes.LastIndex(pdf, []byte("trailer"))
	if at < 0 {
		return pdf
	}
	trailer := pdf[at:]
	info, root, size, start := trailerInfo.FindSubmatch(trailer), trailerRoot.FindSubmatch(trailer), trailerSize.FindSubmatch(trailer), startOfTable.FindSubmatch(trailer)
	if info == nil || root == nil || size == nil || start == nil {
		return pdf
	}
	begin := bytes.Index(pdf, []byte(fmt.Sprintf("\n%s 0 obj", info[1])))
	if begin < 0 {
		return pdf
	}
	old, _, _ := bytes.Cut(pdf[begin+1:], []byte("endobj"))
	from, to := bytes.Index(old, []byte("<<")), bytes.LastIndex(old, []byte(">>"))
	if from < 0 || to < from {
		return pdf
	}
	old = old[from+2 : to]
	old = regexp.MustCompile(`/Creator \((?:[^()\\]|\\.|\([^()]*\))*\)\s*`).ReplaceAll(old, nil)
	var b bytes.Buffer
	b.Write(bytes.TrimRight(pdf, "\n"))
	b.WriteString("\n")
	place := b.Len()
	fmt.Fprintf(&b, "%s 0 obj\n<<%s\n/Author %s\n/Creator %s>>\nendobj\n", info[1], bytes.TrimSpace(old), pdfText(author), pdfText(creator))
	table := b.Len()
	number, _ := strconv.Atoi(string(info[1]))
	fmt.Fprintf(&b, "xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %s\n/Root %s 0 R\n/Info %s 0 R\n/Prev %s>>\nstartxref\n%d\n%%%%EOF\n",
		number, place, size[1], root[1], info[1], start[1], table)
	return b.Bytes()
}

// pdfText is a text as a PDF has it: UTF-16, in hexadecimal digits.
func pdfText(words string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(words)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}
