package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/accesslog"
	"github.com/tanggap/tanggap/pkg/authz"
)

// accesses are the records that an auditor reads.
type accesses struct{ Items []accessed }

// accessed is one of them.
type accessed struct {
	Officer, Action, Route, Request, Outcome, Emergency string
	Subjects                                            []string
}

func readAccess(t *testing.T, auditor *apitest.Officer, query string) (a accesses) {
	t.Helper()
	answer := auditor.Call(t, http.MethodGet, "/v1/access?limit=200&"+query, nil)
	if answer.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, answer.Status, answer.Body)
	}
	answer.JSON(t, &a)
	return a
}

// Whatever route shows anything of a worker, by whatever name it goes, leaves a record of the request that names them.
// The answers are looked at, not the declarations: a new route that forgets to say whom it shows is found by what it
// shows.
func TestEveryAnswerThatShowsAWorkerIsRecorded(t *testing.T) {
	t.Parallel()
	w := plant(t)
	e := &w.estates[0]
	reader, auditor := w.Officer(t, authz.Supervisor, e.code), w.Officer(t, authz.Auditor, "")
	shown := map[string]string{} // request: route
	for _, r := range w.Server.Routes() {
		p := probeOf(t, r)
		if p.ownOnly || r.Method != http.MethodGet && r.ID != "case-search" {
			continue
		}
		if r.ID == "case-search" {
			p.body = map[string]any{"name": "Siti"}
		}
		a := reader.Call(t, r.Method, fill(r, e.ids)+p.query, p.body)
		for _, mark := range e.persons {
			if strings.Contains(string(a.Body), mark) {
				shown[a.Header.Get("X-Request-Id")] = r.ID
			}
		}
	}
	if len(shown) < 6 {
		t.Fatalf("only these show a worker: %v", shown)
	}
	for _, got := range readAccess(t, auditor, "officer="+reader.ID.String()).Items {
		if got.Outcome == string(accesslog.Shown) && len(got.Subjects) > 0 && shown[got.Request] == got.Route {
			delete(shown, got.Request)
		}
	}
	if len(shown) > 0 {
		t.Errorf("nothing is recorded of %v", shown)
	}
}

// While the record cannot be written, whatever the reason, nobody is shown anything; when it can again, service returns
// by itself.
func TestWithoutARecordNothingIsShown(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Rahasia Sekali")
	admin := b.Database.Admin(t)
	do := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	look := func(when string, want int) {
		t.Helper()
		for path, body := range map[string]any{"/v1/cases": nil, "/v1/cases/" + c.ID: nil, "/v1/cases/" + c.ID +
			"/history": nil, "/v1/cases/" + c.ID + "/claims": nil,
			"/v1/cases/search": map[string]any{"name": "Rahasia Sekali"}} {
			method := http.MethodGet
			if body != nil {
				method = http.MethodPost
			}
			started := time.Now()
			a := o.Call(t, method, path, body)
			if a.Status != want || want != http.StatusOK && (a.Code() != "access.unrecorded" || strings.Contains(string(a.Body),
				"Rahasia") || time.Since(started) > 2*time.Second) {
				t.Errorf("%s, %s: %d %s after %s", when, path, a.Status, a.Body, time.Since(started))
			}
		}
	}
	look("before", http.StatusOK)
	do("begin; lock table access_record in access exclusive mode")
	look("locked", http.StatusServiceUnavailable)
	do("rollback")
	look("unlocked", http.StatusOK)
	do(
		`create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
		create trigger full_disk before insert on access_record for each row execute function full_disk()`)
	look("full", http.StatusServiceUnavailable)
	do("drop trigger full_disk on access_record")
	look("emptied", http.StatusOK)
}

