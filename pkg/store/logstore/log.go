package logstore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
)

// sealBatch is how many entries one transaction takes into the log.
const sealBatch = 20_000

// logLock keeps sealers, of whatever process, one after the other; publishLock those who publish. Neither waits for the
// other: a place that answers slowly must not hold entries up.
const (
	logLock     = 7264002
	publishLock = 7264003
)

// Seal gives every entry that waits its place in the log, and returns the size of the log then. Entries wait from their
// own transaction on, so that one that commits late is taken later, never skipped. It may run anywhere and as often as
// one likes.
func (s *Log) Seal(ctx context.Context) (size int64, err error) {
	ctx = store.WithWait(ctx, time.Minute)
	for more := true; more && err == nil; {
		err = store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
			if err := lockLog(ctx, tx); err != nil {
				return err
			}
			var from int64
			if err := tx.QueryRow(ctx, "select size from log_state").Scan(&from); err != nil {
				return err
			}
			if size, more, err = sealSome(ctx, tx); err != nil || size == from {
				return err
			}
			return s.sealStates(ctx, tx, from, size)
		}))
	}
	return size, err
}

func lockLog(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1), set_config('statement_timeout', '60s', true)", logLock)
	return err
}

func sealSome(ctx context.Context, tx pgx.Tx) (size int64, more bool, err error) {
	if err := tx.QueryRow(ctx, "select size from log_state").Scan(&size); err != nil {
		return 0, false, err
	}
	rows, err := tx.Query(ctx, `delete from log_pending where ctid = any (array(select ctid from log_pending limit $1))
		returning entry_of, seq, hash`, sealBatch)
	if err != nil {
		return 0, false, err
	}
	waiting, err := pgx.CollectRows(rows, scanLogEntry)
	if err != nil || len(waiting) == 0 {
		return size, false, err
	}
	slices.SortFunc(waiting, func(a, b audit.LogEntry) int {
		return cmp.Or(bytes.Compare(a.Of[:], b.Of[:]), cmp.Compare(a.Seq, b.Seq))
	})
	edge, err := readTiles(ctx, tx, translog.Edge(size))
	if err != nil {
		return 0, false, err
	}
	tree, err := translog.NewAppender(size, edge)
	if err != nil {
		return 0, false, err
	}
	from := size
	for _, e := range waiting {
		tree.Append(translog.Leaf(e.Hash))
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"log_leaf"}, []string{"idx", "entry_of", "seq"},
		pgx.CopyFromSlice(len(waiting), func(i int) ([]any, error) {
			return []any{from + int64(i), waiting[i].Of, waiting[i].Seq}, nil
		}))
	if err != nil {
		return 0, false, err
	}
	b := &pgx.Batch{}
	for tile, hashes := range tree.Changed {
		b.Queue(`insert into log_tile (level, n, hashes) values ($1, $2, $3) on conflict (level, n) do update
			set hashes = excluded.hashes`, tile.Level, tile.N, hashes)
	}
	b.Queue("update log_state set size = $1", tree.Size)
	return tree.Size, len(waiting) == sealBatch, tx.SendBatch(ctx, b).Close()
}

func scanLogEntry(row pgx.CollectableRow) (e audit.LogEntry, err error) {
	var hash []byte
	err = row.Scan((*[16]byte)(&e.Of), &e.Seq, &hash)
	copy(e.Hash[:], hash)
	return e, err
}

func readTiles(ctx context.Context, q store.Queryer, wanted []translog.Tile) (map[translog.Tile][]byte, error) {
	tiles := make(map[translog.Tile][]byte, len(wanted))
	levels, numbers := make([]int, len(wanted)), make([]int64, len(wanted))
	for i, tile := range wanted {
		levels[i], numbers[i] = tile.Level, tile.N
	}
	rows, err := q.Query(ctx, `select level, n, hashes from log_tile where (level, n) in (select *
		from unnest($1::int[], $2::bigint[]))`, levels, numbers)
	if err != nil {
		return nil, err
	}
	var tile translog.Tile
	var hashes []byte
	_, err = pgx.ForEachRow(rows, []any{&tile.Level, &tile.N, &hashes}, func() error {
		tiles[tile] = slices.Clone(hashes)
		return nil
	})
	return tiles, err
}

// Tiles reads the tree, and remembers what it read: a proof asks for neighbours again and again.
func Tiles(ctx context.Context, q store.Queryer) translog.Tiles {
	known := map[translog.Tile][]byte{}
	return func(wanted []translog.Tile) (map[translog.Tile][]byte, error) {
		var missing []translog.Tile
		for _, tile := range wanted {
			if _, ok := known[tile]; !ok {
				missing = append(missing, tile)
			}
		}
		if len(missing) > 0 {
			if len(known) > 1<<10 { // 8 MiB
				clear(known)
				missing = wanted
			}
			read, err := readTiles(ctx, q, missing)
			if err != nil {
				return nil, err
			}
			for tile, hashes := range read {
				known[tile] = hashes
			}
		}
		return known, nil
	}
}

// Checkpoint is the newest published checkpoint, as it was signed, that is not larger than the given size; 0 stands for
// no limit. It is empty before the first one.
func (s *Log) Checkpoint(ctx context.Context, most int64) (signed string, err error) {
	err = s.Pool.QueryRow(ctx, "select note from log_checkpoint where $1 = 0 or size <= $1 order by size desc limit 1",
		most).Scan(&signed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return signed, store.Translate(err)
}

// CheckpointOf is the published checkpoint of exactly a size, or the newest one for 0; export.as_of_unknown when there
// is none.
func (s *Log) CheckpointOf(ctx context.Context, key *translog.Key, size int64) (string, audit.Checkpoint, error) {
	signed, err := s.Checkpoint(ctx, size)
	if err != nil {
		return "", audit.Checkpoint{}, err
	}
	c, err := audit.ParseCheckpoint([]byte(signed), key.Verifier())
	if err != nil || size != 0 && c.Size != size {
		return "", c, fault.New(fault.Invalid, "export.as_of_unknown").At("as_of").Because(err)
	}
	return signed, c, nil
}

// Consistency proves that the log of size to begins with that of size from.
func (s *Log) Consistency(ctx context.Context, from, to int64) (proof [][32]byte, err error) {
	hashes, err := translog.Consistency(from, to, Tiles(ctx, s.Pool))
	for _, h := range hashes {
		proof = append(proof, h)
	}
	return proof, store.Translate(err)
}

// expected is the entry that the log has at a place.
func expected(ctx context.Context, q store.Queryer, index int64) (audit.LogEntry, bool) {
	var id uuid.UUID
	var seq int
	err := q.QueryRow(ctx, "select entry_of, seq from log_leaf where idx = $1", index).Scan((*[16]byte)(&id), &seq)
	return audit.LogEntry{Of: id, Seq: seq}, err == nil
}
