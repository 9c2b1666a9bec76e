package assessment_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

var today = calendar.MustDate("2026-11-23")

// loaded is read once: nothing changes it.
var loaded = sync.OnceValues(func() (*assessment.Programmes, error) {
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		return nil, err
	}
	days, err := calendar.Load(file)
	if err != nil {
		return nil, err
	}
	return assessment.Load(policies.FS, days)
})

func programmes(t testing.TB) *assessment.Programmes {
	t.Helper()
	p, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func assess(t testing.TB, f assessment.Facts, text string) (assessment.Answer, error) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), f); err != nil {
		t.Fatal(err)
	}
	return f.Assess(programmes(t), rule.English, today)
}

func mustAssess(t testing.TB, f assessment.Facts, text string) assessment.Answer {
	t.Helper()
	a, err := assess(t, f, text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// entitled is a worker who meets every criterion of both versions of the JKP rules.
const entitled = `"citizenship":"wni","birth_date":"1990-05-05","registered_on":"2022-01-01","contract":"permanent","firm_size":"large",
	"programmes":["jkk","jkm","jht","jp","jkn"],"terminated_on":"2025-01-10","reason":"EFFICIENCY_LOSS","evidence":["acceptance_proof","report_receipt_regency"],
	"dispute":"none","reported":"yes","contributions":[{"from":"2023-01","to":"2024-12"}],"arrears_months":0,"insolvent":"no","claims_before":0,
	"willing":"yes","other_job":"no","employer_deactivated":"yes","bank_account":"yes","applied_on":"2025-02-01"`

// §1.6 of the legal basis: under PP 37/2021 45 % and 25 % of at most 5,000,000; under PP 6/2025 60 % for six months.
func TestMonthsOfAnEntitledWorkerCarryTheirOwnRates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more  string
		total int64
		rates string
	}{
		"all under PP 6/2025": {`"on":"2025-02-10","wage":6000000`, 18_000_000, "60 60 60 60 60 60"},
		"all under PP 37/2021": {
			`"on":"2024-12-20","applied_on":"2024-12-20","terminated_on":"2024-12-10","reference_on":"2024-07-01","wage":6000000`,
			10_500_000, "45 45 45 25 25 25"},
		"straddling the change": {`"on":"2025-02-05","reference_on":"2024-12-10","wage":5000000`, 2*2_250_000 +
			4*3_000_000, "45 45 60 60 60 60"},
		"the day before the change": {`"on":"2025-02-06","reference_on":"2025-02-06","wage":5000000`, 2_250_000 + 5*3_000_000,
			"45 60 60 60 60 60"},
		"the day of the change": {`"on":"2025-02-07","reference_on":"2025-02-07","wage":5000000`, 18_000_000,
			"60 60 60 60 60 60"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := mustAssess(t, &assessment.JKP{}, "{"+entitled+","+c.more+"}")
			if a.Result != "eligible" || !a.Complete || a.Total != c.total || a.Deadline == nil {
				t.Fatalf("%s, complete %t, total %d, want %d: %+v", a.Result, a.Complete, a.Total, c.total, notMet(a))
			}
			var rates []string
			for _, p := range a.Parts {
				rates = append(rates, strings.TrimRight(strings.TrimSuffix(p.Rate, "%"), " "))
			}
			if got := strings.Join(rates, " "); got != c.rates {
				t.Errorf("rates %q, want %q", got, c.rates)
			}
		})
	}
}

