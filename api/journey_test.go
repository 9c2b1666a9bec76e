package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
)

// traveller is a case on its way, and the officer who takes it there. Whatever is refused ends the test.
type traveller struct {
	*apitest.Officer
	t *testing.T
	apitest.Case
}

func (w *traveller) do(path string, body any) string {
	w.t.Helper()
	w.Created = ""
	if a := w.Change(w.t, &w.Case, path, body); a.Status >= http.StatusBadRequest {
		w.t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	return w.Created
}

// steps moves a part along its lifecycle.
func (w *traveller) steps(path string, states ...string) {
	w.t.Helper()
	for _, to := range states {
		w.do(path+"/transitions", map[string]any{"to": to})
	}
}

func (w *traveller) get(path string, into any) {
	w.t.Helper()
	a := w.Call(w.t, http.MethodGet, path, nil)
	if a.Status != http.StatusOK {
		w.t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	a.JSON(w.t, into)
}

// verified exports the history and has the independent verifier read it.
func (w *traveller) verified(b *apitest.Bundle) {
	w.t.Helper()
	a := w.Call(w.t, http.MethodPost, "/v1/exports", map[string]any{"format": "jsonl", "profile": "sealed",
		"case": w.Case.ID})
	histories := parts(w.t, b, w.Officer, a)["histories.jsonl"]
	r, err := audit.VerifyFile(w.t.Context(), strings.NewReader(histories), nil)
	if err != nil || r.Finding != nil || r.Cases != 1 || r.Entries != w.Version {
		w.t.Errorf("the history has %d of %d entries: %v %v", r.Entries, w.Version, r.Finding, err)
	}
}

// arrivals takes the clean list in and gives the case of a worker by name.
func arrivals(t *testing.T, b *apitest.Bundle, names ...string) []*traveller {
	t.Helper()
	national := b.Officer(t, authz.Supervisor, "")
	in := upload(t, b, national, "clean_500.xlsx")
	apply(t, b, national, in.ID)
	list := make([]*traveller, len(names))
	o := b.Officer(t, authz.Supervisor, "3217")
	for i, name := range names {
		var found struct {
			Items []struct {
				apitest.Case
				Name string
			}
		}
		o.Call(t, http.MethodPost, "/v1/cases/search", map[string]any{"name": name}).JSON(t, &found)
		for _, c := range found.Items {
			if c.Name == name {
				list[i] = &traveller{o, t, c.Case}
			}
		}
		if list[i] == nil {
			t.Fatalf("%s is not there", name)
		}
	}
	return list
}

// market reports and verifies vacancies in the regency, and gives their ids.
func market(t *testing.T, o *apitest.Officer, n int) (ids []string) {
	t.Helper()
	items := make([]any, n)
	for i := range items {
		items[i] = map[string]any{"region": "3217", "employer": fmt.Sprintf("PT Lowongan %d", i), "title": "Penjahit",
			"occupation": "7531", "units": "C.14.1", "wage": 3_000_000 + 1000*i, "openings": 2,
			"reference": fmt.Sprint(i)}
	}
	var out struct{ Items []struct{ ID, Result string } }
	o.Call(t, http.MethodPost, "/v1/vacancies", map[string]any{"source": "uji", "items": items}).JSON(t, &out)
	for _, row := range out.Items {
		if a := o.Call(t, http.MethodPost, "/v1/vacancies/"+row.ID+"/transitions", map[string]any{"to": "open"}, "If-Match",
			`"1"`); a.Status != http.StatusOK {
			t.Fatalf("verify: %d %s", a.Status, a.Body)
		}
		ids = append(ids, row.ID)
	}
	return ids
}

// A worker of the clean list goes from the layoff through the months of the benefit, whose proofs are real applications
// and the attendance of a real class, through a Prakerja course, an assessment and a certificate, to a job that they
// still have three months later; the history verifies.
func TestAWorkerGoesFromLayoffToALastingJob(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	w := arrivals(t, b, "Tuti Susanto")[0] // laid off on 2026-06-27
	vacancies := market(t, w.Officer, 8)
	pay := b.Officer(t, authz.Service, "3217")

	w.do("/job-seeker-cards", map[string]any{"number": "AK1-1", "issued_on": "2026-07-01"})
	facts := entitled(map[string]any{"applied_on": "2026-07-01", "contributions": []map[string]string{
		{"from": "2024-01", "to": "2026-06"}}})
	delete(facts, "birth_date") // it is on record
	w.do("/claims", facts)
	w.do("/claims/decision", map[string]any{"occurred_on": "2026-07-03"})
	if w.Claim != "running" {
		t.Fatalf("the claim is %s", w.Claim)
	}
	w.do("/transitions", map[string]any{"to": "benefit"})
	paid := func(month int, on string) {
		t.Helper()
		if a := pay.Change(t, &w.Case, fmt.Sprintf("/claims/months/%d/payment", month),
			map[string]any{"given_on": on}); a.Status != http.StatusOK {
			t.Fatalf("month %d: %d %s", month, a.Status, a.Body)
		}
	}
	paid(1, "2026-07-08")

	card := w.do("/prakerja", map[string]any{"batch": "72", "awarded_on": "2026-07-02"})
	var class struct{ ID string }
	w.Call(t, http.MethodPost, "/v1/classes", map[string]any{"region": "3217", "provider": "BLK Bandung Barat",
		"kind": "public", "programme": "Menjahit", "units": "C.14.1", "scheme": "prakerja",
		"places": 1, "starts_on": "2026-07-06", "ends_on": "2026-07-31"}).JSON(t, &class)
	course := w.do("/trainings", map[string]any{"class": class.ID, "enrolled_on": "2026-07-03"})
	w.do("/trainings/"+course+"/transitions", map[string]any{"to": "in_training", "occurred_on": "2026-07-06"})
	var days []any
	for day := 6; day < 16; day++ {
		days = append(days, map[string]any{"on": fmt.Sprintf("2026-07-%02d", day), "present": day != 9})
	}
	w.do("/trainings/"+course+"/attendance", map[string]any{"days": days})

	for i := range 5 {
		w.do("/applications", map[string]any{"vacancy": vacancies[i], "applied_on": fmt.Sprintf("2026-07-%02d", 10+i)})
	}
	var placed struct {
		Applications []struct{ ID, Employer string }
	}
	w.get("/v1/cases/"+w.Case.ID+"/placements", &placed)
	w.do("/applications/"+placed.Applications[0].ID+"/transitions", map[string]any{"to": "interviewed",
		"occurred_on": "2026-07-20"})
	w.do("/claims/months/2/proof", map[string]any{"occurred_on": "2026-08-04"})
	paid(2, "2026-08-10")
	var claims struct {
		Items []struct {
			Months []struct {
				N, Applications, Calls int
				Attendance             *int
				Amount                 int64
				State                  string
			}
		}
	}
	w.get("/v1/cases/"+w.Case.ID+"/claims", &claims)
	if m := claims.Items[0].Months[1]; m.Applications != 5 || m.Calls != 1 || m.Attendance == nil || *m.Attendance != 90 ||
		m.State != "paid" || m.Amount == 0 {
		t.Errorf("month 2 was proved by %+v", m)
	}

	w.do("/transitions", map[string]any{"to": "training"})
	w.do("/trainings/"+course+"/transitions", map[string]any{"to": "completed"})
	assessment := w.do("/assessments", map[string]any{"body": "LSP Garmen", "scheme": "Operator jahit", "units": "C.14.1",
		"applied_on": "2026-07-29"})
	for _, to := range []string{"verified", "not_yet_competent", "competent"} {
		w.do("/assessments/"+assessment+"/transitions", map[string]any{"to": to, "occurred_on": "2026-07-30"})
	}
	w.do("/certificates", map[string]any{"assessment": assessment, "training": course, "kind": "competence",
		"number": "K-1", "issuer": "LSP Garmen", "issued_on": "2026-07-31"})
	if a := w.Change(t, &w.Case, "/prakerja/"+card+"/payments", map[string]any{"rated": true,
		"linked_account": true}); a.Code() != "prakerja.nothing_owed" {
		t.Errorf("a scheme whose rules are not known paid: %d %s", a.Status, a.Body)
	}

	w.do("/wish", map[string]any{"occupations": []string{"7531"}, "wage": 3_000_000, "reach": "province"})
	var matches struct {
		Items []struct {
			Score   int
			Vacancy struct{ ID string }
		}
	}
	w.get("/v1/cases/"+w.Case.ID+"/matches", &matches)
	if len(matches.Items) != 8 || matches.Items[0].Score != 100 {
		t.Fatalf("matches: %+v", matches)
	}

	w.do("/transitions", map[string]any{"to": "placement"})
	job := w.do("/placements", map[string]any{"application": placed.Applications[0].ID, "started_on": "2026-08-20"})
	if w.Claim != "stopped" {
		t.Errorf("the claim is %s beside a job", w.Claim)
	}
	w.do("/placements/"+job+"/transitions", map[string]any{"to": "verified", "occurred_on": "2026-08-25"})
	if a := w.Change(t, &w.Case, "/placements/"+job+"/transitions", map[string]any{"to": "retained_3m",
		"occurred_on": "2026-11-19"}); a.Code() != "placement.too_early" {
		t.Errorf("a day less than three months: %d %s", a.Status, a.Body)
	}
	w.do("/placements/"+job+"/transitions", map[string]any{"to": "retained_3m", "occurred_on": "2026-11-20"})
	if a := w.Change(t, &w.Case, "/transitions", map[string]any{"to": "closed", "outcome": "placed"}); a.Code() != "case.parts_open" {
		t.Errorf("closed beside open applications: %d %s", a.Status, a.Body)
	}
	w.do("/transitions", map[string]any{"to": "closed", "outcome": "placed", "end_open_parts": true})
	w.verified(b)
}

// Another worker proposes a business, is coached, gets a grant, reports and graduates; a second level needs somebody
// hired.
func TestAWorkerGoesTheirOwnWay(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	w := arrivals(t, b, "Tuti Firmansyah")[0]
	business := w.do("/businesses", map[string]any{"title": "Warung kopi", "kbli": "56303"})
	w.steps("/businesses/"+business, "admin_verified", "field_verified", "selected")
	w.do("/businesses/"+business+"/transitions", map[string]any{}) // a mentoring visit
	w.steps("/businesses/"+business, "coached")
	if a := w.Change(t, &w.Case, "/businesses/"+business+"/transitions",
		map[string]any{"to": "disbursed"}); a.Code() != "business.grant" {
		t.Errorf("disbursed without a grant: %d %s", a.Status, a.Body)
	}
	w.do("/businesses/"+business+"/transitions", map[string]any{"to": "disbursed", "grant": 10_000_000})
	w.steps("/businesses/"+business, "reported", "graduated")
	if a := w.Change(t, &w.Case, "/businesses", map[string]any{"title": "Warung kopi",
		"level": "advanced"}); a.Code() != "business.not_grown" {
		t.Errorf("the second level without anybody hired: %d %s", a.Status, a.Body)
	}
	w.do("/transitions", map[string]any{"to": "closed", "outcome": "self_employed"})
	var list struct {
		Items []struct {
			State  string
			Grants int64
			Visits int
		}
	}
	w.get("/v1/cases/"+w.Case.ID+"/businesses", &list)
	if got := fmt.Sprint(list.Items); got != "[{graduated 10000000 1}]" {
		t.Errorf("got %s", got)
	}
	w.verified(b)
}
