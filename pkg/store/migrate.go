package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
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
// Running it again, or from several processes at once, changes nothing.
func Migrate(ctx context.Context, dsn string) error {
	if err := prepare(ctx, dsn); err != nil {
		return fmt.Errorf("prepare database: %w", err)
	}
	err := asOwner(ctx, dsn, func(db *sql.DB, pool *pgxpool.Pool) error {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return fmt.Errorf("make migration lock: %w", err)
		}
		provider, err := goose.NewProvider(goose.DialectPostgres, db, Migrations(), goose.WithSessionLocker(locker))
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		if _, err = provider.Up(ctx); err != nil {
			return fmt.Errorf("apply migrations: %w", err)
		}
		if err = migrateJobs(ctx, pool); err != nil {
			return fmt.Errorf("migrate job queue: %w", err)
		}
		return loadReference(ctx, pool)
	})
	return err
}

// MigrateDown takes the newest n migrations back; it exists so that a release can be undone and is tested as such.
func MigrateDown(ctx context.Context, dsn string, n int) error {
	return asOwner(ctx, dsn, func(db *sql.DB, _ *pgxpool.Pool) error {
		provider, err := goose.NewProvider(goose.DialectPostgres, db, Migrations())
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		for range n {
			if _, err := provider.Down(ctx); err != nil {
				return fmt.Errorf("take migration back: %w", err)
			}
		}
		return nil
	})
}

// prepare makes what only a privileged role can: the two roles (they are shared by all databases of a server, so two
// databases prepared at the same moment must not trip over each other), the extensions, and the job schema.
func prepare(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, `
do $$
begin
    perform pg_advisory_xact_lock(7264001);
    if not exists (select from pg_roles where rolname = 'tanggap_owner') then
        create role tanggap_owner nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'tanggap_app') then
        create role tanggap_app login nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
    if not pg_has_role(current_user, 'tanggap_owner', 'member') then
        execute format('grant tanggap_owner to %I', current_user);
    end if;
    if not pg_has_role(current_user, 'tanggap_app', 'member') then
        execute format('grant tanggap_app to %I', current_user);
    end if;
    execute format('grant create on database %I to tanggap_owner', current_database());
    create extension if not exists pg_trgm;
    create extension if not exists btree_gin;
    grant usage, create on schema public to tanggap_owner;
    create schema if not exists river authorization tanggap_owner;
end $$`)
	if err != nil {
		return fmt.Errorf("create roles and extensions: %w", err)
	}
	return nil
}

// asOwner runs fn with handles whose every connection acts as tanggap_owner.
func asOwner(ctx context.Context, dsn string, fn func(*sql.DB, *pgxpool.Pool) error) error {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read database address: %w", errors.New("not a PostgreSQL connection string"))
	}
	config.MaxConns = 4
	config.ConnConfig.RuntimeParams["role"] = "tanggap_owner"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect as owner: %w", err)
	}
	defer pool.Close()
	db := stdlib.OpenDB(*config.ConnConfig)
	defer func() { _ = db.Close() }()
	return fn(db, pool)
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

// Create makes a database on the server behind dsn unless it is there.
func Create(ctx context.Context, dsn, name string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var there bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}
