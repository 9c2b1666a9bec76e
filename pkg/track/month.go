package track

import (
	"strconv"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

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
	State        MonthState `part:"derived"`
	OpensOn      calendar.Date
	ClosesOn     calendar.Date
	ProvedOn     calendar.Date `part:"fact"`
	Applications int
	Calls        int
	Attendance   int           `part:"fact"` // percent, -1 when there was no training
	StatusForm   bool          `part:"fact"`
	GivenOn      calendar.Date `part:"fact"`
	Amount       money.Rupiah
	PaymentRef   string        `part:"fact"`
	Rule         string        // version of the rules that gave the amount
	MissedOn     calendar.Date `part:"fact"`
	EndsClaim    bool          // what the rules of that day say of a missed month
}

// Months are declared here. They come with the decision on their claim; each has the id that its claim and number make.
var Months = &Kind[Month, MonthState, None]{
	Name: "claim.month", Table: "claim_month", Note: "only the first is paid without a proof", Initial: MonthUpcoming,
	Steps: Steps[MonthState]{
		MonthUpcoming: {MonthProved, MonthPaid, MonthMissed, MonthStopped},
		MonthProved:   {MonthPaid, MonthStopped},
		MonthPaid:     {}, MonthMissed: {}, MonthStopped: {},
	},
	ID:    func(m *Month) *uuid.UUID { return new(uuid.NewSHA1(m.Claim, []byte{byte(m.N)})) },
	State: func(m *Month) *MonthState { return &m.State },
	Label: func(m *Month) string { return "claim.month_" + strconv.Itoa(m.N) },
}

// Proof is what a worker shows for a month.
type Proof struct {
	N            int
	Applications int
	Calls        int
	Attendance   int
	StatusForm   bool
	Counted      []uuid.UUID // the job applications that count
}

// ProveMonth records the proof for a month of the running claim, inside its window only. met is what the rules say of
// the proof; one that does not meet them is refused with its reasons and can be mended while the window is open.
func (t *Tracks) ProveMonth(p Proof, met rule.Decision, on calendar.Date) (casework.Event, error) {
	m, err := t.month(p.N)
	if err != nil {
		return casework.Event{}, err
	}
	if err := m.canProve(on); err != nil {
		return casework.Event{}, err
	}
	if met.Result != rule.Eligible {
		return casework.Event{}, fault.New(fault.Conflict, "claim.proof_not_met", "criteria", unmet(met)).
			Because(&Unmet{met})
	}
	m.ProvedOn = on
	m.Applications, m.Calls, m.Attendance, m.StatusForm = p.Applications, p.Calls, p.Attendance, p.StatusForm
	return casework.Event{Kind: ClaimMonthProved, OccurredOn: on, Payload: struct {
		Claim uuid.UUID `json:"claim"`
		Month int       `json:"month"`
		Proof Proof     `json:"proof"`
	}{m.Claim, m.N, p}}, nil
}

