package storetest

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/store"
)

func TestMain(m *testing.M) { Main(m) }

func open(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func ask(t testing.TB, conn *pgx.Conn, sql string, args ...any) string {
	t.Helper()
	var answer string
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// The application's role owns nothing and cannot bypass row security; a test that uses it proves something.
func TestRuntimeRoleIsPowerless(t *testing.T) {
	t.Parallel()
	conn := open(t, New(t).AppDSN)
	for sql, want := range map[string]string{
		"select current_user": appRole,
		"select session_user": appRole,
		"show is_superuser":   "off",
		"show row_security":   "on",
		"select count(*)::text from pg_class where relowner = 'tanggap_app'::regrole":                             "0",
		"select count(*)::text from pg_proc where proowner = 'tanggap_app'::regrole":                              "0",
		"select count(*)::text from pg_namespace where nspowner = 'tanggap_app'::regrole":                         "0",
		"select (rolbypassrls or rolcreaterole or rolcreatedb)::text from pg_roles where rolname = 'tanggap_app'": "false",
		"select pg_has_role('tanggap_app', 'tanggap_owner', 'member')::text":                                      "false",
		"select has_schema_privilege('tanggap_app', 'public', 'create')::text":                                    "false",
		"select count(*)::text from pg_auth_members where member = 'tanggap_app'::regrole":                        "0",
		"select has_database_privilege('tanggap_app', current_database(), 'create')::text":                        "false",
	} {
		if got := ask(t, conn, sql); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func TestOwnerOwnsTheTables(t *testing.T) {
	t.Parallel()
	conn := open(t, New(t).OwnerDSN)
	if got := ask(t, conn, "select current_user"); got != ownerRole {
		t.Errorf("acts as %s", got)
	}
	if _, err := conn.Exec(t.Context(), "create schema fresh create table thing (id int)"); err != nil {
		t.Errorf("the owner must be able to migrate a copy: %v", err)
	}
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	one, other := New(t), New(t)
	if one.Name == other.Name {
		t.Fatal("one database twice")
	}
	if _, err := open(t, one.AdminDSN).Exec(t.Context(), "create table mine ()"); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, open(t, other.AdminDSN), "select count(*)::text from pg_class where relname = 'mine'"); got != "0" {
		t.Error("a table of one test shows in another")
	}
}

func TestEmptyDatabaseHasNoSchema(t *testing.T) {
	t.Parallel()
	conn := open(t, NewEmpty(t).AdminDSN)
	if got := ask(t, conn, "select count(*)::text from pg_class where relnamespace = 'public'::regnamespace"); got != "0" {
		t.Errorf("%s relations", got)
	}
}

// outcome is a test that ends as one says, seen by New.
type outcome struct {
	testing.TB
	failed   bool
	cleanups []func()
}

func (o *outcome) Failed() bool      { return o.failed }
func (o *outcome) Cleanup(fn func()) { o.cleanups = append(o.cleanups, fn) }
func (o *outcome) end() {
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
}

func TestOnlyAFailedTestKeepsItsDatabase(t *testing.T) {
	t.Parallel()
	admin := open(t, NewEmpty(t).AdminDSN)
	for _, failed := range []bool{false, true} {
		o := &outcome{TB: t, failed: failed}
		db := NewEmpty(o)
		left, err := pgx.Connect(t.Context(), db.AdminDSN) // a connection that the test forgot
		if err != nil {
			t.Fatal(err)
		}
		o.end()
		_ = left.Close(t.Context())
		got := ask(t, admin, "select count(*)::text from pg_database where datname = $1", db.Name)
		if want := map[bool]string{false: "0", true: "1"}[failed]; got != want {
			t.Errorf("failed %t: %s databases, want %s", failed, got, want)
		}
		if _, err := admin.Exec(t.Context(), "drop database if exists "+db.Name); err != nil {
			t.Error(err)
		}
	}
}

func TestHalfMadeTemplateIsMadeAgain(t *testing.T) {
	t.Parallel()
	db := NewEmpty(t)
	conn, name := open(t, db.AdminDSN), db.Name+"_template"
	dsn := strings.ReplaceAll(db.AdminDSN, db.Name, name)
	broken := errors.New("broken")
	err := buildTemplate(t.Context(), conn, name, dsn, func(context.Context, string) error { return broken })
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if ready, err := templateReady(t.Context(), conn, name); ready || err != nil {
		t.Fatalf("a half-made template passes for ready: %v", err)
	}
	var runs atomic.Int32
	err = buildTemplate(t.Context(), conn, name, dsn, func(context.Context, string) error { runs.Add(1); return nil })
	if err != nil || runs.Load() != 1 {
		t.Fatalf("%d runs, %v", runs.Load(), err)
	}
	if ready, err := templateReady(t.Context(), conn, name); !ready || err != nil {
		t.Fatalf("not ready: %v", err)
	}
	if _, err := conn.Exec(t.Context(), "drop database "+name); err != nil {
		t.Error(err)
	}
}

func TestOneTemplateForAll(t *testing.T) {
	t.Parallel()
	conn := open(t, New(t).AdminDSN)
	key, err := schemaKey()
	if err != nil {
		t.Fatal(err)
	}
	again, err := schemaKey()
	if err != nil || again != key {
		t.Fatalf("the key changes: %s %s %v", key, again, err)
	}
	if got := ask(t, conn, "select datallowconn::text from pg_database where datname = $1", "template_"+
		key); got != "false" {
		t.Error("a template that accepts connections cannot be copied")
	}
}

func BenchmarkNew(b *testing.B) {
	server, err := startServer(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	create(b, store.Migrate) // makes the template
	b.ResetTimer()
	for range b.N {
		db, err := createOn(b.Context(), server, store.Migrate)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := drop(b.Context(), server, db.Name); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
