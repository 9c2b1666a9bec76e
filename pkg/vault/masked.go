package vault

import (
	"fmt"
	"io"
	"log/slog"
)

const mask = "(key)"

// hidden keeps what fmt must not reach. Methods do not help in unexported fields of other structs, which fmt prints
// without asking, nor does one pointer: for a verb that does not fit, such as %s, fmt follows it. It does not follow
// two.
type hidden[T any] struct{ at **T }

func hide[T any](v *T) hidden[T] { return hidden[T]{&v} }

// reveal gives what was hidden; nil when nothing was.
func (h hidden[T]) reveal() *T {
	if h.at == nil {
		return nil
	}
	return *h.at
}

// Key is a derived key. It is the bytes for whoever computes with it, and a mask for whoever prints it.
type Key []byte

// String is the mask.
func (Key) String() string { return mask }

// Format prints the mask for every verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue is the mask.
func (Key) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText is the mask: JSON never shows the key.
func (Key) MarshalText() ([]byte, error) { return []byte(mask), nil }

// String is the mask.
func (Vault) String() string { return mask }

// Format prints the mask for every verb.
func (Vault) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue is the mask.
func (Vault) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText is the mask.
func (Vault) MarshalText() ([]byte, error) { return []byte(mask), nil }

// String is the mask.
func (DataKey) String() string { return mask }

// Format prints the mask for every verb.
func (DataKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// LogValue is the mask.
func (DataKey) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText is the mask.
func (DataKey) MarshalText() ([]byte, error) { return []byte(mask), nil }
