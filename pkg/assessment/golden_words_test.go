package assessment_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
)

// words maps a word of the golden cases to the field of our facts that says it; "" is a word that no field needs.
var words = map[string]map[string]string{
	"severance": {
		"contract_type": "", "employer_size": "firm_size", "started_on": "start_on", "ended_on": "end_on", "reason": "reason",
		"caused_loss": "caused_loss", "agreed_separation_pay": "separation_pay", "agreed_amount": "agreed_amount",
		"pension": "pension", "detention": "detention", "unused_leave_days": "unused_leave_days",
		"work_week_days": "work_week_days",
	},
	"fixed_term": {
		"contract_type": "", "employer_size": "firm_size", "started_on": "start_on", "ended_on": "end_on",
		"foreigner":    "foreigner",
		"contract_end": "contract_ends", "ended_by": "ended_by", "lawful_ground": "lawful_ground",
	},
	"wage_subsidy": {"year": "year", "reported_wage": "wage"},
	"severance_tax": {
		"gross_severance": "gross", "paid_within_calendar_years": "paid_within_calendar_years", "resident": "resident",
		"payments": "payments", "kind": "kind",
	},
	"thr": {
		"contract_type": "contract", "still_employed_on_holiday": "employed_on_holiday", "service_months": "service_months",
		"month_wage": "month_wage", "holiday_on": "holiday_on", "started_on": "start_on", "ended_on": "end_on",
		"ended_by": "ended_by",
	},
	"jkn": {
		"segment": "segment", "terminated_on": "terminated_on", "disputed": "dispute",
		"final_decision_on": "final_decision_on",
		"reason":            "reason", "resignation_letter_on": "resignation_letter_on",
	},
	"jkp": {
		"citizenship": "citizenship", "birth_date": "birth_date", "registered_on": "registered_on",
		"contract_type": "contract",
		"employer_size": "firm_size", "employer_state": "insolvent", "arrears_consecutive_months": "arrears_months",
		"programmes": "programmes", "contributions_paid": "contributions", "reported_wage": "wage", "real_wage": "real_wage",
		"reason": "reason", "disputed": "dispute", "terminated_on": "terminated_on", "evidence": "evidence",
		"earlier_claims": "claims_before", "willing_to_work": "willing", "own_bank_account": "bank_account",
		"other_wage_job": "other_job", "set_inactive_by_employer": "employer_deactivated", "applied_on": "applied_on",
		"rules": "under", "contract_end": "contract_ends", "contribution_months_since_last_benefit": "months_since_benefit",
		"registered": "registered", "arrears_in_a_row": "arrears_in_a_row", "two_employers": "several_employers",
		"at_named_employer": "at_named_employer", "given_on": "given_on", "declared_eligible_on": "declared_eligible_on",
		"final_decision_on": "final_decision_on", "jkn_membership": "jkn_membership", "looked_at_on": "on",
		"reported": "reported",
	},
	"clock": {"terminated_on": "terminated_on", "step": "", "working_days": "", "planned_on": "planned_on"},
	"wages": {"monthly_wage": "wage", "last_paid_on": "last_paid_on", "looked_at_on": "on"},
}

// steps are the clocks that a golden case asks for; a word that ends in _on and is none of ours names the event.
var steps = map[string]string{
	"employer reports to BPJS Ketenagakerjaan": "insurer_report", "suit on the PHK": "suit", "bipartite": "bipartite",
	"cassation": "cassation_request", "mediation": "mediation", "answer": "mediation_answer", "refusal": "refusal",
	"notice letter": "notice_letter",
}

var values = map[string]map[any]any{
	"contract_type":  {"PERMANENT": "permanent", "FIXED_TERM": "fixed_term"},
	"segment":        {"PPU": "wage_earner"},
	"disputed":       {false: "none", true: "pending", "final": "final"},
	"citizenship":    {"WNI": "wni", "WNA": "wna"},
	"employer_state": {"operating": "no", "bankrupt": "yes", "closed": "yes"},
	"rules":          {"PP 6/2025": "pp-6-2025", "PP 37/2021 before PP 6/2025": "pp-37-2021"},

	"willing_to_work": yesNo, "own_bank_account": yesNo, "other_wage_job": yesNo, "set_inactive_by_employer": yesNo,
	"registered": yesNo, "arrears_in_a_row": yesNo, "two_employers": yesNo, "at_named_employer": yesNo, "reported": yesNo,
}

var yesNo = map[any]any{true: "yes", false: "no"}

// listed puts the lists of a golden case into our words: runs of months, documents, programmes.
func listed(word string, list []any) any {
	out := []any{}
	for _, item := range list {
		switch run, isRun := item.([]any); {
		case isRun:
			out = append(out, map[string]any{"from": run[0], "to": run[1]})
		case word == "programmes":
			out = append(out, strings.ToLower(item.(string)))
		case item == "report_receipt":
			out = append(out, "report_receipt_regency")
		default:
			out = append(out, item)
		}
	}
	return out
}

// told puts the inputs of a golden case into our words.
func told(t *testing.T, programme string, inputs map[string]any) string {
	t.Helper()
	facts, wage, subsidy := map[string]any{}, map[string]any{}, map[string]any{}
	if programme == "severance" {
		facts["rights"] = []any{}
	}
	var events []any
	for word, value := range inputs {
		switch given := value.(type) {
		case []any:
			facts[words[programme][word]] = listed(word, given)
			continue
		case map[string]any:
			facts[word] = given
			continue
		}
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
		case programme == "clock" || programme == "wages":
			events = append(events, map[string]any{"event": strings.TrimSuffix(word, "_on"), "on": value})
		case programme == "wage_subsidy":
			subsidy[word] = value
		default:
			t.Fatalf("%s: nothing says %s", programme, word)
		}
	}
	if len(wage) > 0 {
		facts["wage"] = wage
	}
	if events != nil {
		facts["events"] = events
	}
	if programme == "jkp" && facts["on"] == nil {
		facts["on"] = facts["applied_on"]
	}
	text, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// amounts gives the answer in the words of the golden cases.
