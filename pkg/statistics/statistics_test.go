package statistics_test

import (
	"errors"
	"fmt"
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
	return &statistics.Service{Store: o, Rollups: o, Clock: clock.At(now)}
}

// A period is one whole month and a year so far begins on 1 January, whatever day of the month is asked; the first and
// the last day count, the days before and after do not.
func TestAFigureCountsItsDaysAndNoOther(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2023-12-31", "3273 2024-01-01", "3273 2024-01-31", "3273 2024-02-01", "3273 2024-02-29",
		"3273 2024-03-01", "3273 2024-12-31", "3273 2025-01-01")
	for _, c := range []struct {
		month       string
		measure     statistics.Measure
		from, until string
		total       int
	}{
		{"2024-02-01", statistics.Period, "2024-02-01", "2024-02-29", 2},
		{"2024-02-29", statistics.Period, "2024-02-01", "2024-02-29", 2},
		{"2024-02-15", statistics.YearToDate, "2024-01-01", "2024-02-29", 4},
		{"2024-01-31", statistics.Period, "2024-01-01", "2024-01-31", 2},
		{"2024-01-31", statistics.YearToDate, "2024-01-01", "2024-01-31", 2},
		{"2024-12-01", statistics.Period, "2024-12-01", "2024-12-31", 1},
		{"2024-12-31", statistics.YearToDate, "2024-01-01", "2024-12-31", 6},
		{"2023-12-15", statistics.Period, "2023-12-01", "2023-12-31", 1},
		{"2023-02-28", statistics.Period, "2023-02-01", "2023-02-28", 0},
	} {
		f, err := s.Count(t.Context(), authz.Everywhere(), statistics.Query{Definition: statistics.Workers,
			Measure: c.measure, Month: calendar.MustDate(c.month), KnownAt: now, By: statistics.ByRegency})
		if err != nil {
			t.Fatal(err)
		}
		if f.From.String() != c.from || f.Until.String() != c.until || f.Total != c.total {
			t.Errorf("%s of %s: %s to %s, %d, want %s to %s, %d", c.measure, c.month, f.From, f.Until, f.Total, c.from,
				c.until, c.total)
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
		{now.Add(-time.Nanosecond), "", 1},
		{now.Add(time.Nanosecond), "statistics.known_in_future", 0},
		{now.AddDate(1, 0, 0), "statistics.known_in_future", 0},
		{calendar.MustDate("2024-03-01").Time(), "", 0},
	} {
		f, err := s.Count(t.Context(), authz.Everywhere(), statistics.Query{Definition: statistics.Workers,
			Measure: statistics.Period, Month: calendar.MustDate("2024-02-01"), KnownAt: c.known, By: statistics.ByRegency})
		var got fault.Error
		if refusal, is := errors.AsType[*fault.Error](err); is {
			got = *refusal
		}
		if got.Code != c.code || (err == nil) != (c.code == "") || f.Total != c.total {
			t.Errorf("known at %s: %d, %v, want %d %s", c.known, f.Total, err, c.total, c.code)
		}
		if err != nil && (got.Kind != fault.Invalid || got.Field != "known_at") {
			t.Errorf("known at %s: %s at %q", c.known, got.Kind, got.Field)
		}
	}
}

// A region narrows the scope and never widens it; the total is that of the rows, which are as fine as was asked.
func TestAFigureIsOfTheScope(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2024-02-01", "3273 2024-02-02", "3204 2024-02-01", "3578 2024-02-01")
	code := func(c region.Code) *region.Code { return &c }
	for _, c := range []struct {
		scope authz.Scope
		at    *region.Code
		by    statistics.Level
		want  string
	}{
		{authz.Everywhere(), nil, statistics.ByProvince, "[{32 3} {35 1}] 4"},
		{authz.Everywhere(), nil, statistics.ByRegency, "[{3204 1} {3273 2} {3578 1}] 4"},
		{authz.Everywhere(), code("32"), statistics.ByRegency, "[{3204 1} {3273 2}] 3"},
		{authz.ScopeOver("3273"), nil, statistics.ByProvince, "[{32 2}] 2"},
		{authz.ScopeOver("3273"), code("32"), statistics.ByProvince, "[{32 2}] 2"},
		{authz.ScopeOver("3273", "3578"), code("3273"), statistics.ByRegency, "[{3273 2}] 2"},
		{authz.ScopeOver("3273"), code("3204"), statistics.ByRegency, "[] 0"},
		{authz.ScopeOver("3273"), code("35"), statistics.ByRegency, "[] 0"},
		{authz.Scope{}, nil, statistics.ByRegency, "[] 0"},
	} {
		f, err := s.Count(t.Context(), c.scope, statistics.Query{Definition: statistics.Workers, By: c.by, Region: c.at,
			Measure: statistics.Period, Month: calendar.MustDate("2024-02-01"), KnownAt: now})
		if got := fmt.Sprint(f.Rows, f.Total); err != nil || got != c.want {
			t.Errorf("%v at %v: %s, want %s, %v", c.scope, c.at, got, c.want, err)
		}
	}
}

// Reports follow the scope in the same way, and are empty, not absent, where it is nowhere.
func TestResultsAreOfTheScope(t *testing.T) {
	t.Parallel()
	s := office(t, "3273 2024-02-01", "3273 2025-02-02", "3204 2024-02-01")
	if err := s.Rollups.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	code := func(c region.Code) *region.Code { return &c }
	for _, c := range []struct {
		scope authz.Scope
		at    *region.Code
		year  int
		want  int
	}{
		{authz.Everywhere(), nil, 0, 3},
		{authz.Everywhere(), code("3273"), 0, 2},
		{authz.Everywhere(), nil, 2024, 2},
		{authz.Everywhere(), nil, 2023, 0},
		{authz.ScopeOver("3273"), code("32"), 0, 2},
		{authz.ScopeOver("3273"), code("3204"), 0, 0},
		{authz.ScopeOver("3273"), code("35"), 0, 0},
		{authz.Scope{}, nil, 0, 0},
	} {
		r, err := s.Results(t.Context(), c.scope, statistics.ResultQuery{Report: statistics.Outcomes, Region: c.at,
			Year: c.year})
		sum := 0
		for _, row := range r.Rows {
			sum += row.N
		}
		if err != nil || sum != c.want || r.Rows == nil {
			t.Errorf("%v at %v in %d: %+v, want %d, %v", c.scope, c.at, c.year, r.Rows, c.want, err)
		}
	}
}

func TestListsOfValuesAreClosed(t *testing.T) {
	t.Parallel()
	for _, d := range []statistics.Definition{statistics.Reports, statistics.Workers, statistics.JKPParticipants} {
		if !d.Valid() || (d + "s").Valid() {
			t.Errorf("definition %s", d)
		}
	}
	for _, m := range []statistics.Measure{statistics.Period, statistics.YearToDate} {
		if !m.Valid() || (m + "s").Valid() {
			t.Errorf("measure %s", m)
		}
	}
	for _, l := range []statistics.Level{statistics.ByProvince, statistics.ByRegency} {
		if !l.Valid() || (l + "s").Valid() {
			t.Errorf("level %s", l)
		}
	}
	if statistics.Definition("").Valid() || statistics.Measure("").Valid() || statistics.Level("").Valid() {
		t.Error("nothing is a value")
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
