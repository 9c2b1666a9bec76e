package storetest

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
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

// Runtime is a connection as the role that serves requests, outside any program.
func (b *Office) Runtime(t *testing.T) *pgx.Conn { return ConnectTo(t, b.Database.AppDSN) }

// ConnectTo gives a connection that lasts as long as the test.
func ConnectTo(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	OK(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// Tamper runs statements as a superuser who has switched the triggers off.
func (b *Office) Tamper(t *testing.T, statements ...string) {
	t.Helper()
	conn := ConnectTo(t, b.Database.AdminDSN)
	for _, sql := range append([]string{`set session_replication_role = replica`}, statements...) {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// Colleague is a further officer of an office.
func (b *Office) Colleague(t *testing.T, office region.Code) authz.OfficerID {
	t.Helper()
	id := uuid.New()
	b.Do(t, `insert into officer (id, email, name, office, password_hash) values ($1, $2, 'Petugas Lain', $3, '')`,
		id, id.String()+"@contoh.go.id", string(office))
	return authz.OfficerID(id)
}

// As is an operation of an officer in regions.
func (b *Office) As(officer authz.OfficerID, codes ...region.Code) authz.Op {
	op := b.Request("", codes...)
	op.Actor = officer
	return op
}

// OfficerService is the administration over the store.
func (b *Office) OfficerService(t *testing.T) *officer.Service {
	t.Helper()
	return &officer.Service{Store: b.Stores, Sessions: officer.NewSessions(b.Stores, clock.System()), Tree: b.Tree,
		Measures: b.Measures}
}

// CountRows gives the number that a query of the superuser answers.
func (b *Office) CountRows(t *testing.T, sql string, args ...any) int {
	t.Helper()
	var n int
	OK(t, ConnectTo(t, b.Database.AdminDSN).QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// AwaitLock returns when a statement on the database of the test waits for a lock of another one.
func (b *Office) AwaitLock(t *testing.T) {
	t.Helper()
	conn := ConnectTo(t, b.Database.AdminDSN)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for n := 0; n == 0; {
		OK(t, conn.QueryRow(ctx, `select count(*) from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock'`).Scan(&n))
	}
}

// OK ends the test on an error.
func OK(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// WantCode ends the test unless the error is the fault with this code.
func WantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

// Today is the day on which the tests of the store work.
var Today = calendar.MustDate("2026-11-23")

type allowAll struct{}

func (allowAll) Allows(authz.Role, authz.Action) bool { return true }

// In is the scope of an officer with one role in each of the regions.
func In(codes ...region.Code) authz.Scope {
	var grants []authz.Grant
	for _, code := range codes {
		grants = append(grants, authz.Grant{Role: authz.CaseWorker, Region: code})
	}
	return authz.ScopeOf(allowAll{}, grants, authz.CaseRead, calendar.MustDate("2026-11-23").Time())
}

// Request is a change by the officer in regions that may be sent again under a key.
func (b *Office) Request(key string, codes ...region.Code) authz.Op {
	return authz.Op{Actor: b.Officer, Scope: In(codes...), Request: authz.Request{Route: "test", Key: key,
		Digest: []byte(key)}}
}

// Opening is a worker whose NIK is made of n.
func Opening(t *testing.T, code region.Code, n int) casework.Opening {
	t.Helper()
	nik, err := identity.ParseNIK(fmt.Sprintf("%s01010190%04d", code, n))
	OK(t, err)
	return casework.Opening{Source: "test", Case: casework.Case{Region: code,
		TerminatedOn: calendar.MustDate("2026-10-01"), OpenedOn: calendar.MustDate("2026-11-01")},
		Person: casework.Person{Name: fmt.Sprintf("Siti Nurhaliza %d", n), NIK: nik,
			Wage: identity.NewWage(4_000_000), Address: identity.NewSecret("Jl. Merdeka 1")}}
}

// OpenCase opens the case of Opening.
func (b *Office) OpenCase(t *testing.T, code region.Code, n int) casework.State {
	t.Helper()
	state, err := b.Open(t.Context(), b.Request("", code), Opening(t, code, n))
	OK(t, err)
	return state
}

// Advance moves a case to a stage as its lifecycle does.
func Advance(to casework.Stage) func(*casework.Case) (casework.Event, error) {
	return func(c *casework.Case) (casework.Event, error) {
		return c.Advance(casework.Advance{To: to, Outcome: map[bool]casework.Outcome{
			true: casework.Placed}[to == casework.Closed], Reason: map[bool]string{true: "kembali"}[c.Stage == casework.Closed],
			OccurredOn: calendar.MustDate("2026-11-02")})
	}
}
