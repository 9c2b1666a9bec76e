package jkp_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// Each open question is a switch in a parameter file: another value gives the other reading, without any code.

func TestSwitchConsecutiveSix(t *testing.T) {
	t.Parallel()
	app := soundOld(t)
	for paid, want := range map[string][2]rule.Result{ // any_run, last_six
		"2022-03..2022-08 2023-01..2023-06": {rule.Met, rule.NotMet},
		"2022-03..2022-08 2023-09..2024-02": {rule.Met, rule.Met},
		"2022-03..2022-08 2023-08..2024-01": {rule.Met, rule.NotMet},
		"2022-03..2022-07 2022-09..2023-01": {rule.NotMet, rule.NotMet},
	} {
		app.Contributions = periods(t, paid)
		for i, p := range []*jkp.Programme{load(t), switched(t, "pp-37-2021.yaml", "consecutive_six", "any_run",
			"last_six")} {
			if c, _ := p.Assess(app, app.DeclaredEligibleOn).Get("jkp.contribution_consecutive"); c.Result != want[i] {
				t.Errorf("%s, reading %d: %s, want %s", paid, i, c.Result, want[i])
			}
		}
	}
}

func TestSwitchContributionWindowEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, paid, window string
		want                rule.Result
	}{
		{"month_before_phk", "2024-04..2025-03", "2023-03 – 2025-02", rule.NotMet},
		{"phk_month", "2024-04..2025-03", "2023-04 – 2025-03", rule.Met},
		{"last_paid_month", "2022-01..2022-12", "2021-01 – 2022-12", rule.Met},
		{"month_before_phk", "2022-01..2022-12", "2023-03 – 2025-02", rule.NotMet},
		{"last_paid_month", "2024-04..2026-01", "2023-04 – 2025-03", rule.Met},
		{"last_paid_month", "", "2023-03 – 2025-02", rule.NotMet},
	} {
		p, app := switched(t, "pp-6-2025.yaml", "contribution_window_end", "month_before_phk", c.value), sound(t)
		app.Contributions = periods(t, c.paid)
		got, _ := p.Assess(app, day("2025-03-21")).Get("jkp.contribution_months")
		if got.Result != c.want || got.Inputs["window"] != c.window {
			t.Errorf("%s, paid %s: %s over %s, want %s over %s", c.value, c.paid, got.Result, got.Inputs["window"], c.want,
				c.window)
		}
	}
}

func TestSwitchPKWTExpiry(t *testing.T) {
	t.Parallel()
	app := sound(t)
	app.ContractEnds = app.TerminatedOn
	for value, want := range map[string]rule.Result{"excluded": rule.NotMet, "included": rule.Met} {
		p := switched(t, "pp-6-2025.yaml", "pkwt_expiry", "excluded", value)
		if c, _ := p.Assess(app, day("2025-03-21")).Get("jkp.fixed_term_ended_early"); c.Result != want ||
			c.Required != value {
			t.Errorf("%s: %s", value, c.Result)
		}
	}
}

func TestSwitchMonthArithmeticAndDeadlineDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, value, start, want string }{
		{"month_arithmetic", "clamped", "clamped", "2025-08-31", "2026-02-28"},
		{"month_arithmetic", "clamped", "overflow", "2025-08-31", "2026-03-03"},
		{"month_arithmetic", "clamped", "overflow", "2027-08-31", "2028-03-02"},
		{"month_arithmetic", "clamped", "overflow", "2025-08-15", "2026-02-15"},
		{"deadline_day", "inclusive", "inclusive", "2025-03-10", "2025-09-10"},
		{"deadline_day", "inclusive", "exclusive", "2025-03-10", "2025-09-09"},
		{"deadline_day", "inclusive", "exclusive", "2025-09-01", "2026-02-28"},
	} {
		p := switched(t, "pp-6-2025.yaml", c.name, c.old, c.value)
		d, err := p.ClaimDeadline(day(c.start), day(c.start))
		if err != nil || d.Last.String() != c.want {
			t.Errorf("%s %s from %s: %s, %v, want %s", c.name, c.value, c.start, d.Last, err, c.want)
		}
	}
}

