package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
)

func (c *Console) registerAccount() {
	c.page(http.MethodGet, "/akun", "page-account", "session-get", func(v *visit) error {
		return v.account(http.StatusOK, "")
	})
	c.page(http.MethodPost, "/akun/sandi", "page-password", "session-password", (*visit).changePassword)
	c.page(http.MethodPost, "/akun/sesi/{session}", "page-session-end", "session-end-one", (*visit).endSession)
	c.page(http.MethodPost, "/akun/pakai", "page-session-use", "session-get", func(v *visit) error {
		v.w.Header().Set("X-Session-Seconds", strconv.Itoa(v.secondsLeft())) // being let in was the use
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	})
	c.page(http.MethodGet, "/masuk/kode", "page-setup", "", func(v *visit) error {
		v.render(http.StatusOK, "setup", v.T("console.setup"), setup{})
		return nil
	})
	c.page(http.MethodPost, "/masuk/kode", "page-setup", "", (*visit).setUp)
	account := thing{path: "/akun", id: "account", get: "mail-get"}
	c.formOf(account, "/akun/buat/mail-choose", "mail-choose")
	c.formOf(thing{path: "/cari", id: "emergency"}, "/darurat", "emergency-open")
}

// secondsLeft is how long the session lasts when nothing more is done in it.
func (v *visit) secondsLeft() int {
	return int(v.actor.SessionUntil.Sub(v.Edge.Clock.Now()).Seconds())
}

// urgent is the emergency access that runs, as every page says it.
type urgent struct{ Region, Until string }

func (v *visit) emergency() *urgent {
	if v.actor.EmergencyUntil.IsZero() || !v.Edge.Clock.Now().Before(v.actor.EmergencyUntil) {
		return nil
	}
	u := &urgent{Until: v.clockAt(v.actor.EmergencyUntil)}
	for _, g := range v.actor.Grants {
		if g.Role == authz.Emergency {
			u.Region = v.Region(string(g.Region))
		}
	}
	return u
}

// heldSession is one of the visitor's sessions.
type heldSession struct {
	ID                       string
	Created, Seen, Ends      string
	Current                  bool
	CreatedAt, SeenAt, EndAt time.Time
}

// account is who the visitor is, what they may do where, their sessions and their password.
func (v *visit) account(status int, said string) error {
	var session struct {
		Name, Office string
		OfficeName   string `json:"office_name"`
		Rights       []struct {
			Action  string
			Regions []string
		}
	}
	if _, err := v.get("/v1/session", nil, &session); err != nil {
		return err
	}
	held, err := v.sessions()
	if err != nil {
		return err
	}
	title := v.T("console.account")
	if said != "" {
		title = v.T("console.error") + ": " + title
	}
	done := map[string]string{"dropped": "console.done_dropped", "ended": "console.session_was_ended"}
	data := struct {
		Name, Office, Email, Said, Done string
		Sessions                        []heldSession
		Rights                          table
		Links                           []link
	}{session.Name, session.OfficeName, v.actor.Email, said, v.done(), held, v.myRoles(),
		v.can("/akun", []string{"mail-choose"})}
	if data.Office == "" {
		data.Office = v.officeName()
	}
	if code := done[v.r.URL.Query().Get("selesai")]; code != "" {
		data.Done = v.T(code)
	}
	if v.may(authz.EmergencyOpen) {
		data.Links = append(data.Links, link{Text: v.wordsOf("emergency-open"), Path: "/darurat"})
	}
	v.render(status, "account", title, data)
	return nil
}

func (v *visit) sessions() ([]heldSession, error) {
	var list struct {
		Items []struct {
			ID        string
			CreatedAt string `json:"created_at"`
			SeenAt    string `json:"last_seen_at"`
			ExpiresAt string `json:"expires_at"`
			Current   bool
		}
	}
	if _, err := v.get("/v1/sessions", nil, &list); err != nil {
		return nil, err
	}
	out := make([]heldSession, len(list.Items))
	for i, s := range list.Items {
		out[i] = heldSession{ID: s.ID, Created: v.moment(s.CreatedAt), Seen: v.moment(s.SeenAt), Ends: v.moment(s.ExpiresAt),
			Current: s.Current}
	}
	return out, nil
}

// myRoles are the roles of the visitor, and where each holds.
func (v *visit) myRoles() table {
	t := table{Heads: []string{v.Label("role"), v.Label("region"), v.Label("until")}, Empty: v.T("console.no_grants")}
	for _, g := range v.actor.Grants {
		until := ""
		if !g.Until.IsZero() {
			until = v.Day(g.Until.String())
		}
		t.add(row{Cells: []cell{{Text: v.Code("authz.role", string(g.Role))}, {Text: v.Region(string(g.Region))},
			{Text: until}}})
	}
	return t
}

// officeName is what the office of the visitor is called on paper.
func (v *visit) officeName() string {
	if v.actor.Office == "" {
		return v.T("console.ministry")
	}
	return v.T("console.office_of", "region", v.Region(string(v.actor.Office)))
}

func (v *visit) changePassword() error {
	f := v.r.PostForm
	if f.Get("next") != f.Get("again") {
		return v.account(http.StatusUnprocessableEntity, v.T("console.password_differs"))
	}
	a, err := v.post(http.MethodPost, "/v1/session/password", map[string]string{"present": f.Get("present"),
		"next": f.Get("next")})
	if err != nil {
		return v.sayOr(a, err, v.account)
	}
	v.signedOut()
	return v.see("/masuk?selesai=sandi")
}

// sayOr says a refusal on the page of its form.
func (v *visit) sayOr(a *answer, err error, page func(int, string) error) error {
	var no refusal
	if !errors.As(err, &no) || a == nil || no.Code == "session.invalid" {
		return err
	}
	said := no.Detail
	if len(no.Errors) > 0 {
		said = no.Errors[0].Detail
	}
	return page(no.status, said)
}

// signedOut takes away what the browser holds of a session.
func (v *visit) signedOut() {
	v.setCookie(sessionCookie, "", -1)
	v.w.Header().Set("Clear-Site-Data", `"cache"`)
}

// endSession ends one of the visitor's sessions; with the present one they are signed out.
func (v *visit) endSession() error {
	if _, err := v.ask(http.MethodDelete, fill("/v1/sessions/{id}", map[string]string{"id": v.at("session")}), "",
		nil); err != nil {
		return err
	}
	if v.r.PostForm.Get("current") != "" {
		v.signedOut()
		return v.see("/masuk")
	}
	return v.see("/akun?selesai=ended")
}

// setup is the page on which an officer sets their first password, with the code that an administrator was shown.
type setup struct{ Email, Said string }

func (v *visit) setUp() error {
	f := v.r.PostForm
	again := func(status int, said string) error {
		v.render(status, "setup", v.T("console.error")+": "+v.T("console.setup"), setup{f.Get("email"), said})
		return nil
	}
	if f.Get("next") != f.Get("again") {
		return again(http.StatusUnprocessableEntity, v.T("console.password_differs"))
	}
	a, err := v.post(http.MethodPost, "/v1/session/setup", map[string]string{"email": f.Get("email"),
		"code":     f.Get("code"),
		"password": f.Get("next")})
	if err != nil {
		return v.sayOr(a, err, again)
	}
	return v.see("/masuk?" + url.Values{"selesai": {"sandi"}}.Encode())
}
