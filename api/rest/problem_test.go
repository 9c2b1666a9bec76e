package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
)

// logged is an edge whose log is kept.
func logged() (*API, *bytes.Buffer) {
	var out bytes.Buffer
	return &API{Deps: Deps{Log: slog.New(slog.NewTextHandler(&out, nil))}}, &out
}

// What an error is answered as, and whether it is logged, and as whose. Only what nobody foresaw is 500.
func TestErrorsAndTheirAnswers(t *testing.T) {
	t.Parallel()
	gone, leave := context.WithCancel(t.Context())
	leave()
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	slow, clash := fault.New(fault.Unavailable, "database.slow"), fault.New(fault.Conflict, "request.concurrent")
	refused := func(kind fault.Kind) error { return fmt.Errorf("do it: %w", fault.New(kind, "x.y")) }
	for name, c := range map[string]struct {
		ctx    context.Context
		method string
		err    error
		status int
		code   string
		logs   string // level and party; empty when it is not logged
	}{
		"malformed":           {t.Context(), "POST", refused(fault.Malformed), 400, "x.y", ""},
		"nobody":              {t.Context(), "POST", refused(fault.Unauthenticated), 401, "x.y", ""},
		"forbidden":           {t.Context(), "POST", refused(fault.Forbidden), 403, "x.y", ""},
		"not there":           {t.Context(), "POST", refused(fault.NotFound), 404, "x.y", ""},
		"conflict":            {t.Context(), "POST", refused(fault.Conflict), 409, "x.y", ""},
		"stale":               {t.Context(), "POST", refused(fault.Stale), 412, "x.y", ""},
		"large":               {t.Context(), "POST", refused(fault.TooLarge), 413, "x.y", ""},
		"unsupported":         {t.Context(), "POST", refused(fault.Unsupported), 415, "x.y", ""},
		"invalid":             {t.Context(), "POST", refused(fault.Invalid), 422, "x.y", ""},
		"no condition":        {t.Context(), "POST", refused(fault.PreconditionRequired), 428, "x.y", ""},
		"too many":            {t.Context(), "POST", refused(fault.TooMany), 429, "x.y", ""},
		"refused, and left":   {gone, "POST", refused(fault.Invalid), 422, "x.y", ""},
		"away":                {t.Context(), "POST", refused(fault.Unavailable), 503, "x.y", "WARN server"},
		"the database is":     {t.Context(), "GET", slow, 503, "database.slow", "WARN database"},
		"two who write":       {t.Context(), "POST", clash, 409, "request.concurrent", ""},
		"one who reads":       {t.Context(), "GET", clash, 503, "database.busy", "WARN database"},
		"left":                {gone, "GET", context.Canceled, 503, "request.abandoned", "INFO client"},
		"left the database":   {gone, "GET", slow, 503, "request.abandoned", "INFO client"},
		"left with our fault": {gone, "GET", io.ErrUnexpectedEOF, 503, "request.abandoned", "INFO client"},
		"overdue":             {late, "GET", context.DeadlineExceeded, 503, "request.overdue", "WARN server"},
		"ended by us":         {t.Context(), "GET", context.Canceled, 503, "request.overdue", "WARN server"},
		"a fault of ours":     {t.Context(), "GET", io.ErrUnexpectedEOF, 500, "internal", "ERROR server"},
		"no such kind":        {t.Context(), "GET", fault.New("nothing", "x.y"), 500, "internal", "ERROR server"},
	} {
		e, out := logged()
		ctx := context.WithValue(c.ctx, callKey{}, &call{route: Route{Method: c.method, ID: "the-route"}})
		p := e.Problem(ctx, c.err)
		if p.Status != c.status || p.Code != c.code {
			t.Errorf("%s: %d %s", name, p.Status, p.Code)
		}
		level, party, _ := strings.Cut(c.logs, " ")
		written := out.String()
		if (written != "") != (c.logs != "") || !strings.Contains(written, level) || !strings.Contains(written, party) ||
			c.logs != "" && !strings.Contains(written, "route=the-route code="+c.code) {
			t.Errorf("%s: logged %q, want %q", name, written, c.logs)
		}
		if strings.Contains(fmt.Sprint(p.Detail, p.Title, p.Errors), "EOF") {
			t.Errorf("%s: the client is told of the inside: %+v", name, p)
		}
	}
}

