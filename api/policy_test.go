package api_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/policies"
)

const securityFile = "../policies/security.md"

// fields are what there is to know of a worker, each by a mark that only it leaves.
var fields = []struct{ name, mark string }{{"name", "Siti Permata"}, {"NIK, masked", "************0001"},
	{"NIK", "3273010101900001"}, {"birth date", "1990-01-01"}, {"phone", "81234567890"},
	{"address", "Jalan Siti"}, {"wage", `4000000`}, {"notes", "catatan sendiri"}, {"training provider", "BLK Uji"}}

// seen says by which kind of read an officer is shown a field of a case: L in lists and searches, F in the file, H in
// the history, T in the tracks.
func seen(t *testing.T, o *apitest.Officer, id, mark string) string {
	t.Helper()
	out := ""
	for _, way := range []struct{ letter, method, path string }{{"L", http.MethodGet, "/v1/cases"},
		{"F", http.MethodGet, "/v1/cases/" + id}, {"H", http.MethodGet, "/v1/cases/" + id + "/history"},
		{"T", http.MethodGet, "/v1/cases/" + id + "/trainings"}} {
		for line := range strings.SplitSeq(string(o.Call(t, way.method, way.path, nil).Body), `{"id":"`) {
			if strings.Contains(line, mark) && (way.letter != "L" || strings.HasPrefix(line, id)) {
				out += way.letter
				break
			}
		}
	}
	if out == "" {
		return "-"
	}
	return out
}

// tables writes the two tables of policies/security.md: what the policy allows, and what the running server shows.
func tables(t *testing.T) string {
	t.Helper()
	matrix, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	roles := append(authz.Roles(), authz.Emergency)
	var out strings.Builder
	head := func(first string) {
		fmt.Fprintf(&out, "| %s |", first)
		for _, r := range roles[:len(roles)-1] {
			fmt.Fprintf(&out, " %s |", r)
		}
	}
	head("action, in the regions of the grant")
	fmt.Fprintf(&out, " %s |\n|%s\n", authz.Emergency, strings.Repeat(" --- |", len(roles)+1))
	for _, a := range authz.Actions() {
		fmt.Fprintf(&out, "| %s |", a)
		for _, r := range roles {
			fmt.Fprintf(&out, " %s |", map[bool]string{true: "x", false: ""}[matrix.Allows(r, a)])
		}
		out.WriteString("\n")
	}
	out.WriteString(
		"\nWhat a role is shown of a worker: L in lists and searches, F in the file of the case, H in its history, T in " +
			"its tracks.\n\n")
	b := apitest.New(t)
	asks, decides := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273")
	ids := map[string]string{}
	for n, state := range []string{"erased", "closed", "open"} {
		c := asks.Open(t, "3273", 1, "Siti Permata") // the same worker: the case before is closed, or erased
		asks.Change(t, &c, "/notes", map[string]any{"text": "catatan sendiri"})
		asks.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "BLK Uji", "programme": "Las",
			"starts_on": "2026-11-01"})
		if state != "open" {
			asks.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn", "end_open_parts": true})
		}
		if state == "erased" {
			asks.Change(t, &c, "/erasure", map[string]any{"reason": "x"})
			if a := decides.Change(t, &c, "/erasure/approval", nil); a.Status != http.StatusOK {
				t.Fatalf("erase %d: %s", n, a.Body)
			}
		}
		ids[state] = c.ID
	}
	officers := map[authz.Role]*apitest.Officer{}
	for _, r := range authz.Roles() {
		officers[r] = b.Officer(t, r, "3273")
	}
	head("field, by the state of the case")
	fmt.Fprintf(&out, "\n|%s\n", strings.Repeat(" --- |", len(roles)))
	for _, f := range fields {
		for _, state := range []string{"open", "closed", "erased"} {
			fmt.Fprintf(&out, "| %s, %s |", f.name, state)
			for _, r := range authz.Roles() {
				fmt.Fprintf(&out, " %s |", seen(t, officers[r], ids[state], f.mark))
			}
			out.WriteString("\n")
		}
	}
	return out.String()
}

// The tables of policies/security.md are what the policy says and what the server does; -update writes them anew.
func TestTheTablesOfTheSecurityPolicyAreWhatTheServerDoes(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- tables: written by go test ./api -run Tables -update -->\n", "<!-- end of tables -->\n"
	text, err := os.ReadFile(securityFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	written, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the tables", securityFile)
	}
	now := "\n" + tables(t) + "\n"
	if *update {
		if err := os.WriteFile(securityFile, []byte(before+begin+now+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if written != now {
		t.Errorf("the tables are out of date: go test ./api -run Tables -update, and look at what changed")
	}
}
