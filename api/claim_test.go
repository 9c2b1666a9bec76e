package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/apitest"
	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/simulation"
)

type assessed struct {
	Result, Version, AsOf string
	Unverified            bool
	Total                 int64
	Criteria              []struct{ Code, Result, Article, Text string }
	Parts                 []struct {
		Code, Version string
		Amount        int64
	}
	Versions []struct{ Version, Result string }
}

func (a assessed) unmet() (codes []string) {
	for _, c := range a.Criteria {
		if c.Result == "not_met" {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// entitled are facts that meet every criterion, for a PHK of 2026-10-01.
func entitled(change map[string]any) map[string]any {
	facts := map[string]any{"citizenship": "wni", "birth_date": "1990-01-01", "registered_on": "2020-01-01",
		"contract": "permanent", "firm_size": "large", "programmes": []string{"jkk", "jkm", "jht", "jp", "jkn"},
		"reason": "EFFICIENCY_LOSS", "evidence": []string{"acceptance_proof", "report_receipt_regency"},
		"dispute": "none", "reported": "yes", "contributions": []map[string]string{{"from": "2024-01", "to": "2026-09"}},
		"arrears_months": 0, "insolvent": "no",
		"claims_before": 0, "willing": "yes", "other_job": "no", "employer_deactivated": "yes", "bank_account": "yes"}
	for name, value := range change {
		facts[name] = value
	}
	return facts
}

// A proof that is refused says what is on record and what is needed, by sentences of the rules.
func TestARefusedProofSaysWhatIsOnRecordAndWhatIsNeeded(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(map[string]any{"applied_on": "2026-10-02"}))
	o.Change(t, &c, "/claims/decision", map[string]any{"reference_on": "2026-10-02"})
	o.Change(t, &c, "/applications", map[string]any{"employer": "PT A", "position": "x", "applied_on": "2026-10-20"})
	for language, want := range map[string]string{
		"en": "The proof does not suffice. Not met: At least 5 applications or 1 call, and/or training attendance of at " +
			"least 80% (applications 1, calls 0,",
		"id": "Bukti belum cukup. Tidak terpenuhi: Lamaran paling sedikit 5 atau panggilan paling sedikit 1,",
	} {
		a := o.Call(t, http.MethodPost, "/v1/cases/"+c.ID+"/claims/months/2/proof",
			map[string]any{"occurred_on": "2026-11-03", "counselled": true}, "If-Match", rest.ETag(c.Version),
			"Accept-Language", language)
		var said struct{ Detail string }
		a.JSON(t, &said)
		if a.Status != http.StatusConflict || a.Code() != "claim.proof_not_met" || !strings.HasPrefix(said.Detail, want) ||
			strings.Contains(said.Detail, "jkp.") || strings.Contains(said.Detail, "{") {
			t.Errorf("%s: %d %s", language, a.Status, said.Detail)
		}
	}
}

// An application is accepted whatever its facts are; the refusal names every criterion with its article, in the
// reader's language; and it stands in the history.
func TestAnIneligibleWorkerIsHeardAndToldEveryReason(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	if a := o.Change(t, &c, "/claims", entitled(map[string]any{"reason": "RESIGN", "other_job": "yes",
		"citizenship": "wna"})); a.Status != http.StatusCreated {
		t.Fatalf("the application was not accepted: %d %s", a.Status, a.Body)
	}
	if a := o.Change(t, &c, "/claims/decision", map[string]any{}); a.Status != http.StatusOK || c.Claim != "refused" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	texts := map[string]string{}
	for _, language := range []string{"id", "en"} {
		var claims struct{ Items []struct{ Decision assessed } }
		o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims", nil, "Accept-Language", language).JSON(t, &claims)
		d := claims.Items[0].Decision
		if got := strings.Join(d.unmet(), " "); d.Result != "ineligible" ||
			got != "jkp.citizenship jkp.termination_reason jkp.no_other_job" {
			t.Errorf("%s by %s", d.Result, got)
		}
		for _, reason := range d.Criteria {
			if reason.Article == "" || reason.Text == "" {
				t.Errorf("%s is not told", reason.Code)
			}
			texts[language] += reason.Text
		}
	}
	if texts["id"] == texts["en"] {
		t.Error("both languages say the same")
	}
	a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/history", nil)
	if !strings.Contains(string(a.Body), `claim.decided`) || !strings.Contains(string(a.Body), "jkp.no_other_job") {
		t.Errorf("the refusal is not in the history: %s", a.Body)
	}
}

// A decision can be looked at again as of any day and under any version, without changing anything.
func TestAClaimIsAssessedAgainAsOfADay(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(nil))
	before := c.Version
	for query, want := range map[string]struct {
		version string
		total   int64
	}{"": {"pp-6-2025", 6 * 2_400_000}, "?under=pp-37-2021": {"pp-37-2021", 6 * 2_400_000},
		"?on=2025-02-06": {"pp-37-2021", 6 * 2_400_000}, "?on=2025-02-07": {"pp-6-2025", 6 * 2_400_000}} {
		var d assessed
		a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims/assessment"+query, nil)
		a.JSON(t, &d)
		if d.Version != want.version || len(d.Versions) != 2 || d.Result == "eligible" && d.Total != want.total {
			t.Errorf("%s: %s", query, a.Body)
		}
	}
	if a := o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims/assessment?under=uu-1-1945",
		nil); a.Code() != "rule.version_unknown" {
		t.Errorf("an unknown version: %d %s", a.Status, a.Body)
	}
	var now apitest.Case
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID, nil).JSON(t, &now)
	if now.Version != before {
		t.Error("looking changed the case")
	}
}

