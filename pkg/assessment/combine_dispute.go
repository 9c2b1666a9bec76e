package assessment

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/wording"
)

// disputeWages adds the wages while the end of the employment is disputed: those of the whole months after the one in
// which it is said to have ended, so that nothing is counted with the wages not paid until then.
func (c *combining) disputeWages() error {
	until, disputed := c.on, c.f.Dispute == string(jkp.DisputePending)
	if c.f.Dispute == string(jkp.DisputeFinal) {
		until, disputed = c.f.FinalDecisionOn, true
	}
	if !disputed {
		return nil
	}
	rules, err := c.p.Termination.DisputeWages.At(orToday(until, c.on))
	if err != nil { // the law before the first file is not known here
		c.unknown(RightDisputeWages, PayerEmployer, rule.Source{})
		return nil
	}
	wage, err := c.realWage()
	if err != nil {
		return err
	}
	gone := unstated(c.ended(), fact{"wage", wage > 0}, fact{"last_paid_on", !c.f.LastPaidOn.IsZero()},
		fact{"final_decision_on", !until.IsZero()})
	if gone != nil {
		c.unknown(RightDisputeWages, PayerEmployer, rules.Until.Source, gone...)
		return nil
	}
	text, capped, err := rules.Owed(wage, earlier(laterOf(c.f.LastPaidOn, c.f.EndOn), until), until)
	if err != nil {
		return err
	}
	c.add(rightOf(RightDisputeWages, []Part{c.p.disputed(rules, text, capped, c.l)}))
	return nil
}

// disputed is the part of the wages of a dispute; what courts have capped them to stands beside it.
func (p *Programmes) disputed(rules termination.DisputeWages, text, capped termination.WageReading,
	l rule.Language) Part {
	part := p.owes("termination.dispute_wages", PayerEmployer, text.Amount, text.Source, rules.ID, l).part()
	part.Months = text.Months
	if capped.Amount != text.Amount {
		part.Unverified = true
		part.Otherwise = []Other{{
			Reading: "capped_by_courts", Amount: int64(capped.Amount), Article: capped.String(), Note: capped.Note,
		}}
	}
	return part
}

func laterOf(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func (c *combining) clock(r RightClock) {
	r.Text, r.Passed = c.p.text("rights.clock."+r.Code, c.l), r.On.Before(c.on)
	c.out.Clocks = append(c.out.Clocks, r)
}

// workersSteps are the clocks of the procedure that run against the worker: a right is lost, or silence counts.
var workersSteps = []termination.Step{
	termination.Refusal, termination.FileCompletion, termination.MediationAnswer, termination.ConciliationAnswer,
	termination.Suit, termination.SuitBeforeRuling, termination.CassationRequest, termination.CassationRequestAbsent,
}

// procedure adds the clocks that the events started and no event has stopped, and those that wait for an event. Where
// the law leaves open whether the day of the event counts, or whether joint leave is work, the earliest day stands
// first.
func (c *combining) procedure() error {
	events, err := c.f.events()
	if err != nil {
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
	begun := map[termination.Step]bool{}
	for _, k := range clocks {
		begun[k.Step] = true
		if !slices.Contains(workersSteps, k.Step) || !k.StoppedOn(events).IsZero() {
			continue
		}
		leaveIsWork, err := procedure.Start(c.p.Calendar.WithJointLeaveWorking(true), k.Step, k.Starts)
		if err != nil {
			return err
		}
		c.clock(RightClock{
			Code: "procedure." + string(k.Step), On: leaveIsWork.Strict, Otherwise: k.Due.Due, Certain: k.Due.Certain,
			Article: k.Article, Confidence: string(k.Confidence), StartedBy: string(k.StartedBy), StartedOn: k.Starts,
		})
	}
	c.toCome(procedure, begun, events)
	return nil
}

// settled are the events after which no clock of the procedure can start any more.
var settled = []termination.Event{termination.AgreementSigned, termination.DecisionFinal}

// toCome adds the clocks of the worker that no event has started yet, with what starts them.
func (c *combining) toCome(p termination.Procedure, begun map[termination.Step]bool, events []termination.DatedEvent) {
	over := slices.ContainsFunc(settled, func(e termination.Event) bool { return !termination.On(events, e).IsZero() })
	if over {
		return
	}
	for _, step := range workersSteps {
		r, ok := p.Steps[step]
		if !ok || begun[step] || slices.ContainsFunc(r.StoppedBy, func(e termination.Event) bool {
			return !termination.On(events, e).IsZero()
		}) {
			continue
		}
		code := "procedure." + string(step)
		next := ClockToCome{
			Code: code, Text: c.p.text("rights.clock."+code, c.l), Limit: r.Limit.Value.String(),
			Article:    r.Limit.Source.String(),
			Confidence: string(r.Limit.Confidence), StartedBy: []Starter{},
		}
		for _, e := range r.Starts {
			next.StartedBy = append(next.StartedBy, Starter{Event: string(e), Text: wording.Label(string(c.l), e)})
		}
		c.out.ToCome = append(c.out.ToCome, next)
	}
}
