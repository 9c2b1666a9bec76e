package severance_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestAssessmentsGolden(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "assessments.csv") {
		t.Run(row["example"], func(t *testing.T) {
			t.Parallel()
			f := facts(termination.Reason(row["reason"]), row["start"], row["end"], rupiah(t, row["base"]))
			f.Wage.Allowance = rupiah(t, row["allowance"])
			if row["caused_loss"] != "" {
				f.CausedLoss = new(row["caused_loss"] == "true")
			}
			a := assess(t, f)
			up, upmk := part(t, a, severance.SeverancePay), part(t, a, severance.ServicePay)
			confidence := weakest(up, upmk)
			for column, got := range map[string]string{
				"years": strconv.Itoa(a.Tenure.Years), "months": strconv.Itoa(a.Tenure.Months),
				"up_months": strconv.Itoa(up.Months), "upmk_months": strconv.Itoa(upmk.Months),
				"up": plain(up.Amount), "upmk": plain(upmk.Amount), "total": plain(a.Total),
				"version": a.Version, "at_least": strconv.FormatBool(a.AtLeast), "confidence": string(confidence),
			} {
				if got != row[column] {
					t.Errorf("%s is %s, want %s", column, got, row[column])
				}
			}
		})
	}
}

func plain(r money.Rupiah) string { return strconv.FormatInt(int64(r), 10) }

func weakest(parts ...severance.Part) rule.Confidence {
	order := []rule.Confidence{rule.ConfidenceText, rule.ConfidencePage, rule.ConfidenceWeak, rule.ConfidenceUnread,
		rule.ConfidenceOpen}
	at := 0
	for _, p := range parts {
		at = max(at, slices.Index(order, p.Confidence))
	}
	return order[at]
}

func TestEveryPartShowsWhatItRestsOn(t *testing.T) {
	t.Parallel()
	a := assess(t, facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000))
	up := part(t, a, severance.SeverancePay)
	if up.Months != 6 || up.Multiplier.String() != "0.5" || up.Exact.String() != "18000000" || !up.Known {
		t.Errorf("UP: %d months x %s = %s", up.Months, up.Multiplier, up.Exact)
	}
	if want := "PP 35/2021 Art. 40(2); PP 35/2021 Art. 43(1); UU 13/2003 Art. 157(1)"; up.Article != want {
		t.Errorf("UP rests on %q, want %q", up.Article, want)
	}
	if up.Reads != severance.AtLeast || up.ReadsSource.Citation != "MK 168/PUU-XXI/2023" {
		t.Errorf("UP reads %s by %s", up.Reads, up.ReadsSource)
	}
	upmk := part(t, a, severance.ServicePay)
	if upmk.Months != 2 || upmk.Multiplier.String() != "1" || !strings.Contains(upmk.Article, "Art. 40(3)") {
		t.Errorf("UPMK: %d months x %s by %s", upmk.Months, upmk.Multiplier, upmk.Article)
	}
	if len(up.Sources) != 3 || up.Sources[0].Confidence != rule.ConfidenceText || up.Confidence != rule.ConfidenceText {
		t.Errorf("UP: %d sources, confidence %s", len(up.Sources), up.Confidence)
	}
}

func TestUnverifiedIsTheWholeAnswersWhenOnePartIs(t *testing.T) {
	t.Parallel()
	for end, want := range map[string]bool{"2025-01-01": false, "2024-12-31": true, "2024-12-30": false} {
		a := assess(t, facts(termination.EfficiencyLoss, "2022-01-01", end, 5_000_000))
		if a.Unverified() != want {
			t.Errorf("until %s, the eve of three years or not: unverified %t", end, a.Unverified())
		}
	}
}

func TestARoundedPartSaysThatRoundingIsOpen(t *testing.T) {
	t.Parallel()
	odd := part(t, assess(t, facts(termination.EfficiencyLoss, "2025-01-01", "2025-03-01", 4_999_999)),
		severance.SeverancePay)
	if odd.Exact.String() != "2499999.5" || odd.Amount != 2_500_000 || odd.Confidence != rule.ConfidenceOpen {
		t.Errorf("%s becomes %s with confidence %s", odd.Exact, odd.Amount, odd.Confidence)
	}
	even := part(t, assess(t, facts(termination.EfficiencyLoss, "2025-01-01", "2025-03-01", 5_000_000)),
		severance.SeverancePay)
	if even.Confidence == rule.ConfidenceOpen {
		t.Error("nothing was rounded, yet the amount is open")
	}
}

func TestRoundingIsASwitchOfTheFile(t *testing.T) {
	t.Parallel()
	for how, want := range map[money.Rounding]money.Rupiah{money.Down: 2_499_999, money.HalfUp: 2_500_000,
		money.Up: 2_500_000} {
		r := rulesAt(t, "2025-03-01")
		r.Rounding.Value = how
		a, err := r.Assess(facts(termination.EfficiencyLoss, "2025-01-01", "2025-03-01", 4_999_999))
		if err != nil || a.Total != want {
			t.Errorf("%s: %s, want %s (%v)", how, a.Total, want, err)
		}
	}
}

