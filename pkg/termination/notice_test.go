package termination_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Counted backwards: 14 (7) working days between the letter, which is not counted, and the termination, which is.
func TestLatestNotice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step              termination.Step
		termination, want string
	}{
		{termination.Notice, "2026-01-07", "2025-12-15"},
		{termination.Notice, "2026-01-08", "2025-12-16"},
		{termination.Notice, "2026-04-09", "2026-03-12"},
		{termination.Notice, "2026-04-10", "2026-03-15"}, // Sunday before the 16th
		{termination.Notice, "2026-06-04", "2026-05-10"}, // Sunday: the same 14 days as from Friday 8 May
		{termination.ProbationNotice, "2025-12-24", "2025-12-15"},
		{termination.ProbationNotice, "2026-03-30", "2026-03-12"},
		{termination.ProbationNotice, "2026-03-24", "2026-03-08"}, // 24 March is joint leave: 9-13, 16, 17 March
		{termination.ProbationNotice, "2026-05-21", "2026-05-10"},
	} {
		got, err := procedureAt(t, c.termination).LatestNotice(ruletest.Workdays(t), c.step, date(c.termination))
		if err != nil || got.Due != date(c.want) || !got.Certain {
			t.Errorf("%s for %s: %s (certain %t), want %s: %v", c.step, c.termination, got.Due, got.Certain, c.want, err)
		}
	}
}

func TestLatestNoticeRefusals(t *testing.T) {
	t.Parallel()
	p, cal := procedureAt(t, "2026-03-12"), ruletest.Workdays(t)
	for name, c := range map[string]struct {
		step termination.Step
		day  string
		want string
	}{
		"not a waiting time": {termination.Refusal, "2026-03-12", "termination.step_not_waiting"},
		"unknown step":       {"x", "2026-03-12", "termination.step_unknown"},
		"no day":             {termination.Notice, "", "termination.date_missing"},
	} {
		if _, err := p.LatestNotice(cal, c.step, date(c.day)); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLatestNoticeIsTheLast(t *testing.T) {
	t.Parallel()
	p, cal := procedureAt(t, "2026-03-12"), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		day := date("2022-03-01").AddDays(rapid.IntRange(0, 1700).Draw(t, "day"))
		step := rapid.SampledFrom([]termination.Step{termination.Notice, termination.ProbationNotice}).Draw(t, "step")
		latest, err := p.LatestNotice(cal, step, day)
		if err != nil {
			t.Fatal(err)
		}
		days := p.Steps[step].WorkingDays.Value
		if cal.AddWorkingDays(latest.Due, days).Due.After(day) {
			t.Errorf("a letter of %s is too late for %s", latest.Due, day)
		}
		if next := latest.Due.AddDays(1); !cal.AddWorkingDays(next, days).Due.After(day) {
			t.Errorf("a letter of %s would do for %s", next, day)
		}
	})
}
