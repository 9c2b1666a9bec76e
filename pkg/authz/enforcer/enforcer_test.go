package enforcer_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/policies"
)

var update = flag.Bool("update", false, "write the golden matrix anew")

const golden = "../../../policies/access/matrix.golden.csv"

// The matrix is what reviewers read: who may do what. A change of the policy shows here, cell by cell.
func TestMatrixIsTheReviewedOne(t *testing.T) {
	t.Parallel()
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	w := csv.NewWriter(&got)
	header := []string{"action"}
	for _, r := range authz.Roles() {
		header = append(header, string(r))
	}
	_ = w.Write(header)
	for _, a := range authz.Actions() {
		row := []string{string(a)}
		for _, r := range authz.Roles() {
			row = append(row, map[bool]string{true: "yes", false: ""}[e.Allows(r, a)])
		}
		_ = w.Write(row)
	}
	w.Flush()
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the policy says otherwise than %s; read the difference, then run with -update", golden)
	}
}

func files(t testing.TB, policy string) fstest.MapFS {
	t.Helper()
	conf, err := policies.FS.ReadFile(enforcer.ModelFile)
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{enforcer.ModelFile: {Data: conf}, enforcer.PolicyFile: {Data: []byte(policy)}}
}

func present(t testing.TB) string {
	t.Helper()
	text, err := policies.FS.ReadFile(enforcer.PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The kept table must be what Casbin answers when it is asked literally.
func TestTableIsCasbinsAnswer(t *testing.T) {
	t.Parallel()
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := policies.FS.ReadFile(enforcer.ModelFile)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.NewModelFromString(string(conf))
	if err != nil {
		t.Fatal(err)
	}
	literal, err := casbin.NewEnforcer(m)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(present(t)) {
		parts := strings.Split(strings.TrimSpace(line), ", ")
		switch parts[0] {
		case "p":
			_, err = literal.AddPolicy(parts[1], parts[2])
		case "g":
			_, err = literal.AddGroupingPolicy(parts[1], parts[2])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range authz.Roles() {
		for _, a := range authz.Actions() {
			if want, err := literal.Enforce(string(r), string(a)); err != nil || e.Allows(r, a) != want {
				t.Errorf("%s %s: got %t, Casbin says %t, %v", r, a, e.Allows(r, a), want, err)
			}
		}
	}
}

func TestMistakesInThePolicyAreRefused(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]string{
		"unknown action":       "p, auditor, case.raed\n",
		"unknown role":         "p, auditr, case.read\n",
		"short line":           "p, auditor\n",
		"long line":            "p, auditor, case.read, allow\n",
		"doubled line":         "p, auditor, case.read\np, auditor, case.read\n",
		"bundle of nobody":     "p, readers, case.read\n",
		"unknown role of g":    "p, readers, case.read\ng, auditr, readers\n",
		"a role within a role": "p, auditor, case.read\ng, analyst, auditor\n",
		"nothing":              "# empty\n",
		"another letter":       "x, auditor, case.read\n",
		"a pattern":            "p, *, case.read\n",
	} {
		if _, err := enforcer.Load(files(t, policy)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestAFailedReloadKeepsTheLastGoodPolicy(t *testing.T) {
	t.Parallel()
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Reload(files(t, "p, auditor, case.raed\n")); err == nil {
		t.Fatal("a wrong policy was loaded")
	}
	if !e.Allows(authz.Auditor, authz.CaseRead) || e.Allows(authz.Auditor, authz.CaseAdvance) {
		t.Fatal("the last good policy is gone")
	}
}

// While the policy is reloaded over and over, every decision is one of the policies', never a mixture or an empty one.
func TestDecisionsDuringReload(t *testing.T) {
	t.Parallel()
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	reference, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if err := e.Reload(policies.FS); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	roles, actions := authz.Roles(), authz.Actions()
	for range 1_000_000 {
		r, a := roles[rand.IntN(len(roles))], actions[rand.IntN(len(actions))]
		if e.Allows(r, a) != reference.Allows(r, a) {
			t.Fatalf("%s %s was decided otherwise during a reload", r, a)
		}
	}
	close(stop)
	group.Wait()
}

func TestAuditorsChangeNothingAndAdministratorsSeeNobody(t *testing.T) {
	t.Parallel()
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	reads := map[string]bool{"read": true, "list": true, "count": true, "search": true, "history": true, "export": true, "manage": true}
	for _, a := range authz.Actions() {
		_, verb, _ := strings.Cut(string(a), ".")
		if e.Allows(authz.Auditor, a) && !reads[verb] {
			t.Errorf("an auditor may %s", a)
		}
		resource, _, _ := strings.Cut(string(a), ".")
		if e.Allows(authz.Administrator, a) && (resource == "case" || resource == "claim" || resource == "history" || resource == "intake") {
			t.Errorf("an administrator may %s", a)
		}
	}
}

func BenchmarkAllows(b *testing.B) {
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e.Allows(authz.Supervisor, authz.CaseRead)
	}
}
