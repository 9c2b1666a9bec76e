package walk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// ground is what all walks are taken on: one running program.
type ground struct {
	*apitest.Bundle
	t        *testing.T
	contract contract
	routes   []rest.Route
	matrix   authz.Matrix
	admin    *pgx.Conn
	offices  [][2]region.Code // two of one province, where officers work who know of each other
	nation   []*actor
	walks    int
	seen     map[string]int // answers by route and status
}

// actor is an officer with one role in one region.
type actor struct {
	*apitest.Officer
	role authz.Role
	area region.Code
}

// walk is two workers' cases, a layoff and what else is made, changed by the officers of two offices and of those
// above.
type walk struct {
	*ground
	here, there region.Code
	officers    []*actor
	cases       []casework.ID
	made        map[string][]string // ids by the route that makes them, of a case under its own path
	groups      []string            // what most steps are about, so that parts get far
	days        []calendar.Date     // those that were sent, to come back to
	number      int
	now         []kept // both cases as the last step left them
}

// kept is a case with everything in it that a change may alter.
type kept struct {
	Case    casework.Case
	Person  casework.Person
	Parts   track.Tracks
	Tasks   int
	Linked  int
	Version int
}

// Whatever is done to cases, by whoever, in whatever order and on whatever day: nothing is a fault of the program, who
// has no right changes nothing, what is refused changed nothing, what is kept is what follows from the facts, and what
// is voided directly after was never. In the end every history verifies, every row is what its entries say, and counts,
// queues and exports are as long as their lists, and no day lies behind what followed it.
func TestWalks(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := g.walk(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"step": w.step,
			"":     w.follows,
		})
		w.ordered(rt)
		w.counted(rt)
		if g.walks%50 == 0 {
			g.proved(rt)
		}
	})
	g.proved(t)
	g.exported()
	g.lively()
}

// step does one thing as somebody, and every other time takes it back at once.
func (w *walk) step(rt *rapid.T) {
	route, path, url := w.way(rt)
	body := w.body(rt, route)
	of := slices.IndexFunc(w.cases, func(id casework.ID) bool { return strings.Contains(url, id.String()) })
	before := w.now
	version, at := 1, w.here
	if of >= 0 {
		version, at = before[of].Version, before[of].Case.Region
	}
	by := rapid.SampledFrom(w.officers).Draw(rt, "by")
	if able := w.able(route, at); len(able) > 0 && rapid.IntRange(0, 4).Draw(rt, "able") > 0 {
		by = rapid.SampledFrom(able).Draw(rt, "who is able")
	}
	sent, _ := json.Marshal(body)
	what := fmt.Sprintf("%s %s %s by %s of %q", route.ID, url, sent, by.role, by.area)
	answer := w.send(by, route, url, body, version)
	w.seen[fmt.Sprint(route.ID, " ", answer.Code(), " ", answer.Status/100)]++
	after := w.read()
	w.sound(rt, what, answer, before, after)
	if of >= 0 {
		w.entitled(rt, what, by, route, before[of].Case.Region, answer)
	}
	if answer.Status >= http.StatusMultipleChoices {
		return
	}
	w.keep(path, answer)
	if route.ID == "case-merge" && rapid.Bool().Draw(rt, "take apart") {
		w.takeApart(rt, what, url, body, before)
		return
	}
	if of >= 0 && after[of].Version == before[of].Version+1 && rapid.Bool().Draw(rt, "take back") {
		w.takeBack(rt, what, of, before, after)
	}
}

// send makes the request, and repeats it under the same key while it is not known whether it was saved, as clients do.
// A document goes as a form.
func (w *walk) send(by *actor, r rest.Route, url string, body any, version int) (a apitest.Answer) {
	headers := []string{"If-Match", rest.ETag(version), "Idempotency-Key", uuid.NewString()}
	for range 20 {
		if r.ID == "document-add" {
			a = by.Upload(w.t, url, scan, map[string]string{"kind": "identity_card"}, headers...)
		} else {
			a = by.Call(w.t, r.Method, url, body, headers...)
		}
		if a.Status != http.StatusServiceUnavailable {
			break
		}
	}
	return a
}

// sound refuses faults of the program, refusals without a code, and refusals that changed something.
func (w *walk) sound(rt *rapid.T, what string, a apitest.Answer, before, after []kept) {
	switch {
	case a.Status >= http.StatusInternalServerError:
		rt.Fatalf("%s: %d %s", what, a.Status, a.Body)
	case a.Status < http.StatusMultipleChoices:
	case a.Code() == "":
		rt.Fatalf("%s: no code in %d %s", what, a.Status, a.Body)
	default:
		if !reflect.DeepEqual(before, after) {
			rt.Fatalf("%s: %d %s, and changed\n%+v to\n%+v", what, a.Status, a.Body, before, after)
		}
	}
}

