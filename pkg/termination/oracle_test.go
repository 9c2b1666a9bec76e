package termination_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// daysOff2026 are the weekdays off of 2026, typed from the decree of the three ministers and not read from the file.
func daysOff2026() map[string]bool {
	off := map[string]bool{}
	for _, day := range []string{
		"01-01", "01-16", "02-16", "02-17", // New Year, Isra Mikraj, Imlek with joint leave
		"03-18", "03-19", "03-20", "03-23", "03-24", // Nyepi and Idul Fitri with joint leave
		"04-03", "05-01", "05-14", "05-15", // Good Friday, Labour Day, Ascension with joint leave
		"05-27", "05-28", "06-01", "06-16", // Idul Adha with joint leave, Pancasila, Islamic New Year
		"08-17", "08-25", "12-24", "12-25", // Independence, Maulid, Christmas with joint leave
	} {
		off["2026-"+day] = true
	}
	return off
}

// due counts one day after the other with the standard library.
func due(start time.Time, days int, off map[string]bool) time.Time {
	day := start
	for days > 0 {
		day = day.AddDate(0, 0, 1)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if !weekend && !off[day.Format(time.DateOnly)] {
			days--
		}
	}
	return day
}

// Every clock from every day of 2026 that ends in it, against a second count.
func TestEveryDayOf2026AgainstASecondCount(t *testing.T) {
	t.Parallel()
	cal, p, off := ruletest.Workdays(t), procedureAt(t, "2026-01-01"), daysOff2026()
	checked := 0
	for start := date("2026-01-01"); start.Year() == 2026; start = start.AddDays(1) {
		for s := range p.Steps {
			c, err := p.Start(cal, s, start)
			if err != nil {
				t.Fatal(err)
			}
			want := due(start.Time(), c.WorkingDays, off)
			if c.Months > 0 || want.Year() != 2026 {
				continue
			}
			checked++
			if !c.Due.Due.Time().Equal(want) || !c.Due.Certain {
				t.Errorf("%s from %s: due %s, want %s", s, start, c.Due.Due, want.Format(time.DateOnly))
			}
		}
	}
	if checked < 4000 {
		t.Errorf("only %d clocks were checked", checked)
	}
}

// A clock of a+b days is a clock of a days and, from its due day, one of b days.
func TestClocksAddUp(t *testing.T) {
	t.Parallel()
	cal := ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		on := day(t, "on")
		a, b := rapid.IntRange(0, 60).Draw(t, "a"), rapid.IntRange(0, 60).Draw(t, "b")
		first := cal.AddWorkingDays(on, a)
		if got, want := cal.AddWorkingDays(first.Due, b).Due, cal.AddWorkingDays(on, a+b).Due; a > 0 && got != want {
			t.Errorf("%d and %d working days from %s: %s, at once %s", a, b, on, got, want)
		}
	})
}
