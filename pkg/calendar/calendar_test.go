package calendar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/policies"
)

func published(t testing.TB) *calendar.Calendar {
	t.Helper()
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	c, err := calendar.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func anyDate() *rapid.Generator[calendar.Date] {
	return rapid.Custom(func(t *rapid.T) calendar.Date {
		return calendar.MustDate("1900-01-01").AddDays(rapid.IntRange(0, 300*365).Draw(t, "days"))
	})
}

func TestDatesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2025-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "25-01-01", "2025-01-01T00:00:00Z",
		"", " 2025-01-01", "1899-12-31", "2200-01-01", "+2025-01-01"} {
		if d, err := calendar.ParseDate(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestMonthsAreClampedToTheirEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-01-31", 1, "2025-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2024-08-31", 6, "2025-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2025-03-31", -1, "2025-02-28"}, {"2025-12-15", 1, "2026-01-15"}, {"2025-02-07", 0, "2025-02-07"},
	} {
		if got := calendar.MustDate(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s and %d months: got %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestDateIsTheCivilDayOfTheZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 2, 6, 16, 30, 0, 0, time.UTC)
	for zone, want := range map[calendar.Zone]string{calendar.WIB: "2025-02-06", calendar.WITA: "2025-02-07",
		calendar.WIT: "2025-02-07"} {
		if got := calendar.Of(at, zone).String(); got != want {
			t.Errorf("%s: got %s, want %s", zone, got, want)
		}
	}
	for province, want := range map[string]calendar.Zone{"31": calendar.WIB, "61": calendar.WIB, "62": calendar.WIB,
		"51": calendar.WITA, "63": calendar.WITA,
		"64": calendar.WITA, "65": calendar.WITA, "73": calendar.WITA, "81": calendar.WIT, "94": calendar.WIT,
		"": calendar.WIB} {
		if got := calendar.ZoneOf(province); got != want {
			t.Errorf("zone of %q: got %s, want %s", province, got, want)
		}
	}
}

func TestDatesReadBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Draw(t, "date")
		again, err := calendar.ParseDate(d.String())
		if err != nil || again != d || calendar.FromTime(d.Time()) != d {
			t.Fatalf("%s came back as %s", d, again)
		}
		text, err := json.Marshal(map[string]calendar.Date{"d": d})
		var back map[string]calendar.Date
		if err != nil || json.Unmarshal(text, &back) != nil || back["d"] != d {
			t.Fatalf("%s came back from JSON as %s", d, back["d"])
		}
		value, err := d.Value()
		var scanned calendar.Date
		if err != nil || scanned.Scan(value) != nil || scanned != d {
			t.Fatalf("%s came back from the database as %s", d, scanned)
		}
	})
}

func TestAddMonthsKeepsTheDayOrEndsTheMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.MustDate("1950-01-01").AddDays(rapid.IntRange(0, 60_000).Draw(t, "days"))
		n := rapid.IntRange(-120, 120).Draw(t, "months")
		got := d.AddMonths(n)
		if got.Day() != d.Day() && (got.Day() > d.Day() || got.AddDays(1).Day() != 1) {
			t.Fatalf("%s and %d months gave %s", d, n, got)
		}
		if months := (got.Year()-d.Year())*12 + int(got.Month()) - int(d.Month()); months != n {
			t.Fatalf("%s and %d months gave %s, %d months away", d, n, got, months)
		}
	})
}

func TestWorkingDaysSkipWeekendsAndHolidays(t *testing.T) {
	t.Parallel()
	c := published(t)
	for _, row := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-02-07", 0, "2025-02-07"}, {"2025-02-07", 1, "2025-02-10"}, // Friday to Monday
		{"2025-12-24", 1, "2025-12-29"}, // Christmas on Thursday, joint leave on Friday
		{"2026-03-17", 1, "2026-03-25"}, // Nyepi and Idul Fitri with their joint leave
	} {
		got := c.AddWorkingDays(calendar.MustDate(row.from), row.n)
		if got.Due.String() != row.want || !got.Certain {
			t.Errorf("%s and %d working days: got %s, want %s", row.from, row.n, got.Due, row.want)
		}
	}
	if working := c.WithJointLeaveWorking(true); !working.IsWorkingDay(calendar.MustDate("2025-12-26")) ||
		c.IsWorkingDay(calendar.MustDate("2025-12-26")) {
		t.Error("joint leave is not switchable")
	}
}

func TestUnpublishedYearsAreSaid(t *testing.T) {
	t.Parallel()
	got := published(t).AddWorkingDays(calendar.MustDate("2027-12-28"), 5)
	if got.Certain || len(got.UnknownYears) != 1 || got.UnknownYears[0] != 2028 {
		t.Fatalf("2028 is not published, but the answer is certain=%t, %v", got.Certain, got.UnknownYears)
	}
}

func TestAddingWorkingDaysInverts(t *testing.T) {
	t.Parallel()
	c := published(t)
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.MustDate("2021-01-01").AddDays(rapid.IntRange(0, 4000).Draw(t, "days"))
		n := rapid.IntRange(0, 60).Draw(t, "n")
		due := c.AddWorkingDays(d, n).Due
		if back := c.WorkingDaysBetween(d, due); back != n {
			t.Fatalf("%s and %d working days is %s, which is %d working days away", d, n, due, back)
		}
		if n > 0 && !c.IsWorkingDay(due) {
			t.Fatalf("%s is no working day", due)
		}
	})
}

func TestHolidayFilesWithMistakesAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"date,name,kind\n2025-02-30,x,national\n", "date,name,kind\n2025-02-03,x,holiday\n",
		"date,name,kind\n2025-02-03\n"} {
		if _, err := calendar.Load(strings.NewReader(text)); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2025-02-07", "2024-02-29", "0000-00-00", "2025-2-7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := calendar.ParseDate(text); err == nil && d.String() != text {
			t.Fatalf("%q was read as %s", text, d)
		}
	})
}

func TestAMistakeInTheHolidaysIsToldByItsRow(t *testing.T) {
	t.Parallel()
	_, err := calendar.Load(strings.NewReader("date,name,kind\n2025-01-01,Tahun " +
		"Baru,national\n2025-02-30,None,national\n"))
	if err == nil || !strings.Contains(fmt.Sprint(errors.Unwrap(err)), "line 3") {
		t.Errorf("got %v", err)
	}
}
