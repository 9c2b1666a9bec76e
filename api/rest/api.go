// Package rest is what every resource of the API shares: how a route is declared, who calls it and in which scope, how
// input is held to its form, and how refusals are worded. Resources (api/v1) declare routes here and know nothing of
// the server.
package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/page"
)

// Authenticator recognises the bearer of a session token.
type Authenticator interface {
	Authenticate(ctx context.Context, token string) (authz.Actor, error)
}

// Deps are what the edge needs of the rest.
type Deps struct {
	Sessions Authenticator
	Matrix   authz.Matrix
	Clock    clock.Clock
	Cursors  *page.Signer
	Access   Recorder
	Measures measure.Book
	Log      *slog.Logger
	Limits   Limits // of callers; DefaultLimits when zero
	Times    Times  // of requests; DefaultTimes when zero
}

// Recorder makes the record of an access durable, or fails.
type Recorder interface {
	Record(ctx context.Context, r accesslog.Record) error
}

// API collects the routes of the API.
type API struct {
	Deps
	API     huma.API
	routes  []Route
	order   map[string][]string // of the fields of bodies, by the id of the operation
	callers *limiter
}

// New makes an API without routes; API is still to be set.
func New(d Deps) *API {
	if d.Limits == (Limits{}) {
		d.Limits = DefaultLimits()
	}
	if d.Times == (Times{}) {
		d.Times = DefaultTimes()
	}
	return &API{Deps: d, order: map[string][]string{}, callers: newLimiter(d.Clock)}
}

// Under is an API without routes that goes by other measures, and counts on what callers have taken.
func (e *API) Under(m measure.Book) *API {
	next := &API{Deps: e.Deps, order: map[string][]string{}, callers: e.callers}
	next.Measures = m
	return next
}

// Route declares one operation: what it is called, what right it needs, and how it is told.
type Route struct {
	Method      string
	Path        string
	ID          string // operation id, "case-advance"
	Tag         string
	Summary     string
	Description string
	Action      authz.Action // the right it needs; empty only with Public
	Public      bool
	Status      int           // of success, 200 by default
	NoKey       bool          // a POST that changes nothing, or whose answer must not be kept
	MaxBody     int64         // bytes, 1 MiB by default
	Upload      bool          // takes a file in a form
	Stream      bool          // tells events for as long as somebody follows
	Work        time.Duration // to make the answer, Times.Work by default
	Timeout     time.Duration // to send the answer, 30 s by default
	Produces    string        // content types of a streamed answer, separated by a comma and a blank
	JSON        reflect.Type  // of the answer, where application/json is one of what it Produces
	Shows       Shows         // whom its answer shows; a streamed answer says so itself (Show)
	Refuses     bool          // a read that the state of what it reads may refuse
	Names       bool          // what it is sent names something that may not be there, beside what its path names
	Also        int           // another status of success: what is asked for is there already
	Settled     bool          // its answer changes with the version in its ETag only, not with the day
	Telling     bool          // its answer tells of its own readings, so that no two are alike
}

// Shows says whom an answer shows. It is recorded before the answer leaves.
type Shows int

// Whom answers show.
const (
	Nobody Shows = iota
	Named        // the worker of the case that the path names
	Listed       // the workers whom the answer names by its Subjects
	Lined        // workers of the list or the export that the path names; the handler says how many (ShowLines)
	Called       // nobody, but that it was asked is recorded: the audit itself
)

// personal tells whether what the route names is a worker, or shows some.
func (r Route) personal() bool {
	return strings.HasPrefix(r.Path, "/v1/cases/{id}") || r.Shows == Named || r.Shows == Listed || r.Shows == Lined
}

// Subjects are the cases of the workers whom an answer shows.
type Subjects interface{ Subjects() []uuid.UUID }

// Finisher is an answer that depends on who reads it: on their language, and on whether they may see workers.
type Finisher interface {
	Finish(ctx context.Context, seesPeople bool)
}

// The limits of a request unless its route says otherwise.
const (
	DefaultMaxBody = 1 << 20
	DefaultTimeout = 30 * time.Second
)

// whole tells whether a route shows one worker whom the path names. What all such routes show together has a budget.
func (r Route) whole() bool {
	return r.Shows == Named && r.Method == http.MethodGet && strings.HasPrefix(r.Path, "/v1/cases/")
}

