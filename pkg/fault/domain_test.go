package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// common are the domains of codes that any package may raise: the form of what was sent, days, places, corrections.
var common = []string{"input", "calendar", "region", "correction", "step", "worker"}

// domains are the first parts of the codes that each package raises besides its own name.
var domains = map[string][]string{
	"accesslog": {"access"}, "assessment": {"severance", "termination", "wagesubsidy"},
	"authz":    {"officer", "session"},
	"casework": {"case", "merge", "officer", "search"}, "course": {"class"},
	"identity": {"phone", "email", "kpj", "bank_account", "nik", "wage"},
	"intake":   {"job"}, "sheet": {"intake"}, "jkp": {"rule"}, "lawbook": {"law"},
	"layoff": {"employer", "termination"}, "matching": {"job"},
	"officer":   {"emergency", "grant", "session", "password", "setup"},
	"oversight": {"finding", "sample"}, "password": {"session"}, "privacy": {"hold", "erasure"},
	"export": {"layoff", "officer"}, "feed": {"changes"}, "webhook": {"changes"}, "vacancy": {"job_fair"},
	"track": {"application", "assessment", "business", "case", "certificate", "claim", "class", "document", "entry",
		"jobseeker_card", "part", "placement", "prakerja", "proposal", "referral", "response", "training", "wish"},
	"statistics": {"report"}, "bulkstore": {"bulk"},
	"casestore": {"case", "merge"}, "coursestore": {"class"}, "exportstore": {"export"}, "intakestore": {"intake"},
	"layoffstore": {"layoff"}, "logstore": {"history", "export", "checkpoints"}, "matchingstore": {"wish", "matching"},
	"officerstore": {"officer", "session"}, "trackstore": {"referral"}, "vacancystore": {"vacancy", "job_fair"},
}

// A code says whose refusal it is: no package borrows the code of another domain. The store words the constraints of
// all of them.
func TestAPackageRaisesTheCodesOfItsOwnDomain(t *testing.T) {
	t.Parallel()
	raised := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			filepath.Dir(path) == filepath.Join("..", "store") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			code, is := raises(n)
			if !is {
				return true
			}
			raised++
			domain, _, _ := strings.Cut(code, ".")
			pkg := file.Name.Name
			if domain != pkg && !slices.Contains(common, domain) && !slices.Contains(domains[pkg], domain) {
				t.Errorf("%s raises %s", path, code)
			}
			return true
		})
		return nil
	})
	if err != nil || raised < 300 {
		t.Fatalf("%d codes were found, %v: the search is broken", raised, err)
	}
}

// raises is the code of fault.New(kind, "code", …).
func raises(n ast.Node) (string, bool) {
	call, is := n.(*ast.CallExpr)
	if !is || len(call.Args) < 2 {
		return "", false
	}
	of, is := call.Fun.(*ast.SelectorExpr)
	if !is || of.Sel.Name != "New" {
		return "", false
	}
	if pkg, is := of.X.(*ast.Ident); !is || pkg.Name != "fault" {
		return "", false
	}
	literal, is := call.Args[1].(*ast.BasicLit)
	if !is {
		return "", false
	}
	code, err := strconv.Unquote(literal.Value)
	return code, err == nil
}
