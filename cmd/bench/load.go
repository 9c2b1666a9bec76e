package main

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/vault"
)

// The officers that the benchmark signs in as; each sees a part of the country of another size.
const (
	nationMail   = "bench-nation@contoh.go.id"
	provinceMail = "bench-province@contoh.go.id"
	regionMail   = "bench-region@contoh.go.id"
	thinMail     = "bench-thin@contoh.go.id"
)

// dataset is what was loaded.
type dataset struct {
	officer  uuid.UUID
	regency  string // the one with the most cases
	name     string // of that regency
	province string // the one with the most cases
	thin     string // the regency with the fewest cases
	secret   string
}

// areas are the regions that the officers of the benchmark serve, by their address.
func (d *dataset) areas() map[string]string {
	return map[string]string{nationMail: "", provinceMail: d.province, regionMail: d.regency, thinMail: d.thin}
}

// bookkeeping says which steps of a load are done, so that one that was stopped goes on, and how the indexes were made
// that are away meanwhile.
const bookkeeping = `create table if not exists bench_load (cases int primary key, day date not null);
	create table if not exists bench_step (name text primary key);
	create table if not exists bench_index (definition text primary key)`

// prepare loads n cases, and everything that an office has beside them, unless they are there. Constraints and triggers
// are off for the load and hold for the data: the benchmark verifies chains afterwards.
func prepare(ctx context.Context, admin string, v *vault.Vault, n int, reload bool) (*dataset, error) {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	day, begun, err := beginLoad(ctx, conn, n, reload)
	if err != nil {
		return nil, err
	}
	if begun {
		if err := load(ctx, conn, v, n, day); err != nil {
			return nil, fmt.Errorf("load: %w", err)
		}
	}
	if _, err := conn.Exec(ctx, unpublished); err != nil {
		return nil, err
	}
	d := &dataset{secret: password.Generate()}
	return d, d.officers(ctx, conn)
}

// beginLoad says on which day the load began, and whether anything of it is left to do. Another number of cases than is
// there begins from nothing.
func beginLoad(ctx context.Context, conn *pgx.Conn, n int, reload bool) (day calendar.Date, begun bool, err error) {
	if _, err := conn.Exec(ctx, bookkeeping); err != nil {
		return day, false, err
	}
	var known int
	if err := conn.QueryRow(ctx, "select coalesce(max(cases), -1) from bench_load").Scan(&known); err != nil {
		return day, false, err
	}
	if known != n || reload {
		if err := clear(ctx, conn); err != nil {
			return day, false, fmt.Errorf("clear: %w", err)
		}
		today := calendar.Of(wall.Now(), calendar.WIB)
		if _, err := conn.Exec(ctx, "insert into bench_load values ($1, $2)", n, today.Time()); err != nil {
			return day, false, err
		}
	}
	var text string
	err = conn.QueryRow(ctx,
		"select day::text, not exists (select from bench_step where name = 'statistics') from bench_load").Scan(&text, &begun)
	if err != nil {
		return day, false, err
	}
	day, err = calendar.ParseDate(text)
	return day, begun, err
}

// kept are the tables that a load leaves as the migrations made them.
const kept = `'region', 'region_superseded', 'office', 'log_state', 'rollup_state', 'goose_db_version',
	'schema_migration', 'law_edition', 'bench_index', 'deployment', 'deployment_wrapping', 'deployment_change'`

// unpublished makes a database of one that has published nothing: every run publishes into a new folder.
const unpublished = `truncate log_checkpoint; update log_state set published_at = null, unpublished_for = '0',
	publications = 0, contradiction = null`

// clear empties every table that a load fills.
func clear(ctx context.Context, conn *pgx.Conn) error {
	var tables string
	err := conn.QueryRow(ctx, `select string_agg(quote_ident(relname), ', ') from pg_class
		where relnamespace = 'public'::regnamespace
		and relkind in ('r', 'p') and relname not in (`+kept+`)`).Scan(&tables)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `set session_replication_role = replica; truncate `+tables+`; update log_state set size = 0; `+
		unpublished+`;
		update rollup_state set counted_at = null, log_size = -1; set session_replication_role = origin`)
	return err
}

//go:embed draw.sql
var draw string

//go:embed tables.sql
var tables string

// step is one part of a load, in a transaction of its own.
type step struct {
	name string
	do   func(context.Context, *pgx.Conn) error
}

// load runs the steps that are not done yet.
func load(ctx context.Context, conn *pgx.Conn, v *vault.Vault, n int, day calendar.Date) error {
	started := wall.Now()
	if _, err := conn.Exec(ctx, `set session_replication_role = replica; set synchronous_commit = off;
		set maintenance_work_mem = '512MB'; set work_mem = '256MB';
		set enable_nestloop = off`); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, draw); err != nil {
		return fmt.Errorf("make functions: %w", err)
	}
	for _, s := range loadSteps(v, n, day) {
		done, err := runStep(ctx, conn, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if done {
			fmt.Printf("loaded %-18s %6.0f s\n", s.name, wall.Now().Sub(started).Seconds())
		}
	}
	if _, err := conn.Exec(ctx, "vacuum analyze"); err != nil {
		return fmt.Errorf("statistics: %w", err)
	}
	_, err := conn.Exec(ctx,
		"insert into bench_step values ('statistics') on conflict do nothing; set session_replication_role = origin")
	return err
}

func loadSteps(v *vault.Vault, n int, day calendar.Date) []step {
	steps := []step{{"drop indexes", dropIndexes}, {"officers", func(ctx context.Context,
		conn *pgx.Conn) error {
		return loadOfficers(ctx, conn, day)
	}},
		{"layoffs and cases", func(ctx context.Context, conn *pgx.Conn) error { return loadCasework(ctx, conn, v, n, day) }}}
	values := strings.NewReplacer(":cases", fmt.Sprint(n), ":today", "date '"+day.String()+"'", ":vacancies",
		fmt.Sprint(vacanciesOf(n)), ":seekers", fmt.Sprint(seekers))
	for i, part := range strings.Split(tables, "-- load: ") {
		if name, statements, _ := strings.Cut(part, "\n"); i > 0 {
			steps = append(steps, step{name, func(ctx context.Context, conn *pgx.Conn) error {
				_, err := conn.Exec(ctx, values.Replace(statements))
				return err
			}})
		}
	}
	return append(steps, step{"indexes", makeIndexes})
}

// runStep does a step unless it is done, and says whether it did.
func runStep(ctx context.Context, conn *pgx.Conn, s step) (bool, error) {
	var known bool
	if err := conn.QueryRow(ctx, "select exists (select from bench_step where name = $1)",
		s.name).Scan(&known); err != nil || known {
		return false, err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if err := s.do(ctx, conn); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, "insert into bench_step values ($1)", s.name); err != nil {
		return false, err
	}
	return true, tx.Commit(ctx)
}
