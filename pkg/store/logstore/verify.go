package logstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/translog"
)

// Every history beside the newest entry that its case or layoff records, its place in the log, and its hash while it
// waits for one.
const (
	caseHistories = `select c.id, c.version, c.head, h.case_id, h.seq, h.region, h.kind, h.actor, h.occurred_on,
		h.recorded_at, h.payload, h.prev_hash, h.hash, g.idx, p.hash
		from cases c full join case_history h on h.case_id = c.id left join log_leaf g on (g.entry_of, g.seq) = (h.case_id,
		h.seq)
		left join log_pending p on (p.entry_of, p.seq) = (h.case_id, h.seq) order by coalesce(c.id, h.case_id), h.seq`
	layoffHistories = `select l.id, l.version, l.head, h.layoff_id, h.seq, h.region, h.kind, h.actor, h.occurred_on,
		h.recorded_at, h.payload, h.prev_hash, h.hash, g.idx, p.hash
		from layoff l full join layoff_history h on h.layoff_id = l.id
		left join log_leaf g on (g.entry_of, g.seq) = (h.layoff_id, h.seq)
		left join log_pending p on (p.entry_of, p.seq) = (h.layoff_id, h.seq) order by coalesce(l.id, h.layoff_id), h.seq`
	lawHistories = `select r.id, r.version, r.head, h.release_id, h.seq, '' as region, h.kind, h.actor, h.occurred_on,
		h.recorded_at, h.payload, h.prev_hash, h.hash, g.idx, p.hash
		from law_release r full join law_history h on h.release_id = r.id
		left join log_leaf g on (g.entry_of, g.seq) = (h.release_id, h.seq)
		left join log_pending p on (p.entry_of, p.seq) = (h.release_id, h.seq) order by coalesce(r.id, h.release_id), h.seq`
	waitingWithoutEntry = `select p.entry_of, p.seq from log_pending p where not exists (select from case_history h
		where (h.case_id, h.seq) = (p.entry_of, p.seq))
		and not exists (select from layoff_history h where (h.layoff_id, h.seq) = (p.entry_of, p.seq))
		and not exists (select from law_history h where (h.release_id, h.seq) = (p.entry_of, p.seq)) order by 1, 2 limit 1`
)

// verifyTime bounds one statement of a verification, which may read everything there is.
const verifyTime = 24 * time.Hour

// verification is one walk over everything that the database has of histories.
type verification struct {
	tx       pgx.Tx
	chain    audit.Verifier
	log      *audit.LogVerifier
	unlogged *audit.Finding // the first entry of which the log knows nothing: one before it may have been changed
	progress func(entries int)
}

// Verify re-derives every history in the database, in one snapshot, holds it against what was published, and gives the
// first finding: an entry that was changed, taken out or put in, a case whose newest entry is not the one it records,
// or a database that is older than its checkpoints. It reads all cases, so it is for whoever runs the server, not for
// the API.
func (s *Log) Verify(ctx context.Context, published audit.Published, progress func(entries int)) (
	v audit.Verifier, found *audit.Finding, err error) {
	err = pgx.BeginTxFunc(ctx, s.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			lo, hi, only := s.Limits(authz.Everywhere())
			if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
				return err
			}
			v, found, err = VerifyIn(ctx, tx, published, progress)
			return err
		})
	if err != nil {
		return v, nil, fmt.Errorf("verify database: %w", store.Translate(err))
	}
	return v, found, nil
}

