package console

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"
)

// sealer seals what a page carries through a browser that must not be able to read it: a search, or a form that waits
// for its sender to sign in. Without a key it holds until the program ends.
func sealer(key []byte) cipher.AEAD {
	if len(key) == 0 {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails
	}
	block, err := aes.NewCipher(key[:32])
	if err != nil {
		panic(err) // the key has the wrong length
	}
	sealed, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return sealed
}

// carried is what is sealed, and until when it holds.
type carried struct {
	Until time.Time
	What  json.RawMessage
}

func (v *visit) close(purpose string, lasts time.Duration, what any) string {
	text, err := json.Marshal(what)
	if err != nil {
		return ""
	}
	text, _ = json.Marshal(carried{v.Edge.Clock.Now().Add(lasts), text})
	sealed := v.seal.Seal(nil, nil, text, []byte(purpose)) //nolint:gosec // the cipher makes its own random nonce
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// open tells whether it is what close made for the same purpose, and still holds.
func (v *visit) open(purpose, token string, into any) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return false
	}
	text, err := v.seal.Open(nil, nil, raw, []byte(purpose))
	var c carried
	return err == nil && json.Unmarshal(text, &c) == nil && v.Edge.Clock.Now().Before(c.Until) &&
		json.Unmarshal(c.What, into) == nil
}

// newKey is what makes a form that is sent twice one change.
func newKey() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}
