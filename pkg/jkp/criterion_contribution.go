package jkp

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/rule"
)

// contributions: enough months in the window before the PHK and, where the version asks for it, enough in a row.
func (a *assessment) contributions() {
	e, sw, app := &a.rules.Eligibility, &a.rules.Switches, a.app
	missing := app.Contributions == nil || app.TerminatedOn.IsZero()
	var p paid
	var window, months, longest, last string
	if !missing {
		p = countPaid(app.Contributions, a.windowEnd(sw.ContributionWindowEnd.Value), e.ContributionWindow.Value)
		window = p.from.String() + " – " + p.to.String()
		months, longest, last = strconv.Itoa(p.months), strconv.Itoa(p.longestRun), strconv.Itoa(p.trailingRun)
	}
	enough, source := p.months >= e.ContributionMonths.Value, e.ContributionMonths.Source
	if !missing && a.windowMatters(enough) {
		source = sw.ContributionWindowEnd.Source
	}
	a.add("jkp.contribution_months", source, a.rules.required.contribution, unlessMissing(missing, enough),
		"paid_months", months, "window", window)
	if e.ConsecutiveMonths == nil {
		return
	}
	least, source := e.ConsecutiveMonths.Value, e.ConsecutiveMonths.Source
	met := p.longestRun >= least
	if inTheEnd := p.trailingRun >= least; inTheEnd != met { // the reading decides
		source = sw.ConsecutiveSix.Source
		met = met && sw.ConsecutiveSix.Value == AnyRun
	}
	a.add("jkp.contribution_consecutive", source, strconv.Itoa(least), unlessMissing(missing, met), "longest_run", longest,
		"last_run", last, "window", window,
		"reading", string(sw.ConsecutiveSix.Value))
}

// windowMatters reports whether another reading of the window's end would turn the result: then it rests on the switch.
func (a *assessment) windowMatters(enough bool) bool {
	e := &a.rules.Eligibility
	for _, end := range [...]WindowEnd{MonthBeforePHK, PHKMonth, LastPaidMonth} {
		p := countPaid(a.app.Contributions, a.windowEnd(end), e.ContributionWindow.Value)
		if enough != (p.months >= e.ContributionMonths.Value) {
			return true
		}
	}
	return false
}

func (a *assessment) windowEnd(end WindowEnd) Month {
	phk := MonthOf(a.app.TerminatedOn)
	switch end {
	case PHKMonth:
		return phk
	case LastPaidMonth:
		if last := lastPaid(a.app.Contributions, phk); last != 0 {
			return last
		}
	case MonthBeforePHK:
	}
	return phk - 1
}

// earlierClaims: how many claims a working life may have, and the contributions since the last benefit was obtained.
func (a *assessment) earlierClaims() {
	e, app := &a.rules.Eligibility, a.app
	count, since := app.ClaimsBefore, a.monthsSinceBenefit()
	before := number(count)
	a.add("jkp.claim_count", e.MaxClaims.Source, strconv.Itoa(e.MaxClaims.Value),
		unlessMissing(count == nil, count != nil && *count < e.MaxClaims.Value), "claims_before", before)
	gap := &e.SecondClaimMonths
	if count != nil && *count > 1 {
		gap = &e.ThirdClaimMonths
	}
	result := rule.Unknown
	switch {
	case count == nil:
	case *count == 0:
		result = rule.Met
	case since != nil:
		result = rule.When(*since >= gap.Value)
	}
	a.add("jkp.claim_gap", gap.Source, strconv.Itoa(gap.Value), result, "claims_before", before, "months_since_benefit",
		number(since))
}

// monthsSinceBenefit is what is stated or, where it is not, the months paid after that in which the last benefit was
// obtained and before that of the PHK; nil when neither is known.
func (a *assessment) monthsSinceBenefit() *int {
	app := a.app
	switch {
	case app.MonthsSinceBenefit != nil:
		return app.MonthsSinceBenefit
	case app.LastBenefitOn.IsZero(), app.TerminatedOn.IsZero(), app.Contributions == nil:
		return nil
	}
	n := monthsPaid(app.Contributions, MonthOf(app.LastBenefitOn)+1, MonthOf(app.TerminatedOn)-1)
	return &n
}

// number is the decimal text of a known number, empty when unknown.
func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
