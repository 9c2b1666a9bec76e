package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/password"
	"github.com/tanggap/tanggap/pkg/region"
)

// A wrong click is taken back: who was deactivated comes in again with a code, without a right; their address tells who
// has it. What changes of an officer stands in their history with what it was.
func TestAnOfficerIsChangedAndComesBack(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, neighbour := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.Administrator, "3204")
	o := b.Officer(t, authz.CaseWorker, "3273")
	path := "/v1/officers/" + o.ID.String()
	patch := func(by *apitest.Officer, body map[string]any) apitest.Answer {
		return by.Call(t, http.MethodPatch, path, body)
	}
	a := patch(admin, map[string]any{"name": " Siti Aminah ", "email": "SITI@contoh.go.id", "office": "3204"})
	var shown struct{ Name, Email, Office string }
	if a.JSON(t, &shown); a.Status != http.StatusOK || shown.Name != "Siti Aminah" || shown.Email != "siti@contoh.go.id" ||
		shown.Office != "3204" {
		t.Fatalf("changed: %d %s", a.Status, a.Body)
	}
	patch(admin, map[string]any{"office": "3273"})
	far := b.Officer(t, authz.CaseWorker, "3578")
	for name, refused := range map[string]struct {
		a      apitest.Answer
		status int
		code   string
	}{
		"nothing":                {patch(admin, map[string]any{}), 422, "officer.nothing_to_change"},
		"another region's":       {patch(neighbour, map[string]any{"name": "x"}), 404, "officer.not_found"},
		"to an office elsewhere": {patch(admin, map[string]any{"office": "3578"}), 403, "officer.region_out_of_scope"},
		"no address":             {patch(admin, map[string]any{"email": "x"}), 422, "officer.email_invalid"},
		"a blank name":           {patch(admin, map[string]any{"name": "  "}), 422, "officer.name_missing"},
		"an address here":        {patch(admin, map[string]any{"email": admin.Email}), 409, "officer.email_taken"},
		"an address elsewhere":   {patch(admin, map[string]any{"email": far.Email}), 409, "officer.registered_elsewhere"},
		"a case worker":          {patch(o, map[string]any{"name": "x"}), 403, "authz.forbidden"},
		"their own": {admin.Call(t, http.MethodPatch, "/v1/officers/"+admin.ID.String(), map[string]any{"name": "x"}),
			403, "officer.own_details"},
		"who is active": {admin.Call(t, http.MethodPost, path+"/reactivation", nil), 409, "officer.active"},
	} {
		if refused.a.Status != refused.status || refused.a.Code() != refused.code {
			t.Errorf("%s: %d %s", name, refused.a.Status, refused.a.Body)
		}
	}
	if _, err := b.Store.GrantRole(t.Context(), authz.Op{Scope: authz.Everywhere()}, o.ID,
		grantFrom("3578", authz.Analyst)); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, "who holds a right elsewhere", patch(admin, map[string]any{"name": "x"}), 409, "officer.grants_elsewhere")
	ministry := b.Officer(t, authz.Administrator, "")
	wantAnswer(t, "deactivated", ministry.Call(t, http.MethodPost, path+"/deactivation", nil), 200, "")

	wantAnswer(t, "an officer with the address", admin.Call(t, http.MethodPost, "/v1/officers", map[string]any{"name": "x",
		"email": "siti@contoh.go.id", "office": "3273"}), 409, "officer.email_of_deactivated")
	wantAnswer(t, "by a neighbour", neighbour.Call(t, http.MethodPost, path+"/reactivation", nil), 404, "officer.not_found")
	stale(t, b, admin)
	wantAnswer(t, "unconfirmed", admin.Call(t, http.MethodPost, path+"/reactivation", nil), 403, "session.confirmation_required")
	admin.Confirm(t)
	a = admin.Call(t, http.MethodPost, path+"/reactivation", nil)
	var code officerAnswer
	if a.JSON(t, &code); a.Status != http.StatusCreated || code.Code == "" {
		t.Fatalf("reactivated: %d %s", a.Status, a.Body)
	}
	sign := func(secret string) int {
		return o.Call(t, http.MethodPost, "/v1/session", map[string]any{"email": "siti@contoh.go.id", "password": secret}).Status
	}
	if sign(o.Password) != http.StatusUnauthorized {
		t.Error("the password of before still opens")
	}
	next := password.Generate()
	a = o.Call(t, http.MethodPost, "/v1/session/setup", map[string]any{"email": "siti@contoh.go.id", "code": code.Code,
		"password": next})
	if a.Status != http.StatusNoContent || sign(next) != http.StatusCreated {
		t.Errorf("the code does not let in: %d %s", a.Status, a.Body)
	}
	if actor, err := b.Store.ActorOf(t.Context(), o.ID); err != nil || len(actor.Grants) != 0 {
		t.Errorf("a right came back: %+v, %v", actor.Grants, err)
	}
	var history struct {
		Items []struct{ Kind, Was, Became, Actor string }
	}
	admin.Call(t, http.MethodGet, path+"/history", nil).JSON(t, &history)
	var kinds []string
	for _, x := range history.Items {
		kinds = append(kinds, x.Kind+" "+x.Became)
	}
	want := "[created  grant.given  name.changed Siti Aminah email.changed siti@contoh.go.id office.changed 3204 " +
		"office.changed 3273 grant.given  grant.revoked  grant.revoked  deactivated  reactivated  code.issued  password.set ]"
	if fmt.Sprint(kinds) != want || history.Items[5].Was != "3204" || history.Items[5].Actor != admin.ID.String() {
		t.Errorf("the history is %v, want %s", kinds, want)
	}
	wantAnswer(t, "the history by a neighbour", neighbour.Call(t, http.MethodGet, path+"/history", nil), 404, "officer.not_found")
}

