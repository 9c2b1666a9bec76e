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
	for given, want := range map[string]bool{secret: true, secret + "x": false, "": false,
		strings.ToUpper(secret): false} {
		for _, in := range []password.Line{password.Known, password.Stranger} {
			if ok, err := password.Verify(t.Context(), in, hash, given); ok != want || err != nil {
				t.Errorf("%d characters: got %t, %v, want %t", len(given), ok, err, want)
			}
		}
	}
}

// Hashes of no account, and damaged ones, fit no password; least of all the empty one.
func TestHashesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, hash := range []string{"", "x", "$argon2id$v=19$m=19456,t=2,p=1$$",
		"$argon2id$v=19$m=1,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$2a$10$abc$d$e"} {
		for _, secret := range []string{"", "x", hash} {
			if ok, _ := password.Verify(t.Context(), password.Stranger, hash, secret); ok {
				t.Errorf("%q fits %q", hash, secret)
			}
		}
	}
}

func TestLengths(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{"elevenchars": "password.length",
		strings.Repeat("x", 257): "password.length", "twelve chars": "", strings.Repeat("é", 256): ""} {
		if _, err := password.Hash(t.Context(), secret); fault.CodeOf(err) != want {
			t.Errorf("%d bytes: got %v", len(secret), err)
		}
	}
}

func TestWaitingForATurnEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := password.Hash(ctx, "twelve chars"); fault.CodeOf(err) != "session.busy" {
		t.Errorf("a request that was over before got a turn: %v", err)
	}
	if ok, err := password.Verify(ctx, password.Known, "", "x"); ok || fault.CodeOf(err) != "session.busy" {
		t.Errorf("what was not compared is answered: %t, %v", ok, err)
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
