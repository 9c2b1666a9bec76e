package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/edge"
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
	}
}

type businessStepIn struct {
	ChangeIn
	Part string `path:"business" maxLength:"36"`
	Body struct {
		To         edge.Target[track.BusinessState] `json:"to,omitempty" doc:"Nothing records a mentoring visit"`
		Grant      int64                            `json:"grant,omitempty" minimum:"0" maximum:"1000000000000" doc:"Of the disbursement, whole rupiah"`
		Workers    *int                             `json:"workers,omitempty" minimum:"0" maximum:"100000"`
		OccurredOn calendar.Date                    `json:"occurred_on,omitempty"`
	}
}

func registerBusiness(e *edge.Edge, s Services) {
	const tag = "business"
	edge.Register(e, edge.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/businesses", ID: "business-list", Tag: tag, Summary: "Businesses of the worker's own", Action: authz.CaseRead, Shows: edge.Named},
		func(ctx context.Context, in *caseIn) (*businessesOut, error) { return listBusinesses(ctx, s, in) })
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/businesses", ID: "business-propose", Tag: tag, Summary: "Record the proposal of a business",
		Action: authz.BusinessRecord, Status: http.StatusCreated}, func(ctx context.Context, in *proposeBusinessIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Tracks.ProposeBusiness(ctx, edge.Op(ctx), id, version, track.Business{Title: in.Body.Title, KBLI: in.Body.KBLI, Level: in.Body.Level}))
	})
	edge.Register(e, edge.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/businesses/{business}/transitions", ID: "business-advance", Tag: tag,
		Summary: "Move a business on, or record a mentoring visit", Action: authz.BusinessRecord}, func(ctx context.Context, in *businessStepIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		step := track.BusinessStep{To: track.BusinessState(in.Body.To), Grant: money.Rupiah(in.Body.Grant), Workers: -1, On: in.Body.OccurredOn}
		if in.Body.Workers != nil {
			step.Workers = *in.Body.Workers
		}
		if step.ID, err = partID(in.Part, "business"); err != nil {
			return nil, err
		}
		return stated(s.Tracks.AdvanceBusiness(ctx, edge.Op(ctx), id, version, step))
	})
}

func listBusinesses(ctx context.Context, s Services, in *caseIn) (*businessesOut, error) {
	id, err := casework.ParseID(in.ID)
	if err != nil {
		return nil, err
	}
	c, f, err := s.Tracks.Get(ctx, edge.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &businessesOut{ETag: edge.ETag(c.Version)}
	out.Body.Items = make([]Business, len(f.Businesses))
	for i, b := range f.Businesses {
		out.Body.Items[i] = Business{ID: b.ID.String(), Title: b.Title, KBLI: b.KBLI, Level: b.Level, State: b.State, ProposedOn: b.ProposedOn, Grants: int64(b.Grants),
			Visits: b.Visits, VisitedOn: b.VisitedOn, Workers: b.Workers}
	}
	return out, nil
}
