package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// loadedBase is a database with a small country in it.
type loadedBase struct {
	*storetest.Database
	data  *dataset
	vault *vault.Vault
	conn  *pgx.Conn
	first map[string]bool // which tables had rows before the load
}

const loadedCases = 4000

// TestALoadedCountry looks at one small country that was loaded once.
func TestALoadedCountry(t *testing.T) {
	t.Parallel()
	b := loaded(t)
	t.Run("what is loaded holds", b.holds)
	t.Run("every table is loaded", b.isWhole)
	t.Run("lists and counts are what plain SQL gives", b.saysTheSame)
	t.Run("names are found as by comparing all", b.findsNames)
	t.Run("the record of days is walked within them", b.recordsOfDays)
	t.Run("the lists of a regency read what they show", b.regencyReads)
	t.Run("the lists of the nation read what they show", b.nationReads)
	t.Run("a load that was stopped goes on", b.goesOn)
}

func loaded(t *testing.T) *loadedBase {
	t.Helper()
	b := &loadedBase{Database: storetest.New(t)}
	b.conn = b.Admin(t)
	b.first = b.haveRows(t)
	var err error
	if b.vault, err = vault.Generate(); err != nil {
		t.Fatal(err)
	}
	if b.data, err = prepare(t.Context(), b.AdminDSN, b.vault, loadedCases, false); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *loadedBase) open(t *testing.T, dsn string) *stores.Stores {
	t.Helper()
	s, err := stores.Open(t.Context(), store.Config{DSN: dsn, MaxConns: 2, Vault: b.vault, Tree: tree(t)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// foreignKeys asks for each foreign key how many rows break it: a load is not checked while it runs.
const foreignKeys = `select c.conrelid::regclass || '.' || c.conname,
	format('select count(*) from %s a where (%s) is not null and not exists (select from %s b where %s)',
	c.conrelid::regclass, (select string_agg(format('a.%I', x.attname), ', ' order by k.n)
	from unnest(c.conkey) with ordinality k (key, n)
			join pg_attribute x on x.attrelid = c.conrelid and x.attnum = k.key),
		c.confrelid::regclass,
		(select string_agg(format('b.%I = a.%I', y.attname, x.attname), ' and ') from unnest(c.conkey, c.confkey) k (key,
			fkey)
			join pg_attribute x on x.attrelid = c.conrelid and x.attnum = k.key join pg_attribute y on y.attrelid = c.confrelid
				and y.attnum = k.fkey))
	from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace`

func (b *loadedBase) holds(t *testing.T) {
	rows, err := b.conn.Query(t.Context(), foreignKeys)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	var name, query string
	if _, err := pgx.ForEachRow(rows, []any{&name, &query}, func() error { keys[name] = query; return nil }); err != nil {
		t.Fatal(err)
	}
	for name, query := range keys {
		var broken int
		if err := b.conn.QueryRow(t.Context(), query).Scan(&broken); err != nil || broken > 0 {
			t.Errorf("%s: %d rows refer to nothing (%v)", name, broken, err)
		}
	}
	if len(keys) < 50 {
		t.Errorf("only %d foreign keys were looked at", len(keys))
	}
	s := b.open(t, b.AppDSN)
	defer s.Close()
	if _, found, err := s.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil {
		t.Errorf("the histories do not hold: %v %v", found, err)
	}
}

// haveRows says of every table whether it has rows.
func (b *loadedBase) haveRows(t *testing.T) map[string]bool {
	t.Helper()
	rows, err := b.conn.Query(t.Context(),
		"select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	filled := make(map[string]bool, len(names))
	for _, name := range names {
		var there bool
		if err := b.conn.QueryRow(t.Context(), fmt.Sprintf("select exists (select from %s)",
			pgx.Identifier{name}.Sanitize())).Scan(&there); err != nil {
			t.Fatal(err)
		}
		filled[name] = there
	}
	return filled
}

// isWhole: nothing that an office fills may stay empty: what is not there costs nothing in a benchmark. Nor may a load
// empty what the migrations put rows into: the server does not start without.
func (b *loadedBase) isWhole(t *testing.T) {
	// What the server makes itself, and what a load leaves out on purpose.
	left := strings.Fields(`rollup match matching sample export_case log_leaf log_tile log_checkpoint
		deployment deployment_wrapping deployment_change setup_code sign_in_budget sign_in_origin
		counted state_columns state_seal state_since vacancy_change law_history law_release state_step
		mail_day officer_mail webhook webhook_delivery bulk bulk_case log_check`)
	for name, filled := range b.haveRows(t) {
		if b.first[name] && !filled {
			t.Errorf("the load took away what a migration put into %s", name)
		}
		if !filled && !strings.HasPrefix(name, "goose") && !slices.Contains(left, name) {
			t.Errorf("nothing is loaded into %s", name)
		}
	}
	if !b.first["office"] {
		t.Error("no table had rows before the load")
	}
}

func (b *loadedBase) goesOn(t *testing.T) {
	var before, after string
	const digest = "select md5(string_agg(t.id::text, '' order by t.id)) from training t"
	if err := b.conn.QueryRow(t.Context(), digest).Scan(&before); err != nil {
		t.Fatal(err)
	}
	if _, err := b.conn.Exec(t.Context(),
		"set session_replication_role = replica; delete from bench_step where name in ('trainings', 'statistics'); delete "+
			"from attendance; delete from assessment; delete from certificate; delete from training"); err != nil {
		t.Fatal(err)
	}
	if _, err := prepare(t.Context(), b.AdminDSN, b.vault, loadedCases, false); err != nil {
		t.Fatal(err)
	}
	if err := b.conn.QueryRow(t.Context(), digest).Scan(&after); err != nil || after != before || before == "" {
		t.Errorf("the trainings differ: %q, %q (%v)", before, after, err)
	}
}
