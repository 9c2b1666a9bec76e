package assessment

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severancetax"
)

// thr adds the holiday allowance, if it has not been paid.
func (c *combining) thr() error {
	f := THR{Contract: c.f.Contract, StartOn: c.f.StartOn, EndOn: c.f.EndOn, EndedBy: c.f.EndedBy,
		HolidayOn: c.f.HolidayOn}
	var err error
	if f.exact, err = c.monthWage(); err != nil {
		return err
	}
	a, err := f.Assess(c.p, c.l, c.on)
	if err != nil {
		return err
	}
	if c.f.THRPaid != nil && *c.f.THRPaid {
		r := decided(RightTHR, PayerEmployer, a.Decision)
		r.State, r.Complete, r.Why = NotOwed, true, []string{c.p.text("rights.thr_paid", c.l)}
		c.add(r)
		return nil
	}
	c.lacks(RightTHR, named(a.Missing, "month_wage", "wage")...)
	if len(a.Parts) == 0 {
		c.add(decided(RightTHR, PayerEmployer, a.Decision))
		return nil
	}
	r := rightOf(RightTHR, a.Parts)
	if c.f.THRPaid == nil {
		c.lacks(RightTHR, "thr_paid")
		r.Complete = false
	}
	for _, d := range a.Dates {
		r.Until = d.On
	}
	c.add(r)
	return nil
}

// named calls one fact by another name.
func named(facts []string, from, to string) []string {
	out := slices.Clone(facts)
	for i := range out {
		if out[i] == from {
			out[i] = to
		}
	}
	return out
}

// cover adds JHT and JKN.
func (c *combining) cover() error {
	if c.f.EndOn.IsZero() {
		c.unknown(RightJHT, PayerJKP, rule.Source{}, "end_on")
		c.unknown(RightJKN, PayerJKN, rule.Source{}, "end_on")
		return nil
	}
	f := Cover{
		Segment: c.f.Segment, TerminatedOn: c.f.EndOn, Contract: c.f.Contract, ContractEnds: c.f.ContractEnds,
		Reason:   string(c.f.Reason),
		LetterOn: c.f.LetterOn, Dispute: c.f.Dispute, FinalDecisionOn: c.f.FinalDecisionOn, Evidence: c.f.Evidence,
	}
	a, err := f.Assess(c.p, c.l, c.on)
	if fault.CodeOf(err) == "rule.no_version" {
		c.unknown(RightJHT, PayerJKP, rule.Source{})
		c.unknown(RightJKN, PayerJKN, rule.Source{})
		return nil
	}
	if err != nil {
		return err
	}
	jht := WorkerRight{Code: RightJHT, State: Unknown, Payer: PayerJKP}
	jkn := decided(RightJKN, PayerJKN, a.Decision)
	for _, fact := range a.Missing {
		right := RightJHT
		if fact == factHealthProof {
			right = RightJKN
		}
		c.lacks(right, fact)
	}
	for _, d := range a.Dates {
		switch d.Code {
		case "cover.jht_from":
			jht.State, jht.From, jht.Otherwise = Owed, d.On, d.Otherwise
			jht.Article, jht.Confidence, jht.Unverified = d.Article, d.Confidence, d.Unverified
		case "cover.jkn_until":
			jkn.Until, jkn.Otherwise, jkn.Unverified = d.On, d.Otherwise, d.Unverified
			if a.Result == string(rule.Eligible) {
				jkn.State, jkn.Complete, jkn.Article, jkn.Confidence = Owed, true, d.Article, d.Confidence
			}
			c.clock(RightClock{Code: d.Code, On: d.Otherwise, Otherwise: d.On, Certain: true, Article: d.Article,
				Confidence: d.Confidence})
		}
	}
	if c.f.Dispute == string(jkp.DisputePending) && c.f.Segment == "wage_earner" { // the cover goes on: both sides pay
		jkn.State, jkn.UntilFinal, jkn.Complete, jkn.Why = Owed, true, true, nil
	}
	jht.Complete = jht.State == Owed // the balance is the worker's own, and known to BPJS only
	if err := c.savingsTax(&jht); err != nil {
		return err
	}
	c.lacks(RightJKN, unstated(fact{"jkn_segment", c.f.Segment != ""}, fact{"dispute", c.f.Dispute != ""})...)
	c.add(jht)
	c.add(jkn)
	return nil
}

// savingsTax adds the tax on JHT where its balance is stated, and says so where the employer owes a part of it.
func (c *combining) savingsTax(jht *WorkerRight) error {
	if c.short() {
		jht.Beside = append(jht.Beside, c.p.text("rights.jht_short", c.l))
	}
	if c.f.SavingsJHT == nil {
		return nil
	}
	a, err := SeveranceTax{
		Kind: string(severancetax.OldAge), Gross: c.f.SavingsJHT, Resident: c.f.Resident,
	}.Assess(c.p, c.l, orToday(c.f.EndOn, c.on))
	if err != nil {
		return err
	}
	c.lacks(RightJHT, a.Missing...)
	jht.Amount, jht.Tax = *c.f.SavingsJHT, taxOf(*c.f.SavingsJHT, a, true)
	if jht.State != Owed {
		jht.Amount = 0
	}
	return nil
}

// short reports that the employer paid too little into JHT: for no or for too low a wage.
func (c *combining) short() bool {
	actual, err := c.realWage()
	reported := c.wageRupiah()
	return c.f.Registered == string(jkp.No) || err == nil && reported > 0 && actual > reported
}
