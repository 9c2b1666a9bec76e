package casework_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

var (
	mergedOn = calendar.MustDate("2026-11-23")
	because  = identity.NewSecret("NIK tertukar")
)

func pair(this, other casework.Stage) *casework.Pair {
	of := func(stage casework.Stage) casework.Case {
		c := casework.Case{ID: casework.ID(uuid.New()), Stage: stage, ClaimState: casework.ClaimNone, DueOn: mergedOn,
			DueFor: "claim", OpenedOn: mergedOn}
		if stage == casework.Closed {
			c.Outcome, c.ClosedOn, c.DueOn, c.DueFor = casework.Placed, mergedOn, calendar.Date{}, ""
		}
		return c
	}
	return &casework.Pair{This: of(this), Other: of(other)}
}

// Of two open cases this one is closed, and names the other; a closed one stays as it is. Taken back, both are what
// they were.
func TestAMergeIsTakenBack(t *testing.T) {
	t.Parallel()
	for _, stages := range [][2]casework.Stage{{casework.Intake, casework.Training}, {casework.Benefit, casework.Closed},
		{casework.Closed, casework.Intake}, {casework.Closed, casework.Closed}} {
		p := pair(stages[0], stages[1])
		before := *p
		this, other, err := p.Merge(because, mergedOn)
		if err != nil {
			t.Fatal(err)
		}
		closes := stages[0] != casework.Closed && stages[1] != casework.Closed
		want := casework.Paired{With: uuid.UUID(p.Other.ID)}
		if closes {
			want.From, want.To, want.Outcome = stages[0], casework.Closed, casework.Duplicate
			if p.This.Outcome != casework.Duplicate || p.This.ClosedOn != mergedOn {
				t.Errorf("%v: %+v", stages, p.This)
			}
		} else if p.This != before.This {
			t.Errorf("%v: %+v became %+v", stages, before.This, p.This)
		}
		if this.Payload != want || other.Payload != (casework.Paired{With: uuid.UUID(p.This.ID)}) ||
			p.Other != before.Other ||
			!p.Linked || this.Kind != casework.CaseMerged || this.Secret.Reveal() != because.Reveal() {
			t.Errorf("%v: %+v and %+v", stages, this, other)
		}
		if this, _, err = p.Separate(because, mergedOn); err != nil || p.Linked || this.Kind != casework.CaseSeparated {
			t.Fatalf("%v: %+v, %v", stages, this, err)
		}
		p.This.DueOn, p.This.DueFor = before.This.DueOn, before.This.DueFor // counted anew by the service
		if p.This != before.This || p.Other != before.Other {
			t.Errorf("%v: %+v came back as %+v", stages, before, p)
		}
	}
}

func TestPairsThatAreRefused(t *testing.T) {
	t.Parallel()
	merge, separate := (*casework.Pair).Merge, (*casework.Pair).Separate
	for name, c := range map[string]struct {
		do     func(*casework.Pair, identity.Secret, calendar.Date) (casework.Event, casework.Event, error)
		change func(*casework.Pair)
		why    identity.Secret
		code   string
	}{
		"without a reason": {merge, func(*casework.Pair) {}, identity.Secret{}, "case.reason_required"},
		"with itself":      {merge, func(p *casework.Pair) { p.Other.ID = p.This.ID }, because, "merge.same_case"},
		"of one record":    {merge, func(p *casework.Pair) { p.SamePerson = true }, because, "merge.same_person"},
		"with a benefit": {merge, func(p *casework.Pair) { p.This.ClaimState = casework.ClaimRunning }, because,
			"case.claim_running"},
		"the other's benefit": {merge, func(p *casework.Pair) { p.Other.ClaimState = casework.ClaimRunning },
			because, ""},
		"apart without a reason": {separate, func(p *casework.Pair) { p.Linked = true }, identity.Secret{},
			"case.reason_required"},
		"apart what is not one":   {separate, func(*casework.Pair) {}, because, "merge.not_merged"},
		"apart what lies between": {separate, func(p *casework.Pair) { p.SamePerson = true }, because, "merge.not_merged"},
	} {
		p := pair(casework.Benefit, casework.Benefit)
		c.change(p)
		before := *p
		_, _, err := c.do(p, c.why, mergedOn)
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if c.code != "" && *p != before {
			t.Errorf("%s changed %+v", name, p)
		}
	}
}

// Whoever reopened the duplicate meanwhile has decided: taking the merge back leaves it where it is.
func TestASeparationLeavesWhatWasReopened(t *testing.T) {
	t.Parallel()
	p := pair(casework.Intake, casework.Benefit)
	if _, _, err := p.Merge(because, mergedOn); err != nil {
		t.Fatal(err)
	}
	p.This.Stage, p.This.Outcome, p.This.ClosedOn = casework.Training, "", calendar.Date{}
	now := p.This
	if this, _, err := p.Separate(because, mergedOn); err != nil || p.This != now ||
		this.Payload != (casework.Paired{With: uuid.UUID(p.Other.ID)}) {
		t.Errorf("%+v, %+v, %v", p.This, this, err)
	}
}

// A duplicate that was reopened and closed for another reason, and a case that the link did not close, stay closed.
func TestASeparationLeavesWhatWasClosedOtherwise(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from    casework.Stage
		outcome casework.Outcome
		comes   casework.Stage
	}{
		"closed by the link":               {casework.Training, casework.Duplicate, casework.Training},
		"closed for another reason":        {casework.Training, casework.Placed, casework.Closed},
		"a duplicate, but not by the link": {"", casework.Duplicate, casework.Closed},
	} {
		p := pair(casework.Closed, casework.Benefit)
		p.Linked, p.SamePerson, p.ClosedFrom, p.This.Outcome = true, true, c.from, c.outcome
		p.This.DuplicateOf = p.Other.ID
		before := p.This
		this, _, err := p.Separate(because, mergedOn)
		if err != nil || p.This.Stage != c.comes {
			t.Errorf("%s: %s, %v", name, p.This.Stage, err)
		}
		want := casework.Paired{With: uuid.UUID(p.Other.ID)}
		if c.comes != casework.Closed {
			want.From, want.To = casework.Closed, c.comes
		}
		if this.Payload != want || c.comes == casework.Closed && p.This != before {
			t.Errorf("%s: %+v, %+v", name, this, p.This)
		}
	}
}

// Taken back, the day for the follow-up comes back with the stage, as the entry of the merge says. A case that was
// closed as the duplicate of a third one since stays closed.
func TestASeparationRestoresWhatTheMergeReplaced(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func(*casework.Pair){
		"at once":               func(*casework.Pair) {},
		"a duplicate of others": func(p *casework.Pair) { p.This.DuplicateOf = casework.ID(uuid.New()) },
	} {
		p := pair(casework.Training, casework.Benefit)
		p.This.FollowUpOn = mergedOn.AddDays(9)
		was := p.This
		if _, _, err := p.Merge(because, mergedOn); err != nil || !p.This.FollowUpOn.IsZero() {
			t.Fatalf("%s: %+v, %v", name, p.This, err)
		}
		p.Undo = &casework.Undo{}
		p.Undo.Replaced(&was, &p.This)
		between(p)
		want := was
		if p.This.DuplicateOf != p.Other.ID {
			want = p.This
		}
		if _, _, err := p.Separate(because, mergedOn); err != nil || p.This != want {
			t.Errorf("%s: %+v came back as %+v, %v", name, want, p.This, err)
		}
	}
}
