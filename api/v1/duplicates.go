package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
)

// Duplicate is a case whose worker is likely the one of another case.
type Duplicate struct {
	Row
	By []casework.Likeness `json:"by" nullable:"false" doc:"What both have in common; nik: but for one digit, or two that have changed places"`
}

// Suspected is a case with older ones whose workers are likely its own.
type Suspected struct {
	Row
	Others []Duplicate `json:"others" nullable:"false"`
}

type duplicatesOut struct {
	Body struct {
		Items []Duplicate `json:"items" nullable:"false"`
	}
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *duplicatesOut) Subjects() []uuid.UUID { return o.subjects }

type suspectedIn struct {
	rest.PageIn
	RegionIn
}

type suspectedOut struct {
	Body struct {
		Items      []Suspected `json:"items" nullable:"false"`
		NextCursor string      `json:"next_cursor,omitempty" doc:"A page may hold few items, or none, and have one all the same"`
	}
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *suspectedOut) Subjects() []uuid.UUID { return o.subjects }

func registerDuplicates(e *rest.API, s Services) {
	const tag = "cases"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/duplicates", ID: "case-duplicates", Tag: tag,
		Summary: "Other cases that may be of the same worker",
		Action:  authz.CaseSearch, Shows: rest.Listed}, func(ctx context.Context, in *caseIn) (*duplicatesOut, error) {
		id, err := casework.ParseID(in.ID)
		if err != nil {
			return nil, err
		}
		found, err := s.Cases.Duplicates(ctx, rest.Scope(ctx), id)
		out := &duplicatesOut{subjects: []uuid.UUID{uuid.UUID(id)}}
		out.Body.Items = listed(found, func(d casework.Alike) Duplicate { return duplicateOf(d, &out.subjects) })
		return out, err
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/duplicates", ID: "duplicate-list", Tag: tag,
		Summary: "Cases that may be of one worker, newest first",
		Description: "By name and birth date, phone, or KPJ. A NIK near another is told when a case is opened, and of each " +
			"case.", Action: authz.CaseSearch, Shows: rest.Listed},
		func(ctx context.Context, in *suspectedIn) (*suspectedOut, error) {
			return listDuplicates(ctx, e, s, in)
		})
}

func listDuplicates(ctx context.Context, e *rest.API, s Services, in *suspectedIn) (*suspectedOut, error) {
	code, err := in.code(s.Tree)
	if err != nil {
		return nil, err
	}
	position, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	f := casework.DuplicateFilter{Region: code, Limit: in.Limit}
	copy(f.After[:], position)
	found, next, err := s.Cases.ListDuplicates(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	out := &suspectedOut{}
	out.Body.Items = listed(found, func(x casework.Suspected) Suspected {
		out.subjects = append(out.subjects, uuid.UUID(x.ID))
		return Suspected{Row: rowsOf([]casework.Row{x.Row})[0],
			Others: listed(x.Others, func(d casework.Alike) Duplicate { return duplicateOf(d, &out.subjects) })}
	})
	if next != (casework.ID{}) {
		out.Body.NextCursor = e.CursorAt(ctx, next[:])
	}
	return out, nil
}

func duplicateOf(d casework.Alike, subjects *[]uuid.UUID) Duplicate {
	*subjects = append(*subjects, uuid.UUID(d.ID))
	return Duplicate{Row: rowsOf([]casework.Row{d.Row})[0], By: d.By}
}
