package storetest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/policies"
)

const module = "github.com/tanggap/tanggap/"

// Who may import whom: a package may import those of lower tiers; those of its own tier only where peers are allowed.
// Every package has a tier, its own or that of the folder it lies in.
var (
	tiers = []struct {
		name     string
		peers    bool
		packages []string
	}{
		{"vocabulary", true, []string{"pkg/codelist", "pkg/fault", "pkg/clock", "pkg/money", "pkg/page", "pkg/region",
			"pkg/calendar", "pkg/identity", "pkg/chart"}},
		{"reviewed data", false, []string{"policies", "configs"}},
		{"identifiers", false, []string{"pkg/ids"}},
		{"rules", true, append(programmesOfLaw(), "pkg/rule", "pkg/simulation", "pkg/assessment", "pkg/measure",
			"pkg/wording")},
		{"access, history and secrets", false, []string{"pkg/authz", "pkg/audit", "pkg/password", "pkg/vault"}},
		{"records", false, []string{"pkg/translog", "pkg/accesslog"}},
		{"the case", false, []string{"pkg/casework"}},
		{"domains", false, []string{"pkg/layoff", "pkg/track", "pkg/officer", "pkg/privacy", "pkg/oversight"}},
		{"markets", false, []string{"pkg/vacancy", "pkg/course"}},
		{"words", false, []string{"pkg/narrative"}},
		{"flows", false, []string{"pkg/matching", "pkg/intake", "pkg/statistics", "pkg/export", "pkg/sheet", "pkg/document",
			"pkg/feed", "pkg/bulk"}},
		{"what others are told", false, []string{"pkg/webhook", "pkg/mail"}},
		{"the law in force", false, []string{"pkg/lawbook"}},
		{"all closed lists", false, []string{"pkg/codelist/catalogue"}},
		{"platform", true, []string{"pkg/store", "pkg/jobs", "pkg/authz/enforcer", "pkg/localpg", "pkg/config",
			"pkg/observability"}},
		{"edge", true, []string{"api"}},
		{"clients", false, []string{"pkg/client", "pkg/demo"}},
		{"programs", false, []string{"cmd", "api/apitest"}},
	}
	// A library stays behind the packages that know it.
	keepers = map[string][]string{
		"github.com/labstack/echo":       {"api"},
		"github.com/danielgtaylor/huma":  {"api"},
		"gorm.io":                        {"pkg/store", "cmd/bench"},
		"github.com/jackc/pgx":           {"pkg/store", "pkg/jobs", "cmd/bench"}, // River's client is generic over pgx.Tx
		"github.com/pressly/goose":       {"pkg/store", "cmd/bench"},
		"github.com/casbin":              {"pkg/authz/enforcer"},
		"github.com/riverqueue":          {"pkg/jobs", "pkg/store"},
		"github.com/tink-crypto/tink-go": {"pkg/vault"},
		"gocloud.dev":                    {"pkg/document"},
		"github.com/yuin/goldmark":       {"api"},
	}
	// What the edge may reach only through the domains' interfaces.
	hiddenFromEdge = []string{"pkg/store", "pkg/jobs", "pkg/localpg", "pkg/authz/enforcer"}
)

// programmesOfLaw are the packages that are named like a folder of policies/programmes.
func programmesOfLaw() []string {
	folders, err := fs.ReadDir(policies.FS, "programmes")
	if err != nil {
		panic(err) // the folder is embedded
	}
	var packages []string
	for _, folder := range folders {
		packages = append(packages, "pkg/"+folder.Name())
	}
	return packages
}

// within says whether a path is a folder or lies in it.
func within(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }

func withinAny(path string, folders []string) bool {
	for _, folder := range folders {
		if within(path, folder) {
			return true
		}
	}
	return false
}

// tierOf gives the tier of the longest named folder that holds the package, and that folder; -1 without one.
func tierOf(path string) (tier int, folder string) {
	tier = -1
	for i, t := range tiers {
		for _, p := range t.packages {
			if within(path, p) && len(p) > len(folder) {
				tier, folder = i, p
			}
		}
	}
	return tier, folder
}

