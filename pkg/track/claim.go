package track

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
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

// Claim is a claim for JKP. Facts are what the worker and the employer stated (jkp.Application as JSON), Decision is
// the whole trace of the decision (rule.Decision as JSON), kept so that it can be re-run and appealed.
type Claim struct {
	ID          uuid.UUID           `json:"id"` // all that the entry of a new claim says
	State       casework.ClaimState `json:"-" part:"derived"`
	AppliedOn   calendar.Date       `json:"-" part:"fact"`
	DecidedOn   calendar.Date       `json:"-" part:"fact"`
	ReferenceOn calendar.Date       `json:"-" part:"fact"` // tanggal acuan: the day that the months are counted from
	Programme   string              `json:"-"`             // version of the rules that decided
	Facts       string              `json:"-" part:"fact,erased"`
	Decision    string              `json:"-" part:"erased"`
	StopReason  StopReason          `json:"-" part:"derived"`
	StoppedOn   calendar.Date       `json:"-" part:"derived"`
	Result      rule.Outcome        `json:"-"`             // of the decision; empty until there is one
	Stated      StopReason          `json:"-" part:"fact"` // why it stops, as an officer said
	StatedOn    calendar.Date       `json:"-" part:"fact"`
	WithdrawnOn calendar.Date       `json:"-" part:"fact"` // taken back before it was decided
}

// The history entries of a claim and its months.
const (
	ClaimAppliedFor  casework.Kind = "claim.applied"
	ClaimDecided     casework.Kind = "claim.decided"
	ClaimMonthProved casework.Kind = "claim.month_proved"
	ClaimMonthPaid   casework.Kind = "claim.month_paid"
	ClaimMonthMissed casework.Kind = "claim.month_missed"
	ClaimStopped     casework.Kind = "claim.stopped"
)

// Claims are declared here. One that was refused or ended may be followed by another.
var Claims = &Kind[Claim, casework.ClaimState, None]{
	Name: "claim", Table: "claim", Amends: "claim-correct", Made: ClaimAppliedFor, Initial: casework.ClaimApplied,
	Steps: Steps[casework.ClaimState]{
		casework.ClaimApplied: {casework.ClaimRunning, casework.ClaimRefused, casework.ClaimStopped, casework.ClaimWithdrawn},
		casework.ClaimRunning: {casework.ClaimCompleted, casework.ClaimStopped},
		casework.ClaimRefused: {}, casework.ClaimCompleted: {}, casework.ClaimStopped: {}, casework.ClaimWithdrawn: {},
	},
	ID:    func(c *Claim) *uuid.UUID { return &c.ID },
	State: func(c *Claim) *casework.ClaimState { return &c.State },
	Day:   func(c *Claim) *calendar.Date { return &c.AppliedOn }, DayField: "applied_on",
	Facts: claimFacts,
	May:   mayClaim,
	Mend:  mendClaim,
	Detail: func(was, now *Claim) []casework.FieldChange {
		return stated(was.Facts, now.Facts)
	},
}

// claimFacts hold a claim to the day of the PHK.
func claimFacts(m Moment, c *Claim) error {
	if c.AppliedOn.Before(m.Case.TerminatedOn) {
		return fault.New(fault.Invalid, "claim.before_termination", "terminated_on",
			m.Case.TerminatedOn.String()).At("applied_on")
	}
	return nil
}

// mayClaim takes the worker's application whatever the facts are: whether the worker is entitled is for the decision,
// which names its reasons, and never for a validation. There is one benefit at a time.
func mayClaim(m Moment) error {
	if m.Case.ClaimState.Live() {
		return fault.New(fault.Conflict, "claim.already_live", "claim", string(m.Case.ClaimState))
	}
	if since := m.Tracks.works(m.On); !since.IsZero() {
		return fault.New(fault.Conflict, "claim.in_work", "started_on", since.String())
	}
	return nil
}

// mendClaim keeps a claim before what followed it. One that is decided stays decided: where the facts say otherwise
// now, that is told.
func mendClaim(m Moment, was, now *Claim) ([]casework.Warning, error) {
	for _, day := range []calendar.Date{now.ReferenceOn, now.StatedOn, now.WithdrawnOn, m.Tracks.firstProof(now.ID)} {
		if !day.IsZero() && now.AppliedOn.After(day) {
			return nil, afterStep(day, "applied_on")
		}
	}
	if now.Result != rule.Eligible && now.Result != rule.Ineligible {
		return nil, nil
	}
	facts, err := m.Tracks.known(now, m.Case, calendar.Date{})
	if err != nil {
		return nil, err
	}
	if d := m.Rules.JKP.Assess(facts, was.DecidedOn); d.Result != now.Result {
		return []casework.Warning{{Code: "claim.decision_differs", Args: map[string]string{"decided": string(now.Result),
			"result": string(d.Result)}}}, nil
	}
	return nil, nil
}

