package assessment

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// jkp adds the benefit of JKP, who pays it, the last day to claim it, and what the employer owes at once beside it.
func (c *combining) jkp() error {
	app, err := c.f.application()
	if err != nil {
		return err
	}
	actual, err := c.realWage()
	if err != nil {
		return err
	}
	app.TerminatedOn, app.AppliedOn = c.f.EndOn, orToday(app.AppliedOn, c.on) // what a claim of today would give
	a, err := c.p.Claim(app, c.on, "", jkp.Claim{Wage: c.wageRupiah(), RealWage: actual, Reference: c.on}, c.l)
	if err != nil {
		return err
	}
	r := decided(RightJKP, PayerJKP, a.Decision)
	switch a.Result {
	case string(rule.Eligible):
		c.entitled(&r, a)
	case string(rule.Ineligible):
		if c.waits(a.Decision) {
			r.State, r.Complete, r.UntilFinal = Unknown, false, true
		}
	case string(rule.Undetermined):
		for _, criterion := range a.Criteria {
			if criterion.Result == string(rule.Unknown) {
				c.lacks(RightJKP, criterion.Code)
			}
		}
	}
	c.payer(&r, a.Payer)
	if a.Deadline != nil && a.Result != string(rule.Ineligible) && r.Payer != PayerEmployer {
		on := calendar.MustDate(a.Deadline.On)
		r.Until = on
		c.clock(RightClock{
			Code: "jkp.claim_deadline", On: on.AddDays(-1), Otherwise: on, Certain: true, Article: a.Deadline.Article,
			Confidence: a.Deadline.Confidence,
		})
	}
	c.add(r)
	c.shortfall(a)
	return nil
}

// entitled gives the right its months, or what an employer owes all at once who never registered the worker.
func (c *combining) entitled(r *WorkerRight, a Answer) {
	parts := a.Parts
	if a.Payer != nil && a.Payer.Code == string(jkp.EmployerOwes) {
		parts = nil
		for _, d := range a.Debts {
			if d.Code == "jkp.unregistered_cash" {
				parts = append(parts, d.part())
			} else {
				r.Beside = append(r.Beside, d.Text)
			}
		}
	}
	known := len(parts) > 0 && parts[0].Known
	r.State, r.Why, r.Amount, r.Months, r.Complete, r.Parts = Owed, nil, sumOf(parts), len(parts), known, parts
	switch {
	case len(parts) > 0:
		r.Article, r.Confidence = parts[0].Article, parts[0].Confidence
		r.Unverified = r.Unverified || parts[0].Unverified
		if !known {
			c.lacks(RightJKP, "wage")
		}
	default:
		c.lacks(RightJKP, "reported_wage")
	}
	if a.Payer != nil && a.Payer.Code == string(jkp.EmployerOwes) {
		r.Months = 0 // all at once
	}
}

func sumOf(parts []Part) int64 {
	var sum int64
	for _, part := range parts {
		sum += part.Amount
	}
	return sum
}

// payers are who pays JKP, as the answer calls them.
var payers = map[string]string{
	string(jkp.BPJS): PayerJKP, string(jkp.EmployerFirst): PayerEmployerFirst, string(jkp.EmployerOwes): PayerEmployer,
}

// payer says who pays: the debts of the employer move the payer, and never end the right.
func (c *combining) payer(r *WorkerRight, p *Payer) {
	if p == nil || r.State == NotOwed {
		return
	}
	if p.Missing != "" {
		c.lacks(RightJKP, p.Missing)
		return
	}
	if code, ok := payers[p.Code]; ok {
		r.Payer = code
	}
	r.PayerText, r.PayerArticle, r.PayerConfidence = p.Text, p.Article, p.Confidence
	r.Unverified = r.Unverified || p.Unverified
}

// shortfall adds what an employer owes at once who reported less than the wage. Where that hangs only on the question
// whether the cap of the wage holds, which the law leaves open, nothing is asserted: the other reading stands beside
// it.
func (c *combining) shortfall(a Answer) {
	for _, d := range a.Debts {
		if d.Code != "jkp.shortfall" {
			continue
		}
		r := rightOf(RightJKPShortfall, []Part{d.part()})
		if d.Amount == 0 {
			r.State, r.Complete = Unknown, false
		}
		c.add(r)
	}
}

// part is a debt as a part of a right.
func (d Debt) part() Part {
	out := Part{
		Code: d.Code, Text: d.Text, Months: d.Months, Amount: d.Amount, Known: d.Known, Version: d.Version,
		Article:    d.Article,
		Confidence: d.Confidence, Unverified: d.Unverified,
	}
	for _, o := range d.Otherwise {
		out.Otherwise = append(out.Otherwise, Other{Reading: "other_reading", Amount: o.Amount, Article: o.Article,
			Note: o.Note})
	}
	return out
}

// realWage is a month of the wage as it is, in whole rupiah; zero when nobody has stated it.
func (c *combining) realWage() (money.Rupiah, error) {
	month, err := c.monthWage()
	if err != nil || month == nil {
		return 0, err
	}
	return money.Rupiah(month.Num() / month.Den()), nil
}

// waits reports that nothing but a dispute that goes on stands in the way.
func (c *combining) waits(d Decision) bool {
	return c.f.Dispute == string(jkp.DisputePending) && !slices.ContainsFunc(d.Criteria, func(criterion Criterion) bool {
		return criterion.Result == string(rule.NotMet) && criterion.Code != "jkp.dispute_final"
	})
}
