package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
)

// stage is one office with something on every route that shows workers.
type stage struct {
	*atlas
	estate              estate
	supervisor, auditor *apitest.Officer
	paths               map[string]string // of routes that are asked of something special
	bodies              map[string]any
	versions            map[string]string
}

func setStage(t *testing.T) *stage {
	t.Helper()
	w := &atlas{Bundle: apitest.New(t)}
	s := &stage{atlas: w, estate: w.settle(t, "3273"), supervisor: w.Officer(t, authz.Supervisor, "3273"),
		auditor: w.Officer(t, authz.Auditor, "3273"), paths: map[string]string{},
		bodies: map[string]any{"case-search": map[string]any{"name": "Siti"}}, versions: map[string]string{}}
	o := s.supervisor
	list := upload(t, w.Bundle, o, "messy.xlsx")
	for _, part := range []string{"rows", "report"} {
		s.paths["intake-"+part] = "/v1/intakes/" + list.ID + "/" + part
	}
	var x struct{ ID string }
	order(t, o, map[string]any{"format": "csv", "profile": "masked"}).JSON(t, &x)
	run(t, w.Bundle, x.ID)
	s.paths["export-file"] = "/v1/exports/" + x.ID + "/file"
	var reported struct{ Items []struct{ ID string } }
	o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "portal",
		"items": []any{map[string]any{"region": "3273", "employer": "PT", "title": "Penjahit",
			"occupation": "7531", "openings": 1, "reference": "a"}}}).JSON(t, &reported)
	o.Call(t, http.MethodPost, "/v1/vacancies/"+reported.Items[0].ID+"/transitions", map[string]any{"to": "open"},
		"If-Match", `"1"`)
	s.paths["match-vacancy"] = "/v1/vacancies/" + reported.Items[0].ID + "/matches"
	s.referral(t)
	s.document(t)
	var finding struct{ ID string }
	s.auditor.Call(t, http.MethodPost, "/v1/cases/"+s.estate.cases[0]+"/findings", map[string]any{"severity": "note",
		"text": "x"}).JSON(t, &finding)
	for name, verb := range map[string]string{"finding-answer": "answer", "finding-settle": "settlement"} {
		s.paths[name] = "/v1/cases/" + s.estate.cases[0] + "/findings/" + finding.ID + "/" + verb
	}
	return s
}

// document keeps a scan in a case.
func (s *stage) document(t *testing.T) {
	t.Helper()
	var c apitest.Case
	s.supervisor.Call(t, http.MethodGet, "/v1/cases/"+s.estate.cases[0], nil).JSON(t, &c)
	one := "/v1/cases/" + c.ID + "/documents/" + addScan(t, s.supervisor, &c, scanOf(t), map[string]string{"kind": "pay_slip"})
	s.paths["document-get"], s.paths["document-content"] = one, one+"/content"
}

// referral has another office ask for a service twice: one is accepted, so that its worker is named, one is to be.
func (s *stage) referral(t *testing.T) {
	t.Helper()
	other := s.Officer(t, authz.Supervisor, "3201")
	for n := range 2 {
		c := other.Open(t, "3201", 20+n, "Siti Tamu")
		other.Change(t, &c, "/referrals", map[string]any{"kind": "service", "to": "3273", "service": "training"})
		s.paths["referral-answer"] = "/v1/referrals/" + c.Created + "/answer"
		if n == 0 {
			s.paths["referral-get"] = "/v1/referrals/" + c.Created
			s.supervisor.Call(t, http.MethodPost, "/v1/referrals/"+c.Created+"/answer", map[string]any{"to": "accepted"},
				"If-Match", `"1"`)
		}
	}
	s.bodies["referral-answer"], s.versions["referral-answer"] = map[string]any{"to": "accepted"}, `"1"`
	s.paths["referral-list"] = "/v1/referrals?direction=incoming"
}

