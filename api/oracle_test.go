package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/region"
)

// estate is what one office has, and the marks by which any byte of it is recognised elsewhere.
type estate struct {
	code  region.Code
	cases []string
	ids   map[string]string // by the first word of a route's name
	marks []string
	// persons are words of what only answers about a worker hold
	persons []string
}

// atlas is a country of six offices in four provinces, each with cases in every track, a layoff with a history, and a
// list on its way.
type atlas struct {
	*apitest.Bundle
	estates []estate
}

// neighbours are the offices that are asked for a service, each in the province of the one that asks.
var neighbours = map[region.Code]string{"3273": "3201", "3204": "3202", "3578": "3501", "7371": "7301", "9171": "9103",
	"1271": "1201"}

var offices = []region.Code{"3273", "3204", "3578", "7371", "9171", "1271"}

func plant(t *testing.T) *atlas {
	t.Helper()
	w := &atlas{Bundle: apitest.New(t)}
	for _, code := range offices {
		w.estates = append(w.estates, w.settle(t, code))
	}
	return w
}

// settle gives an office its cases, each with traces in every track.
func (w *atlas) settle(t *testing.T, code region.Code) estate {
	t.Helper()
	mark := "Rahasia" + string(code)
	o := w.Officer(t, authz.Supervisor, code)
	e := estate{code: code, marks: []string{mark, o.ID.String(), o.Email}, ids: map[string]string{"officer": o.ID.String(),
		"grant": o.ID.String()}}
	a := o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"employer": map[string]any{"name": "PT " + mark,
		"region": code}, "people_planned": 7})
	var l layoffAnswer
	a.JSON(t, &l)
	changeLayoff(t, o, &l, "/events", map[string]any{"event": "notice_delivered", "on": "2026-06-01", "document": mark})
	e.ids["layoff"] = l.ID
	for n := range 3 {
		c := openUnder(t, o, code, n+1, l.ID)
		o.Change(t, &c, "/notes", map[string]any{"text": "catatan " + mark})
		o.Change(t, &c, "/claims", entitled(nil))
		o.Change(t, &c, "/responses", map[string]any{"state": "refused", "document": mark})
		o.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "BLK " + mark, "programme": "Las",
			"starts_on": "2026-11-01"})
		o.Change(t, &c, "/trainings", map[string]any{"scheme": "blk", "provider": "LPK " + mark, "programme": "Las",
			"starts_on": "2026-11-01"})
		course := c.Created // its provider stands in the reports
		o.Change(t, &c, "/trainings/"+course+"/transitions", map[string]any{"to": "in_training"})
		o.Change(t, &c, "/trainings/"+course+"/transitions", map[string]any{"to": "completed", "attendance": 90})
		o.Change(t, &c, "/applications", map[string]any{"employer": "CV " + mark, "position": "operator"})
		o.Change(t, &c, "/wish", map[string]any{"occupations": []string{"7531"}, "reach": "nation"})
		o.Change(t, &c, "/businesses", map[string]any{"title": "Usaha " + mark})
		o.Change(t, &c, "/job-seeker-cards", map[string]any{"number": "AK1 " + mark})
		o.Change(t, &c, "/assessments", map[string]any{"body": "LSP " + mark, "scheme": "Las"})
		if n == 0 {
			o.Change(t, &c, "/referrals", map[string]any{"kind": "service", "to": neighbours[code], "service": "training"})
			e.ids["referral"] = c.Created
		}
		e.cases = append(e.cases, c.ID)
	}
	var run struct{ ID string }
	o.Call(t, http.MethodPost, "/v1/matchings", map[string]any{"region": code}).JSON(t, &run)
	e.ids["matching"] = run.ID
	var order struct{ ID string }
	o.Call(t, http.MethodPost, "/v1/cases/bulk/notes?stage=intake", map[string]any{"text": "catatan " + mark}).JSON(t, &order)
	e.ids["bulk"] = order.ID
	e.ids["id"] = e.cases[0]
	e.persons = []string{"Siti", "catatan " + mark, "BLK " + mark, "CV " + mark}
	e.marks = append(append(e.marks, l.ID, run.ID, order.ID), e.cases...)
	w.superuser(t, `insert into access_alarm (officer_id, hour, kind, subjects, most)
		values ($1, date_trunc('hour', now()), 'files', 300, 200)`, uuid.UUID(o.ID))
	// Closed so long ago that its retention is over: only a restored database can hold such a case today.
	w.superuser(t, `update cases set stage = 'closed', outcome = 'placed', closed_on = '2000-01-01', due_on = null,
		due_for = null where id = $1`, e.cases[2])
	return e
}

// superuser changes what no request could.
func (w *atlas) superuser(t *testing.T, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.Database.AdminDSN)
	if err == nil {
		_, err = conn.Exec(t.Context(), "set session_replication_role = replica")
	}
	if err == nil {
		_, err = conn.Exec(t.Context(), statement, args...)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close(t.Context())
}

