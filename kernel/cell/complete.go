package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Complete reports whether a text is a whole cell, in Jupyter's words:
// "complete", "incomplete" where more may make it one, with the indentation of
// the next line, or "invalid".
func Complete(source string) (status, indent string) {
	p := Split(source)
	if !p.Go {
		return "complete", ""
	}
	files := token.NewFileSet()
	var s scanner.Scanner
	open := false // a text or a comment without its end
	s.Init(files.AddFile("", files.Base(), len(p.text)), []byte(p.text), func(_ token.Position, message string) {
		open = open || message == "raw string literal not terminated" || message == "comment not terminated"
	}, 0)
	depth, last := 0, token.SEMICOLON
	for {
		_, tok, _ := s.Scan()
		if tok == token.EOF {
			break
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		last = tok
	}
	switch {
	case open || depth > 0:
		return "incomplete", strings.Repeat("\t", max(0, depth))
	case depth == 0 && expectsMore(last):
		return "incomplete", ""
	case depth < 0 || len(Parse(source).errors) > 0:
		return "invalid", ""
	}
	return "complete", ""
}

// expectsMore reports whether nothing can end with a token.
func expectsMore(t token.Token) bool {
	return t.IsOperator() && t != token.SEMICOLON && t != token.INC && t != token.DEC && t != token.RPAREN && t != token.RBRACK && t != token.RBRACE
}
