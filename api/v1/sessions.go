package v1

import (
	"context"
	"net/http"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/officer"
)

// HeldSession is one of the sessions that I have.
type HeldSession struct {
	ID         string    `json:"id" format:"uuid"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at" doc:"To the minute"`
	ExpiresAt  time.Time `json:"expires_at"`
	Current    bool      `json:"current" doc:"The one that asks"`
}

type heldOut struct {
	Body struct {
		Items []HeldSession `json:"items" nullable:"false" doc:"The one used last first"`
	}
}

type sessionIn struct {
	ID string `path:"id" maxLength:"36"`
}

// Me is a signed-in officer with what a screen needs to begin.
type Me struct {
	Session
	OfficeName string `json:"office_name"`
	Zone       string `json:"zone" doc:"Whose days count: WIB, WITA or WIT"`
	Language   string `json:"language" doc:"Of this answer: id or en, from Accept-Language"`
}

type meOut struct {
	Body Me
}

func registerOwnSessions(e *rest.API, s Services) {
	const tag = "session"
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/session", ID: "session-get", Tag: tag,
		Summary: "Who am I, and what may I do where", Action: authz.SessionManage},
		func(ctx context.Context, _ *struct{}) (*meOut, error) {
			actor := rest.Caller(ctx)
			out := &meOut{Me{Session: sessionOf(e, actor), Language: rest.Language(ctx),
				Zone: string(casework.ZoneOf(actor.Office))}}
			offices, err := s.Officers.Store.ListOffices(ctx, officer.Filter{Office: &actor.Office})
			if err == nil && len(offices) > 0 && offices[0].Region == actor.Office { // in the order of their codes
				out.Body.OfficeName = offices[0].Name
			}
			return out, err
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/sessions", ID: "session-list", Tag: tag,
		Summary: "My sessions that are not over", Action: authz.SessionManage},
		func(ctx context.Context, in *tokenIn) (*heldOut, error) {
			held, err := s.Officers.Sessions.Held(ctx, rest.Caller(ctx).Officer, bearer(in.Authorization))
			out := &heldOut{}
			out.Body.Items = make([]HeldSession, len(held))
			for i, h := range held {
				out.Body.Items[i] = HeldSession{h.ID.String(), h.CreatedAt, h.LastSeenAt, h.ExpiresAt, h.Own}
			}
			return out, err
		})
	rest.Register(e, rest.Route{Method: http.MethodDelete, Path: "/v1/sessions/{id}", ID: "session-end-one", Tag: tag,
		Summary: "End one of my sessions", Action: authz.SessionManage, Status: http.StatusNoContent},
		func(ctx context.Context, in *sessionIn) (*none, error) {
			id, err := parsedID(in.ID, officer.SessionNotFound())
			if err == nil {
				err = s.Officers.Sessions.End(ctx, rest.Caller(ctx).Officer, id)
			}
			return &none{}, err
		})
}