// PayMonth records that a month was given. The first month needs no proof beyond the application. The last payment
// completes the claim. A month that was earned before the claim stopped is still given.
func (t *Tracks) PayMonth(pay jkp.Payment, ref string, on calendar.Date) (casework.Event, error) {
	m, err := t.canPay(pay.Month)
	if err != nil {
		return casework.Event{}, err
	}
	if err := m.opened(pay.Given); err != nil {
		return casework.Event{}, err
	}
	if pay.Given.Before(m.ProvedOn) {
		return casework.Event{}, fault.New(fault.Invalid, "step.before_last", "last", m.ProvedOn.String()).At("given_on")
	}
	m.GivenOn, m.Amount, m.PaymentRef, m.Rule = pay.Given, pay.Amount, ref, pay.Version
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

// canProve refuses the proof of a month that has what it will have, and outside of its window.
func (m *Month) canProve(on calendar.Date) error {
	switch {
	case m.State != MonthUpcoming:
		return m.settled()
	case on.Before(m.OpensOn) || on.After(m.ClosesOn):
		return fault.New(fault.Conflict, "claim.window_closed", "opens", m.OpensOn.String(), "closes", m.ClosesOn.String())
	}
	return nil
}

// canMiss refuses to miss a month that has what it will have, or whose window is still open, and the first one.
func (m *Month) canMiss(on calendar.Date) error {
	switch {
	case m.State != MonthUpcoming:
		return m.settled()
	case m.N == 1:
		return fault.New(fault.Conflict, "claim.month_not_missed")
	case !on.After(m.ClosesOn):
		return fault.New(fault.Conflict, "claim.window_open", "closes", m.ClosesOn.String())
	}
	return nil
}

// opened refuses a payment on a day before the window of the month.
func (m *Month) opened(given calendar.Date) error {
	if given.Before(m.OpensOn) {
		return fault.New(fault.Invalid, "claim.paid_before_window", "opens", m.OpensOn.String()).At("given_on")
	}
	return nil
}

// canPay is the month n that may be given: of the running claim, or earned before a claim stopped.
func (t *Tracks) canPay(n int) (*Month, error) {
	m := t.owed(n)
	if m == nil {
		var err error
		if m, err = t.month(n); err != nil {
			return nil, err
		}
	}
	return m, m.payable()
}

// payable refuses to give a month that was given, is given no more, or lacks its proof.
func (m *Month) payable() error {
	switch {
	case m.State == MonthProved || m.N == 1 && m.State == MonthUpcoming:
		return nil
	case m.State == MonthUpcoming:
		return fault.New(fault.Conflict, "claim.month_not_proved", "opens", m.OpensOn.String(), "closes", m.ClosesOn.String())
	}
	return m.settled()
}

// settled is the answer for a month that has what it will have; it says what became of it.
func (m *Month) settled() error {
	switch m.State {
	case MonthPaid:
		return fault.New(fault.Conflict, "claim.month_paid", "given_on", m.GivenOn.String())
	case MonthProved:
		return fault.New(fault.Conflict, "claim.month_proved", "proved_on", m.ProvedOn.String())
	case MonthMissed, MonthStopped, MonthUpcoming:
	}
	return fault.New(fault.Conflict, "claim.month_not_upcoming", "state", string(m.State))
}

// Unmet is the decision for which something was refused, for who can word it: its criteria hold what is on record and
// what is needed.
type Unmet struct{ Decision rule.Decision }

// Error implements error.
func (*Unmet) Error() string { return "the rules are not met" }

// MissMonth records that the window of a month passed without a valid proof. endsClaim is what the rules say follows.
// The first month is applied for with the claim itself: it waits for its payment and cannot be missed.
func (t *Tracks) MissMonth(n int, endsClaim bool, on calendar.Date) (casework.Event, error) {
	m, err := t.month(n)
	if err != nil {
		return casework.Event{}, err
	}
	if err := m.canMiss(on); err != nil {
		return casework.Event{}, err
	}
	m.MissedOn, m.EndsClaim = on, endsClaim
	payload := struct {
		Claim uuid.UUID `json:"claim"`
		Month int       `json:"month"`
		Ends  bool      `json:"ends_claim"`
	}{m.Claim, m.N, endsClaim}
	return casework.Event{Kind: ClaimMonthMissed, OccurredOn: on, Payload: payload}, nil
}

// owed is the month n of a stopped claim that was proved before the claim stopped.
func (t *Tracks) owed(n int) *Month {
	for i := range t.Months {
		m := &t.Months[i]
		if m.N != n || m.State != MonthProved {
			continue
		}
		claim := Claims.in(t, m.Claim)
		if claim != nil && claim.State == casework.ClaimStopped {
			return m
		}
	}
	return nil
}

// month is the month n of the newest claim, which runs.
func (t *Tracks) month(n int) (*Month, error) {
	claim := Claim{State: casework.ClaimNone}
	if len(t.Claims) > 0 {
		claim = t.Claims[len(t.Claims)-1]
	}
	for i := range t.Months {
		m := &t.Months[i]
		if m.Claim != claim.ID || m.N != n {
			continue
		}
		if claim.State != casework.ClaimRunning && m.State != MonthUpcoming {
			return nil, m.settled() // what became of the month says more than what became of the claim
		}
		if claim.State == casework.ClaimRunning {
			return m, nil
		}
	}
	if claim.State != casework.ClaimRunning {
		return nil, fault.New(fault.Conflict, "claim.not_running", "claim", string(claim.State))
	}
	return nil, Months.notFound()
}
