// Package vault keeps personal data unreadable at rest. Every worker has a data key of their own; it is stored only
// wrapped by the keyset, which lives outside the database. Destroying the wrapped key erases what it sealed. NIKs are
// found by a keyed hash.
//
// The wrapping keys can be changed, for Tink keeps old ones beside a new one. The root, from which all others are
// derived, cannot: with another root no NIK would be found, no cursor would hold, and no checkpoint would verify.
// Backups of the keyset belong apart from those of the data: either alone is worth nothing, and erasure must reach
// both.
package vault

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/tanggap/tanggap/pkg/identity"
)

// NIKHashVersion numbers the key of NIKHash. It belongs beside stored hashes, so that a later key can be told from
// this.
const NIKHashVersion = 1

const (
	keySize  = 32
	hashSize = 16
)

// Vault holds the keys. It is safe for concurrent use and prints as a mask.
type Vault struct {
	hidden hidden[keys]
}

type keys struct {
	wrap    tink.AEAD
	primary uint32 // id of the wrapping key in use
	root    []byte
	nik     Key
	phone   Key
	kpj     Key
	email   Key
	account Key
}

func newVault(k *keys) *Vault {
	v := &Vault{hide(k)}
	k.nik = v.Derive(fmt.Sprintf("nik hash v%d", NIKHashVersion))
	k.phone, k.kpj = v.Derive("phone hash v1"), v.Derive("kpj hash v1")
	k.email, k.account = v.Derive("email hash v1"), v.Derive("bank account hash v1")
	return v
}

// Derive gives the 32-byte key for a purpose, the same for every process with this keyset.
func (v *Vault) Derive(purpose string) Key {
	key, err := hkdf.Key(sha256.New, v.hidden.reveal().root, nil, "tanggap "+purpose, keySize)
	if err != nil {
		panic(err) // only for impossible lengths
	}
	return key
}

// Fingerprint tells this keyset from another one, and stays when wrapping keys are changed. It gives nothing of the
// keys away.
func (v *Vault) Fingerprint() [32]byte { return sha256.Sum256(v.Derive("fingerprint v1")) }

// WrappingKey is the id of the wrapping key in use. It changes when keys are rotated.
func (v *Vault) WrappingKey() uint32 { return v.hidden.reveal().primary }

// NIKHash is the 16-byte keyed hash by which a NIK is found. The key is its only protection: there are few NIKs. No NIK
// has no hash: all workers without one would be the same worker.
func (v *Vault) NIKHash(nik identity.NIK) []byte {
	return keyedHash(v.hidden.reveal().nik, nik.Reveal())
}

// PhoneHash is the 16-byte keyed hash by which the same phone number is found; nil for none.
func (v *Vault) PhoneHash(p identity.Phone) []byte {
	return keyedHash(v.hidden.reveal().phone, p.Reveal())
}

// KPJHash is the 16-byte keyed hash by which the same number at BPJS Ketenagakerjaan is found; nil for none.
func (v *Vault) KPJHash(k identity.KPJ) []byte { return keyedHash(v.hidden.reveal().kpj, k.Reveal()) }

// EmailHash is the 16-byte keyed hash by which the same e-mail address is found; nil for none.
func (v *Vault) EmailHash(e identity.Email) []byte {
	return keyedHash(v.hidden.reveal().email, e.Reveal())
}

// AccountHash is the 16-byte keyed hash by which the same bank account is found; nil for none.
func (v *Vault) AccountHash(a identity.BankAccount) []byte {
	return keyedHash(v.hidden.reveal().account, a.Reveal())
}

func keyedHash(key Key, text string) []byte {
	if text == "" {
		return nil
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)[:hashSize]
}

// Rewrap gives a data key of one owner, as it is wrapped, to another one as well.
func (v *Vault) Rewrap(wrapped []byte, from, to string) ([]byte, error) {
	raw, err := v.hidden.reveal().wrap.Decrypt(wrapped, []byte(from))
	if err != nil {
		return nil, errors.New("data key does not open with this keyset")
	}
	again, err := v.hidden.reveal().wrap.Encrypt(raw, []byte(to))
	if err != nil {
		return nil, fmt.Errorf("wrap data key: %w", err)
	}
	return again, nil
}

// NewDataKey makes a data key and its wrapped form, which opens only for the same owner.
func (v *Vault) NewDataKey(owner string) (DataKey, []byte, error) {
	raw := make([]byte, keySize)
	_, _ = rand.Read(raw) // never fails: crypto/rand aborts the program instead
	wrapped, err := v.hidden.reveal().wrap.Encrypt(raw, []byte(owner))
	if err != nil {
		return DataKey{}, nil, fmt.Errorf("wrap data key: %w", err)
	}
	key, err := dataKey(raw)
	return key, wrapped, err
}

// Unwrap opens a wrapped data key of an owner.
func (v *Vault) Unwrap(wrapped []byte, owner string) (DataKey, error) {
	raw, err := v.hidden.reveal().wrap.Decrypt(wrapped, []byte(owner))
	if err != nil {
		return DataKey{}, errors.New("data key does not open with this keyset")
	}
	return dataKey(raw)
}
