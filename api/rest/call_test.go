package rest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/authztest"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/page"
)

// calling is the context of a call.
func calling(t *testing.T, c *call) context.Context {
	t.Helper()
	return context.WithValue(t.Context(), callKey{}, c)
}

// The version of a change is one strong entity tag, written as ETag writes it.
func TestVersionsOfIfMatch(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		`"1"`: "", `"42"`: "", `"2147483647"`: "",
		"":                       "precondition.required",
		`1`:                      "precondition.invalid",
		`"1`:                     "precondition.invalid",
		`1"`:                     "precondition.invalid",
		`""1""`:                  "precondition.invalid",
		`"0"`:                    "precondition.invalid",
		`"-1"`:                   "precondition.invalid",
		`"+1"`:                   "precondition.invalid",
		`"01"`:                   "precondition.invalid",
		`" 1"`:                   "precondition.invalid",
		`"1" `:                   "precondition.invalid",
		`W/"1"`:                  "precondition.invalid",
		`"1", "2"`:               "precondition.invalid",
		`*`:                      "precondition.invalid",
		`"x"`:                    "precondition.invalid",
		`""`:                     "precondition.invalid",
		`"`:                      "precondition.invalid",
		`"1e3"`:                  "precondition.invalid",
		`"99999999999999999999"`: "precondition.invalid",
	} {
		n, err := Version(text)
		if fault.CodeOf(err) != code || (err == nil) != (code == "") || err != nil && n != 0 {
			t.Errorf("%s: %d, %v", text, n, err)
		}
		if err == nil && ETag(n) != text {
			t.Errorf("%s comes back as %s", text, ETag(n))
		}
		if f, is := errors.AsType[*fault.Error](err); is && f.Field != "If-Match" {
			t.Errorf("%s: at %q", text, f.Field)
		}
	}
}

// A key is 1 to 256 characters that can be seen.
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	for key, code := range map[string]string{
		"a": "", "0b9c-!~": "", strings.Repeat("k", 256): "",
		"":                       "idempotency.key_required",
		strings.Repeat("k", 257): "idempotency.key_invalid",
		"a b":                    "idempotency.key_invalid",
		"a\x00":                  "idempotency.key_invalid",
		"a\x7f":                  "idempotency.key_invalid",
		"ä":                      "idempotency.key_invalid",
	} {
		if got := fault.CodeOf(checkKey(key)); got != code {
			t.Errorf("%q: %q, want %q", key, got, code)
		}
	}
}

// A cursor opens for the caller, the route and the filter that it was made for, and for nothing else.
func TestACursorIsBoundToItsList(t *testing.T) {
	t.Parallel()
	e := &API{Deps: Deps{Cursors: page.NewSigner([]byte("key of the test, long enough"))}}
	list := func(officer authz.OfficerID, route, chosen string) context.Context {
		return calling(t, &call{actor: authz.Actor{Officer: officer}, route: Route{ID: route}, chosen: chosen})
	}
	mine := list(authz.OfficerID{1}, "list-cases", "stage=intake")
	rows := []string{"a", "b", "c"}
	position := func(row string) []byte { return []byte(row) }
	got, cursor := Next(mine, e, PageIn{Limit: 2}, rows, position)
	if !slices.Equal(got, rows[:2]) || cursor == "" {
		t.Fatalf("%v, %q", got, cursor)
	}
	if at, err := e.Position(mine, PageIn{Cursor: cursor}); err != nil || string(at) != "b" {
		t.Errorf("it opens at %q: %v", at, err)
	}
	for name, ctx := range map[string]context.Context{
		"somebody else's": list(authz.OfficerID{2}, "list-cases", "stage=intake"),
		"another list's":  list(authz.OfficerID{1}, "list-work", "stage=intake"),
		"another filter":  list(authz.OfficerID{1}, "list-cases", "stage=closed"),
		"no filter":       list(authz.OfficerID{1}, "list-cases", ""),
	} {
		if at, err := e.Position(ctx, PageIn{Cursor: cursor}); err == nil {
			t.Errorf("%s: it opens at %q", name, at)
		}
	}
	for _, changed := range []string{cursor[1:], cursor + "A", strings.ToUpper(cursor), "x"} {
		if at, err := e.Position(mine, PageIn{Cursor: changed}); err == nil {
			t.Errorf("%s opens at %q", changed, at)
		}
	}
}

