package v1

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/ids"
	"github.com/tanggap/tanggap/pkg/region"
)

// who is an officer in a filter: an id, or me.
type who string

// Schema implements huma.SchemaProvider.
func (who) Schema(huma.Registry) *huma.Schema { return rest.IDSchema("me") }

// whoseCases is an officer in a filter of cases: an id, me, none, or absent.
type whoseCases string

// Schema implements huma.SchemaProvider.
func (whoseCases) Schema(huma.Registry) *huma.Schema { return rest.IDSchema("me|none|absent") }

// officerOrNone is an officer in a body: an id, me, or nobody: the empty text.
type officerOrNone string

// id is the officer, or the zero id.
func (o officerOrNone) id(ctx context.Context) authz.OfficerID {
	switch o {
	case "":
		return authz.OfficerID{}
	case "me":
		return rest.Caller(ctx).Officer
	}
	return authz.OfficerID(rest.ID(o).UUID())
}

// Schema implements huma.SchemaProvider.
func (officerOrNone) Schema(huma.Registry) *huma.Schema {
	s := rest.IDSchema("")
	s.Pattern = "^(me|" + ids.Pattern + ")?$"
	return s
}

// officerOfWho is the officer whom a filter names, or nil without one.
func officerOfWho(ctx context.Context, p rest.Param[who]) *authz.OfficerID {
	named := p.Get()
	if named == nil {
		return nil
	}
	officer := authz.OfficerID(rest.ID(*named).UUID())
	if *named == "me" {
		officer = rest.Caller(ctx).Officer
	}
	return &officer
}

// idOf is the id that a filter names, or nil without one.
func idOf[T ~[16]byte](p rest.Param[rest.ID]) *T {
	named := p.Get()
	if named == nil {
		return nil
	}
	id := T(named.UUID())
	return &id
}

// textOf is the value of a closed list that a filter names, or nil without one.
func textOf[T, S ~string](p rest.Param[S]) *T {
	text := p.Get()
	if text == nil {
		return nil
	}
	value := T(*text)
	return &value
}

// regionIn is the region that a filter names, or nil without one.
func regionIn(tree *region.Tree, p rest.Param[string], field string) (*region.Code, error) {
	text := p.Get()
	if text == nil {
		return nil, nil // no filter is no fault
	}
	code, err := regionOf(tree, *text, field)
	if err != nil {
		return nil, err
	}
	return &code, nil
}

// RegionIn narrows to a region. Every list of cases, or of something about them, takes it by both names.
type RegionIn struct {
	Region rest.Param[string] `query:"region" maxLength:"4" doc:"Of this regency, or of a province's regencies"`
	Office rest.Param[string] `query:"office" maxLength:"4" doc:"The former name of region"`
}

// code is the region, or nil without one.
func (in RegionIn) code(tree *region.Tree) (*region.Code, error) {
	if in.Region.Get() != nil && in.Office.Get() != nil {
		return nil, fault.New(fault.Invalid, "input.same_filter", "other", "region").At("office")
	}
	if in.Office.Get() != nil {
		return regionIn(tree, in.Office, "office")
	}
	return regionIn(tree, in.Region, "region")
}

// scope is the part of the caller's scope that lies in the region, or all of it.
func (in RegionIn) scope(ctx context.Context, s Services) (authz.Scope, error) {
	scope := rest.Scope(ctx)
	code, err := in.code(s.Tree)
	if err == nil && code != nil {
		scope = scope.Intersect(*code)
	}
	return scope, err
}

// valueOf is a value that may be absent, or its zero; for what has a rule of its own for absence.
func valueOf[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}

// scopeIn is the part of the caller's scope that lies in a region, or all of it.
func scopeIn(ctx context.Context, s Services, p rest.Param[string]) (authz.Scope, error) {
	scope := rest.Scope(ctx)
	code, err := regionIn(s.Tree, p, "region")
	if err == nil && code != nil {
		scope = scope.Intersect(*code)
	}
	return scope, err
}

// parsedID reads an id of a path; what is none is something that does not exist.
func parsedID(text string, missing error) (uuid.UUID, error) {
	id, ok := ids.Parse(text)
	if !ok {
		return uuid.Nil, missing
	}
	return id, nil
}
