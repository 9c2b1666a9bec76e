package casework_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

var opened = calendar.MustDate("2026-10-01")

func anyStage(t *rapid.T, label string) casework.Stage {
	return rapid.SampledFrom(casework.Stages()).Draw(t, label)
}

// anyCase is a case as the lifecycle can leave it.
func anyCase(t *rapid.T) casework.Case {
	c := casework.Case{Region: "3273", Stage: anyStage(t, "stage"), TerminatedOn: opened, OpenedOn: opened, Version: 1,
		ClaimState: rapid.SampledFrom([]casework.ClaimState{casework.ClaimNone, casework.ClaimApplied, casework.ClaimRefused,
			casework.ClaimRunning, casework.ClaimCompleted, casework.ClaimStopped}).Draw(t, "claim")}
	if c.Stage == casework.Closed {
		c.Outcome, c.ClosedOn = casework.Placed, opened.AddDays(30)
		if c.ClaimState.Live() {
			c.ClaimState = casework.ClaimCompleted
		}
	} else {
		c.DueOn, c.DueFor = opened.AddDays(60), "claim"
	}
	return c
}

func anyAdvance(t *rapid.T) casework.Advance {
	return casework.Advance{To: rapid.OneOf(rapid.SampledFrom(casework.Stages()),
		rapid.Just(casework.Stage("lost"))).Draw(t, "to"),
		Outcome:    rapid.SampledFrom(append(casework.Outcomes(), "", "vanished")).Draw(t, "outcome"),
		Reason:     rapid.SampledFrom([]string{"", "  ", "kembali mencari kerja"}).Draw(t, "reason"),
		OccurredOn: opened.AddDays(rapid.IntRange(-3, 300).Draw(t, "days"))}
}

// A step either is in the machine and leaves a case that closed exactly when it has an outcome, or changes nothing at
// all.
func TestStepsKeepACaseWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, a := anyCase(t), anyAdvance(t)
		after := before
		event, err := after.Advance(a)
		if err != nil {
			if after != before {
				t.Fatalf("refused with %v, and changed %+v to %+v", err, before, after)
			}
			return
		}
		after.Derive(law())
		if !before.Stage.CanGo(a.To) || after.Stage != a.To || event.OccurredOn != a.OccurredOn ||
			event.OccurredOn.Before(opened) {
			t.Fatalf("%s to %s gave %+v with %+v", before.Stage, a.To, after, event)
		}
		closed := after.Stage == casework.Closed
		if closed != after.Outcome.Valid() || closed == after.ClosedOn.IsZero() || closed &&
			(!after.DueOn.IsZero() || after.ClaimState.Live()) {
			t.Fatalf("not whole: %+v", after)
		}
		want := casework.CaseAdvanced
		switch {
		case closed:
			want = casework.CaseClosed
		case before.Stage == casework.Closed:
			want = casework.CaseReopened
		}
		if event.Kind != want {
			t.Fatalf("%s to %s is recorded as %s", before.Stage, a.To, event.Kind)
		}
	})
}

func TestRefusedStepsSayWhatCanBeDone(t *testing.T) {
	t.Parallel()
	running := casework.Case{Stage: casework.Benefit, ClaimState: casework.ClaimRunning, OpenedOn: opened}
	closed := casework.Case{Stage: casework.Closed, Outcome: casework.Placed, OpenedOn: opened, ClosedOn: opened}
	closedLater := closed
	closedLater.ClosedOn = opened.AddDays(5)
	for name, c := range map[string]struct {
		of   casework.Case
		to   casework.Advance
		code string
		args map[string]string
	}{
		"back to intake": {running, casework.Advance{To: casework.Intake}, "case.transition_refused",
			map[string]string{"from": "benefit", "to": "intake", "allowed": "training, placement, closed"}},
		"to where it is":     {running, casework.Advance{To: casework.Benefit}, "case.transition_refused", nil},
		"closed, no outcome": {running, casework.Advance{To: casework.Closed}, "case.outcome_required", nil},
		"closed with a claim": {running, casework.Advance{To: casework.Closed, Outcome: casework.Placed},
			"case.claim_running", map[string]string{"claim": "running"}},
		"outcome too early": {running, casework.Advance{To: casework.Training, Outcome: casework.Placed},
			"case.outcome_not_closing", nil},
		"reopened for no why": {closed, casework.Advance{To: casework.Training, Reason: " "}, "case.reason_required", nil},
		"reopened too early": {closedLater, casework.Advance{To: casework.Training, Reason: "x",
			OccurredOn: opened.AddDays(4)}, "step.before_last", map[string]string{"last": "2026-10-06"}},
		"before the opening": {running, casework.Advance{To: casework.Training, OccurredOn: opened.AddDays(-1)},
			"case.before_opening", map[string]string{"opened_on": "2026-10-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.to.OccurredOn.IsZero() {
				c.to.OccurredOn = opened
			}
			_, err := c.of.Advance(c.to)
			refusal, ok := errors.AsType[*fault.Error](err)
			if !ok || refusal.Code != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			for key, want := range c.args {
				if got := refusal.Args[key]; got != want {
					t.Errorf("%s is %q, want %q", key, got, want)
				}
			}
		})
	}
}

// Every stage can be reached from intake, and every case can be closed from where it is and taken up again.
func TestNoStageIsATrap(t *testing.T) {
	t.Parallel()
	reached := []casework.Stage{casework.Intake}
	for i := 0; i < len(reached); i++ {
		for _, next := range reached[i].From() {
			if !slices.Contains(reached, next) {
				reached = append(reached, next)
			}
		}
	}
	for _, s := range casework.Stages() {
		if !slices.Contains(reached, s) {
			t.Errorf("%s is never reached", s)
		}
		if s.CanGo(s) || s != casework.Closed && !s.CanGo(casework.Closed) || s != casework.Closed &&
			!casework.Closed.CanGo(s) {
			t.Errorf("%s leads to %v", s, s.From())
		}
	}
}

func TestClosedCasesRest(t *testing.T) {
	t.Parallel()
	c := casework.Case{Stage: casework.Closed, Outcome: casework.Placed, OpenedOn: opened, ClosedOn: opened}
	before := c
	if _, err := c.Assign(authz.OfficerID{1}, opened); fault.CodeOf(err) != "case.closed" {
		t.Errorf("assigned: %v", err)
	}
	if _, err := c.FollowUp(opened.AddDays(7), opened); fault.CodeOf(err) != "case.closed" {
		t.Errorf("followed up: %v", err)
	}
	if c != before {
		t.Errorf("changed to %+v", c)
	}
}

func TestAssigningIsToSomebodyElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := casework.Case{Stage: casework.Intake, Officer: authz.OfficerID{rapid.Byte().Draw(t, "from")}}
		from, to := c.Officer, authz.OfficerID{rapid.Byte().Draw(t, "to")}
		event, err := c.Assign(to, opened)
		if (err == nil) != (from != to) || c.Officer != to {
			t.Fatalf("from %s to %s: %v, %s", from, to, err, c.Officer)
		}
		if err == nil && event.Payload != (casework.Assigned{From: from, To: to}) {
			t.Fatalf("recorded as %+v", event.Payload)
		}
	})
}
