package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
)

// What is known at an instant is what stands in entries recorded until then: $1 and $2 are the days, $3 the instant, and
// left(region, $4) the region that a figure is told for. SCOPE is the caller's. Of a case that was not changed since the
// instant all entries were known, so that its history need not be asked.
var counted = map[statistics.Definition]string{
	statistics.Reports: `select left(c.region, $4), sum(case k.kind when 'layoff.withdrawn' then 0 when 'layoff.reduced' then (k.payload->>'to')::int
				else coalesce((k.payload->>'people_planned')::int, l.people_planned, 0) end)::int
		from layoff l join employer c on c.id = l.employer_id
		cross join lateral (select h.kind, h.payload::jsonb as payload from layoff_history h where h.layoff_id = l.id
			and h.kind in ('layoff.reported', 'layoff.reduced', 'layoff.withdrawn') and h.recorded_at <= $3 order by h.seq desc limit 1) k
		where SCOPE and coalesce(l.planned_on, l.created_at::date) between $1 and $2 group by 1 order by 1`,
	statistics.Workers: `select left(c.region, $4), count(*)::int from cases c
		where SCOPE and c.terminated_on between $1 and $2 and c.outcome is distinct from 'duplicate'
			and (c.updated_at <= $3 or exists (select from case_history h where h.case_id = c.id and h.seq = 1 and h.recorded_at <= $3)) group by 1 order by 1`,
	statistics.JKPParticipants: `select left(c.region, $4), count(*)::int from cases c
		where SCOPE and c.terminated_on between $1 and $2 and c.claim_state <> 'none'
			and case when c.updated_at <= $3 then exists (select from claim k where k.case_id = c.id and k.reference_on is not null)
				else exists (select from case_history h where h.case_id = c.id and h.kind = 'claim.decided' and h.payload::jsonb->>'result' = 'eligible' and h.recorded_at <= $3) end
		group by 1 order by 1`,
}

// The lengths of codes.
const (
	provinceDigits = 2
	regencyDigits  = 4
)

// CountLayoffs implements statistics.Store.
func (s *Store) CountLayoffs(ctx context.Context, scope authz.Scope, q statistics.Query, from, until calendar.Date) ([]statistics.Row, error) {
	if scope.Empty() {
		return nil, nil
	}
	digits := provinceDigits
	if q.By == statistics.ByRegency {
		digits = regencyDigits
	}
	var out []statistics.Row
	query := strings.Replace(counted[q.Definition], "SCOPE", literalScope(scope), 1)
	err := s.read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, from.Time(), until.Time(), q.KnownAt, digits) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (one statistics.Row, err error) {
			var code string
			err = row.Scan(&code, &one.People)
			one.Region = region.Code(code)
			return one, err
		})
		return err
	})
	return out, err
}