func TestTheAuditorLearnsWhoSawWhom(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	reader, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204")
	auditor, regional := b.Officer(t, authz.Auditor, ""), b.Officer(t, authz.Auditor, "3204")
	own, second, foreign := reader.Open(t, "3273", 1, "Satu"), reader.Open(t, "3273", 2, "Dua"), other.Open(t, "3204", 3,
		"Tiga")
	reader.Call(t, http.MethodGet, "/v1/cases/"+own.ID, nil)
	reader.Call(t, http.MethodGet, "/v1/cases", nil)
	reader.Call(t, http.MethodGet, "/v1/cases/"+foreign.ID, nil) // not there for this reader
	if a := reader.Call(t, http.MethodGet, "/v1/access?case="+own.ID, nil); a.Status != http.StatusForbidden {
		t.Fatalf("a supervisor reads the record: %d", a.Status)
	}
	var routes []string
	for _, r := range readAccess(t, auditor, "case="+own.ID).Items {
		routes = append(routes, r.Route)
	}
	if !slices.Equal(routes, []string{"case-list", "case-get"}) {
		t.Errorf("of the worker: %v", routes)
	}
	if got := readAccess(t, auditor, "case="+foreign.ID).Items; len(got) != 1 || got[0].Outcome != "refused" {
		t.Errorf("who asked for what is not there for them: %v", got)
	}
	outcomes := map[string]int{}
	for _, r := range readAccess(t, auditor, "officer="+reader.ID.String()).Items {
		outcomes[r.Outcome]++
	}
	if outcomes["shown"] != 2 || outcomes["refused"] != 2 {
		t.Errorf("of the officer: %v", outcomes)
	}
	var seen struct {
		Items []struct {
			Case                  string
			Files, Lists, Answers int
		}
		NextCursor string `json:"next_cursor"`
	}
	auditor.Call(t, http.MethodGet, "/v1/access/seen?limit=1&officer="+reader.ID.String(), nil).JSON(t, &seen)
	if len(seen.Items) != 1 || seen.Items[0].Case != own.ID || seen.Items[0].Files != 1 || seen.Items[0].Lists != 1 ||
		seen.NextCursor == "" {
		t.Errorf("breach report: %+v", seen)
	}
	auditor.Call(t, http.MethodGet, "/v1/access/seen?limit=1&officer="+reader.ID.String()+"&cursor="+seen.NextCursor,
		nil).JSON(t, &seen)
	if len(seen.Items) != 1 || seen.Items[0].Case != second.ID || seen.Items[0].Files != 0 {
		t.Errorf("second page: %+v", seen)
	}
	// An auditor of one regency learns nothing of another's worker or officer, nor that there is one.
	nobody := regional.Call(t, http.MethodGet, "/v1/access?case="+twoOffices(t).unknown["id"], nil)
	for _, query := range []string{"?case=" + own.ID, "?officer=" + reader.ID.String()} {
		if a := regional.Call(t, http.MethodGet, "/v1/access"+query, nil); a.Status != http.StatusNotFound ||
			strings.Contains(query, "case") && !same(a, nobody) {
			t.Errorf("%s: %d %s", query, a.Status, a.Body)
		}
	}
	if a := regional.Call(t, http.MethodGet, "/v1/access/seen?officer="+reader.ID.String(),
		nil); a.Status != http.StatusNotFound {
		t.Errorf("seen: %d", a.Status)
	}
	// Of an officer who works in two regencies the auditor of one learns what they saw there.
	both := b.Officer(t, authz.Supervisor, "3204", "3273")
	both.Call(t, http.MethodGet, "/v1/cases", nil)
	for _, a := range []apitest.Answer{regional.Call(t, http.MethodGet, "/v1/access?officer="+both.ID.String(), nil),
		regional.Call(t, http.MethodGet, "/v1/access/seen?officer="+both.ID.String(), nil)} {
		if text := string(a.Body); !strings.Contains(text, foreign.ID) || strings.Contains(text, own.ID) ||
			strings.Contains(text, second.ID) {
			t.Errorf("of both: %s", text)
		}
	}
	// Reading the audit is itself on record.
	reads := readAccess(t, auditor, "officer="+auditor.ID.String()).Items
	if len(reads) < 5 || reads[0].Action != string(authz.AccessRead) {
		t.Errorf("reading the audit left %d records", len(reads))
	}
}

func TestMassReadingRaisesAnAlarmOnce(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	reader, auditor := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Auditor, "3273")
	c := reader.Open(t, "3273", 1, "Satu")
	for range accesslog.MostFiles + 50 { // one worker, however often, is one worker
		reader.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil)
	}
	raised := 0
	raise := func() {
		t.Helper()
		if err := b.Store.RaiseAlarms(t.Context(), func(accesslog.Alarm) { raised++ }); err != nil {
			t.Fatal(err)
		}
	}
	if raise(); raised != 0 {
		t.Fatal("reading one file again and again is taken for mass reading")
	}
	conn, err := pgx.Connect(t.Context(), b.Database.AppDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	_, err = conn.Exec(t.Context(), `insert into access_record (officer_id, action, route, request, outcome, subjects)
		select $1, 'case.read', 'case-get', 'r', 'shown', array[gen_random_uuid()] from generate_series(1, $2)`,
		[16]byte(reader.ID), accesslog.MostFiles)
	if err != nil {
		t.Fatal(err)
	}
	raise()
	raise()
	var alarms struct {
		Items []struct {
			Officer, Kind  string
			Subjects, Most int
		}
	}
	auditor.Call(t, http.MethodGet, "/v1/access/alarms", nil).JSON(t, &alarms)
	if raised != 1 || len(alarms.Items) != 1 || alarms.Items[0].Kind != "files" ||
		alarms.Items[0].Subjects != accesslog.MostFiles+1 || alarms.Items[0].Officer != reader.ID.String() {
		t.Errorf("raised %d: %+v", raised, alarms)
	}
	for _, sql := range []string{"update access_record set subjects = '{}'", "delete from access_record",
		"truncate access_record", "alter table access_record disable trigger all"} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("the program may: %s", sql)
		}
	}
}
