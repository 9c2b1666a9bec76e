package track

import (
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
)

// ProposalState is where a proposed vacancy stands.
type ProposalState string

// The states of a proposal: the outcome is kept so that the ranking can be judged by it.
const (
	Proposed         ProposalState = "proposed"
	ProposalAccepted ProposalState = "accepted"
	ProposalDeclined ProposalState = "declined"
	ProposalHired    ProposalState = "hired"
)

// Values lists every state of a proposal.
func (ProposalState) Values() []ProposalState {
	return []ProposalState{Proposed, ProposalAccepted, ProposalDeclined, ProposalHired}
}

// Valid tells whether s is one of the states.
func (s ProposalState) Valid() bool { return codelist.Has(s) }

// Proposal is a vacancy that an officer proposed, with the rank and the score that it had then.
type Proposal struct {
	ID          uuid.UUID     `json:"id"`
	Vacancy     uuid.UUID     `json:"vacancy" part:"fact"`
	Employer    string        `json:"employer" part:"fact,erased"`
	Position    string        `json:"position" part:"fact,erased"`
	Rank        int           `json:"rank"`  // 0 when it was not among the best
	Score       int           `json:"score"` // 0 to 100
	State       ProposalState `json:"state"` // hired follows from a placement
	ProposedOn  calendar.Date `json:"proposed_on" part:"fact"`
	Application uuid.UUID     `json:"application"` // what accepting it made
}

// The history entries of a proposal.
const (
	ProposalMade     casework.Kind = "proposal.made"
	ProposalAnswered casework.Kind = "proposal.answered"
)

// Proposals are declared here. A vacancy is proposed to a worker once.
var Proposals = &Kind[Proposal, ProposalState, None]{
	Name: "proposal", Table: "proposal", Note: "accepted: it is a job application", Made: ProposalMade, Initial: Proposed,
	Records: "proposal-make", Amends: "proposal-correct", CanCorrect: (*Proposal).canCorrect,
	Steps: Steps[ProposalState]{Proposed: {ProposalAccepted, ProposalDeclined}, ProposalAccepted: {ProposalHired},
		ProposalDeclined: {}, ProposalHired: {}},
	ID:    func(p *Proposal) *uuid.UUID { return &p.ID },
	State: func(p *Proposal) *ProposalState { return &p.State },
	Day:   func(p *Proposal) *calendar.Date { return &p.ProposedOn }, DayField: "proposed_on", Inside: true,
	Facts: func(m Moment, p *Proposal) error {
		for _, other := range m.Tracks.Proposals {
			if other.ID != p.ID && other.Vacancy == p.Vacancy {
				return fault.New(fault.Conflict, "proposal.already_made")
			}
		}
		return nil
	},
	Mend: func(_ Moment, was, _ *Proposal) ([]casework.Warning, error) {
		return nil, was.canCorrect()
	},
	Task: TaskProposal,
	Due: func(m measure.Book, t *Tracks, i int) calendar.Date {
		if p := t.Proposals[i]; p.State == Proposed {
			return p.ProposedOn.AddDays(m.On(p.ProposedOn).ProposalDays.Value)
		}
		return calendar.Date{}
	},
}

// canCorrect refuses to change the vacancy of a proposal that is answered: the answer, and the application that it
// made, are of this one.
func (p *Proposal) canCorrect() error {
	if p.State != Proposed {
		return fault.New(fault.Conflict, "proposal.answered")
	}
	return nil
}

// canAnswer refuses a second answer, and any in a closed case.
func (p *Proposal) canAnswer(c *casework.Case) error {
	if err := mustBeOpen(c); err != nil {
		return err
	}
	if p.State != Proposed {
		return refused("proposal", p.State, ProposalAccepted, nil)
	}
	return nil
}

// AnswerProposal records what the worker said. Accepting is the job application too, so that it counts for the month of
// the JKP claim without being typed twice.
func (t *Tracks) AnswerProposal(c *casework.Case, id, application uuid.UUID, accepted bool,
	on calendar.Date) (casework.Event, error) {
	p := Proposals.in(t, id)
	if p == nil {
		return casework.Event{}, Proposals.notFound()
	}
	switch err := p.canAnswer(c); {
	case err != nil:
		return casework.Event{}, err
	case on.Before(p.ProposedOn):
		return casework.Event{}, before("proposal.before_proposing", p.ProposedOn)
	}
	p.State = ProposalDeclined
	if accepted {
		p.State, p.Application = ProposalAccepted, application
		t.Applications = append(t.Applications, Application{ID: application, Employer: p.Employer, Position: p.Position,
			Channel: "paskerid", State: Submitted, Reached: Submitted, AppliedOn: on, Vacancy: p.Vacancy})
	}
	return casework.Event{Kind: ProposalAnswered, OccurredOn: on, Payload: p}, nil
}