// One worker of a list who cannot be read is named on their place; the others are answered.
func TestAListIsAnsweredWorkerByWorker(t *testing.T) {
	t.Parallel()
	o := apitest.New(t).Officer(t, authz.CaseWorker, "3273")
	sane := map[string]any{"reason": "EFFICIENCY_LOSS", "start_on": "2020-01-01", "end_on": "2025-05-01", "firm_size": "large", "wage": map[string]any{"base": 6_000_000}, "rights": []any{}}
	a := o.Call(t, http.MethodPost, "/v1/assessments/severance", map[string]any{"items": []any{sane,
		map[string]any{"reason": "BORED", "start_on": "2020-01-01", "end_on": "2025-05-01", "wage": map[string]any{}}, sane}})
	var got struct {
		Items []struct {
			Answer  *assessed
			Problem *struct{ Field, Code, Detail string }
		}
	}
	a.JSON(t, &got)
	if len(got.Items) != 3 || got.Items[0].Answer == nil || got.Items[0].Answer.Total != 30_000_000 ||
		got.Items[2].Answer == nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if p := got.Items[1].Problem; p == nil || p.Code != "severance.reason_unknown" || p.Field != "reason" ||
		p.Detail == "" {
		t.Errorf("%s", a.Body)
	}
	if a := o.Call(t, http.MethodPost, "/v1/assessments/jkp",
		map[string]any{"items": []any{map[string]any{
			"citizenship": "martian"}}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// The simulation takes claims as they are stored: with the wage of the worker, and without anybody's name.
func TestStoredClaimsCanBeSimulated(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o := b.Officer(t, authz.Supervisor, "3273")
	for n := range 3 {
		c := o.Open(t, "3273", n+1, "Siti")
		o.Change(t, &c, "/claims", entitled(nil))
		o.Change(t, &c, "/claims/decision", map[string]any{})
	}
	var seen int
	var last uuid.UUID
	for pages := 1; ; pages++ {
		if pages > 10 {
			t.Fatal("the claims have no end")
		}
		claims, next, err := b.Store.Claims(t.Context(), last, 2)
		if err != nil {
			t.Fatal(err)
		}
		if next == last {
			break
		}
		last = next
		results, err := simulation.Caseload{Source: simulation.Stored(claims), Size: len(claims), Workers: 1,
			Calendar: b.Services.Programmes.Calendar}.Run(t.Context(), b.Services.Programmes.JKP)
		if err != nil || results[0].Cost != 14_400_000*money.Rupiah(len(claims)) { // 60 % of 4,000,000 for six months
			t.Fatalf("%+v: %v", results, err)
		}
		seen += len(claims)
	}
	if seen != 3 {
		t.Errorf("%d claims", seen)
	}
}

// BPJS Ketenagakerjaan confirms a payment with a service account: the amount is what the rules of its day give, and one
// that differs is refused with the article. The account can do nothing else to the case.
func TestAServiceAccountConfirmsPayments(t *testing.T) {
	t.Parallel()
	b := apitest.New(t)
	o, bpjs := b.Officer(t, authz.Supervisor, "3273"), b.Officer(t, authz.Service, "")
	c := o.Open(t, "3273", 1, "Siti")
	o.Change(t, &c, "/claims", entitled(nil))
	if a := o.Change(t, &c, "/claims/months/1/payment",
		map[string]any{"given_on": "2026-11-23"}); a.Status != http.StatusForbidden {
		t.Errorf("a supervisor paid: %d %s", a.Status, a.Body)
	}
	o.Change(t, &c, "/claims/decision", map[string]any{})
	today := c.Version
	if a := bpjs.Change(t, &c, "/notes", map[string]any{"text": "x"}); a.Status != http.StatusForbidden {
		t.Errorf("the service wrote a note: %d %s", a.Status, a.Body)
	}
	var claims struct {
		Items []struct {
			ReferenceOn string `json:"reference_on"`
			Months      []struct {
				State, Rule string
				Amount      int64
			}
		}
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims", nil).JSON(t, &claims)
	given := claims.Items[0].ReferenceOn
	if a := bpjs.Change(t, &c, "/claims/months/1/payment", map[string]any{"given_on": given,
		"amount": 1_800_000}); a.Code() != "claim.amount_differs" || !strings.Contains(string(a.Body), "PP 6/2025") {
		t.Errorf("another amount: %d %s", a.Status, a.Body)
	}
	if a := bpjs.Change(t, &c, "/claims/months/1/payment", map[string]any{"given_on": given, "amount": 2_400_000,
		"reference": "BPJS-1"}); a.Status != http.StatusOK || c.Version != today+1 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := bpjs.Change(t, &c, "/claims/months/2/payment",
		map[string]any{"given_on": given}); a.Code() != "claim.month_not_proved" {
		t.Errorf("month 2 has no proof: %d %s", a.Status, a.Body)
	}
	o.Call(t, http.MethodGet, "/v1/cases/"+c.ID+"/claims", nil).JSON(t, &claims)
	if m := claims.Items[0].Months[0]; m.State != "paid" || m.Amount != 2_400_000 || m.Rule != "pp-6-2025" {
		t.Errorf("%+v", m)
	}
}
