package trackstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

// asked are the entries that ask for a void which nobody has done, nor taken back. The entries of a case are where it
// is.
const asked = `case_history h where h.kind = 'entry.void_asked' and not exists (
	select from case_history v where v.case_id = h.case_id
		and v.seq > h.seq and v.kind = 'entry.voided'
		and (v.payload::json ->> 'seq')::int in (h.seq, (h.payload::json ->> 'seq')::int)) and `

// CountQueue implements track.WorkStore: pgx, beside the lists that are counted.
func (s *Tracks) CountQueue(ctx context.Context, scope authz.Scope, q track.Queue) (n int, err error) {
	if scope.Empty() {
		return 0, nil
	}
	query, args := "", []any{}
	switch q {
	case track.PaymentQueue:
		args = append(args, s.Regencies(scope.Regions()))
		query = "select count(*) from " + store.EachOffice("$1", selectPayable+inOffice)
	case track.VacancyQueue:
		query = "select count(*) from vacancy v where v.state = 'reported' and " + store.ScopeSQL(scope, "v.region")
	case track.ReferralQueue:
		query = "select count(*) from referral r where r.state = 'offered' and " + store.ScopeSQL(scope, "r.to_region")
	case track.VoidQueue:
		query = "select count(*) from " + asked + store.ScopeSQL(scope, "h.region")
	case track.DecisionQueue, track.ExportQueue, track.ErasureQueue, track.DuplicateQueue:
	}
	if query == "" {
		return 0, fmt.Errorf("queue %q is not counted here", q)
	}
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) },
		func(r pgx.BatchResults) error { return r.QueryRow().Scan(&n) })
	return n, err
}

// Voids implements track.WorkStore.
func (s *Tracks) Voids(ctx context.Context, scope authz.Scope, after track.VoidAsked,
	limit int) (list []track.VoidAsked, err error) {
	if scope.Empty() {
		return nil, nil
	}
	query := `select h.case_id, h.region, h.seq, (h.payload::json ->> 'seq')::int, h.payload::json ->> 'kind', h.actor,
		h.occurred_on, h.payload::json ->> 'reason' from ` + asked + store.ScopeSQL(scope, "h.region") +
		" and (h.case_id, h.seq) > ($1, $2) order by h.case_id, h.seq limit $3"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, uuid.UUID(after.Case), after.Seq, limit) },
		func(r pgx.BatchResults) error {
			rows, err := r.Query()
			if err != nil {
				return err
			}
			list, err = pgx.CollectRows(rows, scanVoidAsked)
			return err
		})
	return list, err
}

func scanVoidAsked(row pgx.CollectableRow) (v track.VoidAsked, err error) {
	var on pgtype.Date
	err = row.Scan((*[16]byte)(&v.Case), (*string)(&v.Region), &v.Seq, &v.Entry, (*string)(&v.Kind), (*[16]byte)(&v.By),
		&on, &v.Reason)
	v.On = store.DateOf(on)
	return v, err
}
