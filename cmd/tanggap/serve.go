package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/jobs"
	"github.com/tanggap/tanggap/pkg/observability"
	"github.com/tanggap/tanggap/pkg/store"
)

type serveCommand struct {
	database
	limits
	Listen   string        `env:"TANGGAP_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where to serve. Put a proxy with TLS in front of anything but loopback."`
	Demo     bool          `help:"Migrate, and add a small demo office when there is no officer yet. Never for real data."`
	Migrate  bool          `help:"Migrate before serving. Always so with the private PostgreSQL."`
	Workers  int           `env:"TANGGAP_WORKERS" default:"2" help:"Jobs that run at once in this process; 0 leaves them to others."`
	Patience time.Duration `env:"TANGGAP_CHECKPOINT_PATIENCE" default:"15m" help:"Writing stops when no checkpoint could be published for so long."`
	LogLevel string        `env:"TANGGAP_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"Least level to log (${enum}). At debug every request is logged, by its route."`
	LogText  bool          `env:"TANGGAP_LOG_TEXT" help:"Log as text instead of JSON."`
}

const (
	gcPercent   = 800
	memoryLimit = 400 << 20 // bytes; beyond it the collector works as hard as it must
)

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context) error {
	log := observability.NewLogger(os.Stderr, c.LogLevel, c.LogText)
	if os.Getenv("GOGC") == "" {
		// What lives on between requests is small: collecting at twice that would take a sixth of the time.
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(memoryLimit)
	}
	r, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer r.close()
	if c.Demo || c.Migrate || c.URL == "" {
		if err := store.Migrate(ctx, r.owner); err != nil {
			return err
		}
	}
	a, err := open(ctx, r, c.Conns, log)
	if err != nil {
		return err
	}
	defer a.store.Close()
	if err := a.vouch(ctx, c.Patience); err != nil {
		return err
	}
	if c.Demo {
		if err := welcome(ctx, a, c.Listen); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (is another Tanggap running? choose another with --listen): %w", c.Listen, err)
	}
	log.InfoContext(ctx, "serving", "listen", listener.Addr().String())
	return c.run(ctx, a, listener)
}

// run lets the parts of the server live and end together.
func (c *serveCommand) run(ctx context.Context, a *app, listener net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.server(c.limits).Run(ctx, listener) })
	group.Go(func() error { watch(ctx, a); return nil })
	group.Go(func() error {
		elapsed := clock.Elapsed()
		jobs.KeepLog(ctx, jobs.Log{Seal: a.store.Seal, Publish: a.publish, Count: a.store.Waiting(elapsed).Count, Stopped: a.stopped,
			Publishing: a.store.Publishing, Elapsed: elapsed, Tried: &a.tried}, a.log)
		return nil
	})
	if c.Workers > 0 {
		group.Go(func() error {
			return jobs.Run(ctx, jobs.Queue{Pool: a.store.Pool(), Schema: store.JobSchema, Workers: c.Workers, Log: quieter(a.log)},
				jobs.Work{Exports: a.services.Exports, WaitingExports: a.store.WaitingExports, Intake: a.services.Intakes, Waiting: a.store.WaitingIntakes, Forget: a.store.ForgetAnswers, Alarm: a.alarm,
					Matching: a.services.Matching, WaitingRuns: a.store.WaitingRuns, Expire: a.services.Tracks.ExpireReferrals, Rollup: a.store.KeepFigures, Remind: a.store.Remind})
		})
	}
	return group.Wait()
}

// vouch holds the database against what was published before anybody is served from it. The next checkpoint, which may take
// minutes when it is the first, is published beside the requests; /readyz waits for it.
func (a *app) vouch(ctx context.Context, patience time.Duration) error {
	if _, err := a.store.Compare(ctx, a.key, a.sink); store.Disagrees(err) {
		return a.evidenceFault(err)
	} else if err != nil {
		a.log.WarnContext(ctx, "the newest checkpoint cannot be read; writing stops if that lasts", "error", err)
	}
	return a.store.SetPatience(ctx, patience)
}

// alarm raises the alarms over mass reading, and logs each once.
func (a *app) alarm(ctx context.Context) error {
	return a.store.RaiseAlarms(ctx, func(al accesslog.Alarm) {
		a.log.WarnContext(ctx, "mass reading", "officer", al.Officer.String(), "kind", al.Kind, "subjects", al.Subjects)
	})
}

func (a *app) publish(ctx context.Context) error {
	_, err := a.store.Publish(ctx, a.key, a.sink)
	return err
}

// watch forgets remembered sessions as soon as rights change in any process, and listens again when the database was away.
func watch(ctx context.Context, a *app) {
	for ctx.Err() == nil {
		if err := a.store.WatchAccess(ctx, a.sessions.Forget); err != nil && !errors.Is(err, context.Canceled) {
			a.log.WarnContext(ctx, "listening for access changes broke off", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// quieter keeps the job queue's own chatter out of the log.
func quieter(log *slog.Logger) *slog.Logger { return observability.AtLeast(log, slog.LevelWarn) }
