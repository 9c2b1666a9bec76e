package v1

import (
	"context"
	"net/http"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/mail"
)

// MailChoice is how an officer wants the mail of the morning.
type MailChoice struct {
	Wanted   bool          `json:"wanted" doc:"Once a day, when something is due or waits; numbers only"`
	Language mail.Language `json:"language"`
}

type mailChoiceIn struct{ Body MailChoice }

type mailChoiceOut struct{ Body MailChoice }

func registerMail(e *rest.API, s Services) {
	route := rest.Route{Method: http.MethodGet, Path: "/v1/session/mail", ID: "mail-get", Tag: "session",
		Summary: "Whether and in which language I am reminded by mail", Action: authz.SessionManage}
	rest.Register(e, route, func(ctx context.Context, _ *struct{}) (*mailChoiceOut, error) {
		c, err := s.Mail.MailChoice(ctx, rest.Caller(ctx).Officer)
		return &mailChoiceOut{MailChoice{Wanted: c.Wanted, Language: c.Language}}, err
	})
	route.Method, route.ID, route.NoKey = http.MethodPost, "mail-choose", true
	route.Summary = "Say whether and in which language I am reminded by mail"
	rest.Register(e, route, func(ctx context.Context, in *mailChoiceIn) (*mailChoiceOut, error) {
		c := mail.Choice{Language: in.Body.Language, Wanted: in.Body.Wanted}
		return &mailChoiceOut{in.Body}, s.Mail.ChooseMail(ctx, rest.Caller(ctx).Officer, c)
	})
}
