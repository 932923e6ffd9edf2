package protocols

import (
	"reflect"
	"slices"
)

// Part is the part T of a chapter, such as its Clinic: the chapter itself, or a
// group that it embeds, however deep. It is nil where the chapter has none.
func Part[T any](p Protocol) *T {
	var find func(reflect.Value) *T
	find = func(v reflect.Value) *T {
		v = reflect.Indirect(v)
		if v.Kind() != reflect.Struct || !v.CanAddr() {
			return nil
		}
		if part, ok := v.Addr().Interface().(*T); ok {
			return part
		}
		for i := range v.NumField() {
			if !v.Type().Field(i).Anonymous {
				continue
			}
			if part := find(v.Field(i)); part != nil {
				return part
			}
		}
		return nil
	}
	return find(reflect.ValueOf(p))
}

// AllArms are the arms in the heads of a chapter's tables, each once.
func AllArms(p Protocol) []Heading {
	var list []Heading
	for _, l := range p.Tables() {
		for _, a := range l.Arms {
			if !slices.ContainsFunc(list, func(b Heading) bool { return a.Name == b.Name }) {
				list = append(list, a)
			}
		}
	}
	return list
}

// ArmsNamed are arms of a chapter, in the order of the names; what it does not
// have is left out.
func ArmsNamed(p Protocol, names ...string) []Heading {
	all := AllArms(p)
	var list []Heading
	for _, name := range names {
		if i := slices.IndexFunc(all, func(a Heading) bool { return a.Name == name }); i >= 0 {
			list = append(list, all[i])
		}
	}
	return list
}

// ArmsWith are the arms of the first table of a chapter that has a metric; none
// where no table has it.
func ArmsWith(p Protocol, metric string) []Heading {
	for _, l := range p.Tables() {
		if slices.ContainsFunc(l.Metrics, func(m Heading) bool { return m.Name == metric }) {
			return l.Arms
		}
	}
	return nil
}
