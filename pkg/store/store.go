// Package store keeps Tanggap's data in PostgreSQL. It is the only package that knows SQL, GORM and pgx, and it owns every
// transaction: a change of state, its history entry, its answer for retries and its follow-up work commit together.
//
// Every read and write of workers' data runs in a transaction that was first told the caller's range of regions; row
// security shows nothing else, and nothing at all to a transaction that was told nothing. The queries carry the same
// range a second time, so that either layer alone would hold.
package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/vault"
)

// Config says where the data is and how to open what is sealed in it.
type Config struct {
	DSN      string // runtime role: tanggap_app, or a login that is a member of it
	MaxConns int32  // of the pool for casework; the pool for everything else has half as many
	Vault    *vault.Vault
	Tree     *region.Tree
	Timeline string       // file that remembers the newest timeline of the database; "" forgets it with the process
	Log      *slog.Logger // hears of failovers and refused servers; nil for nobody
}

// Store is the data of one Tanggap. It is safe for concurrent use.
type Store struct {
	pool  *pgxpool.Pool
	db    *gorm.DB
	vault *vault.Vault
	tree  *region.Tree
	queue *river.Client[pgx.Tx]
	// attempts is the key under which sign-ins are counted.
	attempts vault.Key

	publishing atomic.Pointer[Progress] // of the publication under way

	lineage *lineage
	stop    context.CancelFunc // ends the watch over the lineage
}

// commitGrace bounds a commit, or an end to what was begun, that nobody waits for any more.
const commitGrace = 5 * time.Second

// readBuffer is of each connection, in bytes.
const readBuffer = 64 << 10

// Open connects as the runtime role. It refuses a role that owns tables or that row security does not bind.
func Open(ctx context.Context, c Config) (*Store, error) {
	config, err := pgxpool.ParseConfig(c.DSN)
	if err != nil {
		return nil, errors.New("TANGGAP_DATABASE_URL is not a PostgreSQL connection string")
	}
	if c.MaxConns > 0 {
		config.MaxConns = c.MaxConns
	}
	config.MinIdleConns = 2
	config.PingTimeout = pingLimit
	bound(config.ConnConfig)
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
	if err := checkRights(ctx, pool); err != nil {
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
	s := &Store{pool: pool, db: db, vault: c.Vault, tree: c.Tree, queue: queue, lineage: line,
		attempts: c.Vault.Derive("sign-in attempts v1")}
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
	if c.User != "tanggap_app" {
		c.RuntimeParams["role"] = "tanggap_app"
	}
	// An export reads hundreds of megabytes: eight kilobytes at a time, as is the default, would take as long as the database.
	c.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, readBuffer), w)
	}
	c.Tracer = waits{}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 3 * time.Second
	}
}

func checkRights(ctx context.Context, pool *pgxpool.Pool) error {
	var bypass, owns, migrated bool
	err := pool.QueryRow(ctx, `select r.rolsuper or r.rolbypassrls,
		exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p') and c.relpersistence <> 't'),
		to_regclass('case_history') is not null
		from pg_roles r where r.rolname = current_user`).Scan(&bypass, &owns, &migrated)
	switch {
	case err != nil:
		return fmt.Errorf("reach the database: %w", err)
	case bypass || owns:
		return errors.New("the database role of the server may bypass row security or owns tables: use tanggap_app or a member of it")
	case !migrated:
		return errors.New("the database has no Tanggap schema: run `tanggap migrate` first")
	}
	return nil
}

// Close gives the connections back.
func (s *Store) Close() {
	s.stop()
	if db, err := s.db.DB(); err == nil {
		_ = db.Close()
	}
	s.pool.Close()
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return translate(s.pool.Ping(ctx))
}

// Pool is the connections that the job queue shares.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }
