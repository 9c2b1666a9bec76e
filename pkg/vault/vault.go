// Package vault keeps personal data unreadable at rest. Every worker has a data key of their own; it is stored only
// wrapped by the keyset, which lives outside the database. Destroying the wrapped key erases what it sealed. NIKs are found
// by a keyed hash.
package vault

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/tanggap/tanggap/pkg/identity"
)

// Vault holds the keys. It prints as nothing but its type.
type Vault struct {
	keys *keys
}

type keys struct {
	wrap tink.AEAD
	root []byte
	nik  []byte
}

// file is the keyset on disk. Wrap is a Tink keyset, so that keys can be rotated; Root derives every other key.
type file struct {
	Wrap json.RawMessage `json:"wrap"`
	Root []byte          `json:"root"`
}

const keySize = 32

// Create makes a new keyset at path, readable by its owner only; it never overwrites one.
func Create(path string) (*Vault, error) {
	text, err := generate()
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create keyset: %w", err)
	}
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, fmt.Errorf("write keyset: %w", err)
	}
	return parse(text)
}

// Open reads the keyset at path and refuses one that others may read.
func Open(path string) (*Vault, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open keyset: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("keyset %s may be read by others: chmod 600 it", path)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("read keyset: %w", err)
	}
	return parse(text)
}

// OpenOrCreate opens the keyset at path, and makes it when it is not there.
func OpenOrCreate(path string) (*Vault, error) {
	v, err := Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Create(path)
	}
	return v, err
}

// Generate makes a vault that is kept nowhere.
func Generate() (*Vault, error) {
	text, err := generate()
	if err != nil {
		return nil, err
	}
	return parse(text)
}

func generate() ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make keyset: %w", err)
	}
	var wrap bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&wrap)); err != nil {
		return nil, fmt.Errorf("write keyset: %w", err)
	}
	root := make([]byte, keySize)
	_, _ = rand.Read(root) // never fails: crypto/rand aborts the program instead
	text, err := json.Marshal(file{Wrap: wrap.Bytes(), Root: root})
	if err != nil {
		return nil, fmt.Errorf("encode keyset: %w", err)
	}
	return text, nil
}

func parse(text []byte) (*Vault, error) {
	var f file
	if err := json.Unmarshal(text, &f); err != nil || len(f.Root) != keySize {
		return nil, errors.New("keyset is not one of Tanggap's")
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Wrap)))
	if err != nil {
		return nil, errors.New("keyset holds no wrapping keys")
	}
	wrap, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use keyset: %w", err)
	}
	v := &Vault{&keys{wrap: wrap, root: f.Root}}
	v.keys.nik = v.Derive("nik hash v1")
	return v, nil
}

// Derive gives the 32-byte key for a purpose, the same for every process with this keyset.
func (v *Vault) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, v.keys.root, nil, "tanggap "+purpose, keySize)
	if err != nil {
		panic(err) // only for impossible lengths
	}
	return key
}

// NIKHash is the 16-byte keyed hash by which a NIK is found. The key is its only protection: there are few NIKs.
func (v *Vault) NIKHash(nik identity.NIK) []byte {
	mac := hmac.New(sha256.New, v.keys.nik)
	mac.Write([]byte(nik.Reveal()))
	return mac.Sum(nil)[:16]
}

// DataKey seals and opens what belongs to one worker.
type DataKey struct {
	aead *subtle.AESGCM
}

// NewDataKey makes a data key and its wrapped form, which opens only for the same owner.
func (v *Vault) NewDataKey(owner string) (DataKey, []byte, error) {
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw)
	wrapped, err := v.keys.wrap.Encrypt(raw, []byte(owner))
	if err != nil {
		return DataKey{}, nil, fmt.Errorf("wrap data key: %w", err)
	}
	key, err := dataKey(raw)
	return key, wrapped, err
}

// Unwrap opens a wrapped data key of an owner.
func (v *Vault) Unwrap(wrapped []byte, owner string) (DataKey, error) {
	raw, err := v.keys.wrap.Decrypt(wrapped, []byte(owner))
	if err != nil {
		return DataKey{}, errors.New("data key does not open with this keyset")
	}
	return dataKey(raw)
}

func dataKey(raw []byte) (DataKey, error) {
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return DataKey{}, fmt.Errorf("use data key: %w", err)
	}
	return DataKey{a}, nil
}

// Seal encrypts; binding names where the result will stand, and it opens nowhere else.
func (k DataKey) Seal(plain []byte, binding string) []byte {
	sealed, err := k.aead.Encrypt(plain, []byte(binding))
	if err != nil {
		panic(err) // only for texts beyond 64 GiB
	}
	return sealed
}

// Open decrypts what Seal made for the same binding.
func (k DataKey) Open(sealed []byte, binding string) ([]byte, error) {
	plain, err := k.aead.Decrypt(sealed, []byte(binding))
	if err != nil {
		return nil, errors.New("sealed data does not open here")
	}
	return plain, nil
}