// remember has the officer once have been shown everybody, as one whose rights were wider before. The record is
// numbered so that it is always on the first page.
func (w *atlas) remember(t *testing.T, o asked) {
	t.Helper()
	var all []string
	for _, e := range w.estates {
		all = append(all, e.cases...)
	}
	w.superuser(t, `insert into access_record (id, officer_id, action, route, request, outcome,
		subjects) overriding system value
		values (4000000000000000000 + floor(random() * 1e15), $1, 'case.list', 'case-list', 'r', 'shown', $2::uuid[])`,
		uuid.UUID(o.ID), all)
}

// asked is an officer of the oracle with the regions that are theirs.
type asked struct {
	*apitest.Officer
	role  authz.Role
	areas []region.Code
}

func (o asked) owns(code region.Code) bool {
	return slices.ContainsFunc(o.areas, func(area region.Code) bool { return area.Contains(code) })
}

// reaches lists the grants that each role is tried with: every office, a province, and two unions.
func reaches() [][]region.Code {
	sets := [][]region.Code{{"32"}, {"3273", "9171"}, {"12", "3578"}, {}}
	for _, code := range offices {
		sets = append(sets, []region.Code{code})
	}
	return sets
}

func (e *estate) shows(a apitest.Answer) string {
	for _, mark := range e.marks {
		if bytes.Contains(a.Body, []byte(mark)) || strings.Contains(strings.Join(flat(a.Header), " "), mark) {
			return mark
		}
	}
	return ""
}

// Every route, as every role, from every reach, on what belongs to every office: nothing of an office out of reach is
// in any byte of any answer, and its ids are answered like ids that nobody has. Changes are tried with a version that
// is never right, so that what is in reach stays as it is.
func TestOracleOfIsolation(t *testing.T) {
	t.Parallel()
	plant(t).consult(t)
}

// The same with row security switched off: what the program's own queries say must be enough. A condition that is
// forgotten in one of them shows here, though the database would have covered for it.
func TestOracleOfIsolationWithoutRowSecurity(t *testing.T) {
	t.Parallel()
	w := plant(t)
	w.superuser(t, `do $$ declare t regclass; begin
		for t in select oid from pg_class where relrowsecurity loop execute format('alter table %s disable row level security', t); end loop; end $$`)
	w.consult(t)
}

func (w *atlas) consult(t *testing.T) {
	t.Helper()
	unknown := map[string]string{}
	if err := w.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"id", "layoff", "officer", "grant", "referral", "matching", "bulk"} {
		unknown[kind] = uuid.Must(uuid.NewV7()).String()
	}
	var probed atomic.Int64
	t.Run("probes", func(t *testing.T) {
		for _, role := range authz.Roles() {
			t.Run(string(role), func(t *testing.T) {
				t.Parallel()
				for _, areas := range reaches() {
					o := asked{w.Officer(t, role, areas...), role, areas}
					w.remember(t, o)
					probed.Add(int64(w.probeAll(t, o, unknown) + w.agree(t, o)))
				}
			})
		}
	})
	if probed.Load() < 25_000 {
		t.Errorf("only %d probes", probed.Load())
	}
	t.Logf("%d probes", probed.Load())
}

// probeAll asks the routes that name something, of each office and of nobody; and those that list, at three page sizes.
func (w *atlas) probeAll(t *testing.T, o asked, unknown map[string]string) (n int) {
	for _, r := range w.Server.Routes() {
		p := probeOf(t, r)
		switch {
		case p.ownOnly:
		case p.list:
			n += w.probeList(t, o, r, p)
		default:
			n += w.probeNamed(t, o, r, p, unknown)
		}
	}
	return n
}

func (w *atlas) probeList(t *testing.T, o asked, r rest.Route, p probe) (n int) {
	if p.query != "" { // it says all that is asked
		path := r.Path + strings.ReplaceAll(p.query, "=me", "="+o.ID.String())
		w.scan(t, o, o.Call(t, r.Method, path, p.body), r.ID+" "+path)
		return 1
	}
	// By itself a list is asked at three sizes, of an office at one of them.
	for size, queries := range map[string][]string{"1": {"", "region="}, "2": {"", "office="}, "50": {""}} {
		for _, query := range queries {
			for i := range w.estates {
				path := r.Path
				if query == "" && i > 0 {
					break // it names no office
				}
				if query != "" {
					path += "?" + query + string(w.estates[i].code)
				}
				if r.ID != "export-awaiting" && r.ID != "case-counts" && r.Method == http.MethodGet {
					path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "limit=" + size
				}
				w.scan(t, o, o.Call(t, r.Method, path, p.body), r.ID+" "+path)
				n++
			}
		}
	}
	return n
}

