package rest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/region"
)

// call is one request on its way to its handler.
type call struct {
	route  Route
	actor  authz.Actor
	scope  authz.Scope
	key    string
	digest []byte
	header string // Authorization, to ask again
	named  string // id in the path
	remote string // address of the client
	chosen string // what chooses the rows of a list
	opens  bool   // the workers of a list, as their files do
	lines  int    // workers whom the answer shows of the list that the path names
	// refused says that the caller was not told of what they asked for, whatever the status is
	refused bool
	asked   []uuid.UUID                          // that the caller was not told of, beside what the path names
	work    time.Duration                        // left to answer
	text    []byte                               // of a body in JSON
	faults  func(text []byte) []fault.FieldError // of a body, whatever its schema says of it
	keys    func(path string) []string           // that the object with a key of a body may have
	waited  bool                                 // for a body, so that who calls must be asked again
}

type callKey struct{}

func of(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{} // nobody, nowhere
}

// Caller is who calls; the zero Actor on public routes.
func Caller(ctx context.Context) authz.Actor { return of(ctx).actor }

// Address is the network address from which the caller came, without the port.
func Address(ctx context.Context) string {
	remote := of(ctx).remote
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}

// Scope is where the caller may do what the route declares.
func Scope(ctx context.Context) authz.Scope { return of(ctx).scope }

// ScopeOf is where the caller may do something else than what the route declares.
func (e *API) ScopeOf(ctx context.Context, a authz.Action) authz.Scope {
	return authz.ScopeOf(e.Matrix, Caller(ctx).Grants, a, e.Clock.Now())
}

// SeesPeople tells whether the caller may see the workers of a scope, and not only how many they are.
func (e *API) SeesPeople(ctx context.Context, scope authz.Scope) bool {
	people := e.ScopeOf(ctx, authz.CaseList)
	return !slices.ContainsFunc(scope.Regions(), func(code region.Code) bool { return !people.Covers(code) })
}

// Op is the change that the request asks for.
func Op(ctx context.Context) authz.Op {
	c := of(ctx)
	return authz.Op{Actor: c.actor.Officer, Scope: c.scope, Request: authz.Request{Route: c.route.ID, Key: c.key,
		Digest: c.digest}}
}

func checkKey(key string) error {
	if key == "" {
		return fault.New(fault.Malformed, "idempotency.key_required").At("Idempotency-Key")
	}
	if len(key) > 256 || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fault.New(fault.Malformed, "idempotency.key_invalid").At("Idempotency-Key")
	}
	return nil
}

// Version reads the version that a change is based on from If-Match: exactly one strong entity tag.
func Version(ifMatch string) (int, error) {
	if ifMatch == "" {
		return 0, fault.New(fault.PreconditionRequired, "precondition.required").At("If-Match")
	}
	digits, opened := strings.CutPrefix(ifMatch, `"`)
	digits, closed := strings.CutSuffix(digits, `"`)
	n, err := strconv.Atoi(digits)
	if !opened || !closed || err != nil || n < 1 || ETag(n) != ifMatch {
		return 0, fault.New(fault.Malformed, "precondition.invalid").At("If-Match")
	}
	return n, nil
}

// ETag is the entity tag of a version.
func ETag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// Fresh fails when the caller's password was not given just now (authz.FreshFor).
func (e *API) Fresh(ctx context.Context) error { return of(ctx).actor.Fresh(e.Clock.Now()) }

// PageIn is what every list takes.
type PageIn struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Rows on a page"`
	Cursor string `query:"cursor" maxLength:"512" doc:"The next_cursor of the page before, with the same filter in the same words"`
}

// Position opens the cursor of a page. It opens only for the path and the query that it was made for, whatever they
// hold. The first page has none, or an empty one.
func (e *API) Position(ctx context.Context, in PageIn) ([]byte, error) {
	if in.Cursor == "" {
		return nil, nil // the first page has no position
	}
	return e.Cursors.Open(binding(ctx), in.Cursor)
}

// Next cuts a list that was read one row too long to its page, and gives the cursor of the page after.
func Next[T any](ctx context.Context, e *API, in PageIn, rows []T, position func(T) []byte) ([]T, string) {
	limit := in.Limit
	if limit == 0 {
		limit = page.DefaultSize
	}
	if len(rows) <= limit {
		return rows, ""
	}
	rows = rows[:limit]
	return rows, e.Cursors.Seal(binding(ctx), position(rows[limit-1]))
}

// CursorAt gives the cursor of a page that begins after a position, for a list whose pages end elsewhere than at a row.
func (e *API) CursorAt(ctx context.Context, position []byte) string {
	return e.Cursors.Seal(binding(ctx), position)
}

func binding(ctx context.Context) string {
	c := of(ctx)
	return c.actor.Officer.String() + "|" + c.route.ID + "|" + c.chosen
}

// UploadOp is Op for a request whose body is an upload: its digest is of the file and the form around it.
func UploadOp(ctx context.Context, file []byte, form any) (authz.Op, error) {
	text, err := json.Marshal(form)
	if err != nil {
		return authz.Op{}, fmt.Errorf("digest form: %w", err)
	}
	sum := sha256.New()
	sum.Write(text)
	sum.Write(file)
	op := Op(ctx)
	op.Request.Digest = sum.Sum(nil)
	return op, nil
}
