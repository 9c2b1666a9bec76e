package track

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// ApplyClaim records an application for JKP with the facts stated; see Claims.
func (s *Service) ApplyClaim(ctx context.Context, to Target, facts jkp.Application) (casework.State, error) {
	claim := Claim{ID: newID()}
	return s.changeClaim(ctx, to, &claim.ID, day{&facts.AppliedOn, "applied_on"}, func(m Moment) (casework.Event, error) {
		if facts.TerminatedOn.IsZero() {
			facts.TerminatedOn = m.Case.TerminatedOn
		}
		if facts.Reason != "" && !facts.Reason.Valid() {
			return casework.Event{}, fault.New(fault.Invalid, "claim.reason_unknown").At("reason")
		}
		text, err := json.Marshal(facts)
		if err != nil {
			return casework.Event{}, fmt.Errorf("encode facts: %w", err)
		}
		claim.Facts = string(text)
		if err := m.Tracks.liveElsewhere(); err != nil {
			return casework.Event{}, err
		}
		return Claims.Add(m, claim)
	})
}

// Statement is what is on record for assessing a claim: its facts, and the benefit as it stands.
type Statement struct {
	Facts   jkp.Application
	Benefit jkp.Claim
	Today   calendar.Date // at the case's office
}

// Stated gives the statement of the claim that waits, or of the newest one. A month without a payment is planned for its
// reference day; the months of a claim not yet decided are counted from today.
func (s *Service) Stated(ctx context.Context, scope authz.Scope, id casework.ID) (Statement, error) {
	c, t, err := s.Store.GetTracks(ctx, scope, id)
	if err != nil {
		return Statement{}, err
	}
	if len(t.Claims) == 0 {
		return Statement{}, Claims.notFound()
	}
	if t.Elsewhere, err = s.Store.GetElsewhere(ctx, scope, id); err != nil {
		return Statement{}, err
	}
	claim := t.Claims[len(t.Claims)-1]
	facts, err := claim.facts()
	out := Statement{Facts: t.benefits(claim.ID, t.onRecord(facts), c.TerminatedOn), Today: s.Cases.Today(c.Region), Benefit: jkp.Claim{
		Wage: c.Person.Wage.Reveal(), Reference: claim.ReferenceOn, StopOn: claim.StoppedOn, StopWith: claim.StopReason}}
	if out.Benefit.Reference.IsZero() {
		out.Benefit.Reference = out.Today
	}
	for _, m := range t.Months {
		if m.Claim != claim.ID {
			continue
		}
		out.Benefit.Given = append(out.Benefit.Given, m.GivenOn)
		if m.State == MonthMissed {
			out.Benefit.Missed = append(out.Benefit.Missed, m.N)
		}
	}
	return out, err
}

func (c Claim) facts() (jkp.Application, error) {
	var facts jkp.Application
	if err := json.Unmarshal([]byte(c.Facts), &facts); err != nil {
		return facts, fmt.Errorf("read facts of claim %s: %w", c.ID, err)
	}
	return facts, nil
}

// DecideClaim decides the waiting claim under the rules of the day of the decision. The reference day (tanggal acuan) is
// that day unless the client names another one that is not later.
func (s *Service) DecideClaim(ctx context.Context, to Target, on, reference calendar.Date) (casework.State, error) {
	return s.changeClaim(ctx, to, nil, occurred(&on), func(m Moment) (casework.Event, error) {
		field := "reference_on"
		if reference.IsZero() {
			reference, field = on, "occurred_on"
		}
		claim := m.Tracks.live()
		if claim == nil {
			return casework.Event{}, fault.New(fault.Conflict, "claim.not_applied", "claim", string(m.Case.ClaimState))
		}
		if reference.After(on) || reference.Before(claim.AppliedOn) {
			return casework.Event{}, fault.New(fault.Invalid, "claim.reference",
				"applied_on", claim.AppliedOn.String()).At(field)
		}
		if err := m.Tracks.liveElsewhere(); err != nil {
			return casework.Event{}, err
		}
		verdict, err := s.judge(m, claim, reference)
		if err != nil {
			return casework.Event{}, err
		}
		return m.Tracks.DecideClaim(m.Case, verdict, on)
	})
}

// judge decides a claim under the rules of a day. Who is entitled has months, counted from the reference day.
func (s *Service) judge(m Moment, claim *Claim, reference calendar.Date) (Verdict, error) {
	facts, err := claim.facts()
	if err != nil {
		return Verdict{}, err
	}
	verdict := Verdict{Decision: s.JKP.Assess(m.Tracks.benefits(claim.ID, m.Tracks.onRecord(facts), m.Case.TerminatedOn), m.On), Reference: reference}
	if verdict.Decision.Result == rule.Eligible {
		verdict.Windows, err = s.windows(reference)
	}
	return verdict, err
}

func (s *Service) windows(reference calendar.Date) ([]jkp.Window, error) {
	rules, err := s.JKP.RulesAt(reference)
	if err != nil {
		return nil, err
	}
	windows := make([]jkp.Window, rules.Cash.MaxMonths.Value)
	for i := range windows {
		if windows[i], err = s.JKP.Window(reference, i+1, s.Calendar); err != nil {
			return nil, err
		}
	}
	return windows, nil
}

