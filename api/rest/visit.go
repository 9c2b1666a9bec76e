package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/tanggap/tanggap/pkg/authz"
)

// Visit lets somebody in to a page of the console, as a request is to a route of the API: by their session and by their
// right. A refusal is recorded like that of a route. What the page shows, it asks of the API, which asks everything
// anew.
func (e *API) Visit(ctx context.Context, r Route, token, named string) (context.Context, error) {
	c := &call{route: r, header: "Bearer " + token, named: named, work: e.Times.Work}
	ctx = context.WithValue(ctx, callKey{}, c)
	within, cancel := context.WithTimeout(ctx, c.work)
	defer cancel()
	err := e.recognise(within, c)
	if err != nil && c.actor.Officer != (authz.OfficerID{}) {
		e.recordRefusal(within, c, e.Problem(ctx, err).Status)
	}
	return ctx, err
}

// Speaking is a context whose answers are in a language.
func Speaking(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, languageKey{}, lang)
}

// Inside tells whether a path is of the API, and not of a page.
func Inside(path string) bool { return path == "/v1" || strings.HasPrefix(path, "/v1/") }

// Asked is a request of a page to the API: its client is that of the page.
func Asked(outer *http.Request, inner *http.Request, token string) *http.Request {
	inner.RemoteAddr, inner.Host = outer.RemoteAddr, outer.Host
	if by := outer.Header.Get("X-Forwarded-For"); by != "" {
		inner.Header.Set("X-Forwarded-For", by)
	}
	inner.Header.Set("Accept-Language", Language(outer.Context()))
	if token != "" {
		inner.Header.Set("Authorization", "Bearer "+token)
	}
	return inner
}
