package assessment_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/fault"
)

// insured is a worker of 2026 who meets every criterion; arrears and the state of the firm are left to the case.
const insured = `"citizenship":"wni","birth_date":"1990-05-05","registered_on":"2021-02-02","contract":"permanent","firm_size":"large",
	"programmes":["jkk","jkm","jht","jp","jkn"],"terminated_on":"2026-06-15","reason":"EFFICIENCY_LOSS",
	"evidence":["acceptance_proof","report_receipt_regency"],"dispute":"none","contributions":[{"from":"2024-06","to":"2026-05"}],
	"claims_before":0,"willing":"yes","other_job":"no","employer_deactivated":"yes","bank_account":"yes","applied_on":"2026-07-01"`

// owed is what the answers say of money, in one line: result, payer, total, then each debt with its other readings.
func owed(a assessment.Answer) string {
	words := []string{a.Result}
	if a.Payer != nil {
		words = append(words, a.Payer.Code+a.Payer.Missing)
	}
	words = append(words, strconv.FormatInt(a.Total, 10))
	for _, d := range a.Debts {
		word := d.Code + "/" + d.By + "=" + strconv.FormatInt(d.Amount, 10)
		for _, o := range d.Otherwise {
			word += "|" + strconv.FormatInt(o.Amount, 10)
		}
		if d.Rank > 0 {
			word += "#" + strconv.Itoa(d.Rank)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// The examples of the legal basis on who pays JKP, and their neighbours.
func TestWhoOwesTheJKPCash(t *testing.T) {
	t.Parallel()
	const never = `"registered":"no","citizenship":"wni","birth_date":"1990-05-05","contract":"permanent","terminated_on":"2026-06-15",
		"reason":"EFFICIENCY_LOSS","dispute":"none"`
	const training = " jkp.unregistered_training/employer=0"
	for name, c := range map[string]struct{ facts, want string }{
		"two months in arrears": {insured + `,"arrears_months":2,"insolvent":"no","wage":3500000`,
			"eligible bpjs 12600000"},
		"five months in arrears": {insured + `,"arrears_months":5,"insolvent":"no","wage":3500000`,
			"eligible employer_first 12600000"},
		"bankrupt, six months": {insured + `,"arrears_months":6,"insolvent":"yes","wage":4000000`,
			"eligible bpjs 14400000"},
		"bankrupt, seven months": {insured + `,"arrears_months":7,"insolvent":"yes","wage":4000000`,
			"eligible employer_first 14400000"},
		"arrears not stated": {insured + `,"wage":4000000`, "undetermined arrears_months 0"},
		"reported three, real five": {insured + `,"arrears_months":0,"wage":3000000,"real_wage":5000000`,
			"eligible bpjs 10800000 jkp.shortfall/employer=7200000"},
		"reported three, real eight": {insured + `,"arrears_months":0,"wage":3000000,"real_wage":8000000`,
			"eligible bpjs 10800000 jkp.shortfall/employer=7200000|18000000"},
		"reported six, real eight": {insured + `,"arrears_months":0,"wage":6000000,"real_wage":8000000`,
			"eligible bpjs 18000000 jkp.shortfall/employer=0|10800000"},
		"reported as it was": {insured + `,"arrears_months":0,"wage":3000000,"real_wage":3000000`,
			"eligible bpjs 10800000"},
		"never registered, medium": {never + `,"firm_size":"medium","real_wage":3000000`,
			"eligible employer 0 jkp.unregistered_cash/employer=10800000" + training},
		"never registered, as wage": {never + `,"firm_size":"medium","wage":3000000`,
			"eligible employer 0 jkp.unregistered_cash/employer=10800000" + training},
		"never registered, above": {never + `,"firm_size":"small","wage":8000000`, "eligible employer 0 " +
			"jkp.unregistered_cash/employer=18000000|28800000" + training},
		"never registered, no wage": {never + `,"firm_size":"large"`, "eligible employer 0 " +
			"jkp.unregistered_cash/employer=0" + training},
		"never registered, micro": {never + `,"firm_size":"micro","wage":3000000`, "ineligible nobody 0"},
		"never registered, size":  {never + `,"wage":3000000`, "undetermined firm_size 0"},
		"never registered, resigned": {strings.Replace(never, "EFFICIENCY_LOSS", "RESIGN", 1) +
			`,"firm_size":"large","wage":1`, "ineligible employer 0"},
		"due at once before 7 February 2025": {
			strings.Replace(never, "2026-06-15", "2025-02-06", 1) + `,"firm_size":"large","wage":5000000`,
			"eligible employer 0 jkp.unregistered_cash/employer=10500000" + training},
		"the same under a version that is named": {
			strings.Replace(never, "2026-06-15", "2025-02-06", 1) + `,"firm_size":"large","wage":5000000,"under":"pp-6-2025"`,
			"eligible employer 0 jkp.unregistered_cash/employer=18000000" + training},
	} {
		a := mustAssess(t, &assessment.JKP{}, `{`+c.facts+`,"on":"2026-07-01"}`)
		if got := owed(a); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
		for _, d := range a.Debts {
			if d.Text == d.Code || d.Article == "" || d.Version == "" || d.Unverified != (len(d.Otherwise) > 0) {
				t.Errorf("%s: %+v", name, d)
			}
		}
		if a.Payer.Code != "" && a.Payer.Text == "jkp.payer."+a.Payer.Code || a.Payer.Article == "" {
			t.Errorf("%s: %+v", name, a.Payer)
		}
		if known := len(a.Debts) == 0 || a.Debts[0].Known; a.Result == "eligible" && a.Complete != known {
			t.Errorf("%s: complete %t with %+v", name, a.Complete, a.Debts)
		}
	}
}

// The new lists are closed, and a fact that is not stated is none.
func TestNewFactsOfAClaimAreClosed(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"jkn_membership", "registered", "arrears_in_a_row", "several_employers",
		"at_named_employer"} {
		_, err := assess(t, &assessment.JKP{}, `{"`+field+`":"perhaps"}`)
		if fault.CodeOf(err) != "input.one_of" {
			t.Errorf("%s takes anything: %v", field, err)
		}
	}
}

// Every day that is stated starts the term of its duty; one before the law starts none.
func TestTheDutiesOfJKPByTheirDays(t *testing.T) {
	t.Parallel()
	a := mustAssess(t, &assessment.JKP{}, `{"terminated_on":"2026-06-30","hired_on":"2026-12-07","training_ended_on":"2026-12-18","started_work_on":"2020-03-02",
		"number_due_from":"2026-12-04","data_changed_on":"2026-12-07","employer_paid_on":"2026-11-30","refund_requested_on":"2026-12-07","on":"2026-12-10"}`)
	var got []string
	for _, c := range a.Clocks {
		got = append(got, strings.TrimPrefix(c.Step, "jkp_")+" "+c.Party+" "+c.DueOn.String()+" "+string(c.State))
		if !c.Certain || c.Unverified || c.Article == "" || c.StrictDueOn.IsZero() {
			t.Errorf("%+v", c)
		}
	}
	want := "employer_report employer 2026-07-09 missed, participant_number bpjs 2026-12-07 missed, data_change " +
		"employer 2026-12-16 running, " +
		"placement_report worker 2026-12-16 running, training_report worker 2026-12-31 running, refund_request employer " +
		"2027-02-28 running, " +
		"refund_payment bpjs 2026-12-16 running"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// A termination without a case: its clocks, whether it stands, wages while it is disputed, ranks in a bankruptcy.
func TestATerminationWithoutACase(t *testing.T) {
	t.Parallel()
	a := mustAssess(t, &assessment.Termination{}, `{"terminated_on":"2026-01-26","grounds":[],"disputed":"yes","wage":5000000,"last_paid_on":"2026-03-31",
		"events":[{"event":"mediation_failed","on":"2026-03-02"},{"event":"judgment_given","on":"2026-08-10"},{"event":"decision_final","on":"2026-12-15"}],
		"on":"2026-12-20"}`)
	if got := owed(a); got != "eligible 0 termination.dispute_wages/employer=45000000|30000000" ||
		a.Debts[0].Months != 9 || a.Debts[0].Otherwise[0].Months != 6 {
		t.Errorf("%s: %+v", got, a.Debts)
	}
	var clocks []string
	for _, c := range a.Clocks {
		clocks = append(clocks, c.Step+" "+c.DueOn.String()+" "+c.StrictDueOn.String()+" "+string(c.State)+" "+c.StoppedOn.String())
	}
	want := "insurer_report 2026-02-04 2026-02-03 missed , suit 2027-03-02 2027-03-01 running , " +
		"judgment_notice 2026-08-20 2026-08-19 missed 2026-12-15, cassation_request 2026-09-01 2026-08-31 missed 2026-12-15"
	if strings.Join(clocks, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(clocks, ", "), want)
	}
	for name, c := range map[string]struct{ facts, want string }{
		"marriage":                {`"grounds":["marriage"],"disputed":"no","on":"2026-06-15"`, "ineligible 0"},
		"nothing said of grounds": {`"disputed":"no","on":"2026-06-15"`, "undetermined 0"},
		"disputed":                {`"grounds":[],"disputed":"yes","on":"2026-06-15"`, "ineligible 0"},
		"agreed":                  {`"grounds":[],"disputed":"yes","events":[{"event":"agreement_signed","on":"2026-06-14"}],"on":"2026-06-15"`, "eligible 0"},
		"bankrupt": {`"grounds":[],"disputed":"no","insolvent":"yes","unpaid_wages":15000000,"other_rights":40000000,"on":"2026-06-15"`,
			"eligible 0 termination.claim.wages/curator=15000000#1 termination.claim.other_rights/curator=40000000#2"},
		"not bankrupt": {`"grounds":[],"disputed":"no","insolvent":"no","unpaid_wages":15000000,"on":"2026-06-15"`,
			"eligible 0"},
		"bankrupt, none owed": {`"grounds":[],"disputed":"no","insolvent":"yes","unpaid_wages":0,"on":"2026-06-15"`,
			"eligible 0"},
		"three months only": {`"grounds":[],"disputed":"no","wage":5000000,"last_paid_on":"2026-03-31","on":"2026-06-15"`,
			"eligible 0 termination.dispute_wages/employer=15000000"},
	} {
		if got := owed(mustAssess(t, &assessment.Termination{}, `{`+c.facts+`}`)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	planned := mustAssess(t, &assessment.Termination{}, `{"planned_on":"2026-12-20","on":"2026-11-23"}`)
	if len(planned.Clocks) != 1 || planned.Clocks[0].Step != "notice_letter" ||
		planned.Clocks[0].DueOn.String() != "2026-11-30" || planned.Clocks[0].State != "running" {
		t.Errorf("planned: %+v", planned.Clocks)
	}
}

func TestFactsOfATerminationAreClosed(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		`{"reason":"BORED"}`: "input.one_of", `{"grounds":["divorce"]}`: "input.one_of",
		`{"disputed":"perhaps"}`:                                   "input.one_of",
		`{"insolvent":"perhaps"}`:                                  "input.one_of",
		`{"events":[{"event":"party","on":"2026-06-15"}]}`:         "termination.event_unknown",
		`{"events":[{"event":"terminated"}]}`:                      "termination.date_missing",
		`{"terminated_on":"2019-05-02"}`:                           "rule.no_version",
		`{"wage":1,"last_paid_on":"2027-01-31","on":"2026-12-01"}`: "termination.wage_period",
	} {
		if _, err := assess(t, &assessment.Termination{}, text); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}
