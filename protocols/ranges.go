package protocols

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
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
