package track

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// ApplyClaim records an application for JKP with the facts stated, and what the record says where nobody stated it: the
// birth date, and the reason of the layoff. See Claims.
func (s *Service) ApplyClaim(ctx context.Context, to Target, facts jkp.Application,
	layoff jkp.Reason) (casework.State, error) {
	file, _, err := s.Store.GetTracks(ctx, to.Op.Scope, to.Case)
	if err != nil {
		return casework.State{}, err
	}
	claim := Claim{ID: newID()}
	return s.changeClaim(ctx, to, &claim.ID, day{&facts.AppliedOn, "applied_on"}, func(m Moment) (casework.Event, error) {
		facts.TerminatedOn = m.Case.TerminatedOn
		warnings, err := complete(&facts, file.Person.BirthDate, layoff)
		if err != nil {
			return casework.Event{}, err
		}
		if err := claim.state(facts); err != nil {
			return casework.Event{}, err
		}
		if err := m.Tracks.liveElsewhere(); err != nil {
			return casework.Event{}, err
		}
		event, err := Claims.Add(m, claim)
		event.Told = casework.Tell(warnings, nil)
		return event, err
	})
}

// CorrectClaim completes or corrects what was stated for a claim, by the same rules as ApplyClaim.
func (s *Service) CorrectClaim(ctx context.Context, to Target, claim uuid.UUID, reason string,
	edit func(*jkp.Application) error, layoff jkp.Reason) (casework.State, error) {
	file, _, err := s.Store.GetTracks(ctx, to.Op.Scope, to.Case)
	if err != nil {
		return casework.State{}, err
	}
	var warnings []casework.Warning
	correct := func(c *Claim) error {
		facts, err := c.facts()
		if err != nil {
			return err
		}
		before := facts
		if facts.TerminatedOn = file.TerminatedOn; !file.Person.BirthDate.IsZero() {
			facts.BirthDate = calendar.Date{} // it was the record's, which may have been put right since
		}
		if err := edit(&facts); err != nil {
			return err
		}
		if warnings, err = complete(&facts, file.Person.BirthDate, layoff); err != nil {
			return err
		}
		if reflect.DeepEqual(before, facts) {
			return nil
		}
		c.AppliedOn = facts.AppliedOn
		return c.state(facts)
	}
	state, err := Claims.Correct(ctx, s, to, Correction[Claim]{ID: claim, Reason: reason, Edit: correct})
	if err == nil && len(warnings) > 0 {
		told := casework.Told{}
		if state.Told != nil {
			told = *state.Told
		}
		state.Told = casework.Tell(append(told.Warnings, warnings...), told.Follows)
	}
	return state, err
}

// complete takes from the record what is not stated, and holds the rest against it: another birth date than the
// worker's is refused, another reason than that of the layoff is told.
func complete(facts *jkp.Application, born calendar.Date, layoff jkp.Reason) (warnings []casework.Warning, err error) {
	switch {
	case facts.Reason == "" && layoff.Valid():
		facts.Reason = layoff
	case facts.Reason != "" && !facts.Reason.Valid():
		return nil, fault.New(fault.Invalid, "claim.reason_unknown").At("reason")
	case layoff.Valid() && facts.Reason != layoff:
		warnings = []casework.Warning{{Code: "claim.reason_differs", Field: "reason",
			Args: map[string]string{"layoff": string(layoff)}}}
	}
	switch {
	case born.IsZero():
	case facts.BirthDate.IsZero():
		facts.BirthDate = born
	case facts.BirthDate != born:
		return nil, fault.New(fault.Invalid, "claim.birth_date_differs").At("birth_date")
	}
	return warnings, nil
}

func (c *Claim) state(facts jkp.Application) error {
	text, err := json.Marshal(facts)
	if err != nil {
		return fmt.Errorf("encode facts: %w", err)
	}
	c.Facts = string(text)
	return nil
}

