package reportstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
)

// source is where the figures of a report come from: rows x that have a region, a month, whatever else the report can
// be told apart by, and what its figures are made of.
type source struct {
	from    string
	item    string   // empty without items
	figures []string // in the order of the report's
	some    string   // what a group must have, or it is left out
}

// keyOf is what rows are told apart by: a code, and a name where the code has none in the program.
var keyOf = map[statistics.Grouping][2]string{
	statistics.ByMonth:    {"to_char(x.month, 'YYYY-MM')", "''"},
	statistics.ByProvince: {"left(x.region, 2)", "''"},
	statistics.ByRegency:  {"x.region", "''"},
	statistics.ByOfficer:  {"coalesce(o.id::text, 'none')", "coalesce(o.name, '')"},
	statistics.ByEmployer: {"coalesce(e.id::text, 'none')", "coalesce(e.name, '')"},
	statistics.BySector:   {"coalesce(nullif(left(e.kbli, 2), ''), 'none')", "''"},
}

// The first and the last day of all.
var (
	firstDay = calendar.MustDate("1900-01-01")
	lastDay  = calendar.MustDate("2199-12-31")
)

// Figures implements statistics.Store: sums over groups that the reader chooses, by pgx.
func (s *Reports) Figures(ctx context.Context, scope authz.Scope, q statistics.Query) (t statistics.Table, err error) {
	if scope.Empty() {
		return t, nil
	}
	src := sourceOf(scope, q)
	args := pgx.NamedArgs{"report": string(q.Report), "codes": s.Regencies(scope.Regions()), "known": q.KnownAt,
		"today": q.Today.Time(), "best": matching.Best}
	periodArgs(q, args)
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(src.query(q.By), args)
		b.Queue("select counted_at from rollup_state")
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		if t.Rows, err = pgx.CollectRows(rows, rowOf); err != nil {
			return err
		}
		var at pgtype.Timestamptz
		if err := r.QueryRow().Scan(&at); err == nil && q.Report.Shape().Rolled && at.Valid {
			t.CountedAt = at.Time.UTC()
		}
		return err
	})
	return t, err
}

func rowOf(row pgx.CollectableRow) (r statistics.Row, err error) {
	var codes, names []string
	if err := row.Scan(&codes, &names, &r.Item, &r.Values); err != nil {
		return r, err
	}
	for i, code := range codes {
		r.Keys = append(r.Keys, statistics.Key{Code: code, Name: names[i]})
	}
	return r, nil
}

func (src source) query(by []statistics.Grouping) string {
	codes, names := make([]string, len(by)), make([]string, len(by))
	for i, g := range by {
		codes[i], names[i] = keyOf[g][0], keyOf[g][1]
	}
	item := "''::text"
	if src.item != "" {
		item = src.item
	}
	query := "select array[" + strings.Join(codes, ", ") + "]::text[], array[" + strings.Join(names, ", ") +
		"]::text[], " + item + ", array[" + strings.Join(src.figures, ", ") + "]::bigint[] from " + src.from
	if len(by) > 0 || src.item != "" {
		query += " group by 1, 2, 3"
	}
	if src.some != "" {
		query += " having " + src.some
	}
	return query + fmt.Sprintf(" order by (array[%s]::bigint[])[1] desc nulls last, 1, 3 limit %d", src.figures[0],
		statistics.MostRows+1)
}

// periodArgs are the days of a period, the whole months in it, and the days before and after these.
func periodArgs(q statistics.Query, args pgx.NamedArgs) {
	from, until := firstDay, lastDay
	if q.From != nil {
		from = *q.From
	}
	if q.Until != nil {
		until = *q.Until
	}
	first, last := from.AddDays(1-from.Day()), until.AddDays(1-until.Day())
	if first != from {
		first = first.AddMonths(1)
	}
	if !endsMonth(until) {
		last = last.AddMonths(-1)
	}
	args["from"], args["until"], args["first"], args["last"] = from.Time(), until.Time(), first.Time(), last.Time()
}

// whole tells whether a period is whole months.
func whole(q statistics.Query) bool {
	return (q.From == nil || q.From.Day() == 1) && (q.Until == nil || endsMonth(*q.Until))
}

func endsMonth(d calendar.Date) bool { return d == lastDay || d.AddDays(1).Day() == 1 }

func sourceOf(scope authz.Scope, q statistics.Query) source {
	in := func(column string) string { return store.ScopeSQL(scope, column) }
	switch q.Report {
	case statistics.Layoffs:
		return layoffs(q)
	case statistics.Prevention:
		return prevention(in)
	case statistics.Matching:
		return ranking(in)
	case statistics.Referrals:
		return source{from: `(select to_region as region, date_trunc('month', offered_on)::date as month, answer_by
				from referral where state = 'offered' and ` + in("to_region") + ` and offered_on between @from and @until) x`,
			figures: []string{"count(*)", "count(*) filter (where x.answer_by < @today)"}}
	case statistics.Ages:
		return ages(in, q)
	default:
		return rolled(in, q)
	}
}

