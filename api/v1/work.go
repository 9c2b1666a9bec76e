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
	"github.com/tanggap/tanggap/pkg/track"
)

// WorkItem is one thing to do in a case by a day.
type WorkItem struct {
	Kind    string        `json:"kind"`
	For     string        `json:"for,omitempty" doc:"Which deadline"`
	Part    string        `json:"part,omitempty" doc:"Id of the part of the case that it is about"`
	DueOn   calendar.Date `json:"due_on"`
	Overdue bool          `json:"overdue,omitempty"`
	Case    Row           `json:"case"`
}

// TasksIn chooses what is to be done: for the list, and for its counts.
type TasksIn struct {
	RegionIn
	Officer rest.Param[who]            `query:"officer" doc:"Cases of this officer; 'me' for my own"`
	Kind    rest.Param[track.TaskKind] `query:"kind"`
	Until   rest.Param[calendar.Date]  `query:"until" doc:"Last due day; thirty days from today by default"`
}

type workIn struct {
	rest.PageIn
	TasksIn
}

type workOut struct {
	Body struct {
		Items      []WorkItem `json:"items" nullable:"false" doc:"The earliest day first"`
		NextCursor string     `json:"next_cursor,omitempty"`
	}
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *workOut) Subjects() []uuid.UUID { return o.subjects }

// WorkCount is how much of a kind there is.
type WorkCount struct {
	Kind    string `json:"kind"`
	Overdue int    `json:"overdue"`
	Due     int    `json:"due" doc:"Today or later"`
}

type workCountsOut struct {
	Body struct {
		Items   []WorkCount `json:"items" nullable:"false"`
		Overdue int         `json:"overdue"`
		Due     int         `json:"due"`
	}
}

type remindersIn struct {
	RegionIn
	From rest.Param[calendar.Date] `query:"from" doc:"Seven days ago by default"`
}

// Reminder is what an office had to do on a morning.
type Reminder struct {
	Region  string        `json:"region"`
	On      calendar.Date `json:"on"`
	Kind    string        `json:"kind"`
	Overdue int           `json:"overdue"`
	Due     int           `json:"due" doc:"On that day"`
}

type remindersOut struct {
	Body struct {
		Items []Reminder `json:"items" nullable:"false"`
	}
}

// The days that a work list and the reminders look at by default.
const (
	workDays     = 30
	reminderDays = 7
)

func registerWork(e *rest.API, s Services) {
	const tag = "work"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/work", ID: "work-list", Tag: tag,
		Summary: "What has to be done by when, the earliest day first", Action: authz.WorkRead, Shows: rest.Listed},
		func(ctx context.Context, in *workIn) (*workOut, error) { return listWork(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/work/counts", ID: "work-counts", Tag: tag,
		Summary: "How much is overdue and due, per kind", Action: authz.WorkRead},
		func(ctx context.Context, in *TasksIn) (*workCountsOut, error) { return countWork(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/work/reminders", ID: "work-reminders", Tag: tag,
		Summary: "What your offices had to do on each morning", Action: authz.WorkRead},
		func(ctx context.Context, in *remindersIn) (*remindersOut, error) { return listReminders(ctx, s, in) })
}

// workFilter gives the filter with the scope and the day that it is looked at.
func workFilter(ctx context.Context, s Services,
	in *TasksIn) (f track.WorkFilter, scope authz.Scope, today calendar.Date, err error) {
	if scope, err = in.scope(ctx, s); err != nil {
		return f, scope, today, err
	}
	today = s.Cases.Today(rest.Caller(ctx).Office)
	f = track.WorkFilter{Kind: in.Kind.Get(), Officer: officerOfWho(ctx, in.Officer), Until: today.AddDays(workDays)}
	if until := in.Until.Get(); until != nil {
		f.Until = *until
	}
	return f, scope, today, nil
}

func listWork(ctx context.Context, e *rest.API, s Services, in *workIn) (*workOut, error) {
	f, scope, today, err := workFilter(ctx, s, &in.TasksIn)
	if err != nil {
		return nil, err
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	if at != nil {
		var of uuid.UUID
		if err := json.Unmarshal(at, &[]any{&f.After.Task, &f.After.For, &of}); err != nil {
			return nil, err
		}
		f.After.Case.ID = casework.ID(of)
	}
	f.Limit = in.Limit + 1
	list, err := s.Work.Work(ctx, scope, f)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(w track.WorkItem) []byte {
		position, _ := json.Marshal([]any{w.Task, w.For, uuid.UUID(w.Case.ID)}) // of texts and dates
		return position
	})
	out := &workOut{}
	out.Body.Items, out.Body.NextCursor = make([]WorkItem, len(list)), next
	for i, w := range list {
		out.Body.Items[i] = WorkItem{Kind: string(w.Kind), For: w.For, Part: idText(w.Part), DueOn: w.DueOn,
			Overdue: w.DueOn.Before(today), Case: rowsOf([]casework.Row{w.Case})[0]}
		out.subjects = append(out.subjects, uuid.UUID(w.Case.ID))
	}
	return out, nil
}

func countWork(ctx context.Context, s Services, in *TasksIn) (*workCountsOut, error) {
	f, scope, today, err := workFilter(ctx, s, in)
	if err != nil {
		return nil, err
	}
	list, err := s.Work.CountWork(ctx, scope, f, today)
	if err != nil {
		return nil, err
	}
	out := &workCountsOut{}
	out.Body.Items = make([]WorkCount, len(list))
	for i, n := range list {
		out.Body.Items[i] = WorkCount{Kind: string(n.Kind), Overdue: n.Overdue, Due: n.Due}
		out.Body.Overdue, out.Body.Due = out.Body.Overdue+n.Overdue, out.Body.Due+n.Due
	}
	return out, nil
}

func listReminders(ctx context.Context, s Services, in *remindersIn) (*remindersOut, error) {
	scope, err := in.scope(ctx, s)
	if err != nil {
		return nil, err
	}
	from := s.Cases.Today(rest.Caller(ctx).Office).AddDays(-reminderDays)
	if asked := in.From.Get(); asked != nil {
		from = *asked
	}
	list, err := s.Work.Reminders(ctx, scope, from)
	if err != nil {
		return nil, err
	}
	out := &remindersOut{}
	out.Body.Items = make([]Reminder, len(list))
	for i, r := range list {
		out.Body.Items[i] = Reminder{Region: r.Region, On: r.On, Kind: string(r.Kind), Overdue: r.Overdue, Due: r.Due}
	}
	return out, nil
}