// ask calls a route as whoever of the two may.
func (s *stage) ask(t *testing.T, r rest.Route) apitest.Answer {
	t.Helper()
	path, special := s.paths[r.ID]
	if !special {
		path = fill(r, s.estate.ids) + probeOf(t, r).query
	}
	body, special := s.bodies[r.ID]
	if !special {
		body = probeOf(t, r).body
	}
	version := s.versions[r.ID]
	if version == "" {
		version = `"1"`
	}
	a := s.supervisor.Call(t, r.Method, path, body, "If-Match", version)
	if a.Status == http.StatusForbidden {
		a = s.auditor.Call(t, r.Method, path, body)
	}
	return a
}

// recorded is what stands in the record of access.
type recorded struct {
	Outcome  string
	Shows    *string
	Lines    int
	Subjects []uuid.UUID
}

func recordOf(t *testing.T, conn *pgx.Conn, a apitest.Answer) (list []recorded) {
	t.Helper()
	rows, err := conn.Query(t.Context(), "select outcome, shows, lines, subjects from access_record where request = $1",
		a.Header.Get("X-Request-Id"))
	if err == nil {
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[recorded])
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// alarms raises what there is to raise, and gives the kind by officer.
func alarms(t *testing.T, b *apitest.Bundle) map[string]string {
	t.Helper()
	kinds := map[string]string{}
	if err := b.Store.RaiseAlarms(t.Context(), func(a accesslog.Alarm) {
		kinds[a.Officer.String()] = string(
			a.Kind)
	}); err != nil {
		t.Fatal(err)
	}
	return kinds
}

// Every route that shows workers is recorded with how much it shows, and enough of such records raise the alarm,
// whatever the route is called and whatever right it needs.
func TestEveryRouteThatShowsWorkersCounts(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	admin := s.Database.Admin(t)
	want, found := map[string]string{}, 0
	for _, r := range s.Server.Routes() {
		kind, most := "list", accesslog.MostLines
		switch r.Shows {
		case rest.Nobody, rest.Called:
			continue
		case rest.Named:
			kind, most = "file", accesslog.MostFiles
		case rest.Listed, rest.Lined:
		}
		if r.ID == "referral-unconsent" { // it answers as the others of its kind, but ends what was shown
			continue
		}
		found++
		a := s.ask(t, r)
		if a.Status >= http.StatusMultipleChoices {
			t.Errorf("%s could not be asked: %d %s", r.ID, a.Status, a.Body)
			continue
		}
		got := recordOf(t, admin, a)
		if len(got) != 1 || got[0].Outcome != "shown" || got[0].Shows == nil || *got[0].Shows != kind ||
			len(got[0].Subjects) == 0 || (r.Shows == rest.Lined) != (got[0].Lines > 0) {
			t.Errorf("%s is recorded as %+v", r.ID, got)
			continue
		}
		// As if it had been called for many workers by somebody; and by somebody else for as many as nobody minds.
		for _, n := range []int{most, most + 1} {
			who := uuid.New()
			_, err := admin.Exec(t.Context(), `insert into access_record (officer_id, action, route, request, outcome, shows,
				lines, subjects)
				select $1, action, route, 'r', outcome, shows, case when lines > 0 then $2 else 0 end,
					case when lines > 0 then array[gen_random_uuid()] else array(select gen_random_uuid()
					from generate_series(1, $2)) end
				from access_record where request = $3`, who, n, a.Header.Get("X-Request-Id"))
			if err != nil {
				t.Fatal(err)
			}
			if n > most {
				want[who.String()] = kind + "s " + r.ID
			}
		}
	}
	raised := alarms(t, s.Bundle)
	for who, what := range want {
		if kind, _, _ := strings.Cut(what, " "); raised[who] != kind {
			t.Errorf("%s raises no alarm", what)
		}
	}
	if len(raised) != len(want) || found < 25 {
		t.Errorf("%d alarms of %d over %d routes", len(raised), len(want), found)
	}
}

// A list that is read again and again shows no more workers than it has rows, and one worker by many routes is one.
func TestTheSameWorkersCountOnce(t *testing.T) {
	t.Parallel()
	s := setStage(t)
	admin, list := s.Database.Admin(t), strings.Split(s.paths["intake-rows"], "/")[3]
	_, err := admin.Exec(t.Context(), `insert into access_record (officer_id, action, route, request, outcome, shows,
		lines, subjects)
		select $1::uuid, 'intake.read', 'intake-rows', 'r', 'shown', 'list', 50, array[$2::uuid] from generate_series(1, 1000)
		union all select $1, 'case.read', 'route-' || n, 'r', 'shown', 'file', 0, array[$2::uuid]
		from generate_series(1, 1000) n`, uuid.UUID(s.supervisor.ID), list)
	if err != nil {
		t.Fatal(err)
	}
	if raised := alarms(t, s.Bundle); len(raised) != 0 {
		t.Errorf("raised %v", raised)
	}
}

// Through no route does an office see anything of a worker whose case has moved away, nor an officer anything whose
// grant was revoked; the routes are all that the server has.
func TestNothingIsShownAfterATransferOrARevocation(t *testing.T) {
	t.Parallel()
	w := &atlas{Bundle: apitest.New(t)}
	to, admin := w.Officer(t, authz.Supervisor, "3204"), w.Officer(t, authz.Administrator, "32")
	e := w.settle(t, "3273")
	readers := []*apitest.Officer{w.Officer(t, authz.Supervisor, "3273"), w.Officer(t, authz.CaseWorker, "3273"),
		w.Officer(t, authz.Auditor, "3273")}
	walk := func(when string, expect func(r rest.Route, a apitest.Answer) bool) (shown int) {
		for _, o := range readers {
			for _, r := range w.Server.Routes() {
				p := probeOf(t, r)
				if r.ID == "case-search" {
					p.body = map[string]any{"nik": apitest.Worker("3273", 1, "")["nik"]}
				}
				if r.Method != http.MethodGet && r.ID != "case-search" || r.Public || r.Produces == "text/event-stream" {
					continue
				}
				a := o.Call(t, r.Method, fill(r, e.ids)+strings.ReplaceAll(p.query, "=me", "="+o.ID.String()), p.body)
				if !expect(r, a) {
					t.Errorf("%s, %s: %d %s", when, r.ID, a.Status, a.Body)
				}
				for _, mark := range []string{"catatan Rahasia3273", "BLK Rahasia3273", "CV Rahasia3273", "Siti", "*0001"} {
					if strings.Contains(string(a.Body), mark) {
						shown++
					}
				}
			}
		}
		return shown
	}
	anything := func(rest.Route, apitest.Answer) bool { return true }
	if n := walk("before", anything); n < 20 {
		t.Fatalf("only %d answers show the workers", n)
	}
	// Two of the cases are closed as if long ago; the one that is open moves, and the walk is of what names it.
	w.superuser(t, "update cases set region = '3204' where id = any($1)", e.cases[1:])
	w.superuser(t, "update case_worker set region = '3204' where case_id = any($1)", e.cases[1:])
	c := apitest.Case{ID: e.cases[0]}
	readers[0].Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &c)
	readers[0].Change(t, &c, "/referrals", map[string]any{"kind": "custody", "to": "3204"})
	if a := to.Call(t, http.MethodPost, "/v1/referrals/"+c.Created+"/answer", map[string]any{"to": "accepted"}, "If-Match",
		`"1"`); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if err := w.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone := func(r rest.Route, a apitest.Answer) bool {
		return !strings.HasPrefix(r.Path, "/v1/cases/{id}") || a.Status == http.StatusNotFound ||
			a.Status == http.StatusForbidden
	}
	if n := walk("after the transfer", gone); n != 0 {
		t.Errorf("%d answers show a worker whose case has moved", n)
	}
	for _, o := range readers {
		var found struct{ Grants []struct{ ID string } }
		admin.Call(t, http.MethodGet, "/v1/officers/"+o.ID.String(), nil).JSON(t, &found)
		if a := admin.Call(t, http.MethodPost, "/v1/officers/"+o.ID.String()+"/grants/"+found.Grants[0].ID+"/revocation", nil); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	// there is something again that they might see
	e.ids["id"] = w.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 9, "Siti").ID
	refused := func(r rest.Route, a apitest.Answer) bool {
		return a.Status == http.StatusForbidden || strings.HasPrefix(r.Path, "/v1/session") // one's own session needs no role
	}
	if n := walk("after the revocation", refused); n != 0 {
		t.Errorf("%d answers show workers to officers without a grant", n)
	}
}
