package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

type figure struct {
	Definition, Measure, From, Until string
	KnownAt                          time.Time `json:"known_at"`
	Total                            int
	Items                            []struct {
		Region string
		People int
	}
}

func figures(t *testing.T, o *apitest.Officer, query string) (f figure) {
	t.Helper()
	a := o.Call(t, http.MethodGet, "/v1/reports/layoffs?"+query, nil)
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	a.JSON(t, &f)
	return f
}

func openOn(t *testing.T, o *apitest.Officer, region string, n int, terminated string) {
	t.Helper()
	a := o.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": region, "terminated_on": terminated,
		"worker": apitest.Worker("3273", n, "Siti")})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

// §6.4 of the legal basis: what was printed as "January to October 2023" was the sum of ten figures of a year to date.
// A year to date is counted from its days, so that it is the sum of its months and never of other years to date.
func TestAYearToDateIsCountedAndNotAddedUp(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "")
	for n, day := range []string{"2026-01-05", "2026-02-10", "2026-02-28", "2026-03-01", "2025-12-31"} {
		openOn(t, o, []string{"3273", "3204", "3578", "3273", "3273"}[n], n+1, day)
	}
	sum := 0
	for month, want := range map[string]int{"2026-01": 1, "2026-02": 2, "2026-03": 1, "2026-04": 0} {
		got := figures(t, o, "month="+month)
		if got.Total != want || got.Measure != "period" || got.From[:7] != month || got.Until[:7] != month {
			t.Errorf("%s: %+v, want %d", month, got, want)
		}
		sum += got.Total
	}
	for month, want := range map[string]int{"2026-01": 1, "2026-02": 3, "2026-03": 4, "2026-12": 4} {
		got := figures(t, o, "measure=year_to_date&month="+month)
		if got.Total != want || got.From != "2026-01-01" {
			t.Errorf("to the end of %s: %+v, want %d", month, got, want)
		}
	}
	if sum != 4 {
		t.Errorf("the months sum to %d", sum)
	}
	fine := figures(t, o, "measure=year_to_date&month=2026-03&by=regency")
	people := map[string]int{}
	for _, row := range fine.Items {
		people[row.Region] = row.People
	}
	if people["3273"] != 2 || people["3204"] != 1 || people["3578"] != 1 || len(people) != 3 {
		t.Errorf("by regency: %v", people)
	}
	if own := figures(t, b.Officer(t, authz.Analyst, "3273"), "measure=year_to_date&month=2026-03"); own.Total != 2 {
		t.Errorf("an analyst of 3273 sees %+v", own)
	}
}

// A published figure can be told again as it was known then, whatever was reported, reduced or withdrawn since.
func TestAFigureIsToldAgainAsItWasKnown(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	l := report(t, o, "PT Garmen", 120)
	openOn(t, o, "3273", 1, "2026-10-05")
	query := "definition=disnaker_reports&month=2026-12"
	first := figures(t, o, query)
	workers := figures(t, o, "month=2026-10")
	changeLayoff(t, o, &l, "/reduction", map[string]any{"people_planned": 100, "reason": "pesanan baru"})
	second := figures(t, o, query)
	changeLayoff(t, o, &l, "/withdrawal", map[string]any{"reason": "selesai"})
	openOn(t, o, "3273", 2, "2026-10-06")
	last := figures(t, o, query)
	if first.Total != 120 || second.Total != 100 || last.Total != 0 {
		t.Errorf("planned: %d, %d, %d", first.Total, second.Total, last.Total)
	}
	for _, was := range []figure{first, second} {
		if again := figures(t, o, query+"&known_at="+
			url.QueryEscape(was.KnownAt.Format(time.RFC3339Nano))); again.Total != was.Total {
			t.Errorf("known at %s it was %d, told again %d", was.KnownAt, was.Total, again.Total)
		}
	}
	if again := figures(t, o, "month=2026-10&known_at="+
		url.QueryEscape(workers.KnownAt.Format(time.RFC3339Nano))); again.Total != workers.Total || workers.Total != 1 {
		t.Errorf("workers: %d, told again %d", workers.Total, again.Total)
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/layoffs?month=2026-10&known_at=2999-01-01T00:00:00Z",
		nil); a.Code() != "statistics.known_in_future" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestJobsSavedAreCountedByRegionAndIndustry(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	l, gone := report(t, o, "PT Garmen", 120), report(t, o, "PT Sepatu", 30)
	changeLayoff(t, o, &l, "/prevention", map[string]any{"measures": map[string]string{"reduce_shifts": "agreed",
		"rotate_furlough": "done"}, "jobs_saved": 45})
	changeLayoff(t, o, &gone, "/withdrawal", map[string]any{"reason": "batal"})
	var r struct {
		Planned, Saved int
		Items          []struct {
			Region, KBLI                       string
			Layoffs, Withdrawn, Planned, Saved int
		}
	}
	o.Call(t, http.MethodGet, "/v1/reports/prevention?from=2026-01-01&until=2026-12-31", nil).JSON(t, &r)
	if r.Planned != 150 || r.Saved != 75 || len(r.Items) != 1 || r.Items[0].KBLI != "14" || r.Items[0].Withdrawn != 1 {
		t.Errorf("%+v", r)
	}
	b.Officer(t, authz.Analyst, "3204").Call(t, http.MethodGet, "/v1/reports/prevention?from=2026-01-01&until=2026-12-31",
		nil).JSON(t, &r)
	if r.Planned != 0 || len(r.Items) != 0 {
		t.Errorf("another office: %+v", r)
	}
}
