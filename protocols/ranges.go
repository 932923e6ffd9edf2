package protocols

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// CheckRanges refuses a stage or probe that has a number or a word which its tags do not
// allow, as `range:"[0,1]"` and `choices:"first,last"`, in the structs within it too; a
// range on one of those holds for all numbers in it. What a user sets is checked before,
// with the parameters.
func CheckRanges(v any) error { return checkRanges(reflect.ValueOf(v), "", "", "") }

func checkRanges(v reflect.Value, name, within, choices string) error {
	refused := false
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return checkRanges(v.Elem(), name, within, choices)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if err := checkRanges(v.Field(i), f.Name, cmp.Or(f.Tag.Get("range"), within), f.Tag.Get("choices")); err != nil {
				return err
			}
		}
	case reflect.String:
		refused = choices != "" && !slices.Contains(strings.Split(choices, ","), v.String())
	case reflect.Int:
		refused = within != "" && !parseInterval(within).holds(float64(v.Int()))
	case reflect.Float64:
		refused = within != "" && !parseInterval(within).holds(v.Float())
	}
	if refused {
		return fmt.Errorf("%s is %v, must be of %s", name, v, cmp.Or(choices, within))
	}
	return nil
}

// interval is a range of numbers; a list whose range ends in " each once" may
// not repeat an element.
type interval struct {
	low, high         float64
	openLow, openHigh bool
	distinct          bool
}

// parseInterval reads a tag. It panics on one that does not read, which is a fault of
// the type.
func parseInterval(text string) interval {
	if text == "" {
		return interval{low: math.Inf(-1), high: math.Inf(1)}
	}
	bounds, distinct := strings.CutSuffix(text, " each once")
	low, high, ok := strings.Cut(bounds, ",")
	if !ok || len(low) < 2 || len(high) < 2 {
		panic(fmt.Sprintf("protocols: %q is no interval", text))
	}
	r := interval{openLow: low[0] == '(', openHigh: high[len(high)-1] == ')', distinct: distinct}
	var err1, err2 error
	r.low, err1 = strconv.ParseFloat(low[1:], 64)
	r.high, err2 = strconv.ParseFloat(strings.TrimSpace(high[:len(high)-1]), 64)
	if err := errors.Join(err1, err2); err != nil {
		panic(fmt.Sprintf("protocols: interval %q: %v", text, err))
	}
	return r
}

// holds reports whether x is a finite number within r.
func (r interval) holds(x float64) bool {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return false
	case x < r.low || r.openLow && x == r.low:
		return false
	case x > r.high || r.openHigh && x == r.high:
		return false
	}
	return true
}
