package track

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// StopReason is why a benefit ends before its last month (PP 37/2021 Art. 40).
type StopReason = jkp.StopReason

// The stop reasons.
const (
	StopJob        = jkp.StopJob
	StopDeath      = jkp.StopDeath
	StopNotClaimed = jkp.StopNotClaimed
)

// Claim is a claim for JKP. Facts are what the worker and the employer stated (jkp.Application as JSON), Decision is the
// whole trace of the decision (rule.Decision as JSON), kept so that it can be re-run and appealed.
type Claim struct {
	ID          uuid.UUID
	State       casework.ClaimState
	AppliedOn   calendar.Date
	DecidedOn   calendar.Date
	ReferenceOn calendar.Date // tanggal acuan: the day that the months are counted from
	Programme   string        // version of the rules that decided
	Facts       string
	Decision    string
	StopReason  StopReason
	StoppedOn   calendar.Date
}

// MonthState is where one month of a claim stands.
type MonthState string

// The states of a month.
const (
	MonthUpcoming MonthState = "upcoming"
	MonthProved   MonthState = "proved"
	MonthPaid     MonthState = "paid"
	MonthMissed   MonthState = "missed"
	MonthStopped  MonthState = "stopped"
)

// Values lists every state of a month.
func (MonthState) Values() []MonthState {
	return []MonthState{MonthUpcoming, MonthProved, MonthPaid, MonthMissed, MonthStopped}
}

// Valid tells whether s is one of the states.
func (s MonthState) Valid() bool { return codelist.Has(s) }

// Month is one month of a claim: its window, its proof of the search for work, its payment in whole rupiah.
type Month struct {
	Claim        uuid.UUID
	N            int
	State        MonthState
	OpensOn      calendar.Date
	ClosesOn     calendar.Date
	ProvedOn     calendar.Date
	Applications int
	Calls        int
	Attendance   int // percent, -1 when there was no training
	StatusForm   bool
	GivenOn      calendar.Date
	Amount       money.Rupiah
	PaymentRef   string
	Rule         string // version of the rules that gave the amount
}

// ApplyClaim records the worker's application. It is accepted whatever the facts are: whether the worker is entitled is
// for the decision, which names its reasons, and never for a validation.
func (f *File) ApplyClaim(c *casework.Case, claim Claim, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	if c.ClaimState.Live() {
		return casework.Event{}, fault.New(fault.Conflict, "claim.already_live", "claim", string(c.ClaimState))
	}
	claim.State, claim.AppliedOn = casework.ClaimApplied, on
	f.Claims = append(f.Claims, claim)
	c.ClaimState = casework.ClaimApplied
	return casework.Event{Kind: ClaimAppliedFor, OccurredOn: on, Payload: struct {
		ID uuid.UUID `json:"id"`
	}{claim.ID}}, nil
}

// Verdict is a decision with what follows from it: the windows of the months when the worker is entitled.
type Verdict struct {
	Decision  rule.Decision
	Reference calendar.Date
	Windows   []jkp.Window
}

// DecideClaim applies a verdict to the claim that waits for one. An undetermined decision is recorded with what is
// missing and leaves the claim waiting.
func (f *File) DecideClaim(c *casework.Case, v Verdict, on calendar.Date) (casework.Event, error) {
	claim := f.live()
	if claim == nil || claim.State != casework.ClaimApplied {
		return casework.Event{}, fault.New(fault.Conflict, "claim.not_applied", "claim", string(c.ClaimState))
	}
	trace, err := json.Marshal(v.Decision)
	if err != nil {
		return casework.Event{}, fmt.Errorf("encode decision: %w", err)
	}
	claim.DecidedOn, claim.Programme, claim.Decision = on, v.Decision.Version, string(trace)
	switch v.Decision.Result {
	case rule.Eligible:
		claim.State, claim.ReferenceOn = casework.ClaimRunning, v.Reference
		for _, w := range v.Windows {
			f.Months = append(f.Months, Month{Claim: claim.ID, N: w.Month, State: MonthUpcoming, OpensOn: w.Opens, ClosesOn: w.Closes, Attendance: -1})
		}
		f.setDue(c, claim)
	case rule.Ineligible:
		claim.State = casework.ClaimRefused
		c.DueOn, c.DueFor = calendar.Date{}, ""
	case rule.Undetermined:
	}
	c.ClaimState = claim.State
	return casework.Event{Kind: ClaimDecided, OccurredOn: on, Payload: decidedPayload(claim, v.Decision)}, nil
}

// decided is the payload of claim.decided: every criterion with its result and article. The inputs stay with the claim.
type decided struct {
	ID       uuid.UUID    `json:"id"`
	Result   rule.Outcome `json:"result"`
	Version  string       `json:"version"`
	Criteria []criterion  `json:"criteria"`
}

