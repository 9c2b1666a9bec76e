// Command bench measures Tanggap over HTTP beside the same work done by plain SQL in the same run: transitions, the
// caseload page, one case with its history, and the export of histories. The machine may be shared and noisy, so both
// sides take turns and ratios of medians are printed, not absolute promises.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"

	"github.com/tanggap/tanggap/pkg/store/stores"

	"github.com/alecthomas/kong"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

type options struct {
	Cases    int            `default:"1000000" help:"Cases to load, six history entries each."`
	Dir      string         `default:"${dir}" help:"Data folder, kept between runs; loaded anew when the number of cases differs."`
	Duration time.Duration  `default:"4s" help:"Of one round of one measure."`
	Rounds   int            `default:"3" help:"Rounds; both sides take turns, the median counts."`
	Conns    []int          `default:"1,4,16" help:"Connections."`
	Reload   bool           `help:"Load anew in any case."`
	Lists    *regexp.Regexp `default:"." help:"Only those lists, counts and searches whose path or body matches."`
	Only     string         `enum:"all,lists,hubs,pages" default:"all" help:"Measure only the lists, counts and searches; or only matching and reports; or only pages of the console."`
}

func main() {
	localpg.Supervise()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	kong.Parse(&o, kong.Vars{"dir": filepath.Join(os.TempDir(), "tanggap-bench")})
	if err := o.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// count takes all histories into the log, and has the reports counted, before anything is measured; and says how long
// that takes.
func count(ctx context.Context, dsn string, v *vault.Vault) (size int64, err error) {
	s, err := stores.Open(ctx, store.Config{DSN: dsn, MaxConns: 2, Vault: v})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	started := wall.Now()
	if size, err = s.Seal(ctx); err != nil {
		return 0, fmt.Errorf("seal: %w", err)
	}
	fmt.Printf("the log holds %d entries; sealed in %s\n", size, wall.Now().Sub(started).Round(time.Millisecond))
	started = wall.Now()
	if err := s.Rollup(ctx); err != nil {
		return 0, fmt.Errorf("count for the reports: %w", err)
	}
	fmt.Printf("counted for the reports in %s\n", wall.Now().Sub(started).Round(time.Millisecond))
	return size, nil
}

func (o *options) run(ctx context.Context) error {
	pg, err := localpg.Start(ctx, localpg.Options{Dir: o.Dir, Durable: true})
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	defer func() { _ = pg.Close() }()
	if err := store.Create(ctx, pg.DSN("postgres", localpg.Superuser), "tanggap"); err != nil {
		return err
	}
	admin := pg.DSN("tanggap", localpg.Superuser)
	if err := store.Migrate(ctx, admin); err != nil {
		return err
	}
	keys := filepath.Join(pg.Dir(), "keys.json")
	v, err := vault.OpenOrCreate(keys)
	if err != nil {
		return err
	}
	data, err := prepare(ctx, admin, v, o.Cases, o.Reload)
	if err != nil {
		return err
	}
	size, err := count(ctx, pg.DSN("tanggap", "tanggap_app"), v)
	if err != nil {
		return err
	}
	server, err := buildServer(ctx, pg.DSN("tanggap", "tanggap_app"), keys)
	if err != nil {
		return err
	}
	defer server.remove()
	took, err := server.start(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("started: port open after %s, ready after %s, %d entries published after %s (%.0f/s)\n",
		took.open.Round(time.Millisecond),
		took.ready.Round(time.Millisecond), size, took.published.Round(time.Millisecond),
		float64(size)/took.published.Seconds())
	defer server.stop()
	b := &bench{options: o, admin: admin, data: data, server: server}
	if err := b.signIn(ctx); err != nil {
		return err
	}
	return b.measureAll(ctx)
}