// firstProof is the day of the first proof of a claim.
func (t *Tracks) firstProof(claim uuid.UUID) (first calendar.Date) {
	for _, m := range t.Months {
		if m.Claim == claim && !m.ProvedOn.IsZero() && (first.IsZero() || m.ProvedOn.Before(first)) {
			first = m.ProvedOn
		}
	}
	return first
}

// Verdict is a decision with what follows from it: the windows of the months when the worker is entitled, or the facts
// that it lacks.
type Verdict struct {
	Decision  rule.Decision
	Reference calendar.Date
	Windows   []jkp.Window
	Missing   []string
}

// undecided refuses a decision that cannot be made, and names the facts that it lacks.
func (v Verdict) undecided() error {
	fields := make([]fault.FieldError, len(v.Missing))
	for i, name := range v.Missing {
		fields[i] = fault.FieldError{Field: name, Code: "claim.fact_missing"}
	}
	return fault.New(fault.Conflict, "claim.undecided", "missing", strings.Join(v.Missing, ", ")).With(fields...)
}

// DecideClaim applies a verdict to the claim that waits for one. One that decides nothing is refused with the facts
// that are missing (claim.undecided): it leaves the claim waiting, and nothing in the history.
func (t *Tracks) DecideClaim(c *casework.Case, v Verdict, on calendar.Date) (casework.Event, error) {
	claim, err := t.canDecide(c)
	if err != nil {
		return casework.Event{}, err
	}
	if v.Decision.Result == rule.Undetermined {
		return casework.Event{}, v.undecided()
	}
	trace, err := json.Marshal(v.Decision)
	if err != nil {
		return casework.Event{}, fmt.Errorf("encode decision: %w", err)
	}
	claim.DecidedOn, claim.Programme = on, v.Decision.Version
	claim.Decision, claim.Result = string(trace), v.Decision.Result
	if v.Decision.Result == rule.Eligible {
		claim.ReferenceOn = v.Reference
		used := t.used(c.TerminatedOn)
		for _, w := range v.Windows {
			if used[w.Month] {
				continue
			}
			t.Months = append(t.Months, Month{Claim: claim.ID, N: w.Month, State: MonthUpcoming, OpensOn: w.Opens,
				ClosesOn: w.Closes, Attendance: -1})
		}
	}
	return casework.Event{Kind: ClaimDecided, OccurredOn: on, Payload: decidedPayload(claim, v.Decision)}, nil
}

// canDecide is the claim that waits for its decision.
func (t *Tracks) canDecide(c *casework.Case) (*Claim, error) {
	claim := t.live()
	if claim == nil || claim.State != casework.ClaimApplied {
		return nil, fault.New(fault.Conflict, "claim.not_applied", "claim", string(c.ClaimState))
	}
	return claim, nil
}

// canStop is the claim that is live.
func (t *Tracks) canStop(c *casework.Case) (*Claim, error) {
	claim := t.live()
	if claim == nil {
		return nil, fault.New(fault.Conflict, "claim.not_running", "claim", string(c.ClaimState))
	}
	return claim, nil
}

// used are the months that claims of a PHK gave or still owe, in this case or another: each is given once.
func (t *Tracks) used(terminated calendar.Date) map[int]bool {
	used := make(map[int]bool)
	for _, e := range t.Elsewhere {
		used[e.N] = used[e.N] || e.of(terminated)
	}
	for _, m := range t.Months {
		if m.State == MonthPaid || m.State == MonthProved {
			used[m.N] = true
		}
	}
	return used
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

// StopClaim records that the worker died, or found a job that is not on record: the claim that is live ends.
func (t *Tracks) StopClaim(c *casework.Case, why StopReason, on calendar.Date) (casework.Event, error) {
	if !why.Valid() {
		return casework.Event{}, fault.New(fault.Invalid, "claim.stop_reason_unknown").At("reason")
	}
	claim, err := t.canStop(c)
	if err != nil {
		return casework.Event{}, err
	}
	if on.Before(claim.AppliedOn) {
		return casework.Event{}, fault.New(fault.Invalid, "step.before_last", "last",
			claim.AppliedOn.String()).At("occurred_on")
	}
	if why == StopNotClaimed && claim.State == casework.ClaimApplied {
		claim.WithdrawnOn = on // nobody but who decides refuses it
	} else {
		claim.Stated, claim.StatedOn = why, on
	}
	return casework.Event{Kind: ClaimStopped, OccurredOn: on, Payload: struct {
		Claim  uuid.UUID  `json:"claim"`
		Reason StopReason `json:"reason"`
	}{claim.ID, why}}, nil
}

// live is the claim that awaits a decision or payments, if there is one.
func (t *Tracks) live() *Claim {
	for i := range t.Claims {
		if t.Claims[i].State.Live() {
			return &t.Claims[i]
		}
	}
	return nil
}

func unmet(d rule.Decision) string {
	var list []string
	for _, c := range d.Criteria {
		if c.Result != rule.Met {
			list = append(list, c.Code+" ("+c.Article+")")
		}
	}
	return strings.Join(list, "; ")
}
