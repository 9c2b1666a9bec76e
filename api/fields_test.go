package api_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// sent are the paths of all that a request may hold, as a fault names them: parameters, headers, and every value of
// every body, from each of the objects on the way to it.
func sent(t *testing.T) map[string]bool {
	t.Helper()
	var c contract
	if err := json.Unmarshal(fetch(t, "/openapi.json"), &c); err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	var walk func(s schema, above []string)
	walk = func(s schema, above []string) {
		if s.Ref != "" {
			s = c.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
		}
		for name, p := range s.Properties {
			way := append(append([]string{}, above...), name)
			for i := range way {
				paths[strings.Join(way[i:], ".")] = true
			}
			if len(way) < 8 {
				walk(p, way)
			}
		}
		if s.Items != nil && len(above) > 0 {
			way := append([]string{}, above...)
			way[len(way)-1] += "[%d]"
			for i := range way {
				paths[strings.Join(way[i:], ".")] = true
			}
			walk(*s.Items, way)
		}
	}
	for _, item := range c.Paths {
		for _, op := range item {
			for _, p := range op.Parameters {
				paths[p.Name] = true
			}
			for _, media := range op.RequestBody.Content {
				walk(media.Schema, nil)
			}
		}
	}
	return paths
}

// named are the fields that the program's faults name, with the places that do: the text in At, and the format of one
// that has an index.
func named(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := token.NewFileSet()
	note := func(e ast.Expr) {
		if call, is := e.(*ast.CallExpr); is && len(call.Args) > 0 { // fmt.Sprintf
			e = call.Args[0]
		}
		if text, is := e.(*ast.BasicLit); is && text.Kind == token.STRING {
			value, _ := strconv.Unquote(text.Value)
			found[value] = files.Position(text.Pos()).String()
		}
	}
	for _, root := range []string{"../pkg", "."} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if f, is := n.Fun.(*ast.SelectorExpr); is && f.Sel.Name == "At" && len(n.Args) == 1 {
						note(n.Args[0])
					}
				case *ast.CompositeLit:
					if f, is := n.Type.(*ast.SelectorExpr); is && f.Sel.Name == "FieldError" {
						for _, e := range n.Elts {
							if kv, is := e.(*ast.KeyValueExpr); is && kv.Key.(*ast.Ident).Name == "Field" {
								note(kv.Value)
							}
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

// A fault names a value as it was sent: by the path that some request has it at.
func TestFaultsNameFieldsThatRequestsHave(t *testing.T) {
	t.Parallel()
	elsewhere := map[string]string{ // what no request over the API holds
		"bought_on": "only asked by the program itself, of a day on record",
	}
	paths, fields := sent(t), named(t)
	if len(fields) < 80 || len(paths) < 300 {
		t.Fatalf("%d fields and %d paths: the search is broken", len(fields), len(paths))
	}
	for field, at := range fields {
		if !paths[field] && elsewhere[field] == "" {
			t.Errorf("%s: no request has %q", at, field)
		}
	}
	for field := range elsewhere {
		if fields[field] == "" {
			t.Errorf("%s is named no more", field)
		}
	}
}
