package rest

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
)

// registry describes the types of the API as the framework's own does, and a closed list of the domain by its values: a
// field has the type of the list, and its codes are in the contract, in the check of each request and in its refusal.
// The framework's registry cannot be asked for this: it describes the fields of a struct without whoever wraps it.
type registry struct {
	schemas map[string]*huma.Schema
	types   map[string]reflect.Type
}

const schemaPrefix = "#/components/schemas/"

func newRegistry() *registry {
	return &registry{schemas: map[string]*huma.Schema{}, types: map[string]reflect.Type{}}
}

// Schema implements huma.Registry.
func (r *registry) Schema(t reflect.Type, allowRef bool, hint string) *huma.Schema {
	plain := t
	for plain.Kind() == reflect.Pointer {
		plain = plain.Elem()
	}
	if values := codelist.Of(plain); values != nil {
		s := listed(plain, values)
		s.Nullable = t != plain
		return s
	}
	if plain == reflect.TypeFor[calendar.Date]() {
		s := &huma.Schema{Type: huma.TypeString, Format: "date", Nullable: t != plain}
		s.PrecomputeMessages()
		return s
	}
	if !named(plain) {
		return huma.SchemaFromType(r, t)
	}
	name := huma.DefaultSchemaNamer(plain, hint)
	if of, known := r.types[name]; !known {
		r.types[name], r.schemas[name] = plain, &huma.Schema{} // before its fields, one of which may be of its type
		r.schemas[name] = huma.SchemaFromType(r, t)
	} else if of != plain {
		panic("two types are called " + name + ": " + of.String() + " and " + plain.String())
	}
	if allowRef {
		return &huma.Schema{Ref: schemaPrefix + name}
	}
	return r.schemas[name]
}

// named tells whether a type has a place of its own among the schemas: a struct that is not written as a text.
func named(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return false
	}
	pointer := reflect.PointerTo(t)
	return !pointer.Implements(reflect.TypeFor[huma.SchemaProvider]()) &&
		!pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// SchemaFromRef implements huma.Registry.
func (r *registry) SchemaFromRef(ref string) *huma.Schema {
	name, _ := strings.CutPrefix(ref, schemaPrefix)
	return r.schemas[name]
}

// TypeFromRef implements huma.Registry.
func (r *registry) TypeFromRef(ref string) reflect.Type {
	name, _ := strings.CutPrefix(ref, schemaPrefix)
	return r.types[name]
}

// Map implements huma.Registry.
func (r *registry) Map() map[string]*huma.Schema { return r.schemas }

// RegisterTypeAlias implements huma.Registry. The edge has no types that pass for others.
func (r *registry) RegisterTypeAlias(t, _ reflect.Type) { panic("an alias for " + t.String()) }

// MarshalJSON writes the schemas as the description of the API has them.
func (r *registry) MarshalJSON() ([]byte, error) { return json.Marshal(r.schemas) }

// Codes describes a text that is one of these.
func Codes(values []string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Enum: make([]any, len(values))}
	for i, v := range values {
		s.Enum[i] = v
	}
	s.PrecomputeMessages()
	return s
}

// listed describes a value of a closed list, and says of which.
func listed(list reflect.Type, values []string) *huma.Schema {
	s := Codes(values)
	s.Extensions = map[string]any{ListKey: codelist.NameOf(list)}
	return s
}

// Target is a state that a step leads to: one of the states that some state leads to, whatever the present one.
type Target[T codelist.Step[T]] string

// Schema implements huma.SchemaProvider.
func (Target[T]) Schema(huma.Registry) *huma.Schema {
	return listed(reflect.TypeFor[T](), codelist.Texts(T("").Targets()))
}

// Stored is a value of a list that has others which are never kept.
type Stored[T interface {
	~string
	Stored() []T
}] string

// Schema implements huma.SchemaProvider.
func (Stored[T]) Schema(huma.Registry) *huma.Schema {
	return listed(reflect.TypeFor[T](), codelist.Texts(T("").Stored()))
}
