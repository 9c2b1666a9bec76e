package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tanggap/tanggap/api/rest"
)

// The cookies: the session, which no script can read and no other site can send along, and the language.
const (
	sessionCookie  = "__Host-sesi"
	languageCookie = "bahasa"
)

// heldFor is how long a form waits for its sender to sign in again.
const heldFor = 12 * time.Hour

func tokenOf(r *http.Request) string {
	if c, err := r.Cookie(sessionCookie); err == nil {
		return c.Value
	}
	return ""
}

func languageOf(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && (c.Value == "en" || c.Value == "id") {
		return c.Value
	}
	return rest.Language(r.Context())
}

func (v *visit) setCookie(name, value string, age int) {
	http.SetCookie(v.w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode})
}

func (c *Console) registerSession() {
	c.page(http.MethodGet, "/", "page-start", "session-get", func(v *visit) error {
		for _, l := range v.nav() {
			return v.see(l.Path)
		}
		return v.see("/akun")
	})
	c.page(http.MethodGet, "/masuk", "page-sign-in", "", func(v *visit) error {
		s := signIn{To: inner(v.r.URL.Query().Get("ke"))}
		if v.r.URL.Query().Get("selesai") != "" {
			s.Done = v.T("console.password_set")
		}
		return v.signInPage(http.StatusOK, s)
	})
	c.page(http.MethodPost, "/masuk", "page-sign-in", "", (*visit).signIn)
	c.page(http.MethodPost, "/keluar", "page-sign-out", "", func(v *visit) error {
		if v.token != "" { // who has no session is out already
			_, _ = v.ask(http.MethodDelete, "/v1/session", "", nil)
		}
		v.setCookie(sessionCookie, "", -1)
		v.w.Header().Set("Clear-Site-Data", `"cache"`)
		return v.see("/masuk")
	})
	c.page(http.MethodPost, "/bahasa", "page-language", "", func(v *visit) error {
		v.setCookie(languageCookie, v.r.PostForm.Get("bahasa"), 365*24*3600)
		return v.see(inner(v.r.PostForm.Get("ke")))
	})
	c.registerAccount()
}

// signIn is what the page of signing in carries.
type signIn struct {
	To, Held, Email string
	Said            string // what went wrong
	Done            string // what was done just before
	Waits           bool   // a form that is held
}

// held is a form whose sender has to sign in first.
type held struct {
	Officer string
	Path    string
	Form    url.Values
}

func (v *visit) signInPage(status int, s signIn) error {
	s.Waits = s.Held != ""
	v.render(status, "signin", v.T("console.sign_in"), s)
	return nil
}

// askToSignIn keeps what was typed, sealed, for whoever it was typed by.
func (v *visit) askToSignIn() {
	if v.r.Method != http.MethodPost || v.route.Public || v.r.MultipartForm != nil {
		if v.r.Method == http.MethodGet && v.token == "" {
			_ = v.see("/masuk?ke=" + url.QueryEscape(v.r.URL.RequestURI()))
			return
		}
		_ = v.signInPage(http.StatusUnauthorized, signIn{To: inner(v.r.URL.Path), Said: v.T("console.session_ended")})
		return
	}
	var of string
	v.open("officer", v.r.PostForm.Get("_for"), &of)
	sealed := v.close("form", heldFor, held{of, v.r.URL.RequestURI(), v.r.PostForm})
	_ = v.signInPage(http.StatusUnauthorized, signIn{Held: sealed, Said: v.T("console.session_ended")})
}

// signIn starts a session, and carries on with what was held for its officer.
func (v *visit) signIn() error {
	f := v.r.PostForm
	s := signIn{To: inner(f.Get("ke")), Held: f.Get("_held"), Email: f.Get("email")}
	var session struct{ Token, Officer string }
	a, err := v.post(http.MethodPost, "/v1/session", map[string]string{"email": s.Email, "password": f.Get("password")})
	if err != nil {
		var no refusal
		if !errors.As(err, &no) {
			return err
		}
		s.Said = no.Detail
		return v.signInPage(a.Status, s)
	}
	if err := decode(a.Body, &session); err != nil {
		return err
	}
	v.setCookie(sessionCookie, session.Token, 0)
	var h held
	switch {
	case s.Held == "" || !v.open("form", s.Held, &h):
		return v.see(s.To)
	case h.Officer != session.Officer:
		return v.see("/akun?selesai=dropped")
	}
	return v.resume(session.Token, h)
}

// resume carries out a form that waited, as if its session had never ended.
func (v *visit) resume(token string, h held) error {
	at, err := url.Parse(h.Path)
	if err != nil || !strings.HasPrefix(at.Path, "/") {
		return v.see("/")
	}
	r := v.r.Clone(v.ctx())
	r.URL, r.RequestURI, r.PostForm, r.Form = at, h.Path, h.Form, h.Form
	r.Body, r.ContentLength = http.NoBody, 0
	r.Header.Set("Cookie", sessionCookie+"="+token+"; "+languageCookie+"="+v.lang())
	v.echo.ServeHTTP(v.w, r)
	return nil
}

// inner is a path of ours to go to; anything else is the first page.
func inner(path string) string {
	at, err := url.Parse(path)
	if err != nil || at.Host != "" || at.Scheme != "" || !strings.HasPrefix(at.Path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") || rest.Inside(at.Path) || path == "/" ||
		strings.HasPrefix(at.Path, "/masuk") {
		return "/"
	}
	return at.RequestURI()
}
