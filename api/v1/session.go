package v1

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
)

// Session is a signed-in officer and what they may do.
type Session struct {
	Token     string     `json:"token,omitempty" doc:"Send as Authorization: Bearer …; shown only here"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"The session ends then at the latest, and after 30 minutes without use"`
	Officer   string     `json:"officer" format:"uuid"`
	Name      string     `json:"name"`
	Office    string     `json:"office" doc:"Region code of the office; empty for the ministry"`
	Rights    []Right    `json:"rights" nullable:"false"`
}

// Right is an action and the regions in which it is allowed; the empty code is the nation.
type Right struct {
	Action  string   `json:"action"`
	Regions []string `json:"regions" nullable:"false"`
}

type sessionOut struct {
	Body Session
}

type signInIn struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type passwordIn struct {
	Body struct {
		Present string `json:"present" maxLength:"1024"`
		Next    string `json:"next" maxLength:"1024" doc:"12 to 256 characters, and nothing that would be guessed: see policies/security.md"`
	}
}

type confirmIn struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Body          struct {
		Password string `json:"password" maxLength:"1024"`
	}
}

type setupIn struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Code     string `json:"code" maxLength:"64" doc:"The one-time code that an administrator was shown"`
		Password string `json:"password" maxLength:"1024" doc:"12 to 256 characters, and nothing that would be guessed: see policies/security.md"`
	}
}

type tokenIn struct {
	Authorization string `header:"Authorization" hidden:"true"`
}

// mostSignIn is how much anybody may send to sign in; whileHashing leaves what takes a password time for its turn.
const (
	mostSignIn   = 32 << 10
	whileHashing = 15 * time.Second
)

// none is an answer without a body.
type none struct{}

func registerSessions(e *rest.API, s Services) {
	const tag = "session"
	sessions := s.Officers.Sessions
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/session", Work: whileHashing, ID: "session-start",
		Tag: tag, Summary: "Sign in", Public: true,
		NoKey: true, MaxBody: mostSignIn, Status: http.StatusCreated},
		func(ctx context.Context, in *signInIn) (*sessionOut, error) {
			return started(e)(sessions.SignIn(ctx, in.Body.Email, in.Body.Password, rest.Address(ctx)))
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/session/setup", Work: whileHashing,
		ID: "session-setup", Tag: tag, Summary: "Set my password with a one-time code", Public: true, MaxBody: mostSignIn,
		Description: "For a new officer, and for one whose password an administrator ended. Then sign in.", NoKey: true,
		Status: http.StatusNoContent},
		func(ctx context.Context, in *setupIn) (*none, error) {
			return &none{}, sessions.Setup(ctx, in.Body.Email, in.Body.Code, in.Body.Password, rest.Address(ctx))
		})
	registerOwnSessions(e, s)
	rest.Register(e, rest.Route{Method: http.MethodDelete, Path: "/v1/session", ID: "session-end", Tag: tag,
		Summary: "Sign out",
		Action:  authz.SessionManage, Status: http.StatusNoContent}, func(ctx context.Context, in *tokenIn) (*none, error) {
		return &none{}, sessions.SignOut(ctx, bearer(in.Authorization))
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/session/confirmation", Work: whileHashing,
		ID: "session-confirm", Tag: tag, Summary: "Give my password again, for what needs it fresh: five minutes",
		Description: "The session goes on under the token of the answer; the one of the request has ended.",
		Action:      authz.SessionManage, NoKey: true},
		func(ctx context.Context, in *confirmIn) (*sessionOut, error) {
			return started(e)(sessions.Confirm(ctx, rest.Caller(ctx), bearer(in.Authorization), in.Body.Password,
				rest.Address(ctx)))
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/session/password", Work: whileHashing,
		ID: "session-password", Tag: tag, Summary: "Change my password; ends all my sessions",
		Action: authz.SessionManage, NoKey: true, Status: http.StatusNoContent},
		func(ctx context.Context, in *passwordIn) (*none, error) {
			return &none{}, sessions.ChangePassword(ctx, rest.Caller(ctx), in.Body.Present, in.Body.Next, rest.Address(ctx))
		})
}

func bearer(header string) string { return strings.TrimPrefix(header, "Bearer ") }

// started answers with a session and its new token.
func started(e *rest.API) func(officer.Session, error) (*sessionOut, error) {
	return func(session officer.Session, err error) (*sessionOut, error) {
		if err != nil {
			return nil, err
		}
		out := sessionOf(e, session.Actor)
		out.Token, out.ExpiresAt = session.Token, &session.ExpiresAt
		return &sessionOut{out}, nil
	}
}

func sessionOf(e *rest.API, a authz.Actor) Session {
	out := Session{Officer: a.Officer.String(), Name: a.Name, Office: string(a.Office), Rights: []Right{}}
	now := e.Clock.Now()
	for _, action := range authz.Actions() {
		scope := authz.ScopeOf(e.Matrix, a.Grants, action, now)
		if scope.Empty() {
			continue
		}
		right := Right{Action: string(action)}
		for _, code := range scope.Regions() {
			right.Regions = append(right.Regions, string(code))
		}
		out.Rights = append(out.Rights, right)
	}
	return out
}
