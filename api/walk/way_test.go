package walk_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/authz/enforcer"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/policies"
)

// scan is the smallest PDF.
var scan = []byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n" +
	"trailer\n<</Root 1 0 R/Size 2>>\nstartxref\n42\n%%EOF\n")

// themes are subjects that most walks have some of, for they reach far.
var themes = [][]string{{"transitions", "reopening", "worker"}, {"erasure", "transitions", "history"},
	{"merge", "transitions", "follow-up"}, {"claims", "placements", "history"}, {"referrals", "assignment", "officers"},
	{"cases", "layoffs", "worker"}, {"documents", "parts", "hold"}, {"proposals", "applications", "vacancies"}}

func newGround(t *testing.T) *ground {
	t.Helper()
	matrix, err := enforcer.Load(policies.FS)
	storetest.OK(t, err)
	b := apitest.With(t, apitest.Setup{Matrix: matrix,
		Log: slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})})
	g := &ground{Bundle: b, t: t, contract: contractOf(t, b), matrix: matrix, admin: b.Database.Admin(t),
		seen: map[string]int{}}
	for _, r := range b.Server.Routes() {
		changes := r.Method == http.MethodPost || r.Method == http.MethodPatch
		if changes && (strings.HasPrefix(r.Path, "/v1/cases/{id}") || strings.HasPrefix(r.Path, "/v1/layoffs") ||
			strings.HasPrefix(r.Path, "/v1/vacancies") || r.Path == "/v1/classes" ||
			r.ID == "referral-answer" || r.ID == "officer-handover") {
			g.routes = append(g.routes, r)
		}
	}
	if len(g.routes) < 70 {
		t.Fatalf("only %d routes", len(g.routes))
	}
	for _, province := range []region.Code{"32", "33", "35"} {
		regencies := apitest.Tree(t).Children(province)
		for i := 0; i+1 < len(regencies); i += 2 {
			g.offices = append(g.offices, [2]region.Code{regencies[i].Code, regencies[i+1].Code})
		}
	}
	for _, role := range []authz.Role{authz.Supervisor, authz.Service, authz.Auditor, authz.Administrator} {
		g.nation = append(g.nation, g.actor(role, ""))
	}
	return g
}

func (g *ground) actor(role authz.Role, area region.Code) *actor {
	return &actor{g.Officer(g.t, role, area), role, area}
}

// walk begins on two cases and a layoff of an office.
func (g *ground) walk(rt *rapid.T) *walk {
	pair := g.offices[g.walks%len(g.offices)]
	g.walks++
	w := &walk{ground: g, here: pair[0], there: pair[1], number: g.walks, made: map[string][]string{},
		officers: slices.Clone(g.nation)}
	today := calendar.Of(clock.System().Now(), calendar.WIB)
	w.days = []calendar.Date{today, today, today.AddDays(-20), calendar.MustDate("2026-10-01")}
	for _, o := range []struct {
		role authz.Role
		area region.Code
	}{{authz.Supervisor, w.here}, {authz.CaseWorker, w.here}, {authz.Mediator, w.here}, {authz.Analyst, w.here},
		{authz.Supervisor, w.here.Province()}, {authz.Supervisor, w.there}, {authz.CaseWorker, w.there}} {
		w.officers = append(w.officers, g.actor(o.role, o.area))
	}
	opener := w.officers[len(g.nation)].Officer
	layoff := opener.Call(g.t, http.MethodPost, "/v1/layoffs", map[string]any{"planned_on": "2026-10-01",
		"people_planned": 2, "employer": map[string]any{"name": fmt.Sprintf("PT Uji %d", g.walks), "region": w.here}})
	w.keep("/v1/layoffs", layoff)
	for n := range 2 {
		c := opener.Open(g.t, w.here, 2*g.walks+n, fmt.Sprintf("Siti %d %d", g.walks, n))
		id, err := casework.ParseID(c.ID)
		storetest.OK(g.t, err)
		w.cases = append(w.cases, id)
	}
	w.groups = rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(w.subjects()))), 2, 3,
		rapid.ID[string]).Draw(rt, "about")
	w.groups = append(w.groups, rapid.SampledFrom(themes).Draw(rt, "theme")...)
	w.begin(rt, opener)
	w.read()
	return w
}

