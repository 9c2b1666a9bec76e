package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

// OfficerEvent is what happened to the account or the rights of an officer.
type OfficerEvent struct {
	Kind   officer.EventKind `json:"kind"`
	Actor  string            `json:"actor,omitempty" doc:"Id of the officer; nobody is whoever runs the server"`
	At     time.Time         `json:"at"`
	Grant  string            `json:"grant,omitempty"`
	Was    string            `json:"was,omitempty" doc:"Of a changed name, address or office"`
	Became string            `json:"became,omitempty"`
}

type officerEventsOut struct {
	Body struct {
		Items []OfficerEvent `json:"items" nullable:"false" doc:"Oldest first"`
	}
}

type changeOfficerIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Email  *string `json:"email,omitempty" minLength:"1" maxLength:"254"`
		Name   *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Office *string `json:"office,omitempty" maxLength:"4" doc:"Empty for the ministry. Grants stay as they are"`
	}
}

type deactivateIn struct {
	ID   string `path:"id" maxLength:"36"`
	Body *struct {
		HandoverTo *officerOrNone `json:"handover_to,omitempty" doc:"Who gets the open cases in your regions, or empty for nobody; without it they stay and are counted"`
	}
}

type deactivatedOut struct {
	Body struct {
		OpenCases  int `json:"open_cases" doc:"Of the officer in your regions, which they work on no longer: hand them over"`
		HandedOver int `json:"handed_over" doc:"Cases that went to handover_to"`
		// Order is there when they are too many for one transaction.
		Order *BulkOrder `json:"order,omitempty" doc:"Of more than 500 cases: they go to handover_to one by one, in the background"`
	}
}

func registerOfficerChanges(e *rest.API, s Services) {
	const tag = "officers"
	rest.Register(e, rest.Route{Method: http.MethodPatch, Path: "/v1/officers/{id}", ID: "officer-change", Tag: tag,
		Summary: "Change the name, the address or the office of an officer; what is left out stays",
		Action:  authz.OfficerCreate},
		func(ctx context.Context, in *changeOfficerIn) (*officerOut, error) {
			return changeOfficer(ctx, e, s, in)
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/reactivation", ID: "officer-reactivate",
		Tag: tag, Summary: "Let a deactivated officer in again, with a new code and without any grant",
		Description: "Needs a fresh password.", Action: authz.OfficerCreate, Status: http.StatusCreated},
		func(ctx context.Context, in *officerIn) (*setupCodeOut, error) {
			id, err := officerID(in.ID)
			if err == nil {
				err = e.Fresh(ctx)
			}
			if err != nil {
				return nil, err
			}
			made, err := s.Officers.Reactivate(ctx, rest.Op(ctx), id)
			return &setupCodeOut{setupCodeOf(made)}, err
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/officers/{id}/deactivation", ID: "officer-deactivate",
		Tag: tag, Summary: "Take all rights and sessions away at once", Action: authz.OfficerDeactivate,
		Description: "With handover_to the open cases in your regions go to another officer first; where that one does not " +
			"work on one of them, nothing happens."},
		func(ctx context.Context, in *deactivateIn) (*deactivatedOut, error) { return deactivate(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/officers/{id}/history", ID: "officer-history", Tag: tag,
		Summary: "What happened to the account and the rights of an officer", Action: authz.OfficerRead},
		func(ctx context.Context, in *officerIn) (*officerEventsOut, error) {
			id, err := officerID(in.ID)
			if err != nil {
				return nil, err
			}
			found, err := s.Officers.Store.ListEvents(ctx, rest.Scope(ctx), id)
			out := &officerEventsOut{}
			out.Body.Items = make([]OfficerEvent, len(found))
			for i, x := range found {
				out.Body.Items[i] = OfficerEvent{x.Kind, named(x.Actor), x.At, idText(x.Grant), x.Was, x.Became}
			}
			return out, err
		})
}

func changeOfficer(ctx context.Context, e *rest.API, s Services, in *changeOfficerIn) (*officerOut, error) {
	id, err := officerID(in.ID)
	if err != nil {
		return nil, err
	}
	d := officer.Details{Email: in.Body.Email, Name: in.Body.Name}
	if in.Body.Office != nil {
		var code region.Code
		if code, err = regionOf(s.Tree, *in.Body.Office, "office"); err != nil {
			return nil, err
		}
		d.Office = &code
	}
	o, err := s.Officers.Change(ctx, rest.Op(ctx), id, d)
	if fault.CodeOf(err) == "officer.registered_elsewhere" {
		e.Refused(ctx)
	}
	return &officerOut{Body: officerOf(o)}, err
}

// deactivate hands the cases over first: until then everything can still be refused. A repeat goes on with what is
// left.
func deactivate(ctx context.Context, s Services, in *deactivateIn) (*deactivatedOut, error) {
	id, err := officerID(in.ID)
	if err != nil {
		return nil, err
	}
	op, out := rest.Op(ctx), &deactivatedOut{}
	if in.Body != nil && in.Body.HandoverTo != nil {
		if err := s.Officers.MayDeactivate(ctx, op, id); err != nil {
			return nil, err
		}
		out.Body.HandedOver, out.Body.Order, err = handedOver(ctx, s, op.Part("handover"), authz.OfficerDeactivate, id,
			in.Body.HandoverTo.id(ctx))
		if err != nil {
			return nil, at(err, "handover_to")
		}
	}
	left, err := leftBehind(ctx, s, id, s.Officers.Deactivate(ctx, op, id))
	if err == nil {
		out.Body.OpenCases = left.Body.OpenCases
	}
	return out, err
}