func TestSwitchClaimDeadlineAtBoundary(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][3]string{
		// PHK on 1 Nov 2024 (lapsed 1 Feb), 7 Nov 2024 (ends on the cutover), 20 Jan 2025 (running)
		"not_lapsed":        {"2025-02-01", "2025-05-07", "2025-07-20"},
		"declared_eligible": {"2025-05-01", "2025-05-07", "2025-07-20"},
		"phk_date":          {"2025-02-01", "2025-02-07", "2025-04-20"},
	} {
		p := loadEdited(t, "transition.yaml", "value: not_lapsed", "value: "+value)
		for i, start := range []string{"2024-11-01", "2024-11-07", "2025-01-20"} {
			d, err := p.ClaimDeadline(day(start), day("2025-02-20"))
			if err != nil || d.Last.String() != want[i] || d.Confidence != rule.ConfidenceOpen {
				t.Errorf("%s from %s: %s (%s), %v, want %s", value, start, d.Last, d.Confidence, err, want[i])
			}
		}
		if d, err := p.ClaimDeadline(day("2025-03-01"), day("2025-04-01")); err != nil || d.Source.Unverified() {
			t.Errorf("%s: a deadline inside one version is shown as open, %v", value, err)
		}
	}
}

func TestSwitchMissedWindowEnds(t *testing.T) {
	t.Parallel()
	claim := jkp.Claim{Wage: 4000000, Reference: day("2025-03-10"), Missed: []int{4}}
	for value, want := range map[string]string{
		"month": "2400000;2400000;2400000;-;2400000;2400000",
		"claim": "2400000;2400000;2400000;-;-;-",
	} {
		p := switched(t, "pp-6-2025.yaml", "missed_window_ends", "month", value)
		s, err := p.Entitlement(claim, ruletest.Workdays(t))
		if err != nil || amounts(s) != want {
			t.Fatalf("%s: %s, %v", value, amounts(s), err)
		}
		if last := s.Months[5]; value == "claim" && (last.State != jkp.MonthStopped || last.Why != jkp.StopNotClaimed) {
			t.Errorf("month 6 is %s because %s", last.State, last.Why)
		}
		if s.Months[3].State != jkp.MonthMissed {
			t.Errorf("month 4 is %s", s.Months[3].State)
		}
		reading, source, err := p.MissedWindowSource(day("2025-06-10"))
		if err != nil || string(reading) != value || source.Confidence != rule.ConfidenceOpen || source.Note == "" {
			t.Errorf("%s: shown as %s (%s), %v", value, reading, source.Confidence, err)
		}
	}
}

func TestSwitchRounding(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][2]money.Rupiah{
		"down":    {1499999, 833333},
		"half_up": {1500000, 833333},
		"up":      {1500000, 833334},
	} {
		p := switched(t, "pp-37-2021.yaml", "rounding", "half_up", value)
		for i, n := range []int{1, 4} {
			pay, err := p.MonthlyPayment(n, 3333333, day("2023-05-10"))
			if err != nil || pay.Amount != want[i] || pay.Exact.String() != [2]string{"1499999.85", "833333.25"}[i] {
				t.Errorf("%s, month %d: %d from %s, %v, want %d", value, n, pay.Amount, pay.Exact, err, want[i])
			}
		}
	}
}

func TestSwitchStraddlingMonth(t *testing.T) {
	t.Parallel()
	p := loadEdited(t, "transition.yaml", "value: date_given", "value: pro_rata")
	for _, c := range []struct {
		name, given string
		n           int
		amount      money.Rupiah
		exact       string
	}{
		// 31 days from 10 Jan: 28 at 45 %, 3 at 60 %: 5,000,000 x (28x45 + 3x60)/3100
		{"28 of 31 days before", "2025-01-10", 2, 2322581, "72000000/31"},
		{"28 of 31 days before, low rate", "2025-01-10", 4, 1419355, "44000000/31"},
		{"one day before", "2025-02-06", 1, 2973214, "20812500/7"},
		{"ends on the cutover", "2025-01-07", 1, 2250000, "2250000"},
		{"begins on the cutover", "2025-02-07", 1, 3000000, "3000000"},
		{"long before", "2024-06-10", 1, 2250000, "2250000"},
	} {
		pay, err := p.MonthlyPayment(c.n, 5000000, day(c.given))
		if err != nil || pay.Amount != c.amount || pay.Exact.String() != c.exact {
			t.Errorf("%s: %d from %s, %v, want %d from %s", c.name, pay.Amount, pay.Exact, err, c.amount, c.exact)
		}
	}
}

