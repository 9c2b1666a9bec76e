// Package console serves the pages that people work in, beside the API and from it: a page asks the routes of the API
// from within, as their bearer, so that right, scope, limits and the record of access are those of the API and nobody's
// else. Nothing of a worker is kept in the browser, and every page works without a script.
package console

import (
	"context"
	"crypto/cipher"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// Options are what the console is made of.
type Options struct {
	Edge *rest.API
	API  http.Handler // answers the routes of the API
	Tree *region.Tree
	Key  []byte                                 // seals what a page carries from one request to the next; 32 bytes
	Says func(lang string, r rest.Route) string // what an operation does, in a language
}

// Console has the pages.
type Console struct {
	Options
	echo    *echo.Echo
	seal    cipher.AEAD
	pages   []rest.Route
	actions map[string]rest.Route // the operations of the API by their ids
	guard   *http.CrossOriginProtection
	tiles   []region.Tile // where the provinces lie on their map
}

// Register declares every page.
func Register(e *echo.Echo, o Options) *Console {
	c := &Console{Options: o, echo: e, seal: sealer(o.Key), actions: map[string]rest.Route{},
		guard: http.NewCrossOriginProtection()}
	for _, r := range o.Edge.Routes() {
		c.actions[r.ID] = r
	}
	c.registerFiles()
	c.registerSession()
	c.registerWork()
	c.registerCases()
	c.registerForms()
	c.registerSearch()
	c.registerMany()
	c.registerThings()
	c.registerReports()
	c.registerHelp()
	c.registerNation()
	c.registerOffice()
	c.registerAudit()
	c.registerWhy()
	c.registerPrint()
	return c
}

// Pages lists the pages with the right that each needs.
func (c *Console) Pages() []rest.Route { return c.pages }

// visit is one request for a page.
type visit struct {
	*Console
	w     http.ResponseWriter
	r     *http.Request
	route rest.Route
	token string
	actor authz.Actor
	names map[string]string // of officers, once they were asked for
}

func (v *visit) ctx() context.Context { return v.r.Context() }

func (v *visit) lang() string { return rest.Language(v.ctx()) }

// at is a value in the path.
func (v *visit) at(name string) string { return v.r.PathValue(name) }

// page declares a page; of names the operation of the API that it stands on, whose right it needs.
func (c *Console) page(method, path, id, of string, fn func(*visit) error) {
	on := c.actions[of]
	r := rest.Route{Method: method, Path: path, ID: id, Tag: "console", Action: on.Action, Shows: on.Shows,
		Public: of == "", Summary: on.Summary}
	if of != "" && on.ID == "" {
		panic("page " + id + " stands on " + of + ", which the API does not have")
	}
	c.pages = append(c.pages, r)
	c.echo.Add(method, strings.NewReplacer("{", ":", "}", "").Replace(path), func(ec echo.Context) error {
		req := ec.Request()
		for i, name := range ec.ParamNames() {
			req.SetPathValue(name, ec.ParamValues()[i])
		}
		lang := languageOf(req)
		v := &visit{Console: c, w: ec.Response(), r: req.WithContext(rest.Speaking(req.Context(), lang)), route: r,
			token: tokenOf(req)}
		headers(v.w.Header())
		if err := v.serve(fn); err != nil {
			v.refuse(err)
		}
		return nil
	})
}

func (v *visit) serve(fn func(*visit) error) error {
	if err := v.guard.Check(v.r); err != nil {
		return refusal{status: http.StatusForbidden, Code: "console.foreign"}
	}
	if v.r.Method == http.MethodPost {
		if err := v.readForm(); err != nil {
			return err
		}
	}
	if !v.route.Public {
		ctx, err := v.Edge.Visit(v.ctx(), v.route, v.token, v.at("id"))
		v.r, v.actor = v.r.WithContext(ctx), rest.Caller(ctx)
		if err != nil {
			return v.refusalOf(v.Edge.Problem(ctx, err))
		}
	}
	return fn(v)
}

// mostForm is how much a form may hold beside its file, and a form with a file.
const (
	mostForm = 256 << 10
	mostFile = 21 << 20 // a list of an employer
)

func (v *visit) readForm() error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, mostFile)
	var err error
	if kind := v.r.Header.Get("Content-Type"); strings.HasPrefix(kind, "multipart/form-data") {
		err = v.r.ParseMultipartForm(mostForm)
	} else {
		err = v.r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return refusal{status: http.StatusRequestEntityTooLarge, Code: "input.too_large"}
	case err != nil:
		return refusal{status: http.StatusBadRequest, Code: "input.malformed"}
	}
	return nil
}

// headers are those of every page. What a page shows is never kept, and nothing runs in it but our script.
func headers(h http.Header) {
	h["Cache-Control"] = []string{"no-store"}
	h["Vary"] = []string{"Cookie, Accept-Language"}
	h["Referrer-Policy"] = []string{"same-origin"} // a browser without Sec-Fetch-Site must be able to say where it is
	h["Content-Security-Policy"] = []string{"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}
}

// may tells whether the caller has a right somewhere.
func (v *visit) may(a authz.Action) bool { return !v.Edge.ScopeOf(v.ctx(), a).Empty() }

// see goes to another page. A reload there does nothing a second time.
func (v *visit) see(path string) error {
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}
