package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
)

type referralAnswer struct {
	ID, State, Name, Case string
	Version               int
}

func incoming(t *testing.T, o *apitest.Officer) (list struct{ Items []referralAnswer }) {
	t.Helper()
	o.Call(t, http.MethodGet, "/v1/referrals?direction=incoming", nil).JSON(t, &list)
	return list
}

// An offered case stays where it is until it is accepted; then it is wholly the other office's, with its notes, and the
// office before finds the offer and no case. Who still sees the case but read it before gets 412.
func TestACaseMovesWithItsNotes(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	from, to, province := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204"), b.Officer(t,
		authz.Supervisor, "32")
	b.Officer(t, authz.CaseWorker, "3578") // an office that could be asked, too
	c := from.Open(t, "3273", 1, "Siti Pindah")
	from.Change(t, &c, "/notes", map[string]any{"text": "catatan dari Bandung"})
	read := c // a tab that is left open
	if a := from.Change(t, &c, "/referrals", map[string]any{"kind": "custody",
		"to": "3204"}); a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := from.Change(t, &c, "/referrals", map[string]any{"kind": "custody",
		"to": "3578"}); a.Code() != "referral.already_offered" {
		t.Errorf("offered twice: %d %s", a.Status, a.Body)
	}
	offer := incoming(t, to).Items[0]
	if a := to.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil); offer.Name != "" || a.Status != http.StatusNotFound {
		t.Errorf("before the answer the other office sees %+v, %d", offer, a.Status)
	}
	answer := func(o *apitest.Officer, version, state string) apitest.Answer {
		return o.Call(t, http.MethodPost, "/v1/referrals/"+offer.ID+"/answer", map[string]any{"to": state}, "If-Match",
			version)
	}
	if a := answer(from, `"1"`, "accepted"); a.Code() != "referral.other_office" {
		t.Errorf("accepted its own offer: %d %s", a.Status, a.Body)
	}
	if a := answer(to, `"9"`, "accepted"); a.Status != http.StatusPreconditionFailed {
		t.Errorf("a stale answer: %d %s", a.Status, a.Body)
	}
	if a := answer(b.Officer(t, authz.Supervisor, "3578"), `"1"`, "accepted"); a.Code() != "referral.not_found" {
		t.Errorf("a third office: %d %s", a.Status, a.Body)
	}
	from.Change(t, &c, "/notes", map[string]any{"text": "catatan sambil menunggu"})
	if a := answer(to, `"1"`, "accepted"); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a := to.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/history", nil)
	for _, want := range []string{"catatan dari Bandung", "catatan sambil menunggu", "custody.moved"} {
		if !strings.Contains(string(a.Body), want) {
			t.Errorf("%q is lost: %s", want, a.Body)
		}
	}
	if a := from.Change(t, &read, "/notes", map[string]any{"text": "x"}); a.Status != http.StatusNotFound {
		t.Errorf("the office before still writes: %d %s", a.Status, a.Body)
	}
	if a := province.Change(t, &read, "/notes", map[string]any{"text": "x"}); a.Status != http.StatusPreconditionFailed {
		t.Errorf("a stale tab: %d %s", a.Status, a.Body)
	}
	if a := to.Change(t, &c, "/notes", map[string]any{"text": "x"}); a.Status != http.StatusPreconditionFailed {
		t.Errorf("the new office with the old version: %d %s", a.Status, a.Body)
	}
}

// A service leaves the case where it is. The office that gives it is told the name while it is under way, and that is
// on record.
func TestAServiceIsAskedOfAnotherOffice(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	from, to, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204"),
		b.Officer(t, authz.Auditor, "")
	c := from.Open(t, "3273", 1, "Siti Rujukan")
	from.Change(t, &c, "/referrals", map[string]any{"kind": "service", "to": "3204", "service": "training"})
	for _, step := range []struct{ to, name string }{{"", ""}, {"accepted", "Siti Rujukan"}, {"done", ""}} {
		r := incoming(t, to).Items[0]
		if step.to != "" {
			a := to.Call(t, http.MethodPost, "/v1/referrals/"+r.ID+"/answer", map[string]any{"to": step.to}, "If-Match",
				rest.ETag(r.Version))
			if a.Status != http.StatusOK {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			r = incoming(t, to).Items[0]
		}
		if r.Name != step.name {
			t.Errorf("after %q the name is %q", step.to, r.Name)
		}
	}
	if a := auditor.Call(t, http.MethodGet, "/v1/access?case="+c.ID, nil); !strings.Contains(string(a.Body), "referral") {
		t.Errorf("not on record: %s", a.Body)
	}
	if a := to.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil); a.Status != http.StatusNotFound {
		t.Errorf("the other office reads the case: %d", a.Status)
	}
}

// The office asked decides on what it needs: the service and the reason always, the name, the stage and the message
// only when the worker agreed, and no more once it has declined. That it read them is on record.
func TestWhatTheOfficeAskedIsTold(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	from, to, auditor := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Supervisor, "3204"),
		b.Officer(t, authz.Auditor, "")
	type asked struct {
		ID, Reason, Name, Stage, Message string
		Version                          int
		Consent                          *struct{ On, How string }
	}
	seen := func(o *apitest.Officer) asked {
		t.Helper()
		var list struct{ Items []asked }
		o.Call(t, http.MethodGet, "/v1/referrals", nil).JSON(t, &list)
		return list.Items[0]
	}
	ask := map[string]any{"kind": "service", "to": "3204", "service": "training", "reason": "closer",
		"message": "Siti butuh kelas las"}
	silent, c := from.Open(t, "3273", 1, "Siti Diam"), from.Open(t, "3273", 2, "Siti Setuju")
	from.Change(t, &silent, "/referrals", ask)
	if r := seen(to); r.Reason != "closer" || r.Name != "" || r.Stage != "" || r.Message != "" || r.Consent != nil {
		t.Errorf("without consent it is told %+v", r)
	}
	if r := seen(from); r.Message == "" {
		t.Errorf("who asked does not see the message: %+v", r)
	}
	for name, consent := range map[string]map[string]any{"tomorrow": {"on": "2099-01-01", "how": "spoken"},
		"no day": {"how": "spoken"}, "no way": {"on": "2026-11-01"}} {
		ask["consent"] = consent
		if a := from.Change(t, &c, "/referrals", ask); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("consent %s: %d %s", name, a.Status, a.Body)
		}
	}
	ask["consent"] = map[string]any{"on": "2026-11-01", "how": "spoken"}
	if a := from.Change(t, &c, "/referrals", map[string]any{"kind": "service", "to": "3204",
		"reason": "other"}); a.Code() != "referral.message_required" {
		t.Errorf("another reason unsaid: %d %s", a.Status, a.Body)
	}
	from.Change(t, &c, "/referrals", ask)
	r := seen(to)
	if r.Name != "Siti Setuju" || r.Stage != "intake" || r.Message != "Siti butuh kelas las" || r.Consent == nil ||
		r.Consent.How != "spoken" {
		t.Errorf("with consent it is told %+v", r)
	}
	if a := auditor.Call(t, http.MethodGet, "/v1/access?case="+c.ID, nil); !strings.Contains(string(a.Body), "referral") {
		t.Errorf("not on record: %s", a.Body)
	}
	to.Call(t, http.MethodPost, "/v1/referrals/"+r.ID+"/answer", map[string]any{"to": "declined"}, "If-Match",
		rest.ETag(r.Version))
	if r := seen(to); r.Name != "" || r.Message != "" || r.Stage != "" {
		t.Errorf("after it declined it is told %+v", r)
	}
}
