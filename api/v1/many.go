package v1

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
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

type assignManyIn struct {
	Body struct {
		PickedCases
		Officer officerOrNone `json:"officer" doc:"Id of the officer, or 'me' to take them; empty hands them back"`
	}
}

type noteManyIn struct {
	Body struct {
		PickedCases
		Text       string        `json:"text" text:"free" minLength:"1" maxLength:"4000"`
		OccurredOn calendar.Date `json:"occurred_on,omitzero" doc:"Today by default"`
	}
}

type followUpManyIn struct {
	Body struct {
		PickedCases
		On calendar.Date `json:"on,omitzero" doc:"Nothing takes the follow-ups back"`
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
		func(in *assignManyIn) PickedCases { return in.Body.PickedCases },
		func(ctx context.Context, op authz.Op, p casework.Picked, in *assignManyIn) (casework.State, error) {
			return s.Cases.Assign(ctx, op, p.Case, p.Version, casework.Assignment{To: in.Body.Officer.id(ctx),
				Free: e.ScopeOf(ctx, authz.CaseAssign), Works: s.Officers.Works})
		})
	many(e, s, rest.Route{Path: "/v1/cases/notes", ID: "case-note-many", Action: authz.CaseNote,
		Summary: "Add the same note to up to 500 cases"},
		func(in *noteManyIn) PickedCases { return in.Body.PickedCases },
		func(ctx context.Context, op authz.Op, p casework.Picked, in *noteManyIn) (casework.State, error) {
			return s.Cases.Note(ctx, op, p.Case, p.Version, in.Body.Text, in.Body.OccurredOn)
		})
	many(e, s, rest.Route{Path: "/v1/cases/follow-ups", ID: "case-follow-up-many", Action: authz.CaseNote,
		Summary: "Set the next date to look at up to 500 cases"},
		func(in *followUpManyIn) PickedCases { return in.Body.PickedCases },
		func(ctx context.Context, op authz.Op, p casework.Picked, in *followUpManyIn) (casework.State, error) {
			return s.Cases.FollowUp(ctx, op, p.Case, p.Version, in.Body.On)
		})
	many(e, s, rest.Route{Path: "/v1/cases/referrals", ID: "case-refer-many", Action: authz.ReferralOffer,
		Summary: "Ask another office for a service in up to 500 cases, or to take them"},
		func(in *referManyIn) PickedCases { return in.Body.PickedCases },
		func(ctx context.Context, op authz.Op, p casework.Picked, in *referManyIn) (casework.State, error) {
			return refer(ctx, s, track.Target{Op: op, Case: p.Case, Version: p.Version}, in.Body.Asked, nil)
		})
}

// many registers a route that makes one change of many cases.
func many[I any](e *rest.API, s Services, r rest.Route, picked func(*I) PickedCases,
	change func(context.Context, authz.Op, casework.Picked, *I) (casework.State, error)) {
	r.Method, r.Tag, r.Work = http.MethodPost, "cases", manyTime
	r.Description = "A transaction of its own for each case: the answer says what came of each. A call that breaks off " +
		"is sent again with the same key: it goes on where it stopped."
	rest.Register(e, r, func(ctx context.Context, in *I) (*manyOut, error) {
		done, err := s.Cases.ChangeMany(ctx, rest.Op(ctx), picked(in).picked(),
			func(ctx context.Context, op authz.Op, p casework.Picked) (casework.State, error) {
				return change(ctx, op, p, in)
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
		if d.Refusal == nil {
			out.Body.Items[i] = CaseResult{Case: d.Case.String(), Status: http.StatusOK, Version: d.Version}
			out.Body.Changed++
			continue
		}
		out.Body.Refused++
		p := e.Problem(ctx, d.Refusal)
		now, _ := strconv.Atoi(d.Refusal.Args["version"]) // none is none
		out.Body.Items[i] = CaseResult{Case: d.Case.String(), Status: p.Status, Code: p.Code, Detail: p.Detail,
			Errors: p.Errors, Version: now}
		if d.Refusal.Kind == fault.NotFound {
			missing = append(missing, uuid.UUID(d.Case))
		}
	}
	if len(missing) > 0 {
		e.Refused(ctx, missing...)
	}
	return out
}
