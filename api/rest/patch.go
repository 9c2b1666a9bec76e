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
