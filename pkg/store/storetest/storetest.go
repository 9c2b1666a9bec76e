package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
)

// lingerVariable keeps the server for longer than 5 s after the last test, as in TANGGAP_TEST_LINGER=10m, so that the
// database of a failed test can be looked into and the next run starts warm.
const lingerVariable = "TANGGAP_TEST_LINGER"

// The roles that the migrations make.
const (
	ownerRole = "tanggap_owner"
	appRole   = "tanggap_app"
)

// Main runs the tests of a package that uses New. TestMain consists of this call.
func Main(m *testing.M) { MainThen(m, func() error { return nil }) }

// MainThen is Main for a package whose tests are looked at as a whole when all of them have run.
func MainThen(m *testing.M, then func() error) {
	localpg.Supervise()
	code := m.Run()
	if err := then(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// Database is one test's own database.
type Database struct {
	Name     string
	AppDSN   string // the role that serves requests: owns nothing, subject to row security
	OwnerDSN string // acts as the role that owns the tables
	AdminDSN string // the superuser: bypasses everything
}

// Admin is a connection as the superuser, whom nothing binds.
func (d *Database) Admin(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.AdminDSN)
	if err != nil {
		t.Fatalf("connect as superuser: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// New gives a database at the newest schema with the reference data. It is dropped when the test has passed and kept
// when it has failed, until the server goes.
func New(t testing.TB) *Database {
	t.Helper()
	return create(t, store.Migrate)
}

// NewEmpty gives a database without any schema, for the tests of the migrations themselves.
func NewEmpty(t testing.TB) *Database {
	t.Helper()
	return create(t, nil)
}

type migration func(ctx context.Context, adminDSN string) error

func create(t testing.TB, migrate migration) *Database {
	t.Helper()
	server, err := startServer(t.Context())
	if err != nil {
		t.Fatalf("start test server: %v", err)
	}
	db, err := createOn(t.Context(), server, migrate)
	if err != nil {
		t.Fatalf("create test database: %v", errors.Join(err, server.Close()))
	}
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("kept for a look (see %s): psql %q", lingerVariable, db.AdminDSN)
		} else if err := drop(ctx, server, db.Name); err != nil {
			t.Errorf("drop test database: %v", err)
		}
		if err := server.Close(); err != nil {
			t.Errorf("leave test server: %v", err)
		}
	})
	return db
}

func startServer(ctx context.Context) (*localpg.Server, error) {
	options := localpg.Options{}
	if text := os.Getenv(lingerVariable); text != "" {
		linger, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", lingerVariable, err)
		}
		options.Linger = linger
	}
	return localpg.Start(ctx, options)
}

func createOn(ctx context.Context, server *localpg.Server, migrate migration) (*Database, error) {
	conn, err := connect(ctx, server)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	source := "template0"
	if migrate != nil {
		if source, err = ensureTemplate(ctx, conn, server, migrate); err != nil {
			return nil, fmt.Errorf("make template: %w", err)
		}
	}
	name := fmt.Sprintf("t_%d_%s", os.Getpid(), strings.ToLower(rand.Text()[:10]))
	if err = clone(ctx, conn, source, name); err != nil {
		return nil, err
	}
	admin := server.DSN(name, localpg.Superuser)
	return &Database{
		Name:     name,
		AppDSN:   server.DSN(name, appRole),
		OwnerDSN: admin + " options='-c role=" + ownerRole + "'",
		AdminDSN: admin,
	}, nil
}

// clone copies the files of the source, which beats the default way through the log 2:1. Grants on the database itself
// are not copied.
func clone(ctx context.Context, conn *pgx.Conn, source, name string) error {
	statements := []string{"create database " + name + " template " + source + " strategy file_copy"}
	if source != "template0" {
		statements = append(statements, "grant create on database "+name+" to "+ownerRole)
	}
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("clone %s: %w", source, err)
		}
	}
	return nil
}

func drop(ctx context.Context, server *localpg.Server, name string) error {
	conn, err := connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err = conn.Exec(ctx, "drop database "+name+" with (force)"); err != nil {
		return fmt.Errorf("drop %s: %w", name, err)
	}
	return nil
}

func connect(ctx context.Context, server *localpg.Server) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, server.DSN("postgres", localpg.Superuser))
	if err != nil {
		return nil, fmt.Errorf("connect to test server: %w", err)
	}
	return conn, nil
}
