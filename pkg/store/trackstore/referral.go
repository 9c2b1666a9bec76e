package trackstore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

var selectReferral = `select ` + referrals.of("r") + `, r.case_id, coalesce(referred_name(r.id), '') from referral r where `

// GetReferral implements track.ReferralStore.
func (s *Tracks) GetReferral(ctx context.Context, scope authz.Scope, id uuid.UUID) (track.ReferralView, error) {
	list, err := s.referrals(ctx, scope, "r.id = $1 and ("+store.ScopeSQL(scope, "r.from_region")+" or "+store.ScopeSQL(scope, "r.to_region")+")", id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "referral.not_found")
	}
	if err != nil {
		return track.ReferralView{}, err
	}
	return list[0], nil
}

// ListReferrals implements track.ReferralStore.
func (s *Tracks) ListReferrals(ctx context.Context, scope authz.Scope, incoming bool, state *track.ReferralState, after uuid.UUID, limit int) ([]track.ReferralView, error) {
	column := "r.from_region"
	if incoming {
		column = "r.to_region"
	}
	args, conditions := []any{limit}, store.ScopeSQL(scope, column)
	if state != nil {
		conditions += " and r.state = " + store.Quote(string(*state))
	}
	if after != uuid.Nil {
		args = append(args, after)
		conditions += " and r.id < $2"
	}
	return s.referrals(ctx, scope, conditions+" order by r.id desc limit $1", args...)
}

// DueReferrals implements track.ReferralStore. The office furthest to the east has the earliest day; whether the day of an
// office is over is for the change itself.
func (s *Tracks) DueReferrals(ctx context.Context, limit int) ([]track.ReferralView, error) {
	return s.referrals(ctx, authz.Everywhere(), "r.state = 'offered' and r.answer_by < (clock_timestamp() at time zone 'Asia/Jayapura')::date order by r.answer_by limit $1", limit)
}

func (s *Tracks) referrals(ctx context.Context, scope authz.Scope, condition string, args ...any) (list []track.ReferralView, err error) {
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(selectReferral+condition, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v track.ReferralView, err error) {
			v.Referral, err = referrals.scan(row, (*[16]byte)(&v.Case), &v.Name)
			return v, err
		})
		if err != nil {
			return fmt.Errorf("read referrals: %w", err)
		}
		return nil
	})
	return list, err
}

var _ track.ReferralStore = (*Tracks)(nil)
