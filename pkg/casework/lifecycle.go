package casework

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Stage is where a case stands.
type Stage string

// The stages of a case.
const (
	Intake    Stage = "intake"
	Benefit   Stage = "benefit"
	Training  Stage = "training"
	Placement Stage = "placement"
	Closed    Stage = "closed"
)

// Values lists every stage in the order of the picture.
func (Stage) Values() []Stage { return []Stage{Intake, Benefit, Training, Placement, Closed} }

// Stages lists every stage.
func Stages() []Stage { return Intake.Values() }

// OpenStages lists the stages of a case that is not closed.
func OpenStages() []Stage { return []Stage{Intake, Benefit, Training, Placement} }

// Targets lists the stages that a step leads to.
func (Stage) Targets() []Stage { return codelist.Targets(transitions) }

// Valid tells whether s is one of the stages.
func (s Stage) Valid() bool { return codelist.Has(s) }

// Outcome is why a case closed.
type Outcome string

// The outcomes of a case.
const (
	Placed       Outcome = "placed"
	SelfEmployed Outcome = "self_employed"
	Rehired      Outcome = "rehired"
	Withdrawn    Outcome = "withdrawn"
	Unreachable  Outcome = "unreachable"
	Deceased     Outcome = "deceased"
	MovedAbroad  Outcome = "moved_abroad"
	Duplicate    Outcome = "duplicate"
)

// Values lists every outcome.
func (Outcome) Values() []Outcome {
	return []Outcome{Placed, SelfEmployed, Rehired, Withdrawn, Unreachable, Deceased, MovedAbroad, Duplicate}
}

// Outcomes lists every outcome.
func Outcomes() []Outcome { return Placed.Values() }

// Valid tells whether o is one of the outcomes.
func (o Outcome) Valid() bool { return codelist.Has(o) }

// transitions is the published state machine. The database holds the same table (trigger cases_transition).
var transitions = map[Stage][]Stage{
	Intake:    {Benefit, Training, Placement, Closed},
	Benefit:   {Training, Placement, Closed},
	Training:  {Benefit, Placement, Closed},
	Placement: {Benefit, Training, Closed},
	Closed:    {Intake, Benefit, Training, Placement},
}

// From lists the stages that a case in stage s may go to.
func (s Stage) From() []Stage { return transitions[s] }

// CanGo tells whether the state machine leads from s to the given stage in one step.
func (s Stage) CanGo(to Stage) bool {
	return slices.Contains(transitions[s], to)
}

// Advance is the request to move a case to another stage.
type Advance struct {
	To         Stage
	Outcome    Outcome // required when To is closed, and only then
	Reason     string  // required when a closed case is reopened
	OccurredOn calendar.Date

	DuplicateOf ID      // required when Outcome is duplicate, and only then
	Ended       []Ended // parts that end with the case
}

// MustBeOpen refuses what a closed case does not take.
func (c *Case) MustBeOpen() error {
	if c.Stage == Closed {
		return fault.New(fault.Conflict, "case.closed", "allowed", codelist.Join(c.Stage.From()))
	}
	return nil
}

// CanReopen refuses a case that is open, and one of a worker who died.
func (c *Case) CanReopen() error {
	switch {
	case c.Stage != Closed:
		return fault.New(fault.Conflict, "case.not_closed", "from", string(c.Stage))
	case c.Outcome == Deceased:
		return fault.New(fault.Conflict, "case.deceased")
	}
	return nil
}

// Advance moves the case along the state machine. It refuses, with the present stage and what can be done from here,
// a step that the machine does not have (case.transition_refused), closing without an outcome or with a benefit still
// running, and reopening without a reason.
func (c *Case) Advance(a Advance) (Event, error) {
	if !c.Stage.CanGo(a.To) {
		return Event{}, fault.New(fault.Conflict, "case.transition_refused",
			"from", string(c.Stage), "to", string(a.To), "allowed", codelist.Join(c.Stage.From()))
	}
	if a.OccurredOn.Before(c.OpenedOn) {
		return Event{}, fault.New(fault.Invalid, "case.before_opening", "opened_on", c.OpenedOn.String()).At("occurred_on")
	}
	change := StageChanged{From: c.Stage, To: a.To, Outcome: a.Outcome, Reason: a.Reason, Ended: a.Ended}
	if a.DuplicateOf != (ID{}) {
		change.DuplicateOf = new(uuid.UUID(a.DuplicateOf))
	}
	kind := CaseAdvanced
	switch {
	case a.To == Closed:
		if err := c.close(a); err != nil {
			return Event{}, err
		}
		kind = CaseClosed
	case a.Outcome != "":
		return Event{}, fault.New(fault.Invalid, "case.outcome_not_closing").At("outcome")
	case a.DuplicateOf != (ID{}):
		return Event{}, fault.New(fault.Invalid, "case.duplicate_of").At("duplicate_of")
	case c.Stage == Closed && c.CanReopen() != nil:
		return Event{}, c.CanReopen()
	case c.Stage == Closed:
		if strings.TrimSpace(a.Reason) == "" {
			return Event{}, fault.New(fault.Invalid, "case.reason_required").At("reason")
		}
		if a.OccurredOn.Before(c.ClosedOn) {
			return Event{}, fault.New(fault.Invalid, "step.before_last", "last", c.ClosedOn.String()).At("occurred_on")
		}
		c.Outcome, c.ClosedOn, c.DuplicateOf = "", calendar.Date{}, ID{}
		kind = CaseReopened
	}
	c.Stage = a.To
	return Event{Kind: kind, OccurredOn: a.OccurredOn, Payload: change}, nil
}

func (c *Case) close(a Advance) error {
	if !a.Outcome.Valid() {
		return fault.New(fault.Invalid, "case.outcome_required", "allowed", codelist.Join(a.Outcome.Values())).At("outcome")
	}
	if (a.Outcome == Duplicate) != (a.DuplicateOf != ID{}) || a.DuplicateOf == c.ID && a.Outcome == Duplicate {
		return fault.New(fault.Invalid, "case.duplicate_of").At("duplicate_of")
	}
	if c.ClaimState.Live() {
		return fault.New(fault.Conflict, "case.claim_running", "claim", string(c.ClaimState))
	}
	c.Outcome, c.ClosedOn, c.DuplicateOf = a.Outcome, a.OccurredOn, a.DuplicateOf
	c.FollowUpOn = calendar.Date{}
	return nil
}
