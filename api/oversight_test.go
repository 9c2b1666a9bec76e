package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/oversight"
)

// closed is a case whose worker has left traces in every table, closed.
func closed(t *testing.T, o *apitest.Officer, n int) apitest.Case {
	t.Helper()
	c := o.Open(t, "3273", n, "Rahasia Sekali")
	for path, body := range map[string]map[string]any{"/notes": {"text": "catatan Rahasia"},
		"/trainings":    {"scheme": "blk", "provider": "BLK Rahasia", "programme": "Las", "starts_on": "2026-11-01"},
		"/applications": {"employer": "CV Rahasia", "position": "operator"}, "/responses": {"state": "refused",
			"document": "Rahasia 1"},
		"/certificates": {"kind": "training", "number": "Rahasia 2", "issuer": "x", "issued_on": "2026-11-01"}} {
		if a := o.Change(t, &c, path, body); a.Status >= http.StatusMultipleChoices {
			t.Fatalf("%s: %s", path, a.Body)
		}
	}
	if a := o.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn", "end_open_parts": true}); a.Status != http.StatusOK {
		t.Fatalf("close: %s", a.Body)
	}
	return c
}

// A worker who is erased is found nowhere any more, by anybody and in no table; the history of the case still verifies,
// and what was exported before still proves itself.
func TestAnErasedWorkerIsNowhereAndTheHistoryStillVerifies(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273"),
		b.Officer(t, authz.Auditor, "")
	c := closed(t, asks, 1)
	finding := auditor.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/findings", map[string]any{"severity": "minor",
		"text": "Rahasia"})
	if finding.Status != http.StatusCreated {
		t.Fatalf("finding: %s", finding.Body)
	}
	before := parts(t, b, asks, order(t, asks, map[string]any{}))
	if a := asks.Change(t, &c, "/hold", map[string]any{"reason": "perkara Rahasia"}); a.Status != http.StatusOK {
		t.Fatalf("hold: %s", a.Body)
	}
	if a := asks.Change(t, &c, "/erasure", map[string]any{"reason": "x"}); a.Code() != "erasure.held" {
		t.Errorf("under a hold: %s", a.Body)
	}
	asks.Change(t, &c, "/hold/release", map[string]any{"reason": "selesai"})
	if a := asks.Change(t, &c, "/erasure", map[string]any{
		"reason": "diminta Rahasia sendiri"}); a.Status != http.StatusOK {
		t.Fatalf("request: %s", a.Body)
	}
	if a := asks.Change(t, &c, "/erasure/approval", nil); a.Code() != "erasure.own" {
		t.Errorf("by whoever asked: %s", a.Body)
	}
	if a := decides.Change(t, &c, "/erasure/approval", nil); a.Status != http.StatusOK {
		t.Fatalf("approve: %s", a.Body)
	}
	for _, path := range []string{"/v1/cases", "/v1/cases/" + c.ID, "/v1/cases/" + c.ID + "/history", "/v1/cases/" + c.ID +
		"/trainings", "/v1/cases/" + c.ID + "/placements",
		"/v1/cases/" + c.ID + "/responses", "/v1/cases/" + c.ID + "/findings", "/v1/cases/" + c.ID + "/subject-report"} {
		if a := asks.Call(t, http.MethodGet, path, nil); a.Status != http.StatusOK || path == "/v1/cases" &&
			strings.Contains(string(a.Body), "Rahasia") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	for _, wanted := range []map[string]any{{"name": "Rahasia Sekali"}, {"nik": "3273010101900001"}} {
		if a := asks.Call(t, http.MethodPost, "/v1/cases/search", wanted); strings.Contains(string(a.Body), c.ID) {
			t.Errorf("found by %v", wanted)
		}
	}
	admin := b.Database.Admin(t)
	rows, err := admin.Query(t.Context(), `select table_schema || '.' || table_name, column_name
		from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
		where t.table_schema in ('public', 'river') and t.table_type = 'BASE TABLE' and data_type in ('text', 'jsonb',
		'character varying') and table_name not in ('region', 'office', 'case_history')`)
	if err != nil {
		t.Fatal(err)
	}
	var places [][2]string
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			t.Fatal(err)
		}
		places = append(places, p)
	}
	if rows.Err() != nil || len(places) < 40 {
		t.Fatalf("%d columns, %v", len(places), rows.Err())
	}
	for _, p := range places {
		var n int
		if err := admin.QueryRow(t.Context(), `select count(*) from `+p[0]+` where `+p[1]+`::text like '%Rahasia%' or `+p[1]+
			`::text like '%3273010101900001%'`).Scan(&n); err != nil || n > 0 {
			t.Errorf("%s.%s still holds the worker in %d rows (%v)", p[0], p[1], n, err)
		}
	}
	// Of a history the law wants the steps, with providers and employers; the person is in it only sealed.
	var named int
	if err := admin.QueryRow(t.Context(), `select count(*) from case_history where payload like '%Rahasia Sekali%'
		or payload like '%3273010101900001%' or payload like '%catatan%'`).Scan(&named); err != nil || named > 0 {
		t.Errorf("the history names the worker in %d entries (%v)", named, err)
	}
	if _, found, err := b.Store.Verify(t.Context(), audit.Published{}, nil); err != nil || found != nil {
		t.Errorf("the history no longer verifies: %v %v", found, err)
	}
	if r := verifyParts(t, before, b.Key.Public()); r.Finding != nil {
		t.Errorf("what was exported before: %v", r.Finding)
	}
	if a := asks.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3273", "terminated_on": "2026-10-01",
		"worker": apitest.Worker("3273", 1, "Orang Baru")}); a.Status != http.StatusCreated {
		t.Errorf("the same NIK again: %s", a.Body)
	}
}

