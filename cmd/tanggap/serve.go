package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/tanggap/tanggap/pkg/store/logstore"

	"golang.org/x/sync/errgroup"

	"github.com/tanggap/tanggap/api"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/jobs"
	"github.com/tanggap/tanggap/pkg/observability"
	"github.com/tanggap/tanggap/pkg/store"
)

type serveCommand struct {
	database
	limits
	outgoing
	Listen   string        `env:"TANGGAP_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where to serve. Put a proxy with TLS in front of anything but loopback."`
	Demo     bool          `help:"Migrate, and make a demo office with made-up people in an empty database, and in no other."`
	Empty    bool          `help:"With --demo: only its officers, no made-up workers."`
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
	listener, err := c.listen()
	if err != nil {
		return err
	}
	a, err := c.start(ctx, listener, log)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer a.close()
	log.InfoContext(ctx, "serving", "listen", listener.Addr().String())
	return c.run(ctx, a, listener)
}

// listen takes the port first of all: that another program has it is found at once, and whoever asks is told to wait.
func (c *serveCommand) listen() (*net.TCPListener, error) {
	if err := c.valid(c.migrates()); err != nil {
		return nil, err
	}
	if c.Workers < 0 {
		return nil, fmt.Errorf(spoken("--workers=%d: 0 leaves jobs to other processes, fewer there cannot be"), c.Workers)
	}
	if c.Patience <= 0 {
		return nil, fmt.Errorf(spoken("--patience=%s: writing would stop at once"), c.Patience)
	}
	address, err := net.ResolveTCPAddr("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf(spoken("--listen %s is not an address such as 127.0.0.1:8080: %w"), c.Listen, err)
	}
	listener, err := net.ListenTCP("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf(spoken("%s is in use (is another Tanggap running? choose another address with --listen): %w"),
			c.Listen, err)
	}
	if err != nil {
		return nil, fmt.Errorf(spoken("listen on %s (choose another address with --listen): %w"), c.Listen, err)
	}
	return listener, nil
}

func (c *serveCommand) migrates() bool { return c.Demo || c.Migrate }

// start makes everything ready, while whoever asks is told what it waits for.
func (c *serveCommand) start(ctx context.Context, listener *net.TCPListener, log *slog.Logger) (*app, error) {
	s := &stage{log: log}
	door, ready := context.WithCancel(ctx)
	defer ready()
	ended := make(chan error, 1)
	go func() { ended <- api.Starting{Waiting: s.String, Log: log}.Run(door, listener) }()
	a, err := c.prepare(ctx, s)
	if err == nil && c.Demo {
		c.welcome(shown(listener.Addr()), a.made)
		s.enter("making the demo office")
		err = a.made.fill(ctx)
	}
	ready()
	if err := errors.Join(err, <-ended); err != nil {
		if a != nil {
			a.close()
		}
		return nil, err
	}
	return a, nil
}

// shown is an address that a client on this machine can call.
func shown(listen net.Addr) string {
	at, ok := listen.(*net.TCPAddr)
	if ok && at.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(at.Port))
	}
	return listen.String()
}

// prepare opens the database when it is there and in order; it waits for one that cannot be reached.
func (c *serveCommand) prepare(ctx context.Context, s *stage) (a *app, err error) {
	c.Say = func(line string) { s.log.InfoContext(ctx, "starting", "told", line) }
	p, err := c.places()
	if err != nil {
		return nil, err
	}
	s.log.InfoContext(ctx, "using", "database", p.database, "keys", p.keys, "checkpoints", p.checkpoints,
		"exports", p.exports, "documents", p.documents, "listen", c.Listen)
	if c.URL == "" { // whatever is wrong with the private server is wrong here
		return c.attempt(ctx, s)
	}
	err = s.patiently(ctx, func(ctx context.Context) error {
		a, err = c.attempt(ctx, s)
		return err
	})
	return a, err
}

// attempt opens the database once, step by step, and leaves nothing open when one fails.
func (c *serveCommand) attempt(ctx context.Context, s *stage) (a *app, err error) {
	s.enter("database")
	r, err := c.reach(ctx)
	if err != nil {
		return nil, err
	}
	opened := r.close
	defer func() {
		if err != nil {
			opened()
			a = nil
		}
	}()
	if c.migrates() || c.URL == "" {
		s.enter("migrations")
		if err = r.migrate(ctx, s.enter); err != nil {
			return nil, err
		}
	}
	s.enter("database: open")
	if a, err = open(ctx, r, c.Conns, s.log); err != nil {
		return nil, c.advise(err)
	}
	if err = a.tell(c.outgoing); err != nil {
		a.store.Close()
		return nil, err
	}
	a.close = func() { a.store.Close(); r.close() }
	opened = a.close
	s.enter("database: safe settings")
	if err = r.inspect(ctx, func(f store.Finding) { warn(ctx, s.log, f) }); err != nil {
		return a, err
	}
	s.enter("comparing with the newest checkpoint, and publishing the next")
	if err = a.vouch(ctx, c.Patience); err != nil || !c.Demo {
		return a, err
	}
	a.made, err = makeDemo(ctx, r, a, c.Empty)
	return a, err
}

