package page_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
)

// A cursor has one spelling: another one would slip past whatever remembers cursors by their text.
func TestCursorsHaveOneSpelling(t *testing.T) {
	t.Parallel()
	s := page.NewSigner(bytes.Repeat([]byte{7}, 32))
	token := s.Seal("binding", []byte("position"))
	for what, other := range map[string]string{
		"nothing": "", "a line end after it": token + "\n", "a line end before it": "\n" + token,
		"a line end in it": token[:5] + "\r\n" + token[5:], "padding": token + "=", "a space": token + " ",
		"less": token[:len(token)-1], "more": token + "A", "twice": token + token,
		"the tag alone": token[:22], "less than a tag": token[:8], "other letters": strings.ToUpper(token),
	} {
		if got, err := s.Open("binding", other); fault.CodeOf(err) != "page.cursor_invalid" ||
			fault.KindOf(err) != fault.Malformed {
			t.Errorf("%s: got %q, %v", what, got, err)
		}
	}
}

// Every bit of every byte is under the tag.
func TestNoBitCanBeFlipped(t *testing.T) {
	t.Parallel()
	s := page.NewSigner(bytes.Repeat([]byte{7}, 32))
	token := s.Seal("binding", []byte("0197-2025"))
	for at := range len(token) {
		for bit := range 8 {
			changed := []byte(token)
			changed[at] ^= 1 << bit
			if _, err := s.Open("binding", string(changed)); err == nil {
				t.Fatalf("byte %d, bit %d", at, bit)
			}
		}
	}
}

// The border between binding and position belongs to neither.
func TestBindingAndPositionDoNotRunTogether(t *testing.T) {
	t.Parallel()
	s := page.NewSigner(bytes.Repeat([]byte{7}, 32))
	whole := "officer|cases|region=32|0197"
	tags := map[string]int{}
	for at := range len(whole) + 1 {
		token := s.Seal(whole[:at], []byte(whole[at:]))
		if before, twice := tags[token[:21]]; twice {
			t.Fatalf("cut at %d and at %d they have one tag", before, at)
		}
		tags[token[:21]] = at
	}
}

// The signer keeps its own copy: a key that is wiped after use must not change it.
func TestTheKeyIsCopied(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{7}, 32)
	s := page.NewSigner(key)
	token := s.Seal("binding", nil)
	clear(key)
	if got, err := s.Open("binding", token); err != nil || len(got) != 0 {
		t.Fatalf("got %v, %v", got, err)
	}
}
