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
		days := map[termination.Step]int{termination.Notice: 14, termination.ProbationNotice: 7}[step]
		if cal.AddWorkingDays(latest.Due, days).Due.After(day) {
			t.Errorf("a letter of %s is too late for %s", latest.Due, day)
		}
		if next := latest.Due.AddDays(1); !cal.AddWorkingDays(next, days).Due.After(day) {
			t.Errorf("a letter of %s would do for %s", next, day)
		}
	})
}

// A layoff that is planned and of which no letter has come has a last day for it; no letter is needed for some reasons.
func TestTheLetterOfNoticeIsCountedBack(t *testing.T) {
	t.Parallel()
	p, cal := procedureAt(t, "2026-12-20"), ruletest.Workdays(t)
	c, needed, err := p.Letter(cal, termination.EfficiencyLoss, date("2026-12-20"))
	if err != nil || !needed || c.Due.Due != date("2026-11-30") || !c.Due.Certain || c.Step != termination.NoticeLetter ||
		c.Bound != termination.AtMost || c.Party != termination.Employer || c.Article != "PP 35/2021 Art. 37(3)" ||
		!c.Step.Valid() {
		t.Errorf("%+v, %v", c, err)
	}
	if c.StoppedBy[0] != termination.NoticeDelivered || c.WorkingDays != 14 || !c.JointLeave.IsZero() {
		t.Errorf("%+v", c)
	}
	spring, _, err := p.Letter(cal, "", date("2027-03-31"))
	if err != nil || spring.Due.Due != date("2027-03-01") || spring.JointLeave != date("2027-03-08") {
		t.Errorf("over Idul Fitri: %s, with joint leave as work %s: %v", spring.Due.Due, spring.JointLeave, err)
	}
	for _, exempt := range []termination.Reason{
		termination.Resign, termination.Retirement, termination.Death, termination.ViolationUrgent,
	} {
		if c, needed, err := p.Letter(cal, exempt, date("2026-12-20")); needed || err != nil {
			t.Errorf("%s needs a letter by %s: %v", exempt, c.Due.Due, err)
		}
	}
	if _, needed, err := p.Letter(cal, termination.ViolationAfterSP3, date("2026-12-20")); !needed || err != nil {
		t.Errorf("a third warning needs a letter: %v", err)
	}
	if _, needed, _ := p.Letter(cal, "", date("")); needed {
		t.Error("a letter for no planned day")
	}
}

// The letter of a planned termination runs until one of them was delivered, or the termination is there.
func TestWhenTheLetterIsStillDue(t *testing.T) {
	t.Parallel()
	p, cal, planned := procedureAt(t, "2026-12-20"), ruletest.Workdays(t), date("2026-12-20")
	for event, due := range map[termination.Event]bool{
		"":                                   true,
		termination.NegotiationStarted:       true,
		termination.NoticeDelivered:          false,
		termination.ProbationNoticeDelivered: false,
		termination.Terminated:               false,
	} {
		var history []termination.DatedEvent
		if event != "" {
			history = []termination.DatedEvent{{Event: event, On: date("2026-11-20")}}
		}
		without, err := p.Clocks(cal, history)
		if err != nil {
			t.Fatal(err)
		}
		for plan, letters := range map[termination.Plan]bool{
			{On: planned, Reason: termination.EfficiencyLoss}: due,
			{Reason: termination.EfficiencyLoss}:              false, // no day is planned
			{On: planned, Reason: termination.Resign}:         false,
		} {
			clocks, err := p.ClocksOf(cal, history, plan)
			if err != nil {
				t.Fatal(err)
			}
			first := len(clocks) > 0 && clocks[0].Step == termination.NoticeLetter
			if first != letters || letters != (len(clocks) == len(without)+1) {
				t.Errorf("after %q, planned %+v: %d clocks beside %d, the letter first: %t", event, plan, len(clocks),
					len(without), first)
			}
		}
	}
}
