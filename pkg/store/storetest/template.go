package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/localpg"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/policies"
)

// templateLock is the advisory lock under which one of all test programs migrates.
const templateLock = 7264002

// ensureTemplate gives the name of the migrated template, making it if nobody did.
func ensureTemplate(ctx context.Context, conn *pgx.Conn, server *localpg.Server, migrate migration) (string, error) {
	key, err := schemaKey()
	if err != nil {
		return "", err
	}
	name := "template_" + key
	if ready, err := templateReady(ctx, conn, name); ready || err != nil {
		return name, err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return "", fmt.Errorf("lock: %w", err)
	}
	// The connection ends soon and the lock with it, but not before other tests of this program want it.
	defer func() { _, _ = conn.Exec(ctx, "select pg_advisory_unlock($1)", templateLock) }()
	if ready, err := templateReady(ctx, conn, name); ready || err != nil {
		return name, err
	}
	return name, buildTemplate(ctx, conn, name, server.DSN(name, localpg.Superuser), migrate)
}

// templateReady tells a finished template from none and from one whose maker was killed: only the finished one is
// closed to connections, which copying it needs anyway.
func templateReady(ctx context.Context, conn *pgx.Conn, name string) (bool, error) {
	var ready bool
	err := conn.QueryRow(ctx, "select not datallowconn from pg_database where datname = $1", name).Scan(&ready)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for template: %w", err)
	}
	return ready, nil
}

func buildTemplate(ctx context.Context, conn *pgx.Conn, name, dsn string, migrate migration) error {
	for _, sql := range []string{"drop database if exists " + name + " with (force)", "create database " + name +
		" template template0"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("create template: %w", err)
		}
	}
	if err := migrate(ctx, dsn); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := conn.Exec(ctx, "alter database "+name+" allow_connections false"); err != nil {
		return fmt.Errorf("close template: %w", err)
	}
	return nil
}

// schemaKey is a digest of what Migrate puts into a database: the migrations, the reference data and, while the sources
// are at hand, the Go code beside them. The name is a lower-case identifier.
func schemaKey() (string, error) {
	sum := sha256.New()
	if err := errors.Join(addFiles(sum, store.Migrations()), addFiles(sum, policies.FS), addSources(sum)); err != nil {
		return "", fmt.Errorf("digest schema: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func addFiles(sum hash.Hash, files fs.FS) error {
	return fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(sum, "%s %d %s", path, len(text), text)
		return err
	})
}

func addSources(sum hash.Hash) error {
	root, ok := localpg.Checkout()
	if !ok {
		return nil
	}
	paths, err := filepath.Glob(filepath.Join(root, "pkg", "store", "*.go"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err = sum.Write(text); err != nil {
			return err
		}
	}
	return nil
}
