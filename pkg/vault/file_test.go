package vault_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tanggap/tanggap/pkg/vault"
)

// kept is a new keyset file.
func kept(t testing.TB) (path string, v *vault.Vault) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keys.json")
	v, err := vault.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, v
}

func TestKeysetIsKeptAndGuarded(t *testing.T) {
	t.Parallel()
	path, made := kept(t)
	again, err := vault.OpenOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	nik := parsed(t, "3273015708910003")
	if !bytes.Equal(made.NIKHash(nik), again.NIKHash(nik)) || !bytes.Equal(made.Derive("a"), again.Derive("a")) {
		t.Fatal("the keyset read back is another one")
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Create(path); err == nil {
		t.Error("a keyset was created over another")
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the keyset was overwritten: %v", err)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Errorf("%d files are left, %v: keys lie about", len(names), err)
	}
}

func TestKeysetsForOtherEyesAreRefused(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("got mode %v, %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666, 0o777} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: got %v", mode, err)
		}
	}
	for _, mode := range []os.FileMode{0o600, 0o400} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(path); err != nil {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if _, err := vault.Open(filepath.Dir(path)); err == nil {
		t.Error("a folder was opened")
	}
}

// Processes that start at the same time end up with one keyset, and none of them with half a file.
func TestManyCreateOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	var group sync.WaitGroup
	keys := make([]vault.Key, 8)
	for i := range keys {
		group.Go(func() {
			v, err := vault.OpenOrCreate(path)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = v.Derive("x")
		})
	}
	group.Wait()
	for _, key := range keys {
		if !bytes.Equal(key, keys[0]) {
			t.Fatal("two keysets were made")
		}
	}
}

func TestDamagedKeysetsAreRefused(t *testing.T) {
	t.Parallel()
	path, _ := kept(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := string(text)
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		t.Fatal(err)
	}
	zero := `"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="`
	for name, damaged := range map[string]string{
		"empty": "", "nothing in it": "{}", "cut off": whole[:len(whole)-1], "something after": whole + "{}", "null": "null",
		"a field too many":     strings.Replace(whole, `{"wrap"`, `{"more":1,"wrap"`, 1),
		"no wrapping key":      `{"wrap":{"key":[]},"root":` + string(parts["root"]) + `}`,
		"no keyset":            `{"wrap":{},"root":` + string(parts["root"]) + `}`,
		"a root of zeros":      strings.Replace(whole, string(parts["root"]), zero, 1),
		"a short root":         strings.Replace(whole, string(parts["root"]), `"AAAA"`, 1),
		"no root":              `{"wrap":` + string(parts["wrap"]) + `}`,
		"a key that is none":   strings.Replace(whole, "AesGcmKey", "HmacKey", 1),
		"no primary key":       strings.Replace(whole, `"primaryKeyId":`, `"primaryKeyId":1`, 1),
		"a key without access": strings.Replace(whole, "ENABLED", "DISABLED", 1),
	} {
		path := filepath.Join(t.TempDir(), "keys.json")
		if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if damaged == whole {
			t.Fatalf("%s: nothing was damaged", name)
		}
		if _, err := vault.OpenOrCreate(path); err == nil {
			t.Errorf("%s was taken for a keyset", name)
		} else if strings.Contains(err.Error(), strings.Trim(string(parts["root"]), `"`)) {
			t.Errorf("%s: the refusal shows the key", name)
		}
	}
}
