package catalogue_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/codelist/catalogue"
)

// declared are the closed lists as the source has them: by package and type, the constants of each type, and whether it
// lists its values.
type declared struct {
	constants map[string][]string
	lists     map[string]bool
}

func source(t *testing.T) declared {
	t.Helper()
	d := declared{map[string][]string{}, map[string]bool{}}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, one := range file.Decls {
			switch of := one.(type) {
			case *ast.FuncDecl:
				d.method(file.Name.Name, of)
			case *ast.GenDecl:
				d.values(file.Name.Name, of)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d declared) method(pkg string, f *ast.FuncDecl) {
	if f.Recv == nil || f.Name.Name != "Values" {
		return
	}
	if of, is := f.Recv.List[0].Type.(*ast.Ident); is {
		d.lists[pkg+"."+of.Name] = true
	}
}

func (d declared) values(pkg string, g *ast.GenDecl) {
	for _, spec := range g.Specs {
		value, is := spec.(*ast.ValueSpec)
		if !is || g.Tok != token.CONST {
			continue
		}
		of, is := value.Type.(*ast.Ident)
		if !is {
			continue
		}
		for _, v := range value.Values {
			literal, is := v.(*ast.BasicLit)
			if !is || literal.Kind != token.STRING {
				continue
			}
			if text, err := strconv.Unquote(literal.Value); err == nil && text != "" {
				d.constants[pkg+"."+of.Name] = append(d.constants[pkg+"."+of.Name], text)
			}
		}
	}
}

// ofTheLaw are the lists that only name entries of the parameter files; their words stand in those files.
var ofTheLaw = []string{
	"cover.Letter", "jkp.BundleCode", "jkp.Reason", "severance.RightKind", "termination.DisputeStep", "termination.Ground", "termination.OpeningStep",
}

// A list that is not in the catalogue would have no labels and no check; a constant that its list leaves out would be
// refused wherever it is met.
func TestTheCatalogueHoldsEveryListWithEveryConstant(t *testing.T) {
	t.Parallel()
	d := source(t)
	if len(d.lists) < 40 {
		t.Fatalf("only %d lists were found: the search is broken", len(d.lists))
	}
	known := map[string]bool{}
	for _, l := range catalogue.Lists() {
		name := l.Type.String()
		if known[name] {
			t.Errorf("%s is there twice", name)
		}
		known[name] = true
		constants, values := d.constants[name], slices.Clone(l.Values)
		slices.Sort(constants)
		slices.Sort(values)
		if !slices.Equal(constants, values) {
			t.Errorf("%s lists %v, and has the constants %v", name, values, constants)
		}
	}
	for _, name := range ofTheLaw {
		if !d.lists[name] || known[name] {
			t.Errorf("%s need not be left out", name)
		}
	}
	for name := range d.lists {
		if !known[name] && !slices.Contains(ofTheLaw, name) {
			t.Errorf("%s lists its values, and is not in the catalogue", name)
		}
	}
}

// Every list says Valid of its own values, and of nothing else.
func TestOnlyTheValuesOfAListAreValid(t *testing.T) {
	t.Parallel()
	for _, l := range catalogue.Lists() {
		if len(l.Values) == 0 || len(slices.Compact(slices.Sorted(slices.Values(l.Values)))) != len(l.Values) {
			t.Errorf("%s: no values, or one twice: %v", l.Name, l.Values)
		}
		others := []string{"", "x", strings.ToUpper(l.Values[0]) + "_", " " + l.Values[0], l.Values[0] + " "}
		for _, text := range slices.Concat(l.Values, others) {
			value := reflect.New(l.Type).Elem()
			value.SetString(text)
			enum, is := value.Interface().(interface{ Valid() bool })
			if !is {
				t.Errorf("%s has no Valid", l.Name)
				break
			}
			if enum.Valid() != slices.Contains(l.Values, text) {
				t.Errorf("%s: %q is valid: %v", l.Name, text, enum.Valid())
			}
		}
	}
}

// What is never kept is the exception: the rest of its list is, in the same order, and nothing else.
func TestWhatIsKeptIsAPartOfItsList(t *testing.T) {
	t.Parallel()
	never := map[string]string{"casework.claim_state": "none", "authz.role": "emergency",
		"track.job_seeker_state": "lapsed", "vacancy.state": "expired"}
	for _, l := range catalogue.Lists() {
		want := slices.DeleteFunc(slices.Clone(l.Values), func(v string) bool { return v == never[l.Name] })
		if !slices.Equal(l.Stored, want) {
			t.Errorf("%s: kept are %v, want %v", l.Name, l.Stored, want)
		}
	}
}

// The names of lists are public: texts are keyed on them.
func TestNames(t *testing.T) {
	t.Parallel()
	var names []string
	for _, l := range catalogue.Lists() {
		names = append(names, l.Name)
	}
	for _, want := range []string{"casework.outcome", "track.training_state", "layoff.kbli_edition", "sheet.status"} {
		if !slices.Contains(names, want) {
			t.Errorf("no list is called %s", want)
		}
	}
	if len(names) != len(slices.Compact(slices.Sorted(slices.Values(names)))) {
		t.Errorf("two lists have one name: %v", names)
	}
	var list codelist.List
	for _, list = range catalogue.Lists() {
		for _, column := range list.Columns {
			if strings.Count(column, ".") != 1 {
				t.Errorf("%s: %q is no column", list.Name, column)
			}
		}
	}
}
