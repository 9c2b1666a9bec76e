package console_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/wording"
)

// What is not possible from here says why, and everything typed is still there.
func TestWhatIsNotPossibleSaysWhy(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/kasus/" + c.ID + "/buat/claim-apply"
	form := o.Page(t, path).Form("reason", "RESIGN", "final_decision_on", "01/09/2026")
	o.Change(t, &c, "/claims", map[string]any{"reason": "RESIGN"})
	form.Set("_version", "2")
	a := o.Send(t, path, form)
	page := string(a.Body)
	if a.Status != http.StatusConflict || !strings.Contains(page, `class="summary"`) ||
		!strings.Contains(page, `value="01/09/2026"`) || !strings.Contains(page, `value="RESIGN" selected`) {
		t.Errorf("%d %s", a.Status, page)
	}
	if a.Form().Get("_key") == form.Get("_key") || a.Form().Get("_key") == "" {
		t.Error("a form that was refused keeps its key")
	}
	if got := entries(t, o, c); len(got) != 2 {
		t.Errorf("the history is %v", got)
	}
}

// When nobody knows whether it was done, the form keeps its key and its version, so that pressing again does it once.
func TestAnUnknownOutcomeKeepsTheKey(t *testing.T) {
	t.Parallel()
	b := apitest.With(t, apitest.Setup{Scanner: filepath.Join(t.TempDir(), "nobody")})
	o := b.Officer(t, authz.CaseWorker, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	path := "/kasus/" + c.ID + "/buat/document-add"
	form := o.Page(t, path).Form("kind", "identity_card", "received_on", "2026-11-01")
	a := o.SendFile(t, path, form, "file", "ktp.png", picture(t))
	page := string(a.Body)
	unsure, _ := wording.Text("id", "console.unsure")
	if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" ||
		!strings.Contains(page, unsure) || !strings.Contains(page, `value="2026-11-01"`) {
		t.Errorf("%d %v %s", a.Status, a.Header, summary(a))
	}
	for _, name := range []string{"_key", "_version"} {
		if again := a.Form(); again.Get(name) != form.Get(name) || again.Get(name) == "" {
			t.Errorf("%s was %q and is %q", name, form.Get(name), again.Get(name))
		}
	}
}

// picture is a scan of nothing.
func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A password that is not fresh any more is asked for in the very form, which keeps what is typed; a wrong one changes
// nothing, the right one carries the form out.
func TestAPasswordIsAskedForAgainInTheForm(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	admin, worker := b.Officer(t, authz.Administrator, ""), b.Officer(t, authz.CaseWorker, "3273")
	path := "/petugas/" + worker.ID.String() + "/buat/grant-create"
	typed := []string{"role", "case_worker", "region", "3204", "valid_until", "01/11/2099"}
	form := admin.Page(t, path).Form(typed...)
	stale(t, b, admin)
	a := admin.Send(t, path, form)
	page := string(a.Body)
	if a.Status != http.StatusForbidden || !strings.Contains(page, `name="_password" type="password"`) ||
		!strings.Contains(page, `value="01/11/2099"`) {
		t.Fatalf("%d %s", a.Status, page)
	}
	wrong := admin.Send(t, path, a.Form(append(typed, "_password", "salah sekali")...))
	if wrong.Status < 400 || !strings.Contains(string(wrong.Body), `value="01/11/2099"`) {
		t.Errorf("a wrong password: %d %s", wrong.Status, wrong.Body)
	}
	done := admin.Send(t, path, a.Form(append(typed, "_password", admin.Password)...))
	if done.Status != http.StatusSeeOther || !strings.HasSuffix(done.Header.Get("Location"), "?selesai=grant-create") ||
		!strings.Contains(done.Header.Get("Set-Cookie"), apitest.SessionCookie+"=") {
		t.Errorf("the right one: %d %v %s", done.Status, done.Header, summary(done))
	}
}

// stale makes the password of an officer's session one that was given a while ago.
func stale(t *testing.T, b *apitest.Bundle, o *apitest.Officer) {
	t.Helper()
	if _, err := b.Database.Admin(t).Exec(t.Context(),
		"update session set confirmed_at = now() - interval '6 minutes' where officer_id = $1", [16]byte(o.ID)); err != nil {
		t.Fatal(err)
	}
	b.Sessions.Forget(o.ID)
}

// Of three posts at once of a form that makes a thing, one makes it, and all are answered alike.
func TestThreePostsMakeOneThing(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.CaseWorker, "3273")
	const path = "/kasus/buat/case-open"
	form := o.Page(t, path).Form("region", "3273", "terminated_on", "01/11/2026", "worker.name", "Siti",
		"worker.nik", "3273014101900001")
	var answers [3]apitest.Answer
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() { answers[i] = o.Send(t, path, form) })
	}
	wait.Wait()
	for _, a := range answers {
		if a.Status == http.StatusConflict || a.Status == http.StatusServiceUnavailable { // while the first one works
			a = o.Send(t, path, form)
		}
		if a.Status != http.StatusSeeOther || a.Header.Get("Location") != answers[0].Header.Get("Location") {
			t.Errorf("%d %s", a.Status, a.Header.Get("Location"))
		}
	}
	var list struct{ Items []any }
	if o.Call(t, http.MethodGet, "/v1/cases", nil).JSON(t, &list); len(list.Items) != 1 {
		t.Errorf("there are %d cases", len(list.Items))
	}
}

// A proof of a month that was given in its window is recorded after the window as well: the form asks for the day, says
// when the window was, and leaves the judgement to the operation.
func TestAProofIsRecordedAfterItsWindow(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", map[string]any{"applied_on": "2026-10-02", "citizenship": "wni", "birth_date": "1990-01-01",
		"registered_on": "2020-01-01", "contract": "permanent", "firm_size": "large", "reason": "EFFICIENCY_LOSS",
		"programmes": []string{"jkk", "jkm", "jht", "jp", "jkn"}, "reported": "yes", "dispute": "none", "insolvent": "no",
		"evidence": []string{"acceptance_proof", "report_receipt_regency"}, "arrears_months": 0, "claims_before": 0,
		"contributions": []map[string]string{{"from": "2024-01", "to": "2026-09"}}, "willing": "yes", "other_job": "no",
		"employer_deactivated": "yes", "bank_account": "yes"})
	o.Change(t, &c, "/claims/decision", map[string]any{"reference_on": "2026-10-02"})
	page := string(o.Page(t, "/kasus/"+c.ID).Body)
	if !strings.Contains(page, "/buat/claim-prove?month=2") && !strings.Contains(page, "month=2&amp;part=") {
		t.Errorf("the case leads nowhere: %s", page)
	}
	form := string(o.Page(t, "/kasus/"+c.ID+"/buat/claim-prove?month=2").Body)
	if !strings.Contains(form, `name="occurred_on"`) || strings.Contains(form, `class="summary"`) {
		t.Errorf("the form is shut: %s", form)
	}
}
