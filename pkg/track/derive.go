package track

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Derive puts everything that follows from the facts of a case: the states of its claims and their months, what a
// placement, a certificate or a training does to other parts, and the deadline. It runs at the end of every change, so
// that what is corrected or voided has its consequences by itself. No step sets any of it.
func Derive(c *casework.Case, t *Tracks, r Rules) {
	for i := range t.Claims {
		t.deriveClaim(&t.Claims[i])
	}
	t.deriveHired()
	t.deriveIssued()
	for i := range t.PrakerjaCards {
		t.PrakerjaCards[i].derive(t.Trainings)
	}
	for i := range t.JobSeekerCards {
		k := &t.JobSeekerCards[i]
		k.State = CardActive
		if !t.works(k.IssuedOn).IsZero() {
			k.State = CardClosed // the employer keeps the card of whoever is hired
		}
	}
	t.deriveCase(c, r)
}

// deriveCase shows the newest claim in the case, and makes the close of its next open window the deadline.
func (t *Tracks) deriveCase(c *casework.Case, r Rules) {
	c.ClaimState = casework.ClaimNone
	if n := len(t.Claims); n > 0 {
		c.ClaimState = t.Claims[n-1].State
	}
	c.Derive(r.JKP)
	claim := t.live()
	if c.Stage == casework.Closed || claim == nil || claim.State != casework.ClaimRunning {
		return
	}
	c.DueOn, c.DueFor = calendar.Date{}, ""
	for _, m := range t.Months {
		if m.Claim == claim.ID && m.State == MonthUpcoming {
			c.DueOn, c.DueFor = m.ClosesOn, fmt.Sprintf("month_%d", m.N)
			return
		}
	}
}

// deriveClaim puts the state of a claim and of its months. A job that began after the last month was given stopped
// nothing.
func (t *Tracks) deriveClaim(c *Claim) {
	c.StopReason, c.StoppedOn = "", calendar.Date{}
	switch {
	case !c.WithdrawnOn.IsZero():
		c.State = casework.ClaimWithdrawn
		return
	case c.Result == rule.Ineligible:
		c.State = casework.ClaimRefused
		return
	}
	why, on := t.stop(c)
	left, given := t.deriveMonths(c.ID, on)
	switch {
	case c.Result == rule.Eligible && !left && (on.IsZero() || why == StopJob && given.Before(on)):
		c.State = casework.ClaimCompleted
	case !on.IsZero():
		c.State, c.StopReason, c.StoppedOn = casework.ClaimStopped, why, on
	case c.Result == rule.Eligible:
		c.State = casework.ClaimRunning
	default:
		c.State = casework.ClaimApplied
	}
}

// stop is what ends a claim first: what an officer stated, a job, or a month that the worker missed.
func (t *Tracks) stop(c *Claim) (why StopReason, on calendar.Date) {
	first := func(reason StopReason, day calendar.Date) {
		if !day.IsZero() && (on.IsZero() || day.Before(on)) {
			why, on = reason, day
		}
	}
	first(c.Stated, c.StatedOn)
	first(StopJob, t.works(c.AppliedOn))
	for _, m := range t.Months {
		if m.Claim == c.ID && m.EndsClaim {
			first(StopNotClaimed, m.MissedOn)
		}
	}
	return why, on
}

// works is the first day of the earliest job that the worker had on a day or later, zero when there was none. A job
// that began before and ended by then is over.
func (t *Tracks) works(on calendar.Date) (from calendar.Date) {
	for _, p := range t.Placements {
		over := p.StartedOn.Before(on) && !p.EndedOn.IsZero() && !p.EndedOn.After(on)
		if !over && (from.IsZero() || p.StartedOn.Before(from)) {
			from = p.StartedOn
		}
	}
	return from
}

// died tells whether it is on record that the worker died: nothing begins any more.
func (t *Tracks) died() bool {
	return slices.ContainsFunc(t.Claims, func(c Claim) bool { return c.Stated == StopDeath })
}

// deriveMonths puts the states of the months of a claim that stops on a day, if any: months not yet given are given no
// more, but for those that were earned before. left tells whether one is still to come, given is when the last one was.
func (t *Tracks) deriveMonths(claim uuid.UUID, stop calendar.Date) (left bool, given calendar.Date) {
	for i := range t.Months {
		m := &t.Months[i]
		if m.Claim != claim {
			continue
		}
		m.State = m.derived(stop)
		left = left || m.State != MonthPaid && m.State != MonthMissed
		if m.GivenOn.After(given) {
			given = m.GivenOn
		}
	}
	return left, given
}

func (m *Month) derived(stop calendar.Date) MonthState {
	switch {
	case !m.GivenOn.IsZero():
		return MonthPaid
	case !m.MissedOn.IsZero():
		return MonthMissed
	case !stop.IsZero() && (m.ProvedOn.IsZero() || !m.OpensOn.Before(stop)):
		return MonthStopped
	case !m.ProvedOn.IsZero():
		return MonthProved
	}
	return MonthUpcoming
}

// deriveHired puts what a placement says of the application that it names, and of the proposal behind it.
func (t *Tracks) deriveHired() {
	named := make(map[uuid.UUID]bool)
	for _, p := range t.Placements {
		named[p.Application] = true
	}
	for i := range t.Applications {
		a := &t.Applications[i]
		a.State = a.Reached
		if named[a.ID] {
			a.State = Hired
		}
	}
	for i := range t.Proposals {
		p := &t.Proposals[i]
		switch {
		case p.Application == uuid.Nil:
		case named[p.Application]:
			p.State = ProposalHired
		default:
			p.State = ProposalAccepted
		}
	}
}

// deriveIssued ends each assessment that a certificate comes from.
func (t *Tracks) deriveIssued() {
	named := make(map[uuid.UUID]bool)
	for _, c := range t.Certificates {
		named[c.Assessment] = true
	}
	for i := range t.Assessments {
		switch a := &t.Assessments[i]; {
		case named[a.ID]:
			a.State = AssessmentIssued
		case a.State == AssessmentIssued:
			a.State = Competent // its certificate is gone
		}
	}
}

// derive puts whether and when the card bought its first course.
func (k *PrakerjaCard) derive(trainings []Training) {
	k.State, k.BoughtOn = CardAwarded, calendar.Date{}
	if !k.RevokedOn.IsZero() {
		k.State = CardRevoked
		return
	}
	for _, t := range trainings {
		if t.Scheme == Prakerja && (k.BoughtOn.IsZero() || t.EnrolledOn.Before(k.BoughtOn)) {
			k.State, k.BoughtOn = CardUsed, t.EnrolledOn
		}
	}
}
