package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/stores"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vault"
)

// spoilt is a database that one thing was done to, and how the check words it.
type spoilt struct {
	name, check string
	sql         string // NAME stands for the database
	dsn         string // added to the address of the runtime role
	says        string
	told        bool // not grave
}

var spoiltDatabases = []spoilt{
	{name: "the test server itself", check: "durability", says: "fsync=off"},
	{name: "commit by address", check: "durability", dsn: " synchronous_commit=off", says: "synchronous_commit=off"},
	{name: "schema of a newer program", check: "schema",
		sql: "insert into goose_db_version (version_id, is_applied) values (99, true)", says: "newer than this program"},
	{name: "schema that lacks the newest", check: "schema", sql: "delete from goose_db_version where version_id = 16",
		says: "run `tanggap migrate`"},
	{name: "schema of another text", check: "schema",
		sql: "update schema_migration set sha256 = sha256('x') where version = 3", says: "00003_casework.sql"},
	{name: "no deadline by address", check: "deadlines", dsn: " statement_timeout=0", says: "statement_timeout=0"},
	{name: "no deadline for locks", check: "deadlines", dsn: " lock_timeout=0", says: "lock_timeout=0"},
	{name: "no deadline in transactions", check: "deadlines", dsn: " idle_in_transaction_session_timeout=0",
		says: "idle_in_transaction_session_timeout=0"},
	{name: "triggers passed over", check: "triggers", sql: "alter database NAME set session_replication_role = replica",
		says: "replica"},
	{name: "row security off", check: "guards", sql: "alter table cases disable row level security",
		says: "row security cases is missing"},
	{name: "row security not for the owner", check: "guards", sql: "alter table cases no force row level security",
		says: "row security cases is on"},
	{name: "policy dropped", check: "guards", sql: "drop policy scope on claim", says: "policy claim.scope is missing"},
	{name: "policy opened", check: "guards", sql: "alter policy scope on claim using (true)",
		says: "policy claim.scope is"},
	{name: "policy added", check: "guards", sql: "create policy wide on cases to tanggap_app using (true)",
		says: "policy cases.wide should not be there"},
	{name: "trigger of a history off", check: "guards",
		sql: "alter table case_history disable trigger case_history_append_only", says: "switched off"},
	{name: "trigger of a history dropped", check: "guards",
		sql: "drop trigger layoff_history_append_only on layoff_history", says: "layoff_history_append_only is missing"},
	{name: "all triggers off", check: "guards", sql: "alter table cases disable trigger all", says: "switched off cases"},
	{name: "history may be deleted", check: "guards", sql: "grant delete on case_history to tanggap_app",
		says: "grant table case_history to tanggap_app is DELETE"},
	{name: "history may be updated", check: "guards", sql: "grant update (payload) on case_history to tanggap_app",
		says: "case_history.payload to tanggap_app should not be there"},
	{name: "record may be changed", check: "guards", sql: "grant update, delete on access_record to public",
		says: "access_record to public should not be there"},
	{name: "record may not be written", check: "guards", sql: "revoke insert on access_record from tanggap_app",
		says: "grant table access_record to tanggap_app is SELECT"},
	{name: "function replaced", check: "guards",
		sql:  "create or replace function in_scope(code text) returns boolean language sql stable as 'select true'",
		says: "function in_scope(text) is"},
	{name: "column dropped", check: "guards", sql: "alter table training drop column cost",
		says: "column training.cost is missing"},
	{name: "constraint dropped", check: "guards", sql: "drop index cases_one_open",
		says: "unique index cases_one_open is missing"},
	{name: "index added", check: "additions", sql: "create index mine on cases (opened_on)", says: "index mine",
		told: true},
	{name: "table added", check: "additions", sql: "create table mine ()", says: "relation mine", told: true},
	{name: "index dropped", check: "additions", sql: "drop index cases_stage", says: "index cases_stage is missing",
		told: true},
	{name: "statements logged", check: "statements in the log",
		sql:  "alter database NAME set log_statement = 'all'; alter database NAME set log_parameter_max_length = -1",
		says: "log_statement=all"},
	{name: "slow statements logged", check: "values in the log",
		sql: "alter database NAME set log_min_duration_statement = 100; alter database NAME set log_parameter_max_length = -1", says: "log_min_duration_statement=100", told: true},
	{name: "refused rows logged", check: "values in the log",
		sql: "alter database NAME set log_error_verbosity = 'default'", says: "log_error_verbosity=default", told: true},
	{name: "objects in public", check: "place for objects", sql: "grant create on schema public to public",
		says: "may create objects", told: true},
}

func inspect(t *testing.T, dsn string, accepted ...string) []store.Finding {
	t.Helper()
	found, err := store.Inspect(t.Context(), dsn, accepted...)
	storetest.OK(t, err)
	for _, f := range found {
		storetest.OK(t, f.Err)
	}
	return found
}

func TestUnsafeDatabasesAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range spoiltDatabases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			for sql := range strings.SplitSeq(strings.ReplaceAll(c.sql, "NAME", db.Name), "; ") {
				exec(t, db, sql)
			}
			for _, f := range inspect(t, db.AppDSN+c.dsn) {
				switch {
				case f.Check == "durability" && c.check != "durability": // of the test server
				case f.Check != c.check && !f.OK():
					t.Errorf("%s: %v", f.Check, f.Wrong)
				case f.Check != c.check:
				case !slices.ContainsFunc(f.Wrong, func(line string) bool { return strings.Contains(line, c.says) }):
					t.Errorf("%s says %q, want %q", f.Check, f.Wrong, c.says)
				case (f.Refusal() == nil) != c.told:
					t.Errorf("refused: %v", f.Refusal())
				}
			}
		})
	}
}

