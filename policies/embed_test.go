package policies_test

import (
	"encoding/csv"
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/policies"
)

// What the program reads at start must be in the program.
func TestEveryFolderIsEmbedded(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"access/model.conf", "access/policy.csv", "access/matrix.golden.csv",
		"reference/regions.csv", "reference/regions_superseded.csv", "reference/holidays.csv",
		"reference/phk_by_province.csv", "reference/kbli_sections.csv", "reference/kbli2025_sections.csv",
		"reference/kbji_major.csv", "programmes/jkp", "programmes/prakerja", "programmes/severance", "programmes/termination",
	} {
		if _, err := fs.Stat(policies.FS, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The files are also read by people and by spreadsheet programs: one form for all, and no line that says nothing.
func TestReferenceFilesAreCleanCSV(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(policies.FS, "reference/*.csv")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v", names, err)
	}
	for _, name := range names {
		text, err := policies.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\r") || strings.HasPrefix(string(text), "\ufeff") ||
			!strings.HasSuffix(string(text), "\n") {
			t.Errorf("%s: a carriage return, a byte order mark, or no end to the last line", name)
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
}

// Editors and systems leave files behind; embedding takes whole folders.
func TestNothingStrangeIsEmbedded(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(policies.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch path.Ext(name) {
		case ".csv", ".yaml", ".conf", ".md":
		default:
			t.Errorf("%s does not belong here", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
