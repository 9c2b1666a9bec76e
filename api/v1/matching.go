package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/track"
)

// Match is a vacancy for a worker, with the reasons of its score.
type Match struct {
	Rank    int            `json:"rank"`
	Score   int            `json:"score" doc:"0 to 100, the sum of the parts"`
	Parts   matching.Parts `json:"parts"`
	Vacancy Vacancy        `json:"vacancy"`
}

type matchesOut struct {
	Body struct {
		Items []Match `json:"items" nullable:"false" doc:"The best ten of all open vacancies within the worker's reach"`
	}
}

// Seeker is a worker for a vacancy.
type Seeker struct {
	Rank  int            `json:"rank"`
	Score int            `json:"score"`
	Parts matching.Parts `json:"parts"`
	Case  string         `json:"case"`
	Name  string         `json:"name"`
}

type seekersOut struct {
	Body struct {
		Items []Seeker `json:"items" nullable:"false" doc:"The best ten of your regions"`
	}
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *seekersOut) Subjects() []uuid.UUID { return o.subjects }

// Proposal is a vacancy that was proposed to the worker.
type Proposal struct {
	ID          string              `json:"id" format:"uuid"`
	Vacancy     string              `json:"vacancy" format:"uuid"`
	Employer    string              `json:"employer"`
	Position    string              `json:"position"`
	Rank        int                 `json:"rank" doc:"Then; 0 when it was not among the best ten"`
	Score       int                 `json:"score"`
	State       track.ProposalState `json:"state"`
	ProposedOn  calendar.Date       `json:"proposed_on"`
	Application string              `json:"application,omitempty" doc:"What accepting it made"`
}

type proposalsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []Proposal `json:"items" nullable:"false"`
	}
}

type proposeIn struct {
	ChangeIn
	Body struct {
		Vacancy    rest.ID       `json:"vacancy"`
		ProposedOn calendar.Date `json:"proposed_on,omitzero" doc:"Today by default"`
	}
}

type correctProposalIn struct {
	ChangeIn
	Part string `path:"proposal" maxLength:"36"`
	Body struct {
		CorrectionBody
		Vacancy    rest.Patch[rest.ID]       `json:"vacancy,omitempty"`
		ProposedOn rest.Patch[calendar.Date] `json:"proposed_on,omitempty"`
	}
}

type answerProposalIn struct {
	ChangeIn
	Part string `path:"proposal" maxLength:"36"`
	Body struct {
		Accepted   bool          `json:"accepted" doc:"Accepting records the job application, too"`
		OccurredOn calendar.Date `json:"occurred_on,omitzero"`
	}
}

type runIn struct {
	Body struct {
		Region string `json:"region,omitempty" maxLength:"4" doc:"A province or a regency of yours; empty for the nation"`
	}
}

// MatchingRun is a match of all workers of a region, in the background.
type MatchingRun struct {
	ID      string            `json:"id" format:"uuid"`
	Region  string            `json:"region"`
	State   matching.RunState `json:"state"`
	Failure string            `json:"failure,omitempty" doc:"Code of what went wrong"`
	Workers int               `json:"workers" doc:"When it was ordered"`
	Matched int               `json:"matched"`
}

type runOut struct {
	Location string `header:"Location"`
	Body     MatchingRun
}

func registerMatching(e *rest.API, s Services) {
	const tag = "matching"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/matches", ID: "match-worker", Tag: tag,
		Summary: "The best vacancies for a worker, with reasons",
		Action:  authz.MatchRead, Shows: rest.Named, Refuses: true},
		func(ctx context.Context, in *caseIn) (*matchesOut, error) { return matchWorker(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/vacancies/{id}/matches", ID: "match-vacancy", Tag: tag,
		Summary: "The best workers for a vacancy, with reasons",
		Action:  authz.MatchRead, Shows: rest.Listed},
		func(ctx context.Context, in *vacancyPathIn) (*seekersOut, error) { return matchVacancy(ctx, s, in) })
	registerProposals(e, s, tag)
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/matchings", ID: "matching-start", Tag: tag,
		Summary: "Match all workers of a region with all vacancies",
		Action:  authz.MatchRun, Status: http.StatusAccepted}, func(ctx context.Context, in *runIn) (*runOut, error) {
		code, err := regionOf(s.Tree, in.Body.Region, "region")
		if err != nil {
			return nil, err
		}
		r, err := s.Matching.Start(ctx, rest.Op(ctx), code)
		return runShown(r), err
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/matchings/{id}", ID: "matching-get", Tag: tag,
		Summary: "How far a match of a region is", Action: authz.MatchRun},
		func(ctx context.Context, in *vacancyPathIn) (*runOut, error) {
			id, err := partID(in.ID, "matching")
			if err != nil {
				return nil, err
			}
			r, err := s.Matching.Runs.GetRun(ctx, rest.Scope(ctx), id)
			return runShown(r), err
		})
}