type criterion struct {
	Code       string          `json:"code"`
	Result     rule.Result     `json:"result"`
	Article    string          `json:"article"`
	Confidence rule.Confidence `json:"confidence"`
}

func decidedPayload(claim *Claim, d rule.Decision) decided {
	p := decided{ID: claim.ID, Result: d.Result, Version: d.Version, Criteria: make([]criterion, len(d.Criteria))}
	for i, c := range d.Criteria {
		p.Criteria[i] = criterion{Code: c.Code, Result: c.Result, Article: c.Source.String(), Confidence: c.Confidence}
	}
	return p
}

// Proof is what a worker shows for a month.
type Proof struct {
	N            int
	Applications int
	Calls        int
	Attendance   int
	StatusForm   bool
}

// ProveMonth records the proof for a month of the running claim, inside its window only. met is what the rules say of the
// proof; one that does not meet them is refused with its reasons and can be mended while the window is open.
func (f *File) ProveMonth(c *casework.Case, p Proof, met rule.Decision, on calendar.Date) (casework.Event, error) {
	m, err := f.month(p.N)
	if err != nil {
		return casework.Event{}, err
	}
	switch {
	case m.State != MonthUpcoming:
		return casework.Event{}, fault.New(fault.Conflict, "claim.month_not_upcoming", "state", string(m.State))
	case on.Before(m.OpensOn) || on.After(m.ClosesOn):
		return casework.Event{}, fault.New(fault.Conflict, "claim.window_closed", "opens", m.OpensOn.String(), "closes", m.ClosesOn.String())
	case met.Result != rule.Eligible:
		return casework.Event{}, fault.New(fault.Conflict, "claim.proof_not_met", "criteria", unmet(met))
	}
	m.State, m.ProvedOn = MonthProved, on
	m.Applications, m.Calls, m.Attendance, m.StatusForm = p.Applications, p.Calls, p.Attendance, p.StatusForm
	f.setDue(c, f.live())
	return casework.Event{Kind: ClaimMonthProved, OccurredOn: on, Payload: struct {
		Claim uuid.UUID `json:"claim"`
		Month int       `json:"month"`
		Proof Proof     `json:"proof"`
	}{m.Claim, m.N, p}}, nil
}

// PayMonth records that a month was given. The first month needs no proof beyond the application. The last payment
// completes the claim. A month that was earned before the claim stopped is still given.
func (f *File) PayMonth(c *casework.Case, pay jkp.Payment, ref string, on calendar.Date) (casework.Event, error) {
	m := f.owed(pay.Month)
	if m == nil {
		var err error
		if m, err = f.month(pay.Month); err != nil {
			return casework.Event{}, err
		}
	}
	if m.State != MonthProved && (m.N != 1 || m.State != MonthUpcoming) {
		return casework.Event{}, fault.New(fault.Conflict, "claim.month_not_proved", "state", string(m.State))
	}
	if pay.Given.Before(m.OpensOn) {
		return casework.Event{}, fault.New(fault.Invalid, "claim.paid_before_window", "opens", m.OpensOn.String()).At("given_on")
	}
	if pay.Given.Before(m.ProvedOn) {
		return casework.Event{}, fault.New(fault.Invalid, "step.before_last", "last", m.ProvedOn.String()).At("given_on")
	}
	m.State, m.GivenOn, m.Amount, m.PaymentRef, m.Rule = MonthPaid, pay.Given, pay.Amount, ref, pay.Version
	f.complete(c)
	return casework.Event{Kind: ClaimMonthPaid, OccurredOn: on, Payload: struct {
		Claim   uuid.UUID     `json:"claim"`
		Month   int           `json:"month"`
		Given   calendar.Date `json:"given_on"`
		Amount  money.Rupiah  `json:"amount"`
		Rate    string        `json:"rate"`
		Version string        `json:"version"`
		Article string        `json:"article"`
		Ref     string        `json:"ref,omitempty"`
	}{m.Claim, m.N, pay.Given, pay.Amount, pay.Rate.Percent(), pay.Version, pay.Source.String(), ref}}, nil
}

