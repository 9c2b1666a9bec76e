package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/clock"
)

// A case that is closed by mistake comes back with the deadline that it had.
func TestACaseComesBackWithItsDeadline(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Kembali")
	type days struct {
		Due string `json:"due_on"`
		For string `json:"due_for"`
	}
	var before, after days
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &before)
	o.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "unreachable"})
	if a := o.Change(t, &c, "/reopening", map[string]any{"to": "intake", "reason": "ditemukan"}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &after)
	if after != before || before.Due == "" || before.For != "claim" {
		t.Errorf("due %+v before and %+v after", before, after)
	}
}

// The follow-up and the deadline of a case are two rows of the work list, whichever comes first.
func TestNoDayHidesAnother(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Dua Hari")
	for _, on := range []string{"2099-01-01", clock.System().Now().AddDate(0, 0, 2).Format("2006-01-02")} {
		if a := o.Change(t, &c, "/follow-up", map[string]any{"on": on}); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		for _, kind := range []string{"follow_up", "deadline"} {
			a := o.Call(t, http.MethodGet, "/v1/work?until=2099-12-31&kind="+kind, nil)
			if strings.Count(string(a.Body), `"kind":"`+kind+`"`) != 1 {
				t.Errorf("followed up on %s, %s: %s", on, kind, a.Body)
			}
		}
	}
}

// A duplicate names a case that is there, be it of another office; one that is not there is refused.
func TestADuplicateOfACase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c, elsewhere := o.Open(t, "3273", 1, "Siti Ganda"), b.Officer(t, authz.Supervisor, "3204").Open(t, "3204", 2, "Siti Ganda")
	for _, step := range []struct{ of, code string }{{"", "case.duplicate_of"}, {c.ID, "case.duplicate_of"}, {somePart, "case.duplicate_of"}, {elsewhere.ID, ""}} {
		body := map[string]any{"to": "closed", "outcome": "duplicate"}
		if step.of != "" {
			body["duplicate_of"] = step.of
		}
		if a := o.Change(t, &c, "/transitions", body); a.Code() != step.code || step.code == "" && !strings.Contains(string(a.Body), `"duplicate_of":"`+step.of+`"`) {
			t.Errorf("of %q: %d %s", step.of, a.Status, a.Body)
		}
	}
}

// Whatever is tried, the case of an erased worker can be read and not worked on: every change of the contract is
// answered with the same refusal, in the stage that it has.
func TestAnErasedWorkersCaseRests(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	asks, decides, service := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Service, "3273")
	c := asks.Open(t, "3273", 1, "Siti Hapus")
	asks.Change(t, &c, "/transitions", map[string]any{"to": "closed", "outcome": "withdrawn"})
	asks.Change(t, &c, "/erasure", map[string]any{"reason": "x"})
	if a := decides.Change(t, &c, "/erasure/approval", nil); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	b.Officer(t, authz.CaseWorker, "3578")                                 // an office that could be asked
	absent := map[string]bool{"prakerja-pay": true, "proposal-make": true} // their card, their vacancy is not there
	tried := 0
	for _, r := range b.Server.Routes() {
		if r.Method == http.MethodGet || !strings.HasPrefix(r.Path, "/v1/cases/{id}/") || strings.Contains(r.Path, "finding") {
			continue
		}
		o := asks
		if r.Action == authz.ClaimPay {
			o = service
		}
		a := o.Call(t, r.Method, fill(r, map[string]string{"id": c.ID}), probeOf(t, r).body, "If-Match", rest.ETag(c.Version))
		if tried++; a.Code() != "worker.erased" && a.Status != http.StatusUnprocessableEntity && !absent[r.ID] {
			t.Errorf("%s: %d %s", r.ID, a.Status, a.Body)
		}
	}
	if a := asks.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil); a.Status != http.StatusOK || tried < 25 {
		t.Errorf("read: %d, after %d tries", a.Status, tried)
	}
}
