package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

// What PostgreSQL says, by its code, and what a client hears of it. The codes come from a real server.
func TestTheCodesOfTheDatabase(t *testing.T) {
	t.Parallel()
	conn := storetest.New(t).Admin(t)
	for code, want := range map[string]string{
		"40001": "database.unavailable", // serialization failure
		"40P01": "database.unavailable", // deadlock
		"53100": "database.unavailable", // disk full
		"53200": "database.unavailable", // out of memory
		"53300": "database.unavailable", // too many connections
		"57P01": "database.unavailable", // admin shutdown
		"57P03": "database.unavailable", // cannot connect now
		"57014": "database.slow",        // statement timeout
		"25006": "database.unavailable", // read-only: a failover is under way
		"08006": "database.unavailable", // connection failure
		"58030": "database.unavailable", // input/output error
		"55P03": "request.concurrent",   // lock timeout
		"22021": "input.unstorable",     // NUL in a text
		"22003": "input.out_of_range",   // number too large
		"42703": "",                     // undefined column: a bug
		"XX001": "",                     // data corrupted: not to be tried again
		"0A000": "",                     // not supported: a bug, unless it is an old plan
	} {
		raise := "do $$ begin raise exception 'NIK 3273' using errcode = '%s'; end $$"
		_, err := conn.Exec(t.Context(), fmt.Sprintf(raise, code))
		got := store.Translate(err)
		if fault.CodeOf(got) != want {
			t.Errorf("%s: got %v, want %q", code, got, want)
		}
		if want != "" && want[:5] != "input" && fault.KindOf(got) != fault.Unavailable {
			t.Errorf("%s: a %s is not tried again", code, fault.KindOf(got))
		}
		if text := got.Error(); len(text) > 80 {
			t.Errorf("%s: the message of the row shows: %s", code, text)
		}
	}
}

// A constraint is named with its field.
func TestAConstraintNamesItsField(t *testing.T) {
	t.Parallel()
	_, err := storetest.New(t).Admin(t).Exec(t.Context(),
		`do $$ begin raise exception 'x' using errcode = '23514', constraint = 'training_period'; end $$`)
	f, is := errors.AsType[*fault.Error](store.Translate(err))
	if !is || f.Kind != fault.Invalid || f.Code != "training.period" || f.Field != "occurred_on" {
		t.Errorf("got %v", err)
	}
}

// A full disk of our own is not the database's; a file that ends too soon is nobody's connection.
func TestErrorsOfFilesStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	err := store.Translate(&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC})
	if fault.CodeOf(err) != "" || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v", err)
	}
}

// A search that takes too long is told so, also when the time runs out inside its function.
func TestASlowSearchIsToldSo(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	_, err := db.Admin(t).Exec(t.Context(), `create or replace function search_names(wanted text[], most int,
		below real, before uuid, firm text) returns table (case_id uuid, score real) language sql volatile security definer
		set search_path = public, pg_temp
		as $$ select c.id, 1::real from cases c, pg_sleep(120) $$`)
	storetest.OK(t, err)
	v, err := vault.Generate()
	storetest.OK(t, err)
	s, err := stores.Open(t.Context(), store.Config{DSN: db.AppDSN + " statement_timeout=500", MaxConns: 4, Vault: v,
		Tree: storetest.Regions(t)})
	storetest.OK(t, err)
	t.Cleanup(s.Close)
	_, err = s.Search(t.Context(), authz.Everywhere(), casework.Query{Name: "siti", Limit: 10})
	if fault.KindOf(err) != fault.Unavailable || fault.CodeOf(err) != "database.slow" {
		t.Errorf("got %v", err)
	}
}

// An administrator who ends the connections, and a database that takes no writes for now, pass: the next try works.
func TestWhatPassesIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	const end = `select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()`
	for n, disturb := range []string{
		end,
		`alter table cases alter column due_for type varchar(40)`, // the plans of all connections are old
	} {
		b.Do(t, disturb)
		request := func() (casework.State, error) {
			return b.Change(t.Context(), b.Request(fmt.Sprint("k", n), "3273"), made.ID, n+1, note)
		}
		until(t, "the connections to be new", func() bool {
			_, err := request()
			if err != nil && fault.KindOf(err) != fault.Unavailable {
				t.Fatalf("%s: %v", disturb, err)
			}
			return err == nil
		})
	}
	b.Do(t, `do $$ begin
		execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`)
	b.Do(t, end)
	until(t, "a connection that may only read", func() bool {
		_, err := b.Change(t.Context(), b.Request("k9", "3273"), made.ID, 3, note)
		return fault.CodeOf(err) == "database.unavailable"
	})
}

// A request that waits for another one's lock is told to come again.
func TestALockIsWaitedForAndToldOf(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	holder := b.Database.Admin(t)
	tx, err := holder.Begin(t.Context())
	storetest.OK(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	storetest.OK(t, lockCase(t, tx, made))
	_, err = b.Change(t.Context(), b.Request("k", "3273"), made.ID, 1, note)
	if fault.KindOf(err) != fault.Unavailable || fault.CodeOf(err) != "request.concurrent" {
		t.Errorf("got %v", err)
	}
}

func lockCase(t *testing.T, tx pgx.Tx, made casework.State) error {
	t.Helper()
	_, err := tx.Exec(t.Context(), "select from cases where id = $1 for update", [16]byte(made.ID))
	return err
}
