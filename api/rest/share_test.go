package rest

import (
	"maps"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
)

// What a caller has under way counts as what it is, for the officer and for the address: a stream, which lasts, takes
// no place of the requests, and an upload takes one of both.
func TestWhatACallerHasUnderWay(t *testing.T) {
	t.Parallel()
	officer := authz.OfficerID{1}
	for name, c := range map[string]struct {
		route Route
		kinds []string
	}{
		"a request": {Route{}, []string{"requests"}},
		"an upload": {Route{Upload: true}, []string{"requests", "uploads"}},
		"a stream":  {Route{Stream: true}, []string{"streams"}},
	} {
		e := &API{Deps: Deps{Clock: clock.System(), Limits: DefaultLimits()}, callers: newLimiter(clock.System())}
		x := &Exchange{address: "192.0.2.1"}
		if err := e.Admit(x); err != nil {
			t.Fatal(err)
		}
		if err := e.share(x, &call{route: c.route, actor: authz.Actor{Officer: officer}}); err != nil {
			t.Fatal(err)
		}
		want := map[place]int{}
		for _, kind := range c.kinds {
			want[place{kind, officer.String()}], want[place{kind, "192.0.2.1"}] = 1, 1
		}
		if !maps.Equal(e.callers.taken, want) {
			t.Errorf("%s: taken are %v, want %v", name, e.callers.taken, want)
		}
		if x.Release(); len(e.callers.taken) > 0 {
			t.Errorf("%s: kept after its end: %v", name, e.callers.taken)
		}
	}
}
