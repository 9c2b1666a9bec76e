package track

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// ApplicationState is where a job application stands.
type ApplicationState string

// The states of a job application.
const (
	Submitted   ApplicationState = "submitted"
	TestCalled  ApplicationState = "test_called"
	Interviewed ApplicationState = "interviewed"
	Offered     ApplicationState = "offered"
	Hired       ApplicationState = "hired"
	Rejected    ApplicationState = "rejected"
	Withdrawn   ApplicationState = "withdrawn"
)

var applicationSteps = map[ApplicationState][]ApplicationState{
	Submitted:   {TestCalled, Interviewed, Offered, Hired, Rejected, Withdrawn},
	TestCalled:  {Interviewed, Offered, Hired, Rejected, Withdrawn},
	Interviewed: {Offered, Hired, Rejected, Withdrawn},
	Offered:     {Hired, Rejected, Withdrawn},
	Hired:       {},
	Rejected:    {},
	Withdrawn:   {},
}

// Values lists every state of a job application.
func (ApplicationState) Values() []ApplicationState {
	return []ApplicationState{Submitted, TestCalled, Interviewed, Offered, Hired, Rejected, Withdrawn}
}

// Targets lists the states that a step leads to.
func (ApplicationState) Targets() []ApplicationState { return codelist.Targets(applicationSteps) }

// Valid tells whether s is one of the states.
func (s ApplicationState) Valid() bool { return codelist.Has(s) }

// Application is one job application of the worker. Applications and calls for a test or an interview are also the proof
// of the search that a month of the JKP claim asks for.
type Application struct {
	ID        uuid.UUID        `json:"id"`
	Employer  string           `json:"employer"`
	Position  string           `json:"position"`
	Channel   string           `json:"channel,omitempty"`
	State     ApplicationState `json:"state"`
	AppliedOn calendar.Date    `json:"applied_on"`
	CalledOn  calendar.Date    `json:"called_on"` // first call for a test or an interview
	Vacancy   uuid.UUID        `json:"vacancy"`   // zero when it is not one of the register
}

// Apply records a job application.
func (f *File) Apply(c *casework.Case, a Application, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	if strings.TrimSpace(a.Employer) == "" {
		return casework.Event{}, fault.New(fault.Invalid, "application.employer_missing").At("employer")
	}
	if strings.TrimSpace(a.Position) == "" {
		return casework.Event{}, fault.New(fault.Invalid, "application.position_missing").At("position")
	}
	a.State, a.AppliedOn = Submitted, on
	f.Applications = append(f.Applications, a)
	return casework.Event{Kind: ApplicationRecorded, OccurredOn: on, Payload: a}, nil
}

// AdvanceApplication moves an application along its lifecycle.
func (f *File) AdvanceApplication(_ *casework.Case, id uuid.UUID, to ApplicationState, on calendar.Date) (casework.Event, error) {
	a := find(f.Applications, id, func(a Application) uuid.UUID { return a.ID })
	if a == nil {
		return casework.Event{}, partNotFound("application")
	}
	if !slices.Contains(applicationSteps[a.State], to) {
		return casework.Event{}, refused("application", a.State, to, applicationSteps[a.State])
	}
	if on.Before(a.AppliedOn) {
		return casework.Event{}, fault.New(fault.Invalid, "application.before_applying", "applied_on", a.AppliedOn.String()).At("occurred_on")
	}
	if err := f.step(a.ID, a.CalledOn, on); err != nil {
		return casework.Event{}, err
	}
	from := a.State
	a.State = to
	if a.CalledOn.IsZero() && (to == TestCalled || to == Interviewed) {
		a.CalledOn = on
	}
	return casework.Event{Kind: ApplicationAdvanced, OccurredOn: on, Payload: Stepped{a.ID, string(from), string(to), on}}, nil
}

// PlacementState is where a placement stands.
type PlacementState string

// The states of a placement.
const (
	Reported   PlacementState = "reported"
	Verified   PlacementState = "verified"
	Retained3M PlacementState = "retained_3m"
	Ended      PlacementState = "ended"
)

