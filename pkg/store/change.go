package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
)

// One is the error of an update that must change one row, and changed n.
func One(n int, err error) error {
	if err == nil && n != 1 {
		return fmt.Errorf("%d rows were changed instead of one", n)
	}
	return err
}

// LockOfficer makes what an officer starts wait for what else they start just then, so that the statements after it
// count both. It must be a statement of its own: one that waited would still see the rows from before.
func LockOfficer(ctx context.Context, tx pgx.Tx, id authz.OfficerID) error {
	_, err := tx.Exec(ctx, "select from officer where id = $1 for no key update", uuid.UUID(id))
	if err != nil {
		return fmt.Errorf("lock officer %s: %w", id, err)
	}
	return nil
}