func amounts(a assessment.Answer, step string) map[string]any {
	got := map[string]any{
		"total": a.Total, "tax": a.Total, "thr": a.Total, "compensation": a.Total, "premium": a.Total, "cash_total": a.Total,
		"result": a.Result, "separation_pay": "none by law", "employer_shortfall_at_once": int64(0),
		"unverified": a.Unverified,
		"complete":   a.Complete, "orientation": int64(0), "against": int64(0),
	}
	if a.Result == "undetermined" {
		got["result"] = "unknown"
	}
	for _, p := range a.Parts {
		money(got, p)
	}
	for _, p := range a.Orientation {
		got["orientation"] = got["orientation"].(int64) + p.Amount
	}
	for _, p := range a.Against {
		got["against"] = p.Amount
	}
	for _, d := range a.Debts {
		debt(got, d)
	}
	for _, d := range a.Dates {
		name := map[string]string{"cover.jkn_until": "cover_until", "cover.jht_from": "jht_from"}[d.Code]
		got[name], got[name+"_otherwise"] = d.On.String(), d.Otherwise.String()
	}
	for _, c := range a.Clocks {
		if c.Step == step {
			got["due_on"], got["last_day"], got["if_the_day_counts"] = c.DueOn.String(), c.DueOn.String(), c.StrictDueOn.String()
			got["certain"], got["working_days"] = c.Certain, c.WorkingDays
		}
	}
	if a.Deadline != nil {
		got["claim_until"] = a.Deadline.On
	}
	if n := a.Announced; n != nil {
		got["announced"] = map[string]any{"monthly": n.Monthly, "months": n.Months, "total": n.Total,
			"workers": "about 13.3 million"}
	}
	decided(got, a)
	return got
}

// money is a part in the words of the golden cases, and what it is by the other reading.
func money(got map[string]any, p assessment.Part) {
	name := map[string]string{
		"severance.severance_pay": "severance_pay", "severance.service_pay": "service_pay",
		"severance.separation_pay":                   "separation_pay",
		"severance.rights_compensation.unused_leave": "rights_compensation", "severance.fixed_term_damages": "damages",
		"severance.agreed_amount": "agreed", "jkp.month_1": "cash_month", "thr.amount": "thr",
		"severance.pension_offset": "offset",
		"severance.family_aid":     "aid", "severance.fixed_term_compensation": "compensation",
	}[p.Code]
	got[name] = p.Amount
	if !p.Known {
		got[name] = "unknown"
	}
	if len(p.Otherwise) == 1 {
		got[name+"_otherwise"] = p.Otherwise[0].Amount
		if name == "compensation" {
			got["compensation_days_as_thirtieths"], got["compensation_whole_months"] = p.Amount, p.Otherwise[0].Amount
		}
	}
}

func debt(got map[string]any, d assessment.Debt) {
	name := map[string]string{
		"jkp.shortfall": "employer_shortfall_at_once", "jkp.unregistered_cash": "employer_at_once",
		"termination.dispute_wages": "dispute_wages",
	}[d.Code]
	got[name] = d.Amount
	for _, o := range d.Otherwise {
		got[name+"_otherwise"] = o.Amount
	}
}

// decided is what stood in the way, who pays, and the months that count.
func decided(got map[string]any, a assessment.Answer) {
	if a.Payer != nil {
		got["payer"] = map[string]string{
			"bpjs": "BPJS Ketenagakerjaan", "employer_first": "employer first", "employer": "employer", "nobody": "nobody",
		}[a.Payer.Code]
	}
	var because []string
	for _, c := range a.Criteria {
		if c.Result == "not_met" {
			because = append(because, c.Code)
		}
		if c.Code == "jkp.contribution_months" {
			got["contribution_condition"] = c.Result
			got["paid_months_in_window"], _ = strconv.Atoi(c.Inputs["paid_months"])
		}
	}
	got["because"] = strings.Join(because, ", ")
}

// causes are the criteria behind the reasons that a golden case gives.
var causes = map[string]string{
	"three claims in a working life": "jkp.claim_count", "fixed term ran to its end": "jkp.fixed_term_ended_early",
	"excluded reason": "jkp.termination_reason",
}

func factsOf(programme string) assessment.Facts {
	return map[string]func() assessment.Facts{
		"severance":     func() assessment.Facts { return &assessment.Severance{} },
		"fixed_term":    func() assessment.Facts { return &assessment.FixedTerm{} },
		"wage_subsidy":  func() assessment.Facts { return &assessment.WageSubsidy{} },
		"severance_tax": func() assessment.Facts { return &assessment.SeveranceTax{} },
		"thr":           func() assessment.Facts { return &assessment.THR{} },
		"jkn":           func() assessment.Facts { return &assessment.Cover{} },
		"jkp":           func() assessment.Facts { return &assessment.JKP{} },
		"clock":         func() assessment.Facts { return &assessment.Termination{} },
		"wages":         func() assessment.Facts { return &assessment.Termination{} },
	}[programme]()
}
