// Package store is the kernel of Tanggap's data in PostgreSQL: connections, scope, answers kept for retries, the
// translation of errors, migrations and the preconditions of serving. What is kept of each aggregate lies in a package
// of its own below it (casestore, trackstore, ...), and package stores opens all of them. Nothing outside of this
// folder knows SQL, GORM and pgx. A change of state, its history entry, its answer for retries and its follow-up work
// commit together.
//
// Every read and write of workers' data runs in a transaction that was first told the caller's range of regions; row
// security shows nothing else, and nothing at all to a transaction that was told nothing. The queries carry the same
// range a second time, so that either layer alone would hold.
package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"golang.org/x/sync/singleflight"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/vault"
)

// Config says where the data is and how to open what is sealed in it.
type Config struct {
	DSN      string // runtime role: tanggap_app, or a login that is a member of it
	MaxConns int32  // of the pool for casework; the pool for everything else has half as many
	Vault    *vault.Vault
	Tree     *region.Tree
	Measures measure.Book // from which the days of tasks follow
	Timeline string       // file that remembers the newest timeline of the database; "" forgets it with the process
	Log      *slog.Logger // hears of failovers and refused servers; nil for nobody
}

// DB is the data of one Tanggap. It is safe for concurrent use.
type DB struct {
	Pool  *pgxpool.Pool // the job queue shares it
	Gorm  *gorm.DB
	Vault *vault.Vault
	tree  *region.Tree
	queue *river.Client[pgx.Tx]
	door  singleflight.Group

	lineage *lineage
	stop    context.CancelFunc // ends the watch over the lineage
}

// CommitGrace bounds a commit, or an end to what was begun, that nobody waits for any more.
const CommitGrace = 5 * time.Second

// readBuffer is of each connection, in bytes.
const readBuffer = 64 << 10

// Open connects as the runtime role. It refuses a role that could own tables or pass row security, and another schema
// than the program's own. The other preconditions of serving are looked at by Inspect.
func Open(ctx context.Context, c Config) (*DB, error) {
	config, err := runtimeConfig(c.DSN)
	if err != nil {
		return nil, err
	}
	if c.MaxConns > 0 {
		config.MaxConns = c.MaxConns
	}
	config.MinIdleConns = 2
	config.PingTimeout = pingLimit
	line := &lineage{file: c.Timeline, log: c.Log}
	if line.log == nil {
		line.log = slog.New(slog.DiscardHandler)
	}
	servers := hosts(&config.ConnConfig.Config)
	line.guard(&config.ConnConfig.Config)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open pool: %w", err)
	}
	if err := checkVital(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	queue, err := newQueue(pool)
	if err != nil {
		pool.Close()
		return nil, err
	}
	sqlDB := stdlib.OpenDB(*config.ConnConfig, stdlib.OptionShouldPing(alive))
	sqlDB.SetMaxOpenConns(max(2, int(config.MaxConns)/2))
	sqlDB.SetMaxIdleConns(max(2, int(config.MaxConns)/2))
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: sqlDB}), &gorm.Config{
		SkipDefaultTransaction: true,
		Logger:                 logger.Discard, // statements carry personal data; errors are returned
		QueryFields:            true,
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	s := &DB{Pool: pool, Gorm: db, Vault: c.Vault, tree: c.Tree, queue: queue, lineage: line}
	idle := max(2, int(config.MaxConns)/2)
	line.whenNewer(func() {
		pool.Reset()
		sqlDB.SetMaxIdleConns(0) // closes those that wait
		sqlDB.SetMaxIdleConns(idle)
	})
	watched, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	if len(servers) > 1 {
		go line.watch(watched, servers)
	}
	return s, nil
}

// runtimeConfig is how the program connects.
func runtimeConfig(dsn string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil || dsn == "" {
		return nil, errNoAddress
	}
	bound(config.ConnConfig)
	return config, nil
}

// bound gives every connection the runtime role and a deadline for each wait.
func bound(c *pgx.ConnConfig) {
	defaults := map[string]string{
		"application_name":                    "tanggap",
		"timezone":                            "UTC",
		"statement_timeout":                   "4000",
		"lock_timeout":                        "2000",
		"idle_in_transaction_session_timeout": "15000",
	}
	for name, value := range defaults {
		if _, given := c.RuntimeParams[name]; !given {
			c.RuntimeParams[name] = value
		}
	}
	c.RuntimeParams["search_path"] = searchPath
	if c.User != "tanggap_app" {
		c.RuntimeParams["role"] = "tanggap_app"
	}
	// An export reads hundreds of megabytes: eight kilobytes at a time, as is the default, would take as long as the
	// database.
	c.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, readBuffer), w)
	}
	c.Tracer = waits{}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTimeout
	}
}

// Close gives the connections back.
func (s *DB) Close() {
	s.stop()
	if db, err := s.Gorm.DB(); err == nil {
		_ = db.Close()
	}
	s.Pool.Close()
}

// Ping tells whether the database answers, on a connection that is there and on a new one: a server that is being
// stopped, or is full, still serves those that it has. Whoever asks at the same moment shares one attempt.
func (s *DB) Ping(ctx context.Context) error {
	if err := s.Pool.Ping(ctx); err != nil {
		return Translate(err)
	}
	_, err, _ := s.door.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doorTimeout)
		defer cancel()
		conn, err := pgx.ConnectConfig(ctx, s.Pool.Config().ConnConfig)
		if err != nil {
			return nil, fmt.Errorf("connect anew: %w", err)
		}
		return nil, conn.Close(ctx)
	})
	return Translate(err)
}

// doorTimeout bounds the attempt of a new connection.
const doorTimeout = 2 * time.Second

// PublishedUpTo tells which entries a server must have to be the right one.
func (s *DB) PublishedUpTo(size int64) { s.lineage.publishedUpTo(size) }
