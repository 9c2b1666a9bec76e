package api_test

import (
	"net/http"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

// What a fresh password is asked for, as policies/security.md lists it, is refused with an old one, whatever else would
// be said of it.
func TestWhatNeedsAFreshPassword(t *testing.T) {
	t.Parallel()
	b := apitest.New(t, everything{})
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Warga")
	its, whose := "/v1/cases/"+c.ID, "/v1/officers/"+b.Officer(t, authz.Analyst, "3273").ID.String()
	reason := map[string]any{"reason": "x"}
	stale(t, b, o)
	for path, body := range map[string]any{
		"/v1/exports": map[string]any{"profile": "full", "reason": "x"},
		"/v1/exports/" + uuid.NewString() + "/approval": nil,
		its + "/erasure":          reason,
		its + "/erasure/approval": nil,
		"/v1/emergencies":         map[string]any{"region": "3204", "reason": "banjir"},
		whose + "/grants":         map[string]any{"role": "case_worker", "region": "3273"},
		whose + "/grants/" + uuid.NewString() + "/confirmation": nil,
		whose + "/setup-code": nil,
	} {
		a := o.Call(t, http.MethodPost, path, body, "If-Match", `"1"`)
		wantAnswer(t, path, a, http.StatusForbidden, "session.confirmation_required")
	}
	if a := o.Call(t, http.MethodPost, its+"/hold", reason, "If-Match", `"1"`); a.Status != http.StatusOK {
		t.Errorf("a hold needs one, too: %s", a.Body)
	}
	wantAnswer(t, "a cancellation", o.Call(t, http.MethodPost, "/v1/exports/"+uuid.NewString()+"/cancellation", nil),
		http.StatusNotFound, "export.not_found")
}

// A search by a NIK that finds its worker shows them; it is no guess.
func TestASearchThatFindsIsNoGuess(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 7, "Warga")
	for nik, outcome := range map[string]string{"3273010101900007": "shown", "3273010101900008": "refused"} {
		a := o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"nik": nik})
		got := recordOf(t, b.Database.Admin(t), a)
		if len(got) != 1 || got[0].Outcome != outcome || (len(got[0].Subjects) == 1) != (outcome == "shown") ||
			strings.Contains(string(a.Body), c.ID) != (outcome == "shown") {
			t.Errorf("of %s: %s, recorded as %+v", nik, a.Body, got)
		}
	}
}

// An order that is sent again says that its passphrase was shown, if it had one.
func TestWhatARepeatedOrderSaysOfItsPassphrase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	theirs, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for recipient, shown := range map[string]bool{"": true, theirs.Recipient().String(): false} {
		body, key := map[string]any{}, uuid.NewString()
		if recipient != "" {
			body["recipient"] = recipient
		}
		for _, again := range []bool{false, true} {
			var x struct {
				Passphrase string
				Shown      bool `json:"passphrase_shown"`
			}
			o.Call(t, http.MethodPost, "/v1/exports", body, "Idempotency-Key", key).JSON(t, &x)
			if x.Shown != (again && shown) || (x.Passphrase != "") != (!again && shown) {
				t.Errorf("for %q, again %t: %+v", recipient, again, x)
			}
		}
	}
}

// A finding names a sample of the auditor's own, or none.
func TestAFindingNamesASampleOfOnesOwn(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	c := b.Officer(t, authz.Supervisor, "3273").Open(t, "3273", 1, "Warga")
	auditor, other := b.Officer(t, authz.Auditor, "3273"), b.Officer(t, authz.Auditor, "3273")
	var drawn struct{ ID string }
	auditor.Call(t, http.MethodPost, "/v1/samples", map[string]any{"from": "2026-01-01", "until": "2099-12-31", "size": 5,
		"seed": "benih"}).JSON(t, &drawn)
	record := func(o *apitest.Officer, sample string) apitest.Answer {
		return o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/findings", map[string]any{"severity": "minor", "text": "x",
			"sample": sample})
	}
	wantAnswer(t, "of another auditor", record(other, drawn.ID), http.StatusNotFound, "finding.not_found")
	wantAnswer(t, "that is none", record(auditor, uuid.NewString()), http.StatusNotFound, "finding.not_found")
	var f struct{ Sample string }
	if a := record(auditor, drawn.ID); a.Status != http.StatusCreated {
		t.Errorf("of one's own: %s", a.Body)
	} else if a.JSON(t, &f); f.Sample != drawn.ID {
		t.Errorf("names %q", f.Sample)
	}
}

// Only layoffs whose clock ran out are overdue: on its last day it has not.
func TestWhichLayoffsAreOverdue(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	today := b.Services.Cases.Today("3273")
	admin := b.Database.Admin(t)
	if _, err := admin.Exec(t.Context(), "set session_replication_role = replica"); err != nil {
		t.Fatal(err)
	}
	ids := map[int]string{}
	for _, days := range []int{-1, 0, 1} {
		var l struct{ ID string }
		o.Call(t, http.MethodPost, "/v1/layoffs", map[string]any{"reference": uuid.NewString(),
			"employer": map[string]any{"name": "PT Maju", "region": "3273"}}).JSON(t, &l)
		ids[days] = l.ID
		if _, err := admin.Exec(t.Context(), "update layoff set due_on = $2, due_for = 'notice' where id = $1", l.ID,
			today.AddDays(days).Time()); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]int{"": 3, "?overdue=false": 3, "?overdue=true": 1, "?overdue=true&region=3273": 1} {
		var list struct{ Items []struct{ ID string } }
		o.Call(t, http.MethodGet, "/v1/layoffs"+query, nil).JSON(t, &list)
		if len(list.Items) != want || want == 1 && list.Items[0].ID != ids[-1] {
			t.Errorf("%s: %+v of %v", query, list.Items, ids)
		}
	}
}

// Days are told of the time to a placement, and of no other report.
func TestDaysAreToldOfPlacementsAlone(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/placements", map[string]any{"employer": "PT Baru", "position": "x", "started_on": "2026-11-01"})
	admin := b.Database.Admin(t)
	for _, sql := range []string{"set session_replication_role = replica", "update cases set opened_on = '2026-10-22'"} {
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Store.Rollup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec(t.Context(), "update rollup set total = 10 * n"); err != nil { // whatever was counted
		t.Fatal(err)
	}
	for report, days := range map[string]int{"time_to_placement": 10, "stages": 0, "at_work": 0, "funnel": 0} {
		var r reportOf
		o.Call(t, http.MethodGet, "/v1/reports/"+report, nil).JSON(t, &r)
		if len(r.Items) == 0 || r.Items[0].Values["days"] != days {
			t.Errorf("%s: %+v", report, r.Items)
		}
	}
}
