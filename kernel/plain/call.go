package plain

import (
	"go/ast"
	"go/constant"
	"go/token"
	"math"
	"reflect"

	"github.com/network-fragility/fragility/kernel/nf"
)

// functions are those of package nf that a plain cell may call.
var functions = map[string]any{
	"Chapter": nf.Chapter, "Treatment": nf.Treatment, "Export": nf.Export,
	"Ketamine": nf.Ketamine, "SSRI": nf.SSRI, "Neurosteroid": nf.Neurosteroid,
	"Tune": nf.Tune, "Regrow": nf.Regrow, "RegrowRandom": nf.RegrowRandom, "Prune": nf.Prune,
	"Modulate": nf.Modulate, "Tanh": nf.Tanh, "ReLU": nf.ReLU, "Off": nf.Off,
}

// generic are those with a type parameter, by the kind of the constants.
var generic = map[string]map[constant.Kind]any{
	"Slider": {constant.Int: nf.Slider[int], constant.Float: nf.Slider[float64], constant.String: nf.Slider[string], constant.Bool: nf.Slider[bool]},
	"Menu":   {constant.Int: nf.Menu[int], constant.Float: nf.Menu[float64], constant.String: nf.Menu[string], constant.Bool: nf.Menu[bool]},
}

var setType = reflect.TypeFor[nf.Set]()

// call is what a call gives, how it is made, and whether it is plain and Go would
// take it.
func (c *checker) call(e *ast.CallExpr) (results []reflect.Type, do func() []reflect.Value, ok bool) {
	s, isSelector := e.Fun.(*ast.SelectorExpr)
	if !isSelector || e.Ellipsis.IsValid() {
		return nil, nil, false
	}
	if x, isName := s.X.(*ast.Ident); isName && x.Name == "nf" {
		c.uses[nfPath] = true
		f := functions[s.Sel.Name]
		if kinds := generic[s.Sel.Name]; kinds != nil {
			f = kinds[kindOf(e.Args)]
		}
		if f == nil {
			return nil, nil, false
		}
		return c.with(reflect.TypeOf(f), func() reflect.Value { return reflect.ValueOf(f) }, e.Args)
	}
	typ, receiver, ok := c.value(s.X, nil)
	if !ok {
		return nil, nil, false
	}
	m, ok := typ.MethodByName(s.Sel.Name)
	if !ok {
		return nil, nil, false
	}
	return c.with(reflect.Zero(typ).Method(m.Index).Type(), func() reflect.Value { return receiver().Method(m.Index) }, e.Args)
}

// kindOf is the kind of the constants after a first argument, where they have one:
// whole numbers among others are numbers.
func kindOf(args []ast.Expr) constant.Kind {
	kind := constant.Unknown
	for i, e := range args {
		if i == 0 {
			continue
		}
		v, ok := literal(e)
		switch {
		case !ok:
			return constant.Unknown
		case i == 1 || kind == constant.Int && v.Kind() == constant.Float:
			kind = v.Kind()
		case kind == constant.Float && v.Kind() == constant.Int:
		case kind != v.Kind():
			return constant.Unknown
		}
	}
	return kind
}

