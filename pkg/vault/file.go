package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// file is the keyset on disk. Wrap is a Tink keyset, so that keys can be rotated; Root derives every other key.
type file struct {
	Wrap json.RawMessage `json:"wrap"`
	Root []byte          `json:"root"`
}

// maxFile bounds what is read: a keyset with a hundred wrapping keys is far smaller.
const maxFile = 1 << 20

// Create makes a new keyset at path, readable by its owner only. It never overwrites one, and what stands at path is
// always a whole keyset, whoever else creates it at the same time.
func Create(path string) (*Vault, error) {
	text, err := generate()
	if err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".keyset-*") // with mode 0600
	if err != nil {
		return nil, fmt.Errorf("create keyset: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	if err := writeWhole(temp, text); err != nil {
		return nil, err
	}
	if err := os.Link(temp.Name(), path); err != nil { // unlike a rename, it fails when there is a file
		return nil, fmt.Errorf("create keyset: %w", err)
	}
	if err := syncFolder(path); err != nil {
		return nil, err
	}
	return parse(text)
}

// Open reads the keyset at path and refuses one that others may read or change.
func Open(path string) (*Vault, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	return parse(text)
}

// OpenOrCreate opens the keyset at path, and makes it when it is not there. It is for a database without data only: of
// what was sealed before, nothing opens with a new keyset.
func OpenOrCreate(path string) (*Vault, error) {
	v, err := Open(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return v, err
	}
	if v, err = Create(path); errors.Is(err, fs.ErrExist) {
		return Open(path) // another process was faster
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

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open keyset: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("open keyset: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("keyset %s is not a file", path)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("keyset %s may be read by others: chmod 600 it", path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, fmt.Errorf("read keyset: %w", err)
	}
	return text, nil
}

func generate() ([]byte, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("make keyset: %w", err)
	}
	root := make([]byte, keySize)
	_, _ = rand.Read(root)
	return encode(handle, root)
}

func encode(handle *keyset.Handle, root []byte) ([]byte, error) {
	var wrap bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&wrap)); err != nil {
		return nil, fmt.Errorf("encode keyset: %w", err)
	}
	text, err := json.Marshal(file{Wrap: wrap.Bytes(), Root: root})
	if err != nil {
		return nil, fmt.Errorf("encode keyset: %w", err)
	}
	return text, nil
}

// decode says nothing of what it read: a message could carry a piece of a key.
func decode(text []byte) (*keyset.Handle, []byte, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil || d.More() || len(f.Root) != keySize ||
		bytes.Equal(f.Root, make([]byte, keySize)) {
		return nil, nil, errors.New("keyset is not one of Tanggap's")
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Wrap)))
	if err != nil {
		return nil, nil, errors.New("keyset holds no wrapping keys")
	}
	return handle, f.Root, nil
}

func parse(text []byte) (*Vault, error) {
	handle, root, err := decode(text)
	if err != nil {
		return nil, err
	}
	wrap, err := aead.New(handle)
	if err != nil {
		return nil, errors.New("keyset holds wrapping keys of another kind")
	}
	primary, err := handle.Primary()
	if err != nil {
		return nil, errors.New("keyset has no primary wrapping key")
	}
	return newVault(&keys{wrap: wrap, primary: primary.KeyID(), root: root}), nil
}

func writeWhole(f *os.File, text []byte) error {
	_, err := f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("write keyset: %w", err)
	}
	return nil
}

// syncFolder makes the name of a file as durable as its content.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("keep keyset: %w", err)
	}
	defer func() { _ = folder.Close() }()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("keep keyset: %w", err)
	}
	return nil
}
