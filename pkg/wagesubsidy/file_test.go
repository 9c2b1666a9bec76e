package wagesubsidy_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
)

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	file := "permenaker-5-2025.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"amount that does not add up": {file, "total: {value: 600000,", "total: {value: 900000,", "monthly x months"},
		"no payment at all": {
			file, "payments: {value: 1,", "payments: {value: 0,", "amount.payments.value: is not between",
		},
		"a year and a day": {
			file, "valid_until: 2026-01-01", "valid_until: 2026-01-02", "is not a year after valid_from",
		},
		"another year": {file, "year: {value: 2025,", "year: {value: 2024,", "year of valid_from"},
		"no ceiling": {
			file, "ceiling: {value: 3500000,", "ceiling: {value: 0,", "ceiling.value: is not between",
		},
		"step of nothing": {
			file, "minimum_wage_step: {value: 100000,", "minimum_wage_step: {value: 0,",
			"minimum_wage_step.value: is not between",
		},
		"unknown fact": {
			file, "fact: wage_earner", "fact: left_handed", "conditions.1: left_handed is unknown",
		},
		"fact twice": {
			file, "fact: wage_earner", "fact: active_member", "conditions.1: active_member stands twice",
		},
		"unknown bound": {
			file, "ceiling_bound: {value: up_to,", "ceiling_bound: {value: around,", "not allowed",
		},
		"condition without article": {
			file, "priority: false, article: eligibility, confidence: V+}", "priority: false, confidence: V+}", "no article",
		},
		"condition without confidence": {
			file, "priority: false, article: eligibility, confidence: V+}", "priority: false, article: eligibility}",
			"confidence",
		},
		"condition without its side": {
			file, "holds: true, priority: false,", "priority: false,", "conditions.0.holds: missing",
		},
		"unknown key":               {file, "active_until:", "active_till:", "active_till"},
		"a day that does not exist": {file, "value: 2025-04-30", "value: 2025-04-31", "line"},
	})
}

// There may be years without a subsidy, but none with two.
func TestAYearStandsOnce(t *testing.T) {
	t.Parallel()
	twice := programme.Copy(t)
	twice.Put("other.yaml", strings.Replace(programme.Read(t, "permenaker-5-2025.yaml"), "id: ", "id: other-", 1))
	if err := programme.Load(twice.FS); err == nil || !strings.Contains(err.Error(), "year 2025 stands twice") {
		t.Errorf("load: %v", err)
	}
	without := programme.Copy(t)
	without.Delete("permenaker-10-2022.yaml")
	if err := programme.Load(without.FS); err != nil {
		t.Errorf("a year left out: %v", err)
	}
}

// Year, regulation, last day of membership, ceiling, amount, payments.
func TestTheFourSubsidies(t *testing.T) {
	t.Parallel()
	want := []struct {
		year        int
		citation    string
		activeUntil string
		ceiling     money.Rupiah
		bound       wagesubsidy.Bound
		rounded     bool
		total       money.Rupiah
		payments    int
	}{
		{2020, "Permenaker 14/2020", "2020-06-30", 5_000_000, wagesubsidy.Below, false, 2_400_000, 2},
		{2021, "Permenaker 16/2021", "2021-06-30", 3_500_000, wagesubsidy.UpTo, true, 1_000_000, 1},
		{2022, "Permenaker 10/2022", "2022-07-31", 3_500_000, wagesubsidy.UpTo, true, 600_000, 1},
		{2025, "Permenaker 5/2025", "2025-04-30", 3_500_000, wagesubsidy.UpTo, true, 600_000, 1},
	}
	list := law(t).List()
	if len(list) != len(want) {
		t.Fatalf("%d subsidies", len(list))
	}
	for i, w := range want {
		s := list[i]
		if s.Year.Value != w.year || s.Citation != w.citation || s.ActiveUntil.Value != calendar.MustDate(w.activeUntil) {
			t.Errorf("%d: %s, membership until %s", s.Year.Value, s.Citation, s.ActiveUntil.Value)
		}
		if s.Ceiling.Value != w.ceiling || s.CeilingBound.Value != w.bound || (s.MinimumWageStep != nil) != w.rounded {
			t.Errorf("%d: ceiling %s %s", w.year, s.CeilingBound.Value, s.Ceiling.Value)
		}
		if s.Amount.Total.Value != w.total || s.Amount.Payments.Value != w.payments {
			t.Errorf("%d: %s in %d payments", w.year, s.Amount.Total.Value, s.Amount.Payments.Value)
		}
	}
}

// A year whose rules are not known is no reason to call a worker ineligible.
func TestYearsThatAreNotKnown(t *testing.T) {
	t.Parallel()
	for _, year := range []int{2019, 2023, 2024, 2026} {
		_, err := law(t).Year(year)
		if fault.CodeOf(err) != "wagesubsidy.not_known" || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%d: %v", year, err)
		}
	}
}

func TestEnumsTakeNoOtherText(t *testing.T) {
	t.Parallel()
	if wagesubsidy.Fact("").Valid() || wagesubsidy.Bound("x").Valid() {
		t.Error("a fact or a bound takes any text")
	}
	for _, s := range law(t).List() {
		for _, c := range s.Conditions {
			if !c.Fact.Valid() {
				t.Errorf("%s: fact %s", s.ID, c.Fact)
			}
		}
	}
}
