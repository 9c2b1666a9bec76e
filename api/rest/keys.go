package rest

import (
	"reflect"
	"slices"
	"strings"
)

// keysIn names the keys of the object of an input's body that holds the key at a path, such as worker.nam.
func keysIn[I any](path string) []string {
	body, has := reflect.TypeFor[I]().FieldByName("Body")
	if !has {
		return nil
	}
	steps := strings.Split(path, ".")
	at := body.Type
	for _, step := range steps[:len(steps)-1] {
		name, _, _ := strings.Cut(step, "[")
		f, known := fieldOf(plain(at), name)
		if !known {
			return nil
		}
		at = f.Type
	}
	return keysOf(plain(at))
}

// plain is a type without what stands around it: pointers, lists, and the patches of a correction.
func plain(t reflect.Type) reflect.Type {
	for {
		switch {
		case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
			t = t.Elem()
		case t.Implements(reflect.TypeFor[sentText]()) && t.Kind() == reflect.Struct:
			held, _ := reflect.Zero(t).Interface().(sentText) // it implements it
			inner := reflect.TypeOf(held.sentValue())
			if inner == nil {
				return t
			}
			t = inner
		default:
			return t
		}
	}
}

func fieldOf(t reflect.Type, name string) (reflect.StructField, bool) {
	if t == nil || t.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	for _, f := range reflect.VisibleFields(t) {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key == name && f.IsExported() {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func keysOf(t reflect.Type) (keys []string) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(t) {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.IsExported() && key != "" && key != "-" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
