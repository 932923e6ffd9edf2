package notebook

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"strconv"
	"strings"

	"github.com/network-fragility/fragility/protocols"
)

// Parameter is a variable of the cell tagged "parameters": what a run may set.
type Parameter struct {
	Name    string
	Type    types.Type
	Value   string // as it stands in the cell
	Text    string // the value as package protocols writes it; empty where it is no constant
	Meaning string // the comment beside it
}

// Parameters reads the parameters that a cell declares: Go variables with a
// value, as in
//
//	var (
//		Seeds = "0-9" // subjects
//		Gain  = 1.25  // of every hidden layer, 1 to 3
//	)
func (c Cell) Parameters() ([]Parameter, error) {
	files := token.NewFileSet()
	source := "package p\n" + goLines(c.Source)
	file, err := parser.ParseFile(files, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("the cell tagged %q is no list of Go declarations: %v", ParametersTag, err)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	// What does not type-check has an invalid type, which takes no value.
	check := types.Config{Error: func(error) {}}
	check.Check("p", files, []*ast.File{file}, info)

	var list []Parameter
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec)
			if len(spec.Values) != len(spec.Names) {
				continue
			}
			meaning := spec.Comment.Text()
			if meaning == "" {
				meaning = spec.Doc.Text()
			}
			for i, name := range spec.Names {
				at := func(p token.Pos) int { return files.Position(p).Offset }
				list = append(list, Parameter{
					Name:    name.Name,
					Type:    info.Defs[name].Type(),
					Value:   source[at(spec.Values[i].Pos()):at(spec.Values[i].End())],
					Text:    constantText(info.Types[spec.Values[i]].Value, info.Defs[name].Type()),
					Meaning: strings.TrimSpace(meaning),
				})
			}
		}
	}
	return list, nil
}

// constantText is a constant of a type as package protocols writes values.
func constantText(v constant.Value, t types.Type) string {
	if v == nil {
		return ""
	}
	switch t.String() {
	case "string":
		return constant.StringVal(v)
	case "float64":
		x, _ := constant.Float64Val(v)
		return protocols.Format(x)
	}
	return v.String()
}

// Parse reads a value that is given as text: a string, int, float64, bool or a
// list of them. A list has its elements separated by commas, and may stand in
// brackets. The error is the end of a sentence that starts with the parameter's
// name.
func (p Parameter) Parse(text string) (any, error) {
	text = strings.TrimSpace(text)
	value, err := parse(p.Type, text)
	if err != nil {
		return nil, fmt.Errorf("takes %s, not %q", takes(p.Type), text)
	}
	return value, nil
}

func parse(t types.Type, text string) (any, error) {
	switch t.String() {
	case "string":
		return text, nil
	case "bool":
		return parseBool(text)
	case "int":
		return strconv.Atoi(text)
	case "float64":
		return parseNumber(text)
	case "[]string":
		return parseList(text, func(s string) (string, error) { return strings.Trim(s, `"'`), nil })
	case "[]int":
		return parseList(text, strconv.Atoi)
	case "[]float64":
		return parseList(text, parseNumber)
	}
	return nil, strconv.ErrSyntax
}

func parseBool(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, strconv.ErrSyntax
	}
	return text == "true", nil
}

// parseNumber refuses infinities, which no Go literal can write.
func parseNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0, strconv.ErrRange
	}
	return x, err
}

func parseList[T any](text string, element func(string) (T, error)) ([]T, error) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	list := []T{}
	if text == "" {
		return list, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		e, err := element(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// literal is the Go expression for a value of Parse. A number is written so
// that a declaration infers its type: the float64 2 is 2.0.
func literal(value any) string {
	switch x := value.(type) {
	case float64:
		s := strconv.FormatFloat(x, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		return s
	case []float64:
		parts := make([]string, len(x))
		for i := range x {
			parts[i] = literal(x[i])
		}
		return "[]float64{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprintf("%#v", value)
}

// takes says in words what a type takes.
func takes(t types.Type) string {
	switch t.String() {
	case "string":
		return "text"
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "float64":
		return "a number"
	case "[]string":
		return `words like "a,b"`
	case "[]int":
		return `whole numbers like "1,2"`
	case "[]float64":
		return `numbers like "0.5,1"`
	}
	return "no value from outside"
}

// goLines blanks the lines of a cell that are GoNB's, not Go's.
func goLines(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		if strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!") {
			line = "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}
