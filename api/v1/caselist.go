package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/ids"
)

// CasesIn chooses cases: for the list, for its counts and facets, and for its file.
type CasesIn struct {
	RegionIn
	Stage        rest.Param[[]casework.Stage]      `query:"stage" minItems:"1" doc:"In one of these stages, with commas between them"`
	Claim        rest.Param[[]casework.ClaimState] `query:"claim" minItems:"1" doc:"With a claim in one of these states"`
	Outcome      rest.Param[[]casework.Outcome]    `query:"outcome" minItems:"1" doc:"Closed with one of these outcomes"`
	Officer      rest.Param[whoseCases]            `query:"officer" doc:"Cases of this officer; 'me' for my own. Of open cases: 'none' for those that nobody is in charge of, 'absent' for those whose officer does not work on them today"`
	Overdue      bool                              `query:"overdue" doc:"Only cases whose deadline or follow-up has passed"`
	Due          rest.Param[[]casework.DueBucket]  `query:"due" minItems:"1" doc:"By the earlier one of deadline and follow-up; week: in the seven days after today"`
	DueFrom      rest.Param[calendar.Date]         `query:"due_from" doc:"First day of deadline or follow-up, whichever is earlier"`
	DueUntil     rest.Param[calendar.Date]         `query:"due_until"`
	OpenedFrom   rest.Param[calendar.Date]         `query:"opened_from"`
	OpenedUntil  rest.Param[calendar.Date]         `query:"opened_until"`
	PHKFrom      rest.Param[calendar.Date]         `query:"terminated_from" doc:"First day of the PHK"`
	PHKUntil     rest.Param[calendar.Date]         `query:"terminated_until"`
	ClosedFrom   rest.Param[calendar.Date]         `query:"closed_from"`
	ClosedUntil  rest.Param[calendar.Date]         `query:"closed_until"`
	UpdatedSince rest.Param[instant]               `query:"updated_since" doc:"Only cases that changed at or after this instant, or on this day of your office or later"`
	UpdatedUntil rest.Param[instant]               `query:"updated_until" doc:"Only cases unchanged since this instant, or since this day"`
	Layoff       rest.Param[rest.ID]               `query:"layoff" doc:"Only cases of this layoff"`
	Employer     rest.Param[string]                `query:"employer" minLength:"1" maxLength:"200" doc:"Id of an employer, or a part of the name: as registered with the layoff, or as the case has it"`
	Text         rest.Param[string]                `query:"text" minLength:"1" maxLength:"100" doc:"In the name of the employer or the position; a worker is searched for by POST /v1/cases/search"`
}

// SortIn is the order of a list of cases.
type SortIn struct {
	Sort rest.Param[casework.Sort] `query:"sort" doc:"All but the newest first go upwards; due: the earlier one of deadline and follow-up, cases without either last"`
}

type listCasesIn struct {
	rest.PageIn
	SortIn
	CasesIn
}

// instant is a moment in a filter, or a whole day.
type instant string

