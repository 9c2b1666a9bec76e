package jkp_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// goldenFacts are the inputs of a case in the words of the field.
type goldenFacts struct {
	Citizenship   string        `json:"citizenship"`
	BirthDate     calendar.Date `json:"birth_date"`
	RegisteredOn  calendar.Date `json:"registered_on"`
	Contract      string        `json:"contract_type"`
	ContractEnd   calendar.Date `json:"contract_end"`
	Size          string        `json:"employer_size"`
	State         string        `json:"employer_state"`
	Arrears       *int          `json:"arrears_consecutive_months"`
	Programmes    []string      `json:"programmes"`
	Paid          [][2]string   `json:"contributions_paid"`
	ReportedWage  money.Rupiah  `json:"reported_wage"`
	RealWage      money.Rupiah  `json:"real_wage"`
	Reason        string        `json:"reason"`
	Disputed      *bool         `json:"disputed"`
	TerminatedOn  calendar.Date `json:"terminated_on"`
	Evidence      []string      `json:"evidence"`
	EarlierClaims *int          `json:"earlier_claims"`
	MonthsSince   *int          `json:"contribution_months_since_last_benefit"`
	Willing       *bool         `json:"willing_to_work"`
	BankAccount   *bool         `json:"own_bank_account"`
	OtherJob      *bool         `json:"other_wage_job"`
	Inactive      *bool         `json:"set_inactive_by_employer"`
	AppliedOn     calendar.Date `json:"applied_on"`
	Rules         string        `json:"rules"`
}

func (g goldenFacts) application(t *testing.T) jkp.Application {
	t.Helper()
	yes := func(b *bool) jkp.Answer {
		if b == nil {
			return ""
		}
		return jkp.AnswerOf(*b)
	}
	app := jkp.Application{
		Citizenship: jkp.Citizenship(strings.ToLower(g.Citizenship)), BirthDate: g.BirthDate, RegisteredOn: g.RegisteredOn,
		Contract: jkp.ContractType(strings.ToLower(g.Contract)), ContractEnds: g.ContractEnd, FirmSize: jkp.FirmSize(g.Size),
		ArrearsMonths: g.Arrears, Insolvent: jkp.AnswerOf(g.State != "operating"), Reason: jkp.Reason(g.Reason),
		TerminatedOn: g.TerminatedOn, ClaimsBefore: g.EarlierClaims, MonthsSinceBenefit: g.MonthsSince,
		Willing: yes(g.Willing), BankAccount: yes(g.BankAccount), OtherJob: yes(g.OtherJob),
		EmployerDeactivated: yes(g.Inactive),
		AppliedOn:           g.AppliedOn, Contributions: []jkp.Period{}, Programmes: []jkp.SocialProgramme{},
		Evidence: []jkp.Evidence{},
	}
	if g.Disputed != nil && !*g.Disputed {
		app.Dispute = jkp.DisputeNone
	}
	for _, p := range g.Programmes {
		app.Programmes = append(app.Programmes, jkp.SocialProgramme(strings.ToLower(p)))
	}
	for _, e := range g.Evidence {
		if e == "report_receipt" {
			e = string(jkp.ReportReceiptRegency)
		}
		app.Evidence = append(app.Evidence, jkp.Evidence(e))
	}
	for _, run := range g.Paid {
		app.Contributions = append(app.Contributions, periods(t, run[0]+".."+run[1])...)
	}
	return app
}

// goldenWant is what a case proves; other parts of the answer are free.
type goldenWant struct {
	Result       string       `json:"result"`
	Because      string       `json:"because"`
	Payer        string       `json:"payer"`
	Contribution string       `json:"contribution_condition"`
	MoreThan     *int         `json:"paid_months_in_window_more_than"`
	Total        money.Rupiah `json:"cash_total"`
	Month        money.Rupiah `json:"cash_month"`
	Shortfall    money.Rupiah `json:"employer_shortfall_at_once"`
}

var (
	goldenRules = map[string]string{"": "pp-6-2025", "PP 6/2025": "pp-6-2025",
		"PP 37/2021 before PP 6/2025": "pp-37-2021"}
	goldenPayers = map[string]jkp.Payer{"BPJS Ketenagakerjaan": jkp.BPJS}
	goldenCauses = map[string]string{
		"three claims in a working life": "jkp.claim_count", "fixed term ran to its end": "jkp.fixed_term_ended_early",
		"excluded reason": "jkp.termination_reason",
	}
)

// The cases of the legal basis, each computed anew from the article that it names.
func TestTheCasesOfTheLegalBasis(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rows := ruletest.Rows(t, "law_golden.csv")
	if len(rows) != 12 {
		t.Fatalf("%d cases, want 12", len(rows))
	}
	for _, row := range rows {
		t.Run(row["id"], func(t *testing.T) {
			t.Parallel()
			var facts goldenFacts
			var want goldenWant
			if err := json.Unmarshal([]byte(row["inputs"]), &facts); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(row["expected"]), &want); err != nil {
				t.Fatal(err)
			}
			version := goldenRules[facts.Rules]
			app := facts.application(t)
			d, err := p.AssessUnder(version, app, facts.AppliedOn)
			if err != nil {
				t.Fatal(err)
			}
			decided(t, d, want)
			who, err := p.PayerUnder(version, app)
			if err != nil || want.Payer != "" && who.Payer != goldenPayers[want.Payer] {
				t.Errorf("paid by %s, want %s: %v", who.Payer, want.Payer, err)
			}
			schedule, err := p.Entitlement(jkp.Claim{Wage: facts.ReportedWage, Reference: facts.AppliedOn}, cal)
			if err != nil {
				t.Fatal(err)
			}
			if want.Total != 0 && schedule.Total != want.Total || want.Month != 0 &&
				schedule.Months[0].Payment.Amount != want.Month {
				t.Errorf("%s in all, want %s and %s a month", schedule.Total, want.Total, want.Month)
			}
			if want.Shortfall == 0 {
				return
			}
			debt, err := p.Shortfall(version, schedule, facts.RealWage)
			if err != nil || debt.Amount != want.Shortfall || debt.Other != want.Shortfall || debt.Unverified() {
				t.Errorf("the employer owes %s or %s, want %s: %v", debt.Amount, debt.Other, want.Shortfall, err)
			}
		})
	}
}

func decided(t *testing.T, d rule.Decision, want goldenWant) {
	t.Helper()
	if want.Result != "" && string(d.Result) != want.Result {
		t.Errorf("%s, want %s; not met %q, unknown %q", d.Result, want.Result, codes(d.Select(rule.NotMet)),
			codes(d.Select(rule.Unknown)))
	}
	if want.Because != "" && codes(d.Select(rule.NotMet)) != goldenCauses[want.Because] {
		t.Errorf("not met %q, want %s", codes(d.Select(rule.NotMet)), want.Because)
	}
	months, _ := d.Get("jkp.contribution_months")
	if want.Contribution != "" && string(months.Result) != want.Contribution {
		t.Errorf("contributions %s, want %s", months.Result, want.Contribution)
	}
	if n, err := strconv.Atoi(months.Inputs["paid_months"]); want.MoreThan != nil && (err != nil || n <= *want.MoreThan) {
		t.Errorf("%d months in the window, want more than %d: %v", n, *want.MoreThan, err)
	}
}
