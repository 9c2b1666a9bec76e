// Package page makes keyset cursors: opaque to the client, authenticated, and good only for the caller, the list and
// the filter that they were made for.
package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// The sizes of pages.
const (
	DefaultSize = 50
	MaxSize     = 200
)

const tagSize = 16

// Signer seals and opens cursors with one key.
type Signer struct{ key []byte }

// NewSigner makes a signer; the key must be at least 32 random bytes.
func NewSigner(key []byte) *Signer { return &Signer{append([]byte(nil), key...)} }

// Seal makes a cursor for a position. Binding names caller, route and filter.
func (s *Signer) Seal(binding string, position []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(s.tag(binding, position), position...))
}

// Open gives the position back; page.cursor_invalid for everything that Seal did not make for the same binding.
func (s *Signer) Open(binding, token string) ([]byte, error) {
	// The decoder overlooks line ends: without the check a cursor would have many spellings.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || strings.ContainsAny(token, "\r\n") || len(raw) < tagSize ||
		!hmac.Equal(raw[:tagSize], s.tag(binding, raw[tagSize:])) {
		return nil, fault.New(fault.Malformed, "page.cursor_invalid").At("cursor")
	}
	return raw[tagSize:], nil
}

func (s *Signer) tag(binding string, position []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(binding)))
	mac.Write(length[:])
	mac.Write([]byte(binding))
	mac.Write(position)
	return mac.Sum(nil)[:tagSize]
}

// Size gives the page size for a request: the default for zero; page.size_invalid outside 1 to MaxSize.
func Size(n int) (int, error) {
	switch {
	case n == 0:
		return DefaultSize, nil
	case n < 0 || n > MaxSize:
		return 0, fault.New(fault.Malformed, "page.size_invalid", "most", strconv.Itoa(MaxSize)).At("limit")
	}
	return n, nil
}
