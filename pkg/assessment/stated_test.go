package assessment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
)

func result(t *testing.T, a assessment.Answer, code string) string {
	t.Helper()
	i := slices.IndexFunc(a.Criteria, func(c assessment.Criterion) bool { return c.Code == code })
	if i < 0 {
		t.Fatalf("no criterion %s", code)
	}
	return a.Criteria[i].Result
}

// A list that is left out is not known; one that is stated as empty says that there is nothing.
func TestAnEmptyListIsNotAMissingOne(t *testing.T) {
	t.Parallel()
	for code, c := range map[string]struct {
		facts assessment.Facts
		base  string
		field string
		empty string
	}{
		"jkp.required_programmes": {&assessment.JKP{}, `"firm_size":"large"`, "programmes", "not_met"},
		"jkp.evidence":            {&assessment.JKP{}, `"on":"2024-05-01"`, "evidence", "not_met"},
		"jkp.contribution_months": {&assessment.JKP{}, `"terminated_on":"2025-01-10"`, "contributions", "not_met"},
		"prakerja.other_aid":      {&assessment.Prakerja{}, `"applied_on":"2021-06-01"`, "aid", "met"},
	} {
		if got := result(t, mustAssess(t, c.facts, `{`+c.base+`}`), code); got != "unknown" {
			t.Errorf("%s without %s: %s", code, c.field, got)
		}
		if got := result(t, mustAssess(t, c.facts, `{`+c.base+`,"`+c.field+`":[]}`), code); got != c.empty {
			t.Errorf("%s with no %s: %s, want %s", code, c.field, got, c.empty)
		}
	}
}

// An answer is complete when nothing is owed whose amount is not known: not so when it is not even decided.
func TestWhatIsNotDecidedIsNotComplete(t *testing.T) {
	t.Parallel()
	subsidy := `"year":2025,"wage":3000000,"facts":{"active_member":true,"wage_earner":true`
	for name, c := range map[string]struct {
		facts    assessment.Facts
		text     string
		result   string
		complete bool
		total    int64
	}{
		"JKP, nothing known": {&assessment.JKP{}, `{}`, "undetermined", false, 0},
		"JKP, refused": {
			&assessment.JKP{}, `{` + entitled + `,"on":"2025-02-10","reason":"RESIGN","wage":1}`, "ineligible", true, 0,
		},
		"JKP, wage not known":       {&assessment.JKP{}, `{` + entitled + `,"on":"2025-02-10"}`, "eligible", false, 0},
		"subsidy, one fact missing": {&assessment.WageSubsidy{}, `{` + subsidy + `}}`, "undetermined", false, 0},
		"subsidy, refused": {
			&assessment.WageSubsidy{}, `{` + subsidy + `,"state_servant":true}}`, "ineligible", true, 0,
		},
		"subsidy, entitled": {
			&assessment.WageSubsidy{}, `{` + subsidy + `,"state_servant":false}}`, "eligible", true, 600_000,
		},
		"fixed term, whose is it": {
			&assessment.FixedTerm{}, `{"start_on":"2024-01-01","end_on":"2024-12-31","wage":{"base":5000000}}`, "undetermined",
			false, 0,
		},
		"fixed term, foreigner": {
			&assessment.FixedTerm{}, `{"start_on":"2024-01-01","end_on":"2024-12-31","wage":{"base":5000000},"foreigner":true}`,
			"ineligible", true, 0,
		},
		"fixed term, a day too short": {
			&assessment.FixedTerm{}, `{"start_on":"2024-01-01","end_on":"2024-01-30","wage":{"base":5000000},"foreigner":false}`,
			"ineligible", true, 0,
		},
	} {
		a := mustAssess(t, c.facts, c.text)
		if a.Result != c.result || a.Complete != c.complete || a.Total != c.total {
			t.Errorf("%s: %s, complete %t, %d rupiah", name, a.Result, a.Complete, a.Total)
		}
		if a.Total == 0 && len(a.Parts) > 0 {
			t.Errorf("%s: parts %+v", name, a.Parts)
		}
	}
}

// A stated item has its own words and no rate; what the tables give has both months and rate.
func TestPartsOfSeveranceAreToldApart(t *testing.T) {
	t.Parallel()
	a := mustAssess(t, &assessment.Severance{}, `{"firm_size":"large","reason":"RETIREMENT","start_on":"2024-12-01","end_on":"2025-06-01","wage":{"base":6000000},
		"rights":[{"kind":"unused_leave","amount":250000},{"kind":"fare_home","amount":0}]}`)
	var got []string
	for _, p := range a.Parts {
		got = append(got, p.Code+" "+p.Rate)
		if p.Text == "" || p.Text == p.Code {
			t.Errorf("%s has no words", p.Code)
		}
	}
	want := "severance.severance_pay 1.75, severance.service_pay , severance.rights_compensation.unused_leave , " +
		"severance.rights_compensation.fare_home "
	if strings.Join(got, ", ") != want || a.Total != 10_500_000+250_000 {
		t.Errorf("parts %q, total %d", got, a.Total)
	}
}
