package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
	"github.com/tanggap/tanggap/policies"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type bundle struct {
	*store.Store
	db      *storetest.Database
	officer authz.OfficerID
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := storetest.New(t)
	v, err := vault.Generate()
	ok(t, err)
	s, err := store.Open(t.Context(), store.Config{DSN: db.AppDSN, MaxConns: 8, Vault: v, Tree: tree(t)})
	ok(t, err)
	t.Cleanup(s.Close)
	b := &bundle{Store: s, db: db, officer: authz.OfficerID(uuid.New())}
	b.admin(t, `insert into officer (id, email, name, office, password_hash) values ($1, 'uji@contoh.go.id', 'Petugas Uji', '3273', '')`, uuid.UUID(b.officer))
	return b
}

// admin runs a statement as the superuser, whom neither grants nor row security bind.
func (b *bundle) admin(t *testing.T, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.db.AdminDSN)
	ok(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	_, err = conn.Exec(t.Context(), sql, args...)
	ok(t, err)
}

func tree(t *testing.T) *region.Tree {
	t.Helper()
	regions, err := policies.FS.Open("reference/regions.csv")
	ok(t, err)
	superseded, err := policies.FS.Open("reference/regions_superseded.csv")
	ok(t, err)
	tree, err := region.Load(regions, superseded)
	ok(t, err)
	return tree
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

var today = calendar.MustDate("2026-11-23")

type allowAll struct{}

func (allowAll) Allows(authz.Role, authz.Action) bool { return true }

// in is the scope of an officer with one role in each of the regions.
func in(codes ...region.Code) authz.Scope {
	var grants []authz.Grant
	for _, code := range codes {
		grants = append(grants, authz.Grant{Role: authz.CaseWorker, Region: code})
	}
	return authz.ScopeOf(allowAll{}, grants, authz.CaseRead, calendar.MustDate("2026-11-23").Time())
}

func (b *bundle) op(key string, codes ...region.Code) authz.Op {
	return authz.Op{Actor: b.officer, Scope: in(codes...), Request: authz.Request{Route: "test", Key: key, Digest: []byte(key)}}
}

// opening is a worker whose NIK is made of n.
func opening(t *testing.T, code region.Code, n int) casework.Opening {
	t.Helper()
	nik, err := identity.ParseNIK(fmt.Sprintf("%s01010190%04d", code, n))
	ok(t, err)
	return casework.Opening{Source: "test", Case: casework.Case{Region: code, TerminatedOn: calendar.MustDate("2026-10-01"),
		OpenedOn: calendar.MustDate("2026-11-01")}, Person: casework.Person{Name: fmt.Sprintf("Siti Nurhaliza %d", n), NIK: nik,
		Wage: identity.NewWage(4_000_000), Address: identity.NewSecret("Jl. Merdeka 1")}}
}

func (b *bundle) open(t *testing.T, code region.Code, n int) casework.State {
	t.Helper()
	state, err := b.Open(t.Context(), b.op("", code), opening(t, code, n))
	ok(t, err)
	return state
}

func advance(to casework.Stage) func(*casework.Case) (casework.Event, error) {
	return func(c *casework.Case) (casework.Event, error) {
		return c.Advance(casework.Advance{To: to, Outcome: map[bool]casework.Outcome{true: casework.Placed}[to == casework.Closed],
			Reason: map[bool]string{true: "kembali"}[c.Stage == casework.Closed], OccurredOn: calendar.MustDate("2026-11-02")})
	}
}

func TestCaseIsOpenedChangedAndRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.open(t, "3273", 1)
	moved, err := b.Change(t.Context(), b.op("k1", "3273"), made.ID, 1, advance(casework.Benefit))
	ok(t, err)
	if moved.Version != 2 || moved.Stage != casework.Benefit || !moved.UpdatedAt.After(made.UpdatedAt) {
		t.Fatalf("got %v", moved)
	}
	noted, err := b.Change(t.Context(), b.op("k2", "3273"), made.ID, 2, func(c *casework.Case) (casework.Event, error) {
		return c.Note(identity.NewSecret("sudah ditelepon"), calendar.MustDate("2026-11-03"))
	})
	ok(t, err)
	file, entries, err := b.Get(t.Context(), in("32"), made.ID)
	ok(t, err)
	if file.Version != noted.Version || len(entries) != 3 || entries[2].Note.Reveal() != "sudah ditelepon" || file.Person.Wage.Reveal() != 4_000_000 {
		t.Fatalf("got %d entries, version %d", len(entries), file.Version)
	}
	rows, err := b.List(t.Context(), in("3273", "3204", "11"), casework.Filter{Limit: 10, UpdatedSince: new(time.Now().Add(-time.Hour))})
	ok(t, err)
	if len(rows) != 1 || rows[0].NIKMasked != "************0001" {
		t.Fatalf("got %d rows", len(rows))
	}
	counts, err := b.Count(t.Context(), in(""), casework.Filter{})
	ok(t, err)
	if counts[casework.Benefit] != 1 || counts[casework.Intake] != 0 {
		t.Fatalf("got %v", counts)
	}
	for _, name := range []string{"siti nurhaliza", "SITI NURHALISA"} {
		rows, err = b.Search(t.Context(), in("3273"), identity.NIK{}, name, 10)
		ok(t, err)
		if len(rows) != 1 {
			t.Fatalf("search %q: got %d rows", name, len(rows))
		}
	}
}
