package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/authz"
)

type rightsAnswer struct {
	Gross, Net int64
	Complete   bool
	Items      []struct{ Code, State string }
	Missing    []struct{ Fact, Text string }
	Clocks     []struct{ Code, On string }
}

func (a rightsAnswer) state(code string) string {
	for _, r := range a.Items {
		if r.Code == code {
			return r.State
		}
	}
	return ""
}

func (a rightsAnswer) lacks(fact string) bool {
	for _, m := range a.Missing {
		if m.Fact == fact {
			return true
		}
	}
	return false
}

// Workers are answered in their order; one whose facts cannot be read is named and stops nobody.
func TestRightsOfAList(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	early := map[string]any{
		"contract": "fixed_term", "firm_size": "medium", "start_on": "2025-07-01", "end_on": "2026-10-31",
		"contract_ends": "2027-06-30", "ended_by": "employer",
		"lawful_ground": false, "wage": map[string]any{"base": 4_200_000}, "citizenship": "wni", "unpaid_wages": 0,
	}
	backwards := map[string]any{"contract": "permanent", "start_on": "2026-01-02", "end_on": "2026-01-01"}
	var got struct {
		Items []struct {
			Answer  *rightsAnswer
			Problem *struct{ Field, Code string }
		}
	}
	a := o.Call(t, http.MethodPost, "/v1/assessments/rights", map[string]any{"items": []any{early, backwards,
		map[string]any{}}})
	a.JSON(t, &got)
	if len(got.Items) != 3 || got.Items[0].Answer == nil || got.Items[2].Answer == nil || got.Items[1].Problem == nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if got.Items[0].Answer.Gross != 5_600_000+33_600_000 || got.Items[1].Problem.Field != "end_on" ||
		got.Items[2].Answer.Gross != 0 {
		t.Errorf("%s", a.Body)
	}
}

// A share that is no share is the caller's fault, as is a value outside of its list.
func TestFactsOfRightsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	for name, facts := range map[string]map[string]any{
		"no share":   {"pension": map[string]any{"benefit": 1, "employer_share": "most"}},
		"a week":     {"work_week_days": 4},
		"a size":     {"firm_size": "huge"},
		"no amount":  {"unpaid_wages": -1},
		"no such":    {"gaji": 1},
		"half a day": {"unused_leave_days": 1.5},
	} {
		if a := o.Call(t, http.MethodPost, "/v1/assessments/rights",
			map[string]any{"items": []any{facts}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}

func TestTheSheetInBothForms(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	body := map[string]any{"office": "Disnaker <b>Bandung</b>", "facts": map[string]any{"unpaid_wages": 1_250_000}}
	page := o.Call(t, http.MethodPost, "/v1/assessments/rights/sheet?form=html", body)
	if page.Status != http.StatusOK || page.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %s", page.Status, page.Header.Get("Content-Type"))
	}
	if text := string(page.Body); !strings.Contains(text, "Rp1.250.000") || !strings.Contains(text,
		"Hak Anda setelah PHK") || strings.Contains(text, "<b>") {
		t.Errorf("%s", text)
	}
	paper := o.Call(t, http.MethodPost, "/v1/assessments/rights/sheet", body)
	if paper.Status != http.StatusOK || paper.Header.Get("Content-Type") != "application/pdf" ||
		!bytes.HasPrefix(paper.Body, []byte("%PDF-")) {
		t.Errorf("%d %s", paper.Status, paper.Header.Get("Content-Type"))
	}
	if a := o.Call(t, http.MethodPost, "/v1/assessments/rights/sheet?form=docx",
		body); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("another form: %d", a.Status)
	}
}

