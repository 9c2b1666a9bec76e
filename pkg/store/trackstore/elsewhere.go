package trackstore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/casestore"
	"github.com/tanggap/tanggap/pkg/track"
)

const (
	lockPerson      = "select lock_person($1)"
	selectElsewhere = "select claim_id, terminated_on, state, n, given_on, amount from claims_elsewhere($1)"
)

// withElsewhere is the tracks with the claims of the same person in other cases. The person is locked by a statement of
// its own: the one after it sees what the one before it in line has committed.
type withElsewhere struct{ *tracks }

func (w withElsewhere) QueueLoad(b *pgx.Batch, id casework.ID) {
	b.Queue(lockPerson, uuid.UUID(id))
	w.tracks.QueueLoad(b, id)
	b.Queue(selectElsewhere, uuid.UUID(id))
}

func (w withElsewhere) ScanLoad(r pgx.BatchResults) (err error) {
	if _, err = r.Exec(); err != nil {
		return err
	}
	if err = w.tracks.ScanLoad(r); err == nil {
		w.now.Elsewhere, err = readElsewhere(r)
	}
	return err
}

func readElsewhere(r pgx.BatchResults) ([]track.Elsewhere, error) {
	rows, err := r.Query()
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (e track.Elsewhere, err error) {
		var terminated, given pgtype.Date
		err = row.Scan(&e.Claim, &terminated, (*string)(&e.State), &e.N, &given, (*int64)(&e.Amount))
		e.TerminatedOn, e.GivenOn = store.DateOf(terminated), store.DateOf(given)
		return e, err
	})
}

// ChangeClaims implements track.Store.
func (s *Tracks) ChangeClaims(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) (casework.State, error) {
	t := newTracks(*s.measures.Load())
	return s.cases.ChangeWith(ctx, trackChange(op, id, version, withElsewhere{t}, t, ref, fn))
}

func trackChange(op authz.Op, id casework.ID, version int, parts casestore.Parts, t *tracks, ref *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) casestore.Change {
	return casestore.Change{Op: op, ID: id, Version: version, Parts: parts,
		Fn: func(c *casework.Case) (casework.Event, error) { return fn(c, &t.now) },
		Ref: func() string {
			if *ref == uuid.Nil {
				return ""
			}
			return ref.String()
		}}
}

// GetElsewhere implements track.Store.
func (s *Tracks) GetElsewhere(ctx context.Context, scope authz.Scope,
	id casework.ID) (list []track.Elsewhere, err error) {
	if scope.Empty() {
		return nil, nil
	}
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(selectElsewhere, uuid.UUID(id)) },
		func(r pgx.BatchResults) error {
			list, err = readElsewhere(r)
			return err
		})
	return list, err
}
