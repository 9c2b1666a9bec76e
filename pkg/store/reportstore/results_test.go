package reportstore_test

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// day is a day for a query.
func day(iso string) *calendar.Date { return new(calendar.MustDate(iso)) }

// A report adds up the figures of its own measure, of the period and the regions that were asked for; the days are an
// average in whole days, and what came to nothing is not told.
func TestAReportAddsUpWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Do(t, `insert into rollup (region, month, measure, item, n, total) values
		('3273', '2025-12-01', 'time_to_placement', '0-30', 2, 31), ('3204', '2026-01-01', 'time_to_placement', '0-30', 1, 1),
		('3273', '2026-02-01', 'time_to_placement', '31-60', 1, 59), ('3171', '2026-03-01', 'time_to_placement', '0-30', 5, 5),
		('3273', '2026-01-01', 'time_to_placement', '61-90', 0, 0), ('3273', '2026-01-01', 'outcomes', '0-30', 7, 7),
		('3273', '2026-01-01', 'at_work', '', 3, 0), ('3204', '2026-01-01', 'at_work', '', 4, 0)`)
	b.Do(t, "update rollup_state set counted_at = '2026-11-23 01:02:03.000004Z'")
	days := statistics.Query{Report: statistics.Placements}
	in := func(from, until string) statistics.Query {
		return statistics.Query{Report: statistics.Placements, From: day(from), Until: day(until)}
	}
	type rows = map[string][2]int64
	for name, c := range map[string]struct {
		scope authz.Scope
		q     statistics.Query
		want  rows
	}{
		"a regency":       {storetest.In("3273"), days, rows{"0-30": {2, 16}, "31-60": {1, 59}}},
		"a year of it":    {storetest.In("3273"), in("2026-01-01", "2026-12-31"), rows{"31-60": {1, 59}}},
		"another year":    {storetest.In("3273"), in("2024-01-01", "2024-12-31"), rows{}},
		"a month of it":   {storetest.In("3273"), in("2025-12-01", "2025-12-31"), rows{"0-30": {2, 16}}},
		"two months":      {storetest.In("3273"), in("2025-12-01", "2026-02-28"), rows{"0-30": {2, 16}, "31-60": {1, 59}}},
		"half a month":    {storetest.In("3273"), in("2025-12-02", "2025-12-31"), rows{}}, // of which no case is counted
		"a province":      {storetest.In("32"), days, rows{"0-30": {3, 11}, "31-60": {1, 59}}},
		"the nation":      {storetest.In(""), days, rows{"0-30": {8, 5}, "31-60": {1, 59}}},
		"nowhere":         {storetest.In(), days, rows{}},
		"another report":  {storetest.In("3273"), statistics.Query{Report: statistics.Funnel}, rows{}},
		"two of a nation": {storetest.In("3273", "3171"), days, rows{"0-30": {7, 5}, "31-60": {1, 59}}},
	} {
		table, err := b.Figures(t.Context(), c.scope, c.q)
		storetest.OK(t, err)
		got := rows{}
		for _, r := range table.Rows {
			got[r.Item] = [2]int64{*r.Values[0], *r.Values[len(r.Values)-1]}
		}
		if !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if want := time.Date(2026, 11, 23, 1, 2, 3, 4000, time.UTC); !c.scope.Empty() && table.CountedAt != want {
			t.Errorf("%s: counted at %s", name, table.CountedAt)
		}
	}
	for by, want := range map[statistics.Grouping]map[string]int{statistics.ByProvince: {"32": 7},
		statistics.ByRegency: {"3204": 4, "3273": 3}, statistics.ByMonth: {"2026-01": 7}} {
		got := b.asked(t, storetest.In(""), statistics.Query{Report: statistics.AtWork, By: []statistics.Grouping{by}})
		if !maps.Equal(got, want) {
			t.Errorf("by %s: %v, want %v", by, got, want)
		}
	}
}

// Workers are counted where they live, by the day of their PHK, both days included, and as it was known at an instant.
func TestWorkersAreCountedByTheDayOfTheirPHK(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.OpenCase(t, "3273", 1) // PHK on 1 October
	b.OpenCase(t, "3273", 2)
	b.OpenCase(t, "3204", 3)
	on, before, after := "2026-10-01", "2026-09-30", "2026-10-02"
	var now time.Time
	storetest.OK(t, b.Database.Admin(t).QueryRow(t.Context(), "select clock_timestamp()").Scan(&now))
	type rows = map[string]int
	for name, c := range map[string]struct {
		scope       authz.Scope
		from, until string
		known       time.Time
		by          statistics.Grouping
		want        rows
	}{
		"its day":        {storetest.In("3273"), on, on, now, statistics.ByRegency, rows{"3273": 2}},
		"the day before": {storetest.In("3273"), before, before, now, statistics.ByRegency, rows{}},
		"the day after":  {storetest.In("3273"), after, after, now, statistics.ByRegency, rows{}},
		"both":           {storetest.In("32"), on, after, now, statistics.ByRegency, rows{"3204": 1, "3273": 2}},
		"its month":      {storetest.In("32"), before, after, now, statistics.ByMonth, rows{"2026-10": 3}},
		"the province":   {storetest.In("32"), before, on, now, statistics.ByProvince, rows{"32": 3}},
		"not known then": {storetest.In("32"), on, on, now.Add(-time.Hour), statistics.ByRegency, rows{}},
		"elsewhere":      {storetest.In("3171"), on, on, now, statistics.ByRegency, rows{}},
		"nowhere":        {storetest.In(), on, on, now, statistics.ByRegency, rows{}},
	} {
		got := b.asked(t, c.scope, statistics.Query{Report: statistics.Layoffs, Definition: statistics.Workers,
			By: []statistics.Grouping{c.by}, KnownAt: c.known, From: day(c.from), Until: day(c.until)})
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
