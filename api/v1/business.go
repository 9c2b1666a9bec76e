package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/track"
)

// Business is a business of the worker's own (tenaga kerja mandiri).
type Business struct {
	ID         string              `json:"id" format:"uuid"`
	Title      string              `json:"title"`
	KBLI       string              `json:"kbli,omitempty"`
	Level      track.BusinessLevel `json:"level"`
	State      track.BusinessState `json:"state"`
	ProposedOn calendar.Date       `json:"proposed_on"`
	Grants     int64               `json:"grants" doc:"Whole rupiah"`
	Visits     int                 `json:"visits" doc:"Mentoring visits"`
	VisitedOn  calendar.Date       `json:"visited_on,omitzero"`
	Workers    int                 `json:"workers" doc:"Hired by the business"`
}

type businessesOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []Business `json:"items" nullable:"false"`
	}
}

type proposeBusinessIn struct {
	ChangeIn
	Body struct {
		Title string              `json:"title" minLength:"1" maxLength:"200"`
		KBLI  string              `json:"kbli,omitempty" pattern:"^[0-9]{2,5}$"`
		Level track.BusinessLevel `json:"level,omitempty" default:"starter" doc:"The advanced level follows a business that graduated and hired"`
		On    calendar.Date       `json:"proposed_on,omitzero" doc:"Today by default"`
	}
}

type correctBusinessIn struct {
	ChangeIn
	Part string `path:"business" maxLength:"36"`
	Body struct {
		CorrectionBody
		Title   rest.Patch[string]              `json:"title,omitempty" maxLength:"200"`
		KBLI    rest.Patch[string]              `json:"kbli,omitempty" pattern:"^[0-9]{2,5}$"`
		Level   rest.Patch[track.BusinessLevel] `json:"level,omitempty"`
		On      rest.Patch[calendar.Date]       `json:"proposed_on,omitempty"`
		Workers rest.Patch[int]                 `json:"workers,omitempty" minimum:"0" maximum:"100000"`
	}
}

type businessStepIn struct {
	ChangeIn
	Part string `path:"business" maxLength:"36"`
	Body struct {
		To         rest.Target[track.BusinessState] `json:"to,omitempty" doc:"Nothing records a mentoring visit"`
		Grant      int64                            `json:"grant,omitempty" minimum:"0" maximum:"1000000000000" doc:"Of the disbursement, whole rupiah"`
		Workers    *int                             `json:"workers,omitempty" minimum:"0" maximum:"100000"`
		OccurredOn calendar.Date                    `json:"occurred_on,omitzero"`
	}
}

func registerBusiness(e *rest.API, s Services) {
	const tag = "business"
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/businesses", ID: "business-list", Tag: tag,
		Summary: "Businesses of the worker's own", Action: authz.CaseRead},
		func(_ context.Context, c casework.Detail, t *track.Tracks) (*businessesOut, error) {
			out := &businessesOut{ETag: rest.ETag(c.Version)}
			out.Body.Items = listed(t.Businesses, businessOf)
			return out, nil
		})
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/businesses",
		Tag: tag, Summary: "Record the proposal of a business", Action: authz.BusinessRecord, Status: http.StatusCreated},
		track.Businesses, func(_ context.Context, in *proposeBusinessIn) (track.Business, error) {
			return track.Business{Title: in.Body.Title, KBLI: in.Body.KBLI, Level: in.Body.Level,
				ProposedOn: in.Body.On}, nil
		})
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/businesses/{business}/transitions",
		ID: track.Businesses.Advances, Tag: tag, Summary: "Move a business on, or record a mentoring visit",
		Action: authz.BusinessRecord}, onPart("business", func(in *businessStepIn) string { return in.Part }, s.growBusiness))
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/businesses/{business}", ID: "business-correct", Tag: tag,
		Summary: "Put facts of a business right", Action: authz.BusinessRecord}, track.Businesses,
		func(_ context.Context, in *correctBusinessIn) (string, track.Correction[track.Business]) {
			b := &in.Body
			return in.Part, track.Correction[track.Business]{Reason: b.Reason, Edit: func(p *track.Business) error {
				replace(&p.Title, b.Title)
				replace(&p.KBLI, b.KBLI)
				replace(&p.Level, b.Level)
				replace(&p.ProposedOn, b.On)
				replace(&p.Workers, b.Workers)
				return nil
			}}
		})
}

// growBusiness takes a step without a state for a visit.
func (s Services) growBusiness(ctx context.Context, to track.Target, id uuid.UUID,
	in *businessStepIn) (casework.State, error) {
	step := track.Step[track.BusinessState, track.Growth]{ID: id, To: track.BusinessState(in.Body.To),
		On: in.Body.OccurredOn, With: track.Growth{Grant: money.Rupiah(in.Body.Grant), Workers: in.Body.Workers}}
	if step.To == "" {
		return s.Tracks.VisitBusiness(ctx, to, step)
	}
	return track.Businesses.Advance(ctx, s.Tracks, to, step)
}

func businessOf(b track.Business) Business {
	return Business{ID: b.ID.String(), Title: b.Title, KBLI: b.KBLI, Level: b.Level, State: b.State,
		ProposedOn: b.ProposedOn, Grants: int64(b.Grants), Visits: b.Visits, VisitedOn: b.VisitedOn, Workers: b.Workers}
}