// A login may become somebody else only when it was made a member: every such way is one to pass the guards.
func TestLoginsThatMayDoMoreAreRefused(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	login := db.Name + "_login"
	exec(t, db, "create role "+login+" login in role tanggap_app")
	defer func() { exec(t, db, "drop owned by "+login+"; drop role "+login) }()
	dsn := strings.Replace(db.AppDSN, "user='tanggap_app'", "user='"+login+"'", 1)
	rights := func() store.Finding {
		found := inspect(t, dsn)
		return found[slices.IndexFunc(found, func(f store.Finding) bool { return f.Check == "rights" })]
	}
	if f := rights(); !f.OK() {
		t.Fatalf("a mere member of tanggap_app: %v", f.Wrong)
	}
	for _, c := range []struct{ do, undo, says string }{
		{"grant tanggap_owner to " + login, "revoke tanggap_owner from " + login, "may act as tanggap_owner"},
		{"alter role " + login + " superuser", "alter role " + login + " nosuperuser", "is a superuser"},
		{"alter role " + login + " bypassrls", "alter role " + login + " nobypassrls", "bypasses row security"},
		{"alter role " + login + " createrole", "alter role " + login + " nocreaterole", "may create roles"},
		{"alter role " + login + " replication", "alter role " + login + " noreplication", "by replication"},
		{"grant pg_read_all_data to " + login, "revoke pg_read_all_data from " + login, "pg_read_all_data"},
		{"grant pg_execute_server_program to " + login, "revoke pg_execute_server_program from " + login,
			"pg_execute_server_program"},
		{"create table mine (); alter table mine owner to " + login, "drop table mine", "owns tables"},
		{"alter database " + db.Name + " owner to " + login, "alter database " + db.Name + " owner to " + "tanggap_admin",
			"or the database"},
	} {
		exec(t, db, c.do)
		if f := rights(); f.Refusal() == nil || !strings.Contains(f.Refusal().Error(), c.says) {
			t.Errorf("%s: %v", c.do, f.Wrong)
		}
		v, err := vault.Generate()
		storetest.OK(t, err)
		if s, err := stores.Open(t.Context(), store.Config{DSN: dsn, MaxConns: 2, Vault: v,
			Tree: storetest.Regions(t)}); err == nil {
			s.Close()
			t.Errorf("%s: opened", c.do)
		}
		exec(t, db, c.undo)
	}
}

// A schema of somebody else in front of ours is looked into by no connection, whoever put it there.
func TestForeignSchemasAreNotLookedInto(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sql, dsn string }{
		"database": {sql: "alter database NAME set search_path = foreign_one, public"},
		"address":  {dsn: " search_path=foreign_one,public"},
		"options":  {dsn: " options='-c search_path=foreign_one,public'"},
		"by name":  {sql: "alter schema foreign_one rename to tanggap_app"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.New(t)
			exec(t, db, "create schema foreign_one create table cases (id uuid); grant usage on schema foreign_one to public")
			if c.sql != "" {
				exec(t, db, strings.ReplaceAll(c.sql, "NAME", db.Name))
			}
			for _, f := range inspect(t, db.AppDSN+c.dsn) {
				if !f.OK() && f.Check != "durability" {
					t.Errorf("%s: %v", f.Check, f.Wrong)
				}
			}
			v, err := vault.Generate()
			storetest.OK(t, err)
			s, err := stores.Open(t.Context(), store.Config{DSN: db.AppDSN + c.dsn, MaxConns: 2, Vault: v,
				Tree: storetest.Regions(t)})
			storetest.OK(t, err)
			defer s.Close()
			var found string
			storetest.OK(t, s.Pool.QueryRow(t.Context(),
				"select 'cases'::regclass::oid::regclass::text || current_schema()").Scan(&found))
			if found != "casespublic" {
				t.Errorf("found %s", found)
			}
		})
	}
}

func TestEveryCheckIsBroken(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{"rights": true, "search path": true} // above, and below
	for _, c := range spoiltDatabases {
		broken[c.check] = true
	}
	for _, f := range inspect(t, storetest.New(t).AppDSN) {
		if !broken[f.Check] {
			t.Errorf("nothing breaks the check %s", f.Check)
		}
		if f.Asks == "" || f.Cure == "" {
			t.Errorf("%s does not say what it asks, or what to do", f.Check)
		}
	}
}

// What is accepted is told all the same.
func TestAcceptedFindingsAreTold(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	for _, f := range inspect(t, db.AppDSN, "durability") {
		if f.Check == "durability" && (f.OK() || f.Refusal() != nil) {
			t.Errorf("%v %v", f.Wrong, f.Refusal())
		}
	}
}

// Something between the program and the database may drop what a connection asks for.
func TestSearchPathIsAskedBack(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	conn := db.Admin(t)
	exec := func(sql string) {
		_, err := conn.Exec(t.Context(), sql)
		storetest.OK(t, err)
	}
	exec("set search_path = 'public'")
	if f := store.RunCheck(t.Context(), conn, "search path"); f.Refusal() == nil {
		t.Errorf("%v", f)
	}
	exec("set search_path = public, pg_temp")
	if f := store.RunCheck(t.Context(), conn, "search path"); !f.OK() {
		t.Errorf("%v", f)
	}
}