func TestAtLeastNeedsAnAmount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reason termination.Reason
		end    string
		want   bool
	}{
		"UP after the ruling":          {termination.EfficiencyLoss, "2025-01-01", true},
		"UP before the ruling":         {termination.EfficiencyLoss, "2024-01-01", false},
		"nothing owed from the tables": {termination.Resign, "2025-01-01", false},
	} {
		if a := assess(t, facts(c.reason, "2015-01-01", c.end, 5_000_000)); a.AtLeast != c.want {
			t.Errorf("%s: at least %t", name, a.AtLeast)
		}
	}
}

func TestAssessRefusals(t *testing.T) {
	t.Parallel()
	good := func() severance.Facts {
		return facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000)
	}
	for name, c := range map[string]struct {
		change func(*severance.Facts)
		want   string
		field  string
	}{
		"no reason":      {func(f *severance.Facts) { f.Reason = "" }, "severance.reason_unknown", "reason"},
		"unknown reason": {func(f *severance.Facts) { f.Reason = "WHIM" }, "severance.reason_unknown", "reason"},
		"no first day":   {func(f *severance.Facts) { f.Start = date("") }, "severance.date_missing", "start_on"},
		"end before the start": {func(f *severance.Facts) { f.Start = date("2025-03-11") },
			"severance.end_before_start", "end_on"},
		"no basis": {func(f *severance.Facts) { f.Wage.Basis = "" }, "severance.wage_basis_unknown",
			"wage.basis"},
		"no wage":       {func(f *severance.Facts) { f.Wage.Base = 0 }, "severance.wage_missing", "wage.base"},
		"negative wage": {func(f *severance.Facts) { f.Wage.Base = -1 }, "severance.amount_negative", "wage.base"},
		"negative allowance": {func(f *severance.Facts) { f.Wage.Allowance = -1 }, "severance.amount_negative",
			"wage.allowance"},
		"a wage of a whole bank": {func(f *severance.Facts) { f.Wage.Base = 1 << 60 }, "severance.amount_too_large",
			"wage.base"},
		"unknown item": {func(f *severance.Facts) { f.Rights = []severance.Right{{Kind: "car"}} },
			"severance.right_unknown", "rights[0].kind"},
		"negative item": {func(f *severance.Facts) {
			f.Rights = []severance.Right{{Kind: severance.Agreed, Amount: -5}}
		}, "severance.amount_negative", "rights[0].amount"},
		"unknown size": {func(f *severance.Facts) { f.FirmSize = "huge" }, "severance.firm_size_unknown", "firm_size"},
		"negative uang pisah": {func(f *severance.Facts) { f.SeparationPay = new(money.Rupiah(-1)) },
			"severance.amount_negative", "separation_pay"},
		"leave twice": {func(f *severance.Facts) {
			f.Leave, f.Rights = &severance.Leave{Days: 1}, []severance.Right{{Kind: severance.UnusedLeave}}
		}, "severance.leave_twice", "unused_leave_days"},
		"negative leave": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: -1} },
			"severance.leave_days_invalid", "unused_leave_days"},
		"leave of a life": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: 1001} },
			"severance.leave_days_invalid", "unused_leave_days"},
		"a week of four": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: 1, WorkWeekDays: 4} },
			"severance.work_week_unknown", "work_week_days"},
		"negative pension": {func(f *severance.Facts) { f.Pension = &severance.Pension{Benefit: -1} },
			"severance.amount_negative", "pension.benefit"},
		"more than the pension": {func(f *severance.Facts) {
			f.Pension = &severance.Pension{Benefit: 1, EmployerShare: ratio(t, "101%")}
		}, "severance.pension_share_invalid", "pension.employer_share"},
		"negative detention": {func(f *severance.Facts) { f.Detention = &severance.Detention{Months: -1} },
			"severance.detention_invalid", "detention.months"},
		"negative dependants": {func(f *severance.Facts) {
			f.Detention = &severance.Detention{Months: 1, Dependants: new(-1)}
		}, "severance.detention_invalid", "detention.dependants"},
		"a village of dependants": {func(f *severance.Facts) {
			f.Detention = &severance.Detention{Months: 1, Dependants: new(101)}
		}, "severance.detention_invalid", "detention.dependants"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := good()
			c.change(&f)
			_, err := rulesAt(t, "2025-03-10").Assess(f)
			if fault.CodeOf(err) != c.want || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("error %v, want %s", err, c.want)
			}
			if e, is := errors.AsType[*fault.Error](err); !is || e.Field != c.field {
				t.Errorf("field of %v, want %s", err, c.field)
			}
		})
	}
}
