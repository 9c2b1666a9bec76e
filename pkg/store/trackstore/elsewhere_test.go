package trackstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// twice is a person with two records in two offices, each with the same PHK.
type twice struct {
	*voiding
	other casework.ID
}

func (p *twice) at(id casework.ID) track.Target {
	return track.Target{Op: p.As(p.Officer, "32"), Case: id, Version: casework.AnyVersion}
}

// in changes one of the two cases with what lies elsewhere, and what follows.
func (p *twice) in(t *testing.T, id casework.ID, fn func(*casework.Case, *track.Tracks) (casework.Event, error)) error {
	t.Helper()
	_, err := p.ChangeClaims(t.Context(), p.at(id).Op, id, casework.AnyVersion, new(uuid.UUID),
		func(c *casework.Case, f *track.Tracks) (casework.Event, error) {
			event, err := fn(c, f)
			track.Derive(c, f, p.tracks.Rules)
			return event, err
		})
	return err
}

// claim has a case apply and be entitled to three months.
func (p *twice) claim(t *testing.T, id casework.ID) error {
	t.Helper()
	if _, err := p.tracks.ApplyClaim(t.Context(), p.at(id), jkp.Application{ClaimsBefore: new(0)}, ""); err != nil {
		return err
	}
	return p.in(t, id, func(c *casework.Case, f *track.Tracks) (casework.Event, error) {
		today := p.cases.Today("3273")
		windows := make([]jkp.Window, 3)
		for i := range windows {
			windows[i] = jkp.Window{Month: i + 1, Opens: today.AddDays(-9), Closes: today.AddDays(9)}
		}
		v := track.Verdict{Decision: rule.Decision{Result: rule.Eligible}, Reference: today, Windows: windows}
		return f.DecideClaim(c, v, today)
	})
}

func (p *twice) prove(t *testing.T, id casework.ID, n int) {
	t.Helper()
	storetest.OK(t, p.in(t, id, func(_ *casework.Case, f *track.Tracks) (casework.Event, error) {
		return f.ProveMonth(track.Proof{N: n, Attendance: -1}, rule.Decision{Result: rule.Eligible}, p.cases.Today("3273"))
	}))
}

func (p *twice) pay(t *testing.T, id casework.ID, n int) error {
	_, err := p.tracks.PayMonth(t.Context(), p.at(id), track.MonthPayment{N: n, Given: p.cases.Today("3273")})
	return err
}

func (p *twice) merge(t *testing.T, closed, open casework.ID) {
	t.Helper()
	m := &casework.Merger{Store: p.Stores, Cases: p.cases}
	_, err := m.Merge(t.Context(), p.at(closed).Op, closed, casework.AnyVersion, open, "satu orang")
	storetest.OK(t, err)
}

func newTwice(t *testing.T) *twice {
	t.Helper()
	v := newVoiding(t, 0)
	p := &twice{voiding: v, other: v.OpenCase(t, "3204", 2).ID}
	p.Tamper(t, "update cases set terminated_on = (select min(terminated_on) from cases)")
	return p
}

func (p *twice) stop(t *testing.T, id casework.ID) {
	t.Helper()
	_, err := p.tracks.StopClaim(t.Context(), p.at(id), track.StopJob, calendar.Date{})
	storetest.OK(t, err)
}

// What one case gave binds the other, in whichever office it lies: the months, the number of claims and the day of the
// last benefit come from the record, and nothing tells which case they are of.
func TestAnotherCaseOfThePersonBinds(t *testing.T) {
	t.Parallel()
	p := newTwice(t)
	storetest.OK(t, p.claim(t, p.id))
	storetest.OK(t, p.pay(t, p.id, 1))
	p.prove(t, p.id, 2)
	p.stop(t, p.id)
	elsewhere := func() []track.Elsewhere {
		list, err := p.GetElsewhere(t.Context(), storetest.In("3204"), p.other)
		storetest.OK(t, err)
		return list
	}
	if list := elsewhere(); len(list) != 0 {
		t.Errorf("two strangers: %+v", list)
	}
	p.merge(t, p.id, p.other)
	if list := elsewhere(); len(list) != 2 || list[0].N != 1 || list[0].GivenOn.IsZero() || list[1].N != 2 ||
		!list[1].GivenOn.IsZero() {
		t.Errorf("on record are %+v", list)
	}
	if list, err := p.GetElsewhere(t.Context(), storetest.In("3273"), p.other); err != nil || len(list) != 0 {
		t.Errorf("to a foreign office: %+v, %v", list, err)
	}
	storetest.OK(t, p.claim(t, p.other))
	stated, err := p.tracks.Stated(t.Context(), storetest.In("3204"), p.other)
	storetest.OK(t, err)
	if *stated.Facts.ClaimsBefore != 1 || *stated.Facts.MonthsSinceBenefit != 0 ||
		stated.Facts.LastBenefitOn != p.cases.Today("3273") {
		t.Errorf("the record says %+v", stated.Facts)
	}
	_, f, err := p.GetTracks(t.Context(), storetest.In("3204"), p.other)
	storetest.OK(t, err)
	if len(f.Months) != 1 || f.Months[0].N != 3 {
		t.Errorf("the second record gives %+v", f.Months)
	}
}

// Two payers of one month of one PHK, each for another record: one of them pays.
func TestOneMonthIsPaidOnceAtOnce(t *testing.T) {
	t.Parallel()
	p := newTwice(t)
	for _, id := range []casework.ID{p.id, p.other} {
		storetest.OK(t, p.claim(t, id))
		p.prove(t, id, 2)
	}
	storetest.OK(t, p.pay(t, p.id, 1))
	storetest.OK(t, p.pay(t, p.other, 1))
	p.stop(t, p.id)
	p.merge(t, p.id, p.other)
	codes := make(chan string)
	for _, id := range []casework.ID{p.id, p.other} {
		go func() { codes <- fault.CodeOf(p.pay(t, id, 2)) }()
	}
	got := []string{<-codes, <-codes}
	slices.Sort(got)
	if !slices.Equal(got, []string{"", "claim.month_given_elsewhere"}) {
		t.Errorf("both said %q", got)
	}
	c, f, err := p.GetTracks(t.Context(), storetest.In("3204"), p.other)
	storetest.OK(t, err)
	f.Elsewhere, err = p.GetElsewhere(t.Context(), storetest.In("3204"), p.other)
	storetest.OK(t, err)
	if list := f.PaidTwice(c.TerminatedOn); len(list) != 1 || list[0].N != 1 || list[0].Overpaid != f.Months[0].Amount {
		t.Errorf("paid twice: %+v", list)
	}
}

// While a claim of the person waits or runs, there is no other one.
func TestThereIsOneBenefitAtATime(t *testing.T) {
	t.Parallel()
	p := newTwice(t)
	_, err := p.tracks.ApplyClaim(t.Context(), p.at(p.id), jkp.Application{}, "")
	storetest.OK(t, err)
	_, err = p.cases.Advance(t.Context(), p.at(p.other).Op, p.other, casework.AnyVersion,
		casework.Advance{To: casework.Closed, Outcome: casework.Unreachable})
	storetest.OK(t, err)
	p.merge(t, p.other, p.id)
	p.Tamper(t, "update cases set closed_on = null, outcome = null, stage = 'intake'")
	_, err = p.tracks.ApplyClaim(t.Context(), p.at(p.other), jkp.Application{}, "")
	if fault.CodeOf(err) != "claim.live_elsewhere" {
		t.Errorf("a second claim: %v", err)
	}
}