// retentionMonths is how long a placement lasts before it counts as retained: a measure of our own, not of the law.
const retentionMonths = 3

var placementSteps = map[PlacementState][]PlacementState{
	Reported:   {Verified, Ended},
	Verified:   {Retained3M, Ended},
	Retained3M: {Ended},
	Ended:      {},
}

// Values lists every state of a placement.
func (PlacementState) Values() []PlacementState {
	return []PlacementState{Reported, Verified, Retained3M, Ended}
}

// Targets lists the states that a step leads to.
func (PlacementState) Targets() []PlacementState { return codelist.Targets(placementSteps) }

// Valid tells whether s is one of the states.
func (s PlacementState) Valid() bool { return codelist.Has(s) }

// Placement is a job that the worker started.
type Placement struct {
	ID          uuid.UUID      `json:"id"`
	Application uuid.UUID      `json:"application"` // zero when the job came without a recorded application
	Employer    string         `json:"employer"`
	Position    string         `json:"position"`
	State       PlacementState `json:"state"`
	StartedOn   calendar.Date  `json:"started_on"`
	EndedOn     calendar.Date  `json:"ended_on"`
}

// Place records that the worker started a job; an application that it names becomes hired. A running claim stops from
// that day: the benefit is for those without work (PP 37/2021 Art. 40).
func (f *File) Place(c *casework.Case, p Placement, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	for _, other := range f.Placements {
		if other.State != Ended {
			return casework.Event{}, fault.New(fault.Conflict, "placement.already_placed")
		}
	}
	if p.Application != uuid.Nil {
		a := find(f.Applications, p.Application, func(a Application) uuid.UUID { return a.ID })
		if a == nil {
			return casework.Event{}, partNotFound("application")
		}
		if a.State != Hired && !slices.Contains(applicationSteps[a.State], Hired) {
			return casework.Event{}, refused("application", a.State, Hired, applicationSteps[a.State])
		}
		a.State, p.Employer, p.Position = Hired, a.Employer, a.Position
		f.hired(a.ID)
	}
	switch {
	case strings.TrimSpace(p.Employer) == "":
		return casework.Event{}, fault.New(fault.Invalid, "placement.employer_missing").At("employer")
	case strings.TrimSpace(p.Position) == "":
		return casework.Event{}, fault.New(fault.Invalid, "placement.position_missing").At("position")
	case p.StartedOn.IsZero() || p.StartedOn.After(on) || p.StartedOn.Before(c.TerminatedOn):
		return casework.Event{}, fault.New(fault.Invalid, "placement.started").At("started_on")
	}
	p.State = Reported
	for i := range f.Cards {
		f.Cards[i].close() // the employer keeps the card of whoever is hired
	}
	f.Placements = append(f.Placements, p)
	f.stopClaims(c, StopJob, p.StartedOn)
	return casework.Event{Kind: PlacementRecorded, OccurredOn: on, Payload: p}, nil
}

// AdvancePlacement moves a placement along its lifecycle; retained needs three months of work.
func (f *File) AdvancePlacement(_ *casework.Case, id uuid.UUID, to PlacementState, on calendar.Date) (casework.Event, error) {
	p := find(f.Placements, id, func(p Placement) uuid.UUID { return p.ID })
	if p == nil {
		return casework.Event{}, partNotFound("placement")
	}
	if !slices.Contains(placementSteps[p.State], to) {
		return casework.Event{}, refused("placement", p.State, to, placementSteps[p.State])
	}
	if due := p.StartedOn.AddMonths(retentionMonths); to == Retained3M && on.Before(due) {
		return casework.Event{}, fault.New(fault.Conflict, "placement.too_early", "due", due.String())
	}
	if err := f.step(p.ID, p.StartedOn, on); err != nil {
		return casework.Event{}, err
	}
	from := p.State
	p.State = to
	if to == Ended {
		p.EndedOn = on
	}
	return casework.Event{Kind: PlacementAdvanced, OccurredOn: on, Payload: Stepped{p.ID, string(from), string(to), on}}, nil
}
