package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
)

// Every history beside the newest entry that its case or layoff records.
const (
	caseHistories = `select c.id, c.version, c.head, h.case_id, h.seq, h.region, h.kind, h.actor, h.occurred_on, h.recorded_at, h.payload, h.prev_hash, h.hash
		from cases c full join case_history h on h.case_id = c.id order by coalesce(c.id, h.case_id), h.seq`
	layoffHistories = `select l.id, l.version, l.head, h.layoff_id, h.seq, h.region, h.kind, h.actor, h.occurred_on, h.recorded_at, h.payload, h.prev_hash, h.hash
		from layoff l full join layoff_history h on h.layoff_id = l.id order by coalesce(l.id, h.layoff_id), h.seq`
)

// Verify re-derives every history in the database, in one snapshot, and gives the first finding: an entry that was
// changed, or a case whose newest entry is not the one it records. It reads all cases, so it is for whoever runs the
// server, not for the API.
func (s *Store) Verify(ctx context.Context, progress func(entries int)) (v audit.Verifier, found *audit.Finding, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		lo, hi, only := s.limits(authz.Everywhere())
		if _, err := tx.Exec(ctx, bindScope, lo, hi, only); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "set local statement_timeout = 0"); err != nil {
			return err
		}
		for i, histories := range []string{caseHistories, layoffHistories} {
			rows, err := tx.Query(ctx, histories)
			if err != nil {
				return err
			}
			one := audit.Verifier{Entries: v.Entries}
			found, err = s.verifyRows(rows, &one, progress)
			rows.Close()
			if v.Entries = one.Entries; i == 0 {
				v.Cases = one.Cases
			}
			if err == nil {
				err = rows.Err()
			}
			if err != nil || found != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return v, nil, fmt.Errorf("verify database: %w", translate(err))
	}
	return v, found, nil
}

// head is what a case records of its newest entry.
type head struct {
	id      uuid.UUID
	version int
	hash    [32]byte
}

func (s *Store) verifyRows(rows pgx.Rows, v *audit.Verifier, progress func(int)) (*audit.Finding, error) {
	var last *head
	for rows.Next() {
		now, e, err := scanVerify(rows)
		if err != nil {
			return nil, err
		}
		if last != nil && (now == nil || now.id != last.id) {
			if found := v.Head(last.id, last.version, last.hash); found != nil {
				return found, nil
			}
		}
		if e == nil || now == nil {
			return &audit.Finding{Case: orphan(now, e), What: audit.HeadDiffers}, nil
		}
		if found := v.Add(e); found != nil {
			return found, nil
		}
		last = now
		if progress != nil && v.Entries%100_000 == 0 {
			progress(v.Entries)
		}
	}
	if last == nil {
		return nil, nil // an empty database has nothing wrong with it
	}
	return v.Head(last.id, last.version, last.hash), nil
}

func orphan(h *head, e *audit.Entry) uuid.UUID {
	if h != nil {
		return h.id
	}
	return e.CaseID
}

// scanVerify reads one row; a case without entries gives no entry, an entry without its case no head.
func scanVerify(row pgx.Rows) (*head, *audit.Entry, error) {
	var id, caseID, actor pgtype.UUID
	var version, seq pgtype.Int4
	var region, kind, payload pgtype.Text
	var on pgtype.Date
	var at pgtype.Timestamptz
	var sum, prev, hash []byte
	if err := row.Scan(&id, &version, &sum, &caseID, &seq, &region, &kind, &actor, &on, &at, &payload, &prev, &hash); err != nil {
		return nil, nil, err
	}
	var h *head
	if id.Valid {
		h = &head{id: id.Bytes, version: int(version.Int32)}
		copy(h.hash[:], sum)
	}
	if !caseID.Valid {
		return h, nil, nil
	}
	e := &audit.Entry{CaseID: caseID.Bytes, Region: region.String, Seq: int(seq.Int32), Kind: kind.String, Actor: actor.Bytes, OccurredOn: dateOf(on),
		RecordedAt: at.Time, Payload: payload.String}
	copy(e.PrevHash[:], prev)
	copy(e.Hash[:], hash)
	return h, e, nil
}
