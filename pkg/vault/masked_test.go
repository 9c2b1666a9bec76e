package vault_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/vault"
)

// holder is how other packages keep keys: in unexported fields, which fmt prints without asking their methods.
type holder struct {
	v     *vault.Vault
	value vault.Vault
	key   vault.DataKey
	Open  vault.DataKey
	Named vault.Key
}

func TestKeysPrintMaskedOnEveryRoute(t *testing.T) {
	t.Parallel()
	path, v := kept(t)
	data, _, err := v.NewDataKey("worker-1")
	if err != nil {
		t.Fatal(err)
	}
	derived := v.Derive("cursor v1")
	h := holder{v, *v, data, data, derived}
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	text := slog.New(slog.NewTextHandler(&out, nil))
	for _, value := range []any{v, *v, data, &data, derived, &derived, h, &h, []any{v, data},
		map[string]any{"k": derived}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
		fmt.Fprintln(&out, value, fmt.Errorf("wrapped: %v", value))
		log.Info("keys", "value", value)
		text.Info("keys", "value", value)
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(encoded)
	}
	for name, key := range secrets(t, path, derived) {
		for _, form := range forms(key) {
			if strings.Contains(out.String(), form) {
				t.Errorf("%s was printed", name)
			}
		}
	}
	if !strings.Contains(out.String(), "(key)") {
		t.Error("nothing was printed at all: the test looks at nothing")
	}
}

// secrets are the bytes that must not show, read from the file where they stand.
func secrets(t *testing.T, path string, derived []byte) map[string][]byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Wrap struct {
			Key []struct {
				KeyData struct {
					Value []byte `json:"value"`
				} `json:"keyData"`
			} `json:"key"`
		} `json:"wrap"`
		Root []byte `json:"root"`
	}
	if err := json.Unmarshal(content, &f); err != nil || len(f.Wrap.Key) != 1 || len(f.Wrap.Key[0].KeyData.Value) < 32 ||
		len(f.Root) != 32 {
		t.Fatal("the keyset has another form")
	}
	wrap := f.Wrap.Key[0].KeyData.Value
	return map[string][]byte{"the root": f.Root, "the wrapping key": wrap[len(wrap)-32:], "a derived key": derived}
}

// forms are the ways in which bytes are printed; eight bytes of a key are enough to find it.
func forms(key []byte) []string {
	part := key[:8]
	decimal := strings.Trim(fmt.Sprintf("%d", part), "[]")
	return []string{string(part), hex.EncodeToString(part), strings.ToUpper(hex.EncodeToString(part)), decimal,
		strings.ReplaceAll(decimal, " ", ", "), strings.ReplaceAll(decimal, " ", ","),
		base64.StdEncoding.EncodeToString(key[:9])}
}
