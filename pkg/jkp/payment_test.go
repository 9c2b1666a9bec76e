package jkp_test

import (
	"math"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// The rate is a property of each monthly payment: month x day around 7 February 2025.
func TestRateFollowsTheDayGiven(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, c := range []struct {
		given, version string
		rates          [6]string
	}{
		{"2022-02-01", "pp-37-2021", [6]string{"45%", "45%", "45%", "25%", "25%", "25%"}},
		{"2025-02-06", "pp-37-2021", [6]string{"45%", "45%", "45%", "25%", "25%", "25%"}},
		{"2025-02-07", "pp-6-2025", [6]string{"60%", "60%", "60%", "60%", "60%", "60%"}},
		{"2025-02-08", "pp-6-2025", [6]string{"60%", "60%", "60%", "60%", "60%", "60%"}},
		{"2028-02-29", "pp-6-2025", [6]string{"60%", "60%", "60%", "60%", "60%", "60%"}},
	} {
		for i, want := range c.rates {
			pay, err := p.MonthlyPayment(i+1, 5000000, day(c.given))
			if err != nil || pay.Rate.Percent() != want || pay.Version != c.version || pay.Article != "Art. 21(1)" {
				t.Errorf("month %d given %s: %s under %s %s, %v", i+1, c.given, pay.Rate.Percent(), pay.Version, pay.Article, err)
			}
		}
	}
}

func TestPaymentFaults(t *testing.T) {
	t.Parallel()
	p, given := load(t), day("2025-03-10")
	for _, c := range []struct {
		name, code string
		n          int
		wage       money.Rupiah
		given      calendar.Date
	}{
		{"month 0", "jkp.month_out_of_range", 0, 1000000, given},
		{"month 7", "jkp.month_out_of_range", 7, 1000000, given},
		{"no wage", "jkp.wage_missing", 1, 0, given},
		{"negative wage", "jkp.wage_missing", 1, -1, given},
		{"no day", "rule.no_version", 1, 1000000, calendar.Date{}},
		{"before the law", "rule.no_version", 1, 1000000, day("2021-02-01")},
	} {
		if _, err := p.MonthlyPayment(c.n, c.wage, c.given); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	if pay, err := p.MonthlyPayment(1, math.MaxInt64, given); err != nil || pay.Amount != 3000000 {
		t.Errorf("the largest wage: %d, %v", pay.Amount, err)
	}
}

func TestEntitlementFaults(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for name, c := range map[string]struct {
		code  string
		claim jkp.Claim
	}{
		"no reference day": {"jkp.reference_missing", jkp.Claim{Wage: 1}},
		"stop without a reason": {"jkp.stop_reason_missing", jkp.Claim{Wage: 1, Reference: day("2025-03-10"),
			StopOn: day("2025-04-10")}},
		"no wage":        {"jkp.wage_missing", jkp.Claim{Reference: day("2025-03-10")}},
		"before the law": {"rule.no_version", jkp.Claim{Wage: 1, Reference: day("2020-03-10")}},
		"given before the law": {"rule.no_version", jkp.Claim{Wage: 1, Reference: day("2025-03-10"),
			Given: []calendar.Date{day("2020-01-01")}}},
	} {
		if _, err := p.Entitlement(c.claim, cal); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// Without days given the months are planned for their reference days, and the plan of a running claim changes rate on
// the cutover by itself.
func TestEntitlementPlansAhead(t *testing.T) {
	t.Parallel()
	s, err := load(t).Entitlement(jkp.Claim{Wage: 4000000, Reference: day("2024-12-31"),
		Given: []calendar.Date{day("2025-01-03")}}, ruletest.Workdays(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"2025-01-03", "2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"} {
		if got := s.Months[i].Payment.Given.String(); got != want {
			t.Errorf("month %d is planned for %s, want %s", i+1, got, want)
		}
	}
	if got := amounts(s); got != "1800000;1800000;2400000;2400000;2400000;2400000" || s.Total != 13200000 {
		t.Errorf("%s = %d", got, s.Total)
	}
}

func TestStopsEndTheBenefit(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for _, why := range []jkp.StopReason{jkp.StopJob, jkp.StopDeath, jkp.StopNotClaimed} {
		s, err := p.Entitlement(jkp.Claim{Wage: 4000000, Reference: day("2025-03-10"), StopOn: day("2025-03-09"),
			StopWith: why}, cal)
		if err != nil || s.Total != 0 {
			t.Errorf("%s before the first month: %d, %v", why, s.Total, err)
		}
		for _, m := range s.Months {
			if m.State != jkp.MonthStopped || m.Why != why {
				t.Errorf("month %d is %s because %s", m.Window.Month, m.State, m.Why)
			}
		}
	}
}

func TestContributionFaults(t *testing.T) {
	t.Parallel()
	p := load(t)
	march, err := jkp.ParseMonth("2025-03")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Contribution(march, 0); fault.CodeOf(err) != "jkp.wage_missing" {
		t.Errorf("no wage: %v", err)
	}
	if _, err := p.Contribution(march-120, 1); fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("2015: %v", err)
	}
	if _, err := p.Contribution(0, 1); err == nil {
		t.Error("no month has a contribution")
	}
	for _, text := range []string{"", "2025", "2025-13", "2025-1", "25-01", "2025-01-01"} {
		if m, err := jkp.ParseMonth(text); err == nil {
			t.Errorf("%q is read as month %s", text, m)
		}
	}
}

// The service promise: three working days for the payment, seven for the employer's report.
func TestDuties(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for _, c := range []struct{ from, payment, report string }{
		{"2025-03-10", "2025-03-13", "2025-03-19"},
		{"2025-03-07", "2025-03-12", "2025-03-18"}, // a Friday
		{"2025-08-14", "2025-08-20", "2025-08-26"}, // 17 and 18 August
		{"2024-02-29", "2024-03-05", "2024-03-13"}, // leap day; 11 and 12 March
	} {
		pay, source, err := p.PaymentDue(day(c.from), cal)
		if err != nil || pay.Due.String() != c.payment || !pay.Certain || source.Article == "" {
			t.Errorf("payment from %s: %s, %v, want %s", c.from, pay.Due, err, c.payment)
		}
		report, err := p.TermOf(jkp.EmployerReport, day(c.from), cal)
		if err != nil || report.Due.Due.String() != c.report || report.Article == "" {
			t.Errorf("report from %s: %s, %v, want %s", c.from, report.Due.Due, err, c.report)
		}
	}
	if due, _, err := p.PaymentDue(day("2030-01-07"), cal); err != nil || due.Certain {
		t.Errorf("a year without published holidays is certain, %v", err)
	}
	for name, ask := range map[string]func(calendar.Date) error{
		"payment": func(d calendar.Date) error { _, _, err := p.PaymentDue(d, cal); return err },
		"report":  func(d calendar.Date) error { _, err := p.TermOf(jkp.EmployerReport, d, cal); return err },
		"window":  func(d calendar.Date) error { _, err := p.Window(d, 2, cal); return err },
		"missed":  func(d calendar.Date) error { _, _, err := p.MissedWindowSource(d); return err },
		"claim":   func(d calendar.Date) error { _, err := p.ClaimDeadline(d, day("2025-03-10")); return err },
		"declare": func(d calendar.Date) error { _, err := p.ClaimDeadline(day("2025-03-10"), d); return err },
	} {
		if err := ask(day("2020-01-01")); fault.CodeOf(err) != "rule.no_version" {
			t.Errorf("%s before the law: %v", name, err)
		}
	}
	for _, n := range []int{0, 7} {
		if _, err := p.Window(day("2025-03-10"), n, cal); fault.CodeOf(err) != "jkp.month_out_of_range" {
			t.Errorf("window of month %d: %v", n, err)
		}
	}
}

// The cap follows the day of the training contract, not of the claim.
func TestTrainingCostCap(t *testing.T) {
	t.Parallel()
	p := load(t)
	for contract, want := range map[string]money.Rupiah{
		"2022-06-01": 1000000, "2025-02-07": 1000000, "2025-04-13": 1000000, "2025-04-14": 2400000, "2026-01-01": 2400000,
	} {
		amount, version, source, err := p.TrainingCostCap(day(contract))
		if err != nil || amount != want || version == "" || source.Article != "Art. 31(3)" {
			t.Errorf("contract of %s: %d under %s %s, %v", contract, amount, version, source.Article, err)
		}
	}
	if _, _, _, err := p.TrainingCostCap(day("2020-01-01")); fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("before the law: %v", err)
	}
}
