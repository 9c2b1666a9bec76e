package api_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Ids of requests are read in one place: the library takes five spellings of one, and the zero id.
func TestIDsAreReadInOnePlace(t *testing.T) {
	t.Parallel()
	var files []string
	for _, folder := range []string{"v1", "rest", "../pkg/casework", "../pkg/layoff"} {
		found, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(found), err)
		}
		files = append(files, found...)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if strings.Contains(string(text), "uuid.Parse(") || strings.Contains(string(text), "uuid.MustParse(") {
			t.Errorf("%s reads an id by itself", name)
		}
	}
}
