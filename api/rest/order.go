package rest

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Body is the schema of what an operation takes, nil for one that takes nothing; kind is its media type.
func (e *API) Body(r Route) (s *huma.Schema, kind string) {
	op := OperationOf(e.API.OpenAPI().Paths[r.Path], r.Method)
	if op == nil || op.RequestBody == nil {
		return nil, ""
	}
	for kind, media := range op.RequestBody.Content {
		return e.Resolve(media.Schema), kind
	}
	return nil, ""
}

// Answer is the schema of what an operation answers when it went well.
func (e *API) Answer(r Route) *huma.Schema {
	op := OperationOf(e.API.OpenAPI().Paths[r.Path], r.Method)
	if op == nil {
		return nil
	}
	for _, status := range []string{"200", "201", "202"} {
		if answer := op.Responses[status]; answer != nil && answer.Content["application/json"] != nil {
			return e.Resolve(answer.Content["application/json"].Schema)
		}
	}
	return nil
}

// Resolve follows a reference to the schema that it names.
func (e *API) Resolve(s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return e.API.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// Place is where a field of an operation's body stands among the others, in the order in which its type declares them.
func (e *API) Place(id, field string) int { return slices.Index(e.order[id], field) }

// orderOf lists the names of the fields of a body as its types declare them, those of a part behind the part.
func orderOf(in reflect.Type) []string {
	var names []string
	if body, has := in.FieldByName("Body"); has {
		fieldsIn(body.Type, &names)
	} else if form, has := in.FieldByName("RawBody"); has {
		fieldsIn(form.Type, &names)
	}
	return names
}

func fieldsIn(t reflect.Type, names *[]string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() == "time" {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name, _, _ = strings.Cut(f.Tag.Get("form"), ",")
		}
		if name != "" && name != "-" && !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
		if f.IsExported() {
			fieldsIn(f.Type, names)
		}
	}
}