// stated are the facts that differ, as texts.
func stated(was, now string) (list []casework.FieldChange) {
	var before, after map[string]json.RawMessage
	_ = json.Unmarshal([]byte(was), &before) // this program wrote both
	_ = json.Unmarshal([]byte(now), &after)
	text := func(raw json.RawMessage) identity.Secret {
		if t := strings.Trim(string(raw), `"`); t != "null" {
			return identity.NewSecret(t)
		}
		return identity.Secret{}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if string(before[name]) != string(after[name]) {
			list = append(list, casework.FieldChange{Field: snake(name), From: text(before[name]), To: text(after[name])})
		}
	}
	return list
}

// known is what is stated for a claim, under what the record says: the day of the PHK, the birth date where it is
// known, the answer of the worker, and the benefits paid before.
func (t *Tracks) known(claim *Claim, c *casework.Case, born calendar.Date) (jkp.Application, error) {
	facts, err := claim.facts()
	if err != nil {
		return facts, err
	}
	if facts.TerminatedOn = c.TerminatedOn; !born.IsZero() {
		facts.BirthDate = born
	}
	return t.benefits(claim.ID, t.onRecord(facts), c.TerminatedOn), nil
}

// Statement is what is on record for assessing a claim: its facts, and the benefit as it stands.
type Statement struct {
	Facts   jkp.Application
	Benefit jkp.Claim
	Today   calendar.Date // at the case's office
}

// Stated gives the statement of the claim that waits, or of the newest one. A month without a payment is planned for
// its reference day; the months of a claim not yet decided are counted from today.
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
	facts, err := t.known(&claim, &c.Case, c.Person.BirthDate)
	out := Statement{Facts: facts, Today: s.Cases.Today(c.Region), Benefit: jkp.Claim{
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

// DecideClaim decides the waiting claim under the rules of the day of the decision. The reference day (tanggal acuan)
// is that day unless the client names another one that is not later.
func (s *Service) DecideClaim(ctx context.Context, to Target, on, reference calendar.Date) (casework.State, error) {
	file, _, err := s.Store.GetTracks(ctx, to.Op.Scope, to.Case)
	if err != nil {
		return casework.State{}, err
	}
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
		verdict, err := s.judge(m, claim, file.Person.BirthDate, reference)
		if err != nil {
			return casework.Event{}, err
		}
		return m.Tracks.DecideClaim(m.Case, verdict, on)
	})
}