// with is a call of a function of a type with arguments.
func (c *checker) with(f reflect.Type, function func() reflect.Value, args []ast.Expr) (results []reflect.Type, do func() []reflect.Value, ok bool) {
	fixed := f.NumIn()
	if f.IsVariadic() {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !f.IsVariadic() {
		return nil, nil, false
	}
	var values []func() reflect.Value
	for i, e := range args {
		want := f.In(min(i, f.NumIn()-1))
		if i >= fixed {
			want = want.Elem()
		}
		_, value, ok := c.value(e, want)
		if !ok {
			return nil, nil, false
		}
		values = append(values, value)
	}
	for i := range f.NumOut() {
		results = append(results, f.Out(i))
	}
	return results, func() []reflect.Value {
		called := function()
		in := make([]reflect.Value, len(values))
		for i, v := range values {
			in[i] = v()
		}
		return called.Call(in)
	}, true
}

// value is an expression as a value of the type that is wanted, nil for its own.
func (c *checker) value(e ast.Expr, want reflect.Type) (reflect.Type, func() reflect.Value, bool) {
	switch x := e.(type) {
	case *ast.Ident:
		v := c.variables[x.Name]
		if v == nil {
			break // true, false or a name that is not known
		}
		if c.within != nil {
			c.within.needs = append(c.within.needs, v)
		}
		ok := c.settle(v) && (want == nil || v.typ.AssignableTo(want))
		return v.typ, func() reflect.Value { return v.now }, ok
	case *ast.CallExpr:
		results, do, ok := c.call(x)
		if !ok || len(results) != 1 || want != nil && !results[0].AssignableTo(want) {
			return nil, nil, false
		}
		return results[0], func() reflect.Value { return do()[0] }, true
	case *ast.CompositeLit:
		return c.set(x, want)
	}
	v, ok := literal(e)
	if !ok || want == nil { // constants have no methods
		return nil, nil, false
	}
	value, ok := converted(v, want)
	return want, func() reflect.Value { return value }, ok
}

// set is nf.Set{...} of constants.
func (c *checker) set(e *ast.CompositeLit, want reflect.Type) (reflect.Type, func() reflect.Value, bool) {
	if !isSelector(e.Type, "nf", "Set") || want != nil && !setType.AssignableTo(want) {
		return nil, nil, false
	}
	c.uses[nfPath] = true
	set := nf.Set{}
	for _, element := range e.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			return nil, nil, false
		}
		key, ok := literal(pair.Key)
		if !ok || key.Kind() != constant.String {
			return nil, nil, false
		}
		name := constant.StringVal(key)
		if _, twice := set[name]; twice {
			return nil, nil, false
		}
		v, ok := literal(pair.Value)
		if !ok {
			return nil, nil, false
		}
		value, ok := converted(v, reflect.TypeFor[any]())
		if !ok {
			return nil, nil, false
		}
		set[name] = value.Interface()
	}
	return setType, func() reflect.Value { return reflect.ValueOf(set) }, true
}

// literal is a constant that stands in the cell.
func literal(e ast.Expr) (constant.Value, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		if x.Kind == token.CHAR || x.Kind == token.IMAG {
			return nil, false
		}
		v := constant.MakeFromLiteral(x.Value, x.Kind, 0)
		return v, v.Kind() != constant.Unknown
	case *ast.UnaryExpr:
		v, ok := literal(x.X)
		if !ok || x.Op != token.SUB || v.Kind() != constant.Int && v.Kind() != constant.Float {
			return nil, false
		}
		return constant.UnaryOp(token.SUB, v, 0), true
	case *ast.Ident:
		switch x.Name {
		case "true", "false":
			return constant.MakeBool(x.Name == "true"), true
		}
	}
	return nil, false
}

// converted is a constant as a value of a type.
func converted(v constant.Value, want reflect.Type) (reflect.Value, bool) {
	var own any
	switch v.Kind() {
	case constant.String:
		own = constant.StringVal(v)
	case constant.Bool:
		own = constant.BoolVal(v)
	case constant.Float:
		f, _ := constant.Float64Val(v)
		if math.IsInf(f, 0) {
			return reflect.Value{}, false
		}
		own = f
	case constant.Int:
		i, exact := constant.Int64Val(v)
		if !exact {
			return reflect.Value{}, false
		}
		own = int(i)
	}
	value := reflect.ValueOf(own)
	switch {
	case value.Type().AssignableTo(want): // any takes all of them
		return value, true
	case want.Kind() == reflect.Float64 && value.Kind() == reflect.Int:
		return value.Convert(want), true
	}
	return reflect.Value{}, false
}