// entitled holds an answer against the policy: without the right 403, in another region 404, whatever is sent.
func (w *walk) entitled(rt *rapid.T, what string, by *actor, r rest.Route, at region.Code, a apitest.Answer) {
	may, sees := w.matrix.Allows(by.role, r.Action), by.area.Contains(at)
	invalid := a.Status == http.StatusUnprocessableEntity
	switch {
	case !may && a.Status != http.StatusForbidden && !invalid,
		may && !sees && a.Status != http.StatusNotFound && !invalid,
		may && sees && a.Code() == "case.not_found":
		rt.Fatalf("%s: %d %s", what, a.Status, a.Body)
	}
}

// takeBack voids the newest entry of a case; money takes a second officer. Then everything is as it was before.
func (w *walk) takeBack(rt *rapid.T, what string, of int, before, made []kept) {
	path := fmt.Sprintf("/v1/cases/%s/history/%d/reversal", w.cases[of], made[of].Version)
	for _, o := range w.supervisors(made[of].Case.Region) {
		a := w.send(o, rest.Route{Method: http.MethodPost}, path, map[string]any{"reason": "keliru"}, w.now[of].Version)
		was := w.now
		w.sound(rt, what+", taken back", a, was, w.read())
		w.seen[fmt.Sprint("taken back ", a.Status/100)]++
		if a.Status >= http.StatusMultipleChoices {
			return
		}
		if w.isVoided(of, made[of].Version) {
			w.same(rt, what, before, w.now)
			return
		}
	}
	rt.Fatalf("%s: two officers did not take it back", what)
}

// takeApart takes a merge back at once. Then both cases are as they were before.
func (w *walk) takeApart(rt *rapid.T, what, url string, body any, before []kept) {
	of := slices.IndexFunc(w.cases, func(id casework.ID) bool { return strings.Contains(url, id.String()) })
	a := w.send(w.nation[0], rest.Route{Method: http.MethodPost}, url+"/reversal", body, w.now[of].Version)
	if w.seen[fmt.Sprint("taken apart ", a.Status/100)]++; a.Status >= http.StatusMultipleChoices {
		rt.Fatalf("%s, taken apart: %d %s", what, a.Status, a.Body)
	}
	w.same(rt, what, before, w.read())
}

func (w *walk) isVoided(of, seq int) bool {
	_, entries, err := w.Store.Get(w.t.Context(), authz.Everywhere(), w.cases[of])
	storetest.OK(w.t, err)
	return entries[seq-1].VoidedBy != 0
}

func (w *walk) same(rt *rapid.T, what string, before, after []kept) {
	before, after = slices.Clone(before), slices.Clone(after)
	for i := range before {
		before[i].Version, after[i].Version = 0, 0
	}
	if !reflect.DeepEqual(before, after) {
		rt.Fatalf("%s, and taken back: was\n%+v\nis\n%+v", what, before, after)
	}
}

// read reads both cases, and remembers them: nobody else changes them before the next step.
func (w *walk) read() []kept {
	w.now = w.kept()
	return w.now
}

// kept reads both cases as the superuser of the program sees them.
func (w *walk) kept() []kept {
	all := make([]kept, len(w.cases))
	for i, id := range w.cases {
		c, parts, err := w.Store.GetTracks(w.t.Context(), authz.Everywhere(), id)
		storetest.OK(w.t, err)
		all[i] = kept{Case: c.Case, Person: c.Person, Parts: parts, Version: c.Version}
		all[i].Case.Version, all[i].Case.UpdatedAt = 0, time.Time{}
		storetest.OK(w.t, w.admin.QueryRow(w.t.Context(), `select (select count(*) from task where case_id = $1),
			(select count(*) from linked_case where case_id = $1 or other_id = $1)`, uuid.UUID(id)).
			Scan(&all[i].Tasks, &all[i].Linked))
	}
	return all
}

// follows holds what is kept against what follows from its facts.
func (w *walk) follows(rt *rapid.T) {
	rules := w.Services.Tracks.Rules
	for _, is := range w.now {
		c, parts := is.Case, is.Parts.Clone()
		track.Derive(&c, &parts, rules)
		if is.Parts = is.Parts.Clone(); !reflect.DeepEqual(is.Case, c) || !reflect.DeepEqual(is.Parts, parts) {
			rt.Fatalf("follows\n%+v %+v\nkept is\n%+v %+v", c, parts, is.Case, is.Parts)
		}
		if due := len(parts.Tasks(rules.Measures)); due != is.Tasks {
			rt.Fatalf("%d tasks are kept, %d follow from %+v", is.Tasks, due, is.Case)
		}
	}
}