func warn(ctx context.Context, log *slog.Logger, f store.Finding) {
	log.WarnContext(ctx, "unsafe setting of the database", "check", f.Check, "found", f.Wrong, "what_to_do", f.Cure)
}

// run lets the parts of the server live and end together.
func (c *serveCommand) run(ctx context.Context, a *app, listener net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	pages := c.offersPages(listener.Addr())
	if !pages {
		a.log.WarnContext(ctx, "the pages of the console are not offered: what is typed into them would travel unsealed. "+
			"Serve on loopback behind a proxy with TLS, or declare that proxy with --proxies (TANGGAP_PROXIES). "+
			"The API is served", "listen", listener.Addr().String())
	}
	group.Go(func() error { return a.server(c.limits, pages).Run(ctx, listener) })
	group.Go(func() error { watch(ctx, a); return nil })
	group.Go(func() error { a.followLaw(ctx); return nil })
	group.Go(func() error {
		elapsed := clock.Elapsed()
		jobs.KeepLog(ctx, jobs.Log{Seal: a.store.Seal, Publish: a.publish, Count: a.store.Waiting(elapsed).Count,
			Stopped: a.stopped, Publishing: a.store.Publishing, Elapsed: elapsed, Tried: &a.tried}, a.log)
		return nil
	})
	if c.Workers > 0 {
		group.Go(func() error { return jobs.Run(ctx, c.queue(a), a.work()) })
	}
	return group.Wait()
}

// offersPages tells whether people may work in the pages: only where nobody else can listen, on this machine alone or
// behind a proxy that was declared.
func (c *serveCommand) offersPages(at net.Addr) bool {
	tcp, is := at.(*net.TCPAddr)
	return len(c.Proxies) > 0 || is && tcp.IP.IsLoopback()
}

// vouch holds the database against what was published before anybody is served from it. The next checkpoint, which may
// take minutes when it is the first, is published beside the requests; /readyz waits for it.
func (a *app) vouch(ctx context.Context, patience time.Duration) error {
	if _, err := a.store.Compare(ctx, a.key, a.sink); logstore.Disagrees(err) {
		return a.evidenceFault(err)
	} else if err != nil {
		a.log.WarnContext(ctx, "the newest checkpoint cannot be read; writing stops if that lasts", "error", err)
	}
	return a.store.SetPatience(ctx, patience)
}

// expireReferrals goes by the law of now.
func (a *app) expireReferrals(ctx context.Context) error {
	return a.current.Load().Tracks.ExpireReferrals(ctx)
}

// sweepDocuments does not judge by a database that is not the one that was published: an older copy knows less.
func (a *app) sweepDocuments(ctx context.Context) error {
	if err := a.stopped(ctx); err != nil {
		return err
	}
	return a.services.Documents.Sweep(ctx)
}

// alarm raises the alarms over mass reading, and logs each once.
func (a *app) alarm(ctx context.Context) error {
	return a.store.RaiseAlarms(ctx, func(al accesslog.Alarm) {
		a.log.WarnContext(ctx, "mass reading", "officer", al.Officer.String(), "kind", string(al.Kind), "subjects",
			al.Subjects)
	})
}

func (a *app) publish(ctx context.Context) error {
	_, err := a.store.Publish(ctx, a.key, a.sink)
	return err
}

// watch forgets remembered sessions as soon as rights change in any process, and listens again when the database was
// away.
func watch(ctx context.Context, a *app) {
	jobs.Every(ctx, time.Second, func() {
		if err := a.store.WatchAccess(ctx, a.sessions.Forget); err != nil && !errors.Is(err, context.Canceled) {
			a.log.WarnContext(ctx, "listening for access changes broke off", "error", err)
		}
	})
}

func (c *serveCommand) queue(a *app) jobs.Queue {
	return jobs.Queue{Pool: a.store.Pool, Schema: store.JobSchema, Workers: c.Workers, Log: a.log}
}

// work is what the jobs do.
func (a *app) work() jobs.Work {
	return jobs.Work{
		Intakes:         intakeWork{a},
		Exports:         exportWork{a},
		Matches:         matchWork{a},
		Bulk:            bulkWork{a},
		Law:             lawWork{a},
		Webhooks:        a.deliverer(),
		Mail:            a.mails(),
		IdleReleases:    a.store.Unsettled,
		IdleIntakes:     a.store.WaitingIntakes,
		IdleExports:     a.store.WaitingExports,
		IdleMatches:     a.store.WaitingRuns,
		IdleBulk:        a.store.WaitingOrders,
		RaiseAlarms:     a.alarm,
		ExpireReferrals: a.expireReferrals,
		Remind:          a.store.Remind,
		CountFigures:    a.store.KeepFigures,
		ForgetAnswers:   a.store.ForgetAnswers,
		SweepDocuments:  a.sweepDocuments,
	}
}
