package logstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
)

// What the comparison of the database with its published checkpoints can find. The first three stop writing at once.
var (
	// ErrContradicted says that the database is not the one that was published: it is older, or its log was changed.
	ErrContradicted = fault.New(fault.Unavailable, "history.contradicted").
			Because(errors.New("the database contradicts the newest published checkpoint"))
	// ErrEvidenceMissing says that the place lacks what this database published: it was emptied, or is another place.
	ErrEvidenceMissing = fault.New(fault.Unavailable, "checkpoints.missing").
				Because(errors.New("the place of checkpoints lacks what this database published"))
	// ErrEvidenceDamaged says that something at the place is not as this log signed it.
	ErrEvidenceDamaged = fault.New(fault.Unavailable, "checkpoints.damaged").
				Because(errors.New("the published checkpoints are damaged"))
	// ErrPlaceUnreachable says that the place cannot be read or written: nothing is known about what is there.
	ErrPlaceUnreachable = fault.New(fault.Unavailable, "checkpoints.unreachable").
				Because(errors.New("checkpoints cannot be read from or written to their place"))
	// ErrPublishing says that another process publishes, and has not finished in time.
	ErrPublishing = fault.New(fault.Unavailable, "checkpoints.busy")
)

// Disagrees tells whether err says that the database and what was published do not agree, not merely that one of them
// cannot be reached.
func Disagrees(err error) bool {
	return errors.Is(err, ErrContradicted) || errors.Is(err, ErrEvidenceMissing) || errors.Is(err, ErrEvidenceDamaged)
}

// placeFault names the place as the party whose fault it is.
func placeFault(sink translog.Sink, err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, translog.ErrDamaged):
		return ErrEvidenceDamaged.Because(err)
	}
	return ErrPlaceUnreachable.Because(fmt.Errorf("checkpoints at %s: %w", sink.Place(), err))
}

// Publish sends a checkpoint of the log, as it is sealed now, out of the database: first the entries since the one
// before, batch by batch, then the signed root. Only when that is done does the database hear of it. It refuses to
// publish what does not agree with what was published before (see Disagrees), and then stops all writing until it
// does: somebody has put another copy in the place of the database, changed the log, or taken the evidence away.
func (s *Log) Publish(ctx context.Context, key *translog.Key, sink translog.Sink) (audit.Checkpoint, error) {
	return s.publish(ctx, key, sink, "")
}

// AdoptCheckpoints makes a place that lacks what was published the place of this database from now on, with all
// entries and a new checkpoint; who does so and why stays on record. A place that contradicts the database is not
// adopted.
func (s *Log) AdoptCheckpoints(ctx context.Context, key *translog.Key, sink translog.Sink,
	person, reason string) (audit.Checkpoint, error) {
	c, err := s.compare(ctx, s.Pool, key, sink)
	if err != nil && !errors.Is(err, ErrEvidenceMissing) {
		return c, store.Translate(err)
	}
	detail := fmt.Sprintf("%s, with a checkpoint of %d entries", sink.Place(), c.Size)
	if _, err := s.Pool.Exec(ctx, store.RecordChange, translog.AdoptedCheckpoints, person, reason, detail); err != nil {
		return c, store.Translate(err)
	}
	return s.publish(ctx, key, sink, ErrEvidenceMissing.Code)
}

// publish tolerates the disagreement with the given code.
func (s *Log) publish(ctx context.Context, key *translog.Key, sink translog.Sink,
	tolerated string) (c audit.Checkpoint, err error) {
	ctx = store.WithWait(ctx, time.Minute)
	err = s.Pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		defer unlockPublishing(ctx, conn)
		if err := lockPublishing(ctx, conn); err != nil {
			return err
		}
		before, err := s.compare(ctx, conn, key, sink)
		if err != nil && (tolerated == "" || fault.CodeOf(err) != tolerated) {
			return err
		}
		if c, err = s.publishAfter(ctx, conn, key, sink, before); err == nil {
			s.PublishedUpTo(c.Size)
		}
		return err
	})
	if Disagrees(err) {
		return c, errors.Join(err, s.stopWriting(ctx, fault.CodeOf(err)))
	}
	return c, store.Translate(err)
}

