package logstore

import (
	"context"
	"crypto/sha256"
	"encoding/binary"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// SelectLeaves is the statement that publishes entries, for the test of what it costs.
const SelectLeaves = selectLeaves

// SealAsBefore leaves the database as a release from before steps would: every case with a seal of its rows.
func SealAsBefore(ctx context.Context, s *Log) error {
	return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		lo, hi, only := s.Limits(authz.Everywhere())
		for _, run := range []func() error{
			func() error { _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); return err },
			func() error { _, err := tx.Exec(ctx, rowsum.PlainText); return err },
		} {
			if err := run(); err != nil {
				return err
			}
		}
		set, err := readColumns(ctx, tx, rowsum.Case)
		if err != nil {
			return err
		}
		set.sum = sha256.Sum256([]byte(set.text))
		err = tx.QueryRow(ctx, "insert into state_columns (columns) values ($1) returning id", set.text).Scan(&set.id)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, "select id from cases order by id")
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		versions, err := rowsum.Versions(ctx, tx, "cases", ids)
		if err != nil {
			return err
		}
		states, err := readStates(ctx, tx, s.stateKey(), rowsum.Case, set, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			var marks []byte
			for table, m := range states[id].marks {
				if m != nil {
					marks = append(marks, byte(table))
					for _, mark := range m {
						marks = binary.BigEndian.AppendUint16(marks, mark)
					}
				}
			}
			mac := states[id].mac(s.stateKey(), id, versions[id], set)
			if _, err := tx.Exec(ctx, "update state_seal set columns = $2, marks = $3, mac = $4, sum = null where of = $1", id,
				set.id, marks, mac); err != nil {
				return err
			}
		}
		return nil
	})
}
