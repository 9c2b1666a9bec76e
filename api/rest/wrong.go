package rest

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// A body is held to its schema, to the rule of texts, and to checks of the domain, one after the other. What the later
// ones would refuse is told with what the first one refuses, so that nobody corrects a form field by field.

// wrong is what is wrong with the body of a call, apart from its schema.
func (c *call) wrong() []fault.FieldError {
	if c.faults == nil || len(c.text) == 0 {
		return nil
	}
	return c.faults(c.text)
}

// faultsOf makes the search for what is wrong with the body of an input. What of a body cannot be read keeps nothing
// else from being looked at.
func faultsOf[I any](checks []func(*I) []fault.FieldError) func(text []byte) []fault.FieldError {
	return func(text []byte) []fault.FieldError {
		in := new(I)
		body := reflect.ValueOf(in).Elem().FieldByName("Body")
		if !body.IsValid() || !body.CanAddr() {
			return nil
		}
		wrong := readInto(body, text, "")
		return append(append(wrong, wrongTexts(in)...), checked(in, checks)...)
	}
}

func checked[I any](in *I, checks []func(*I) []fault.FieldError) (wrong []fault.FieldError) {
	for _, check := range checks {
		wrong = append(wrong, check(in)...)
	}
	return wrong
}

// readInto reads a value, and finds the parts of it that their types do not take. The decoder stops at the first, and
// does not say where it is.
func readInto(v reflect.Value, text []byte, path string) []fault.FieldError {
	if held, is := v.Interface().(sentText); is { // of a correction
		inner := reflect.ValueOf(held.sentValue())
		if inner.IsValid() && string(text) != "null" {
			if wrong := readInto(reflect.New(inner.Type()).Elem(), text, path); len(wrong) > 0 {
				return wrong
			}
		}
		return leaf(v, text, path)
	}
	_, reader := v.Addr().Interface().(json.Unmarshaler)
	_, ofText := v.Addr().Interface().(encoding.TextUnmarshaler)
	switch {
	case reader || ofText || string(text) == "null":
		return leaf(v, text, path)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return readInto(v.Elem(), text, path)
	case v.Kind() == reflect.Struct:
		return readFields(v, text, path)
	case v.Kind() == reflect.Slice:
		return readItems(v, text, path)
	case v.Kind() == reflect.Map:
		return readMap(v, text, path)
	}
	return leaf(v, text, path)
}

func leaf(v reflect.Value, text []byte, path string) []fault.FieldError {
	err := json.Unmarshal(text, v.Addr().Interface())
	if err == nil {
		return nil
	}
	code, args := validationCode(err.Error())
	return []fault.FieldError{{Field: path, Code: code, Args: args}}
}

// readFields reads the fields of an object that are there.
func readFields(v reflect.Value, text []byte, path string) (wrong []fault.FieldError) {
	var values map[string]json.RawMessage
	if json.Unmarshal(text, &values) != nil {
		return leaf(v, text, path)
	}
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		value, sent := values[name]
		if field, err := v.FieldByIndexErr(f.Index); err == nil && sent && f.IsExported() {
			wrong = append(wrong, readInto(field, value, joined(path, name))...)
		}
	}
	return wrong
}

func readItems(v reflect.Value, text []byte, path string) (wrong []fault.FieldError) {
	var items []json.RawMessage
	if json.Unmarshal(text, &items) != nil {
		return leaf(v, text, path)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		wrong = append(wrong, readInto(v.Index(i), item, path+"["+strconv.Itoa(i)+"]")...)
	}
	return wrong
}

func readMap(v reflect.Value, text []byte, path string) (wrong []fault.FieldError) {
	var values map[string]json.RawMessage
	if json.Unmarshal(text, &values) != nil {
		return leaf(v, text, path)
	}
	v.Set(reflect.MakeMap(v.Type()))
	for name, text := range values {
		value := reflect.New(v.Type().Elem()).Elem()
		wrong = append(wrong, readInto(value, text, joined(path, name))...)
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), value)
	}
	slices.SortFunc(wrong, func(a, b fault.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return wrong
}
