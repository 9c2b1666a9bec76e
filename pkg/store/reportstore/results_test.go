package reportstore_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A report adds up the figures of its own measure, of the year and the regions that were asked for; the days are an
// average in whole days, and what came to nothing is not told. The nation's results by region are by province.
func TestAReportAddsUpWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Do(t, `insert into rollup (region, year, measure, item, n, total) values
		('3273', 2025, 'time_to_placement', '000-030', 2, 31), ('3204', 2026, 'time_to_placement', '000-030', 1, 1),
		('3273', 2026, 'time_to_placement', '031-060', 1, 59), ('3171', 2026, 'time_to_placement', '000-030', 5, 5),
		('3273', 2026, 'time_to_placement', '061-090', 0, 0), ('3273', 2026, 'outcomes', '000-030', 7, 7),
		('3273', 2026, 'results_by_region', '3273', 3, 0), ('3204', 2026, 'results_by_region', '3204', 4, 0)`)
	b.Do(t, "update rollup_state set counted_at = '2026-11-23 01:02:03.000004Z'")
	const days, places = statistics.Placements, statistics.Regions
	type rows = []statistics.ResultRow
	row := func(item string, n, days int) statistics.ResultRow {
		return statistics.ResultRow{Item: item, N: n, Days: days}
	}
	ask := func(r statistics.Report) statistics.ResultQuery { return statistics.ResultQuery{Report: r} }
	for name, c := range map[string]struct {
		scope authz.Scope
		q     statistics.ResultQuery
		want  rows
	}{
		"a regency": {storetest.In("3273"), ask(days), rows{row("000-030", 2, 16), row("031-060", 1, 59)}},
		"a year of it": {storetest.In("3273"), statistics.ResultQuery{Report: days, Year: 2026},
			rows{row("031-060", 1, 59)}}, "another year": {storetest.In("3273"), statistics.ResultQuery{Report: days,
			Year: 2024}, nil},
		"a province":     {storetest.In("32"), ask(days), rows{row("000-030", 3, 11), row("031-060", 1, 59)}},
		"the nation":     {storetest.In(""), ask(days), rows{row("000-030", 8, 5), row("031-060", 1, 59)}},
		"nowhere":        {storetest.In(), ask(days), nil},
		"by regency":     {storetest.In("32"), ask(places), rows{row("3204", 4, 0), row("3273", 3, 0)}},
		"by province":    {storetest.In(""), ask(places), rows{row("32", 7, 0)}},
		"another report": {storetest.In("3273"), ask(statistics.Funnel), nil},
	} {
		got, err := b.Results(t.Context(), c.scope, c.q)
		if err != nil || len(got.Rows) != len(c.want) || len(c.want) > 0 && !reflect.DeepEqual(got.Rows, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got.Rows, err, c.want)
		}
		if want := time.Date(2026, 11, 23, 1, 2, 3, 4000, time.UTC); got.CountedAt != want {
			t.Errorf("%s: counted at %s", name, got.CountedAt)
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
	day, before, after := calendar.MustDate("2026-10-01"), calendar.MustDate("2026-09-30"), calendar.MustDate("2026-10-02")
	var now time.Time
	storetest.OK(t, b.Database.Admin(t).QueryRow(t.Context(), "select clock_timestamp()").Scan(&now))
	type rows = []statistics.Row
	for name, c := range map[string]struct {
		scope       authz.Scope
		from, until calendar.Date
		known       time.Time
		by          statistics.Level
		want        rows
	}{
		"its day":        {storetest.In("3273"), day, day, now, statistics.ByRegency, rows{{Region: "3273", People: 2}}},
		"the day before": {storetest.In("3273"), before, before, now, statistics.ByRegency, nil},
		"the day after":  {storetest.In("3273"), after, after, now, statistics.ByRegency, nil},
		"both": {storetest.In("32"), day, after, now, statistics.ByRegency, rows{{Region: "3204", People: 1},
			{Region: "3273", People: 2}}},
		"the province":   {storetest.In("32"), before, day, now, statistics.ByProvince, rows{{Region: "32", People: 3}}},
		"not known then": {storetest.In("32"), day, day, now.Add(-time.Hour), statistics.ByRegency, nil},
		"elsewhere":      {storetest.In("3171"), day, day, now, statistics.ByRegency, nil},
		"nowhere":        {storetest.In(), day, day, now, statistics.ByRegency, nil},
	} {
		q := statistics.Query{Definition: statistics.Workers, By: c.by, KnownAt: c.known}
		got, err := b.CountLayoffs(t.Context(), c.scope, q, c.from, c.until)
		if err != nil || len(got) != len(c.want) || len(c.want) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}