// begin lets some walks start where chance seldom gets.
func (w *walk) begin(rt *rapid.T, o *apitest.Officer) {
	do := func(url string, body any) {
		version := 1
		if strings.Contains(url, w.cases[0].String()) {
			version = w.version(w.cases[0])
		}
		a := o.Call(w.t, http.MethodPost, url, body, "If-Match", rest.ETag(version))
		if a.Status >= http.StatusMultipleChoices {
			rt.Fatalf("%s: %d %s", url, a.Status, a.Body)
		}
		w.keep(url, a)
	}
	first, second := "/v1/cases/"+w.cases[0].String(), "/v1/cases/"+w.cases[1].String()
	begun := func(what string) bool { return rapid.IntRange(0, 2).Draw(rt, what+" at first") == 0 }
	if begun("a claim") {
		do(first+"/claims", entitled())
		do(first+"/claims/decision", map[string]any{})
	}
	if begun("a vacancy") {
		do("/v1/vacancies", w.vacancies(2))
		do("/v1/vacancies/"+w.made["/v1/vacancies"][0]+"/transitions", map[string]any{"to": "open"})
	}
	if begun("a closed case") {
		do(second+"/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	}
}

// subject is what a route is about: a kind of part, or what stands beside the cases.
func subject(r rest.Route) string {
	parts := strings.Split(strings.TrimPrefix(r.Path, "/v1/"), "/")
	if len(parts) < 3 || parts[0] != "cases" {
		return parts[0]
	}
	return parts[2]
}

func (g *ground) subjects() map[string]bool {
	all := map[string]bool{}
	for _, r := range g.routes {
		all[subject(r)] = true
	}
	return all
}

// way chooses a route that leads somewhere, its path with the case in it, and its address.
func (w *walk) way(rt *rapid.T) (r rest.Route, path, url string) {
	of := w.cases[0]
	if rapid.IntRange(0, 3).Draw(rt, "case") == 0 {
		of = w.cases[1]
	}
	near := rapid.IntRange(0, 9).Draw(rt, "near") > 2
	possible := slices.DeleteFunc(slices.Clone(w.routes), func(r rest.Route) bool {
		_, url := w.address(rt, r, of, false)
		return url == "" || near && !slices.Contains(w.groups, subject(r))
	})
	if len(possible) == 0 {
		possible = slices.DeleteFunc(slices.Clone(w.routes), func(r rest.Route) bool { return r.ID != "case-advance" })
	}
	r = rapid.SampledFrom(possible).Draw(rt, "route")
	path, url = w.address(rt, r, of, true)
	return r, path, url
}

// address fills a path in, with one of the newest parts of each kind; there is none when there is no such part.
func (w *walk) address(rt *rapid.T, r rest.Route, of casework.ID, draw bool) (path, url string) {
	if strings.HasPrefix(r.Path, "/v1/cases/{id}") {
		path = strings.Replace(r.Path, "{id}", of.String(), 1)
	} else {
		path = r.Path
	}
	url = path
	for _, part := range strings.Split(path, "/") {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		choice := w.choice(part, path[:strings.Index(path, "/"+part)], of)
		if len(choice) == 0 {
			return path, ""
		}
		chosen := choice[0]
		if draw {
			chosen = rapid.SampledFrom(choice).Draw(rt, part)
		}
		url = strings.Replace(url, part, chosen, 1)
	}
	return path, url
}

// choice is what may stand for a part of a path.
func (w *walk) choice(part, before string, of casework.ID) []string {
	switch {
	case part == "{n}":
		return []string{"1", "2", "3", "6"}
	case part == "{report}":
		return codelist.Texts(statistics.Report("").Values())
	case part == "{seq}":
		var all []string
		for n := range w.version(of) {
			all = append(all, fmt.Sprint(n+1))
		}
		return all
	case part == "{part}":
		var all []string
		for route, ids := range w.made {
			if strings.Contains(route, of.String()) {
				all = append(all, ids...)
			}
		}
		slices.Sort(all)
		return all
	case before == "/v1/officers":
		var all []string
		for _, o := range w.officers {
			all = append(all, o.ID.String())
		}
		return all
	case before == "/v1/referrals":
		var all []string
		for _, id := range w.cases {
			all = append(all, w.made["/v1/cases/"+id.String()+"/referrals"]...)
		}
		return all
	}
	ids := w.made[before]
	return ids[max(0, len(ids)-2):]
}

func (w *walk) version(of casework.ID) (n int) {
	storetest.OK(w.t, w.admin.QueryRow(w.t.Context(), "select version from cases where id = $1", uuid.UUID(of)).Scan(&n))
	return n
}

// keep remembers what was made.
func (w *walk) keep(path string, a apitest.Answer) {
	if a.Status != http.StatusCreated && path != "/v1/vacancies" || a.Status >= http.StatusMultipleChoices {
		return
	}
	var out struct {
		ID, Created string
		Items       []struct{ ID string }
	}
	a.JSON(w.t, &out)
	switch {
	case out.Created != "":
		w.made[path] = append(w.made[path], out.Created)
	case len(out.Items) > 0 && out.Items[0].ID != "":
		w.made[path] = append(w.made[path], out.Items[0].ID)
	case out.ID != "" && !strings.HasPrefix(path, "/v1/cases/"):
		w.made[path] = append(w.made[path], out.ID)
	}
}

// able are the officers who have the right of a route where the case is.
func (w *walk) able(r rest.Route, at region.Code) []*actor {
	return slices.DeleteFunc(slices.Clone(w.officers), func(o *actor) bool {
		return !w.matrix.Allows(o.role, r.Action) || !o.area.Contains(at)
	})
}

// supervisors are two who may take back what stands in a case.
func (w *walk) supervisors(at region.Code) (two []*actor) {
	for _, o := range w.officers {
		if o.role == authz.Supervisor && o.area.Contains(at) && len(two) < 2 {
			two = append(two, o)
		}
	}
	return two
}

// day is mostly today, and else one of those around which something may change, and now and then one far away.
func (w *walk) day(rt *rapid.T) string {
	if rapid.IntRange(0, 15).Draw(rt, "far") == 0 {
		return rapid.SampledFrom([]string{"1950-01-01", "2000-02-29", "2025-12-31", "2099-12-31"}).Draw(rt, "far day")
	}
	d := rapid.SampledFrom(w.days).Draw(rt, "day").AddDays(rapid.SampledFrom([]int{0, 0, 0, -1, 1}).Draw(rt, "off"))
	if len(w.days) < 30 {
		w.days = append(w.days, d)
	}
	return d.String()
}

// parts are the ids of what was made and may be named by a property.
func (w *walk) parts(name string) (all []string) {
	if name == "duplicate_of" || name == "case" || name == "with" {
		return []string{w.cases[1].String(), w.cases[0].String()}
	}
	for route, ids := range w.made {
		if strings.HasSuffix(route, "/"+plural[name]) {
			all = append(all, ids...)
		}
	}
	slices.Sort(all)
	return all
}

// id names what exists, and now and then something that does not.
func (w *walk) id(rt *rapid.T, name string) string {
	if ids := w.parts(name); len(ids) > 0 && rapid.IntRange(0, 9).Draw(rt, name+" exists") > 0 {
		return rapid.SampledFrom(ids).Draw(rt, name)
	}
	return "0190a7b0-1111-7222-8333-444455556666"
}

var plural = map[string]string{"training": "trainings", "class": "classes", "vacancy": "vacancies", "of": "claims",
	"application": "applications", "assessment": "assessments", "layoff": "layoffs"}
