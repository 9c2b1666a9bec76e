package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
)

// Load is how much work there is.
type Load struct {
	Open    int `json:"open"`
	Overdue int `json:"overdue" doc:"Of the open cases: a deadline or a follow-up has passed"`
	Due     int `json:"due" doc:"Of the open cases: one comes within seven days, today among them"`
	Changed int `json:"changed" doc:"Cases that changed this month"`
	Closed  int `json:"closed" doc:"Cases that were closed this month"`
}

// OfficerLoad is the load of one officer.
type OfficerLoad struct {
	Officer string `json:"officer" format:"uuid"`
	Name    string `json:"name"`
	Office  string `json:"office"`
	Active  bool   `json:"active"`
	Load
}

// OfficeLoad is the load of one office.
type OfficeLoad struct {
	Region     string `json:"region"`
	Name       string `json:"name"`
	Unassigned int    `json:"unassigned" doc:"Of the open cases: nobody is in charge"`
	Load
}

type officerLoadsIn struct {
	rest.PageIn
	Region rest.Param[string] `query:"region" maxLength:"4" doc:"Cases of this region and those below"`
}

type officerLoadsOut struct {
	Body struct {
		Items      []OfficerLoad `json:"items" nullable:"false"`
		NextCursor string        `json:"next_cursor,omitempty"`
	}
}

type officeLoadsIn struct {
	Region rest.Param[string] `query:"region" maxLength:"4" doc:"Offices of this region and those below"`
}

type officeLoadsOut struct {
	Body struct {
		Items []OfficeLoad `json:"items" nullable:"false" doc:"Every office of the scope, by its code"`
	}
}

func registerLoads(e *rest.API, s Services) {
	const tag = "officers"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/officers/load", ID: "officer-load", Tag: tag,
		Summary: "How much work each officer has in my scope", Action: authz.LoadRead},
		func(ctx context.Context, in *officerLoadsIn) (*officerLoadsOut, error) {
			return officerLoads(ctx, e, s, in)
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/offices/load", ID: "office-load", Tag: tag,
		Summary: "How much work each office has in my scope", Action: authz.LoadRead},
		func(ctx context.Context, in *officeLoadsIn) (*officeLoadsOut, error) {
			scope, err := scopeIn(ctx, s, in.Region)
			if err != nil {
				return nil, err
			}
			found, err := s.Cases.Loads.OfficeLoads(ctx, scope, s.Cases.LoadOn(rest.Caller(ctx).Office))
			out := &officeLoadsOut{}
			out.Body.Items = make([]OfficeLoad, len(found))
			for i, l := range found {
				out.Body.Items[i] = OfficeLoad{string(l.Region), l.Name, l.Unassigned, loadOf(l.Load)}
			}
			return out, err
		})
}

func officerLoads(ctx context.Context, e *rest.API, s Services, in *officerLoadsIn) (*officerLoadsOut, error) {
	scope, err := scopeIn(ctx, s, in.Region)
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := s.Cases.LoadOn(rest.Caller(ctx).Office)
	f.Roles, f.Limit = s.Officers.WorkingRoles(), in.Limit+1
	copy(f.After[:], at)
	found, err := s.Cases.Loads.OfficerLoads(ctx, scope, f)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(l casework.OfficerLoad) []byte { return l.Officer[:] })
	out := &officerLoadsOut{}
	out.Body.Items, out.Body.NextCursor = make([]OfficerLoad, len(found)), next
	for i, l := range found {
		out.Body.Items[i] = OfficerLoad{l.Officer.String(), l.Name, string(l.Office), l.Active, loadOf(l.Load)}
	}
	return out, nil
}

func loadOf(l casework.Load) Load { return Load(l) }