func runShown(r matching.Run) *runOut {
	return &runOut{"/v1/matchings/" + r.ID.String(), MatchingRun{ID: r.ID.String(), Region: string(r.Region),
		State: r.State, Failure: r.Failure, Workers: r.Workers, Matched: r.Matched}}
}

func matchWorker(ctx context.Context, s Services, in *caseIn) (*matchesOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	_, list, err := s.Matching.ForWorker(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &matchesOut{}
	out.Body.Items = make([]Match, len(list))
	for i, m := range list {
		v, err := s.Vacancies.Store.GetVacancy(ctx, m.Vacancy)
		if err != nil {
			return nil, err
		}
		out.Body.Items[i] = Match{Rank: i + 1, Score: m.Parts.Total(), Parts: m.Parts, Vacancy: s.shownVacancy(v)}
	}
	return out, nil
}

func matchVacancy(ctx context.Context, s Services, in *vacancyPathIn) (*seekersOut, error) {
	id, err := partID(in.ID, "vacancy")
	if err != nil {
		return nil, err
	}
	list, err := s.Matching.ForVacancy(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &seekersOut{}
	out.Body.Items = make([]Seeker, len(list))
	for i, m := range list {
		f, _, err := s.Cases.Get(ctx, rest.Scope(ctx), casework.ID(m.Case))
		if err != nil {
			return nil, err
		}
		out.subjects = append(out.subjects, m.Case)
		out.Body.Items[i] = Seeker{Rank: i + 1, Score: m.Parts.Total(), Parts: m.Parts, Case: m.Case.String(),
			Name: f.Person.Name}
	}
	return out, nil
}

func registerProposals(e *rest.API, s Services, tag string) {
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/proposals", ID: "proposal-list", Tag: tag,
		Summary: "Vacancies proposed to a worker", Action: authz.CaseRead},
		func(_ context.Context, c casework.Detail, t *track.Tracks) (*proposalsOut, error) {
			out := &proposalsOut{ETag: rest.ETag(c.Version)}
			out.Body.Items = listed(t.Proposals, proposalOf)
			return out, nil
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/proposals", ID: track.Proposals.Records,
		Tag: tag, Summary: "Propose a vacancy to the worker", Action: authz.MatchPropose, Status: http.StatusCreated},
		s.propose)
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/proposals/{proposal}/answer",
		ID: "proposal-answer", Tag: tag, Summary: "Record what the worker said to a proposal", Action: authz.MatchPropose},
		onPart("proposal", func(in *answerProposalIn) string { return in.Part },
			func(ctx context.Context, to track.Target, id uuid.UUID, in *answerProposalIn) (casework.State, error) {
				return s.Tracks.AnswerProposal(ctx, to, id, in.Body.Accepted, in.Body.OccurredOn)
			}))
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/proposals/{proposal}", ID: "proposal-correct", Tag: tag,
		Summary: "Put a proposal right that is not answered", Action: authz.MatchPropose}, track.Proposals,
		func(ctx context.Context, in *correctProposalIn) (string, track.Correction[track.Proposal]) {
			return in.Part, track.Correction[track.Proposal]{Reason: in.Body.Reason, Edit: func(p *track.Proposal) error {
				replace(&p.ProposedOn, in.Body.ProposedOn)
				if !in.Body.Vacancy.Sent() {
					return nil
				}
				v, err := s.Vacancies.Store.GetVacancy(ctx, in.Body.Vacancy.Value().UUID())
				if err != nil {
					return at(err, "vacancy")
				}
				if p.Vacancy != v.ID { // nobody knows what its rank was then
					p.Vacancy, p.Employer, p.Position, p.Rank, p.Score = v.ID, v.Employer, v.Title, 0, 0
				}
				return nil
			}}
		})
}

func proposalOf(p track.Proposal) Proposal {
	return Proposal{ID: p.ID.String(), Vacancy: p.Vacancy.String(), Employer: p.Employer, Position: p.Position,
		Rank: p.Rank, Score: p.Score, State: p.State, ProposedOn: p.ProposedOn, Application: idText(p.Application)}
}

func (s Services) propose(ctx context.Context, to track.Target, in *proposeIn) (casework.State, error) {
	// The case comes first: of one that is not there nothing else is said.
	if _, err := s.Regions(ctx, to.Op.Scope, to.Case); err != nil {
		return casework.State{}, err
	}
	v, err := s.Vacancies.Store.GetVacancy(ctx, in.Body.Vacancy.UUID())
	if err != nil {
		return casework.State{}, at(err, "vacancy")
	}
	rank, score, err := s.Matching.Rank(ctx, to.Op.Scope, to.Case, v.ID)
	if err != nil {
		return casework.State{}, err
	}
	return track.Proposals.Record(ctx, s.Tracks, to, track.Proposal{Vacancy: v.ID, Employer: v.Employer, Position: v.Title,
		Rank: rank, Score: score, ProposedOn: in.Body.ProposedOn})
}