// Schema implements huma.SchemaProvider.
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$`,
		PatternDescription: "date or date-time"}
}

// momentOf reads an instant; of a day it is the beginning in a zone, or its last microsecond.
func momentOf(p rest.Param[instant], zone calendar.Zone, end bool, field string) (*time.Time, error) {
	text := p.Get()
	if text == nil {
		return nil, nil // no filter is no fault
	}
	if at, err := time.Parse(time.RFC3339Nano, string(*text)); err == nil {
		return &at, nil
	}
	day, err := calendar.ParseDate(string(*text))
	if err != nil {
		return nil, fault.New(fault.Invalid, "calendar.date_invalid").At(field)
	}
	if end {
		day = day.AddDays(1)
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone.Location())
	if end {
		at = at.Add(-time.Microsecond)
	}
	return &at, nil
}

type listCasesOut struct {
	Body     RowPage
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *listCasesOut) Subjects() []uuid.UUID { return o.subjects }

type countsOut struct {
	Body struct {
		Stages map[string]int `json:"stages" doc:"Cases per stage"`
		Total  *int           `json:"total,omitempty" doc:"Absent when it is hidden"`
		Hidden []string       `json:"hidden,omitempty" doc:"Stages that are left out, because so few cases are in them, or they would give those away (see policies/security.md)"`
	}
}

// Facets are counts of what a list could be narrowed to.
type Facets struct {
	Total    int            `json:"total"`
	More     bool           `json:"more" doc:"There are more cases than are counted: every count says at least"`
	Stage    map[string]int `json:"stage"`
	Claim    map[string]int `json:"claim"`
	Outcome  map[string]int `json:"outcome"`
	Due      map[string]int `json:"due"`
	Officers []OfficerFacet `json:"officer" nullable:"false" doc:"Most cases first"`
}

// OfficerFacet is how many cases an officer has.
type OfficerFacet struct {
	Officer string `json:"officer" doc:"An id; none for open cases that nobody is in charge of"`
	Name    string `json:"name,omitempty"`
	Cases   int    `json:"cases"`
}

type facetsOut struct{ Body Facets }

func registerCaseList(e *rest.API, s Services, tag string) {
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases", ID: "case-list", Tag: tag,
		Summary: "Caseload, newest case first or in the order asked for", Action: authz.CaseList, Shows: rest.Listed,
		Names: true},
		func(ctx context.Context, in *listCasesIn) (*listCasesOut, error) { return listCases(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/counts", ID: "case-counts", Tag: tag,
		Summary: "Cases per stage, under the filter of the list",
		Action:  authz.CaseCount, Names: true},
		func(ctx context.Context, in *CasesIn) (*countsOut, error) { return countCases(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/facets", ID: "case-facets", Tag: tag,
		Summary: "Cases by everything that narrows the list further, under its filter", Action: authz.CaseList,
		Names: true},
		func(ctx context.Context, in *CasesIn) (*facetsOut, error) { return facetCases(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/file", ID: "case-file", Tag: tag,
		Summary: "The list as a spreadsheet or CSV, up to 5,000 cases", Names: true,
		Description: "What is cut says so: `X-More` is true and the last line tells it. Phone numbers need the right to " +
			"read " +
			"cases (`case.read`), and every worker counts as read.",
		Action: authz.CaseList, Shows: rest.Listed, Produces: "text/csv", Work: fileTime},
		func(ctx context.Context, in *caseFileIn) (*caseFileOut, error) { return caseFile(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/search", ID: "case-search", Tag: tag,
		Summary: "Find by a number or an address (exact), or by name (fuzzy) and birth date",
		Description: "A POST, so that no NIK or name stands in a URL. Name and birth date go together; region and employer " +
			"narrow. A name of one or two letters is found only as it is.",
		Action: authz.CaseSearch, NoKey: true, Shows: rest.Listed},
		func(ctx context.Context, in *searchIn) (*listCasesOut, error) { return searchCases(ctx, e, s, in) })
}

func listCases(ctx context.Context, e *rest.API, s Services, in *listCasesIn) (*listCasesOut, error) {
	f, err := filterOf(ctx, s, &in.CasesIn)
	if err != nil {
		return nil, err
	}
	f.Sort = valueOf(in.Sort.Get())
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	if len(at) >= len(f.After) { // the id, and the key where the order has one
		f.AfterKey = string(at[copy(f.After[:], at):])
	}
	f.Limit = in.Limit + 1
	rows, err := s.Cases.List(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	rows, next := rest.Next(ctx, e, in.PageIn, rows, func(r casework.Row) []byte { return append(r.ID[:], r.Key...) })
	out := &listCasesOut{}
	out.Body.Items, out.Body.NextCursor, out.subjects = rowsOf(rows), next, casesOf(rows)
	return out, nil
}

func countCases(ctx context.Context, e *rest.API, s Services, in *CasesIn) (*countsOut, error) {
	f, err := filterOf(ctx, s, in)
	if err != nil {
		return nil, err
	}
	counts, err := s.Cases.Count(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	cells := make([]int, len(casework.Stages()))
	for i, stage := range casework.Stages() {
		cells[i] = counts[stage]
	}
	shown := hiding(ctx, e, rest.Scope(ctx), cells)
	out := &countsOut{}
	out.Body.Stages, out.Body.Total = make(map[string]int, len(cells)), shown.total
	for i, stage := range casework.Stages() {
		if shown.hidden[i] {
			out.Body.Hidden = append(out.Body.Hidden, string(stage))
		} else {
			out.Body.Stages[string(stage)] = cells[i]
		}
	}
	return out, nil
}

func facetCases(ctx context.Context, s Services, in *CasesIn) (*facetsOut, error) {
	f, err := filterOf(ctx, s, in)
	if err != nil {
		return nil, err
	}
	all, err := s.Cases.Facets(ctx, rest.Scope(ctx), f)
	return &facetsOut{Facets{Total: all.Total, More: all.More, Stage: plain(all.Stages), Claim: plain(all.Claims),
		Outcome: plain(all.Outcomes), Due: plain(all.Due),
		Officers: listed(all.Officers, func(o casework.OfficerCount) OfficerFacet {
			if o.Officer == (authz.OfficerID{}) {
				return OfficerFacet{Officer: "none", Cases: o.Cases}
			}
			return OfficerFacet{Officer: o.Officer.String(), Name: o.Name, Cases: o.Cases}
		})}}, err
}

func plain[T ~string](counts map[T]int) map[string]int {
	out := make(map[string]int, len(counts))
	for k, n := range counts {
		out[string(k)] = n
	}
	return out
}

func casesOf(rows []casework.Row) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = uuid.UUID(r.ID)
	}
	return ids
}

func filterOf(ctx context.Context, s Services, in *CasesIn) (casework.Filter, error) {
	office := rest.Caller(ctx).Office
	f := casework.Filter{Stages: valueOf(in.Stage.Get()), Claims: valueOf(in.Claim.Get()),
		Outcomes: valueOf(in.Outcome.Get()), Buckets: valueOf(in.Due.Get()), Today: s.Cases.Today(office),
		Due:        casework.Days{From: in.DueFrom.Get(), Until: in.DueUntil.Get()},
		Opened:     casework.Days{From: in.OpenedFrom.Get(), Until: in.OpenedUntil.Get()},
		Terminated: casework.Days{From: in.PHKFrom.Get(), Until: in.PHKUntil.Get()},
		Closed:     casework.Days{From: in.ClosedFrom.Get(), Until: in.ClosedUntil.Get()},
		Layoff:     idOf[uuid.UUID](in.Layoff), Text: in.Text.Get()}
	f.Officer, f.Absent = inCharge(ctx, s, in.Officer)
	if in.Overdue {
		f.OverdueOn = &f.Today
	}
	if name := in.Employer.Get(); name != nil {
		if id, is := ids.Parse(*name); is {
			f.Employer = &id
		} else {
			f.EmployerName = name
		}
	}
	var err error
	if f.Region, err = in.code(s.Tree); err != nil {
		return f, err
	}
	zone := casework.ZoneOf(office)
	if f.UpdatedSince, err = momentOf(in.UpdatedSince, zone, false, "updated_since"); err != nil {
		return f, err
	}
	f.UpdatedUntil, err = momentOf(in.UpdatedUntil, zone, true, "updated_until")
	return f, err
}

// inCharge reads whose cases are asked for: of an officer, of nobody, or of officers who do not work on them.
func inCharge(ctx context.Context, s Services, p rest.Param[whoseCases]) (*authz.OfficerID, *casework.Absence) {
	named := p.Get()
	switch {
	case named == nil:
		return nil, nil
	case *named == "none":
		return &authz.OfficerID{}, nil
	case *named == "absent":
		return nil, &casework.Absence{Roles: s.Officers.WorkingRoles(), At: s.Cases.Clock.Now()}
	}
	officer := officerOrNone(*named).id(ctx)
	return &officer, nil
}
