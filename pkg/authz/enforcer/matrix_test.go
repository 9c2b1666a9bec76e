package enforcer_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	fileadapter "github.com/casbin/casbin/v2/persist/file-adapter"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/authztest"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/policies"
)

var update = flag.Bool("update", false, "write the golden matrix and the table in policies/security.md anew")

const folder = "../../../policies/"

//go:generate go test -run TestMatrixIsTheReviewedOne -update .

func loaded(t testing.TB) *enforcer.Enforcer {
	t.Helper()
	e, err := enforcer.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// keep compares a generated file with the reviewed one, after writing it anew with -update.
func keep(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(folder+name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(folder + name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the policy says otherwise than policies/%s; read the difference, then run with -update", name)
	}
}

// The matrix is what reviewers read: who may do what. A change of the policy shows here, cell by cell.
func TestMatrixIsTheReviewedOne(t *testing.T) {
	t.Parallel()
	e := loaded(t)
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
	keep(t, "access/matrix.golden.csv", got.Bytes())
}

// The kept table must be what Casbin answers when it reads the very file by itself and is asked literally.
func TestTableIsCasbinsAnswer(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	conf, err := policies.FS.ReadFile(enforcer.ModelFile)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.NewModelFromString(string(conf))
	if err != nil {
		t.Fatal(err)
	}
	literal, err := casbin.NewEnforcer(m, fileadapter.NewAdapter(folder+enforcer.PolicyFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range authz.Roles() {
		for _, a := range authz.Actions() {
			if want, err := literal.Enforce(string(r), string(a)); err != nil || e.Allows(r, a) != want {
				t.Errorf("%s %s: got %t, Casbin says %t, %v", r, a, e.Allows(r, a), want, err)
			}
		}
	}
}

// written is the policy as a reader of the file would put it together, without Casbin: a role may do what its own lines
// and those of its bundles say.
func written(policy string) authztest.Table {
	lines, bundles := make(map[string][]authz.Action), make(map[authz.Role][]string)
	for line := range strings.Lines(policy) {
		switch f := strings.Split(strings.TrimSpace(line), ","); f[0] {
		case "p":
			lines[f[1]] = append(lines[f[1]], authz.Action(f[2]))
		case "g":
			bundles[authz.Role(f[1])] = append(bundles[authz.Role(f[1])], f[2])
		}
	}
	m := make(authztest.Table)
	for _, r := range authz.Roles() {
		m[r] = lines[string(r)]
		for _, bundle := range bundles[r] {
			m[r] = append(m[r], lines[bundle]...)
		}
	}
	return m
}

// What the roles are for, stated apart from the policy.
func TestRolesKeepToTheirPurpose(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	own := []authz.Action{authz.SessionManage, authz.RegionRead, authz.OfficeRead, authz.PolicyRead, authz.ClassRead,
		authz.VacancyRead}
	only := map[authz.Role][]authz.Action{
		authz.Administrator: {authz.OfficerRead, authz.OfficerCreate, authz.OfficerDeactivate, authz.GrantCreate,
			authz.GrantRevoke, authz.PolicyExplain,
			authz.LawPropose, authz.LawApprove},
		authz.Analyst: {authz.CaseCount, authz.ReportRead},
		authz.Service: {authz.CaseRead, authz.ClaimPay, authz.EntryVoid, authz.ChangesRead, authz.WebhookManage},
		authz.Mediator: {authz.LayoffRead, authz.LayoffCreate, authz.LayoffAdvance, authz.ResponseRecord, authz.CaseList,
			authz.CaseCount, authz.CaseRead, authz.CaseSearch,
			authz.CaseHistory, authz.EntryVoid, authz.DocumentAdd, authz.DocumentRead},
	}
	for role, actions := range only {
		for _, a := range authz.Actions() {
			if want := slices.Contains(own, a) || slices.Contains(actions, a); e.Allows(role, a) != want {
				t.Errorf("%s %s: got %t", role, a, !want)
			}
		}
	}
	for _, a := range authz.Actions() {
		if e.Allows(authz.CaseWorker, a) && !e.Allows(authz.Supervisor, a) {
			t.Errorf("a supervisor may not %s, a case worker may", a)
		}
	}
	for _, a := range []authz.Action{authz.CaseAssign, authz.CaseReopen, authz.ClaimDecide, authz.ExportCreate,
		authz.EntryReverse} {
		if e.Allows(authz.CaseWorker, a) || !e.Allows(authz.Supervisor, a) {
			t.Errorf("%s is for supervisors, not for case workers", a)
		}
	}
}

func TestAuditorsReadEverythingAndChangeNothing(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	reads := []string{"read", "list", "count", "search", "history"}
	// Beside the casework, which stays as it is.
	oversight := []authz.Action{authz.ExportCreate, authz.EmergencyReview, authz.SampleDraw, authz.FindingRecord,
		authz.PolicyExplain}
	for _, a := range authz.Actions() {
		_, verb, _ := strings.Cut(string(a), ".")
		if want := slices.Contains(reads, verb) || a == authz.SessionManage ||
			slices.Contains(oversight, a); e.Allows(authz.Auditor, a) != want {
			t.Errorf("%s: got %t", a, !want)
		}
	}
}

// Who gives rights uses none of the others, and who does casework gives none: neither alone can both open a door and go
// through it.
func TestRightsAndCaseworkAreApart(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	gives := []authz.Action{authz.OfficerCreate, authz.OfficerDeactivate, authz.GrantCreate, authz.GrantRevoke}
	for _, r := range authz.Roles() {
		for _, a := range gives {
			if e.Allows(r, a) != (r == authz.Administrator) {
				t.Errorf("%s %s: got %t", r, a, e.Allows(r, a))
			}
		}
		if pays, decides := e.Allows(r, authz.ClaimPay), e.Allows(r, authz.ClaimDecide); pays && decides {
			t.Errorf("%s decides on claims and confirms their payment", r)
		}
	}
}
