package translog

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/tanggap/tanggap/pkg/audit"
)

// Key signs checkpoints (Ed25519). Its public half is how everybody else verifies them.
type Key struct {
	signer   note.Signer
	verifier note.Verifier
	public   string
}

// NewKey makes the key of a log from 32 secret bytes. The name has neither spaces nor '+'.
func NewKey(name string, seed []byte) (*Key, error) {
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("a signing key needs %d bytes", ed25519.SeedSize)
	}
	public, ok := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("key is not Ed25519")
	}
	verifierKey, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return nil, fmt.Errorf("name the log %q: %w", name, err)
	}
	hash := strings.Split(verifierKey, "+")[1]
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" +
		base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)))
	if err != nil {
		return nil, fmt.Errorf("use signing key of %q", name) // the cause could quote the key
	}
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return nil, fmt.Errorf("use verifying key of %q: %w", name, err)
	}
	return &Key{signer, verifier, verifierKey}, nil
}

// Public is the verifying key as text: name, hash and key, joined by '+'.
func (k *Key) Public() string { return k.public }

// Verifier verifies what the key signed.
func (k *Key) Verifier() note.Verifier { return k.verifier }

// Sign signs text, which ends with a newline.
func (k *Key) Sign(text string) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return signed, nil
}

// Checkpoint signs a checkpoint in the name of the key.
func (k *Key) Checkpoint(c audit.Checkpoint) ([]byte, error) {
	c.Origin = k.verifier.Name()
	return k.Sign(c.Text())
}
