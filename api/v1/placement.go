package v1

import (
	"context"
	"encoding/hex"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

// Application is one job application; with its calls it is also the proof for a month of the JKP claim.
type Application struct {
	ID        string                 `json:"id" format:"uuid"`
	Employer  string                 `json:"employer"`
	Position  string                 `json:"position"`
	Channel   string                 `json:"channel,omitempty"`
	State     track.ApplicationState `json:"state"`
	AppliedOn calendar.Date          `json:"applied_on"`
	CalledOn  calendar.Date          `json:"called_on,omitzero"`
	Vacancy   string                 `json:"vacancy,omitempty"`
}

// Placement is a job that the worker started.
type Placement struct {
	ID          string               `json:"id" format:"uuid"`
	Application string               `json:"application,omitempty"`
	Employer    string               `json:"employer"`
	Position    string               `json:"position"`
	State       track.PlacementState `json:"state"`
	StartedOn   calendar.Date        `json:"started_on"`
	EndedOn     calendar.Date        `json:"ended_on,omitzero"`
}

type placementsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Applications []Application `json:"applications" nullable:"false"`
		Placements   []Placement   `json:"placements" nullable:"false"`
	}
}

type applyIn struct {
	ChangeIn
	Body struct {
		Again
		Employer  string        `json:"employer,omitempty" maxLength:"200"`
		Position  string        `json:"position,omitempty" maxLength:"200"`
		Channel   string        `json:"channel,omitempty" maxLength:"60"`
		AppliedOn calendar.Date `json:"applied_on,omitzero" doc:"Today by default"`
		Vacancy   rest.ID       `json:"vacancy,omitempty" doc:"A vacancy of the register: its employer and title are taken over"`
	}
}

type applicationStepIn struct {
	ChangeIn
	Part string `path:"application" maxLength:"36"`
	Body struct {
		To         rest.Target[track.ApplicationState] `json:"to"`
		OccurredOn calendar.Date                       `json:"occurred_on,omitzero"`
	}
}

type placeIn struct {
	ChangeIn
	Body struct {
		Again
		Application rest.ID       `json:"application,omitempty" doc:"The job application that led here; its employer and position are taken over"`
		Employer    string        `json:"employer,omitempty" maxLength:"200"`
		Position    string        `json:"position,omitempty" maxLength:"200"`
		StartedOn   calendar.Date `json:"started_on"`
	}
}

type placementStepIn struct {
	ChangeIn
	Part string `path:"placement" maxLength:"36"`
	Body struct {
		To         rest.Target[track.PlacementState] `json:"to"`
		OccurredOn calendar.Date                     `json:"occurred_on,omitzero"`
	}
}

func (in *applyIn) again() bool { return in.Body.Again.Again }
func (in *placeIn) again() bool { return in.Body.Again.Again }

func registerPlacement(e *rest.API, s Services) {
	const tag = "placement"
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/placements", ID: "placement-list", Tag: tag,
		Summary: "Job applications and placements of a case", Action: authz.CaseRead},
		func(_ context.Context, c casework.Detail, t *track.Tracks) (*placementsOut, error) {
			out := &placementsOut{ETag: rest.ETag(c.Version)}
			out.Body.Applications = listed(t.Applications, applicationOf)
			out.Body.Placements = listed(t.Placements, placementOf)
			return out, nil
		})
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/applications",
		Tag: tag, Summary: "Record a job application", Action: authz.ApplicationRecord, Status: http.StatusCreated},
		track.Applications, s.applicationIn)
	advancing(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/applications/{application}/transitions",
		Tag: tag, Summary: "Move a job application on", Action: authz.ApplicationRecord},
		track.Applications, func(in *applicationStepIn) (string, track.Step[track.ApplicationState, track.None]) {
			return in.Part, stepTo(in.Body.To, in.Body.OccurredOn)
		})
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/placements",
		Tag: tag, Summary: "Record a job that the worker started; a running claim stops", Action: authz.PlacementRecord,
		Status: http.StatusCreated}, track.Placements, func(_ context.Context, in *placeIn) (track.Placement, error) {
		return track.Placement{Employer: in.Body.Employer, Position: in.Body.Position, StartedOn: in.Body.StartedOn,
			Application: in.Body.Application.UUID()}, nil
	})
	advancing(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/placements/{placement}/transitions",
		Tag: tag, Summary: "Verify a placement, retained after three months, or ended",
		Action: authz.PlacementRecord}, track.Placements,
		func(in *placementStepIn) (string, track.Step[track.PlacementState, track.None]) {
			return in.Part, stepTo(in.Body.To, in.Body.OccurredOn)
		})
	registerPlacementCorrections(e, s, tag)
}

