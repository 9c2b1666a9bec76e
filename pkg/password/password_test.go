package password_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/password"
)

func TestOnlyTheRightPasswordFits(t *testing.T) {
	t.Parallel()
	secret := password.Generate()
	hash, err := password.Hash(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(hash, secret) {
		t.Fatalf("got %s", hash)
	}
	again, err := password.Hash(t.Context(), secret)
	if err != nil || again == hash {
		t.Fatal("two hashes of one password are the same")
	}
	for given, want := range map[string]bool{secret: true, secret + "x": false, "": false, strings.ToUpper(secret): false} {
		if password.Verify(t.Context(), hash, given) != want {
			t.Errorf("%d characters: want %t", len(given), want)
		}
	}
}

// Hashes of no account, and damaged ones, fit no password; least of all the empty one.
func TestHashesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, hash := range []string{"", "x", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2id$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$2a$10$abc$d$e"} {
		for _, secret := range []string{"", "x", hash} {
			if password.Verify(t.Context(), hash, secret) {
				t.Errorf("%q fits %q", hash, secret)
			}
		}
	}
}

func TestLengths(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{"elevenchars": "password.length", strings.Repeat("x", 129): "password.length", "twelve chars": "", strings.Repeat("é", 128): ""} {
		if _, err := password.Hash(t.Context(), secret); fault.CodeOf(err) != want {
			t.Errorf("%d bytes: got %v", len(secret), err)
		}
	}
}

func TestWaitingForATurnEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	refused := 0
	for range 20 {
		if _, err := password.Hash(ctx, "twelve chars"); fault.CodeOf(err) == "session.busy" {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no request gave up, though all were over")
	}
}

func TestGeneratedPasswordsDiffer(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for range 1000 {
		secret := password.Generate()
		if len(secret) != 23 || seen[secret] {
			t.Fatalf("got %q", secret)
		}
		seen[secret] = true
	}
}
