package rest

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/ids"
)

// Param is a query parameter that narrows an answer: it is there or it is not, whatever its value. A value can never be
// taken for "none", because only Get tells whether there is one.
type Param[T any] struct {
	value T
	set   bool
}

// Get is the value, or nil when the parameter was left out.
func (p Param[T]) Get() *T {
	if !p.set {
		return nil
	}
	return &p.value
}

// Receiver implements huma.ParamWrapper.
func (p *Param[T]) Receiver() reflect.Value { return reflect.ValueOf(&p.value).Elem() }

// OnParamSet implements huma.ParamReactor.
func (p *Param[T]) OnParamSet(set bool, _ any) { p.set = set }

// Schema implements huma.SchemaProvider: that of the value.
func (p Param[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

// ID is an id in a query or a body. The contract holds it to its one spelling, so that a handler never meets another.
type ID string

// Schema implements huma.SchemaProvider.
func (ID) Schema(huma.Registry) *huma.Schema { return IDSchema("") }

// UUID is the id; of the empty one, in an optional field of a body, none.
func (id ID) UUID() uuid.UUID {
	parsed, _ := ids.Parse(string(id))
	return parsed
}

// IDSchema describes an id, or one of the words that may stand for it.
func IDSchema(words string) *huma.Schema {
	pattern, kind := ids.Pattern, "uuid"
	if words != "" {
		pattern, kind = words+"|"+pattern, "uuid or "+words
	}
	return &huma.Schema{Type: huma.TypeString, Pattern: "^(" + pattern + ")$", PatternDescription: kind}
}

// position is what a page is asked for by, apart from what is on it.
var position = []string{"limit", "cursor"}

// mustTellAbsence panics on a query parameter that would be the same when it is left out and when it is zero.
func mustTellAbsence(r Route, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("query")
		switch {
		case f.Anonymous && f.IsExported():
			mustTellAbsence(r, f.Type)
		case name == "" && !f.Anonymous, slices.Contains(position, name), f.Tag.Get("required") == "true",
			f.Tag.Get("default") != "", f.Type.Kind() == reflect.Bool,
			reflect.PointerTo(f.Type).Implements(reflect.TypeFor[huma.ParamWrapper]()):
		default:
			panic(fmt.Sprintf("route %s %s: %s is not read, or cannot tell that it was left out", r.Method, r.Path, f.Name))
		}
	}
}

// checkQuery refuses parameters without a value: whoever names a filter means it. An empty cursor is the beginning.
func checkQuery(query url.Values) error {
	var wrong []fault.FieldError
	for name, values := range query {
		for _, value := range values {
			if value == "" && name != "cursor" {
				wrong = append(wrong, fault.FieldError{Field: name, Code: "input.empty"})
			}
			if code := lineFault(value); code != "" {
				wrong = append(wrong, fault.FieldError{Field: name, Code: code})
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return invalid(wrong)
}

// chosen is what chooses the rows of a list: its path and its whole query but the place in it. Whatever filter is ever
// added is in it.
func chosen(u url.URL) string {
	query := u.Query()
	for _, name := range position {
		query.Del(name)
	}
	return u.Path + "?" + query.Encode()
}
