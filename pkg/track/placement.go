package track

import (
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
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

// Values lists every state of a job application.
func (ApplicationState) Values() []ApplicationState {
	return []ApplicationState{Submitted, TestCalled, Interviewed, Offered, Hired, Rejected, Withdrawn}
}

// Targets lists the states that a step leads to.
func (ApplicationState) Targets() []ApplicationState { return codelist.Targets(applicationSteps) }

// Valid tells whether s is one of the states.
func (s ApplicationState) Valid() bool { return codelist.Has(s) }

var applicationSteps = Steps[ApplicationState]{
	Submitted:   {TestCalled, Interviewed, Offered, Hired, Rejected, Withdrawn},
	TestCalled:  {Interviewed, Offered, Hired, Rejected, Withdrawn},
	Interviewed: {Offered, Hired, Rejected, Withdrawn},
	Offered:     {Hired, Rejected, Withdrawn},
	Hired:       {},
	Rejected:    {},
	Withdrawn:   {},
}

// Application is one job application of the worker. Applications and calls for a test or an interview are also the
// proof of the search that a month of the JKP claim asks for.
type Application struct {
	ID        uuid.UUID        `json:"id"`
	Employer  string           `json:"employer" part:"fact,erased"`
	Position  string           `json:"position" part:"fact,erased"`
	Channel   string           `json:"channel,omitempty" part:"fact,erased"`
	State     ApplicationState `json:"state" part:"derived"`
	AppliedOn calendar.Date    `json:"applied_on" part:"fact"`
	CalledOn  calendar.Date    `json:"called_on"`           // first call for a test or an interview
	Vacancy   uuid.UUID        `json:"vacancy" part:"fact"` // zero when it is not one of the register
	Reached   ApplicationState `json:"-"`                   // by its own steps, whatever a placement says
}

// The history entries of a job application.
const (
	ApplicationRecorded casework.Kind = "application.recorded"
	ApplicationAdvanced casework.Kind = "application.advanced"
)

// Applications are declared here.
var Applications = &Kind[Application, ApplicationState, None]{
	Name: "application", Table: "application", Made: ApplicationRecorded, Moved: ApplicationAdvanced, Initial: Submitted,
	Records: "application-record", Amends: "application-correct", Advances: "application-advance",
	Steps: applicationSteps,
	ID:    func(a *Application) *uuid.UUID { return &a.ID },
	State: func(a *Application) *ApplicationState { return &a.State },
	Day:   func(a *Application) *calendar.Date { return &a.AppliedOn }, DayField: "applied_on",
	Ends:   Withdrawn,
	Begins: func(a *Application) (calendar.Date, string) { return a.AppliedOn, "applied_on" },
	Same:   (*Application).same,
	Facts: func(_ Moment, a *Application) error {
		switch {
		case strings.TrimSpace(a.Employer) == "":
			return fault.New(fault.Invalid, "application.employer_missing").At("employer")
		case strings.TrimSpace(a.Position) == "":
			return fault.New(fault.Invalid, "application.position_missing").At("position")
		}
		if !a.CalledOn.IsZero() && a.AppliedOn.After(a.CalledOn) {
			return afterStep(a.CalledOn, "applied_on")
		}
		return nil
	},
	New: func(_ Moment, a *Application) error {
		a.Reached = Submitted
		return nil
	},
	Check: func(_ Moment, a *Application, s *Step[ApplicationState, None]) (calendar.Date, error) {
		if s.On.Before(a.AppliedOn) {
			return a.CalledOn, before("application.before_applying", a.AppliedOn)
		}
		return a.CalledOn, nil
	},
	Move: func(a *Application, s Step[ApplicationState, None]) {
		a.Reached = s.To
		if a.CalledOn.IsZero() && (s.To == TestCalled || s.To == Interviewed) {
			a.CalledOn = s.On
		}
	},
}

// same is one application for a vacancy of the register, elsewhere one a day for a position at an employer.
func (a *Application) same(b *Application) bool {
	if a.Vacancy != uuid.Nil && a.Vacancy == b.Vacancy {
		return true
	}
	return a.AppliedOn == b.AppliedOn && same(a.Employer, b.Employer) && same(a.Position, b.Position)
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

// Values lists every state of a placement.
func (PlacementState) Values() []PlacementState {
	return []PlacementState{Reported, Verified, Retained3M, Ended}
}

// Targets lists the states that a step leads to.
func (PlacementState) Targets() []PlacementState { return codelist.Targets(placementSteps) }

// Valid tells whether s is one of the states.
func (s PlacementState) Valid() bool { return codelist.Has(s) }

var placementSteps = Steps[PlacementState]{
	Reported:   {Verified, Ended},
	Verified:   {Retained3M, Ended},
	Retained3M: {Ended},
	Ended:      {},
}

// Placement is a job that the worker started.
type Placement struct {
	ID          uuid.UUID      `json:"id"`
	Application uuid.UUID      `json:"application" part:"fact"` // zero when none is on record
	Employer    string         `json:"employer" part:"fact,erased"`
	Position    string         `json:"position" part:"fact,erased"`
	State       PlacementState `json:"state"`
	StartedOn   calendar.Date  `json:"started_on" part:"fact"`
	EndedOn     calendar.Date  `json:"ended_on"`
}

// The history entries of a placement.
const (
	PlacementRecorded casework.Kind = "placement.recorded"
	PlacementAdvanced casework.Kind = "placement.advanced"
)

// Placements are declared here. Whoever has one is looked after, whatever became of the case.
var Placements = &Kind[Placement, PlacementState, None]{
	Name: "placement", Table: "placement", Made: PlacementRecorded, Moved: PlacementAdvanced, Initial: Reported,
	Records: "placement-record", Amends: "placement-correct", Advances: "placement-advance",
	Steps:  placementSteps,
	ID:     func(p *Placement) *uuid.UUID { return &p.ID },
	State:  func(p *Placement) *PlacementState { return &p.State },
	Begins: func(p *Placement) (calendar.Date, string) { return p.StartedOn, "started_on" },
	Same: func(a, b *Placement) bool {
		return a.StartedOn == b.StartedOn && same(a.Employer, b.Employer) && same(a.Position, b.Position)
	},
	Facts: placementFacts,
	May: func(m Moment) error {
		for _, other := range m.Tracks.Placements {
			if other.State != Ended {
				return fault.New(fault.Conflict, "placement.already_placed")
			}
		}
		return nil
	},
	Check: func(m Moment, p *Placement, s *Step[PlacementState, None]) (calendar.Date, error) {
		if due := p.retained(m.Rules.Measures); s.To == Retained3M && s.On.Before(due) {
			return due, fault.New(fault.Conflict, "placement.too_early", "due", due.String())
		}
		return p.StartedOn, nil
	},
	Move: func(p *Placement, s Step[PlacementState, None]) {
		if s.To == Ended {
			p.EndedOn = s.On
		}
	},
	Task: TaskRetention, Outlasts: true,
	Due: func(m measure.Book, t *Tracks, i int) calendar.Date {
		if p := t.Placements[i]; p.State == Reported || p.State == Verified {
			return p.retained(m)
		}
		return calendar.Date{}
	},
}

// retained is the day from which the job counts as kept, by the measures of the day on which it started.
func (p *Placement) retained(m measure.Book) calendar.Date {
	return p.StartedOn.AddMonths(m.On(p.StartedOn).PlacementMonths.Value)
}

// placementFacts hold a job that the worker started to its days. What follows from it is for Derive.
func placementFacts(m Moment, p *Placement) error {
	if err := m.Tracks.leadingTo(p); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(p.Employer) == "":
		return fault.New(fault.Invalid, "placement.employer_missing").At("employer")
	case strings.TrimSpace(p.Position) == "":
		return fault.New(fault.Invalid, "placement.position_missing").At("position")
	case p.StartedOn.IsZero() || p.StartedOn.After(m.On) || p.StartedOn.Before(m.Case.TerminatedOn):
		return fault.New(fault.Invalid, "placement.started").At("started_on")
	case !p.EndedOn.IsZero() && p.StartedOn.After(p.EndedOn):
		return afterStep(p.EndedOn, "started_on")
	}
	return nil
}

// leadingTo finds the application that a placement names, and takes its employer and position over.
func (t *Tracks) leadingTo(p *Placement) error {
	if p.Application == uuid.Nil {
		return nil
	}
	a := Applications.in(t, p.Application)
	if a == nil {
		return Applications.notFound()
	}
	if a.State != Hired && !applicationSteps.allow(a.State, Hired) {
		return Applications.refused(a.State, Hired)
	}
	if !p.StartedOn.IsZero() && p.StartedOn.Before(a.AppliedOn) {
		return before("application.before_applying", a.AppliedOn).At("started_on")
	}
	p.Employer, p.Position = a.Employer, a.Position
	return nil
}
