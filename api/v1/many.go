package v1

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Picked is one of many cases, with the version that it was read in.
type Picked struct {
	Case    rest.ID `json:"case"`
	Version int     `json:"version" minimum:"1"`
}

// PickedCases are the cases of one call.
type PickedCases struct {
	Cases []Picked `json:"cases" minItems:"1" maxItems:"500" nullable:"false" doc:"Each of them once"`
}

func (p PickedCases) picked() []casework.Picked {
	list := make([]casework.Picked, len(p.Cases))
	for i, c := range p.Cases {
		list[i] = casework.Picked{Case: casework.ID(c.Case.UUID()), Version: c.Version}
	}
	return list
}

// CaseResult is what came of one of many cases.
type CaseResult struct {
	Case    string        `json:"case" format:"uuid"`
	Status  int           `json:"status" doc:"As the change of this case alone would be answered"`
	Code    string        `json:"code,omitempty" doc:"Why it was refused, such as case.stale"`
	Detail  string        `json:"detail,omitempty"`
	Errors  []rest.Detail `json:"errors,omitempty"`
	Version int           `json:"version,omitempty" doc:"That the case has now: of one that was changed, or that was changed by somebody else"`
}

type manyOut struct {
	Body struct {
		Items   []CaseResult `json:"items" nullable:"false" doc:"In the order of the request"`
		Changed int          `json:"changed"`
		Refused int          `json:"refused"`
	}
}

// asked is what is to be done to each of many cases.
type asked interface {
	change(ctx context.Context) bulk.Change
}

// AssignmentOfMany is whom cases are given to.
type AssignmentOfMany struct {
	Officer officerOrNone `json:"officer" doc:"Id of the officer, or 'me' to take them; empty hands them back"`
}

func (a AssignmentOfMany) change(ctx context.Context) bulk.Change {
	return bulk.Change{Kind: bulk.Assign, Officer: a.Officer.id(ctx)}
}

// NoteOfMany is one note for many cases.
type NoteOfMany struct {
	Text       string        `json:"text" text:"free" minLength:"1" maxLength:"4000"`
	OccurredOn calendar.Date `json:"occurred_on,omitzero" doc:"Today by default"`
}

func (n NoteOfMany) change(context.Context) bulk.Change {
	return bulk.Change{Kind: bulk.Note, Text: n.Text, On: n.OccurredOn}
}

// FollowUpOfMany is the next day to look at many cases.
type FollowUpOfMany struct {
	On calendar.Date `json:"on,omitzero" doc:"Nothing takes the follow-ups back"`
}

func (f FollowUpOfMany) change(context.Context) bulk.Change {
	return bulk.Change{Kind: bulk.FollowUp, On: f.On}
}

func (a Asked) change(context.Context) bulk.Change {
	return bulk.Change{Kind: bulk.Refer, Ask: bulk.Ask{Kind: a.Kind, To: region.Code(a.To), Service: a.Service,
		AnswerBy: a.AnswerBy, Reason: a.Reason, Message: a.Message}}
}

type assignManyIn struct {
	Body struct {
		PickedCases
		AssignmentOfMany
	}
}

type noteManyIn struct {
	Body struct {
		PickedCases
		NoteOfMany
	}
}

type followUpManyIn struct {
	Body struct {
		PickedCases
		FollowUpOfMany
	}
}

type referManyIn struct {
	Body struct {
		PickedCases
		Asked
	}
}

// manyTime is how long a call of many cases may take.
const manyTime = 20 * time.Second

func registerMany(e *rest.API, s Services) {
	many(e, s, rest.Route{Path: "/v1/cases/assignments", ID: "case-assign-many", Action: authz.CaseTake,
		Summary: "Give up to 500 cases to an officer, take them, or hand them back"},
		func(in *assignManyIn) (PickedCases, asked) { return in.Body.PickedCases, in.Body.AssignmentOfMany })
	many(e, s, rest.Route{Path: "/v1/cases/notes", ID: "case-note-many", Action: authz.CaseNote,
		Summary: "Add the same note to up to 500 cases"},
		func(in *noteManyIn) (PickedCases, asked) { return in.Body.PickedCases, in.Body.NoteOfMany })
	many(e, s, rest.Route{Path: "/v1/cases/follow-ups", ID: "case-follow-up-many", Action: authz.CaseNote,
		Summary: "Set the next date to look at up to 500 cases"},
		func(in *followUpManyIn) (PickedCases, asked) { return in.Body.PickedCases, in.Body.FollowUpOfMany })
	many(e, s, rest.Route{Path: "/v1/cases/referrals", ID: "case-refer-many", Action: authz.ReferralOffer,
		Summary: "Ask another office for a service in up to 500 cases, or to take them"},
		func(in *referManyIn) (PickedCases, asked) { return in.Body.PickedCases, in.Body.Asked })
}

// many registers a route that makes one change of many cases.
func many[I any](e *rest.API, s Services, r rest.Route, read func(*I) (PickedCases, asked)) {
	r.Method, r.Tag, r.Work = http.MethodPost, "cases", manyTime
	r.Description = "A transaction of its own for each case: the answer says what came of each. A call that breaks off " +
		"is sent again with the same key: it goes on where it stopped. More cases, or all that a filter leaves, are " +
		"changed by an order: POST /v1/cases/bulk/…"
	rest.Register(e, r, func(ctx context.Context, in *I) (*manyOut, error) {
		picked, asked := read(in)
		change, free := asked.change(ctx), e.ScopeOf(ctx, authz.CaseAssign)
		done, err := s.Cases.ChangeMany(ctx, rest.Op(ctx), picked.picked(),
			func(ctx context.Context, op authz.Op, p casework.Picked) (casework.State, error) {
				return s.Bulk.Apply(ctx, op, p, change, free)
			})
		if err != nil {
			return nil, err
		}
		return resultsOf(ctx, e, done), nil
	})
}

// resultsOf words what came of each case. Cases that are not there for the caller are on record as asked for.
func resultsOf(ctx context.Context, e *rest.API, done []casework.Done) *manyOut {
	out := &manyOut{}
	out.Body.Items = make([]CaseResult, len(done))
	var missing []uuid.UUID
	for i, d := range done {
		out.Body.Items[i] = resultOf(ctx, e, d)
		switch {
		case d.Refusal == nil:
			out.Body.Changed++
			continue
		case d.Refusal.Kind == fault.NotFound:
			missing = append(missing, uuid.UUID(d.Case))
		}
		out.Body.Refused++
	}
	if len(missing) > 0 {
		e.Refused(ctx, missing...)
	}
	return out
}

func resultOf(ctx context.Context, e *rest.API, d casework.Done) CaseResult {
	if d.Refusal == nil {
		return CaseResult{Case: d.Case.String(), Status: http.StatusOK, Version: d.Version}
	}
	p := e.Problem(ctx, d.Refusal)
	now, _ := strconv.Atoi(d.Refusal.Args["version"]) // none is none
	return CaseResult{Case: d.Case.String(), Status: p.Status, Code: p.Code, Detail: p.Detail, Errors: p.Errors,
		Version: now}
}
