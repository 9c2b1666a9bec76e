package casework_test

import (
	"errors"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// drawn is the picture of the package, arrow by arrow. A stage not named in a row is not reached from it.
var drawn = map[casework.Stage]map[casework.Stage]bool{
	casework.Intake:    {casework.Benefit: true, casework.Training: true, casework.Placement: true, casework.Closed: true},
	casework.Benefit:   {casework.Training: true, casework.Placement: true, casework.Closed: true},
	casework.Training:  {casework.Benefit: true, casework.Placement: true, casework.Closed: true},
	casework.Placement: {casework.Benefit: true, casework.Training: true, casework.Closed: true},
	casework.Closed:    {casework.Intake: true, casework.Benefit: true, casework.Training: true, casework.Placement: true},
}

// in is a case that stands in a stage, with a deadline and a follow-up of its own.
func in(stage casework.Stage) casework.Case {
	c := casework.Case{Region: "3273", Stage: stage, OpenedOn: opened, TerminatedOn: opened.AddDays(-9),
		ClaimState: casework.ClaimNone, DueOn: opened.AddDays(60), DueFor: "claim", FollowUpOn: opened.AddDays(7)}
	if stage == casework.Closed {
		c.Outcome, c.ClosedOn = casework.Placed, opened.AddDays(5)
		c.DueOn, c.DueFor, c.FollowUpOn = calendar.Date{}, "", calendar.Date{}
	}
	return c
}

// step is the whole request that is right for a way from one stage to another.
func step(from, to casework.Stage) casework.Advance {
	a := casework.Advance{To: to, OccurredOn: opened.AddDays(5)}
	if to == casework.Closed {
		a.Outcome = casework.Rehired
	}
	if from == casework.Closed {
		a.Reason = "kembali mencari kerja"
	}
	return a
}

// want says what became of a step: the code of its refusal, "" when it was taken.
func want(t *testing.T, what string, err error, code, field string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("%s: refused with %v", what, err)
		}
		return
	}
	if f, is := errors.AsType[*fault.Error](err); !is || f.Code != code || f.Field != field {
		t.Errorf("%s: got %v, want %s at %q", what, err, code, field)
	}
}

func TestEveryStageToEveryStage(t *testing.T) {
	t.Parallel()
	unknown := casework.Stage("lost")
	for _, from := range casework.Stages() {
		for _, to := range append(casework.Stages(), unknown, "") {
			c, before, code := in(from), in(from), ""
			if !drawn[from][to] {
				code = "case.transition_refused"
			}
			_, err := c.Advance(step(from, to))
			want(t, string(from+" to "+to), err, code, "")
			if code != "" && c != before {
				t.Errorf("%s to %s was refused and left %+v", from, to, c)
			}
			if code == "" && c.Stage != to {
				t.Errorf("%s to %s left it in %s", from, to, c.Stage)
			}
		}
	}
}

// The days of each kind of step: not before the opening, and a case is taken up again on the day it closed or later.
func TestDaysOfTheStagesOfACase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		from, to casework.Stage
		on       int
		code     string
	}{
		{"on, before the opening", casework.Intake, casework.Benefit, -1, "case.before_opening"},
		{"on, the day of the opening", casework.Intake, casework.Benefit, 0, ""},
		{"closed before the opening", casework.Training, casework.Closed, -1, "case.before_opening"},
		{"closed the day of the opening", casework.Training, casework.Closed, 0, ""},
		{"taken up before it closed", casework.Closed, casework.Placement, 4, "step.before_last"},
		{"taken up the day it closed", casework.Closed, casework.Placement, 5, ""},
		{"taken up before the opening", casework.Closed, casework.Placement, -1, "case.before_opening"},
	} {
		of, a := in(c.from), step(c.from, c.to)
		a.OccurredOn = opened.AddDays(c.on)
		_, err := of.Advance(a)
		field := ""
		if c.code != "" {
			field = "occurred_on"
		}
		want(t, c.name, err, c.code, field)
	}
}

// No step that there is lies before the opening, whatever it leads to, and none is lost that lies on its day.
func TestNoStepOfACaseLiesBeforeItsOpening(t *testing.T) {
	t.Parallel()
	taken := 0
	for from, targets := range drawn {
		for to := range targets {
			for days, code := range map[int]string{-1: "case.before_opening", 0: ""} {
				c, a, field := in(from), step(from, to), ""
				if from == casework.Closed {
					c.ClosedOn = opened
				}
				if a.OccurredOn = opened.AddDays(days); code != "" {
					field = "occurred_on"
				}
				_, err := c.Advance(a)
				want(t, string(from+" to "+to), err, code, field)
				taken++
			}
		}
	}
	if taken < 30 {
		t.Errorf("only %d were tried", taken)
	}
}

