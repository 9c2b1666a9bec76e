package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// JobSchema is the database schema that holds the job queue's own tables.
const JobSchema = "river"

// Migrations is the SQL of every version, for those who name a database after its schema.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// Migrate brings the database behind dsn to the newest schema and loads the reference data. The connecting role must be
// allowed to create roles and extensions; everything is created by, and belongs to, tanggap_owner, which cannot log in.
// Running it again, or from several processes at once, changes nothing. It refuses a database that a newer program has
// migrated, and one that was made of other texts than this program holds.
func Migrate(ctx context.Context, dsn string) error {
	return MigrateTelling(ctx, dsn, func(string) {})
}

// MigrateTelling is Migrate, and says before each step what it does.
func MigrateTelling(ctx context.Context, dsn string, say func(step string)) error {
	if err := prepare(ctx, dsn); err != nil {
		return fmt.Errorf("prepare database: %w", err)
	}
	return asOwner(ctx, dsn, func(db *sql.DB, pool *pgxpool.Pool) error {
		return alone(ctx, pool, func() error {
			if err := migrateSchema(ctx, db, pool, say); err != nil {
				return err
			}
			say("bringing the job queue to its newest schema")
			if err := migrateJobs(ctx, pool); err != nil {
				return fmt.Errorf("migrate job queue: %w", err)
			}
			say("loading the reference data")
			return loadReference(ctx, pool)
		})
	})
}

// migrateLock lets one process migrate a database at a time.
const migrateLock = 7264016

// alone runs fn while no other process migrates.
func alone(ctx context.Context, pool *pgxpool.Pool, fn func() error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect as owner: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", migrateLock); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", migrateLock) }()
	return fn()
}

// migrateSchema applies what is missing and keeps the digest of each text with it.
func migrateSchema(ctx context.Context, db *sql.DB, pool *pgxpool.Pool, say func(string)) error {
	list, err := known(Migrations())
	if err != nil {
		return err
	}
	before, err := readApplied(ctx, pool)
	if err != nil {
		return fmt.Errorf("read applied migrations: %w", err)
	}
	if err := before.foreign(list); err != nil {
		return err
	}
	if err := mend(ctx, pool, before.newest()); err != nil {
		return fmt.Errorf("mend migrations that were edited: %w", err)
	}
	provider, err := newProvider(db, Migrations())
	if err != nil {
		return err
	}
	if missing := len(list) - len(before); missing > 0 {
		say(fmt.Sprintf("applying %d migrations, up to schema %d", missing, newestOf(list)))
	}
	if _, err = provider.Up(ctx); err != nil {
		return fmt.Errorf("apply migrations: %w", err)
	}
	return keepDigests(ctx, pool, list, before)
}

// newProvider reads migrations. They are applied in the order of their numbers, which may have gaps: one that comes
// late, with a lower number than the newest applied, is refused.
func newProvider(db *sql.DB, files fs.FS) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, fmt.Errorf("make migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

//go:embed mend.sql
var mendStatements string

// mendUntil is the newest migration that was ever edited after it had been applied somewhere. Since then none may be.
const mendUntil = 12

func mend(ctx context.Context, pool *pgxpool.Pool, newest int64) error {
	if newest == 0 || newest > mendUntil {
		return nil
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "select set_config('tanggap.applied', $1, true)", strconv.FormatInt(newest, 10))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, mendStatements)
		return err
	})
}

// keepDigests records of which texts the database is made. Of migrations that an earlier program applied nobody knows
// the text: they are vouched for only if together they made what the present ones make.
func keepDigests(ctx context.Context, pool *pgxpool.Pool, list []migration, before applied) error {
	for _, digest := range before {
		if digest != nil {
			continue
		}
		found, err := differences(ctx, pool)
		if err != nil {
			return fmt.Errorf("describe the database: %w", err)
		}
		if grave := slices.DeleteFunc(found, func(d difference) bool { return !d.grave }); len(grave) > 0 {
			return fmt.Errorf("%w: %d things differ, first: %s", ErrOtherSchema, len(grave), grave[0])
		}
		break
	}
	batch := &pgx.Batch{}
	for _, m := range list {
		batch.Queue("insert into schema_migration (version, sha256) values ($1, $2) on conflict (version) do nothing",
			m.version, m.digest)
	}
	if err := pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("record migrations: %w", err)
	}
	return nil
}

// MigrateDown takes the newest n migrations back; it exists so that a release can be undone and is tested as such.
func MigrateDown(ctx context.Context, dsn string, n int) error {
	return asOwner(ctx, dsn, func(db *sql.DB, pool *pgxpool.Pool) error {
		provider, err := newProvider(db, Migrations())
		if err != nil {
			return err
		}
		for range n {
			if _, err := provider.Down(ctx); err != nil {
				return fmt.Errorf("take migration back: %w", err)
			}
		}
		_, err = pool.Exec(ctx, `do $$ begin
			if to_regclass('schema_migration') is not null then
				delete from schema_migration m
				where not exists (select from goose_db_version g where g.version_id = m.version and g.is_applied);
			end if;
		end $$`)
		return err
	})
}

func migrateJobs(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: JobSchema})
	if err != nil {
		return fmt.Errorf("read job migrations: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("apply job migrations: %w", err)
	}
	_, err = pool.Exec(ctx, `
grant usage on schema river to tanggap_app;
grant select, insert, update, delete on all tables in schema river to tanggap_app;
grant usage on all sequences in schema river to tanggap_app;
grant execute on all functions in schema river to tanggap_app`)
	if err != nil {
		return fmt.Errorf("grant job tables: %w", err)
	}
	return nil
}
