package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Problem is an answer that is not what was asked for (RFC 9457). Code is stable; title and detail are for people, in
// the language they asked for.
type Problem struct {
	Type     string   `json:"type" doc:"Always about:blank; code tells problems apart"`
	Title    string   `json:"title"`
	Status   int      `json:"status"`
	Code     string   `json:"code" doc:"Stable code, such as case.stale"`
	Detail   string   `json:"detail,omitempty"`
	Instance string   `json:"instance,omitempty" doc:"The request id, to quote when asking for help"`
	Case     string   `json:"case,omitempty" format:"uuid" doc:"The case that stands in the way, where you may see it"`
	Errors   []Detail `json:"errors,omitempty"`
	lang     string
	wait     string // seconds after which it may be tried again, when that is known
}

// Detail is what is wrong with one field.
type Detail struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Error implements huma.StatusError.
func (p *Problem) Error() string { return p.Code }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Content-Language": {p.lang}}
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		h.Set("Retry-After", cmp.Or(p.wait, "2"))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="tanggap"`)
	}
	return h
}

func (p *Problem) send(hc huma.Context) {
	for name, values := range p.GetHeaders() {
		hc.SetHeader(name, values[0])
	}
	hc.SetHeader("Content-Type", "application/problem+json")
	hc.SetStatus(p.Status)
	_ = json.NewEncoder(hc.BodyWriter()).Encode(p)
}

// Write answers a request that never reached the API with a problem.
func (p *Problem) Write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

var statusOf = map[fault.Kind]int{
	fault.Malformed: http.StatusBadRequest, fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Stale: http.StatusPreconditionFailed, fault.TooLarge: http.StatusRequestEntityTooLarge,
	fault.Unsupported: http.StatusUnsupportedMediaType, fault.Invalid: http.StatusUnprocessableEntity,
	fault.PreconditionRequired: http.StatusPreconditionRequired, fault.TooMany: http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable, internal: http.StatusInternalServerError,
}

// Problem words an error. What is not a fault is ours: it is logged with the request id and shown as nothing but that.
func (e *API) Problem(ctx context.Context, err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	f := e.faultOf(ctx, err)
	p := build(Language(ctx), RequestID(ctx), statusOf[f.Kind], f.Code, f.Args)
	p.Case = f.Args["case"]
	if f.Field != "" {
		p.Errors = append(p.Errors, Detail{Field: f.Field, Code: f.Code, Detail: p.Detail})
	}
	for _, field := range f.Fields {
		text := message(p.lang, field.Code, field.Args)
		p.Errors = append(p.Errors, Detail{Field: field.Field, Code: field.Code, Detail: text})
	}
	return p
}

// internal is a fault of ours, of which the client learns nothing more.
const internal fault.Kind = "internal"

// faultOf gives the fault that an error is answered as. What is not the client's doing is logged, with whoever's limit
// or end it was: the client's who left, the database's, or one of this server.
func (e *API) faultOf(ctx context.Context, err error) *fault.Error {
	f, known := errors.AsType[*fault.Error](err)
	known = known && statusOf[f.Kind] != 0
	level, party := slog.LevelWarn, "server"
	switch {
	case known && f.Code == "request.concurrent" && of(ctx).route.Method == http.MethodGet:
		// Who only reads is in no conflict: the data is there again in a moment.
		f, party = fault.New(fault.Unavailable, "database.busy").Because(err), "database"
	case known && f.Kind != fault.Unavailable:
		return f
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		f, level, party = fault.New(fault.Unavailable, "request.abandoned").Because(err), slog.LevelInfo, "client"
	case known && strings.HasPrefix(f.Code, "database."):
		party = "database"
	case known:
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		f = fault.New(fault.Unavailable, "request.overdue").Because(err)
	default:
		f, level = fault.New(internal, "internal").Because(err), slog.LevelError
	}
	e.Log.Log(ctx, level, said[level], "request", RequestID(ctx), "route", of(ctx).route.ID, "code", f.Code,
		"party", party, "error", err)
	return f
}

var said = map[slog.Level]string{slog.LevelInfo: "request abandoned", slog.LevelWarn: "request refused for now",
	slog.LevelError: "request failed"}

// PartDetail is what is wrong with one part of a request: of several fields all of them.
type PartDetail struct {
	Detail
	Errors []Detail `json:"errors,omitempty" doc:"Each field, where several are wrong"`
}

// DetailOf words a refusal of one part of a request whose other parts are answered; false for what is no fault.
func DetailOf(ctx context.Context, err error) (PartDetail, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || statusOf[f.Kind] == 0 {
		return PartDetail{}, false
	}
	lang := Language(ctx)
	d := PartDetail{Detail: Detail{Field: f.Field, Code: f.Code, Detail: message(lang, f.Code, f.Args)}}
	if len(f.Fields) == 0 {
		return d, true
	}
	for _, w := range fault.FieldsOf(f) {
		d.Errors = append(d.Errors, Detail{Field: w.Field, Code: w.Code, Detail: message(lang, w.Code, w.Args)})
	}
	return d, true
}

// NewProblem words a refusal that has a status and a code of its own.
func NewProblem(ctx context.Context, status int, code string) *Problem {
	return build(Language(ctx), RequestID(ctx), status, code, nil)
}

func build(lang, id string, status int, code string, args map[string]string) *Problem {
	return &Problem{Type: "about:blank", Title: message(lang, "status."+http.StatusText(status), nil), Status: status,
		Code: code, Detail: message(lang, code, args), Instance: "urn:uuid:" + id, lang: lang, wait: args["seconds"]}
}

// humaError turns what the framework's validation says into a problem.
func humaError(hc huma.Context, status int, text string, errs ...error) huma.StatusError {
	lang, id := "id", ""
	if hc != nil { // the framework has no request at hand when it words the answers of its own description
		lang, id = Language(hc.Context()), RequestID(hc.Context())
	}
	if hc != nil {
		if x := ExchangeOf(hc.Context()); x != nil {
			if p := x.body.problem(hc.Context()); p != nil {
				return p // whatever the framework made of a body that did not arrive
			}
		}
	}
	for _, err := range errs {
		var p *Problem
		if errors.As(err, &p) {
			return p
		}
	}
	code := "input.invalid"
	switch status {
	case http.StatusRequestEntityTooLarge:
		code = "input.too_large"
	case http.StatusUnsupportedMediaType:
		code = "input.content_type"
	case http.StatusBadRequest:
		code = "input.malformed"
	case http.StatusNotAcceptable:
		code = "input.not_acceptable"
	case http.StatusRequestTimeout:
		code = "input.timeout"
	case http.StatusInternalServerError:
		code = "internal"
	}
	p := build(lang, id, status, code, nil)
	for _, err := range errs {
		p.Errors = append(p.Errors, fieldDetail(p.lang, err, hc))
	}
	if hc != nil && status == http.StatusUnprocessableEntity {
		p.addFields(of(hc.Context()).wrong())
	}
	if len(errs) == 0 && text != "" && status < http.StatusInternalServerError {
		p.Errors = append(p.Errors, fieldDetail(p.lang, errors.New(text), hc))
	}
	return p
}

// parametersOf names what the query of an operation may have.
func parametersOf(hc huma.Context) string {
	var known []string
	if hc != nil && hc.Operation() != nil {
		for _, p := range hc.Operation().Parameters {
			if p.In == "query" {
				known = append(known, p.Name)
			}
		}
	}
	if len(known) == 0 {
		return "–"
	}
	slices.Sort(known)
	return strings.Join(known, ", ")
}

// keysBeside names the keys of the object in a body in which one is not known.
func keysBeside(hc huma.Context, location string) string {
	path, in := strings.CutPrefix(location, wholeBody+".")
	if hc == nil || !in {
		return "–"
	}
	if c := of(hc.Context()); c.keys != nil {
		if known := c.keys(path); len(known) > 0 {
			return strings.Join(known, ", ")
		}
	}
	return "–"
}

func fieldDetail(lang string, err error, hc huma.Context) Detail {
	location, text := "", err.Error()
	var detail *huma.ErrorDetail
	if errors.As(err, &detail) {
		location, text = detail.Location, detail.Message
	}
	code, args := validationCode(text)
	switch code {
	case "input.unknown_parameter":
		args["known"] = parametersOf(hc)
	case "input.unknown_field":
		args["known"] = keysBeside(hc, location)
	}
	where, field, _ := strings.Cut(location, ".")
	switch {
	case code == "input.required" && where == wholeBody: // it names the object that lacks the field
		field = joined(field, args["name"])
	case code == "input.required" && field != "":
		args["name"] = field // or "query parameter"
	case !slices.Contains([]string{wholeBody, "query", "path", "header"}, where), field == "":
		field = location
	}
	if strings.HasSuffix(args["name"], " parameter") {
		args["name"] = field // of a parameter the framework says where it is, and not which
	}
	return Detail{Field: field, Code: code, Detail: message(lang, code, args)}
}

// wholeBody is the place of what is wrong with a body, and not with one of its fields.
const wholeBody = "body"

// addFields adds what else is wrong with a body whose form is refused already, so that whoever corrects it is told all
// at once. A field that is named already, or a part of which is, is not named again.
func (p *Problem) addFields(wrong []fault.FieldError) {
	for _, w := range wrong {
		if slices.ContainsFunc(p.Errors,
			func(d Detail) bool { return within(w.Field, d.Field) || within(d.Field, w.Field) }) {
			continue
		}
		p.Errors = append(p.Errors, Detail{Field: w.Field, Code: w.Code, Detail: message(p.lang, w.Code, w.Args)})
	}
	if named := slices.DeleteFunc(slices.Clone(p.Errors), unreadBody); len(named) > 0 {
		p.Errors = named
	}
}

// unreadBody tells whether a detail is the decoder's, which does not say what it cannot read.
func unreadBody(d Detail) bool {
	return d.Field == wholeBody && (d.Code == "input.invalid" || d.Code == "calendar.date_invalid")
}

// within tells whether a path is another, or lies in it.
func within(path, whole string) bool {
	rest, in := strings.CutPrefix(path, whole)
	return in && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
