package store

import (
	"context"
	"database/sql"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"
)

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
func RunCheck(ctx context.Context, q queryer, name string) Finding {
	i := slices.IndexFunc(checks, func(c check) bool { return c.name == name })
	return checks[i].run(ctx, q)
}