// Only a list that is longer than its page has a next one.
func TestTheLastPageHasNoCursor(t *testing.T) {
	t.Parallel()
	e := &API{Deps: Deps{Cursors: page.NewSigner([]byte("key of the test, long enough"))}}
	ctx := calling(t, &call{})
	for _, c := range []struct {
		limit, rows int
		next        bool
	}{{1, 0, false}, {1, 1, false}, {1, 2, true}, {50, 50, false}, {50, 51, true}, {0, page.DefaultSize, false},
		{0, page.DefaultSize + 1, true}} {
		rows, cursor := Next(ctx, e, PageIn{Limit: c.limit}, make([]int, c.rows), func(int) []byte { return nil })
		if (cursor != "") != c.next || len(rows) > max(c.limit, page.DefaultSize) {
			t.Errorf("%+v: %d rows, %q", c, len(rows), cursor)
		}
	}
	if at, err := e.Position(ctx, PageIn{}); at != nil || err != nil {
		t.Errorf("the first page is at %q: %v", at, err)
	}
}

func TestAddressesWithoutTheirPort(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{"10.1.2.3:4567": "10.1.2.3", "[2001:db8::1]:80": "2001:db8::1",
		"10.1.2.3": "10.1.2.3", "": ""} {
		if got := Address(calling(t, &call{remote: remote})); got != want {
			t.Errorf("%q: %q", remote, got)
		}
	}
}

// The same form with another file is another request, and so is the same file with another form.
func TestAnUploadIsItsFileAndItsForm(t *testing.T) {
	t.Parallel()
	ctx := calling(t, &call{actor: authz.Actor{Officer: authz.OfficerID{7}}, route: Route{ID: "upload"}, key: "k"})
	seen := map[string]string{}
	for name, c := range map[string]struct {
		file string
		form any
	}{"one": {"a", "x"}, "another file": {"b", "x"}, "another form": {"a", "y"}, "none": {"", ""}} {
		op, err := UploadOp(ctx, []byte(c.file), c.form)
		if err != nil || op.Actor != (authz.OfficerID{7}) || op.Request.Route != "upload" || op.Request.Key != "k" {
			t.Fatalf("%+v: %v", op, err)
		}
		if other, twice := seen[string(op.Request.Digest)]; twice {
			t.Errorf("%s is as %s", name, other)
		}
		seen[string(op.Request.Digest)] = name
	}
	if _, err := UploadOp(ctx, nil, func() {}); err == nil {
		t.Error("a form that cannot be told has a digest")
	}
}

// People are seen where cases may be listed, in all of the scope or not at all.
func TestWhoSeesPeople(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC)
	e := &API{Deps: Deps{Clock: clock.At(now), Matrix: authztest.Table{authz.CaseWorker: {authz.CaseList}}}}
	ctx := calling(t, &call{actor: authztest.Officer("a", authz.CaseWorker, "32", "3301")})
	for name, c := range map[string]struct {
		scope authz.Scope
		sees  bool
	}{
		"a regency of theirs":      {authz.ScopeOver("3273"), true},
		"both":                     {authz.ScopeOver("32", "3301"), true},
		"more than theirs":         {authz.ScopeOver("33"), false},
		"theirs and a foreign one": {authz.ScopeOver("3273", "11"), false},
		"the nation":               {authz.Everywhere(), false},
	} {
		if got := e.SeesPeople(ctx, c.scope); got != c.sees {
			t.Errorf("%s: %t", name, got)
		}
	}
	if e.SeesPeople(calling(t, &call{actor: authztest.Officer("b", authz.Analyst, "")}), authz.ScopeOver("3273")) {
		t.Error("an analyst sees people")
	}
}

// Without a call there is nobody, nowhere.
func TestNobodyCalls(t *testing.T) {
	t.Parallel()
	if a, s, op := Caller(t.Context()), Scope(t.Context()), Op(t.Context()); len(a.Grants) > 0 || !s.Empty() ||
		op.Actor != (authz.OfficerID{}) || !op.Scope.Empty() {
		t.Errorf("%+v, %+v, %+v", a, s, op)
	}
}