type correctApplicationIn struct {
	ChangeIn
	Part string `path:"application" maxLength:"36"`
	Body struct {
		CorrectionBody
		Again
		Employer  rest.Patch[string]        `json:"employer,omitempty" maxLength:"200"`
		Position  rest.Patch[string]        `json:"position,omitempty" maxLength:"200"`
		Channel   rest.Patch[string]        `json:"channel,omitempty" maxLength:"60"`
		AppliedOn rest.Patch[calendar.Date] `json:"applied_on,omitempty"`
		Vacancy   rest.Patch[rest.ID]       `json:"vacancy,omitempty" doc:"A vacancy of the register: its employer and title are taken over; null when it is not one of them"`
	}
}

type correctPlacementIn struct {
	ChangeIn
	Part string `path:"placement" maxLength:"36"`
	Body struct {
		CorrectionBody
		Again
		Application rest.Patch[rest.ID]       `json:"application,omitempty"`
		Employer    rest.Patch[string]        `json:"employer,omitempty" maxLength:"200"`
		Position    rest.Patch[string]        `json:"position,omitempty" maxLength:"200"`
		StartedOn   rest.Patch[calendar.Date] `json:"started_on,omitempty"`
	}
}

func registerPlacementCorrections(e *rest.API, s Services, tag string) {
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/applications/{application}", ID: "application-correct", Tag: tag,
		Summary: "Put facts of a job application right", Action: authz.ApplicationRecord}, track.Applications,
		func(ctx context.Context, in *correctApplicationIn) (string, track.Correction[track.Application]) {
			b := &in.Body
			return in.Part, track.Correction[track.Application]{Reason: b.Reason, Again: b.Again.Again,
				Edit: func(a *track.Application) error {
					replace(&a.Employer, b.Employer)
					replace(&a.Position, b.Position)
					replace(&a.Channel, b.Channel)
					replace(&a.AppliedOn, b.AppliedOn)
					if !b.Vacancy.Sent() {
						return nil
					}
					return s.ofVacancy(ctx, a, b.Vacancy.Value())
				}}
		})
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/placements/{placement}", ID: "placement-correct", Tag: tag,
		Summary: "Put facts of a placement right", Action: authz.PlacementRecord}, track.Placements,
		func(_ context.Context, in *correctPlacementIn) (string, track.Correction[track.Placement]) {
			b := &in.Body
			return in.Part, track.Correction[track.Placement]{Reason: b.Reason, Again: b.Again.Again,
				Edit: func(p *track.Placement) error {
					replace(&p.Employer, b.Employer)
					replace(&p.Position, b.Position)
					replace(&p.StartedOn, b.StartedOn)
					replaceID(&p.Application, b.Application)
					return nil
				}}
		})
}

// applicationIn takes the employer and the position from the vacancy where one is named.
func (s Services) applicationIn(ctx context.Context, in *applyIn) (track.Application, error) {
	b := in.Body
	a := track.Application{Employer: b.Employer, Position: b.Position, Channel: b.Channel, AppliedOn: b.AppliedOn}
	return a, s.ofVacancy(ctx, &a, b.Vacancy)
}

// ofVacancy takes over what the register says of a vacancy, if one is named.
func (s Services) ofVacancy(ctx context.Context, a *track.Application, vacancy rest.ID) error {
	if a.Vacancy = uuid.Nil; vacancy == "" {
		return nil
	}
	v, err := s.Vacancies.Store.GetVacancy(ctx, vacancy.UUID())
	if err != nil {
		return at(err, "vacancy")
	}
	a.Vacancy, a.Employer, a.Position = v.ID, v.Employer, v.Title
	return nil
}

func applicationOf(a track.Application) Application {
	return Application{ID: a.ID.String(), Employer: a.Employer, Position: a.Position, Channel: a.Channel, State: a.State,
		AppliedOn: a.AppliedOn, CalledOn: a.CalledOn, Vacancy: idText(a.Vacancy)}
}

func placementOf(p track.Placement) Placement {
	return Placement{ID: p.ID.String(), Application: idText(p.Application), Employer: p.Employer, Position: p.Position,
		State: p.State, StartedOn: p.StartedOn, EndedOn: p.EndedOn}
}

func hexText(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