// VerifyIn is Verify inside a transaction that sees all regions.
func VerifyIn(ctx context.Context, tx pgx.Tx, published audit.Published, progress func(entries int)) (
	audit.Verifier, *audit.Finding, error) {
	ctx = store.WithWait(ctx, verifyTime)
	w := verification{tx: tx, progress: progress}
	var size int64
	if _, err := tx.Exec(ctx, "set local statement_timeout = 0"); err != nil {
		return w.chain, nil, err
	}
	if err := tx.QueryRow(ctx, "select size from log_state").Scan(&size); err != nil {
		return w.chain, nil, err
	}
	w.log = audit.NewLogVerifier(size)
	cases := 0
	for i, histories := range []string{caseHistories, layoffHistories, lawHistories} {
		w.chain = audit.Verifier{Entries: w.chain.Entries}
		found, err := w.walk(ctx, histories)
		if i == 0 {
			cases = w.chain.Cases
		}
		if w.chain.Cases = cases; err != nil || found != nil {
			return w.chain, found, err
		}
	}
	var lost audit.LogEntry
	rows, err := tx.Query(ctx, waitingWithoutEntry)
	if err != nil {
		return w.chain, nil, err
	}
	tag, err := pgx.ForEachRow(rows, []any{(*[16]byte)(&lost.Of), &lost.Seq}, func() error { return nil })
	if err != nil {
		return w.chain, nil, err
	}
	if tag.RowsAffected() > 0 && w.unlogged == nil {
		w.unlogged = &audit.Finding{Case: lost.Of, Seq: lost.Seq, What: audit.Missing}
	}
	root, err := translog.Root(size, Tiles(ctx, tx))
	if err != nil {
		root = [32]byte{} // tiles that are not whole: no log has this root
	}
	found, err := w.log.Finish(root, published, func(at int64) (audit.LogEntry, bool) { return expected(ctx, tx, at) })
	if u := w.unlogged; u != nil && (found == nil || found.Case != u.Case || found.Seq > u.Seq) {
		found = u
	}
	return w.chain, found, err
}

// head is what a case records of its newest entry.
type head struct {
	id      uuid.UUID
	version int
	hash    [32]byte
}

func (w *verification) walk(ctx context.Context, histories string) (*audit.Finding, error) {
	rows, err := w.tx.Query(ctx, histories)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found, err := w.walkRows(rows)
	if err == nil && found == nil {
		err = rows.Err()
	}
	return found, err
}

func (w *verification) walkRows(rows pgx.Rows) (*audit.Finding, error) {
	var last *head
	for rows.Next() {
		now, e, err := w.scan(rows)
		if err != nil {
			return nil, err
		}
		if last != nil && (now.head == nil || now.head.id != last.id) {
			if found := w.chain.Head(last.id, last.version, last.hash); found != nil {
				return found, nil
			}
		}
		if e == nil || now.head == nil {
			return &audit.Finding{Case: orphan(now.head, e), Seq: 1, What: audit.HeadDiffers}, nil
		}
		if found := w.chain.Add(e); found != nil {
			return found, nil
		}
		if found := w.place(now, e); found != nil && w.unlogged == nil {
			w.unlogged = found
		}
		last = now.head
		if w.progress != nil && w.chain.Entries%100_000 == 0 {
			w.progress(w.chain.Entries)
		}
	}
	if last == nil {
		return nil, nil // an empty database has nothing wrong with it
	}
	return w.chain.Head(last.id, last.version, last.hash), nil
}

// place holds an entry against the log: it has a place in it, or waits for one as it is.
func (w *verification) place(at row, e *audit.Entry) *audit.Finding {
	switch {
	case at.index.Valid:
		return w.log.Place(at.index.Int64, e)
	case at.waiting != e.Hash:
		return &audit.Finding{Case: e.CaseID, Seq: e.Seq, What: audit.NotInLog}
	}
	return nil
}

func orphan(h *head, e *audit.Entry) uuid.UUID {
	if h != nil {
		return h.id
	}
	return e.CaseID
}

// row is one row of a walk; a case without entries gives no entry, an entry without its case no head.
type row struct {
	head    *head
	index   pgtype.Int8
	waiting [32]byte
}

func (w *verification) scan(from pgx.Rows) (at row, e *audit.Entry, err error) {
	var id, caseID, actor pgtype.UUID
	var version, seq pgtype.Int4
	var region, kind, payload pgtype.Text
	var on pgtype.Date
	var recorded pgtype.Timestamptz
	var sum, prev, hash, waiting []byte
	if err := from.Scan(&id, &version, &sum, &caseID, &seq, &region, &kind, &actor, &on, &recorded, &payload, &prev, &hash,
		&at.index, &waiting); err != nil {
		return at, nil, err
	}
	if id.Valid {
		at.head = &head{id: id.Bytes, version: int(version.Int32)}
		copy(at.head.hash[:], sum)
	}
	copy(at.waiting[:], waiting)
	if !caseID.Valid {
		return at, nil, nil
	}
	e = &audit.Entry{CaseID: caseID.Bytes, Region: region.String, Seq: int(seq.Int32), Kind: kind.String,
		Actor: actor.Bytes, OccurredOn: store.DateOf(on), RecordedAt: recorded.Time, Payload: payload.String}
	copy(e.PrevHash[:], prev)
	copy(e.Hash[:], hash)
	return at, e, nil
}
