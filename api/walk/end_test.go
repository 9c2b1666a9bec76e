package walk_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// counted holds the counts of both offices, and what waits for each of their officers, against the lists.
func (w *walk) counted(rt *rapid.T) {
	for _, o := range w.officers {
		if !w.matrix.Allows(o.role, authz.CaseList) || len(o.area) != len(w.here) {
			continue
		}
		listed, counted := map[string]int{}, map[string]int{}
		for _, row := range w.list(o.Officer, "/v1/cases?limit=200") {
			listed[row.Stage]++
		}
		var counts struct{ Stages map[string]int }
		a := o.Call(w.t, http.MethodGet, "/v1/cases/counts", nil)
		a.JSON(w.t, &counts)
		maps.Copy(counted, counts.Stages)
		maps.DeleteFunc(counted, func(_ string, n int) bool { return n == 0 })
		if !maps.Equal(listed, counted) {
			rt.Fatalf("counted are %s, listed %v", a.Body, listed)
		}
		w.waiting(rt, o.Officer)
	}
}

// ordered holds the first day of every part against its first step, and that of a claim against the PHK.
func (w *walk) ordered(rt *rapid.T) {
	for _, is := range w.now {
		late := func(id uuid.UUID, first calendar.Date) {
			if step := is.Parts.Begun[id]; !step.IsZero() && step.Before(first) {
				rt.Fatalf("%s begins on %s, and has a step of %s, in %+v", id, first, step, is)
			}
		}
		for _, p := range is.Parts.Trainings {
			if p.State != track.Dropped { // who has not begun is dropped on any day
				late(p.ID, p.StartsOn)
			}
		}
		for _, p := range is.Parts.Applications {
			late(p.ID, p.AppliedOn)
		}
		for _, p := range is.Parts.Assessments {
			late(p.ID, p.AppliedOn)
		}
		for _, p := range is.Parts.Businesses {
			late(p.ID, p.ProposedOn)
		}
		for _, c := range is.Parts.Claims {
			if c.AppliedOn.Before(is.Case.TerminatedOn) {
				rt.Fatalf("a claim of %s for a termination on %s", c.AppliedOn, is.Case.TerminatedOn)
			}
		}
	}
}

// waiting holds the counts of the queues against their lists.
func (w *walk) waiting(rt *rapid.T, o *apitest.Officer) {
	var got struct {
		Items []struct {
			Queue, List string
			Count       *int
		}
	}
	o.Call(w.t, http.MethodGet, "/v1/queues", nil).JSON(w.t, &got)
	for _, q := range got.Items {
		if q.Count == nil {
			continue
		}
		if n := len(w.list(o, q.List)); n != *q.Count {
			rt.Fatalf("%s counts %d, its list has %d", q.Queue, *q.Count, n)
		}
	}
}

// row is what the walks look at in a line of a list.
type row struct{ ID, Stage string }

// list reads a list to its end.
func (g *ground) list(o *apitest.Officer, url string) (all []row) {
	g.t.Helper()
	for next := url; next != ""; {
		var page struct {
			Items []row
			Next  string `json:"next_cursor"`
		}
		a := o.Call(g.t, http.MethodGet, next, nil)
		if a.JSON(g.t, &page); a.Status != http.StatusOK {
			g.t.Fatalf("%s: %d %s", next, a.Status, a.Body)
		}
		all, next = append(all, page.Items...), ""
		if page.Next != "" {
			join := "?"
			if strings.Contains(url, "?") {
				join = "&"
			}
			next = url + join + "cursor=" + page.Next
		}
	}
	return all
}

// failing is a test or a walk of it.
type failing interface {
	Errorf(format string, args ...any)
}

// proved verifies all histories, and every row against what the entries say of it.
func (g *ground) proved(f failing) {
	ctx := g.t.Context()
	_, err := g.Store.Seal(ctx)
	storetest.OK(g.t, err)
	_, found, err := g.Store.Verify(ctx, audit.Published{}, nil)
	storetest.OK(g.t, err)
	if found != nil {
		f.Errorf("a history: %+v", found)
	}
	r, err := g.Store.VerifyState(ctx, nil)
	storetest.OK(g.t, err)
	for _, d := range r.Differs {
		f.Errorf("rows of %s at entry %d: %v", d.Of, d.Seq, d.Parts)
	}
}

// exported holds an export of each of the offices that were walked last against the list of its cases.
func (g *ground) exported() {
	for n := max(0, g.walks-3); n < g.walks; n++ {
		o := g.Officer(g.t, authz.Supervisor, g.offices[n%len(g.offices)][0])
		listed := g.list(o, "/v1/cases?limit=200")
		var x struct{ ID string }
		a := o.Call(g.t, http.MethodPost, "/v1/exports", map[string]any{"format": "csv", "profile": "masked"})
		a.JSON(g.t, &x)
		id, err := uuid.Parse(x.ID)
		storetest.OK(g.t, err)
		storetest.OK(g.t, g.Services.Exports.Run(g.t.Context(), id))
		var done struct {
			State    export.State
			Manifest struct{ Cases int }
		}
		a = o.Call(g.t, http.MethodGet, "/v1/exports/"+x.ID, nil)
		if a.JSON(g.t, &done); done.State != export.Ready || done.Manifest.Cases != len(listed) {
			g.t.Errorf("listed are %d cases, exported %s", len(listed), a.Body)
		}
	}
}

// lively tells what was done, and fails when a kind of change was never taken in many walks.
func (g *ground) lively() {
	g.t.Logf("%d walks", g.walks)
	for _, name := range slices.Sorted(maps.Keys(g.seen)) {
		g.t.Logf("%5d %s", g.seen[name], name)
	}
	done := 0
	for name, n := range g.seen {
		if strings.HasSuffix(name, " 2") {
			done += n
		}
	}
	if done < 5*g.walks {
		g.t.Errorf("hardly anything was done: %d changes in %d walks", done, g.walks)
	}
}
