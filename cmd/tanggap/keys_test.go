package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A database that was made with a keyset gets no other one by itself, though it holds no data yet; on purpose it does.
func TestALostKeysetIsNotReplacedByItself(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	keys := filepath.Join(t.TempDir(), "keys.json")
	env := []string{"TANGGAP_DATABASE_URL=" + db.AppDSN, "TANGGAP_OWNER_DATABASE_URL=" + db.AdminDSN,
		"TANGGAP_KEYS=" + keys}
	if out, errs, code := ending(t, env, "migrate"); code != 0 {
		t.Fatalf("the first keyset: %d %s%s", code, out, errs)
	}
	if err := os.Remove(keys); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate"}, {"serve", "--listen=127.0.0.1:0"}} {
		out, errs, code := ending(t, env, args...)
		if code == 0 || !strings.Contains(out+errs, "the database was made with one") {
			t.Errorf("%v: %d %s%s", args, code, out, errs)
		}
		if _, err := os.Stat(keys); !os.IsNotExist(err) {
			t.Fatalf("%v made a keyset", args)
		}
	}
	if out, errs, code := ending(t, env, "keys", "adopt", "--new", "--reason", "hilang"); code != 0 {
		t.Errorf("on purpose: %d %s%s", code, out, errs)
	}
	if out, errs, code := ending(t, env, "migrate"); code != 0 {
		t.Errorf("with the new one: %d %s%s", code, out, errs)
	}
}
