// Package codelist is what the closed lists of the program share. A closed list is one string type of its domain
// package, and its Values are the only place where its codes stand: the contract of the API, the help of the command
// line, the check of the database and the labels are made from them, or compared with them by a test.
package codelist

import (
	"reflect"
	"slices"
	"strings"
)

// Code is a value of a closed list.
type Code[T any] interface {
	~string
	Values() []T // all of the list, in the order in which people read them
}

// Step is a state that other states lead to.
type Step[T any] interface {
	Code[T]
	Targets() []T // the states that some state leads to
}

// Has tells whether v is one of its list.
func Has[T Code[T]](v T) bool { return slices.Contains(v.Values(), v) }

// Targets lists the states that some state leads to in a lifecycle, in the order of their list.
func Targets[T Code[T]](steps map[T][]T) []T {
	var reached, out []T
	for _, next := range steps {
		reached = append(reached, next...)
	}
	for _, v := range T("").Values() {
		if slices.Contains(reached, v) {
			out = append(out, v)
		}
	}
	return out
}

// Texts are values as plain strings.
func Texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Join names values in a sentence.
func Join[T ~string](values []T) string { return strings.Join(Texts(values), ", ") }

// Of are the values of a type; none when it is no closed list.
func Of(t reflect.Type) []string { return given(t, "Values") }

// given are the values that a method of a type answers; none when the type has no such method.
func given(t reflect.Type, name string) []string {
	if t.Kind() != reflect.String {
		return nil
	}
	method := reflect.Zero(t).MethodByName(name)
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 ||
		method.Type().Out(0) != reflect.SliceOf(t) {
		return nil
	}
	values := method.Call(nil)[0]
	out := make([]string, values.Len())
	for i := range out {
		out[i] = values.Index(i).String()
	}
	return out
}
