package vault_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/vault"
)

func generate(t testing.TB) *vault.Vault {
	t.Helper()
	v, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSealedOpensOnlyWhereItStands(t *testing.T) {
	t.Parallel()
	v, other := generate(t), generate(t)
	key, wrapped, err := v.NewDataKey("worker-1")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed := key.Seal(plain, "here")
		if got, err := key.Open(sealed, "here"); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %v", err)
		}
		if _, err := key.Open(sealed, "there"); err == nil {
			t.Fatal("it opened elsewhere")
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if _, err := key.Open(sealed, "here"); err == nil {
			t.Fatal("it opened after a change")
		}
	})
	again, err := v.Unwrap(wrapped, "worker-1")
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open(key.Seal([]byte("x"), "b"), "b"); err != nil || string(plain) != "x" {
		t.Fatal("the unwrapped key is another one")
	}
	if _, err := v.Unwrap(wrapped, "worker-2"); err == nil {
		t.Fatal("another worker's key was unwrapped")
	}
	if _, err := other.Unwrap(wrapped, "worker-1"); err == nil {
		t.Fatal("another keyset unwrapped it")
	}
}

func TestKeysetIsKeptAndGuarded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	made, err := vault.OpenOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := vault.OpenOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	nik, err := identity.ParseNIK("3273015708910003")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made.NIKHash(nik), again.NIKHash(nik)) || !bytes.Equal(made.Derive("a"), again.Derive("a")) {
		t.Fatal("the keyset read back is another one")
	}
	if bytes.Equal(made.Derive("a"), made.Derive("b")) || bytes.Equal(made.NIKHash(nik), generate(t).NIKHash(nik)) {
		t.Fatal("different keys are the same")
	}
	if _, err := vault.Create(path); err == nil {
		t.Fatal("a keyset was overwritten")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Fatalf("a keyset that others may read was opened: %v", err)
	}
}

func TestDamagedKeysetsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}", `{"wrap":{},"root":"AAAA"}`, `{"wrap":{"key":[]},"root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`} {
		path := filepath.Join(t.TempDir(), "keys.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(path); err == nil {
			t.Errorf("%q was taken for a keyset", text)
		}
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	t.Parallel()
	v := generate(t)
	root := v.Derive("x")
	text := fmt.Sprintf("%v %v %q", v, *v, fmt.Sprint(v))
	if strings.Contains(text, fmt.Sprintf("%x", root)) {
		t.Fatal("a key was printed")
	}
}

func BenchmarkSealOneWorker(b *testing.B) {
	v := generate(b)
	plain := bytes.Repeat([]byte("x"), 300)
	for b.Loop() {
		key, _, err := v.NewDataKey("0190a7b0-0000-7000-8000-000000000000")
		if err != nil {
			b.Fatal(err)
		}
		key.Seal(plain, "case_worker.sealed|0190a7b0-0000-7000-8000-000000000000")
	}
}
