package assessment

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// thr adds the holiday allowance, if it has not been paid.
func (c *combining) thr() error {
	f := THR{Contract: c.f.Contract, StartOn: c.f.StartOn, EndOn: c.f.EndOn, EndedBy: c.f.EndedBy, HolidayOn: c.f.HolidayOn}
	rules, known := c.p.Severance.Versions.At(orToday(c.f.EndOn, c.on))
	if w := c.f.Wage.stated(); w.Stated() && known == nil {
		month, err := rules.MonthOf(w, severance.FirmSize(c.f.FirmSize))
		if err != nil {
			return err
		}
		f.exact = &month.Exact
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

// jkp adds the benefit of JKP and the last day to claim it.
func (c *combining) jkp() error {
	app, err := c.f.application()
	if err != nil {
		return err
	}
	app.TerminatedOn, app.AppliedOn = c.f.EndOn, orToday(app.AppliedOn, c.on) // what a claim of today would give
	a, err := c.p.Claim(app, c.on, "", jkp.Claim{Wage: c.wageRupiah(), Reference: c.on}, c.l)
	if err != nil {
		return err
	}
	r := decided(RightJKP, PayerJKP, a.Decision)
	switch a.Result {
	case string(rule.Eligible):
		r.State, r.Why, r.Amount, r.Months, r.Complete = Owed, nil, a.Total, len(a.Parts), len(a.Parts) > 0
		r.Parts = a.Parts
		if len(a.Parts) > 0 {
			r.Article, r.Confidence = a.Parts[0].Article, a.Parts[0].Confidence
		} else {
			c.lacks(RightJKP, "reported_wage")
		}
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
	if a.Deadline != nil && a.Result != string(rule.Ineligible) {
		on := calendar.MustDate(a.Deadline.On)
		r.Until = on
		c.clock(RightClock{
			Code: "jkp.claim_deadline", On: on.AddDays(-1), Otherwise: on, Certain: true, Article: a.Deadline.Article, Confidence: a.Deadline.Confidence,
		})
	}
	c.add(r)
	return nil
}

// waits reports that nothing but a dispute that goes on stands in the way.
func (c *combining) waits(d Decision) bool {
	return c.f.Dispute == string(jkp.DisputePending) && !slices.ContainsFunc(d.Criteria, func(criterion Criterion) bool {
		return criterion.Result == string(rule.NotMet) && criterion.Code != "jkp.dispute_final"
	})
}

// cover adds JHT and JKN.
func (c *combining) cover() error {
	if c.f.EndOn.IsZero() {
		c.unknown(RightJHT, PayerJKP, rule.Source{}, "end_on")
		c.unknown(RightJKN, PayerJKN, rule.Source{}, "end_on")
		return nil
	}
	f := Cover{
		Segment: c.f.Segment, TerminatedOn: c.f.EndOn, Contract: c.f.Contract, ContractEnds: c.f.ContractEnds, Reason: string(c.f.Reason),
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
	c.lacks(RightJHT, a.Missing...)
	for _, d := range a.Dates {
		switch d.Code {
		case "cover.jht_from":
			jht.State, jht.From, jht.Otherwise, jht.Article, jht.Confidence, jht.Unverified = Owed, d.On, d.Otherwise, d.Article, d.Confidence, d.Unverified
		case "cover.jkn_until":
			jkn.Until, jkn.Otherwise, jkn.Unverified = d.On, d.Otherwise, d.Unverified
			if a.Result == string(rule.Eligible) {
				jkn.State, jkn.Complete, jkn.Article, jkn.Confidence = Owed, true, d.Article, d.Confidence
			}
			c.clock(RightClock{Code: d.Code, On: d.Otherwise, Otherwise: d.On, Certain: true, Article: d.Article, Confidence: d.Confidence})
		}
	}
	if c.f.Dispute == string(jkp.DisputePending) && c.f.Segment == "wage_earner" { // the cover goes on: both sides pay
		jkn.State, jkn.UntilFinal, jkn.Complete, jkn.Why = Owed, true, true, nil
	}
	jht.Complete = jht.State == Owed // the balance is the worker's own, and known to BPJS only
	c.lacks(RightJKN, unstated(fact{"jkn_segment", c.f.Segment != ""}, fact{"dispute", c.f.Dispute != ""})...)
	c.add(jht)
	c.add(jkn)
	return nil
}

func (c *combining) clock(r RightClock) {
	r.Text, r.Passed = c.p.text("rights.clock."+r.Code, c.l), r.On.Before(c.on)
	c.out.Clocks = append(c.out.Clocks, r)
}

// workersSteps are the clocks of the procedure that run against the worker: a right is lost, or silence counts.
var workersSteps = []termination.Step{
	"refusal", "mediation_answer", "conciliation_answer", "suit", "cassation_request", "cassation_request_absent",
}

// procedure adds the clocks that the events started and no event has stopped. Where the day of the event may count, the
// earlier day stands first.
func (c *combining) procedure() error {
	events, err := c.f.events()
	if err != nil || len(events) == 0 {
		return err
	}
	procedure, err := c.p.Termination.ProcedureAt(orToday(c.f.EndOn, c.on))
	if err != nil { // the clocks before the first file are not known here
		return nil
	}
	clocks, err := procedure.Clocks(c.p.Calendar, events)
	if err != nil {
		return err
	}
	for _, k := range clocks {
		if !slices.Contains(workersSteps, k.Step) || !k.StoppedOn(events).IsZero() {
			continue
		}
		strict, err := procedure.Start(c.p.Calendar, k.Step, k.Starts.AddDays(-1))
		if err != nil {
			return err
		}
		c.clock(RightClock{
			Code: "procedure." + string(k.Step), On: strict.Due.Due, Otherwise: k.Due.Due, Certain: k.Due.Certain, Article: k.Article,
			Confidence: string(k.Confidence),
		})
	}
	return nil
}
