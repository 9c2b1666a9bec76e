package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrUnsafe says that a precondition of serving does not hold.
var ErrUnsafe = errors.New("the database is not safe to serve")

// Finding is what one check of the database found.
type Finding struct {
	Check string   // the name of the check
	Asks  string   // what was looked at
	Wrong []string // what is not as it must be; nothing where all is in order
	Grave bool     // serving is refused; otherwise it is told
	Cure  string   // what to do about it
	Err   error    // the check could not be made
}

// mostNamed is how many wrong things an error names.
const mostNamed = 5

// OK tells whether the check was made and found nothing.
func (f Finding) OK() bool { return f.Err == nil && len(f.Wrong) == 0 }

// Refusal is the error of a finding that keeps the database from being served, nil for any other.
func (f Finding) Refusal() error {
	switch {
	case f.Err != nil:
		return fmt.Errorf("check %s of the database: %w", f.Check, f.Err)
	case f.Grave && len(f.Wrong) > 0:
		return fmt.Errorf("%w: %s", ErrUnsafe, f)
	}
	return nil
}

// String says what is wrong, and what to do about it.
func (f Finding) String() string {
	named := f.Wrong[:min(len(f.Wrong), mostNamed)]
	more := ""
	if n := len(f.Wrong) - len(named); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%s: %s%s. %s", f.Check, strings.Join(named, "; "), more, f.Cure)
}

// check is one precondition. Its query gives a row of text for each thing that is wrong, seen as the runtime role: what
// the server, the database, the role or the address set is what a connection of the program has.
type check struct {
	name, asks, sql string
	find            func(context.Context, Queryer) ([]string, error) // in place of sql
	grave           bool
	cure            string
}

// checks are grave where data can be lost, shown to the wrong ones, or changed unseen; the others are told at every
// start.
var checks = []check{
	{
		name: "schema", asks: "each migration of this program was applied, with its text, and no other", grave: true,
		find: func(ctx context.Context, q Queryer) ([]string, error) { return sentence(checkSchema(ctx, q)) },
		cure: "A program and its database go together.",
	},
	{
		name: "rights", grave: true,
		asks: "the login may neither pass row security, nor own tables, nor become a role that does",
		sql: `with own as materialized (
			select distinct relowner as oid from pg_class where relnamespace = 'public'::regnamespace and relpersistence <> 't'
			union select datdba from pg_database where datname = current_database()
		), may as (
			select u.login, r.rolname, concat_ws(' and ',
				case when r.rolsuper then 'is a superuser' end,
				case when r.rolbypassrls then 'bypasses row security' end,
				case when r.rolreplication then 'may copy everything by replication' end,
				case when r.rolcreaterole then 'may create roles' end,
				case when o.oid is not null then 'owns tables or the database' end,
				case when r.rolname ~ '^pg_(read|write)_(all_data|server_files)$|^pg_execute_server_program$'
					then 'is a privilege over everything' end) as what
			from unnest(array[session_user, current_user]) u (login)
			join pg_roles r on pg_has_role(u.login, r.oid, 'member') left join own o on o.oid = r.oid
		)
		select case login when rolname then '' else format('%s may act as ', login) end || format('%s, who %s', rolname, what)
		from may where what <> '' group by login, rolname, what order by login <> rolname, rolname`,
		cure: "Let TANGGAP_DATABASE_URL name tanggap_app, or a login that is a member of nothing else.",
	},
	{
		name: "durability", grave: true,
		asks: "fsync, full_page_writes and synchronous_commit are on, by server, database, login and address",
		sql: `select name || '=' || current_setting(name)
			from unnest(array['fsync', 'full_page_writes', 'synchronous_commit']) name where current_setting(name) = 'off'
			union all select 'synchronous_commit=local while standbys are synchronous'
			where current_setting('synchronous_commit') = 'local' and current_setting('synchronous_standby_names') <> ''`,
		cure: "Set them to on: what is acknowledged would be lost in a crash.",
	},
	{
		name: "deadlines", grave: true,
		asks: "statement_timeout, lock_timeout and idle_in_transaction_session_timeout are not 0",
		sql: `select name || '=0'
			from unnest(array['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) name
			where current_setting(name) = '0'`,
		cure: "Take them out of the address of the database: the program sets its own.",
	},
	{
		name: "search path", asks: "tables and functions are looked for in the schema public alone", grave: true,
		sql: `select 'search_path=' || current_setting('search_path')
			where current_setting('search_path') <> '` + searchPath + `'`,
		cure: "Let nothing between the program and the database drop its settings.",
	},
	{
		name: "triggers", asks: "triggers are not passed over (session_replication_role)", grave: true,
		sql: `select 'session_replication_role=' || current_setting('session_replication_role')
			where current_setting('session_replication_role') <> 'origin'`,
		cure: "Set it back to origin: histories and their guards are written by triggers.",
	},
	{
		name: "guards", grave: true,
		asks: "tables, row security, policies, triggers, functions and grants are those that the migrations made",
		find: func(ctx context.Context, q Queryer) ([]string, error) { return differing(ctx, q, true) },
		cure: "Undo what was changed by hand, or restore the database: it shows or takes what it must not.",
	},
	{
		name: "additions", asks: "nothing was added to the schema, and no index taken from it",
		find: func(ctx context.Context, q Queryer) ([]string, error) { return differing(ctx, q, false) },
		cure: "Keep what is yours in another schema; take indexes back by a migration.",
	},
	{
		name: "statements in the log", grave: true,
		asks: "the server does not log statements with their values (log_statement)",
		sql: `select 'log_statement=' || current_setting('log_statement')
			where current_setting('log_statement') in ('mod', 'all') and current_setting('log_parameter_max_length') <> '0'`,
		cure: "Set log_statement=none, or log_parameter_max_length=0: the log of the database would hold names of workers.",
	},
	{
		name: "values in the log", asks: "the server does not log values of slow or refused statements",
		sql: `select format('%s=%s with log_parameter_max_length=%s',
					name, current_setting(name), current_setting('log_parameter_max_length'))
				from unnest(array['log_min_duration_statement', 'log_min_duration_sample']) name
				where current_setting(name) <> '-1' and current_setting('log_parameter_max_length') <> '0'
			union all select 'log_parameter_max_length_on_error=' || current_setting('log_parameter_max_length_on_error')
				where current_setting('log_parameter_max_length_on_error') <> '0'
			union all select 'log_error_verbosity=' || current_setting('log_error_verbosity')
				where current_setting('log_error_verbosity') <> 'terse'`,
		cure: "Set log_parameter_max_length=0 and log_error_verbosity=terse: " +
			"the log of the database would hold refused rows.",
	},
	{
		name: "place for objects", asks: "the runtime role may create nothing in the schema public",
		sql: `select current_user || ' may create objects in the schema public'
			where has_schema_privilege(current_user, 'public', 'create')`,
		cure: "revoke create on schema public from public;",
	},
}