// publishWait is how long one who wants to publish waits for another who does. It is a lock of the session, so that no
// transaction stays open for as long as it takes; it goes with the connection.
const (
	publishWait = "set lock_timeout = '30s'; set statement_timeout = '60s'"
	publishEnd  = "reset lock_timeout; reset statement_timeout; select pg_advisory_unlock_all()"
)

func lockPublishing(ctx context.Context, conn *pgxpool.Conn) error {
	if _, err := conn.Exec(ctx, publishWait, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, "select pg_advisory_lock($1)", publishLock)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "55P03" {
		return ErrPublishing
	}
	return err
}

func unlockPublishing(ctx context.Context, conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), store.CommitGrace)
	defer cancel()
	if _, err := conn.Exec(ctx, publishEnd, pgx.QueryExecModeSimpleProtocol); err != nil {
		_ = conn.Conn().Close(ctx) // never give a connection back that holds the lock
	}
}

// publishAfter publishes what came after a checkpoint.
func (s *Log) publishAfter(ctx context.Context, conn *pgxpool.Conn, key *translog.Key, sink translog.Sink,
	before audit.Checkpoint) (audit.Checkpoint, error) {
	c := audit.Checkpoint{Origin: key.Verifier().Name()}
	if err := conn.QueryRow(ctx, "select size, clock_timestamp() from log_state").Scan(&c.Size, &c.At); err != nil {
		return c, err
	}
	c.At = c.At.UTC()
	root, err := translog.Root(c.Size, Tiles(ctx, conn))
	if err != nil {
		return c, err
	}
	c.Root = root
	if err := s.keepEntries(ctx, conn, sink, before.Size, c.Size); err != nil {
		return c, err
	}
	signed, err := key.Checkpoint(c)
	if err != nil {
		return c, err
	}
	if err := sink.Publish(ctx, signed, c.At); err != nil {
		return c, placeFault(sink, err)
	}
	_, err = conn.Exec(ctx, recordPublished, c.Size, c.At, string(signed))
	return c, err
}

const recordPublished = `with kept as (
	insert into log_checkpoint (size, published_at, note) values ($1, $2, $3) on conflict (size) do nothing
) update log_state set published_at = $2, unpublished_for = '0', publications = publications + 1, contradiction = null`

// selectLeaves looks each entry up by its key: a join would be planned for the one row that row security is taken to
// let through, and read every layoff for every entry.
const selectLeaves = `select l.entry_of, l.seq, coalesce(
	(select h.hash from case_history h where h.case_id = l.entry_of and h.seq = l.seq),
	(select lh.hash from layoff_history lh where lh.layoff_id = l.entry_of and lh.seq = l.seq),
	(select r.hash from law_history r where r.release_id = l.entry_of and r.seq = l.seq), '')
	from log_leaf l where l.idx >= $1 and l.idx < $2 order by l.idx`

// keepEntries hands the sink the entries since a published size, each batch in a transaction of its own. What the
// sink has beyond that size was never vouched for, and is written again.
func (s *Log) keepEntries(ctx context.Context, conn *pgxpool.Conn, sink translog.Sink, published, size int64) error {
	kept, err := sink.Kept(ctx)
	if err != nil || kept < 0 {
		return placeFault(sink, err)
	}
	defer s.publishing.Store(nil)
	for at := min(kept, published); at < size; {
		s.publishing.Store(&Progress{Done: at, Of: size})
		entries, err := s.leaves(ctx, conn, at, min(at+sealBatch, size))
		if err != nil {
			return err
		}
		gone := slices.IndexFunc(entries, func(e audit.LogEntry) bool { return e.Hash == [32]byte{} })
		if gone >= 0 || len(entries) == 0 {
			return fmt.Errorf("%w: entry %d of its log of %d is gone", ErrContradicted, at+int64(max(gone, 0)), size)
		}
		if err := sink.Keep(ctx, at, entries); err != nil {
			return placeFault(sink, err)
		}
		at += int64(len(entries))
	}
	return nil
}

