package reportstore_test

import (
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// naive are the reports as one would count them by hand over the cases: the item and what is counted of a case c.
var naive = map[statistics.Report]string{
	statistics.Stages:   "select c.stage as item, 1 as n where c.outcome is distinct from 'duplicate'",
	statistics.Outcomes: "select c.outcome as item, 1 as n where c.outcome <> 'duplicate'",
	statistics.Claims:   "select c.claim_state as item, 1 as n where c.claim_state <> 'none'",
	statistics.AtWork:   "select '' as item, 1 as n where c.outcome in ('placed', 'self_employed', 'rehired')",
}

// columns are what a case is told apart by. A layoff outside of the scope is not seen.
var columns = map[statistics.Grouping]string{
	statistics.ByMonth: "to_char(c.terminated_on, 'YYYY-MM')", statistics.ByProvince: "left(c.region, 2)",
	statistics.ByRegency: "c.region", statistics.ByOfficer: "coalesce(c.officer_id::text, 'none')",
	statistics.ByEmployer: "coalesce((select l.employer_id::text from layoff l where l.id = c.layoff_id and l.region like 'SCOPE%'), 'none')",
	statistics.BySector: `coalesce((select left(e.kbli, 2) from layoff l join employer e on e.id = l.employer_id
		where l.id = c.layoff_id and l.region like 'SCOPE%'), 'none')`,
}

// Whatever is asked for, of whichever days and told apart by whatever, the figures are those of the cases.
func TestFiguresOfAnyPeriodAreThoseOfTheCases(t *testing.T) {
	t.Parallel()
	b := setup(t)
	chance := mathrand.New(mathrand.NewPCG(7, 50))
	b.manyCases(t, 400)
	b.Do(t, `insert into employer (id, name, name_key, kbli, region) select gen_random_uuid(), 'PT ' || i, 'pt ' || i,
		case when i < 3 then '1410' || i end, '3273' from generate_series(1, 4) i`)
	b.Tamper(t, fmt.Sprintf(`insert into layoff (id, region, employer_id, reference, reason, reported_by, head, updated_at)
		select gen_random_uuid(), '3273', id, name, 'x', '%s', sha256(name::bytea), now() from employer`, b.Officer))
	colleagues := []authz.OfficerID{b.Colleague(t, "3273"), b.Colleague(t, "3204")}
	b.Tamper(t, "update case_history set region = '3204' where case_id in (select id from cases order by id limit 150)",
		"update cases set region = '3204' where id in (select id from cases order by id limit 150)",
		fmt.Sprintf(`update cases set terminated_on = '2025-12-20'::date + (get_byte(uuid_send(id), 0) %% 100),
			officer_id = (array['%s', '%s', null]::uuid[])[1 + get_byte(uuid_send(id), 1) %% 3],
			layoff_id = (select id from layoff order by id offset get_byte(uuid_send(cases.id), 2) %% 5 limit 1),
			claim_state = (array['none', 'applied', 'running'])[1 + get_byte(uuid_send(id), 3) %% 3]`,
			colleagues[0], colleagues[1]),
		`update cases set stage = 'closed', closed_on = '2026-11-02', due_on = null, due_for = null, follow_up_on = null,
			outcome = (array['placed', 'duplicate', 'withdrawn'])[1 + get_byte(uuid_send(id), 4) % 3]
			where get_byte(uuid_send(id), 5) % 2 = 0`)
	storetest.OK(t, b.Rollup(t.Context()))
	told, whole := 0, 0
	for range 150 {
		q := statistics.Query{Report: pickOf(chance, statistics.Stages, statistics.Outcomes, statistics.Claims,
			statistics.AtWork)}
		for _, g := range statistics.Grouping("").Values() {
			if len(q.By) < 2 && chance.IntN(4) == 0 {
				q.By = append(q.By, g)
			}
		}
		from, until := calendar.MustDate("2025-12-15").AddDays(chance.IntN(60)), calendar.MustDate("2026-01-25").AddDays(
			chance.IntN(70))
		if chance.IntN(3) == 0 {
			from, until = from.AddDays(1-from.Day()), until.AddDays(1-until.Day()).AddMonths(1).AddDays(-1)
			whole++
		}
		if until.Before(from) {
			continue
		}
		q.From, q.Until = pickOf(chance, nil, &from, &from), pickOf(chance, nil, &until, &until)
		scope := pickOf(chance, region.Code(""), "32", "3273", "3204")
		got, want := b.asked(t, storetest.In(scope), q), b.byHand(t, scope, q)
		if told += len(got); !maps.Equal(got, want) {
			t.Errorf("%s by %v from %v until %v in %q:\n%v, by hand\n%v", q.Report, q.By, q.From, q.Until, scope, got, want)
		}
	}
	if told < 500 || whole < 20 {
		t.Errorf("only %d figures were compared, %d of whole months", told, whole)
	}
}

// byHand counts what asked gives.
func (b *bundle) byHand(t *testing.T, scope region.Code, q statistics.Query) map[string]int {
	t.Helper()
	name, conditions := "f.item", "c.region like '"+string(scope)+"%'"
	for _, g := range q.By {
		name = "trim(" + strings.ReplaceAll(columns[g], "SCOPE", string(scope)) + " || ' ' || " + name + ")"
	}
	if q.From != nil {
		conditions += " and c.terminated_on >= '" + q.From.String() + "'"
	}
	if q.Until != nil {
		conditions += " and c.terminated_on <= '" + q.Until.String() + "'"
	}
	rows, err := b.Database.Admin(t).Query(t.Context(), strings.Join([]string{"select", name, ", sum(f.n)::int from cases c",
		"cross join lateral (", naive[q.Report], ") f where", conditions, "group by 1"}, " "))
	storetest.OK(t, err)
	defer rows.Close()
	want := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		storetest.OK(t, rows.Scan(&name, &n))
		want[name] = n
	}
	storetest.OK(t, rows.Err())
	return want
}

func pickOf[T any](chance *mathrand.Rand, of ...T) T { return of[chance.IntN(len(of))] }
