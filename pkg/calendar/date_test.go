package calendar_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
)

// No date must stay none: a deadline reckoned from a missing date would look long past.
func TestNoDateStaysNone(t *testing.T) {
	t.Parallel()
	var none calendar.Date
	for what, got := range map[string]calendar.Date{
		"a day later": none.AddDays(1), "a month later": none.AddMonths(1), "a year before": none.AddDays(-365),
		"the zero time": calendar.FromTime(time.Time{}), "read from nothing": read(t, ""), "scanned from NULL": scan(t, nil),
	} {
		if !got.IsZero() || got.String() != "" {
			t.Errorf("%s: got %s", what, got)
		}
	}
	if value, err := none.Value(); value != nil || err != nil {
		t.Errorf("in the database: %v, %v", value, err)
	}
	if text, err := none.MarshalText(); len(text) != 0 || err != nil {
		t.Errorf("in JSON: %q, %v", text, err)
	}
	c := published(t)
	if got := c.AddWorkingDays(none, 3); !got.Due.IsZero() || got.Certain {
		t.Errorf("three working days from no date: %s, certain %t", got.Due, got.Certain)
	}
	if n := c.WorkingDaysBetween(none, calendar.MustDate("2025-02-07")); n != 0 {
		t.Errorf("%d working days since no date", n)
	}
}

func read(t *testing.T, text string) (d calendar.Date) {
	t.Helper()
	if err := d.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d
}

func scan(t *testing.T, src any) (d calendar.Date) {
	t.Helper()
	if err := d.Scan(src); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDatesEndWhereTheirRangeEnds(t *testing.T) {
	t.Parallel()
	first, last := calendar.MustDate("1900-01-01"), calendar.MustDate("2199-12-31")
	for what, got := range map[string]calendar.Date{
		"before the first": first.AddDays(-1), "after the last": last.AddDays(1), "a month after the last": last.AddMonths(1),
		"far ahead": first.AddDays(math.MaxInt), "far back": last.AddDays(math.MinInt),
		"months ahead": first.AddMonths(math.MaxInt),
		"months back":  last.AddMonths(math.MinInt), "a wrap of 32 bits": first.AddDays(1 << 32),
	} {
		if !got.IsZero() {
			t.Errorf("%s: got %s", what, got)
		}
	}
	if first.AddDays(first.DaysUntil(last)) != last {
		t.Error("the range cannot be crossed")
	}
	if got := published(t).AddWorkingDays(last.AddDays(-1), 10); !got.Due.IsZero() || got.Certain {
		t.Errorf("a deadline after the last date: %s", got.Due)
	}
}

func TestScanTakesWhatDriversGive(t *testing.T) {
	t.Parallel()
	want := calendar.MustDate("2025-02-07")
	wib := calendar.WIB.Location()
	for what, src := range map[string]any{
		"time": want.Time(), "text": "2025-02-07", "bytes": []byte("2025-02-07"), "local midnight": time.Date(2025, 2, 7, 0,
			0, 0, 0, wib),
	} {
		if got := scan(t, src); got != want {
			t.Errorf("%s: got %s", what, got)
		}
	}
	for what, src := range map[string]any{"number": 20250207, "no date": "07-02-2025",
		"before the range": time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		var d calendar.Date
		if err := d.Scan(src); err == nil {
			t.Errorf("%s was taken for %s", what, d)
		}
	}
}

func TestWrongDatesInJSONAreFaults(t *testing.T) {
	t.Parallel()
	kept := calendar.MustDate("2025-02-07")
	d := kept
	if err := d.UnmarshalText([]byte("2025-02-30")); fault.CodeOf(err) != "calendar.date_invalid" || d != kept {
		t.Fatalf("got %s, %v", d, err)
	}
	if _, err := calendar.NewDate(2025, 2, 29); fault.CodeOf(err) != "calendar.date_invalid" {
		t.Fatalf("29 February 2025: %v", err)
	}
}

func TestMustDatePanicsOnWhatIsNone(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Fatal("30 February is a date")
		}
	}()
	calendar.MustDate("2025-02-30")
}

// Days are counted as the standard library counts them.
func TestDatesAgreeWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, e := anyDate().Draw(t, "d"), anyDate().Draw(t, "e")
		if d.AddDays(d.DaysUntil(e)) != e || d.DaysUntil(e) != -e.DaysUntil(d) {
			t.Fatalf("%s and %s are %d days apart", d, e, d.DaysUntil(e))
		}
		if d.Before(e) != d.Time().Before(e.Time()) || d.After(e) != d.Time().After(e.Time()) ||
			(d.Compare(e) == 0) != (d == e) {
			t.Fatalf("%s and %s are out of order", d, e)
		}
		if made, err := calendar.NewDate(d.Year(), d.Month(), d.Day()); err != nil || made != d ||
			d.Weekday() != d.Time().Weekday() {
			t.Fatalf("%s is made as %s, %v", d, made, err)
		}
	})
}

// A month on from an earlier day is never later than a month on from a later one.
func TestAddMonthsKeepsTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.MustDate("1950-01-01").AddDays(rapid.IntRange(0, 60_000).Draw(t, "days"))
		e := d.AddDays(rapid.IntRange(0, 40).Draw(t, "more"))
		if n := rapid.IntRange(-120, 120).Draw(t, "months"); d.AddMonths(n).After(e.AddMonths(n)) {
			t.Fatalf("%d months turn %s and %s round", n, d, e)
		}
	})
}

func TestTheLastDayIsADay(t *testing.T) {
	t.Parallel()
	last := calendar.MustDate("2199-12-31")
	if got := last.AddDays(-1).AddDays(1); got != last || got.String() != "2199-12-31" {
		t.Errorf("got %v", got)
	}
	if got := last.AddDays(1); !got.IsZero() {
		t.Errorf("a day after the last: %v", got)
	}
}
