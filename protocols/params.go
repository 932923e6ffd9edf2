package protocols

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Parameter describes one field of a protocol for a reader: what may be set,
// in which unit, between which bounds, and what the book used. The fields of a
// protocol's struct carry it in their tags:
//
//	PruneSparsity float64 `default:"0.95" range:"[0,1)" unit:"share of each weight matrix" meaning:"weights cut by magnitude"`
//
// Structs without a tag are groups that chapters share; where a chapter has
// another value than the group, its method Defaults says so.
type Parameter struct {
	Name    string
	Type    string // "number", "whole number", "list of numbers", ...
	Default string // the book's value, unless Meaning says otherwise
	Value   string
	Range   string // an interval like "[0,1)"; of each element for a list; the words that a choice takes
	Unit    string
	Meaning string
}

// BadInput is an error that the user can mend: its text is one sentence that
// names the parameter and what it takes. A command ends with status 2 on it.
type BadInput struct{ Sentence string }

func (e BadInput) Error() string { return e.Sentence }

// badInput makes a BadInput.
func badInput(format string, args ...any) error {
	return BadInput{fmt.Sprintf(format, args...)}
}

// IsBadInput reports whether the user's input caused the error.
func IsBadInput(err error) bool {
	var b BadInput
	return errors.As(err, &b)
}

// Parameters lists the parameters of a protocol in the order of its fields.
func Parameters(p Protocol) []Parameter {
	var list []Parameter
	eachField(p, func(f reflect.StructField, v reflect.Value) {
		list = append(list, Parameter{
			Name:    f.Name,
			Type:    typeName(v),
			Default: defaultOf(p, f),
			Value:   Format(v.Interface()),
			Range:   cmp.Or(f.Tag.Get("range"), f.Tag.Get("choices")),
			Unit:    f.Tag.Get("unit"),
			Meaning: f.Tag.Get("meaning"),
		})
	})
	return list
}

// Settings gives every parameter of p as text, and the names of those whose
// value is not the default.
func Settings(p Protocol) (settings map[string]string, altered []string) {
	settings = map[string]string{}
	for _, q := range Parameters(p) {
		settings[q.Name] = q.Value
		if q.Value != q.Default {
			altered = append(altered, q.Name)
		}
	}
	return settings, altered
}

// Path is a parameter that names a file or folder; "" is none.
type Path string

// Format writes a parameter's value as Set reads it: a list with commas, a
// number in the fewest digits.
func Format(value any) string {
	switch x := value.(type) {
	case fmt.Stringer:
		return x.String()
	case float64:
		if size := math.Abs(x); size >= 1e-9 && size < 1e15 {
			return strconv.FormatFloat(x, 'f', -1, 64) // 0.00001, as one writes it
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(x), 'g', -1, 32)
	}
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(value)
	}
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = Format(v.Index(i).Interface())
	}
	return strings.Join(parts, ",")
}

// Limits on what a parameter may be made of, looked at before it is read: a list
// of the most subjects that there may be is shorter.
const (
	maxText = 100_000 // bytes
	maxList = 500
)

// quote quotes a text in a sentence, cut where it is long.
func quote(text string) string {
	const most = 80
	if utf8.RuneCountInString(text) <= most {
		return strconv.Quote(text)
	}
	return strconv.Quote(string([]rune(text)[:most])) + "..."
}

// set changes parameters of p by name, from text. Errors are BadInput.
func set(p Protocol, values map[string]string) error {
	fields := map[string]func(string) error{}
	eachField(p, func(f reflect.StructField, v reflect.Value) {
		fields[f.Name] = func(text string) error { return setField(f, v, text) }
	})
	for _, name := range slices.Sorted(maps.Keys(values)) {
		assign, ok := fields[name]
		if !ok {
			return NoParameter(p, name)
		}
		if err := assign(values[name]); err != nil {
			return badInput("%s %v", name, err)
		}
	}
	return nil
}

// bare is a name of the user's as a sentence has it, without quotes.
func bare(name string) string { return strings.Trim(quote(name), `"`) }

// NoParameter is the BadInput for a name that is no parameter of p's: with the
// one that was meant, or with all that there are where none is near.
func NoParameter(p Protocol, name string) error {
	var names []string
	for _, q := range Parameters(p) {
		names = append(names, q.Name)
	}
	if meant := nearest(name, names); meant != "" {
		return badInput("%s is not a parameter of chapter %d; did you mean %s?", bare(name), p.Chapter(), meant)
	}
	return badInput("%s is not a parameter of chapter %d; it takes %s", bare(name), p.Chapter(), strings.Join(names, ", "))
}

// reset gives every parameter of p its default. It panics on a tag that does
// not parse, which is a fault of the chapter.
func reset(p Protocol) {
	eachField(p, func(f reflect.StructField, v reflect.Value) {
		if err := setField(f, v, defaultOf(p, f)); err != nil {
			panic(fmt.Sprintf("protocols: default of %T.%s %v", p, f.Name, err))
		}
	})
}

// defaultOf is a parameter's default in a chapter, as text: that of the field,
// unless the chapter has one of its own.
func defaultOf(p Protocol, f reflect.StructField) string {
	if d, ok := p.(interface{ Defaults() map[string]string }); ok {
		if text, ok := d.Defaults()[f.Name]; ok {
			return text
		}
	}
	return f.Tag.Get("default")
}