func (s *Log) leaves(ctx context.Context, conn *pgxpool.Conn, from, to int64) (entries []audit.LogEntry, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		lo, hi, only := s.Limits(authz.Everywhere())
		if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
			return err
		}
		// A plan made while a table was small must not read it whole for every entry once it is not.
		if _, err := tx.Exec(ctx, "set local enable_seqscan = off"); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectLeaves, from, to)
		if err != nil {
			return err
		}
		entries, err = pgx.CollectRows(rows, scanLogEntry)
		return err
	})
	return entries, err
}

// Compare holds the log of the database against the newest checkpoint outside; a database that never published
// anything, and a place where nothing is, do agree.
func (s *Log) Compare(ctx context.Context, key *translog.Key, sink translog.Sink) (audit.Checkpoint, error) {
	c, err := s.compare(ctx, s.Pool, key, sink)
	return c, store.Translate(err)
}

// compare reads in the one order in which a publication under way is not taken for a disagreement: what the database
// knows of its checkpoints is never newer than the place, and the log never shorter than its newest checkpoint.
func (s *Log) compare(ctx context.Context, q store.Queryer, key *translog.Key,
	sink translog.Sink) (audit.Checkpoint, error) {
	var told, size int64
	if err := q.QueryRow(ctx, "select coalesce(max(size), 0) from log_checkpoint").Scan(&told); err != nil {
		return audit.Checkpoint{}, err
	}
	c, err := newest(ctx, key, sink)
	if err != nil {
		return c, err
	}
	if err := q.QueryRow(ctx, "select size from log_state").Scan(&size); err != nil {
		return c, err
	}
	if size < c.Size {
		return c, fmt.Errorf("%w: its log has %d entries, %d were published on %s", ErrContradicted,
			size, c.Size, c.At.Format(time.RFC3339))
	}
	root, err := translog.Root(c.Size, Tiles(ctx, q))
	if err != nil {
		return c, err
	}
	if c.Size > 0 && root != tlog.Hash(c.Root) {
		return c, fmt.Errorf("%w: at %d entries its log has another root than on %s", ErrContradicted,
			c.Size, c.At.Format(time.RFC3339))
	}
	if c.Size < told {
		return c, fmt.Errorf("%w: a checkpoint of %d entries was published, the newest at %s has %d", ErrEvidenceMissing,
			told, sink.Place(), c.Size)
	}
	s.PublishedUpTo(c.Size)
	return c, keptWhole(ctx, sink, c.Size)
}

// newest reads the newest checkpoint of the place; the zero one when there is none.
func newest(ctx context.Context, key *translog.Key, sink translog.Sink) (audit.Checkpoint, error) {
	signed, err := sink.Newest(ctx)
	if err != nil || signed == nil {
		return audit.Checkpoint{}, placeFault(sink, err)
	}
	c, err := audit.ParseCheckpoint(signed, key.Verifier())
	if err != nil {
		return c, fmt.Errorf("%w: newest checkpoint at %s: %w", ErrEvidenceDamaged, sink.Place(), err)
	}
	return c, nil
}

// keptWhole tells whether the place has the entries of its newest checkpoint, when it keeps entries at all.
func keptWhole(ctx context.Context, sink translog.Sink, size int64) error {
	kept, err := sink.Kept(ctx)
	if err == nil && kept >= 0 && kept < size {
		return fmt.Errorf("%w: %s has %d of the %d entries of its newest checkpoint", ErrEvidenceMissing,
			sink.Place(), kept, size)
	}
	return placeFault(sink, err)
}
