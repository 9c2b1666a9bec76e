package reportstore_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// counted gives the figures of one report over Bandung, after a count.
func (b *bundle) counted(t *testing.T, r statistics.Report) map[string]int {
	t.Helper()
	storetest.OK(t, b.Rollup(t.Context()))
	return b.asked(t, storetest.In("3273"), statistics.Query{Report: r})
}

// asked gives the first figure of every row, by its keys and its item.
func (b *bundle) asked(t *testing.T, scope authz.Scope, q statistics.Query) map[string]int {
	t.Helper()
	got, err := b.Figures(t.Context(), scope, q)
	storetest.OK(t, err)
	figures := map[string]int{}
	for _, row := range got.Rows {
		name := row.Item
		for _, k := range row.Keys {
			name = strings.TrimSuffix(k.Code+" "+name, " ")
		}
		figures[name] = int(*row.Values[0])
	}
	return figures
}

// The last day of a span belongs to it, and the next day to the span after; work that began before the case counts as
// no day.
func TestASpanOfDaysToWorkEndsWithItsLastDay(t *testing.T) {
	t.Parallel()
	b, want := setup(t), map[string]int{}
	for i, c := range []struct {
		days int
		item string
	}{
		{-5, "0-30"}, {0, "0-30"}, {30, "0-30"}, {31, "31-60"}, {60, "31-60"}, {61, "61-90"},
		{90, "61-90"}, {91, "91-180"}, {180, "91-180"}, {181, "181-365"}, {365, "181-365"}, {366, "366+"},
	} {
		id := b.OpenCase(t, "3273", i+1).ID.String()
		b.Tamper(t, fmt.Sprintf(`insert into placement (id, case_id, region, employer, position, state, started_on)
			select gen_random_uuid(), id, region, 'PT', 'Penjahit', 'reported', opened_on + %d from cases where id = '%s'`,
			c.days, id))
		want[c.item]++
	}
	if got := b.counted(t, statistics.Placements); !maps.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

// Of the outcomes three are work; a worker with a placement that lasts is at work whatever the outcome, and one whose
// placements have all ended is not.
func TestWhoIsAtWork(t *testing.T) {
	t.Parallel()
	b, n := setup(t), 0
	working := map[casework.Outcome]bool{casework.Placed: true, casework.SelfEmployed: true, casework.Rehired: true}
	for _, outcome := range casework.Outcomes() {
		if outcome == casework.Duplicate {
			continue // names another case, and is counted nowhere
		}
		before := b.counted(t, statistics.AtWork)[""]
		n++
		id := b.OpenCase(t, "3273", n).ID.String()
		b.Tamper(t, fmt.Sprintf("update cases set stage = 'closed', outcome = '%s', closed_on = opened_on where id = '%s'",
			outcome, id))
		if counts := b.counted(t, statistics.AtWork)[""] > before; counts != working[outcome] {
			t.Errorf("%s is at work: %t", outcome, counts)
		}
	}
	before := b.counted(t, statistics.AtWork)[""]
	for state, lasts := range map[string]int{"reported": 1, "verified": 1, "retained_3m": 1, "ended": 0} {
		n++
		id := b.OpenCase(t, "3273", n).ID.String()
		b.Tamper(t, fmt.Sprintf(`insert into placement (id, case_id, region, employer, position, state, started_on)
			select gen_random_uuid(), id, region, 'PT', 'Penjahit', '%s', opened_on from cases where id = '%s'`, state, id))
		now := b.counted(t, statistics.AtWork)[""]
		if now-before != lasts {
			t.Errorf("a placement that is %s: %d more are at work", state, now-before)
		}
		before = now
	}
}

// A referral waits until it is answered, and is late on the day after the one by which it should have been; the span
// has both its days.
func TestWhichReferralsWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := b.OpenCase(t, "3204", 1)
	today := storetest.Today
	for _, r := range []struct {
		state         string
		offered, days int
	}{{"offered", -9, -1}, {"offered", -9, 0}, {"offered", -9, 1}, {"accepted", -9, -1}, {"offered", -10, -1},
		{"offered", 0, 1},
		{"offered", 1, 2}} {
		b.Tamper(t, fmt.Sprintf(`insert into referral (id, case_id, region, kind, from_region, to_region, service, state,
			offered_on, answer_by, version) values (gen_random_uuid(), '%s', '3204', 'service', '3204', '3273', 'training', '%s',
			'%s', '%s', 1)`, c.ID, r.state, today.AddDays(r.offered), today.AddDays(r.days)))
	}
	from, until := today.AddDays(-9), today
	got, err := b.Figures(t.Context(), storetest.In("3273"), statistics.Query{Report: statistics.Referrals,
		From: &from, Until: &until, Today: today})
	storetest.OK(t, err)
	if len(got.Rows) != 1 || *got.Rows[0].Values[0] != 4 || *got.Rows[0].Values[1] != 1 {
		t.Errorf("4 wait, 1 of them late; got %+v", got.Rows)
	}
}

// A case is counted by the days since it was opened, up to the last of a span and not beyond; one that is closed is
// not.
func TestACaseIsAsOldAsItHasBeenOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opened := storetest.Opening(t, "3273", 1).Case.OpenedOn
	b.OpenCase(t, "3273", 1)
	b.OpenCase(t, "3204", 2)
	closed := b.OpenCase(t, "3273", 3).ID.String()
	b.Tamper(t, `update cases set stage = 'closed', outcome = 'withdrawn', due_on = null, due_for = null,
		follow_up_on = null, closed_on = opened_on where id = '`+closed+"'")
	for days, span := range map[int]string{0: "0-30", 30: "0-30", 31: "31-60", 60: "31-60", 61: "61-90", 90: "61-90",
		91: "91-180", 180: "91-180", 181: "181-365", 365: "181-365", 366: "366+"} {
		for scope, want := range map[region.Code]map[string]int{"32": {span: 2}, "3273": {span: 1}, "3201": {}} {
			got := b.asked(t, storetest.In(scope), statistics.Query{Report: statistics.Ages,
				Today: opened.AddDays(days)})
			if !maps.Equal(got, want) {
				t.Errorf("%d days, %s: %v, want %v", days, scope, got, want)
			}
		}
	}
}
