package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

var examined = regexp.MustCompile(`(?m)^(ok|FAILED|warning|not tried) +(\S+(?: \S+)*)`)

// states reads what doctor said of each thing.
func states(out string) map[string]string {
	found := map[string]string{}
	for _, m := range examined.FindAllStringSubmatch(out, -1) {
		found[m[2]] = m[1]
	}
	return found
}

func TestDoctorSaysWhatItTried(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	folder := t.TempDir()
	keys := "TANGGAP_KEYS=" + filepath.Join(folder, "keys.json")
	good := []string{"TANGGAP_DATABASE_URL=" + db.AppDSN, "TANGGAP_OWNER_DATABASE_URL=" + db.AdminDSN, keys}
	out, _, code := ending(t, good, "doctor")
	if got := states(out); code == 0 || got["keys"] != "FAILED" || got["schema"] != "ok" || got["opening"] != "not tried" {
		t.Errorf("without a keyset: %d %s", code, out)
	}
	if _, err := os.Stat(filepath.Join(folder, "keys.json")); !os.IsNotExist(err) {
		t.Error("doctor made a keyset")
	}
	ending(t, good, "migrate") // makes it
	out, _, code = ending(t, good, "doctor")
	got := states(out)
	if code != 0 || got["durability"] != "warning" || got["checkpoints"] != "not tried" || got["owner"] != "ok" {
		t.Errorf("in order: %d %s", code, out)
	}
	for _, f := range store.Checks() {
		if got[f.Check] != "ok" && f.Check != "durability" {
			t.Errorf("%s: %q", f.Check, got[f.Check])
		}
	}
	bad := []string{"TANGGAP_DATABASE_URL=postgres://tanggap_app:geheim@127.0.0.1:1/x", keys}
	out, errs, code := ending(t, bad, "doctor")
	got = states(out)
	if code == 0 || got["database"] != "FAILED" || strings.Contains(out+errs, "geheim") ||
		!strings.Contains(errs, "checks failed") {
		t.Errorf("unreachable: %d %s%s", code, out, errs)
	}
	for _, f := range store.Checks() {
		if got[f.Check] != "not tried" {
			t.Errorf("%s without a database: %q", f.Check, got[f.Check])
		}
	}
}
