package v1

import (
	"context"
	"encoding/binary"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Access is one answer that showed workers, or one refusal.
type Access struct {
	At        time.Time         `json:"at"`
	Officer   string            `json:"officer" format:"uuid"`
	Name      string            `json:"name,omitempty" doc:"Of the officer"`
	Action    string            `json:"action"`
	Route     string            `json:"route"`
	Request   string            `json:"request" doc:"X-Request-Id of the answer"`
	Outcome   accesslog.Outcome `json:"outcome"`
	Emergency string            `json:"emergency,omitempty" doc:"The emergency access under which it was"`
	Subjects  []string          `json:"subjects" nullable:"false" doc:"Cases (or lists) that were shown, as far as they are in my scope"`
}

// Seen is what an officer was shown of one worker.
type Seen struct {
	Case    string    `json:"case" format:"uuid"`
	Region  string    `json:"region"`
	Files   int       `json:"files" doc:"Times the whole file or its history was opened"`
	Lists   int       `json:"lists" doc:"Lines of lists and searches"`
	Exports int       `json:"exports"`
	Answers int       `json:"answers" doc:"All answers that showed the worker"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
}

// Alarm says that an officer was shown unusually many workers within an hour.
type Alarm struct {
	Officer  string              `json:"officer" format:"uuid"`
	Name     string              `json:"name"`
	Hour     time.Time           `json:"hour"`
	Kind     accesslog.AlarmKind `json:"kind"`
	Subjects int                 `json:"subjects"`
	Most     int                 `json:"most" doc:"The limit"`
	RaisedAt time.Time           `json:"raised_at"`
}

// ShownIn chooses what an officer was shown.
type ShownIn struct {
	Officer rest.Param[rest.ID]   `query:"officer" doc:"What this officer was shown"`
	From    rest.Param[time.Time] `query:"from"`
	Until   rest.Param[time.Time] `query:"until"`
}

func (in *ShownIn) filter() accesslog.Filter {
	return accesslog.Filter{Officer: idOf[authz.OfficerID](in.Officer), From: in.From.Get(), Until: in.Until.Get()}
}

type accessIn struct {
	rest.PageIn
	ShownIn
	Case rest.Param[rest.ID] `query:"case" doc:"Who was shown this case's worker"`
}

type seenIn struct {
	rest.PageIn
	ShownIn
}

type accessOut struct {
	Body struct {
		Items      []Access `json:"items" nullable:"false"`
		NextCursor string   `json:"next_cursor,omitempty"`
	}
}

type seenOut struct {
	Body struct {
		Items      []Seen `json:"items" nullable:"false"`
		NextCursor string `json:"next_cursor,omitempty"`
	}
}

type alarmsIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type alarmsOut struct {
	Body struct {
		Items []Alarm `json:"items" nullable:"false"`
	}
}

func registerAccess(e *rest.API, s Services) {
	const tag = "audit"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/access", ID: "access-list", Tag: tag,
		Summary: "Who was shown a worker, or what an officer was shown; newest first",
		Action:  authz.AccessRead, Shows: rest.Called, Names: true},
		func(ctx context.Context, in *accessIn) (*accessOut, error) { return listAccess(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/access/seen", ID: "access-seen", Tag: tag,
		Summary:     "Report on a breach: every worker whom an officer was shown",
		Description: "For telling those concerned within 3 x 24 hours (UU 27/2022 art. 46).", Action: authz.AccessRead,
		Shows: rest.Called, Names: true, Work: time.Minute, Timeout: 2 * time.Minute},
		func(ctx context.Context, in *seenIn) (*seenOut, error) { return listSeen(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/access/alarms", ID: "access-alarms", Tag: tag,
		Summary: "Alarms over mass reading, newest first",
		Action:  authz.AccessRead, Shows: rest.Called}, func(ctx context.Context, in *alarmsIn) (*alarmsOut, error) {
		found, err := s.Access.ListAlarms(ctx, rest.Scope(ctx), in.Limit)
		out := &alarmsOut{}
		out.Body.Items = make([]Alarm, len(found))
		for i, a := range found {
			out.Body.Items[i] = Alarm{a.Officer.String(), a.Name, a.Hour, a.Kind, a.Subjects, a.Most, a.RaisedAt}
		}
		return out, err
	})
}

func listAccess(ctx context.Context, e *rest.API, s Services, in *accessIn) (*accessOut, error) {
	f := in.filter()
	f.Subject, f.Limit = idOf[uuid.UUID](in.Case), in.Limit+1
	if f.Subject == nil && f.Officer == nil {
		return nil, fault.New(fault.Invalid, "access.of_whom").At("case")
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	if at != nil {
		f.After = int64(binary.BigEndian.Uint64(at))
	}
	found, err := s.Access.ListAccess(ctx, rest.Scope(ctx), f)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found,
		func(r accesslog.Record) []byte { return binary.BigEndian.AppendUint64(nil, uint64(r.ID)) })
	out := &accessOut{}
	out.Body.Items, out.Body.NextCursor = make([]Access, len(found)), next
	for i, r := range found {
		out.Body.Items[i] = accessOf(r)
	}
	return out, nil
}

func accessOf(r accesslog.Record) Access {
	a := Access{At: r.At, Officer: r.Officer.String(), Name: r.Name, Action: string(r.Action), Route: r.Route,
		Request: r.Request, Outcome: r.Outcome, Subjects: make([]string, len(r.Subjects))}
	if r.Emergency != uuid.Nil {
		a.Emergency = r.Emergency.String()
	}
	for i, id := range r.Subjects {
		a.Subjects[i] = id.String()
	}
	return a
}

func listSeen(ctx context.Context, e *rest.API, s Services, in *seenIn) (*seenOut, error) {
	f := in.filter()
	f.Limit = in.Limit + 1
	if f.Officer == nil {
		return nil, fault.New(fault.Invalid, "access.of_officer").At("officer")
	}
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	found, err := s.Access.ListSeen(ctx, rest.Scope(ctx), *f.Officer, f, after)
	if err != nil {
		return nil, err
	}
	found, next := rest.Next(ctx, e, in.PageIn, found, func(w accesslog.Seen) []byte { return w.Case[:] })
	out := &seenOut{}
	out.Body.Items, out.Body.NextCursor = make([]Seen, len(found)), next
	for i, w := range found {
		out.Body.Items[i] = Seen{w.Case.String(), w.Region, w.Files, w.Lists, w.Exports, w.InAnswer, w.First, w.Last}
	}
	return out, nil
}