func notMet(a assessment.Answer) (codes []string) {
	for _, c := range a.Criteria {
		if c.Result != "met" {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// Whoever is refused learns every reason with its article, and what each version would say.
func TestRefusalsNameEveryReason(t *testing.T) {
	t.Parallel()
	a := mustAssess(t, &assessment.JKP{},
		`{`+entitled+`,"on":"2025-02-10","reason":"RESIGN","citizenship":"wna","other_job":"yes","wage":6000000}`)
	got := notMet(a)
	if a.Result != "ineligible" ||
		!slices.Equal(got, []string{"jkp.citizenship", "jkp.termination_reason", "jkp.no_other_job"}) || a.Total != 0 ||
		len(a.Versions) != 2 {
		t.Errorf("%s by %v, %d rupiah, %d versions", a.Result, got, a.Total, len(a.Versions))
	}
	for _, c := range a.Criteria {
		if c.Article == "" || c.Text == "" || strings.Contains(c.Text, "{") {
			t.Errorf("%s is not told: %q, %q", c.Code, c.Article, c.Text)
		}
	}
}

// E11 of the legal basis: twelve months of contributions, never six in a row. The old rules refuse, the new ones do
// not.
func TestVersionsAreCompared(t *testing.T) {
	t.Parallel()
	const broken = `"terminated_on":"2024-12-10","contributions":[{"from":"2023-02","to":"2023-06"},{"from":"2023-08","to":"2023-12"},{"from":"2024-02","to":"2024-03"}],"applied_on":"2025-01-15"`
	a := mustAssess(t, &assessment.JKP{}, `{`+entitled+`,`+broken+`,"on":"2025-01-20"}`)
	if a.Result != "ineligible" || a.Version != "pp-37-2021" {
		t.Fatalf("%s under %s", a.Result, a.Version)
	}
	for _, v := range a.Versions {
		if same := v.Version == "pp-37-2021"; same != (len(v.Differs) == 0) || same != (v.Result == "ineligible") {
			t.Errorf("%+v", v)
		}
	}
	under := mustAssess(t, &assessment.JKP{}, `{`+entitled+`,`+broken+`,"on":"2025-01-20","under":"pp-6-2025"}`)
	if under.Result != "eligible" || under.Version != "pp-6-2025" {
		t.Errorf("%s under %s", under.Result, under.Version)
	}
	if _, err := assess(t, &assessment.JKP{}, `{"under":"pp-1-1945"}`); fault.CodeOf(err) != "rule.version_unknown" {
		t.Errorf("unknown version: %v", err)
	}
}

// The examples of §2.3 of the legal basis, through the form in which they are asked.
func TestSeveranceWithItsOffers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts string
		total int64
	}{
		"efficiency with loss": {`"reason":"EFFICIENCY_LOSS","start_on":"2020-01-01","end_on":"2025-05-01","wage":{"base":6000000}`, 30_000_000},
		"to prevent a loss":    {`"reason":"EFFICIENCY_PREVENT_LOSS","start_on":"2020-01-01","end_on":"2025-05-01","wage":{"base":5000000,"allowance":1000000}`, 48_000_000},
		"bankrupt, 24 years": {`"reason":"BANKRUPT","start_on":"2001-01-01","end_on":"2025-01-01","wage":{"base":6000000}`,
			87_000_000},
		"death, ten years": {`"reason":"DEATH","start_on":"2015-01-01","end_on":"2025-01-01","wage":{"base":6000000}`,
			132_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := mustAssess(t, &assessment.Severance{},
				`{`+c.facts+`,"firm_size":"large","rights":[],"offers":[{"kind":"severance_pay","amount":1}]}`)
			if a.Total != c.total || !a.Complete || len(a.Findings) != 1 || a.Findings[0].Verdict != "below" {
				t.Errorf("%d rupiah, want %d; complete %t, %+v", a.Total, c.total, a.Complete, a.Findings)
			}
			if open := mustAssess(t, &assessment.Severance{}, `{`+c.facts+`,"firm_size":"large"}`); open.Complete ||
				open.Total != c.total {
				t.Errorf("without stated rights: complete %t, %d", open.Complete, open.Total)
			}
		})
	}
}

func TestOneCalendarYearIsTwelveMonthsOfCompensation(t *testing.T) {
	t.Parallel()
	a := mustAssess(t, &assessment.FixedTerm{},
		`{"start_on":"2024-01-01","end_on":"2024-12-31","firm_size":"medium","wage":{"base":5000000},"foreigner":false}`)
	if a.Total != 5_000_000 || !a.Unverified {
		t.Errorf("%d rupiah, unverified %t: that the last day counts is our reading", a.Total, a.Unverified)
	}
}

