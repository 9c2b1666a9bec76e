// Package identity holds the values that name or expose a worker: NIK, phone, e-mail, KPJ, address, wage. They print
// masked on every route; only Reveal gives the value, and every call of it is a place to look at.
//
// The value lies behind a pointer: fmt prints the unexported fields of other structs without asking their methods, and
// would print the value itself otherwise.
package identity

import (
	"fmt"
	"io"
	"log/slog"
)

const mask = "****"

// incomparable makes == on a value a compile error: it would compare pointers, and call two copies of one NIK
// different.
type incomparable [0]func()

// Secret is any text about a worker that must not be printed: an address, a note.
type Secret struct {
	_ incomparable
	v *string
}

// NewSecret wraps a text; the empty text is the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{v: &text}
}

// Reveal gives the text.
func (s Secret) Reveal() string {
	if s.v == nil {
		return ""
	}
	return *s.v
}

// IsZero tells whether there is no text.
func (s Secret) IsZero() bool { return s.v == nil }

// Equal compares the texts.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String is the mask, or empty when there is no text.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return mask
}

// Format prints the mask for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is the mask: JSON never shows the value.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
