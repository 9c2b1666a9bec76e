package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/clock"
)

// wall is the clock of the measure.
var wall = clock.System()

// bench measures a loaded database through a running server.
type bench struct {
	*options
	admin          string
	data           *dataset
	server         *server
	nation, region string // tokens
	ids            []string
	seekers        []string // cases whose workers look for work
	used           atomic.Int64
	moves          int           // cases that plain SQL moves
	pause          time.Duration // between the calls of a connection: an office that reads, not one that hammers
}

// figure is what one round gave.
type figure struct {
	rate     float64 // per second
	p50, p99 time.Duration
}

func (b *bench) signIn(ctx context.Context) (err error) {
	if b.nation, err = b.server.signIn(nationMail, b.data.secret); err != nil {
		return err
	}
	if b.region, err = b.server.signIn(regionMail, b.data.secret); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	// Cases in an order that is not that of any index; those moved by an earlier run are left out, and so are those that
	// plain SQL moves.
	rows, err := conn.Query(ctx,
		"select id::text from cases where version = $1 and stage = 'benefit' order by md5(id::text) limit 400000", entries)
	if err != nil {
		return err
	}
	if b.ids, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `drop table if exists bench_case; create table bench_case as select row_number() over () as n,
		id from cases; create unique index on bench_case (n);
		drop table if exists bench_move; create table bench_move as select row_number() over () as n, id from cases
		where stage in ('training', 'placement'); create unique index on bench_move (n); analyze bench_case, bench_move`)
	if err != nil {
		return err
	}
	return conn.QueryRow(ctx, "select count(*) from bench_move").Scan(&b.moves)
}

// measureAll measures what was asked for.
func (b *bench) measureAll(ctx context.Context) error {
	if b.Only == "pages" {
		return b.pages(ctx)
	}
	if b.Only != "lists" {
		if err := b.compare(ctx); err != nil {
			return err
		}
	}
	if b.Only == "hubs" {
		return nil
	}
	if err := b.lists(ctx); err != nil {
		return err
	}
	return b.pages(ctx)
}

// compare takes both sides of each measure in turns, and prints their medians and ratios.
func (b *bench) compare(ctx context.Context) error {
	fmt.Printf("\n%-28s %5s %12s %9s %9s %12s %7s\n", "measure", "conns", "tanggap/s", "p50", "p99", "sql/s", "ratio")
	goals := map[string]float64{}
	pages := map[string]float64{}
	if err := b.prepareHubs(ctx); err != nil {
		return err
	}
	measures := b.hubs()
	if b.Only != "hubs" {
		measures = append(b.measures(), measures...)
	}
	for _, m := range measures {
		for _, conns := range b.Conns {
			var ours []figure
			var plain []float64
			for range b.Rounds {
				f, err := b.round(ctx, m, conns)
				if err != nil {
					return fmt.Errorf("%s: %w", m.name, err)
				}
				rate, err := b.pgbench(ctx, m.script, conns)
				if err != nil {
					return fmt.Errorf("%s by plain SQL: %w", m.name, err)
				}
				ours, plain = append(ours, f), append(plain, rate)
			}
			slices.SortFunc(ours, func(a, b figure) int { return int(a.rate - b.rate) })
			slices.Sort(plain)
			f, sql := ours[len(ours)/2], plain[len(plain)/2]
			fmt.Printf("%-28s %5d %12.0f %9s %9s %12.0f %7.2f\n", m.name, conns, f.rate, f.p50.Round(10*time.Microsecond),
				f.p99.Round(10*time.Microsecond), sql, f.rate/sql)
			goals[m.name], pages[m.name] = f.rate/sql, f.rate
		}
	}
	if err := b.matchAll(ctx); err != nil || b.Only == "hubs" {
		return err
	}
	export, err := b.export(ctx)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := b.intake(ctx); err != nil {
		return fmt.Errorf("intake beside readers: %w", err)
	}
	intake, err := b.quiet(ctx)
	if err != nil {
		return fmt.Errorf("intake: %w", err)
	}
	fmt.Println()
	for _, g := range []struct {
		name        string
		value, want float64
	}{{transition, goals[transition], 0.5}, {pageNation, goals[pageNation], 0.35}, {pageRegion, goals[pageRegion], 0.35},
		{oneCase, goals[oneCase], 0.3}, {"export", export, 0.6}, {"intake", intake, 0.3},
		{"regency page, of the national", pages[pageRegion] / pages[pageNation], 1 / 1.5}} {
		fmt.Printf("%-32s %.2f, at least %.2f: %s\n", g.name, g.value, g.want, map[bool]string{true: "reached",
			false: "MISSED"}[g.value >= g.want])
	}
	return nil
}

// round drives the server with so many connections for one duration. Every answer must be a 200.
func (b *bench) round(ctx context.Context, m measure, conns int) (figure, error) {
	var group sync.WaitGroup
	times := make([][]time.Duration, conns)
	errs := make([]error, conns)
	started := wall.Now()
	for i := range conns {
		group.Go(func() { times[i], errs[i] = b.drive(ctx, m, started.Add(b.Duration)) })
	}
	group.Wait()
	took := wall.Now().Sub(started)
	var all []time.Duration
	for i := range conns {
		if errs[i] != nil {
			return figure{}, errs[i]
		}
		all = append(all, times[i]...)
	}
	slices.Sort(all)
	return figure{float64(len(all)) / took.Seconds(), all[len(all)/2], all[len(all)*99/100]}, nil
}