// A sample is drawn again by hand from what it says of itself, and again by the server, whatever has happened since.
func TestASampleCanBeDrawnAgain(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Auditor, "3273")
	var frame []uuid.UUID
	for n := range 20 {
		frame = append(frame, uuid.MustParse(o.Open(t, "3273", n+1, "Warga").ID))
	}
	slices.SortFunc(frame, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	var drawn struct {
		ID, FrameDigest string
		Cases           []string
		FrameSize       int `json:"frame_size"`
		Reproduced      bool
	}
	a := auditor.Call(t, http.MethodPost, "/v1/samples", map[string]any{"from": "2020-01-01", "until": "2099-01-01",
		"size": 5, "seed": "dadu 6-4-1"})
	a.JSON(t, &drawn)
	want, _ := oversight.Draw(frame, "dadu 6-4-1", 5)
	if drawn.FrameSize != 20 || len(drawn.Cases) != 5 || drawn.Cases[0] != want[0].String() {
		t.Fatalf("got %s", a.Body)
	}
	o.Open(t, "3273", 50, "Warga Baru")
	auditor.Call(t, http.MethodGet, "/v1/samples/"+drawn.ID, nil).JSON(t, &drawn)
	if !drawn.Reproduced {
		t.Error("it is another sample now")
	}
	if other := b.Officer(t, authz.Auditor, "3273").Call(t, http.MethodGet, "/v1/samples/"+drawn.ID,
		nil); other.Status != http.StatusNotFound {
		t.Errorf("somebody else's sample: %d", other.Status)
	}
}

func TestAFindingIsAnsweredAndSettledAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	office, auditor, other := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Auditor, "3273"),
		b.Officer(t, authz.Auditor, "3204")
	c := office.Open(t, "3273", 1, "Warga")
	path := "/v1/cases/" + c.ID + "/findings"
	if a := other.Call(t, http.MethodPost, path, map[string]any{"severity": "major",
		"text": "x"}); a.Code() != "case.not_found" {
		t.Errorf("an auditor of another regency: %s", a.Body)
	}
	var f struct{ ID, State, Text, Answer string }
	auditor.Call(t, http.MethodPost, path, map[string]any{"severity": "major", "text": "bukti bulan 2 tidak ada"}).JSON(t,
		&f)
	if a := auditor.Call(t, http.MethodPost, path+"/"+f.ID+"/answer",
		map[string]any{"text": "x"}); a.Status != http.StatusForbidden {
		t.Errorf("the auditor answers: %d", a.Status)
	}
	office.Call(t, http.MethodPost, path+"/"+f.ID+"/answer", map[string]any{"text": "sudah dilengkapi"}).JSON(t, &f)
	if f.State != "answered" || f.Answer != "sudah dilengkapi" || f.Text != "bukti bulan 2 tidak ada" {
		t.Errorf("got %+v", f)
	}
	auditor.Call(t, http.MethodPost, path+"/"+f.ID+"/settlement", nil).JSON(t, &f)
	if a := auditor.Call(t, http.MethodPost, path+"/"+f.ID+"/settlement", nil); f.State != "settled" ||
		a.Code() != "finding.state" {
		t.Errorf("got %+v, %s", f, a.Body)
	}
	if a := office.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil); a.Header.Get("ETag") != `"1"` {
		t.Errorf("the case is at version %s", a.Header.Get("ETag"))
	}
}