// What the record of a case holds is used; what it lacks is asked for by name, before there is a claim and with one.
func TestRightsOfACase(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Rahasia")
	var before, after rightsAnswer
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/rights", nil).JSON(t, &before)
	if before.state("jht") != "unknown" || !before.lacks("contract") || !before.lacks("unpaid_wages") ||
		before.Gross != 0 || before.Complete {
		t.Errorf("without a claim: %+v", before)
	}
	o.Change(t, &c, "/claims", entitled(nil))
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/rights", nil).JSON(t, &after)
	if after.state("jkp") == "unknown" || after.lacks("contract") || after.state("jht") != "owed" ||
		!after.lacks("start_on") {
		t.Errorf("with a claim: %+v", after)
	}
	page := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/rights/sheet?form=html", nil)
	if text := string(page.Body); page.Status != http.StatusOK || !strings.Contains(text, "Siti Rahasia") ||
		!strings.Contains(text, "Bandung") {
		t.Errorf("%d %s", page.Status, text)
	}
	if paper := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/rights/sheet", nil); !bytes.HasPrefix(paper.Body,
		[]byte("%PDF-")) {
		t.Errorf("%d %s", paper.Status, paper.Body)
	}
	stranger := b.Officer(t, authz.Supervisor, "3578")
	for _, path := range []string{"/rights", "/rights/sheet"} {
		if a := stranger.Call(t, http.MethodGet, "/v1/cases/"+c.ID+path, nil); a.Status != http.StatusNotFound ||
			a.Code() != "case.not_found" {
			t.Errorf("of another region: %s: %d %s", path, a.Status, a.Body)
		}
	}
}

// A case may come from a layoff of another office. Who does not see that one sees the rights all the same, without
// what it says.
func TestRightsOfACaseFromALayoffElsewhere(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	ministry, here := b.Officer(t, authz.Supervisor, ""), b.Officer(t, authz.Supervisor, "3204")
	l := report(t, b.Officer(t, authz.CaseWorker, "3273"), "PT Tetangga", 3)
	var c apitest.Case
	a := ministry.Call(t, http.MethodPost, "/v1/cases", map[string]any{"region": "3204", "terminated_on": "2026-10-01",
		"layoff": l.ID, "worker": apitest.Worker("3204", 7, "Siti Pindah")})
	if a.JSON(t, &c); a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/rights", "/rights/sheet?form=html"} {
		if a := here.Call(t, http.MethodGet, "/v1/cases/"+c.ID+path, nil); a.Status != http.StatusOK ||
			strings.Contains(string(a.Body), l.ID) {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if a := here.Call(t, http.MethodGet, "/v1/layoffs/"+l.ID, nil); a.Code() != "layoff.not_found" {
		t.Errorf("the layoff: %d %s", a.Status, a.Body)
	}
}

// What the record had no place for is put right like the rest of the worker, sealed, and used; what cannot be is
// refused.
func TestTheEmploymentOfACaseIsPutRight(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti Rahasia")
	correct := func(employment map[string]any) apitest.Answer {
		a, _ := patch(t, o, &c, "/worker", map[string]any{"reason": "kontrak kerja dibawa", "employment": employment})
		return a
	}
	for field, wrong := range map[string]any{"contract": "freelance", "firm_size": "huge", "started_on": "2099-01-01",
		"contract_ends": "2001-01-01",
		"last_paid_on":  "2099-01-01", "work_week_days": 4, "base_wage": 0, "ended_by": "nobody", "jkn_segment": "x"} {
		if a := correct(map[string]any{field: wrong}); a.Status != http.StatusUnprocessableEntity ||
			!strings.Contains(string(a.Body), "employment."+field) {
			t.Errorf("%s %v: %d %s", field, wrong, a.Status, a.Body)
		}
	}
	whole := map[string]any{"contract": "fixed_term", "firm_size": "medium", "started_on": "2020-01-06",
		"base_wage":       4_000_000,
		"fixed_allowance": 500_000, "unpaid_wages": 1_250_000, "ended_by": "employer", "jkn_segment": "wage_earner"}
	if a := correct(whole); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var got rightsAnswer
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/rights", nil).JSON(t, &got)
	if got.lacks("contract") || got.lacks("start_on") || got.lacks("unpaid_wages") ||
		got.state("unpaid_wages") != "owed" || got.Gross < 1_250_000 {
		t.Errorf("%+v", got)
	}
	if a := correct(map[string]any{"unpaid_wages": nil}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	var file struct {
		Worker  struct{ Employment map[string]any }
		History []struct {
			Changes []struct{ Field, From, To string }
		}
	}
	a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil)
	a.JSON(t, &file)
	last := file.History[len(file.History)-1].Changes
	if len(last) != 1 || last[0].Field != "employment.unpaid_wages" || last[0].From != "1250000" || last[0].To != "" {
		t.Errorf("recorded %+v", last)
	}
	if e := file.Worker.Employment; e["unpaid_wages"] != nil || e["base_wage"] != 4_000_000.0 ||
		e["contract"] != "fixed_term" {
		t.Errorf("kept %v", e)
	}
}
