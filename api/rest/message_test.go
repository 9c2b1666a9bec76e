package rest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/wording"
)

// code is what a fault's code looks like: "resource.what_is_wrong".
var code = regexp.MustCompile(`^[a-z]+(\.[a-z_0-9]+)+$`)

// used finds every code that the program can answer with: the literal second argument of fault.New, the codes given to
// the edge's own helpers, and the constraint faults of the store.
func used(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	makers := map[string]int{"New": 1, "NewProblem": 2, "refuse": 1, "malformed": 0, "invalid": 0, "tooLarge": 0}
	for _, root := range []string{"../../pkg", ".."} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if at, known := makers[name]; known && at < len(call.Args) {
					if text, ok := call.Args[at].(*ast.BasicLit); ok && text.Kind == token.STRING {
						if value, err := strconv.Unquote(text.Value); err == nil && code.MatchString(value) {
							found[value] = set.Position(call.Pos()).String()
						}
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func TestEveryCodeHasATextInBothLanguages(t *testing.T) {
	t.Parallel()
	codes := used(t)
	if len(codes) < 100 {
		t.Fatalf("only %d codes were found: the search is broken", len(codes))
	}
	for c, at := range codes {
		if _, known := wording.Text("id", c); !known {
			t.Errorf("no text for %s (%s)", c, at)
		}
	}
}
