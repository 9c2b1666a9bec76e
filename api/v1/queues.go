package v1

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Queue is what waits for a right that the caller has, in one region.
type Queue struct {
	Queue  track.Queue `json:"queue"`
	Region string      `json:"region,omitempty" doc:"Left out: the country, or all regions of the right at once"`
	Count  *int        `json:"count,omitempty" doc:"Left out where counting is as dear as reading the list"`
	List   string      `json:"list" doc:"The path that lists it"`
}

type queuesOut struct {
	Body struct {
		Items []Queue `json:"items" nullable:"false"`
	}
}

// Void is an entry that one officer asked to be voided, and another one has to.
type Void struct {
	Case    string        `json:"case" format:"uuid"`
	Region  string        `json:"region"`
	Entry   int           `json:"entry" doc:"Number of the entry in the history of the case"`
	Kind    string        `json:"kind"`
	AskedBy string        `json:"asked_by" format:"uuid"`
	AskedOn calendar.Date `json:"asked_on"`
	Reason  string        `json:"reason"`
}

type voidsIn struct {
	rest.PageIn
	RegionIn
}

type voidsOut struct {
	Body struct {
		Items      []Void `json:"items" nullable:"false"`
		NextCursor string `json:"next_cursor,omitempty"`
	}
}

// queue is where a queue is listed, and the right that works it off.
type queue struct {
	name     track.Queue
	right    authz.Action
	list     string
	regional bool // the list takes a region
}

// always is a day after every day that something is due on.
const always = "2099-12-31"

var queues = []queue{
	{track.DecisionQueue, authz.ClaimDecide, "/v1/work?kind=" + string(track.TaskDecision) + "&until=" + always, true},
	{track.PaymentQueue, authz.ClaimPay, "/v1/payments?limit=50", true},
	{track.VacancyQueue, authz.VacancyVerify, "/v1/vacancies?state=reported", true},
	{track.ReferralQueue, authz.ReferralAnswer, "/v1/referrals?direction=incoming&state=offered", false},
	{track.ExportQueue, authz.ExportApprove, "/v1/exports/awaiting", false},
	{track.ErasureQueue, authz.ErasureApprove, "/v1/work?kind=" + string(track.TaskErasure) + "&until=" + always, true},
	{track.VoidQueue, authz.EntryReverse, "/v1/voids?limit=50", true},
	{track.DuplicateQueue, authz.CaseMerge, "/v1/duplicates?limit=50", true},
}

func registerQueues(e *rest.API, s Services) {
	const tag = "work"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/queues", ID: "queue-list", Tag: tag,
		Summary: "What waits for each right that you have, with its count and its list", Action: authz.OfficeRead},
		func(ctx context.Context, _ *struct{}) (*queuesOut, error) { return listQueues(ctx, e, s) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/voids", ID: "void-list", Tag: tag,
		Summary: "Entries about money that somebody asked to be voided and that wait for a second officer",
		Action:  authz.EntryReverse},
		func(ctx context.Context, in *voidsIn) (*voidsOut, error) { return listVoids(ctx, e, s, in) })
}

func listQueues(ctx context.Context, e *rest.API, s Services) (*queuesOut, error) {
	out := &queuesOut{}
	out.Body.Items = []Queue{}
	for _, q := range queues {
		scope := e.ScopeOf(ctx, q.right)
		for _, part := range q.parts(scope) {
			n, err := s.waiting(ctx, q.name, part.scope)
			if err != nil {
				return nil, err
			}
			item := Queue{Queue: q.name, Region: string(part.region), Count: n, List: q.list}
			if part.region != "" {
				item.List += "&region=" + item.Region
			}
			out.Body.Items = append(out.Body.Items, item)
		}
	}
	return out, nil
}

type queuePart struct {
	region region.Code
	scope  authz.Scope
}

// parts are the regions in which a right is held, one by one where the list takes a region.
func (q queue) parts(scope authz.Scope) (list []queuePart) {
	switch {
	case scope.Empty():
	case !q.regional:
		list = append(list, queuePart{"", scope})
	default:
		for _, code := range scope.Regions() {
			list = append(list, queuePart{code, authz.ScopeOver(code)})
		}
	}
	return list
}

// waiting counts a queue as its list would show it; nil for what is not counted.
func (s Services) waiting(ctx context.Context, q track.Queue, scope authz.Scope) (*int, error) {
	n := 0
	var err error
	switch q {
	case track.DecisionQueue:
		n, err = s.tasksWaiting(ctx, track.TaskDecision, scope)
	case track.ErasureQueue:
		n, err = s.tasksWaiting(ctx, track.TaskErasure, scope)
	case track.ExportQueue:
		op := rest.Op(ctx)
		op.Scope = scope
		list, failed := s.Exports.Awaiting(ctx, op)
		n, err = len(list), failed
	case track.DuplicateQueue:
		return nil, nil
	case track.PaymentQueue, track.VacancyQueue, track.ReferralQueue, track.VoidQueue:
		n, err = s.Work.CountQueue(ctx, scope, q)
	}
	return &n, err
}

func (s Services) tasksWaiting(ctx context.Context, kind track.TaskKind, scope authz.Scope) (n int, err error) {
	f := track.WorkFilter{Kind: &kind, Until: calendar.MustDate(always)}
	counts, err := s.Work.CountWork(ctx, scope, f, s.Cases.Today(rest.Caller(ctx).Office))
	for _, c := range counts {
		n += c.Overdue + c.Due
	}
	return n, err
}

func listVoids(ctx context.Context, e *rest.API, s Services, in *voidsIn) (*voidsOut, error) {
	scope, err := in.scope(ctx, s)
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after track.VoidAsked
	if at != nil {
		var of uuid.UUID
		if err := json.Unmarshal(at, &[]any{&of, &after.Seq}); err != nil {
			return nil, err
		}
		after.Case = casework.ID(of)
	}
	list, err := s.Work.Voids(ctx, scope, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(v track.VoidAsked) []byte {
		position, _ := json.Marshal([]any{uuid.UUID(v.Case), v.Seq}) // of texts and numbers
		return position
	})
	out := &voidsOut{}
	out.Body.NextCursor = next
	out.Body.Items = listed(list, func(v track.VoidAsked) Void {
		return Void{Case: v.Case.String(), Region: string(v.Region), Entry: v.Entry, Kind: string(v.Kind),
			AskedBy: uuid.UUID(v.By).String(), AskedOn: v.On, Reason: v.Reason}
	})
	return out, nil
}