// complaint says what is wrong with one import; "" when nothing is.
func complaint(from, imported string) string {
	inside, ours := strings.CutPrefix(imported, module)
	if !ours {
		return complainOfLibrary(from, imported)
	}
	a, fromFolder := tierOf(from)
	b, toFolder := tierOf(inside)
	switch {
	case a < 0:
		return "has no tier: say in imports_test.go where it belongs"
	case b < 0 || fromFolder == toFolder:
		return ""
	// apitest assembles the whole program for tests, as cmd does for use.
	case within(from, "api") && !within(from, "api/apitest") && withinAny(inside, hiddenFromEdge):
		return "the edge reaches " + inside + " only through the domains"
	case b > a || b == a && !tiers[a].peers:
		return tiers[a].name + " may not import " + inside + " (" + tiers[b].name + ")"
	}
	return ""
}

func complainOfLibrary(from, imported string) string {
	for library, folders := range keepers {
		// Major versions are further folders (pgx/v5), so the prefix is the library.
		if within(imported, library) && !withinAny(from, folders) {
			return imported + " belongs behind " + strings.Join(folders, ", ")
		}
	}
	host, _, _ := strings.Cut(imported, "/")
	if tier, _ := tierOf(from); tier == 0 && strings.Contains(host, ".") {
		return "the vocabulary needs the standard library only, not " + imported
	}
	return ""
}

type listed struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	root, ok := localpg.Checkout()
	if !ok {
		t.Fatal("the test does not run in a checkout")
	}
	// -e: a package that does not compile is another test's finding.
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestImportsFollowTheArchitecture(t *testing.T) {
	t.Parallel()
	packages := listPackages(t)
	if len(packages) < 10 {
		t.Fatalf("only %d packages listed", len(packages))
	}
	for _, p := range packages {
		from := strings.TrimPrefix(p.ImportPath, module)
		if tier, _ := tierOf(from); tier < 0 {
			t.Errorf("%s has no tier: say in imports_test.go where it belongs", from)
		}
		for _, imported := range p.Imports {
			if wrong := complaint(from, imported); wrong != "" {
				t.Errorf("%s: %s", from, wrong)
			}
		}
	}
}

func TestWrongImportsAreSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, imported string
		wrong          bool
	}{
		{"pkg/casework", "github.com/jackc/pgx/v5", true},
		{"pkg/store/storetest", "github.com/jackc/pgx/v5/pgxpool", false},
		{"pkg/layoff", "gorm.io/driver/postgres", true},
		{"cmd/bench", "gorm.io/gorm", false},
		{"cmd/tanggap", "github.com/labstack/echo/v4", true},
		{"api/v1", "github.com/danielgtaylor/huma/v2", false},
		{"pkg/authz", "github.com/casbin/casbin/v2", true},
		{"pkg/authz/enforcer", "github.com/casbin/casbin/v2/model", false},
		{"pkg/money", "golang.org/x/text/number", true},
		{"pkg/money", module + "pkg/fault", false},
		{"pkg/jkp", module + "pkg/casework", true},
		{"pkg/track", module + "pkg/casework", false},
		{"pkg/track", module + "pkg/layoff", true},
		{"pkg/casework", module + "pkg/store", true},
		{"api/v1", module + "pkg/store", true},
		{"api/v1", module + "api/middleware", false},
		{"api/v1", module + "api/apitest", true},
		{"api/apitest", module + "pkg/store/storetest", false},
		{"api/apitest", "github.com/labstack/echo/v4", false},
		{"cmd/tanggap", module + "pkg/store", false},
		{"pkg/unheard", module + "pkg/fault", true},
	} {
		if got := complaint(c.from, c.imported); (got != "") != c.wrong {
			t.Errorf("%s -> %s: %q", c.from, c.imported, got)
		}
	}
}