// judge decides a claim under the rules of a day. Who is entitled has months, counted from the reference day.
func (s *Service) judge(m Moment, claim *Claim, born, reference calendar.Date) (Verdict, error) {
	facts, err := m.Tracks.known(claim, m.Case, born)
	if err != nil {
		return Verdict{}, err
	}
	verdict := Verdict{Decision: s.JKP.Assess(facts, m.On), Reference: reference}
	switch verdict.Decision.Result {
	case rule.Eligible:
		verdict.Windows, err = s.windows(reference)
	case rule.Undetermined:
		verdict.Missing = jkp.Missing(verdict.Decision, facts)
	case rule.Ineligible:
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

// ProveMonth takes the proof for a month from the job applications and calls on record within the month before, and
// from the training attendance stated.
func (s *Service) ProveMonth(ctx context.Context, to Target, stated MonthFacts) (casework.State, error) {
	return s.changeClaim(ctx, to, nil, occurred(&stated.On), func(m Moment) (casework.Event, error) {
		month, err := m.Tracks.month(stated.N)
		if err != nil {
			return casework.Event{}, err
		}
		claim := Claims.in(m.Tracks, month.Claim)
		if err := m.Tracks.givenElsewhere(m.Case, stated.N); err != nil {
			return casework.Event{}, err
		}
		from := claim.ReferenceOn.AddMonths(stated.N - 2)
		if percent := m.Tracks.attended(from, m.On); percent >= 0 {
			stated.Attendance = percent // what the class recorded goes before what is stated
		}
		found := m.Tracks.searched(from, m.On)
		facts, err := found.proof(claim, stated)
		if err != nil {
			return casework.Event{}, err
		}
		proof := Proof{N: stated.N, Applications: *facts.Applications, Calls: *facts.Calls, Attendance: stated.Attendance,
			StatusForm: stated.StatusForm, Counted: found.counted}
		return m.Tracks.ProveMonth(proof, s.JKP.ProofMet(facts, s.Calendar), m.On)
	})
}

// proof is what the rules look at for a month: what is stated, and what is on record.
func (s search) proof(claim *Claim, stated MonthFacts) (jkp.MonthlyClaim, error) {
	applications := len(s.counted)
	facts := jkp.MonthlyClaim{Month: stated.N, Reference: claim.ReferenceOn, AppliedOn: stated.On,
		OtherJob: jkp.AnswerOf(stated.OtherJob), Applications: &applications, DistinctEmployers: &s.employers,
		Calls:      &s.calls,
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

// search is what is on record of the search for work within some days.
type search struct {
	counted   []uuid.UUID // the job applications, of those that are the same only the first
	employers int
	calls     int
}

// searched looks from one day to another. The same application counts once, however often it was recorded.
func (t *Tracks) searched(from, until calendar.Date) (found search) {
	within := func(d calendar.Date) bool { return !d.IsZero() && !d.Before(from) && !d.After(until) }
	employers := make(map[string]bool)
	for i := range t.Applications {
		a := &t.Applications[i]
		again, called := false, false
		for j := range i {
			if b := &t.Applications[j]; a.same(b) {
				again, called = true, called || within(b.CalledOn)
			}
		}
		if !again && within(a.AppliedOn) {
			found.counted = append(found.counted, a.ID)
			employers[plain(a.Employer)] = true
		}
		if !called && within(a.CalledOn) {
			found.calls++
		}
	}
	found.employers = len(employers)
	return found
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

// Balance is what a month that was paid should have been by the facts as they stand: what is owed on top, or was paid
// too much. What was paid is not rewritten. Nothing is said of a worker whose wage is not on record.
func (s *Service) Balance(file casework.Detail, t *Tracks, m Month) (owed, overpaid money.Rupiah, err error) {
	wage := file.Person.Wage.Reveal()
	claim := Claims.in(t, m.Claim)
	if m.GivenOn.IsZero() || wage <= 0 || claim == nil {
		return 0, 0, nil
	}
	due := money.Rupiah(0)
	if claim.StoppedOn.IsZero() || m.OpensOn.Before(claim.StoppedOn) {
		pay, err := s.JKP.MonthlyPayment(m.N, wage, m.GivenOn)
		if err != nil {
			return 0, 0, err
		}
		due = pay.Amount
	}
	return max(due-m.Amount, 0), max(m.Amount-due, 0), nil
}

// Repriced tells what another wage makes of the months of a case: what one that is to come will be, and what is owed or
// overpaid of one that was paid. A month that is given no more is left out.
func (s *Service) Repriced(ctx context.Context, scope authz.Scope, id casework.ID,
	wage money.Rupiah) ([]casework.Consequence, error) {
	file, t, err := s.Store.GetTracks(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	now := file
	now.Person.Wage = identity.NewWage(wage)
	var list []casework.Consequence
	for _, m := range t.Months {
		before, err := s.worth(file, &t, m)
		if err != nil {
			return nil, err
		}
		after, err := s.worth(now, &t, m)
		if err != nil {
			return nil, err
		}
		for i, field := range []string{"amount", "owed", "overpaid"} {
			if before[i] != after[i] {
				list = append(list, casework.Consequence{Field: Months.Label(&m) + "." + field, From: before[i], To: after[i]})
			}
		}
	}
	return list, nil
}

// worth is the amount of a month that is to come, and what is owed and overpaid of one that was paid; empty is nothing.
func (s *Service) worth(file casework.Detail, t *Tracks, m Month) (amount [3]string, err error) {
	text := func(r money.Rupiah) string { return strings.TrimPrefix(strconv.FormatInt(int64(r), 10), "0") }
	switch wage := file.Person.Wage.Reveal(); {
	case wage <= 0:
	case m.State == MonthPaid:
		owed, overpaid, err := s.Balance(file, t, m)
		return [3]string{"", text(owed), text(overpaid)}, err
	case m.State == MonthUpcoming || m.State == MonthProved:
		pay, err := s.JKP.MonthlyPayment(m.N, wage, m.OpensOn)
		return [3]string{text(pay.Amount), "", ""}, err
	}
	return amount, nil
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
