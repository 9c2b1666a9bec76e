package termination_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// day draws a day from 2021 to the end of 2028, beyond the published holidays.
func day(t *rapid.T, name string) calendar.Date {
	return date("2021-03-01").AddDays(rapid.IntRange(0, 2860).Draw(t, name))
}

// step draws a clock of working days; those of a year are no working days and have tests of their own.
func step(t *rapid.T) termination.Step {
	yearly := []termination.Step{termination.Suit, termination.SuitBeforeRuling}
	days := slices.DeleteFunc(termination.Steps(), func(s termination.Step) bool { return slices.Contains(yearly, s) })
	return rapid.SampledFrom(days).Draw(t, "step")
}

func TestAStartLaterIsNeverDueEarlier(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		s, on := step(t), day(t, "on")
		later := on.AddDays(rapid.IntRange(0, 60).Draw(t, "later"))
		a, errA := p.Start(cal, s, on)
		b, errB := p.Start(cal, s, later)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if b.Due.Due.Before(a.Due.Due) {
			t.Errorf("%s: from %s due %s, from %s due %s", s, on, a.Due.Due, later, b.Due.Due)
		}
	})
}

func TestALongerClockIsDueLater(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		on := day(t, "on")
		a, errA := p.Start(cal, step(t), on)
		b, errB := p.Start(cal, step(t), on)
		if a.WorkingDays > b.WorkingDays {
			a, b = b, a
		}
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if longer := a.WorkingDays < b.WorkingDays; longer != a.Due.Due.Before(b.Due.Due) {
			t.Errorf("%d days due %s, %d days due %s", a.WorkingDays, a.Due.Due, b.WorkingDays, b.Due.Due)
		}
	})
}

func TestTheDueDayIsAWorkingDayAfterTheStart(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		c, err := p.Start(cal, step(t), day(t, "on"))
		if err != nil {
			t.Fatal(err)
		}
		if !cal.IsWorkingDay(c.Due.Due) || !c.Due.Due.After(c.Starts) {
			t.Errorf("from %s due %s", c.Starts, c.Due.Due)
		}
		if c.Starts.DaysUntil(c.Due.Due) < c.WorkingDays {
			t.Errorf("%d working days in %d days", c.WorkingDays, c.Starts.DaysUntil(c.Due.Due))
		}
		if c.Due.Certain != (len(c.Due.UnknownYears) == 0) {
			t.Errorf("certain %t with unknown years %v", c.Due.Certain, c.Due.UnknownYears)
		}
	})
}

func TestJointLeaveThatWorksNeverDelays(t *testing.T) {
	t.Parallel()
	cal := ruletest.Workdays(t)
	working, p := cal.WithJointLeaveWorking(true), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		s, on := step(t), day(t, "on")
		off, errA := p.Start(cal, s, on)
		at, errB := p.Start(working, s, on)
		if errA != nil || errB != nil || at.Due.Due.After(off.Due.Due) {
			t.Errorf("%s from %s: %s with joint leave at work, %s without", s, on, at.Due.Due, off.Due.Due)
		}
	})
}

// Once a state other than running is reached by what has happened, time alone does not change it.
func TestAStoppedClockDoesNotChange(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		c, err := p.Start(cal, step(t), day(t, "on"))
		if err != nil {
			t.Fatal(err)
		}
		stopped := c.Starts.AddDays(rapid.IntRange(0, 120).Draw(t, "stopped"))
		then := c.State(stopped, stopped)
		later := c.State(stopped.AddDays(rapid.IntRange(0, 400).Draw(t, "later")), stopped)
		if then != later || then == termination.Running {
			t.Errorf("%s on the day, %s later", then, later)
		}
	})
}

func TestClocksAreSortedAndEachHasItsEvent(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		var history []termination.DatedEvent
		for range rapid.IntRange(0, 8).Draw(t, "events") {
			event := rapid.SampledFrom(termination.Events()).Draw(t, "event")
			history = append(history, termination.DatedEvent{Event: event, On: day(t, "on")})
		}
		clocks, err := p.Clocks(cal, history)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(clocks, func(a, b termination.Clock) int { return a.Starts.Compare(b.Starts) }) {
			t.Error("clocks are not in the order of their starts")
		}
		for _, c := range clocks {
			starter := termination.DatedEvent{Event: c.StartedBy, On: c.Starts}
			closed := map[termination.Event]termination.Event{
				termination.MediationFailed:    termination.MediationClosed,
				termination.ConciliationFailed: termination.ConciliationClosed,
			}
			ended := termination.DatedEvent{Event: closed[c.StartedBy], On: c.Starts}
			if !slices.Contains(history, starter) && !slices.Contains(history, ended) {
				t.Errorf("%s started by nothing on %s", c.Step, c.Starts)
			}
			if !slices.Contains(p.Steps[c.Step].Starts, c.StartedBy) {
				t.Errorf("%s started by %s", c.Step, c.StartedBy)
			}
		}
	})
}