func (w *atlas) probeNamed(t *testing.T, o asked, r rest.Route, p probe, unknown map[string]string) (n int) {
	call := func(ids map[string]string) apitest.Answer {
		n++
		return o.Call(t, r.Method, fill(r, ids)+p.query, p.body, "If-Match", `"999999"`, "Idempotency-Key",
			fmt.Sprintf("%s-%s-%v", r.ID, o.role, o.areas))
	}
	nobody, again := call(unknown), map[bool]bool{}
	for i := range w.estates {
		e := &w.estates[i]
		unversioned := strings.HasPrefix(r.ID, "officer") || strings.HasPrefix(r.ID, "grant") ||
			strings.HasPrefix(r.ID, "bulk") || r.ID == "finding-record"
		if o.owns(e.code) && unversioned {
			continue // these need no version: what is in reach would change
		}
		times := 1
		if own := o.owns(e.code); r.Method != http.MethodGet && !again[own] {
			times, again[own] = 2, true // the second time with the key of the first
		}
		for range times {
			a := call(e.ids)
			w.scan(t, o, a, r.ID)
			if !o.owns(e.code) && !same(a, nobody) {
				t.Errorf("%s as %s of %v: an id of %s is told from one that nobody has:\n%d %s\n%d %s", r.ID, o.role, o.areas,
					e.code, a.Status, a.Body, nobody.Status, nobody.Body)
			}
		}
	}
	return n
}

// scan looks for the marks of every office that is out of reach.
func (w *atlas) scan(t *testing.T, o asked, a apitest.Answer, what string) {
	for i := range w.estates {
		if e := &w.estates[i]; !o.owns(e.code) {
			if mark := e.shows(a); mark != "" {
				t.Errorf("%s as %s of %v shows %q of %s: %s", what, o.role, o.areas, mark, e.code, a.Body)
			}
		}
	}
}

// agree holds all ways to the same cases against each other: pages of every size, counts, searches, exports, single
// reads, and the offices that the grants name.
func (w *atlas) agree(t *testing.T, o asked) (n int) {
	want := map[string]bool{}
	for _, e := range w.estates {
		for _, id := range e.cases {
			want[id] = o.owns(e.code)
		}
	}
	maps.DeleteFunc(want, func(_ string, mine bool) bool { return !mine })
	check := func(how string, got map[string]bool) {
		if !maps.Equal(got, want) {
			t.Errorf("%s as %s of %v gives %d cases, want %d", how, o.role, o.areas, len(got), len(want))
		}
	}
	for _, size := range []string{"1", "2", "50"} {
		got, cursor := map[string]bool{}, ""
		for first, left := true, mostPages; first || cursor != ""; first = false {
			if left--; left < 0 {
				t.Fatalf("pages of %s: without end", size)
			}
			var page struct {
				Items []apitest.Case
				Next  string `json:"next_cursor"`
			}
			a := o.Call(t, http.MethodGet, "/v1/cases?limit="+size+"&cursor="+cursor, nil)
			if n++; a.Status == http.StatusForbidden {
				return n
			}
			a.JSON(t, &page)
			for _, c := range page.Items {
				got[c.ID] = true
			}
			cursor = page.Next
		}
		check("pages of "+size, got)
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/layoffs?month=2026-10", nil); a.Status == http.StatusOK {
		var f reportOf
		if a.JSON(t, &f); f.Totals["people"] != len(want) {
			t.Errorf("the figures as %s of %v give %d workers, want %d", o.role, o.areas, f.Totals["people"], len(want))
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/reports/prevention?from=2026-01-01&until=2026-12-31",
		nil); a.Status == http.StatusOK {
		var f reportOf
		if a.JSON(t, &f); f.Totals["planned"]*3 != 7*len(want) {
			t.Errorf("the figures as %s of %v give %v, want %d people", o.role, o.areas, f.Totals, 7*len(want)/3)
		}
	}
	var counts struct{ Total int }
	o.Call(t, http.MethodGet, "/v1/cases/counts", nil).JSON(t, &counts)
	if counts.Total != len(want) {
		t.Errorf("counts as %s of %v give %d, want %d", o.role, o.areas, counts.Total, len(want))
	}
	var found struct{ Items []apitest.Case }
	o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"name": "Siti"}).JSON(t, &found)
	got := map[string]bool{}
	for _, c := range found.Items {
		got[c.ID] = true
	}
	check("the search by name", got)
	got = map[string]bool{}
	for _, e := range w.estates {
		for i := range e.cases {
			nik := apitest.Worker(e.code, i+1, "")["nik"]
			o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"nik": nik}).JSON(t, &found)
			for _, c := range found.Items {
				got[c.ID] = true
			}
			found.Items, n = nil, n+1
		}
	}
	check("the search by NIK", got)
	if a := o.Call(t, http.MethodPost, "/v1/exports", map[string]any{"format": "jsonl",
		"profile": "masked"}); a.Status == http.StatusAccepted {
		got = map[string]bool{}
		parts := w.fetch(t, o.Officer, a)
		w.scan(t, o, apitest.Answer{Body: []byte(parts["people.csv"] + parts["histories.jsonl"] + parts["manifest.json"])},
			"the export")
		for line := range strings.Lines(parts["histories.jsonl"]) {
			var entry struct {
				Case string `json:"case_id"`
			}
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Case != "" {
				got[entry.Case] = true
			}
		}
		check("the export", got)
	}
	return n + 5
}