// Routes lists the declared operations in the order of their paths.
func (e *API) Routes() []Route {
	out := slices.Clone(e.routes)
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return out
}

// Showing lists the actions that have an answer which shows a worker.
func (e *API) Showing() []authz.Action {
	var out []authz.Action
	for _, r := range e.routes {
		if (r.Shows == Named || r.Shows == Listed || r.Shows == Lined) && !slices.Contains(out, r.Action) {
			out = append(out, r.Action)
		}
	}
	return out
}

// Register declares an operation. It panics on a route without a right that is not public: such a route must never be
// served. The checks find what the handler would refuse of a body by the values in it alone: what they find is told
// together with what the schema refuses.
func Register[I, O any](e *API, r Route, handler func(context.Context, *I) (*O, error),
	checks ...func(*I) []fault.FieldError) {
	if r.Public == r.Action.Valid() {
		panic(fmt.Sprintf("route %s %s declares no right", r.Method, r.Path))
	}
	if _, lists := any((*O)(nil)).(Subjects); lists != (r.Shows == Listed) {
		panic(fmt.Sprintf("route %s %s does not say whom it shows", r.Method, r.Path))
	}
	mustTellAbsence(r, reflect.TypeFor[I]())
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	if r.MaxBody == 0 {
		r.MaxBody = DefaultMaxBody
	}
	if r.Timeout == 0 {
		r.Timeout = DefaultTimeout
	}
	if r.Work == 0 {
		r.Work = e.Times.Work
	}
	e.routes, e.order[r.ID] = append(e.routes, r), orderOf(reflect.TypeFor[I]())
	op := huma.Operation{OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Summary, Description: describe(r),
		Tags: []string{r.Tag}, DefaultStatus: r.Status,
		Middlewares: huma.Middlewares{e.admit(r, faultsOf(checks), keysIn[I])},
		Extensions:  map[string]any{"x-right": string(r.Action)}, RejectUnknownQueryParameters: true,
		Errors: errorsOf(r),
		// The edge reads bodies itself and owns the deadlines of the connection: one set here would outlive its request.
		MaxBodyBytes: -1, BodyReadTimeout: -1}
	if !r.Public {
		op.Security = []map[string][]string{{"session": {}}}
	}
	if r.Produces != "" {
		content := map[string]*huma.MediaType{}
		for kind := range strings.SplitSeq(r.Produces, ", ") {
			content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
			if kind == "application/json" {
				content[kind].Schema = e.API.OpenAPI().Components.Schemas.Schema(r.JSON, true, "")
			}
		}
		op.Responses = map[string]*huma.Response{fmt.Sprint(r.Status): {Description: "stream", Content: content}}
	}
	huma.Register(e.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := answer(ctx, e, in, handler, checks)
		if err != nil {
			return nil, e.Problem(ctx, err)
		}
		return out, nil
	})
	e.alsoAnswers(r)
}

// alsoAnswers describes the other status of success like the usual one.
func (e *API) alsoAnswers(r Route) {
	if r.Also == 0 {
		return
	}
	op := OperationOf(e.API.OpenAPI().Paths[r.Path], r.Method)
	again := *op.Responses[strconv.Itoa(r.Status)]
	again.Description = http.StatusText(r.Also)
	op.Responses[strconv.Itoa(r.Also)] = &again
}

// answer lets the handler work within the deadline of the request. What it streams afterwards has the time of its
// route.
func answer[I, O any](ctx context.Context, e *API, in *I, handler func(context.Context, *I) (*O, error),
	checks []func(*I) []fault.FieldError) (*O, error) {
	c := of(ctx)
	ctx, cancel := context.WithTimeout(ctx, c.work)
	defer cancel()
	if c.waited { // while its body arrived, the session may have ended
		if err := e.recognise(ctx, c); err != nil {
			return nil, err
		}
	}
	if wrong := wrongTexts(in); len(wrong) > 0 {
		return nil, invalid(append(wrong, checked(in, checks)...))
	}
	out, err := handler(ctx, in)
	if f, ok := any(out).(Finisher); ok && err == nil {
		f.Finish(ctx, e.SeesPeople(ctx, c.scope))
	}
	if err == nil {
		err = e.record(ctx, c.route, out)
	}
	return out, err
}