// MonthFacts is what is stated for one month of the claim besides the job applications on record.
type MonthFacts struct {
	N          int
	Attendance int // percent, -1 when there was no training
	OtherJob   bool
	Counselled bool
	StatusForm bool
	On         calendar.Date
}

// ProveMonth takes the proof for a month from the job applications and calls on record within the month before, and from
// the training attendance stated.
func (s *Service) ProveMonth(ctx context.Context, to Target, stated MonthFacts) (casework.State, error) {
	return s.changeClaim(ctx, to, nil, occurred(&stated.On), func(m Moment) (casework.Event, error) {
		claim := m.Tracks.live()
		if claim == nil || claim.State != casework.ClaimRunning {
			return casework.Event{}, fault.New(fault.Conflict, "claim.not_running", "claim", string(m.Case.ClaimState))
		}
		if err := m.Tracks.givenElsewhere(m.Case, stated.N); err != nil {
			return casework.Event{}, err
		}
		from := claim.ReferenceOn.AddMonths(stated.N - 2)
		if percent := m.Tracks.attended(from, m.On); percent >= 0 {
			stated.Attendance = percent // what the class recorded goes before what is stated
		}
		facts, err := m.Tracks.proof(claim, stated, from)
		if err != nil {
			return casework.Event{}, err
		}
		proof := Proof{N: stated.N, Applications: *facts.Applications, Calls: *facts.Calls, Attendance: stated.Attendance,
			StatusForm: stated.StatusForm}
		return m.Tracks.ProveMonth(proof, s.JKP.ProofMet(facts, s.Calendar), m.On)
	})
}

// proof is what the rules look at for a month: what is stated, and what is on record from a day on.
func (t *Tracks) proof(claim *Claim, stated MonthFacts, from calendar.Date) (jkp.MonthlyClaim, error) {
	applications, employers, calls := t.searched(from, stated.On)
	facts := jkp.MonthlyClaim{Month: stated.N, Reference: claim.ReferenceOn, AppliedOn: stated.On,
		OtherJob: jkp.AnswerOf(stated.OtherJob), Applications: &applications, DistinctEmployers: &employers, Calls: &calls,
		InTraining: jkp.AnswerOf(stated.Attendance >= 0), Counselled: jkp.AnswerOf(stated.Counselled),
		StatusForm: jkp.AnswerOf(stated.StatusForm)}
	if stated.Attendance < 0 {
		return facts, nil
	}
	percent, err := rule.NewRatio(int64(stated.Attendance), 100)
	if err != nil {
		return facts, fault.New(fault.Invalid, "training.attendance").At("attendance")
	}
	facts.Attendance = &percent
	return facts, nil
}

// searched counts the job applications, the different employers and the calls on record from one day to another.
func (t *Tracks) searched(from, until calendar.Date) (applications, employers, calls int) {
	within := func(d calendar.Date) bool { return !d.IsZero() && !d.Before(from) && !d.After(until) }
	seen := make(map[string]bool)
	for _, a := range t.Applications {
		if within(a.AppliedOn) {
			applications++
			seen[a.Employer] = true
		}
		if within(a.CalledOn) {
			calls++
		}
	}
	return applications, len(seen), calls
}

// PayMonth records the payment of a month on the day it was given. The amount is the rules', from the wage on record;
// one that the payer states must agree with it.
func (s *Service) PayMonth(ctx context.Context, to Target, p MonthPayment) (casework.State, error) {
	file, _, err := s.Store.GetTracks(ctx, to.Op.Scope, to.Case)
	if err != nil {
		return casework.State{}, err
	}
	wage := file.Person.Wage.Reveal()
	return s.changeClaim(ctx, to, nil, day{&p.Given, "given_on"}, func(m Moment) (casework.Event, error) {
		pay, err := s.JKP.MonthlyPayment(p.N, wage, m.On)
		if err != nil {
			return casework.Event{}, err
		}
		if p.Stated != 0 && p.Stated != pay.Amount {
			return casework.Event{}, fault.New(fault.Conflict, "claim.amount_differs",
				"rule", pay.Amount.String(), "article", pay.Source.String())
		}
		if err := m.Tracks.givenElsewhere(m.Case, p.N); err != nil {
			return casework.Event{}, err
		}
		return m.Tracks.PayMonth(pay, p.Reference, m.On)
	})
}

// MonthPayment is what the payer says of a month: when it was given, how much it was (0 when that is not said), and the
// payer's number of it.
type MonthPayment struct {
	N         int
	Given     calendar.Date
	Stated    money.Rupiah
	Reference string
}

// MissMonth records that a month's window passed; what follows is what the switch of the rules says.
func (s *Service) MissMonth(ctx context.Context, to Target, n int) (casework.State, error) {
	return s.today(ctx, to, func(m Moment) (casework.Event, error) {
		ends, _, err := s.JKP.MissedWindowSource(m.On)
		if err != nil {
			return casework.Event{}, err
		}
		return m.Tracks.MissMonth(n, ends == jkp.EndsClaim, m.On)
	})
}

// StopClaim ends the running claim.
func (s *Service) StopClaim(ctx context.Context, to Target, why StopReason, on calendar.Date) (casework.State, error) {
	return s.change(ctx, to, nil, occurred(&on), func(m Moment) (casework.Event, error) {
		return m.Tracks.StopClaim(m.Case, why, m.On)
	})
}
