package storetest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	recipeFile = regexp.MustCompile("`((?:api|cmd|pkg|policies|configs)/[\\w./-]+\\.(?:go|yaml|csv|md|sql|txt))`")
	recipeName = regexp.MustCompile("`(\\w+)`[^`]{0,20}\\(`([\\w./-]+\\.go)`\\)")
)

// A recipe that names a file or a function that is elsewhere by now costs whoever follows it more than none. X stands
// for the new one's name.
func TestTheRecipesNameWhatIsThere(t *testing.T) {
	t.Parallel()
	const root = "../../.."
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	OK(t, err)
	files, names := recipeFile.FindAllStringSubmatch(string(text), -1), recipeName.FindAllStringSubmatch(string(text), -1)
	if len(files) < 20 || len(names) < 3 {
		t.Fatalf("%d files and %d names are found", len(files), len(names))
	}
	for _, m := range files {
		if strings.Contains(m[1], "X") || strings.Contains(m[1], "NNNNN") {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Errorf("CONTRIBUTING.md names %s: %v", m[1], err)
		}
	}
	for _, m := range names {
		name, file := m[1], m[2]
		if !strings.Contains(file, "/") {
			continue // beside the one before it
		}
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil || !regexp.MustCompile(`(?m)\b`+name+`\b`).Match(text) {
			t.Errorf("CONTRIBUTING.md looks for %s in %s", name, file)
		}
	}
}
