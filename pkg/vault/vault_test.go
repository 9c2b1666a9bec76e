package vault_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
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

func TestNIKsAreFoundByAKeyedHash(t *testing.T) {
	t.Parallel()
	v := generate(t)
	nik, other := parsed(t, "3273015708910003"), parsed(t, "3273015708910004")
	hash := v.NIKHash(nik)
	if len(hash) != 16 || !bytes.Equal(hash, v.NIKHash(nik)) {
		t.Fatalf("got %d bytes", len(hash))
	}
	if bytes.Equal(hash, v.NIKHash(other)) || bytes.Equal(hash, generate(t).NIKHash(nik)) {
		t.Error("two NIKs, or two keysets, have the same hash")
	}
	mac := hmac.New(sha256.New, v.Derive("nik hash v1"))
	mac.Write([]byte("3273015708910003"))
	if !bytes.Equal(hash, mac.Sum(nil)[:16]) || vault.NIKHashVersion != 1 {
		t.Error("another hash than that of version 1: what is stored would not be found")
	}
	if got := v.NIKHash(identity.NIK{}); got != nil {
		t.Errorf("no NIK has the hash %x", got)
	}
}

func parsed(t testing.TB, text string) identity.NIK {
	t.Helper()
	nik, err := identity.ParseNIK(text)
	if err != nil {
		t.Fatal(err)
	}
	return nik
}

func TestPurposesHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	v := generate(t)
	seen := make(map[string]bool)
	for _, purpose := range []string{"", "a", "b", "cursor v1", "cursor v2", "checkpoint v1"} {
		key := v.Derive(purpose)
		if len(key) != 32 || seen[string(key)] || !bytes.Equal(key, v.Derive(purpose)) {
			t.Errorf("%q: got %d bytes", purpose, len(key))
		}
		seen[string(key)] = true
	}
}

// Whoever destroys the wrapped key erases: neither the keyset nor another worker's key opens what it sealed.
func TestWithoutItsKeyNothingOpens(t *testing.T) {
	t.Parallel()
	v := generate(t)
	key, _, err := v.NewDataKey("worker-1")
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := v.NewDataKey("worker-1")
	if err != nil {
		t.Fatal(err)
	}
	sealed := key.Seal([]byte("catatan"), "here")
	if len(sealed) != len("catatan")+28 {
		t.Errorf("got %d bytes", len(sealed))
	}
	for name, k := range map[string]vault.DataKey{"another key of the same worker": other, "no key": {}} {
		if _, err := k.Open(sealed, "here"); err == nil {
			t.Errorf("%s opened it", name)
		}
	}
	for name, wrapped := range map[string][]byte{"erased": nil, "empty": {}, "not a key": sealed} {
		if _, err := v.Unwrap(wrapped, "worker-1"); err == nil {
			t.Errorf("%s was unwrapped", name)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("text was sealed without a key")
		}
	}()
	vault.DataKey{}.Seal([]byte("x"), "here")
}

// What one row of an employer's list costs.
func BenchmarkRowOfAnIntake(b *testing.B) {
	v, nik := generate(b), parsed(b, "3273015708910003")
	plain := bytes.Repeat([]byte("x"), 300)
	const owner = "0190a7b0-0000-7000-8000-000000000000"
	b.Run("new key and seal", func(b *testing.B) {
		for b.Loop() {
			key, _, err := v.NewDataKey(owner)
			if err != nil {
				b.Fatal(err)
			}
			key.Seal(plain, "case_worker.sealed|"+owner)
		}
	})
	b.Run("unwrap", func(b *testing.B) {
		_, wrapped, err := v.NewDataKey(owner)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := v.Unwrap(wrapped, owner); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("nik hash", func(b *testing.B) {
		for b.Loop() {
			v.NIKHash(nik)
		}
	})
}