// MissMonth records that the window of a month passed without a valid proof. endsClaim is what the rules say follows. The
// first month is applied for with the claim itself: it waits for its payment and cannot be missed.
func (f *File) MissMonth(c *casework.Case, n int, endsClaim bool, on calendar.Date) (casework.Event, error) {
	m, err := f.month(n)
	if err != nil {
		return casework.Event{}, err
	}
	if m.N == 1 && m.State == MonthUpcoming {
		return casework.Event{}, fault.New(fault.Conflict, "claim.month_not_missed")
	}
	if m.State != MonthUpcoming || !on.After(m.ClosesOn) {
		return casework.Event{}, fault.New(fault.Conflict, "claim.window_open", "closes", m.ClosesOn.String())
	}
	m.State = MonthMissed
	payload := struct {
		Claim uuid.UUID `json:"claim"`
		Month int       `json:"month"`
		Ends  bool      `json:"ends_claim"`
	}{m.Claim, m.N, endsClaim}
	if endsClaim {
		f.stopClaims(c, StopNotClaimed, on)
	} else {
		f.complete(c)
	}
	return casework.Event{Kind: ClaimMonthMissed, OccurredOn: on, Payload: payload}, nil
}

// StopClaim ends the running claim: a job, or a death.
func (f *File) StopClaim(c *casework.Case, why StopReason, on calendar.Date) (casework.Event, error) {
	if !why.Valid() {
		return casework.Event{}, fault.New(fault.Invalid, "claim.stop_reason_unknown").At("reason")
	}
	claim := f.live()
	if claim == nil {
		return casework.Event{}, fault.New(fault.Conflict, "claim.not_running", "claim", string(c.ClaimState))
	}
	if on.Before(claim.AppliedOn) {
		return casework.Event{}, fault.New(fault.Invalid, "step.before_last", "last", claim.AppliedOn.String()).At("occurred_on")
	}
	id := claim.ID
	f.stopClaims(c, why, on)
	return casework.Event{Kind: ClaimStopped, OccurredOn: on, Payload: struct {
		Claim  uuid.UUID  `json:"claim"`
		Reason StopReason `json:"reason"`
	}{id, why}}, nil
}

// stopClaims ends whatever claim is live: months not yet given are given no more.
func (f *File) stopClaims(c *casework.Case, why StopReason, on calendar.Date) {
	claim := f.live()
	if claim == nil {
		return
	}
	if claim.ReferenceOn.IsZero() {
		claim.State, claim.DecidedOn = casework.ClaimRefused, on
	} else {
		claim.State = casework.ClaimStopped
	}
	claim.StopReason, claim.StoppedOn = why, on
	for i := range f.Months {
		m := &f.Months[i]
		if m.Claim == claim.ID && (m.State == MonthUpcoming || m.State == MonthProved && !m.OpensOn.Before(on)) {
			m.State = MonthStopped
		}
	}
	c.ClaimState = claim.State
	c.DueOn, c.DueFor = calendar.Date{}, ""
}

// complete ends the claim when no month is left to come, and otherwise moves the case's deadline to the next one.
func (f *File) complete(c *casework.Case) {
	claim := f.live()
	if claim == nil {
		return // it was stopped before its earned months were all given
	}
	for _, m := range f.Months {
		if m.Claim == claim.ID && (m.State == MonthUpcoming || m.State == MonthProved) {
			f.setDue(c, claim)
			return
		}
	}
	claim.State, c.ClaimState = casework.ClaimCompleted, casework.ClaimCompleted
	c.DueOn, c.DueFor = calendar.Date{}, ""
}

// setDue makes the close of the next open window the deadline of the case.
func (f *File) setDue(c *casework.Case, claim *Claim) {
	c.DueOn, c.DueFor = calendar.Date{}, ""
	for _, m := range f.Months {
		if m.Claim == claim.ID && m.State == MonthUpcoming {
			c.DueOn, c.DueFor = m.ClosesOn, fmt.Sprintf("month_%d", m.N)
			return
		}
	}
}

// live is the claim that awaits a decision or payments, if there is one.
func (f *File) live() *Claim {
	for i := range f.Claims {
		if f.Claims[i].State.Live() {
			return &f.Claims[i]
		}
	}
	return nil
}

// owed is the month n of a stopped claim that was proved before the claim stopped.
func (f *File) owed(n int) *Month {
	for i := range f.Months {
		m := &f.Months[i]
		if m.N != n || m.State != MonthProved {
			continue
		}
		claim := find(f.Claims, m.Claim, func(c Claim) uuid.UUID { return c.ID })
		if claim != nil && claim.State == casework.ClaimStopped {
			return m
		}
	}
	return nil
}

func (f *File) month(n int) (*Month, error) {
	claim := f.live()
	if claim == nil || claim.State != casework.ClaimRunning {
		return nil, fault.New(fault.Conflict, "claim.not_running")
	}
	for i := range f.Months {
		if f.Months[i].Claim == claim.ID && f.Months[i].N == n {
			return &f.Months[i], nil
		}
	}
	return nil, partNotFound("claim.month")
}

func unmet(d rule.Decision) string {
	text := ""
	for _, c := range d.Criteria {
		if c.Result != rule.Met {
			text += c.Code + " (" + c.Article + "); "
		}
	}
	return text
}
