package llama

import (
	"regexp"
	"unicode"
	"unicode/utf8"
)

// letters are the printable characters that stand for bytes in a vocabulary of
// GPT-2's kind: the byte's own in Latin-1 where that can be seen, otherwise the
// next one from U+0100 on.
var letters = func() (letters [256]rune) {
	next := rune(256)
	for b := range letters {
		if b >= '!' && b <= '~' || b >= '¡' && b <= '¬' || b >= '®' {
			letters[b] = rune(b)
		} else {
			letters[b] = next
			next++
		}
	}
	return letters
}()

// byteOfLetter is the inverse.
var byteOfLetter = func() map[rune]byte {
	m := map[rune]byte{}
	for b, r := range letters {
		m[r] = byte(b)
	}
	return m
}()

// byteLevelWord is GPT-2's pattern with each digit by itself. The class of blanks
// is Unicode's; Go's \s is ASCII's.
var byteLevelWord = regexp.MustCompile(`^(?:'(?:s|t|re|ve|m|ll|d)| ?\p{L}+|\p{N}| ?[^\t-\r\x{85}\p{Z}\p{L}\p{N}]+|[\t-\r\x{85}\p{Z}]+)`)

// byteLevelWords cuts a text into words with the blank before them, contractions,
// single digits, stretches of signs and of blanks.
func byteLevelWords(text string) []string {
	var words []string
	for text != "" {
		word := byteLevelWord.FindString(text)
		// The last of several blanks belongs to the word after it, unless that is a
		// digit. (GPT-2's pattern says this by looking ahead, which Go's cannot.)
		last, size := utf8.DecodeLastRuneInString(word)
		next, _ := utf8.DecodeRuneInString(text[len(word):])
		if unicode.IsSpace(last) && len(word) > size && len(word) < len(text) && !unicode.IsNumber(next) {
			word = word[:len(word)-size]
		}
		words = append(words, word)
		text = text[len(word):]
	}
	return words
}
