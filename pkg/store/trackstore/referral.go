package trackstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/track"
)

var selectReferral = `select ` + referrals.of("r") + `, r.case_id, coalesce(p.name, ''), coalesce(p.stage, '')
	from referral r left join lateral referred(r.id) p on true where `

// GetReferral implements track.ReferralStore.
func (s *Tracks) GetReferral(ctx context.Context, scope authz.Scope, id uuid.UUID) (track.ReferralView, error) {
	list, err := s.referrals(ctx, scope,
		"r.id = $1 and ("+store.ScopeSQL(scope, "r.from_region")+" or "+store.ScopeSQL(scope, "r.to_region")+")", id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "referral.not_found")
	}
	if err != nil {
		return track.ReferralView{}, err
	}
	return list[0], nil
}

// ListReferrals implements track.ReferralStore.
func (s *Tracks) ListReferrals(ctx context.Context, scope authz.Scope, direction *track.Direction,
	state *track.ReferralState, after uuid.UUID, limit int) ([]track.ReferralView, error) {
	to, from := store.ScopeSQL(scope, "r.to_region"), store.ScopeSQL(scope, "r.from_region")
	conditions := "(" + to + " or " + from + ")"
	if direction != nil {
		conditions = map[track.Direction]string{track.Incoming: to, track.Outgoing: from}[*direction]
	}
	args := []any{limit}
	if state != nil {
		conditions += " and r.state = " + store.Quote(string(*state))
	}
	if after != uuid.Nil {
		args = append(args, after)
		conditions += " and r.id < $2"
	}
	return s.referrals(ctx, scope, conditions+" order by r.id desc limit $1", args...)
}

// Staffed implements track.ReferralStore.
func (s *Tracks) Staffed(ctx context.Context, office region.Code, roles []authz.Role,
	at time.Time) (there bool, err error) {
	today := calendar.Of(at, calendar.ZoneOf(string(office.Province())))
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	err = s.Pool.QueryRow(ctx, `select exists (select from officer_grant g join officer o on o.id = g.officer_id
	and o.active
		where g.region = $1 and g.role = any ($2) and g.revoked_at is null and not g.pending
			and g.valid_from <= $3 and coalesce(g.valid_until, $3) >= $3)`, string(office), names, today.Time()).Scan(&there)
	return there, store.Translate(err)
}

// DueReferrals implements track.ReferralStore. The office furthest to the east has the earliest day; whether the day of
// an office is over is for the change itself.
func (s *Tracks) DueReferrals(ctx context.Context, limit int) ([]track.ReferralView, error) {
	return s.referrals(ctx, authz.Everywhere(), "r.state = 'offered' and r.answer_by < (clock_timestamp() at time zone "+
		"'Asia/Jayapura')::date order by r.answer_by limit $1", limit)
}

func (s *Tracks) referrals(ctx context.Context, scope authz.Scope, condition string,
	args ...any) (list []track.ReferralView, err error) {
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(selectReferral+condition, args...) },
		func(r pgx.BatchResults) error {
			rows, err := r.Query()
			if err != nil {
				return err
			}
			list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v track.ReferralView, err error) {
				v.Referral, err = referrals.scan(row, (*[16]byte)(&v.Case), &v.Name, (*string)(&v.Stage))
				if v.Name == "" && !scope.Covers(v.From) {
					v.Message = "" // it may speak of the worker
				}
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
