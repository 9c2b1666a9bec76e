package logstore

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
)

// stateBatch is how many states are read at once.
const stateBatch = 1000

// sealStates seals the states that the entries between two sizes of the log left behind, in the transaction that gives
// them their places: what is changed in the tables after that has no seal and cannot get one without a further entry.
func (s *Log) sealStates(ctx context.Context, tx pgx.Tx, from, to int64) error {
	lo, hi, only := s.Limits(authz.Everywhere())
	if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, plainText); err != nil {
		return err
	}
	key := s.stateKey()
	if _, err := tx.Exec(ctx, "insert into state_since (idx, mac) values ($1, $2) on conflict do nothing", from,
		sinceMAC(key, from)); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "select distinct entry_of from log_leaf where idx >= $1 and idx < $2 order by 1", from, to)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, stateBatch) {
		for _, kind := range stateKinds {
			if err := sealSomeStates(ctx, tx, key, kind, chunk); err != nil {
				return fmt.Errorf("seal states: %w", err)
			}
		}
	}
	return nil
}

// stateKind is what has a state: cases or layoffs.
type stateKind struct {
	owner  string // the table that has id and version
	tables []stateTable
}

var stateKinds = []stateKind{{"cases", caseState}, {"layoff", layoffState}}

// stateKey is what seals are made with; it is not in the database.
func (s *Log) stateKey() []byte { return s.Vault.Derive("state v1") }

func sinceMAC(key []byte, from int64) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(binary.BigEndian.AppendUint64([]byte("tanggap-state-since-v1"), uint64(from)))
	return m.Sum(nil)
}

// versions gives the versions of those of the ids that are of the kind.
func (k stateKind) versions(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := tx.Query(ctx, "select id, version from "+k.owner+" where id = any($1)", ids)
	if err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]int, len(ids))
	var id uuid.UUID
	var version int
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &version}, func() error {
		found[id] = version
		return nil
	})
	return found, err
}

// sealSomeStates seals those of the ids that are of the kind. One that gets a further entry meanwhile is left to that
// one: its tables may have been read on either side of it.
func sealSomeStates(ctx context.Context, tx pgx.Tx, key []byte, kind stateKind, ids []uuid.UUID) error {
	before, err := kind.versions(ctx, tx, ids)
	if err != nil || len(before) == 0 {
		return err
	}
	set, err := currentColumns(ctx, tx, kind.tables)
	if err != nil {
		return err
	}
	states, err := readStates(ctx, tx, key, kind.tables, set, oneByOne, keysOf(before))
	if err != nil {
		return err
	}
	after, err := kind.versions(ctx, tx, keysOf(before))
	if err != nil {
		return err
	}
	var of []uuid.UUID
	var seqs []int
	var marks, macs [][]byte
	for id, seq := range after {
		if before[id] == seq {
			of, seqs = append(of, id), append(seqs, seq)
			marks, macs = append(marks, states[id].encodeMarks()), append(macs, states[id].mac(key, id, seq, set))
		}
	}
	_, err = tx.Exec(ctx, `insert into state_seal (of, seq, columns, marks, mac) select g.of, g.seq, $3, g.marks, g.mac
		from unnest($1::uuid[], $2::int[], $4::bytea[], $5::bytea[]) as g (of, seq, marks, mac)
		on conflict (of) do update set seq = excluded.seq, columns = excluded.columns, marks = excluded.marks,
			mac = excluded.mac`,
		of, seqs, set.id, marks, macs)
	return err
}

func keysOf(versions map[uuid.UUID]int) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(versions))
	for id := range versions {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

// currentColumns is the set of today's columns, kept under a number.
func currentColumns(ctx context.Context, tx pgx.Tx, tables []stateTable) (columnSet, error) {
	set, err := readColumns(ctx, tx, tables)
	if err != nil {
		return set, err
	}
	const find = "select id from state_columns where columns = $1"
	err = tx.QueryRow(ctx, find, set.text).Scan(&set.id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, "insert into state_columns (columns) values ($1) returning id", set.text).Scan(&set.id)
	}
	return set, err
}