// eachField calls f on the parameter fields of p, those of groups included.
func eachField(p Protocol, f func(reflect.StructField, reflect.Value)) {
	var visit func(reflect.Value)
	visit = func(v reflect.Value) {
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.Anonymous {
				visit(v.Field(i))
			} else if field.IsExported() {
				f(field, v.Field(i))
			}
		}
	}
	visit(reflect.ValueOf(p).Elem())
}

func typeName(v reflect.Value) string {
	switch v.Interface().(type) {
	case Seeds:
		return "list of subjects"
	case Arms:
		return "list of treatments"
	case ClaimID:
		return "claim"
	case bool:
		return "yes or no"
	case string:
		return "choice"
	case Path:
		return "path"
	case Architecture:
		return "name of a network"
	case float64:
		return "number"
	case int:
		return "whole number"
	case []float64:
		return "list of numbers"
	case []int:
		return "list of whole numbers"
	}
	panic("protocols: no parameter may have type " + v.Type().String())
}

// setField parses text into a field and checks it against the field's range.
// The error is the end of a sentence that starts with the parameter's name.
func setField(f reflect.StructField, v reflect.Value, text string) error {
	if len(text) > maxText {
		return fmt.Errorf("takes a text of at most %d bytes, not of %d", maxText, len(text))
	}
	within := parseInterval(f.Tag.Get("range"))
	takes := func() error {
		s := "takes a " + typeName(v)
		if r := f.Tag.Get("range"); r != "" {
			s += " in " + r
		}
		if u := f.Tag.Get("unit"); u != "" {
			s += " (" + u + ")"
		}
		if point := strings.Replace(text, ",", ".", 1); point != text && typeName(v) == "number" && isNumber(point) {
			return fmt.Errorf("%s, not %s: write %s", s, quote(text), point)
		}
		return fmt.Errorf("%s, not %s", s, quote(text))
	}
	var err error
	switch p := v.Addr().Interface().(type) {
	case *Seeds:
		*p, err = ParseSeeds(text)
		return err
	case *Arms:
		*p, err = ParseArms(text)
		return err
	case *ClaimID:
		*p = ClaimID(text) // which there are a protocol knows when it is whole
	case *bool:
		x, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("takes true or false, not %s", quote(text))
		}
		*p = x
	case *Architecture:
		if _, ok := architectures[Architecture(text)]; !ok {
			var names []string
			for name := range architectures {
				names = append(names, string(name))
			}
			slices.Sort(names)
			return fmt.Errorf("takes the name of a network, %s, not %s; docs/network.md says how to have another", strings.Join(names, ", "), quote(text))
		}
		*p = Architecture(text)
	case *Path:
		*p = Path(text)
	case *string:
		choices := strings.Split(f.Tag.Get("choices"), ",")
		if !slices.Contains(choices, text) {
			return fmt.Errorf("takes %s, not %s", strings.Join(choices, ", "), quote(text))
		}
		*p = text
	case *float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !within.holds(x) {
			return takes()
		}
		*p = x
	case *int:
		x, err := strconv.Atoi(text)
		if err != nil || !within.holds(float64(x)) {
			return takes()
		}
		*p = x
	case *[]float64:
		if err := fewEnough(f, text); err != nil {
			return err
		}
		list, ok := parseList(text, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) }, within)
		if !ok {
			return takes()
		}
		*p = list
	case *[]int:
		if err := fewEnough(f, text); err != nil {
			return err
		}
		list, ok := parseList(text, strconv.Atoi, within)
		if !ok {
			return takes()
		}
		*p = list
	}
	return nil
}

// isNumber reports whether text is a number.
func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// fewEnough refuses a list that is longer than its tag "most" says, or maxList.
func fewEnough(f reflect.StructField, text string) error {
	most := maxList
	if tag := f.Tag.Get("most"); tag != "" {
		var err error
		if most, err = strconv.Atoi(tag); err != nil {
			panic(fmt.Sprintf("protocols: most of %s: %v", f.Name, err))
		}
	}
	if n := strings.Count(text, ",") + 1; n > most {
		return fmt.Errorf("takes a list of at most %d numbers, not of %d", most, n)
	}
	return nil
}

func parseList[T int | float64](text string, parse func(string) (T, error), within interval) ([]T, bool) {
	var list []T
	for part := range strings.SplitSeq(text, ",") {
		x, err := parse(strings.TrimSpace(part))
		if err != nil || !within.holds(float64(x)) || slices.Contains(list, x) && within.distinct {
			return nil, false
		}
		list = append(list, x)
	}
	return list, true
}

// nearest is the name among several that a misspelt one was meant to be, ""
// where none is close: a third of its letters may be wrong, whatever their case.
func nearest(name string, names []string) string {
	best, limit := "", max(1, len(name)/3)+1
	for _, other := range names {
		if d := edits(strings.ToLower(name), strings.ToLower(other)); d < limit {
			best, limit = other, d
		}
	}
	return best
}

// edits is the number of letters to put in, take out, replace, or swap with
// their neighbour, that make b of a.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
