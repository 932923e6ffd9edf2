package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Parts of a cell: declarations, which stay, and statements, which are carried
// out. GoNB wants "%%" between them; where a cell has no such line, the
// statements begin where no declaration does.
type Parts struct {
	Go   bool   // false for a cell of another language, as below "%%bash"
	Mark bool   // whether a line "%%" says where the statements begin
	Body int    // byte at which they begin: after the mark, or the first statement; -1 where there are none
	text string // without the lines that are GoNB's
}

// isMark reports whether GoNB takes what follows the line for statements.
func isMark(line string) bool {
	words := strings.Fields(line)
	return len(words) > 0 && (words[0] == "%%" || words[0] == "%main")
}

// Split finds the parts of a cell. Incomplete code is split as far as it goes.
func Split(source string) Parts {
	p := Parts{Go: true, Body: -1}
	var plain strings.Builder
	at := 0
	for line := range strings.Lines(source) {
		trimmed := strings.TrimSpace(line)
		switch {
		case isMark(trimmed) && p.Body < 0:
			p.Mark, p.Body = true, at+len(line)
			plain.WriteString(blank(line))
		case strings.HasPrefix(trimmed, "%%") && !isMark(trimmed):
			p.Go = false // a cell of a shell or a file
			return p
		case strings.HasPrefix(trimmed, "%"), strings.HasPrefix(trimmed, "!"):
			plain.WriteString(blank(line)) // GoNB's, not Go's
		default:
			plain.WriteString(line)
		}
		at += len(line)
	}
	p.text = plain.String()
	if !p.Mark {
		p.Body = firstStatement(p.text)
	}
	return p
}

// blank is text of the same bytes and lines that says nothing.
func blank(line string) string {
	b := []byte(line)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// firstStatement is where the first thing stands that is no declaration, -1
// where there is none. A cell with a main function has its statements there.
func firstStatement(source string) int {
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(token.Position, string) {}, 0)
	depth, begins := 0, true
	type lexeme struct {
		tok  token.Token
		text string
		at   int
	}
	var next []lexeme
	for {
		pos, tok, text := s.Scan()
		next = append(next, lexeme{tok, text, file.Offset(pos)})
		if tok == token.EOF {
			break
		}
	}
	found := -1
	for i, l := range next {
		if begins && depth == 0 && found < 0 {
			switch l.tok {
			case token.EOF, token.SEMICOLON:
			case token.IMPORT, token.VAR, token.CONST, token.TYPE, token.PACKAGE:
			case token.FUNC:
				switch {
				case next[i+1].tok == token.LPAREN && next[i+2].tok == token.RPAREN:
					found = l.at // a function called where it stands
				case next[i+1].text == "main":
					return -1
				}
			default:
				found = l.at
			}
		}
		begins = l.tok == token.SEMICOLON
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
	}
	return found
}

const opening, closing = "func main() { ", "\n}"

// Runnable is the cell as GoNB takes it: statements without a mark before them
// are put into the main function. No line moves; shift is how far the text from
// byte from on moved within its line.
func Runnable(source string) (text string, from, shift int) {
	p := Split(source)
	if !p.Go || p.Mark || p.Body < 0 {
		return source, len(source), 0
	}
	return source[:p.Body] + opening + source[p.Body:] + closing, p.Body, len(opening)
}

// AsTyped is an excerpt of the runnable text, in an error of the compiler, as
// the cell has it.
func AsTyped(source, excerpt string) string {
	if _, _, shift := Runnable(source); shift == 0 {
		return excerpt
	}
	lines := strings.Split(excerpt, "\n")
	for i, line := range lines {
		rest, ok := strings.CutPrefix(line, opening)
		if !ok {
			continue
		}
		lines[i] = rest
		if i+1 < len(lines) && strings.TrimSpace(lines[i+1]) == "^" {
			lines[i+1] = strings.TrimPrefix(lines[i+1], strings.Repeat(" ", len(opening)))
		}
	}
	return strings.Join(lines, "\n")
}
