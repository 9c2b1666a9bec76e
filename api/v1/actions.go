package v1

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/oversight"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/pkg/wording"
)

// CaseAction is an operation on a case, or on a part of it, that is open now, or closed with the reason.
type CaseAction struct {
	Operation string        `json:"operation" doc:"As the description of the API calls it"`
	Label     string        `json:"label" doc:"What it does, in the language of the answer"`
	Method    string        `json:"method"`
	Path      string        `json:"path"`
	Right     string        `json:"right"`
	Kind      string        `json:"kind,omitempty" doc:"Of the part that it makes or is about"`
	Part      string        `json:"part,omitempty" doc:"Id of the part that it is about"`
	Month     int           `json:"month,omitempty" doc:"Of the claim"`
	Entry     int           `json:"entry,omitempty" doc:"Number of the entry of the history that it takes back"`
	DueOn     calendar.Date `json:"due_on,omitzero" doc:"By when it is to be done"`
	To        []Choice      `json:"to,omitempty" doc:"States that it can lead to now"`
	Needs     []string      `json:"needs,omitempty" doc:"Fields without which it is refused"`
	Code      string        `json:"code,omitempty" doc:"Why it is closed: what it would be refused with"`
	Reason    string        `json:"reason,omitempty" doc:"The same in words"`
}

// Choice is a value of a closed list with what it is called.
type Choice struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type actionsOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Open   []CaseAction `json:"open" nullable:"false" doc:"What you may do, and the lifecycle has now"`
		Closed []CaseAction `json:"closed" nullable:"false" doc:"The rest of what there is, with the reason"`
	}
}

func registerActions(e *rest.API, s Services) {
	routes := sync.OnceValue(func() map[string]rest.Route {
		byID := make(map[string]rest.Route)
		for _, r := range e.Routes() {
			byID[r.ID] = r
		}
		return byID
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/actions", ID: "case-actions", Tag: "cases",
		Summary: "What you can do in a case now, and why not the rest",
		Description: "By your rights and the lifecycles, as the operations themselves judge. Whether what is sent suffices " +
			"is for the operation.",
		Action: authz.CaseRead, Shows: rest.Named},
		func(ctx context.Context, in *caseIn) (*actionsOut, error) {
			id, err := casework.ParseID(in.ID)
			if err != nil {
				return nil, err
			}
			c, list, err := s.Tracks.Doables(ctx, rest.Scope(ctx), id,
				casework.Assignment{Free: e.ScopeOf(ctx, authz.CaseAssign)}, rest.Caller(ctx).Officer)
			if err != nil {
				return nil, err
			}
			more, err := s.beside(ctx, &c)
			if err != nil {
				return nil, err
			}
			out := &actionsOut{ETag: rest.ETag(c.Version)}
			out.Body.Open, out.Body.Closed = []CaseAction{}, []CaseAction{}
			for _, d := range append(list, more...) {
				out.add(ctx, e, routes()[d.Operation], &c.Case, d)
			}
			return out, nil
		})
}

// beside are the operations that are not of the tracks: links to other cases, hold and erasure, and findings.
func (s Services) beside(ctx context.Context, c *casework.Detail) ([]track.Doable, error) {
	linked, err := s.Merger.Store.LinkedCases(ctx, rest.Scope(ctx), []casework.ID{c.ID})
	if err != nil {
		return nil, err
	}
	status, err := s.Privacy.Status(ctx, rest.Scope(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	found, err := s.Oversight.Findings(ctx, rest.Scope(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	list := []track.Doable{{Operation: "case-merge"}}
	for _, other := range linked[c.ID] {
		list = append(list, track.Doable{Operation: "case-separate", Kind: "case", Part: uuid.UUID(other)})
	}
	for _, d := range status.Doables(rest.Caller(ctx).Officer) {
		list = append(list, track.Doable{Operation: d.Operation, Why: d.Why})
	}
	list = append(list, track.Doable{Operation: "finding-record"})
	for _, f := range found {
		of := func(operation string, to oversight.FindingState) track.Doable {
			return track.Doable{Operation: operation, Kind: "finding", Part: f.ID, Why: f.CanMove(to)}
		}
		list = append(list, of("finding-answer", oversight.FindingAnswered), of("finding-settle", oversight.FindingSettled))
	}
	track.Rest(c, list)
	return list, nil
}

// add puts an operation among those that are open to the caller, or among the others.
func (o *actionsOut) add(ctx context.Context, e *rest.API, r rest.Route, c *casework.Case, d track.Doable) {
	lang := rest.Language(ctx)
	a := CaseAction{Operation: d.Operation, Method: r.Method, Path: pathOf(r.Path, c.ID, d), Right: string(r.Action),
		Label: wording.Message(lang, "action."+d.Operation, nil), Kind: d.Kind, Part: idText(d.Part), Month: d.Month,
		DueOn: d.DueOn, Entry: d.Entry}
	why := d.Why
	if !e.ScopeOf(ctx, r.Action).Covers(c.Region) {
		why = fault.New(fault.Forbidden, "authz.forbidden", "action", string(r.Action))
	}
	if why != nil {
		told, _ := rest.DetailOf(ctx, why)
		a.Code, a.Reason = told.Code, told.Detail.Detail
		o.Body.Closed = append(o.Body.Closed, a)
		return
	}
	for _, to := range d.To {
		a.To = append(a.To, Choice{to, wording.LabelIn(lang, d.List, to)})
	}
	a.Needs = e.Needs(r)
	o.Body.Open = append(o.Body.Open, a)
}

// pathOf is the address of an operation with the case, the month and the part filled in.
func pathOf(path string, id casework.ID, d track.Doable) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		switch {
		case p == "{id}":
			parts[i] = id.String()
		case p == "{n}":
			parts[i] = strconv.Itoa(d.Month)
		case p == "{seq}":
			parts[i] = strconv.Itoa(d.Entry)
		case strings.HasPrefix(p, "{") && d.Part != uuid.Nil:
			parts[i] = d.Part.String()
		}
	}
	return strings.Join(parts, "/")
}
