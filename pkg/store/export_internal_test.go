package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Prepare makes the roles and extensions.
var Prepare = prepare

// MigrateWith brings a database up by other migrations than the program's own, as an earlier program did.
func MigrateWith(ctx context.Context, dsn string, files fs.FS) error {
	if err := prepare(ctx, dsn); err != nil {
		return err
	}
	return asOwner(ctx, dsn, func(db *sql.DB, _ *pgxpool.Pool) error {
		provider, err := newProvider(db, files)
		if err != nil {
			return err
		}
		_, err = provider.Up(ctx)
		return err
	})
}

// RunCheck makes one check on a connection of the test's own.
func RunCheck(ctx context.Context, q Queryer, name string) Finding {
	i := slices.IndexFunc(checks, func(c check) bool { return c.name == name })
	return checks[i].run(ctx, q)
}

// CheckSchema refuses the database behind dsn unless it was made by exactly the migrations that this program holds.
func CheckSchema(ctx context.Context, dsn string) error {
	conn, err := connectTo(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return checkSchema(ctx, conn)
}

// Structure describes a database as the file structure.txt does.
func Structure(ctx context.Context, conn *pgx.Conn) (string, error) {
	list, err := describe(ctx, conn)
	if err != nil {
		return "", fmt.Errorf("describe the database: %w", err)
	}
	var text strings.Builder
	for _, t := range list {
		text.WriteString(t.String() + "\n")
	}
	return text.String(), nil
}