func TestSwitchContributionMonthAtBoundary(t *testing.T) {
	t.Parallel()
	month, err := jkp.ParseMonth("2025-02")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]money.Rupiah{"first_day": 23000, "last_day": 18000} {
		c, err := loadEdited(t, "transition.yaml", "value: first_day", "value: "+value).Contribution(month, 5000000)
		if err != nil || c.Amount != want {
			t.Errorf("%s: %d, %v, want %d", value, c.Amount, err, want)
		}
	}
}

func TestSwitchVersionBy(t *testing.T) {
	t.Parallel()
	app := sound(t)
	app.TerminatedOn, app.AppliedOn, app.DeclaredEligibleOn = day("2025-01-10"), day("2025-01-20"), day("2025-02-20")
	for value, want := range map[string]string{"declared_eligible": "pp-6-2025", "applied": "pp-37-2021"} {
		p := loadEdited(t, "transition.yaml", "value: declared_eligible", "value: "+value)
		if d := p.Assess(app, day("2025-02-20")); d.Version != want {
			t.Errorf("%s: %s, want %s", value, d.Version, want)
		}
	}
	app.AppliedOn, app.DeclaredEligibleOn = calendar.Date{}, calendar.Date{}
	if d := load(t).Assess(app, day("2025-02-06")); d.Version != "pp-37-2021" {
		t.Errorf("not yet declared, looked at before the cutover: %s", d.Version)
	}
}

// The closed sets of the switches refuse everything else.
func TestEnumsAreClosed(t *testing.T) {
	t.Parallel()
	check := func(name string, valid func(string) bool, values ...string) {
		for _, v := range append(values, "", "nonsense", "MONTH") {
			if want := slices.Contains(values, v); valid(v) != want {
				t.Errorf("%s %q: valid is %t", name, v, !want)
			}
		}
	}
	check("stop reason", func(s string) bool { return jkp.StopReason(s).Valid() }, "job", "death", "not_claimed")
	check("month state", func(s string) bool { return jkp.MonthState(s).Valid() }, "payable", "missed", "stopped")
	check("dispute", func(s string) bool { return jkp.Dispute(s).Valid() }, "none", "pending", "final")
	check("firm size", func(s string) bool { return jkp.FirmSize(s).Valid() }, "micro", "small", "medium", "large")
	check("contract", func(s string) bool { return jkp.ContractType(s).Valid() }, "permanent", "fixed_term")
	check("programme", func(s string) bool { return jkp.SocialProgramme(s).Valid() }, "jkk", "jkm", "jht", "jp", "jkn")
	check("citizenship", func(s string) bool { return jkp.Citizenship(s).Valid() }, "wni", "wna")
	check("version by", func(s string) bool { return jkp.VersionBy(s).Valid() }, "declared_eligible", "applied")
	check("month arithmetic", func(s string) bool { return jkp.MonthArithmetic(s).Valid() }, "clamped", "overflow")
	check("evidence", func(s string) bool { return jkp.Evidence(s).Valid() }, "acceptance_proof",
		"report_receipt_ministry",
		"report_receipt_province", "report_receipt_regency", "joint_agreement", "registration_deed", "final_judgment")
	if jkp.AnswerOf(true) != jkp.Yes || jkp.AnswerOf(false) != jkp.No || !jkp.Answer("").Valid() ||
		jkp.Answer("maybe").Valid() {
		t.Error("answers are not yes, no and not known")
	}
}

// A single month paid in the month of the PHK is the last one paid; a month after it is not.
func TestTheLastPaidMonthMayBeThatOfThePHK(t *testing.T) {
	t.Parallel()
	p := switched(t, "pp-6-2025.yaml", "contribution_window_end", "month_before_phk", "last_paid_month")
	march := jkp.MonthOf(calendar.MustDate("2025-03-01"))
	for last, want := range map[jkp.Month]string{march: "2023-04 – 2025-03", march - 2: "2023-02 – 2025-01",
		march + 1: "2023-03 – 2025-02"} {
		app := jkp.Application{TerminatedOn: calendar.MustDate("2025-03-10"),
			Contributions: []jkp.Period{{From: last, To: last}}}
		c, _ := p.Assess(app, calendar.MustDate("2025-04-01")).Get("jkp.contribution_months")
		if c.Inputs["window"] != want {
			t.Errorf("paid in %s: window %s, want %s", last, c.Inputs["window"], want)
		}
	}
}