// Who leaves hands over as they go, or nothing happens: the other one must work where the cases are.
func TestWhoLeavesHandsOver(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, supervisor := b.Officer(t, authz.Administrator, "32"), b.Officer(t, authz.Supervisor, "3273")
	gone, other, elsewhere := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273"),
		b.Officer(t, authz.CaseWorker, "3204")
	for n := range 2 {
		c := supervisor.Open(t, "3273", n+1, "Siti")
		supervisor.Change(t, &c, "/assignment", map[string]any{"officer": gone.ID.String()})
	}
	leave := func(by *apitest.Officer, of *apitest.Officer, to, key string) apitest.Answer {
		return by.Call(t, http.MethodPost, "/v1/officers/"+of.ID.String()+"/deactivation", map[string]any{"handover_to": to},
			"Idempotency-Key", key)
	}
	wantAnswer(t, "to who works elsewhere", leave(admin, gone, elsewhere.ID.String(), "a"), 422, "officer.does_not_work")
	wantAnswer(t, "to themself", leave(admin, gone, gone.ID.String(), "b"), 409, "case.already_assigned")
	wantAnswer(t, "themself", leave(admin, admin, other.ID.String(), "c"), 403, "officer.own")
	wantAnswer(t, "by a supervisor", leave(supervisor, gone, other.ID.String(), "d"), 403, "authz.forbidden")
	if !officerOf(t, admin, gone.ID.String()).Active || listed(t, gone, "officer=me") != 2 {
		t.Error("a refusal changes something")
	}
	for range 2 { // the second time with the key of the first
		var left struct {
			Open int `json:"open_cases"`
			Over int `json:"handed_over"`
		}
		a := leave(admin, gone, other.ID.String(), "e")
		if a.JSON(t, &left); a.Status != http.StatusOK || left.Open != 0 || left.Over != 2 {
			t.Errorf("handed over: %d %s", a.Status, a.Body)
		}
	}
	if officerOf(t, admin, gone.ID.String()).Active || listed(t, other, "officer=me") != 2 {
		t.Error("the officer is there, or the cases are not")
	}
}

