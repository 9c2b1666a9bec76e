package statistics_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var now = calendar.MustDate("2035-03-01").Time() // later than whatever the database records

// office is the real statistics with one worker for each day of a layoff and region.
func office(t *testing.T, workers ...string) *statistics.Service {
	t.Helper()
	o := storetest.NewOffice(t)
	for n, line := range workers {
		code, on := region.Code(line[:4]), calendar.MustDate(line[5:])
		nik, err := identity.ParseNIK(fmt.Sprintf("%s01010190%04d", code, n+1))
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Stores.Open(t.Context(), o.Op(code), casework.Opening{Source: "test",
			Case:   casework.Case{Region: code, TerminatedOn: on, OpenedOn: on},
			Person: casework.Person{Name: "Siti", NIK: nik, Wage: identity.NewWage(1), Address: identity.NewSecret("x")}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return &statistics.Service{Store: o, Loads: o, Clock: clock.At(now)}
}

// of is a report of layoffs by regency.
func of(known time.Time) statistics.Query {
	return statistics.Query{Report: statistics.Layoffs, KnownAt: known, By: []statistics.Grouping{statistics.ByRegency},
		From: new(calendar.MustDate("2024-02-01")), Until: new(calendar.MustDate("2024-02-29"))}
}

// sum is the total of the first figure, and of nothing 0.
func sum(t statistics.Table) int {
	if total := t.Total(0); total != nil {
		return int(*total)
	}
	return 0
}

// rows are the rows of a table as text.
func rows(t statistics.Table) (text string) {
	for _, r := range t.Rows {
		for _, k := range r.Keys {
			text += k.Code + " "
		}
		if r.Item != "" {
			text += r.Item + " "
		}
		for i, v := range r.Values {
			if v == nil {
				text += "-"
			} else {
				text += fmt.Sprint(*v)
			}
			text += map[bool]string{true: ";", false: ","}[i == len(r.Values)-1]
		}
	}
	return text
}

// Of a period the first and the last day count, the days before and after do not.
func TestAFigureCountsItsDaysAndNoOther(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2023-12-31", "3273 2024-01-01", "3273 2024-01-31", "3273 2024-02-01", "3273 2024-02-29",
		"3273 2024-03-01", "3273 2024-12-31", "3273 2025-01-01")
	if err := s.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for period, want := range map[string]int{"2024-02-01 2024-02-29": 2, "2024-01-01 2024-02-29": 4,
		"2024-01-01 2024-01-31": 2, "2024-12-01 2024-12-31": 1, "2024-01-01 2024-12-31": 6, "2023-12-01 2023-12-31": 1,
		"2023-02-01 2023-02-28": 0, "2024-01-31 2024-02-01": 2, "2024-01-02 2024-01-30": 0, "2024-02-02 2024-03-01": 2} {
		from, until := calendar.MustDate(period[:10]), calendar.MustDate(period[11:])
		for _, report := range []statistics.Report{statistics.Layoffs, statistics.Stages} {
			got, err := s.Report(t.Context(), authz.Everywhere(), statistics.Query{Report: report, From: &from, Until: &until})
			if err != nil {
				t.Fatal(err)
			}
			if sum(got) != want {
				t.Errorf("%s of %s: %d, want %d", report, period, sum(got), want)
			}
		}
	}
}

// The future cannot be known, not even by an instant; what was not recorded yet was not known.
func TestAFigureIsAsKnownThen(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2024-02-01")
	for _, c := range []struct {
		known time.Time
		code  string
		total int
	}{
		{now, "", 1},
		{time.Time{}, "", 1}, // now
		{now.Add(-time.Nanosecond), "", 1},
		{now.Add(time.Nanosecond), "statistics.known_in_future", 0},
		{now.AddDate(1, 0, 0), "statistics.known_in_future", 0},
		{calendar.MustDate("2024-03-01").Time(), "", 0},
	} {
		f, err := s.Report(t.Context(), authz.Everywhere(), of(c.known))
		if got := refusal(err); got.Code != c.code || (err == nil) != (c.code == "") || err == nil && sum(f) != c.total {
			t.Errorf("known at %s: %s, %v, want %d %s", c.known, rows(f), err, c.total, c.code)
		} else if err != nil && (got.Kind != fault.Invalid || got.Field != "known_at") {
			t.Errorf("known at %s: %s at %q", c.known, got.Kind, got.Field)
		}
	}
}

func refusal(err error) (got fault.Error) {
	if refused, is := errors.AsType[*fault.Error](err); is {
		got = *refused
	}
	return got
}

// A region narrows the scope and never widens it; the total is that of the rows, which are as fine as was asked. Both
// kinds of reports follow the scope in the same way.
func TestAFigureIsOfTheScope(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2024-02-01", "3273 2024-02-02", "3204 2024-02-01", "3578 2024-02-01")
	if err := s.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := func(c region.Code) *region.Code { return &c }
	for _, c := range []struct {
		scope authz.Scope
		at    *region.Code
		by    statistics.Grouping
		want  string
		total int
	}{
		{authz.Everywhere(), nil, statistics.ByProvince, "32 3;35 1;", 4},
		{authz.Everywhere(), nil, statistics.ByRegency, "3204 1;3273 2;3578 1;", 4},
		{authz.Everywhere(), code("32"), statistics.ByRegency, "3204 1;3273 2;", 3},
		{authz.ScopeOver("3273"), nil, statistics.ByProvince, "32 2;", 2},
		{authz.ScopeOver("3273"), code("32"), statistics.ByProvince, "32 2;", 2},
		{authz.ScopeOver("3273", "3578"), code("3273"), statistics.ByRegency, "3273 2;", 2},
		{authz.ScopeOver("3273"), code("3204"), statistics.ByRegency, "", 0},
		{authz.ScopeOver("3273"), code("35"), statistics.ByRegency, "", 0},
		{authz.Scope{}, nil, statistics.ByRegency, "", 0},
	} {
		for _, q := range []statistics.Query{of(now), {Report: statistics.Stages}} {
			q.By, q.Region = []statistics.Grouping{c.by}, c.at
			got, err := s.Report(t.Context(), c.scope, q)
			if err != nil || sum(got) != c.total || q.Report == statistics.Layoffs && rows(got) != c.want {
				t.Errorf("%s of %v at %v: %s, want %s %d, %v", q.Report, c.scope, c.at, rows(got), c.want, c.total, err)
			}
		}
	}
}

// What was counted and came to nothing is told as zero: months between others and the items of a list. What was never
// counted is not told at all, nor is an average of nobody.
func TestZeroIsToldWhereItWasCounted(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2023-11-01", "3273 2024-02-01")
	ask := func(r statistics.Report, by ...statistics.Grouping) statistics.Table {
		t.Helper()
		got, err := s.Report(t.Context(), authz.Everywhere(), statistics.Query{Report: r, By: by})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := ask(statistics.Funnel); len(got.Rows) != 0 || !got.CountedAt.IsZero() ||
		ask(statistics.Stages).Total(0) != nil {
		t.Errorf("before the first count: %s", rows(got))
	}
	if err := s.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for report, want := range map[statistics.Report]string{
		statistics.Stages: "intake 2;benefit 0;training 0;placement 0;closed 0;",
		statistics.Funnel: "opened 2;claimed 0;eligible 0;trained 0;certified 0;applied 0;placed 0;retained " +
			"0;own_business 0;",
		statistics.Outcomes:   "placed 0;self_employed 0;rehired 0;withdrawn 0;unreachable 0;deceased 0;moved_abroad 0;",
		statistics.Claims:     "applied 0,0;refused 0,0;running 0,0;completed 0,0;stopped 0,0;withdrawn 0,0;",
		statistics.Placements: "0-30 0,-;31-60 0,-;61-90 0,-;91-180 0,-;181-365 0,-;366+ 0,-;",
		statistics.Matching:   "0,0,0,0,0,-;", statistics.Providers: "", statistics.Trainings: "",
	} {
		if got := rows(ask(report)); got != want {
			t.Errorf("%s: %s, want %s", report, got, want)
		}
	}
	const months = "2023-11 2;2023-12 0;2024-01 0;2024-02 2;"
	got := rows(ask(statistics.Layoffs, statistics.ByMonth))
	if want := strings.ReplaceAll(months, " 2;", " 1;"); got != want {
		t.Errorf("by month: %s, want %s", got, want)
	}
}

// There is a total only over what does not overlap, and of what adds up.
func TestTotalsAreOverWhatAddsUp(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2024-02-01", "3204 2024-02-01")
	if err := s.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for report, want := range map[statistics.Report]string{statistics.Funnel: "-", statistics.Stages: "2",
		statistics.Placements: "0-", statistics.Claims: "00", statistics.Matching: "00000-", statistics.Layoffs: "2",
		statistics.Load: "200220", statistics.Ages: "2"} {
		got, err := s.Report(t.Context(), authz.Everywhere(), statistics.Query{Report: report,
			Load: casework.LoadFilter{Today: calendar.MustDate("2024-02-01"), Month: calendar.MustDate("2020-01-01").Time()}})
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for f := range report.Shape().Figures {
			if total := got.Total(f); total != nil {
				text += fmt.Sprint(*total)
			} else {
				text += "-"
			}
		}
		if text != want && report != statistics.Load {
			t.Errorf("%s: %s, want %s", report, text, want)
		}
		if report == statistics.Load && (text[0] != '2' || text[5] != '2') {
			t.Errorf("%s: %s", report, text)
		}
	}
}

// What a report cannot be asked for is refused, and named; each with the field.
func TestWhatAReportDoesNotKnowIsRefused(t *testing.T) {
	t.Parallel()
	s := &statistics.Service{Clock: clock.At(now)} // refused before anything is counted
	from, until := calendar.MustDate("2024-02-02"), calendar.MustDate("2024-02-01")
	type query = statistics.Query
	by := func(r statistics.Report, by ...statistics.Grouping) query { return query{Report: r, By: by} }
	for _, c := range []struct {
		q           query
		code, field string
	}{
		{by(statistics.Layoffs, statistics.ByOfficer), "report.by_refused", "by"},
		{by(statistics.Load, statistics.ByMonth), "report.by_refused", "by"},
		{by(statistics.Load, statistics.ByOfficer, statistics.ByRegency), "report.by_refused", "by"},
		{by(statistics.Funnel, statistics.ByMonth, statistics.ByMonth), "report.by_twice", "by"},
		{query{Report: statistics.Load, From: &from}, "report.no_period", "from"},
		{query{Report: statistics.Load, Until: &from}, "report.no_period", "until"},
		{query{Report: statistics.Funnel, From: &from, Until: &until}, "report.period", "until"},
		{query{Report: statistics.Funnel, Definition: statistics.Workers}, "report.not_of_layoffs", "definition"},
		{query{Report: statistics.Funnel, KnownAt: now}, "report.not_of_layoffs", "known_at"},
	} {
		_, err := s.Report(t.Context(), authz.Everywhere(), c.q)
		if got := refusal(err); got.Code != c.code || got.Field != c.field {
			t.Errorf("%+v: %v, want %s at %s", c.q, err, c.code, c.field)
		}
	}
	if _, err := s.Report(t.Context(), authz.Scope{}, query{Report: statistics.Funnel, From: &from,
		Until: &from}); err != nil {
		t.Errorf("one day is a period: %v", err)
	}
}

// Every division of KBLI is in a section that has a name in both languages; what is no division has none.
func TestDivisionsHaveTheNameOfTheirSection(t *testing.T) {
	t.Parallel()
	for division, want := range map[string]string{"01": "Agriculture, forestry and fishing", "14": "Manufacturing",
		"33": "Manufacturing", "68": "Real estate activities", "04": "", "00": "", "none": "", "": ""} {
		if got := statistics.Sector("en", division); got != want {
			t.Errorf("%s is %q, want %q", division, got, want)
		}
	}
	if got := statistics.Sector("id", "41"); got != "Konstruksi" {
		t.Errorf("in Indonesian: %q", got)
	}
}

// policies/security.md: no number of 1 to 4 workers; zero is shown, and so is five.
func TestOneToFourAreSmall(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{0: false, 1: true, 4: true, 5: false, 6: false, 100: false} {
		if statistics.Small(n, least) != want {
			t.Errorf("%d is small: %t", n, !want)
		}
	}
}
