package jkp

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// ClaimDeadline is the last day on which a claim may be made.
type ClaimDeadline struct {
	Start   calendar.Date // day from which the months run
	Last    calendar.Date // last day in time; it is not moved by a holiday
	Months  int
	Version string // the rule version whose months were used
	rule.Source
}

// ClaimDeadline returns the last day for a claim whose clock starts on the day start (the PHK, or the final decision)
// and that is or would be declared eligible on the day declared. For a start before a change of the deadline the switch
// claim_deadline_at_boundary decides, and the source is that of the switch. Fault rule.no_version.
func (p *Programme) ClaimDeadline(start, declared calendar.Date) (ClaimDeadline, error) {
	now, err := p.rules.At(declared)
	if err != nil {
		return ClaimDeadline{}, err
	}
	then, err := p.rules.At(start)
	if err != nil {
		return ClaimDeadline{}, err
	}
	if now.ID == then.ID {
		return deadlineUnder(now, start), nil
	}
	old, boundary := deadlineUnder(then, start), &p.transition.ClaimDeadlineAtBoundary
	chosen := deadlineUnder(now, start)
	switch boundary.Value {
	case DeadlineByPHK:
		chosen = old
	case DeadlineNotLapsed:
		if old.Last.Before(p.transition.Cutover.Value) {
			chosen = old
		}
	case DeadlineByDeclared:
	}
	chosen.Source = boundary.Source
	return chosen, nil
}

func deadlineUnder(r *Rules, start calendar.Date) ClaimDeadline {
	figure := &r.Eligibility.ClaimDeadlineMonths
	return ClaimDeadline{
		Start: start, Last: r.lastDay(start, figure.Value), Months: figure.Value, Version: r.ID, Source: figure.Source,
	}
}

// lastDay is the last day of "n months since start" under the switches of month arithmetic.
func (r *Rules) lastDay(start calendar.Date, n int) calendar.Date {
	last := r.addMonths(start, n)
	if r.Switches.DeadlineDay.Value == Exclusive {
		return last.AddDays(-1)
	}
	return last
}

// addMonths adds n months; a day that the month lacks is its last day (clamped) or runs over (overflow).
func (r *Rules) addMonths(d calendar.Date, n int) calendar.Date {
	sum := d.AddMonths(n)
	if r.Switches.MonthArithmetic.Value == Overflow {
		return sum.AddDays(d.Day() - sum.Day())
	}
	return sum
}

// edge returns the source of the switch that decides a claim made on the edge of the deadline, where the readings of
// the last day or of a month that is too short differ; elsewhere the source of the deadline.
func (r *Rules) edge(d ClaimDeadline, applied calendar.Date) rule.Source {
	clamped := d.Start.AddMonths(d.Months)
	switch {
	case applied == clamped:
		return r.Switches.DeadlineDay.Source
	case applied.After(clamped) && !applied.After(clamped.AddDays(d.Start.Day()-clamped.Day())):
		return r.Switches.MonthArithmetic.Source
	}
	return d.Source
}

// clockStart is the day from which the claim deadline runs; zero when it is not known.
func (a *assessment) clockStart() calendar.Date {
	app := a.app
	disputed := app.Dispute == DisputeFinal || app.Dispute == DisputePending
	switch {
	case app.TerminatedOn.Before(a.rules.Eligibility.MKRulingStart.Value), app.Dispute == DisputeNone,
		disputed && a.rules.Switches.DisputedClockStart.Value == FromPHKDate:
		return app.TerminatedOn
	case app.Dispute == DisputeFinal:
		return app.FinalDecisionOn
	}
	return calendar.Date{}
}

// claimDeadline: a claim made before the clock starts contradicts the facts and is unknown; one not yet made is unknown
// until the last day has passed.
func (a *assessment) claimDeadline() {
	app, figure := a.app, &a.rules.Eligibility.ClaimDeadlineMonths
	start := a.clockStart()
	applied := dayText(app.AppliedOn)
	if start.IsZero() {
		a.add("jkp.claim_deadline", figure.Source, strconv.Itoa(figure.Value), rule.Unknown, "applied_on", applied)
		return
	}
	d, err := a.programme.ClaimDeadline(start, a.programme.versionDay(app, a.on))
	if err != nil {
		d = deadlineUnder(a.rules, start)
	}
	result := rule.Unknown
	switch {
	case app.AppliedOn.IsZero() && a.on.After(d.Last):
		result = rule.NotMet
	case !app.AppliedOn.IsZero() && !app.AppliedOn.Before(start):
		result = rule.When(!app.AppliedOn.After(d.Last))
		d.Source = a.rules.edge(d, app.AppliedOn)
	}
	a.add("jkp.claim_deadline", d.Source, strconv.Itoa(d.Months), result,
		"applied_on", applied, "clock_start", start.String(), "deadline", d.Last.String(), "rule", d.Version)
}
