package vault

import (
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// DataKey seals and opens what belongs to one worker (AES-256-GCM). The zero DataKey opens nothing, and seals nothing:
// it panics, because text that was not sealed must not be stored. It prints as a mask.
type DataKey struct {
	aead hidden[subtle.AESGCM]
}

func dataKey(raw []byte) (DataKey, error) {
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return DataKey{}, fmt.Errorf("use data key: %w", err)
	}
	return DataKey{hide(a)}, nil
}

// Seal encrypts; binding names where the result will stand, and it opens nowhere else. It is 28 bytes longer than
// plain.
func (k DataKey) Seal(plain []byte, binding string) []byte {
	a := k.aead.reveal()
	if a == nil {
		panic("seal without a data key")
	}
	sealed, err := a.Encrypt(plain, []byte(binding))
	if err != nil {
		panic(err) // only for texts beyond 64 GiB
	}
	return sealed
}

// Open decrypts what Seal made for the same binding.
func (k DataKey) Open(sealed []byte, binding string) ([]byte, error) {
	a := k.aead.reveal()
	if a == nil {
		return nil, errors.New("no data key")
	}
	plain, err := a.Decrypt(sealed, []byte(binding))
	if err != nil {
		return nil, errors.New("sealed data does not open here")
	}
	return plain, nil
}
