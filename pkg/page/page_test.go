package page_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
)

func TestCursorsOpenOnlyForWhatTheyWereMadeFor(t *testing.T) {
	t.Parallel()
	s := page.NewSigner(bytes.Repeat([]byte{7}, 32))
	rapid.Check(t, func(t *rapid.T) {
		binding, other := rapid.String().Draw(t, "binding"), rapid.String().Draw(t, "other")
		position := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "position")
		token := s.Seal(binding, position)
		got, err := s.Open(binding, token)
		if err != nil || !bytes.Equal(got, position) {
			t.Fatalf("got %v, %v", got, err)
		}
		if _, err := s.Open(other, token); (err == nil) != (binding == other) {
			t.Fatalf("bound to %q, opened for %q: %v", binding, other, err)
		}
		changed := []byte(token)
		at := rapid.IntRange(0, len(changed)-1).Draw(t, "at")
		changed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if _, err := s.Open(binding, string(changed)); fault.CodeOf(err) != "page.cursor_invalid" {
			t.Fatalf("a changed cursor: %v", err)
		}
		if _, err := page.NewSigner(bytes.Repeat([]byte{8}, 32)).Open(binding, token); err == nil {
			t.Fatal("another key opened it")
		}
	})
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: page.DefaultSize, 1: 1, 200: 200} {
		if got, err := page.Size(n); err != nil || got != want {
			t.Errorf("%d: got %d, %v", n, got, err)
		}
	}
	for _, n := range []int{-1, 201} {
		if _, err := page.Size(n); fault.CodeOf(err) != "page.size_invalid" {
			t.Errorf("%d: %v", n, err)
		}
	}
}

func FuzzCursorOpen(f *testing.F) {
	s := page.NewSigner(make([]byte, 32))
	f.Add("b", s.Seal("b", []byte("position")))
	f.Add("b", "")
	f.Fuzz(func(t *testing.T, binding, token string) {
		if position, err := s.Open(binding, token); err == nil && s.Seal(binding, position) != token {
			t.Fatalf("%q opens but was not sealed", token)
		}
	})
}