// sentence makes a refusal a finding, and leaves an error of the connection one.
func sentence(err error) ([]string, error) {
	for _, refusal := range []error{ErrNewerSchema, ErrOlderSchema, ErrOtherSchema} {
		if errors.Is(err, refusal) {
			return []string{err.Error()}, nil
		}
	}
	return nil, err
}

func differing(ctx context.Context, q Queryer, grave bool) ([]string, error) {
	found, err := differences(ctx, q)
	var list []string
	for _, d := range found {
		if d.grave == grave {
			list = append(list, d.String())
		}
	}
	return list, err
}

// finding is the check before it is made.
func (c *check) finding() Finding {
	return Finding{Check: c.name, Asks: c.asks, Grave: c.grave, Cure: c.cure}
}

// Checks names what Inspect looks at, for those who cannot make it.
func Checks() []Finding {
	list := make([]Finding, len(checks))
	for i := range checks {
		list[i] = checks[i].finding()
	}
	return list
}

// checkTimeout bounds all checks of one database together, a server that stands still included.
const checkTimeout = 30 * time.Second

// run makes the check.
func (c *check) run(ctx context.Context, q Queryer) Finding {
	f := c.finding()
	if c.find != nil {
		f.Wrong, f.Err = c.find(ctx, q)
		return f
	}
	rows, err := q.Query(ctx, c.sql)
	if err == nil {
		f.Wrong, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	f.Err = err
	return f
}

// Inspect makes every check on a connection like those of the program, and gives what each found. Checks that are
// named in accepted are told like the others and never grave.
func Inspect(ctx context.Context, dsn string, accepted ...string) ([]Finding, error) {
	config, err := runtimeConfig(dsn)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	list := make([]Finding, len(checks))
	for i := range checks {
		list[i] = checks[i].run(ctx, conn)
		list[i].Grave = list[i].Grave && !slices.Contains(accepted, list[i].Check)
	}
	return list, nil
}

// checkVital makes the checks that every opening makes, whatever for: they are quick, and nothing can be done without
// them.
func checkVital(ctx context.Context, pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if err := checkSchema(ctx, pool); err != nil {
		return err
	}
	i := slices.IndexFunc(checks, func(c check) bool { return c.name == "rights" })
	return checks[i].run(ctx, pool).Refusal()
}
