package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/tanggap/tanggap/pkg/authz"
)

//go:embed view/*.html static/*
var files embed.FS

// views are the pages by their names, each with what all pages share.
var views = sync.OnceValue(func() map[string]*template.Template {
	base := template.Must(template.New("").Funcs(template.FuncMap{
		"pair": func(a, b any) []any { return []any{a, b} }, // a part of a page has one value, and needs the page as well
	}).ParseFS(files, "view/base.html", "view/part.html"))
	out := map[string]*template.Template{}
	names, _ := fs.Glob(files, "view/page-*.html")
	for _, name := range names {
		page := strings.TrimSuffix(strings.TrimPrefix(path.Base(name), "page-"), ".html")
		out[page] = template.Must(template.Must(base.Clone()).ParseFS(files, name))
	}
	return out
})

// static are the style and the script under names that change with them.
var static = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"app.css", "app.js", "icon.svg"} {
		text, _ := files.ReadFile("static/" + name)
		sum := sha256.Sum256(text)
		out[name] = "/static/" + hex.EncodeToString(sum[:6]) + "-" + name
	}
	return out
})

func (c *Console) registerFiles() {
	kinds := map[string]string{"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"icon.svg": "image/svg+xml"}
	for name, at := range static() {
		body, _ := files.ReadFile("static/" + name)
		c.echo.GET(at, func(ec echo.Context) error {
			ec.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			return ec.Blob(http.StatusOK, kinds[name], body)
		})
	}
}

// layout is what every page has.
type layout struct {
	*visit
	Title string
	Nav   []link
	Body  any
	Name  string
	In    bool
}

// Urgent is the emergency access that runs.
func (l layout) Urgent() *urgent { return l.emergency() }

// Seconds is how long the session lasts when nothing more is done in it.
func (l layout) Seconds() int { return l.secondsLeft() }

// Office is the office of the visitor.
func (l layout) Office() string { return l.officeName() }

// Officer is the name of the visitor.
func (l layout) Officer() string { return l.actor.Name }

// Today is the day of the visitor's office, in words.
func (l layout) Today() string { return l.Day(l.today().String()) }

// Lang is the language of the page.
func (l layout) Lang() string { return l.lang() }

// Other is the other language.
func (l layout) Other() string { return map[string]string{"id": "en", "en": "id"}[l.lang()] }

// Done says what was just done.
func (l layout) Done() string { return l.done() }

// Static is the address of a file.
func (layout) Static(name string) string { return static()[name] }

// Here is where the page after a change of language is; a refusal does not repeat what was asked for.
func (l layout) Here() string {
	if l.r.Method != http.MethodGet || l.Name == "error" {
		return "/"
	}
	return inner(l.r.URL.RequestURI())
}

// render makes a page whole before any of it leaves.
func (v *visit) render(status int, name, title string, body any) {
	l := layout{visit: v, Title: title, Body: body, Name: name, In: v.actor.Officer != authz.OfficerID{}}
	if l.In {
		l.Nav = v.nav()
	}
	var b bytes.Buffer
	if err := views()[name].ExecuteTemplate(&b, "base", l); err != nil {
		v.Edge.Log.ErrorContext(v.ctx(), "a page cannot be drawn", "page", name, "error", err)
		http.Error(v.w, v.T("internal"), http.StatusInternalServerError)
		return
	}
	h := v.w.Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Content-Language"] = []string{v.lang()}
	v.w.WriteHeader(status)
	_, _ = v.w.Write(b.Bytes())
}

// nav are the pages that the visitor has a right to.
func (v *visit) nav() []link {
	var out []link
	if at := v.actions["report-get"]; v.Edge.ScopeOf(v.ctx(), at.Action).National() {
		out = append(out, link{Text: v.T("console.page-nation"), Path: "/nasional", On: v.r.URL.Path == "/nasional"})
	}
	for _, n := range []struct{ path, id, op string }{
		{"/audit", "page-audit", "access-list"},
		{"/kantor", "page-office", "office-load"}, {"/tugas", "work", "work-list"}, {"/kasus", "page-cases", "case-list"},
		{"/phk", "page-layoffs", "layoff-list"}, {"/daftar", "page-intakes", "intake-list"},
		{"/rujukan", "page-referrals", "referral-list"}, {"/lowongan", "page-vacancies", "vacancy-list"},
		{"/laporan", "page-reports", "report-list"},
		{"/ekspor", "page-exports", "export-list"}, {"/audit/temuan", "page-findings", "finding-list-all"},
		{"/petugas", "page-officers", "officer-list"}, {"/webhook", "page-webhooks", "webhook-list"},
	} {
		if v.may(v.actions[n.op].Action) {
			out = append(out, link{Text: v.T("console." + n.id), Path: n.path, On: v.r.URL.Path == n.path})
		}
	}
	return out
}
