package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/tanggap/tanggap/pkg/fault"
)

// prepare makes what only a privileged role can: the two roles, the extensions, and the job schema. The roles are
// shared by all databases of a server, which no lock is: two databases prepared at the same moment must not trip over
// each other.
func prepare(ctx context.Context, dsn string) error {
	conn, err := connectTo(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, `
do $$
declare statement text;
begin
    perform pg_advisory_xact_lock(7264001);
    foreach statement in array array[
        'create role tanggap_owner nologin',
        'create role tanggap_app login nosuperuser nobypassrls nocreatedb nocreaterole',
        format('grant tanggap_owner to %I', current_user), format('grant tanggap_app to %I', current_user)]
    loop
        continue when statement like 'create%' and exists (select from pg_roles where rolname = split_part(statement,
        ' ', 3));
        continue when statement like 'grant%' and pg_has_role(current_user, split_part(statement, ' ', 2), 'member');
        begin
            execute statement;
        exception when duplicate_object or unique_violation then -- another database was faster
        end;
    end loop;
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

// searchPath is set on every connection: an object of ours must not be looked for in a schema of somebody else.
const searchPath = "public, pg_temp"

// connectTo opens one connection as the login of the address.
func connectTo(ctx context.Context, dsn string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil || dsn == "" {
		return nil, errNoAddress
	}
	config.RuntimeParams["search_path"] = searchPath
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return conn, nil
}

// connectTimeout bounds each attempt to reach a server that does not answer.
const connectTimeout = 3 * time.Second

// errNoAddress does not quote the address: it may hold a password. An empty one would stand for whatever is at hand.
var errNoAddress = errors.New("the database URL is not a PostgreSQL connection string")

// asOwner runs fn with handles whose every connection acts as tanggap_owner.
func asOwner(ctx context.Context, dsn string, fn func(*sql.DB, *pgxpool.Pool) error) error {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil || dsn == "" {
		return errNoAddress
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.MaxConns = 4
	config.ConnConfig.RuntimeParams["search_path"] = searchPath
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

// Create makes a database on the server behind dsn unless it is there; of several processes one makes it, the others
// wait.
func Create(ctx context.Context, dsn, name string) error {
	conn, err := connectTo(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", migrateLock); err != nil { // goes with the connection
		return fmt.Errorf("wait for another process: %w", err)
	}
	var there bool
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&there)
	if err != nil || there {
		return err
	}
	if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// Place says which database an address names, and as whom, without its password.
func Place(dsn string) string {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return "not a PostgreSQL connection string"
	}
	hosts := []string{net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))}
	for _, other := range config.Fallbacks {
		if host := net.JoinHostPort(other.Host, strconv.Itoa(int(other.Port))); !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return fmt.Sprintf("%s on %s as %s", config.Database, strings.Join(hosts, ", "), config.User)
}

// Identity tells databases apart, whatever address they are reached by.
func Identity(ctx context.Context, dsn string) (id string, err error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	conn, err := connectTo(ctx, dsn)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, `select (select system_identifier from pg_control_system()) || '/' || oid from pg_database
		where datname = current_database()`).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("identify the database: %w", err)
	}
	return id, nil
}

// Unreachable tells an error that passes when the database comes back from one that stays. An error about a file is of
// the latter kind, though its number looks like one of the network.
func Unreachable(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return false
	}
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok { // the server was reached, and says what is wrong
		err = translateCode(refused)
	}
	return fault.KindOf(Translate(err)) == fault.Unavailable
}