// In an emergency an officer reads where they otherwise may not, changes nothing there, and everything they were shown
// carries the emergency; with the verdict it is over at once.
func TestAnEmergencyIsShortOnRecordAndJudged(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, foreign, auditor := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.Supervisor, "3204"),
		b.Officer(t, authz.Auditor, "")
	c := foreign.Open(t, "3204", 1, "Siti")
	read := func() int { return o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).Status }
	if read() != http.StatusNotFound {
		t.Fatal("it is in reach already")
	}
	var e struct{ ID string }
	a := o.Call(t, http.MethodPost, "/v1/emergencies", map[string]any{"region": "3204",
		"reason": "pekerja dirawat di RS Bandung"})
	if a.JSON(t, &e); a.Status != http.StatusCreated || read() != http.StatusOK {
		t.Fatalf("opened: %s; reading gives %d", a.Body, read())
	}
	if a := o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/notes", map[string]any{"text": "x"}, "If-Match",
		`"1"`); a.Code() != "case.not_found" {
		t.Errorf("a change: %s", a.Body)
	}
	if a := o.Call(t, http.MethodPost, "/v1/emergencies", map[string]any{"region": "12",
		"reason": "x"}); a.Code() != "emergency.open_already" {
		t.Errorf("a second one: %s", a.Body)
	}
	under := 0
	for _, r := range readAccess(t, auditor, "case="+c.ID).Items {
		if r.Emergency == e.ID {
			under++
		}
	}
	if under == 0 {
		t.Error("nothing on record names the emergency")
	}
	var queue struct{ Items []struct{ ID string } }
	auditor.Call(t, http.MethodGet, "/v1/emergencies?open=true", nil).JSON(t, &queue)
	if len(queue.Items) != 1 || queue.Items[0].ID != e.ID {
		t.Errorf("to be judged: %+v", queue)
	}
	if a := auditor.Call(t, http.MethodPost, "/v1/emergencies/"+e.ID+"/review", map[string]any{"verdict": "unjustified",
		"remark": "tidak mendesak"}); a.Status != http.StatusOK || read() != http.StatusNotFound {
		t.Errorf("after the verdict: %s; reading gives %d", a.Body, read())
	}
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update emergency set verdict = null, opened_at = now() - interval '59 minutes', until = now() + interval '40 "+
			"milliseconds'"); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(o.ID)
	deadline := time.Now().Add(patience)
	for read() == http.StatusOK { // the remembered session must not outlive it
		if time.Now().After(deadline) {
			t.Fatal("it does not end")
		}
	}
}

func TestADecisionIsExplainedGrantByGrant(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, auditor, regional := b.Officer(t, authz.CaseWorker, "3273", "3204"), b.Officer(t, authz.Auditor, ""),
		b.Officer(t, authz.Auditor, "12")
	c := o.Open(t, "3204", 1, "Warga")
	query := "/v1/policy/explanation?officer=" + o.ID.String() + "&case=" + c.ID + "&action="
	for action, want := range map[string]bool{"case.read": true, "claim.decide": false} {
		var x struct {
			Allowed bool
			Reasons []struct {
				Region         string
				Allows, Covers bool
			}
		}
		auditor.Call(t, http.MethodGet, query+action, nil).JSON(t, &x)
		if x.Allowed != want || len(x.Reasons) != 2 || x.Reasons[0].Covers || !x.Reasons[1].Covers ||
			x.Reasons[0].Allows != want {
			t.Errorf("%s: %+v", action, x)
		}
	}
	if a := regional.Call(t, http.MethodGet, query+"case.read", nil); a.Code() != "officer.not_found" {
		t.Errorf("an auditor of elsewhere: %s", a.Body)
	}
}