// A scheme whose rules are not known answers everything as unknown, and says that it is not verified.
func TestAnOpenSchemeIsNotGuessed(t *testing.T) {
	t.Parallel()
	a := mustAssess(t, &assessment.Prakerja{},
		`{"applied_on":"2026-01-01","birth_date":"2000-01-01","citizen":true,"aid":[]}`)
	if a.Result != "undetermined" || !a.Unverified {
		t.Errorf("%s, unverified %t", a.Result, a.Unverified)
	}
	past := mustAssess(t, &assessment.Prakerja{},
		`{"applied_on":"2023-06-01","birth_date":"2000-01-01","citizen":true,"in_formal_education":false,"occupation":"other","aid":[],"family_recipients":0}`)
	if past.Result != "eligible" {
		t.Errorf("2023: %s, %v", past.Result, notMet(past))
	}
}

func TestValuesOutsideTheirListsAreNamed(t *testing.T) {
	t.Parallel()
	for field, c := range map[string]struct {
		facts assessment.Facts
		text  string
	}{
		"citizenship":     {&assessment.JKP{}, `{"citizenship":"martian"}`},
		"evidence[1]":     {&assessment.JKP{}, `{"evidence":["final_judgment","rumour"]}`},
		"programmes[0]":   {&assessment.JKP{}, `{"programmes":["gym"]}`},
		"occupation":      {&assessment.Prakerja{}, `{"occupation":"astronaut"}`},
		"aid[0]":          {&assessment.Prakerja{}, `{"aid":["coffee"]}`},
		"facts.left_hand": {&assessment.WageSubsidy{}, `{"year":2025,"facts":{"left_hand":true}}`},
		"ended_by":        {&assessment.THR{}, `{"ended_by":"storm"}`},
		"segment":         {&assessment.Cover{}, `{"terminated_on":"2026-06-15","segment":"royal"}`},
		"kind":            {&assessment.SeveranceTax{}, `{"kind":"bribe","gross":1}`},
		"firm_size":       {&assessment.FixedTerm{}, `{"start_on":"2024-01-01","end_on":"2024-12-31","firm_size":"huge"}`},
		"reason": {&assessment.Severance{},
			`{"reason":"BORED","start_on":"2020-01-01","end_on":"2025-05-01","wage":{"base":1}}`},
	} {
		_, err := assess(t, c.facts, c.text)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// Every criterion that any programme can answer with has words in both languages.
func TestEveryCriterionHasWords(t *testing.T) {
	t.Parallel()
	p := programmes(t)
	answers := []assessment.Answer{
		mustAssess(t, &assessment.Termination{}, `{}`),
		mustAssess(t, &assessment.JKP{}, `{}`),
		mustAssess(t, &assessment.FixedTerm{}, `{"start_on":"2024-01-01","end_on":"2024-12-31","wage":{"base":1}}`),
		mustAssess(t, &assessment.Prakerja{}, `{"applied_on":"2021-01-01"}`),
		mustAssess(t, &assessment.Prakerja{}, `{"applied_on":"2024-01-01"}`),
	}
	for _, s := range p.WageSubsidy.List() {
		a, err := assessment.WageSubsidy{Year: s.Year.Value}.Assess(p, rule.Indonesian, today)
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	for _, a := range answers {
		if len(a.Criteria) == 0 {
			t.Errorf("%s has no criteria", a.Programme)
		}
		for _, c := range a.Criteria {
			if text, ok := p.Texts[c.Code]; !ok || text.ID == text.EN {
				t.Errorf("%s has no words in both languages", c.Code)
			}
		}
	}
	for _, code := range []string{prakerja.CriterionStatus, prakerja.CriterionFamily, "severance.severance_pay",
		"severance.separation_pay", "jkp.month",
		"jkp.payer.bpjs", "jkp.payer.employer_first", "jkp.payer.employer", "jkp.payer.nobody", "jkp.unregistered_cash",
		"jkp.unregistered_training",
		"jkp.shortfall", "termination.dispute_wages", "termination.claim.wages", "termination.claim.other_rights"} {
		if _, ok := p.Texts[code]; !ok {
			t.Errorf("%s has no words", code)
		}
	}
}
