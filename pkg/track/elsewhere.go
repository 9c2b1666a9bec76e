package track

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
)

// Elsewhere is a month of a claim of the same person in another case, paid or still owed; or a live claim without such
// months, of which N is 0. It says neither which case that is nor where.
type Elsewhere struct {
	Claim        uuid.UUID
	TerminatedOn calendar.Date
	State        casework.ClaimState
	N            int
	GivenOn      calendar.Date // zero: owed
	Amount       money.Rupiah
}

// of tells whether the month is one of the PHK of a day. A person loses one job on a day: two records of it are one
// PHK.
func (e Elsewhere) of(terminated calendar.Date) bool { return e.N > 0 && e.TerminatedOn == terminated }

// liveElsewhere refuses a claim while another one of the same person waits or runs: there is one benefit at a time.
func (t *Tracks) liveElsewhere() error {
	for _, e := range t.Elsewhere {
		if e.State.Live() {
			return fault.New(fault.Conflict, "claim.live_elsewhere", "claim", string(e.State))
		}
	}
	return nil
}

// givenElsewhere refuses a month that another case gave for the same PHK.
func (t *Tracks) givenElsewhere(c *casework.Case, n int) error {
	for _, e := range t.Elsewhere {
		if e.N == n && e.of(c.TerminatedOn) && !e.GivenOn.IsZero() {
			return fault.New(fault.Conflict, "claim.month_given_elsewhere", "given_on", e.GivenOn.String())
		}
	}
	return nil
}

// benefits puts what the person had from other claims, in this case or another, into the facts of one: what is stated
// adds to the record (claims before there was one) and never takes from it.
func (t *Tracks) benefits(claim uuid.UUID, facts jkp.Application, terminated calendar.Date) jkp.Application {
	paid, last := t.obtained(claim)
	if paid == 0 {
		return facts
	}
	if facts.ClaimsBefore != nil {
		paid = max(paid, *facts.ClaimsBefore)
	}
	facts.ClaimsBefore = &paid
	if last.After(facts.LastBenefitOn) {
		facts.LastBenefitOn = last
	}
	most := monthsBetween(last, terminated)
	if stated := facts.MonthsSinceBenefit; stated != nil {
		most = min(most, *stated)
	} else if most > 0 {
		return facts // the months paid say how many of them there were
	}
	facts.MonthsSinceBenefit = &most
	return facts
}

// obtained counts the claims that were paid besides one, and gives the day of the last payment.
func (t *Tracks) obtained(besides uuid.UUID) (claims int, last calendar.Date) {
	paid := make(map[uuid.UUID]bool)
	for _, m := range t.Months {
		if m.Claim != besides && m.State == MonthPaid {
			paid[m.Claim] = true
			last = later(last, m.GivenOn)
		}
	}
	for _, e := range t.Elsewhere {
		if !e.GivenOn.IsZero() {
			paid[e.Claim] = true
			last = later(last, e.GivenOn)
		}
	}
	return len(paid), last
}

func later(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}

// monthsBetween counts the whole months after that of one day and before that of another, none when there are none: as
// many can have been contributed.
func monthsBetween(from, to calendar.Date) int {
	return max(0, months(to.Time())-months(from.Time())-1)
}

func months(t time.Time) int { return t.Year()*12 + int(t.Month()) }

// PaidTwice is a month that was paid for one PHK in two cases, found when they turned out to be of one person: what was
// paid stays, and the amount of the later payment is overpaid.
type PaidTwice struct {
	N        int
	Overpaid money.Rupiah
}

// PaidTwice lists the months that this case and another one gave.
func (t *Tracks) PaidTwice(terminated calendar.Date) (list []PaidTwice) {
	for _, m := range t.Months {
		i := slices.IndexFunc(t.Elsewhere,
			func(e Elsewhere) bool { return e.N == m.N && e.of(terminated) && !e.GivenOn.IsZero() })
		if i < 0 || m.State != MonthPaid {
			continue
		}
		over := m.Amount
		if t.Elsewhere[i].GivenOn.After(m.GivenOn) {
			over = t.Elsewhere[i].Amount
		}
		list = append(list, PaidTwice{m.N, over})
	}
	return list
}
