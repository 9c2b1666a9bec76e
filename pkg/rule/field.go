package rule

import (
	"reflect"
	"slices"
	"strings"
)

// required: a plain field has to stand in the file.
func required(f reflect.StructField) bool {
	tag := f.Tag.Get("yaml")
	return tag != "" && !strings.Contains(tag, "inline") && !strings.Contains(tag, "omitempty")
}

// optional: a pointer and an omitempty map or list may be absent when the file says so.
func optional(f reflect.StructField) bool {
	switch f.Type.Kind() {
	case reflect.Pointer:
		return true
	case reflect.Map, reflect.Slice:
		return strings.Contains(f.Tag.Get("yaml"), "omitempty")
	default:
		return false
	}
}

func yamlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

// without is the list of absent keys of one part of a file, and which of them were asked for.
type without struct{ left []string }

func newWithout(part reflect.Value) *without {
	if o, ok := part.Addr().Interface().(interface{ lacks() []string }); ok {
		return &without{slices.Clone(o.lacks())}
	}
	return &without{}
}

// names reports whether the list names the key, once.
func (w *without) names(key string) bool {
	i := slices.Index(w.left, key)
	if i < 0 {
		return false
	}
	w.left = slices.Delete(w.left, i, i+1)
	return true
}

// unused returns the names that nobody asked for: misspelt or repeated ones.
func (w *without) unused() []string { return w.left }

// namesOf returns the keys of a map or the names of rows, and all values of their closed list; nil when there is none.
// Rows are named by the field whose key in the file is each.
func namesOf(v reflect.Value, each string) (names, values []string) {
	switch {
	case v.Kind() == reflect.Map:
		for _, k := range sortedKeys(v) {
			names = append(names, k.String())
		}
		return names, valuesOf(v.Type().Key())
	case v.Kind() == reflect.Slice && each != "":
		row := v.Type().Elem()
		for i := range row.NumField() {
			if yamlName(row.Field(i)) != each {
				continue
			}
			for n := range v.Len() {
				names = append(names, v.Index(n).Field(i).String())
			}
			return names, valuesOf(row.Field(i).Type)
		}
	}
	return nil, nil
}

// valuesOf returns what the type's method Values returns: all values of a closed list of texts.
func valuesOf(t reflect.Type) []string {
	method := reflect.Zero(t).MethodByName("Values")
	if !method.IsValid() {
		return nil
	}
	list := method.Call(nil)[0]
	values := make([]string, list.Len())
	for i := range values {
		values[i] = list.Index(i).String()
	}
	return values
}

// sortedKeys keeps the order of the problems the same from run to run.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