// rolled are the figures that are counted in the background: kept by region and month, and for anything finer summed up
// over the cases. Before the first count is whole there are none.
func rolled(in func(string) string, q statistics.Query) source {
	const ready = " and exists (select from rollup_state where counted_at is not null)"
	kept := `select r.region, r.month, null::uuid as officer_id, null::uuid as layoff_id, r.item, r.n, r.total
	from rollup r
		where r.measure = @report and r.month between @first and @last and ` + in("r.region") + ready
	cases := `select r.region, date_trunc('month', r.terminated_on)::date as month, r.officer_id, r.layoff_id, f.item,
			1 as n, f.amount as total from counted r cross join lateral (` + facts[q.Report] + `) f
		where r.terminated_on between @from and @until and ` + in("r.region") + ready
	finer := slices.ContainsFunc(q.By, func(g statistics.Grouping) bool {
		return g == statistics.ByOfficer || g == statistics.ByEmployer || g == statistics.BySector
	})
	from := kept
	switch {
	case finer:
		from = cases
	case !whole(q):
		from += " union all " + cases +
			" and (r.terminated_on < @first or r.terminated_on >= (@last::date + interval '1 month'))"
	}
	src := source{from: "(" + from + ") x" + joined(q.By), item: "x.item", some: "sum(x.n) > 0"}
	sums := map[statistics.Figure]string{statistics.Paid: "sum(x.total)", statistics.Days: "sum(x.total) / sum(x.n)"}
	for _, f := range q.Report.Shape().Figures {
		src.figures = append(src.figures, cmp.Or(sums[f], "sum(x.n)"))
	}
	return src
}

// joined joins what names the officers and employers of cases. A layoff outside of the scope is not seen: its employer
// is none.
func joined(by []statistics.Grouping) (joins string) {
	for _, g := range by {
		switch g {
		case statistics.ByOfficer:
			joins += " left join officer o on o.id = x.officer_id"
		case statistics.ByEmployer, statistics.BySector:
			if !strings.Contains(joins, "layoff") {
				joins += " left join layoff l on l.id = x.layoff_id left join employer e on e.id = l.employer_id"
			}
		case statistics.ByMonth, statistics.ByProvince, statistics.ByRegency:
		}
	}
	return joins
}

// ages are how many days the cases that are open have been, as they stand.
func ages(in func(string) string, q statistics.Query) source {
	return source{from: `(select c.region, c.officer_id, c.layoff_id, ` + spanOf("@today::date - c.opened_on") + ` as item
			from cases c where c.stage <> 'closed' and ` + in("c.region") + ") x" + joined(q.By),
		item: "x.item", figures: []string{"count(*)"}}
}

// prevention counts the layoffs themselves. What nobody said of people is no number of theirs.
func prevention(in func(string) string) source {
	const day = "coalesce(l.planned_on, l.created_at::date)"
	return source{from: `(select l.region, date_trunc('month', ` + day + `)::date as month, l.employer_id, l.state,
			l.people_planned, case when l.state = 'withdrawn' then l.people_planned else l.jobs_saved end as saved
			from layoff l where ` + in("l.region") + ` and ` + day + ` between @from and @until) x
		join employer e on e.id = x.employer_id`,
		figures: []string{"count(*)", "count(*) filter (where x.state = 'withdrawn')", "sum(x.people_planned)",
			"coalesce(sum(x.saved), 0)"}}
}

// ranking counts proposals by the day they were made, and those hired by the day they applied.
func ranking(in func(string) string) source {
	const rate = "100 * sum(x.hit) / nullif(sum(x.hired), 0)"
	figures := make([]string, 0, len(statistics.Matching.Shape().Figures))
	for _, column := range []string{"proposed", "accepted", "declined", "hired", "hit"} {
		figures = append(figures, "coalesce(sum(x."+column+"), 0)")
	}
	return source{from: `(select p.region, date_trunc('month', p.proposed_on)::date as month, 1 as proposed,
			(p.state in ('accepted', 'hired'))::int as accepted, (p.state = 'declined')::int as declined, 0 as hired,
			(p.state = 'hired' and p.rank between 1 and @best)::int as hit
			from proposal p where ` + in("p.region") + ` and p.proposed_on between @from and @until
		union all select a.region, date_trunc('month', a.applied_on)::date, 0, 0, 0, 1, 0 from application a
			where a.vacancy_id is not null and a.state = 'hired' and ` + in("a.region") + `
				and a.applied_on between @from and @until) x`,
		figures: append(figures, rate)}
}
