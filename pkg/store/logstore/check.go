package logstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
)

// RecordCheck keeps what came of a verification. It is a note for people, not a proof: whoever can change the database
// can write one.
func (s *Log) RecordCheck(ctx context.Context, c translog.Check) error {
	_, err := s.Pool.Exec(ctx, `insert into log_check (checked_by, result, entries, checkpoints) values ($1, $2, $3, $4)`,
		c.By, c.Answer, c.Entries, c.Checkpoints)
	return store.Translate(err)
}

// shownChecks is how many of the last verifications are told.
const shownChecks = 10

// Checks are the last verifications, newest first.
func (s *Log) Checks(ctx context.Context) ([]translog.Check, error) {
	rows, err := s.Pool.Query(ctx, `select checked_at, checked_by, result, entries, checkpoints from log_check
		order by id desc limit $1`, shownChecks)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[translog.Check])
	return list, store.Translate(err)
}