func describe(r Route) string {
	text := r.Description
	if !r.Public {
		text += "\n\nRight: `" + string(r.Action) + "`."
	}
	if r.Method == http.MethodPost && !r.NoKey {
		text += " Needs `Idempotency-Key`: the same key with the same request repeats the answer, not the work."
	}
	return strings.TrimSpace(text)
}

func errorsOf(r Route) []int {
	codes := []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		http.StatusServiceUnavailable}
	if !r.Public || r.Method == http.MethodPost { // what is public and no GET asks for a password or a code
		codes = append(codes, http.StatusUnauthorized)
	}
	if !r.Public && !r.Action.Own() {
		codes = append(codes, http.StatusForbidden)
	}
	if r.Names || strings.Contains(r.Path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if r.Refuses || r.Method == http.MethodPost && !r.NoKey || r.Method == http.MethodPatch {
		codes = append(codes, http.StatusConflict)
	}
	slices.Sort(codes)
	return codes
}

// admit lets a request through to its handler: signed in, allowed somewhere, within its limits, in the declared form.
// Only then is its body read.
func (e *API) admit(r Route, faults func(text []byte) []fault.FieldError,
	keys func(path string) []string) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		x := ExchangeOf(hc.Context())
		c := &call{route: r, key: hc.Header("Idempotency-Key"), header: hc.Header("Authorization"), named: hc.Param("id"),
			remote: x.address, chosen: chosen(hc.URL()), work: r.Work, faults: faults, keys: keys}
		hc = huma.WithContext(hc, context.WithValue(hc.Context(), callKey{}, c))
		e.pass(hc, x, c, next)
		if !r.Public {
			e.recordRefusal(hc.Context(), c, hc.Status())
		}
	}
}

func (e *API) pass(hc huma.Context, x *Exchange, c *call, next func(huma.Context)) {
	u := hc.URL()
	err := e.enter(hc.Context(), x, c)
	if err == nil {
		err = checkQuery(u.Query())
	}
	if err == nil && (c.route.Method == http.MethodPost && !c.route.NoKey || c.route.Method == http.MethodPatch &&
		c.key != "") {
		err = checkKey(c.key)
	}
	if err == nil {
		hc, err = receive(hc, x, c)
	}
	if err != nil {
		e.refuse(hc, err)
		return
	}
	ctx, cancel := context.WithTimeout(hc.Context(), c.route.Timeout)
	defer cancel()
	x.most, x.took, x.settled = c.route.Timeout, clock.Elapsed(), c.route.Settled
	next(huma.WithContext(hc, ctx))
}

// enter asks who calls and whether they may, before anything of the request is read. The time that it takes is the
// request's.
func (e *API) enter(ctx context.Context, x *Exchange, c *call) error {
	if c.route.Public {
		return nil
	}
	took := clock.Elapsed()
	ctx, cancel := context.WithTimeout(ctx, c.work)
	defer cancel()
	if err := e.recognise(ctx, c); err != nil {
		return err
	}
	c.work -= took()
	return e.share(x, c)
}

func (e *API) recognise(ctx context.Context, c *call) (err error) {
	c.actor, c.scope, err = e.authorise(ctx, c.header, c.route.Action)
	return err
}

// Again asks anew who calls and where they may do what the route declares, for answers that go on for long.
func (e *API) Again(ctx context.Context) (authz.Scope, error) {
	c := of(ctx)
	ctx, cancel := context.WithTimeout(ctx, e.Times.Work)
	defer cancel()
	_, scope, err := e.authorise(ctx, c.header, c.route.Action)
	return scope, err
}

func (e *API) authorise(ctx context.Context, header string, a authz.Action) (authz.Actor, authz.Scope, error) {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" || len(token) > 256 {
		return authz.Actor{}, authz.Scope{}, fault.New(fault.Unauthenticated, "session.missing")
	}
	actor, err := e.Sessions.Authenticate(ctx, token)
	if err != nil {
		return authz.Actor{}, authz.Scope{}, err
	}
	scope, err := authz.Permit(actor, e.Matrix, a, e.Clock.Now())
	return actor, scope, err
}

// refuse answers a request that does not reach its handler.
func (e *API) refuse(hc huma.Context, err error) {
	e.Problem(hc.Context(), err).send(hc)
}