// Who is to come again is told when, who is nobody is told how to be somebody, and nobody else is told either.
func TestHeadersOfProblems(t *testing.T) {
	t.Parallel()
	for status, want := range map[int][2]string{400: {}, 401: {"", "Bearer"}, 403: {}, 404: {}, 429: {"2", ""}, 500: {},
		503: {"2", ""}} {
		w := httptest.NewRecorder()
		NewProblem(t.Context(), status, "input.invalid").Write(w)
		after, scheme := w.Header().Get("Retry-After"), w.Header().Get("WWW-Authenticate")
		if w.Code != status || after != want[0] || !strings.HasPrefix(scheme, want[1]) || want[1] == "" && scheme != "" ||
			w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Content-Language") == "" {
			t.Errorf("%d: %d %v", status, w.Code, w.Header())
		}
	}
	e, _ := logged()
	p := e.Problem(t.Context(), fault.New(fault.TooMany, "request.too_often", "seconds", "11"))
	if got := p.GetHeaders().Get("Retry-After"); got != "11" {
		t.Errorf("to come again after %q", got)
	}
}

// A refusal names its field, or each of several; a problem that is ready stays as it is.
func TestFieldsOfProblems(t *testing.T) {
	t.Parallel()
	e, out := logged()
	p := e.Problem(t.Context(), fault.New(fault.Malformed, "idempotency.key_required").At("Idempotency-Key"))
	if len(p.Errors) != 1 || p.Errors[0].Field != "Idempotency-Key" || p.Errors[0].Code != p.Code ||
		p.Errors[0].Detail == "" {
		t.Errorf("%+v", p.Errors)
	}
	p = e.Problem(t.Context(), invalid([]fault.FieldError{{Field: "b", Code: "input.characters"}, tooLong("a", 7)}))
	if len(p.Errors) != 2 || p.Errors[0].Field != "a" || !strings.Contains(p.Errors[0].Detail, "7") ||
		p.Errors[1].Code != "input.characters" {
		t.Errorf("%+v", p.Errors)
	}
	ready := NewProblem(t.Context(), http.StatusNotFound, "route.not_found")
	if got := e.Problem(t.Context(), fmt.Errorf("ask: %w", ready)); got != ready {
		t.Errorf("%+v", got)
	}
	if out.Len() > 0 {
		t.Errorf("logged %s", out.String())
	}
}

// Of the parts of an answer that are refused only faults are worded.
func TestDetailsOfParts(t *testing.T) {
	t.Parallel()
	d, is := DetailOf(t.Context(), fault.New(fault.Invalid, "input.invalid").At("x"))
	if !is || d.Field != "x" || d.Code != "input.invalid" || d.Detail.Detail == "" || d.Errors != nil {
		t.Errorf("%+v, %t", d, is)
	}
	d, _ = DetailOf(t.Context(), fault.Together("worker.invalid", fault.FieldError{Field: "a", Code: "input.invalid"},
		fault.FieldError{Field: "b", Code: "input.required", Args: map[string]string{"name": "b"}}))
	if len(d.Errors) != 2 || d.Errors[0].Field != "a" || d.Errors[1].Field != "b" || d.Errors[1].Detail == "" ||
		d.Code != "worker.invalid" {
		t.Errorf("of two fields: %+v", d)
	}
	for _, err := range []error{nil, io.EOF, fault.New("nothing", "x.y")} {
		if d, is := DetailOf(t.Context(), err); is {
			t.Errorf("%v: %+v", err, d)
		}
	}
}

// What the framework refuses has a code by its status, and a problem of ours goes before what the framework says of it.
func TestTheFrameworksRefusals(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]string{400: "input.malformed", 406: "input.not_acceptable", 408: "input.timeout",
		413: "input.too_large", 415: "input.content_type", 422: "input.invalid", 500: "internal"} {
		p, is := errors.AsType[*Problem](humaError(nil, status, ""))
		if !is || p.Code != code || p.Status != status || len(p.Errors) > 0 {
			t.Errorf("%d: %+v", status, p)
		}
	}
	ours := NewProblem(t.Context(), http.StatusConflict, "case.stale")
	if got := humaError(nil, 500, "x", io.EOF, fmt.Errorf("x: %w", ours)); !errors.Is(got, ours) {
		t.Errorf("%+v", got)
	}
	p, _ := errors.AsType[*Problem](humaError(nil, 500, "an inner text"))
	if strings.Contains(fmt.Sprintf("%+v", p), "inner") {
		t.Errorf("%+v", p)
	}
	p, _ = errors.AsType[*Problem](humaError(nil, 400, "a text"))
	if len(p.Errors) != 1 || p.Errors[0].Code == "" {
		t.Errorf("%+v", p.Errors)
	}
}
