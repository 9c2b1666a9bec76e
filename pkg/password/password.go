// Package password hashes officers' passwords with argon2id (OWASP: 19 MiB, 2 passes, 1 lane) in PHC form, and refuses
// those that would be guessed. At most two hashes run at once: each takes its 19 MiB, and a morning's sign-ins must not
// take the service's memory.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/tanggap/tanggap/pkg/fault"
)

const (
	memory  = 19 * 1024 // KiB
	passes  = 2
	lanes   = 1
	keySize = 32
)

// Hash gives the PHC string of a new password; password.length when it is too short or too long. Whether it would be
// guessed is for Check. It fails with session.busy when there is no turn in time.
func Hash(ctx context.Context, secret string) (string, error) {
	if n := utf8.RuneCountInString(secret); n < Least || n > Most {
		return "", fault.New(fault.Invalid, "password.length", "least", fmt.Sprint(Least), "most", fmt.Sprint(Most)).
			At("password")
	}
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails: crypto/rand aborts the program instead
	key, err := derive(ctx, Known, secret, salt)
	if err != nil {
		return "", err
	}
	return phc(salt, key), nil
}

func phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(
		"$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version,
		memory,
		passes,
		lanes,
		b64.EncodeToString(salt),
		b64.EncodeToString(key),
	)
}

// Verify compares a password with a PHC string. For the empty string, which stands for an account that is not there, it
// does the same work and says no. An error says that it was not compared: session.busy, when there is no turn in time.
func Verify(ctx context.Context, in Line, hash, secret string) (bool, error) {
	parts := strings.Split(hash, "$")
	known := len(parts) == 6
	salt, want := make([]byte, 16), make([]byte, keySize)
	if known {
		var err1, err2 error
		salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
		want, err2 = base64.RawStdEncoding.DecodeString(parts[5])
		known = err1 == nil && err2 == nil && phc(salt, want) == hash
	}
	got, err := derive(ctx, in, secret, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && known, err
}

func derive(ctx context.Context, in Line, secret string, salt []byte) ([]byte, error) {
	if err := turns.enter(ctx, in); err != nil {
		return nil, err
	}
	defer turns.leave()
	return argon2.IDKey([]byte(secret), salt, passes, memory, lanes, keySize), nil
}

// Generate makes a password of 20 letters and digits that are not mistaken for each other: about 99 bits.
func Generate() string {
	const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
	out := make([]byte, 0, 24)
	var b [1]byte
	for len(out) < 23 {
		if len(out)%6 == 5 {
			out = append(out, '-')
			continue
		}
		_, _ = rand.Read(b[:])
		if int(b[0]) < 256/len(alphabet)*len(alphabet) {
			out = append(out, alphabet[int(b[0])%len(alphabet)])
		}
	}
	return string(out)
}
