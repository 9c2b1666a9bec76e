package casestore_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/store/casestore"
)

// However a name is spelt, it is looked for under one key.
func TestTheKeyOfAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Siti Aminah": "siti aminah", "  Siti   AMINAH ": "siti aminah", "-Siti-Aminah-": "siti aminah",
		"Budi Ñata": "budi nata",
		"O'Neil’s":  "oneils", "dr. Siti, S.H.": "dr siti s h", "R2": "r2", "...": "", "": "",
	} {
		if got := casestore.NameKey(name); got != want {
			t.Errorf("%q is looked for as %q, want %q", name, got, want)
		}
	}
}