// One's own sessions are listed, and ended one by one; those of others are not there.
func TestMySessions(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, other := b.Officer(t, authz.CaseWorker, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	first := *o
	o.SignIn(t)
	type held struct {
		Items []struct {
			ID      string
			Current bool
		}
	}
	list := func(by *apitest.Officer) (h held) {
		by.Call(t, http.MethodGet, "/v1/sessions", nil).JSON(t, &h)
		return h
	}
	mine := list(o)
	if len(mine.Items) != 2 || mine.Items[0].Current == mine.Items[1].Current {
		t.Fatalf("got %+v", mine)
	}
	old := mine.Items[0].ID
	if mine.Items[0].Current {
		old = mine.Items[1].ID
	}
	end := func(by *apitest.Officer, id string) apitest.Answer {
		return by.Call(t, http.MethodDelete, "/v1/sessions/"+id, nil)
	}
	wantAnswer(t, "by another", end(other, old), 404, "session.not_found")
	wantAnswer(t, "that is none", end(o, uuid.NewString()), 404, "session.not_found")
	wantAnswer(t, "no id", end(o, "x"), 404, "session.not_found")
	if a := end(o, old); a.Status != http.StatusNoContent {
		t.Errorf("ended: %d %s", a.Status, a.Body)
	}
	if first.Call(t, http.MethodGet, "/v1/session", nil).Status != http.StatusUnauthorized || len(list(o).Items) != 1 {
		t.Error("the session goes on")
	}
	var me struct {
		Office     string
		OfficeName string `json:"office_name"`
		Zone       string
		Language   string
	}
	b.Officer(t, authz.CaseWorker, "9171").Call(t, http.MethodGet, "/v1/session", nil, "Accept-Language", "en").JSON(t, &me)
	if me.Zone != "WIT" || me.Language != "en" || me.OfficeName == "" || me.Office != "9171" {
		t.Errorf("who I am: %+v", me)
	}
}

// Loads are for heads, of their own scope.
func TestLoadsAreForHeads(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, worker := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273")
	far := b.Officer(t, authz.Supervisor, "3204")
	c := head.Open(t, "3273", 1, "Siti")
	head.Change(t, &c, "/assignment", map[string]any{"officer": worker.ID.String()})
	head.Open(t, "3273", 2, "Siti")
	far.Open(t, "3204", 3, "Siti")
	type load struct {
		Officer, Region, Name string
		Open, Unassigned      int
	}
	var officers, offices struct{ Items []load }
	head.Call(t, http.MethodGet, "/v1/officers/load", nil).JSON(t, &officers)
	head.Call(t, http.MethodGet, "/v1/offices/load", nil).JSON(t, &offices)
	got := map[string]int{}
	for _, l := range officers.Items {
		got[l.Officer] = l.Open
	}
	if len(got) != 2 || got[worker.ID.String()] != 1 || got[head.ID.String()] != 0 {
		t.Errorf("officers: %+v", officers)
	}
	if len(offices.Items) != 1 || offices.Items[0].Region != "3273" || offices.Items[0].Open != 2 ||
		offices.Items[0].Unassigned != 1 {
		t.Errorf("offices: %+v", offices)
	}
	for _, path := range []string{"/v1/officers/load", "/v1/offices/load"} {
		wantAnswer(t, "a case worker", worker.Call(t, http.MethodGet, path, nil), 403, "authz.forbidden")
		var none struct{ Items []load }
		head.Call(t, http.MethodGet, path+"?region=3204", nil).JSON(t, &none)
		if len(none.Items) != 0 {
			t.Errorf("%s of another region: %+v", path, none)
		}
	}
}

// Findings are found over all cases by who answers and by who must mend, and settled with a text.
func TestFindingsOfAnOffice(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	head, worker, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.CaseWorker, "3273"),
		b.Officer(t, authz.Auditor, "")
	far := b.Officer(t, authz.Supervisor, "3204")
	type finding struct{ ID, State, Text, Settlement, Region string }
	record := func(c apitest.Case) (f finding) {
		auditor.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/findings", map[string]any{"severity": "major",
			"text": "bukti tidak ada"}).JSON(t, &f)
		return f
	}
	c := head.Open(t, "3273", 1, "Siti")
	record(c)
	settled := record(c)
	record(far.Open(t, "3204", 2, "Siti"))
	auditor.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/findings/"+settled.ID+"/settlement",
		map[string]any{"text": "sudah diperbaiki"}).JSON(t, &settled)
	if settled.State != "settled" || settled.Settlement != "sudah diperbaiki" {
		t.Errorf("settled: %+v", settled)
	}
	list := func(by *apitest.Officer, query string) []finding {
		var page struct{ Items []finding }
		by.Call(t, http.MethodGet, "/v1/findings?"+query, nil).JSON(t, &page)
		return page.Items
	}
	for _, want := range []struct {
		by    *apitest.Officer
		query string
		n     int
	}{
		{head, "", 2}, {worker, "", 2}, {worker, "state=open", 1}, {far, "", 1}, {auditor, "", 3}, {auditor, "region=3204", 1},
		{head, "region=3204", 0}, {auditor, "severity=minor", 0},
	} {
		if got := list(want.by, want.query); len(got) != want.n {
			t.Errorf("%q gives %+v, want %d", want.query, got, want.n)
		}
	}
	if got := list(worker, "state=open"); len(got) == 1 && (got[0].Text != "bukti tidak ada" || got[0].Region != "3273") {
		t.Errorf("got %+v", got[0])
	}
	wantAnswer(t, "a case worker answers", worker.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/findings/"+settled.ID+"/answer",
		map[string]any{"text": "x"}), 403, "authz.forbidden")
	wantAnswer(t, "an analyst", b.Officer(t, authz.Analyst, "3273").Call(t, http.MethodGet, "/v1/findings", nil), 403,
		"authz.forbidden")
}

// A grant begins and ends by the clock of its region, whichever zone that is: its first day is today there, also while
// it is still yesterday in Jakarta.
func TestAGrantBeginsAndEndsByTheClockOfItsRegion(t *testing.T) {
	t.Parallel()
	for code, zone := range map[region.Code]calendar.Zone{"3273": calendar.WIB, "5171": calendar.WITA, "9103": calendar.WIT} {
		midnight := time.Date(2026, 11, 28, 0, 0, 0, 0, zone.Location())
		for _, at := range []time.Time{midnight.Add(-time.Second), midnight} {
			today := calendar.Of(at, zone)
			for name, g := range map[string]struct {
				from, until calendar.Date
				want        bool
			}{
				"from today": {today, calendar.Date{}, true}, "from tomorrow": {today.AddDays(1), calendar.Date{}, false},
				"until today": {today.AddDays(-5), today, true}, "until yesterday": {today.AddDays(-5), today.AddDays(-1), false},
			} {
				grant := authz.Grant{Role: authz.CaseWorker, Region: code, From: g.from, Until: g.until}
				if got := grant.ActiveAt(at); got != g.want {
					t.Errorf("%s at %s in %s: %t", name, at, zone, got)
				}
			}
		}
	}
}

func grantFrom(code region.Code, role authz.Role) officer.Grant {
	return officer.Grant{Role: role, Region: code, From: calendar.MustDate("2020-01-01")}
}
