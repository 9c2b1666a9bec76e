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
	a.add("jkp.contribution_consecutive", source, strconv.Itoa(least), unlessMissing(missing, met), "longest_run", longest, "last_run", last, "window", window,
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

// arrears: BPJS pays in spite of the arrears of a bankrupt or closed firm up to a limit (PP 6/2025 Art. 39A). What holds
// for a firm that is neither was not found in the text: unknown.
func (a *assessment) arrears() {
	figure, app := a.rules.Eligibility.ArrearsMonths, a.app
	if figure == nil {
		return
	}
	result, owed := rule.Unknown, ""
	if app.ArrearsMonths != nil {
		owed = strconv.Itoa(*app.ArrearsMonths)
		switch {
		case *app.ArrearsMonths == 0:
			result = rule.Met
		case app.Insolvent == Yes:
			result = rule.When(*app.ArrearsMonths <= figure.Value)
		}
	}
	a.add("jkp.arrears", figure.Source, strconv.Itoa(figure.Value), result, "arrears_months", owed, "insolvent", string(app.Insolvent))
}

// earlierClaims: how many claims a working life may have, and the contributions between two of them.
func (a *assessment) earlierClaims() {
	e, app := &a.rules.Eligibility, a.app
	count := app.ClaimsBefore
	before, since := number(count), number(app.MonthsSinceBenefit)
	a.add("jkp.claim_count", e.MaxClaims.Source, strconv.Itoa(e.MaxClaims.Value),
		unlessMissing(count == nil, count != nil && *count < e.MaxClaims.Value), "claims_before", before)
	result := rule.Unknown
	switch {
	case count == nil:
	case *count == 0:
		result = rule.Met
	case app.MonthsSinceBenefit != nil:
		result = rule.When(*app.MonthsSinceBenefit >= e.RepeatMonths.Value)
	}
	a.add("jkp.claim_gap", e.RepeatMonths.Source, strconv.Itoa(e.RepeatMonths.Value), result,
		"claims_before", before, "months_since_benefit", since)
}

// number is the decimal text of a known number, empty when unknown.
func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
