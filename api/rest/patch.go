package rest

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Patch is a field of a correction: left out, the fact stays; null takes it away; a value replaces it.
type Patch[T any] struct {
	value T
	sent  bool
}

// Sent tells whether the fact is to be changed.
func (p Patch[T]) Sent() bool { return p.sent }

// Value is the new value; zero takes the old one away.
func (p Patch[T]) Value() T { return p.value }

// To is a field with a value, for who makes a request.
func To[T any](value T) Patch[T] { return Patch[T]{value, true} }

// UnmarshalJSON implements json.Unmarshaler: it is called for null, too, and not for what is left out.
func (p *Patch[T]) UnmarshalJSON(text []byte) error {
	*p = Patch[T]{sent: true}
	return json.Unmarshal(text, &p.value)
}

// Schema implements huma.SchemaProvider: that of the value, or null.
func (p Patch[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), false, "")
	s.Nullable = true
	return &s
}

// sentText is a field of a correction as the check of texts sees it.
type sentText interface{ sentValue() any }

func (p Patch[T]) sentValue() any { return p.value }

// Merge is a merge patch (RFC 7396) of a struct: each of its fields is left out, null or a value, as with Patch.
type Merge[T any] struct {
	value T
	sent  map[string]json.RawMessage
}

// Sent tells whether a field, by its name in JSON, is to be changed.
func (m Merge[T]) Sent(field string) bool {
	_, sent := m.sent[field]
	return sent
}

// Value has the new values; a field that is zero takes the old one away.
func (m Merge[T]) Value() T { return m.value }

// UnmarshalJSON implements json.Unmarshaler.
func (m *Merge[T]) UnmarshalJSON(text []byte) error {
	*m = Merge[T]{}
	if err := json.Unmarshal(text, &m.sent); err != nil {
		return err
	}
	return json.Unmarshal(text, &m.value)
}

// Schema implements huma.SchemaProvider: that of the struct, with no field required and each of them nullable.
func (m Merge[T]) Schema(r huma.Registry) *huma.Schema {
	s := *r.Schema(reflect.TypeFor[T](), false, "")
	s.Required = nil
	properties := make(map[string]*huma.Schema, len(s.Properties))
	for name, property := range s.Properties {
		of := *property
		of.Nullable = true
		properties[name] = &of
	}
	s.Properties = properties
	s.PrecomputeMessages()
	return &s
}

func (m Merge[T]) sentValue() any { return m.value }
