package reportstore

import (
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
)

// definition is a count of one office by month, and the day that a month is of.
type definition struct{ day, query string }

// What is known at an instant is what stands in entries recorded until then. Each gives the figures of one office. Of a
// case that was not changed since the instant all entries were known, so that its history need not be asked; and of one
// whose benefit runs or ran, the state says that the claim was granted. They are counts over the offices of a scope,
// for pgx.
var definitions = map[statistics.Definition]definition{
	statistics.Reports: {day: `coalesce(case when later.payload is null then l.planned_on
			else (later.payload->>'planned_before')::date end, l.created_at::date)`,
		query: `select MONTH as month, sum(case k.kind when 'layoff.withdrawn' then 0
			when 'layoff.reduced' then (k.payload->>'to')::int
			else coalesce((k.payload->>'people_planned')::int, (later.payload->>'people_before')::int,
				l.people_planned, 0) end) as n
		from layoff l cross join lateral (select h.kind, h.payload::jsonb as payload from layoff_history h
			where h.layoff_id = l.id
			and h.kind in ('layoff.reported', 'layoff.reduced', 'layoff.withdrawn', 'layoff.corrected')
				and h.recorded_at <= @known order by h.seq desc limit 1) k
		left join lateral (select h.payload::jsonb as payload from layoff_history h
			where l.updated_at > @known and h.layoff_id = l.id and h.kind = 'layoff.corrected' and h.recorded_at > @known
				order by h.seq limit 1) later on true
		where l.region = office.code and DAY between @from and @until group by 1`},
	statistics.Workers: {day: "c.terminated_on", query: `select MONTH as month, count(*) as n from cases c
		where c.region = office.code and DAY between @from and @until and c.outcome is distinct from 'duplicate'
			and (c.updated_at <= @known or exists (select from case_history h where h.case_id = c.id and h.seq = 1
			and h.recorded_at <= @known)) group by 1`},
	statistics.JKPParticipants: {day: "c.terminated_on", query: `select MONTH as month, count(*) as n from cases c
		where c.region = office.code and DAY between @from and @until and c.claim_state <> 'none'
			and case when c.updated_at > @known then exists (select from case_history h where h.case_id = c.id
				and h.kind = 'claim.decided'
					and h.payload::jsonb->>'result' = 'eligible' and h.recorded_at <= @known)
				else c.claim_state in ('running', 'completed', 'stopped')
					or exists (select from claim k where k.case_id = c.id and k.reference_on is not null) end group by 1`},
}

// layoffs counts the PHK by a definition. Months are told apart only when they are asked for: it costs.
func layoffs(q statistics.Query) source {
	d := definitions[q.Definition]
	month := "null::date"
	if slices.Contains(q.By, statistics.ByMonth) {
		month = "date_trunc('month', DAY)::date"
	}
	each := strings.ReplaceAll(strings.Replace(d.query, "MONTH", month, 1), "DAY", d.day)
	return source{from: "(select office.code as region, c.month, c.n from " + store.EachOffice("@codes", each) + ") x",
		figures: []string{"sum(x.n)"}}
}

var _ statistics.Store = (*Reports)(nil)
