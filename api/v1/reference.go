package v1

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
)

// Region is a province, regency or city by its Kemendagri code.
type Region struct {
	Code   string      `json:"code"`
	Name   string      `json:"name"`
	Kind   region.Kind `json:"kind"`
	Parent string      `json:"parent,omitempty"`
}

// Office is the labour office of a region.
type Office struct {
	Region string        `json:"region" doc:"Empty for the ministry"`
	Name   string        `json:"name"`
	Zone   calendar.Zone `json:"zone" doc:"Its dates are civil dates of this zone"`
}

type regionsIn struct {
	Parent rest.Param[string] `query:"parent" maxLength:"2" doc:"A province; without it the provinces"`
	Name   rest.Param[string] `query:"name" minLength:"1" maxLength:"100" doc:"A part of the name, of a province or a regency; with parent, of its regencies"`
	Limit  rest.Param[int]    `query:"limit" minimum:"1" maximum:"600" doc:"All when left out"`
}

type regionsOut struct {
	Body struct {
		Items []Region `json:"items" nullable:"false"`
		More  bool     `json:"more,omitempty" doc:"There are more than the limit"`
	}
}

type officesIn struct {
	Region rest.Param[string] `query:"region" maxLength:"4" doc:"Offices of this region and below"`
}

type officesOut struct {
	Body struct {
		Items []Office `json:"items" nullable:"false"`
	}
}

func registerReference(e *rest.API, s Services) {
	const tag = "reference"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/regions", ID: "region-list", Tag: tag,
		Summary: "Regions", Action: authz.RegionRead},
		func(_ context.Context, in *regionsIn) (*regionsOut, error) {
			parent, err := regionIn(s.Tree, in.Parent, "parent")
			if err != nil {
				return nil, err
			}
			list := s.Tree.Children(valueOf(parent))
			if name := in.Name.Get(); name != nil {
				list = regionsNamed(s.Tree, parent, *name)
			}
			out := &regionsOut{}
			if most := in.Limit.Get(); most != nil && *most < len(list) {
				list, out.Body.More = list[:*most], true
			}
			out.Body.Items = listed(list, func(r region.Region) Region {
				return Region{string(r.Code), r.Name, r.Kind, string(r.Parent)}
			})
			return out, nil
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/offices", ID: "office-list", Tag: tag,
		Summary: "Labour offices", Action: authz.OfficeRead},
		func(ctx context.Context, in *officesIn) (*officesOut, error) {
			code, err := regionIn(s.Tree, in.Region, "region")
			if err != nil {
				return nil, err
			}
			offices, err := s.Officers.Store.ListOffices(ctx, officer.Filter{Office: code})
			if err != nil {
				return nil, err
			}
			out := &officesOut{}
			out.Body.Items = []Office{}
			for _, o := range offices {
				out.Body.Items = append(out.Body.Items, Office{string(o.Region), o.Name, o.Zone})
			}
			return out, nil
		})
}

// regionsNamed are the regions below a parent, or of the country, with a text in their name.
func regionsNamed(tree *region.Tree, parent *region.Code, text string) []region.Region {
	return slices.DeleteFunc(tree.All(), func(r region.Region) bool {
		return r.Code == "" || parent != nil && r.Parent != *parent ||
			!strings.Contains(strings.ToLower(r.Name), strings.ToLower(text))
	})
}

// regionOf reads a region code of the present edition; empty is the nation.
func regionOf(tree *region.Tree, text, field string) (region.Code, error) {
	code, err := region.Parse(text)
	if err == nil && code != "" {
		if _, known := tree.Get(code); !known {
			return "", fault.New(fault.Invalid, "region.unknown").At(field)
		}
	}
	if err != nil {
		return "", fault.New(fault.Invalid, "region.invalid").At(field)
	}
	return code, nil
}
