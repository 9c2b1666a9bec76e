package reportstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
)

// What is known at an instant is what stands in entries recorded until then: $1 and $2 are the days, $3 the instant.
// Each gives the figures of one office. Of a case that was not changed since the instant all entries were known, so
// that its history need not be asked; and of one whose benefit runs or ran, the state says that the claim was granted.
// They are counts over the offices of a scope, for pgx.
var counted = map[statistics.Definition]string{
	statistics.Reports: `select case k.kind when 'layoff.withdrawn' then 0
			when 'layoff.reduced' then (k.payload->>'to')::int
			else coalesce((k.payload->>'people_planned')::int, (later.payload->>'people_before')::int,
				l.people_planned, 0) end as n
		from layoff l cross join lateral (select h.kind, h.payload::jsonb as payload from layoff_history h
			where h.layoff_id = l.id
			and h.kind in ('layoff.reported', 'layoff.reduced', 'layoff.withdrawn', 'layoff.corrected') and h.recorded_at <= $3
				order by h.seq desc limit 1) k
		left join lateral (select h.payload::jsonb as payload from layoff_history h
			where l.updated_at > $3 and h.layoff_id = l.id and h.kind = 'layoff.corrected' and h.recorded_at > $3
				order by h.seq limit 1) later on true
		where l.region = office.code and coalesce(case when later.payload is null then l.planned_on
			else (later.payload->>'planned_before')::date end, l.created_at::date) between $1 and $2`,
	statistics.Workers: `select count(*) as n from cases c
		where c.region = office.code and c.terminated_on between $1 and $2 and c.outcome is distinct from 'duplicate'
			and (c.updated_at <= $3 or exists (select from case_history h where h.case_id = c.id and h.seq = 1
			and h.recorded_at <= $3)) having count(*) > 0`,
	statistics.JKPParticipants: `select count(*) as n from cases c
		where c.region = office.code and c.terminated_on between $1 and $2 and c.claim_state <> 'none'
			and case when c.updated_at > $3 then exists (select from case_history h where h.case_id = c.id
				and h.kind = 'claim.decided'
					and h.payload::jsonb->>'result' = 'eligible' and h.recorded_at <= $3)
				else c.claim_state in ('running', 'completed', 'stopped')
					or exists (select from claim k where k.case_id = c.id and k.reference_on is not null) end having count(*) > 0`,
}

// The lengths of codes.
const (
	provinceDigits = 2
	regencyDigits  = 4
)

// CountLayoffs implements statistics.Store.
func (s *Reports) CountLayoffs(ctx context.Context, scope authz.Scope, q statistics.Query, from,
	until calendar.Date) ([]statistics.Row, error) {
	if scope.Empty() {
		return nil, nil
	}
	digits := provinceDigits
	if q.By == statistics.ByRegency {
		digits = regencyDigits
	}
	var out []statistics.Row
	query := "select left(office.code, $4) as region, sum(c.n)::int as people from " + store.EachOffice("$5",
		counted[q.Definition]) +
		" group by 1 order by 1"
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(query, from.Time(), until.Time(), q.KnownAt, digits, s.Regencies(scope.Regions()))
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[statistics.Row])
		return err
	})
	return out, err
}
