package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording/spelling"
)

// scopes are those of the benchmark's officers, and one of two provinces.
func (b *loadedBase) scopes() map[string]authz.Scope {
	out := map[string]authz.Scope{"several": authz.ScopeOver(region.Code(b.data.province), region.Code(b.data.thin))}
	for mail, area := range b.data.areas() {
		out[mail] = authz.ScopeOver(region.Code(area))
	}
	return out
}

// within is the condition of a scope in plain SQL.
func within(scope authz.Scope, column string) string {
	var parts []string
	for _, code := range scope.Regions() {
		parts = append(parts, "starts_with("+column+", '"+string(code)+"')")
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

func plain[T any](t *testing.T, b *loadedBase, query string, args ...any) []T {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// saysTheSame asks the same of the program and of the tables: by which way a list is found must not be seen in it.
func (b *loadedBase) saysTheSame(t *testing.T) {
	s := b.open(t, b.AppDSN)
	defer s.Close()
	day := calendar.Of(wall.Now(), calendar.WIB)
	for name, scope := range b.scopes() {
		// Few updated cases are sorted, many are walked to.
		for _, since := range []time.Time{day.AddDays(-3).Time(), day.AddDays(-90).Time(), day.AddDays(-2000).Time()} {
			where := "updated_at >= $1 and " + within(scope, "region")
			f := casework.Filter{UpdatedSince: &since, Limit: page}
			wanted := plain[uuid.UUID](t, b, fmt.Sprintf("select id from cases where %s order by id desc limit %d", where,
				2*page), since)
			var got []uuid.UUID
			for range 2 {
				rows, err := s.List(t.Context(), scope, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					got, f.After = append(got, uuid.UUID(row.ID)), row.ID
				}
			}
			if !slices.Equal(got, wanted) {
				t.Errorf("%s since %s: %d cases instead of %d, or others", name, since, len(got), len(wanted))
			}
			counts, err := s.Count(t.Context(), scope, casework.Filter{UpdatedSince: &since})
			if n := plain[int](t, b, "select count(*) from cases where "+where, since)[0]; err != nil || sum(counts) != n {
				t.Errorf("%s since %s: counted %v instead of %d (%v)", name, since, counts, n, err)
			}
		}
		for stage, f := range map[string]casework.Filter{"stage": {Stages: []casework.Stage{casework.Training}},
			"closed": {Stages: []casework.Stage{casework.Closed}}} {
			counts, err := s.Count(t.Context(), scope, f)
			n := plain[int](t, b, "select count(*) from cases where stage = $1 and "+within(scope, "region"),
				string(f.Stages[0]))[0]
			if err != nil || counts[f.Stages[0]] != n || sum(counts) != n {
				t.Errorf("%s of %s: counted %v instead of %d (%v)", name, stage, counts, n, err)
			}
		}
		b.sameWork(t, s.CountWork, name, scope, day)
	}
}

// counting is how the store counts work.
type counting func(context.Context, authz.Scope, track.WorkFilter, calendar.Date) ([]track.WorkCount, error)

// dueWork is what is to be done until $1, by kind.
const dueWork = `select kind || ' ' || count(*) from (
	select 'follow_up' as kind from cases where follow_up_on <= $1 and %[1]s
	union all select 'deadline' from cases where due_on <= $1 and not starts_with(due_for, 'month') and %[1]s
	union all select 'month' from claim_month where state = 'upcoming' and closes_on <= $1 and %[1]s
	union all select 'month_payment' from claim_month where (state = 'proved' or state = 'upcoming' and n = 1)
		and coalesce(proved_on, opens_on) + 5 <= $1 and %[1]s
	union all select 'claim_decision' from claim where state = 'applied' and applied_on + 7 <= $1 and %[1]s
	union all select t.kind from task t join cases c on c.id = t.case_id where t.due_on <= $1 and %[2]s
		and (c.stage <> 'closed' or t.kind in ('placement_retention', 'certificate_renewal', 'jobseeker_card_report'))) x
		group by kind order by 1`

func (b *loadedBase) sameWork(t *testing.T, count counting, name string, scope authz.Scope, day calendar.Date) {
	t.Helper()
	until := day.AddDays(30)
	counts, err := count(t.Context(), scope, track.WorkFilter{Until: until}, day)
	var got []string
	for _, c := range counts {
		got = append(got, fmt.Sprintf("%s %d", c.Kind, c.Overdue+c.Due))
	}
	slices.Sort(got)
	wanted := plain[string](t, b, fmt.Sprintf(dueWork, within(scope, "region"), within(scope, "t.region")), until.Time())
	slices.Sort(wanted)
	if err != nil || !slices.Equal(got, wanted) {
		t.Errorf("%s: work %v instead of %v (%v)", name, got, wanted, err)
	}
}

// findsNames compares a search with comparing every name, by the way of a small office and by that of a large one.
func (b *loadedBase) findsNames(t *testing.T) {
	b.compareNames(t)
	var large string
	if err := b.conn.QueryRow(t.Context(),
		"select replace(pg_get_functiondef('search_names'::regproc), 'offset 10000', 'offset 3')").Scan(&large); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(large, "offset 3)") {
		t.Fatal("the function has another limit of small offices")
	}
	if _, err := b.conn.Exec(t.Context(), large); err != nil {
		t.Fatal(err)
	}
	b.compareNames(t)
}

func (b *loadedBase) compareNames(t *testing.T) {
	s := b.open(t, b.AppDSN)
	defer s.Close()
	for name, scope := range b.scopes() {
		for _, wanted := range []string{"siti", "muhammad", "togar simanjuntak", "sitti aminnah", "agus wibowo", "qwertz"} {
			rows, err := s.Search(t.Context(), scope, casework.Query{Name: wanted, Limit: page})
			if err != nil {
				t.Fatal(err)
			}
			var got []uuid.UUID
			for _, row := range rows {
				got = append(got, uuid.UUID(row.ID))
			}
			var ways []string // as the name is written, and abbreviated
			for _, words := range spelling.Of(strings.Fields(wanted), 5) {
				ways = append(ways, strings.Join(words, " "))
			}
			all := plain[uuid.UUID](t, b, fmt.Sprintf(`select case_id from case_worker
				cross join lateral (select max(word_similarity(s, name_key)) as likeness from unnest($1::text[]) s) l
				where likeness >= 0.5 and %s
				order by likeness desc, case_id desc limit %d`, within(scope, "region"), page), ways)
			if !slices.Equal(got, all) {
				t.Errorf("%s: %q finds %d, comparing all %d, or others", name, wanted, len(got), len(all))
			}
		}
	}
}

// recordsOfDays looks at the bounds of days in the record of access.
func (b *loadedBase) recordsOfDays(t *testing.T) {
	s := b.open(t, b.AppDSN)
	defer s.Close()
	day := calendar.Of(wall.Now(), calendar.WIB)
	for _, days := range [][2]int{{-60, -30}, {-400, -360}, {-1, 0}, {1, 2}, {-900, -800}} {
		from, until := day.AddDays(days[0]).Time(), day.AddDays(days[1]).Time()
		list, err := s.ListAccess(t.Context(), authz.Everywhere(), accesslog.Filter{From: &from, Until: &until, Limit: page})
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, r := range list {
			got = append(got, r.ID)
		}
		wanted := plain[int64](t, b,
			fmt.Sprintf("select id from access_record where at >= $1 and at < $2 order by id desc limit %d",
				page), from, until)
		if !slices.Equal(got, wanted) {
			t.Errorf("from %s until %s: %v instead of %v", from, until, got, wanted)
		}
	}
}