func (b *bench) drive(ctx context.Context, m measure, until time.Time) ([]time.Duration, error) {
	c, err := b.server.dial()
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }()
	var times []time.Duration
	for now := wall.Now(); now.Before(until) && ctx.Err() == nil; {
		status, err := c.call(m.request(b))
		if err != nil || status != http.StatusOK {
			return nil, fmt.Errorf("answered %d %s: %w", status, c.body, err)
		}
		done := wall.Now()
		times = append(times, done.Sub(now))
		if b.pause > 0 {
			time.Sleep(b.pause)
			done = wall.Now()
		}
		now = done
	}
	return times, nil
}

var tps = regexp.MustCompile(`tps = ([0-9.]+)`)

// pgbench runs a script with so many clients for one duration and gives transactions per second.
func (b *bench) pgbench(ctx context.Context, script string, clients int) (float64, error) {
	file, err := os.CreateTemp("", "bench-*.sql")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	script = strings.NewReplacer("CASES", strconv.Itoa(b.Cases), "SEEKERS", strconv.Itoa(len(b.seekers)), "MOVES",
		strconv.Itoa(b.moves), "OFFICER", b.data.officer.String(), "REGENCY", b.data.regency).Replace(script)
	if _, err := file.WriteString(script); err != nil {
		return 0, err
	}
	if err := file.Close(); err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, program("pgbench"), "-n", "-M", "prepared", "-f", file.Name(), "-c",
		strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, 2)), "-T", strconv.Itoa(max(1, int(b.Duration.Seconds()))),
		b.admin)
	out, err := cmd.CombinedOutput()
	found := tps.FindSubmatch(out)
	if err != nil || found == nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

// program finds a PostgreSQL program where Debian keeps it, or on the path.
func program(name string) string {
	for _, version := range []string{"18", "17", "16", "15"} {
		if path := "/usr/lib/postgresql/" + version + "/bin/" + name; exists(path) {
			return path
		}
	}
	return name
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// wholeExport is how many cases the export is measured with at most; more, and it is the largest regency's.
const wholeExport = 100_000

// export compares an export, from the order until its file is whole, with COPY of the same rows into a file by psql,
// and verifies it.
func (b *bench) export(ctx context.Context) (float64, error) {
	token, area, where := b.region, b.data.regency, "c.region = '"+b.data.regency+"'"
	if b.Cases <= wholeExport {
		token, area, where = b.nation, "the nation", "true"
	}
	var ours, plain []time.Duration
	file := filepath.Join(filepath.Dir(b.server.path), "export.zip.age")
	// A server that has done nothing yet, so that its memory tells what the exports alone needed.
	b.server.stop()
	if _, err := b.server.start(ctx); err != nil {
		return 0, err
	}
	before, said := b.server.peak(), ""
	for range b.Rounds {
		started := wall.Now()
		var err error
		if said, err = b.server.tanggap(ctx, token, "export", "-o", file); err != nil {
			return 0, err
		}
		ours = append(ours, wall.Now().Sub(started))
		started = wall.Now()
		if err := exec.CommandContext(ctx, program("psql"), b.admin, "-q", "-o", file+".plain", "-c",
			strings.ReplaceAll(copyScript, "WHERE", where)).Run(); err != nil {
			return 0, fmt.Errorf("copy: %w", err)
		}
		plain = append(plain, wall.Now().Sub(started))
	}
	slices.Sort(ours)
	slices.Sort(plain)
	a, c := ours[len(ours)/2], plain[len(plain)/2]
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	made, err := b.made(ctx)
	if err != nil {
		return 0, err
	}
	fmt.Printf("%-28s %5d %9.1f MiB in %s (fetched, too: %s), COPY to a file in %s %6.2f (%.2f); peak memory +%d MiB\n",
		"export of "+area, 1, float64(info.Size())/(1<<20), made.Round(time.Millisecond),
		a.Round(time.Millisecond), c.Round(time.Millisecond), c.Seconds()/made.Seconds(), c.Seconds()/a.Seconds(),
		(b.server.peak()-before)>>20)
	return c.Seconds() / made.Seconds(), b.verify(ctx, file, said)
}

// made is how long the exports took from the order until they were ready, in the middle.
func (b *bench) made(ctx context.Context) (time.Duration, error) {
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(ctx) }()
	var seconds float64
	err = conn.QueryRow(ctx, `select percentile_cont(0.5) within group (order by extract(epoch
		from ready_at - created_at)) from
		(select * from export where ready_at is not null order by id desc limit $1) x`, b.Rounds).Scan(&seconds)
	return time.Duration(seconds * float64(time.Second)), err
}

// verify takes the time that proving an export, and the whole database, takes.
func (b *bench) verify(ctx context.Context, file, said string) error {
	_, rest, _ := strings.Cut(said, "passphrase: ")
	secret, _, _ := strings.Cut(rest, "\n")
	for _, args := range [][]string{{"verify", file, "--passphrase", secret}, {"verify"}} {
		started := wall.Now()
		out, err := b.server.tanggap(ctx, "", args...)
		if err != nil {
			return err
		}
		line, _, _ := strings.Cut(out, "\n")
		fmt.Printf("%-28s %s in %s\n", "tanggap verify", line, wall.Now().Sub(started).Round(10*time.Millisecond))
	}
	return nil
}

func newKey() string { return uuid.NewString() }
