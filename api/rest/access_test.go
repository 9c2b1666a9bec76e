package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
)

// book keeps the records of who was shown whom.
type book struct {
	records []accesslog.Record
	fails   error
}

func (b *book) Record(_ context.Context, r accesslog.Record) error {
	if b.fails == nil {
		b.records = append(b.records, r)
	}
	return b.fails
}

type listing []uuid.UUID

func (l listing) Subjects() []uuid.UUID { return l }

var (
	one    = uuid.MustParse("0192c0de-0000-7000-8000-000000000001")
	other  = uuid.MustParse("0192c0de-0000-7000-8000-000000000002")
	caller = authz.Actor{Officer: authz.OfficerID{5}}
)

// Whom an answer shows is recorded before it leaves: by the path, by the list, or as nobody.
func TestWhoIsShownIsRecorded(t *testing.T) {
	t.Parallel()
	id := one.String()
	for name, c := range map[string]struct {
		call  call
		out   any
		whom  []uuid.UUID
		lines int
		kind  accesslog.Kind
		none  bool
	}{
		"of the path": {call{route: Route{Shows: Named}, named: id}, nil, []uuid.UUID{one}, 0, accesslog.File, false},
		"of a list": {call{route: Route{Shows: Listed}}, listing{one, other}, []uuid.UUID{one, other}, 0,
			accesslog.Lines, false},
		"an empty list": {call{route: Route{Shows: Listed}}, listing{}, nil, 0, accesslog.Lines, false},
		"told nothing":  {call{route: Route{Shows: Listed}, refused: true}, listing{}, nil, 0, "", true},
		"lines": {call{route: Route{Shows: Lined}, named: id, lines: 7}, nil, []uuid.UUID{one}, 7,
			accesslog.Lines, false},
		"no lines of a file": {call{route: Route{Shows: Named}, named: id, lines: 7}, nil, []uuid.UUID{one}, 0,
			accesslog.File, false},
		"the audit": {call{route: Route{Shows: Called}}, nil, nil, 0, "", false},
		"nobody":    {call{route: Route{Shows: Nobody}, named: id}, nil, nil, 0, "", true},
	} {
		b := &book{}
		e := &API{Deps: Deps{Access: b}}
		c.call.actor = caller
		if err := e.record(calling(t, &c.call), c.call.route, c.out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(b.records) != map[bool]int{true: 0, false: 1}[c.none] {
			t.Errorf("%s: %+v", name, b.records)
			continue
		}
		if c.none {
			continue
		}
		r := b.records[0]
		if !slices.Equal(r.Subjects, c.whom) || r.Lines != c.lines || r.Shows != c.kind || r.Outcome != accesslog.Shown ||
			r.Officer != caller.Officer {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// What cannot be recorded is not shown, and a route whose path names nobody shows nobody.
func TestWhatCannotBeRecordedIsNotShown(t *testing.T) {
	t.Parallel()
	b := &book{fails: errors.ErrUnsupported}
	e := &API{Deps: Deps{Access: b}}
	shows, id := Route{ID: "get-case", Shows: Named}, one.String()
	if err := e.record(calling(t, &call{route: shows, named: id}), shows, nil); !errors.Is(err, b.fails) {
		t.Errorf("got %v", err)
	}
	b.fails = nil
	for _, named := range []string{"", "x", one.String() + "0"} {
		if err := e.record(calling(t, &call{route: shows, named: named}), shows, nil); err == nil || len(b.records) > 0 {
			t.Errorf("%q: %v, %+v", named, err, b.records)
		}
	}
}

// A refusal is recorded where it is one of access, and names what was asked for.
func TestWhichRefusalsAreRecorded(t *testing.T) {
	t.Parallel()
	id := one.String()
	ofCase := Route{Path: "/v1/cases/{id}/notes", Method: http.MethodPost}
	lines := Route{Path: "/v1/x/{id}", Shows: Lined}
	open := Route{Path: "/v1/vacancies/{id}", Method: http.MethodGet}
	for name, c := range map[string]struct {
		call   call
		status int
		asked  []uuid.UUID
		kept   bool
	}{
		"forbidden":                 {call{route: open}, 403, nil, true},
		"forbidden, of a case":      {call{route: ofCase, named: id}, 403, []uuid.UUID{one}, true},
		"not there":                 {call{route: ofCase, named: id}, 404, []uuid.UUID{one}, true},
		"stale":                     {call{route: ofCase, named: id}, 412, []uuid.UUID{one}, true},
		"invalid":                   {call{route: ofCase, named: id}, 422, []uuid.UUID{one}, true},
		"no id":                     {call{route: ofCase, named: "x"}, 404, nil, true},
		"of a list":                 {call{route: lines, named: id}, 404, []uuid.UUID{one}, true},
		"told nothing":              {call{route: open, refused: true}, 200, nil, true},
		"no worker":                 {call{route: open, named: id}, 404, nil, false},
		"done":                      {call{route: ofCase, named: id}, 200, nil, false},
		"nobody":                    {call{route: ofCase, named: id}, 401, nil, false},
		"in conflict":               {call{route: ofCase, named: id}, 409, nil, false},
		"malformed":                 {call{route: ofCase, named: id}, 400, nil, false},
		"too many":                  {call{route: ofCase, named: id}, 429, nil, false},
		"our fault":                 {call{route: ofCase, named: id}, 500, nil, false},
		"of a case that none named": {call{route: Route{Shows: Listed}}, 422, nil, false},
	} {
		b := &book{}
		e := &API{Deps: Deps{Access: b}}
		c.call.actor = caller
		e.recordRefusal(t.Context(), &c.call, c.status)
		if kept := len(b.records) == 1; kept != c.kept {
			t.Errorf("%s: %+v", name, b.records)
		} else if kept && (!slices.Equal(b.records[0].Subjects, c.asked) || b.records[0].Outcome != accesslog.Refused) {
			t.Errorf("%s: %+v", name, b.records[0])
		}
	}
	e, out := logged()
	e.Access = &book{fails: errors.ErrUnsupported}
	e.recordRefusal(t.Context(), &call{route: ofCase, named: id}, 403)
	if !strings.Contains(out.String(), "a refusal is not recorded") || strings.Contains(out.String(), fmt.Sprint(one)) {
		t.Errorf("logged %s", out.String())
	}
}