// A case with a claim that waits or runs does not close; with one that ended it does, for every outcome and no other
// word.
func TestWhatClosingNeeds(t *testing.T) {
	t.Parallel()
	for claim, code := range map[casework.ClaimState]string{casework.ClaimNone: "",
		casework.ClaimApplied: "case.claim_running", casework.ClaimRefused: "", casework.ClaimRunning: "case.claim_running",
		casework.ClaimCompleted: "", casework.ClaimStopped: "", casework.ClaimWithdrawn: ""} {
		c := in(casework.Benefit)
		c.ClaimState = claim
		_, err := c.Advance(step(casework.Benefit, casework.Closed))
		want(t, "with a claim "+string(claim), err, code, "")
	}
	outcomes := map[casework.Outcome]string{"": "case.outcome_required", "closed": "case.outcome_required",
		"Placed": "case.outcome_required"}
	for _, o := range []casework.Outcome{"placed", "self_employed", "rehired", "withdrawn", "unreachable", "deceased",
		"moved_abroad", "duplicate"} {
		outcomes[o] = ""
	}
	for outcome, code := range outcomes {
		c, a := in(casework.Placement), step(casework.Placement, casework.Closed)
		if a.Outcome = outcome; outcome == casework.Duplicate {
			a.DuplicateOf = casework.ID{9}
		}
		event, err := c.Advance(a)
		if err == nil {
			c.Derive(law())
		}
		field := ""
		if code != "" {
			field = "outcome"
		}
		want(t, "as "+string(outcome), err, code, field)
		if code == "" && (event.Kind != casework.CaseClosed || c.Outcome != outcome || c.ClosedOn != a.OccurredOn ||
			!c.DueOn.IsZero() ||
			c.DueFor != "" || !c.FollowUpOn.IsZero()) {
			t.Errorf("closed as %s: %+v with %+v", outcome, c, event)
		}
	}
}

// Only closing has an outcome and only taking up again needs a reason, which is more than blanks.
func TestWhatTakingUpAgainNeeds(t *testing.T) {
	t.Parallel()
	for _, to := range []casework.Stage{casework.Intake, casework.Benefit, casework.Training, casework.Placement} {
		for reason, code := range map[string]string{"": "case.reason_required", " \t\n": "case.reason_required", "x": ""} {
			c, a := in(casework.Closed), step(casework.Closed, to)
			a.Reason = reason
			event, err := c.Advance(a)
			field := ""
			if code != "" {
				field = "reason"
			}
			want(t, "taken up for "+reason, err, code, field)
			if code == "" && (event.Kind != casework.CaseReopened || c.Outcome != "" || !c.ClosedOn.IsZero()) {
				t.Errorf("taken up: %+v with %+v", c, event)
			}
		}
		c, a := in(casework.Closed), step(casework.Closed, to)
		a.Outcome = casework.Placed
		_, err := c.Advance(a)
		want(t, "taken up with an outcome", err, "case.outcome_not_closing", "outcome")
	}
	c, a := in(casework.Intake), step(casework.Intake, casework.Benefit)
	if event, err := c.Advance(a); err != nil || event.Kind != casework.CaseAdvanced {
		t.Errorf("on without a reason: %+v, %v", event, err)
	}
}

func TestAFollowUpIsNotInThePast(t *testing.T) {
	t.Parallel()
	for _, stage := range casework.Stages() {
		for due, code := range map[int]string{-1: "case.follow_up_past", 0: "", 1: ""} {
			c, field := in(stage), ""
			if stage == casework.Closed {
				code = "case.closed"
			} else if code != "" {
				field = "on"
			}
			_, err := c.FollowUp(opened.AddDays(due), opened)
			want(t, string(stage), err, code, field)
			if code == "" && (c.FollowUpOn != opened.AddDays(due) || c.DueOn != in(stage).DueOn) {
				t.Errorf("%s: %+v", stage, c)
			}
		}
	}
	c := in(casework.Benefit)
	if _, err := c.FollowUp(calendar.Date{}, opened); err != nil || !c.FollowUpOn.IsZero() {
		t.Errorf("taken back: %v, %s", err, c.FollowUpOn)
	}
}

// A duplicate, and nothing else, names the case that it doubles, which is another one; taken up again it doubles none.
func TestADuplicateNamesItsCase(t *testing.T) {
	t.Parallel()
	self, other := casework.ID{1}, casework.ID{2}
	for _, x := range []struct {
		outcome casework.Outcome
		of      casework.ID
		code    string
	}{
		{casework.Duplicate, other, ""}, {casework.Duplicate, self, "case.duplicate_of"},
		{casework.Duplicate, casework.ID{}, "case.duplicate_of"}, {casework.Withdrawn, other, "case.duplicate_of"},
		{casework.Withdrawn, casework.ID{}, ""},
	} {
		c, a, field := in(casework.Intake), step(casework.Intake, casework.Closed), ""
		c.ID, a.Outcome, a.DuplicateOf = self, x.outcome, x.of
		if x.code != "" {
			field = "duplicate_of"
		}
		_, err := c.Advance(a)
		want(t, string(x.outcome)+" of "+x.of.String(), err, x.code, field)
		if err != nil {
			continue
		}
		if c.DuplicateOf != x.of {
			t.Errorf("closed as a duplicate of %s", c.DuplicateOf)
		}
		_, err = c.Advance(step(casework.Closed, casework.Intake))
		want(t, "taken up", err, "", "")
		if c.DuplicateOf != (casework.ID{}) {
			t.Errorf("taken up, and a duplicate of %s", c.DuplicateOf)
		}
	}
	c, a := in(casework.Intake), step(casework.Intake, casework.Benefit)
	a.DuplicateOf = other
	_, err := c.Advance(a)
	want(t, "on as a duplicate", err, "case.duplicate_of", "duplicate_of")
}

// A case that closed with a death is not taken up again.
func TestADeathIsFinal(t *testing.T) {
	t.Parallel()
	for _, o := range casework.Outcomes() {
		c, code := in(casework.Closed), ""
		if c.Outcome = o; o == casework.Deceased {
			code = "case.deceased"
		}
		_, err := c.Advance(step(casework.Closed, casework.Intake))
		want(t, "taken up after "+string(o), err, code, "")
	}
}
