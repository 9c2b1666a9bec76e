package severance_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// resigned are the facts of a large firm and a worker who left: nothing is owed but what the test adds.
func resigned(wage money.Rupiah) severance.Facts {
	f := facts(termination.Resign, "2019-11-01", "2025-03-10", wage)
	f.SeparationPay = new(money.Rupiah(0))
	return f
}

func drawMonth(t *rapid.T, name string) money.Rupiah {
	return money.Rupiah(rapid.Int64Range(1, maxWage).Draw(t, name))
}

// A day of leave is a twenty-first of the month in a week of five days, a twenty-fifth in one of six. Leave in two
// parts is leave in one but for a rupiah of rounding, a day more is never less, and the week of five pays more.
func TestLeaveAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		wage, days := drawMonth(t, "wage"), rapid.IntRange(0, 990).Draw(t, "days")
		more := rapid.IntRange(0, 10).Draw(t, "more")
		paid := func(days, week int) money.Rupiah {
			f := resigned(wage)
			f.Leave = &severance.Leave{Days: days, WorkWeekDays: week}
			a, err := l.Assess(f)
			if err != nil || !a.Complete {
				t.Fatal(a.Missing, err)
			}
			return a.Total
		}
		for week, divisor := range map[int]int64{5: 21, 6: 25} {
			all := paid(days+more, week)
			if want := ceil(big.NewRat(int64(wage)*int64(days+more), divisor)); all != want {
				t.Errorf("%d days of %d at %s: %s, want %s", days+more, week, wage, all, want)
			}
			if parts := paid(days, week) + paid(more, week); all < paid(days, week) || parts < all || parts > all+1 {
				t.Errorf("%d and %d days of %d at %s: %s, together %s", days, more, week, wage, parts, all)
			}
		}
		if paid(days, 5) < paid(days, 6) {
			t.Errorf("%d days at %s: a week of six pays more", days, wage)
		}
	})
}

// Art. 58: the employer's part of the pension is set off rupiah by rupiah, from UP, UPMK and uang pisah alone; what it
// gives beyond them stays with the worker, and is never a debt.
func TestThePensionAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r, f := drawRules(t, versions), drawFacts(t)
		if rapid.Bool().Draw(t, "uang pisah") {
			f.SeparationPay = new(drawMonth(t, "pisah"))
		}
		without := mustAssess(t, r, f)
		benefit, percent := rapid.Int64Range(0, 1<<40).Draw(t, "benefit"), rapid.Int64Range(0, 100).Draw(t, "percent")
		share, err := rule.NewRatio(percent, 100)
		if err != nil {
			t.Fatal(err)
		}
		f.Pension = &severance.Pension{Benefit: money.Rupiah(benefit), EmployerShare: share}
		var against money.Rupiah
		for _, p := range without.Parts {
			if p.Kind == severance.SeverancePay || p.Kind == severance.ServicePay || p.Kind == severance.SeparationPay {
				against += p.Amount
			}
		}
		with := mustAssess(t, r, f)
		if want := without.Total - min(against, money.Rupiah(benefit*percent/100)); with.Total != want {
			t.Errorf("%s less %d %% of %d: %s, want %s", without.Total, percent, benefit, with.Total, want)
		}
	})
}

// Art. 53: a share of the wage by dependants, for six months at most; neither one more dependant nor one more month
// ever gives less.
func TestFamilyAidAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		wage := drawMonth(t, "wage")
		months, dependants := rapid.IntRange(0, 30).Draw(t, "months"), rapid.IntRange(0, 99).Draw(t, "dependants")
		paid := func(months, dependants int) money.Rupiah {
			f := resigned(wage)
			f.Detention = &severance.Detention{Months: months, Dependants: &dependants}
			a, err := l.Assess(f)
			if err != nil || !a.Complete {
				t.Fatal(a.Missing, err)
			}
			return a.Total
		}
		percent := []int64{0, 25, 35, 45, 50}[min(dependants, 4)]
		got := paid(months, dependants)
		if want := ceil(big.NewRat(int64(wage)*percent*int64(min(months, 6)), 100)); got != want {
			t.Errorf("%d months, %d dependants at %s: %s, want %s", months, dependants, wage, got, want)
		}
		if paid(months+1, dependants) < got || paid(months, dependants+1) < got {
			t.Errorf("%d months, %d dependants at %s: more gives less", months, dependants, wage)
		}
	})
}

// Art. 62: the wages to the end of the term; a later end owes never less, and what is owed and what was served add up
// to the wages of the whole term.
func TestDamagesAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		end := date("2022-01-31").AddDays(rapid.IntRange(0, 700).Draw(t, "end"))
		left, days := rapid.IntRange(0, 40).Draw(t, "months left"), rapid.IntRange(0, 27).Draw(t, "days left")
		wage := drawMonth(t, "wage")
		owed := func(months, days int) money.Rupiah {
			f := contract("2021-03-01", end.String(), wage)
			term := end.AddDays(1).AddMonths(months).AddDays(days - 1)
			f.Early = early(term.String(), severance.Employer, new(false))
			c, err := l.Compensate(f)
			switch {
			case err != nil:
				t.Fatal(err)
			case c.Damages == nil:
				return 0
			}
			return c.Damages.Amount
		}
		got := owed(left, days)
		if want := ceil(big.NewRat(int64(wage)*int64(left*30+days), 30)); got != want {
			t.Errorf("%d months and %d days after %s at %s: %s, want %s", left, days, end, wage, got, want)
		}
		if more := owed(left+1, days); more != got+wage {
			t.Errorf("%d months and %d days after %s at %s: %s, a month more %s", left, days, end, wage, got, more)
		}
	})
}

// Each bound of what can be stated beside the tables: the last that is taken, and the first that is not.
func TestTheBoundsOfWhatStandsBesideTheTables(t *testing.T) {
	t.Parallel()
	l := law(t)
	belowNothing, err := rule.NewRatio(-1, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*severance.Facts)
		code   string
	}{
		"leave of 1000 days": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: 1000, WorkWeekDays: 5} }, ""},
		"leave of 1001 days": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: 1001, WorkWeekDays: 5} },
			"severance.leave_days_invalid"},
		"leave of less than none": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: -1, WorkWeekDays: 5} },
			"severance.leave_days_invalid"},
		"a week of four days": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: 1, WorkWeekDays: 4} },
			"severance.work_week_unknown"},
		"a week of seven days": {func(f *severance.Facts) { f.Leave = &severance.Leave{Days: 1, WorkWeekDays: 7} },
			"severance.work_week_unknown"},
		"no month in detention": {func(f *severance.Facts) { f.Detention = &severance.Detention{Dependants: new(0)} }, ""},
		"a hundred dependants":  {func(f *severance.Facts) { f.Detention = &severance.Detention{Dependants: new(100)} }, ""},
		"a hundred and one": {func(f *severance.Facts) { f.Detention = &severance.Detention{Dependants: new(101)} },
			"severance.detention_invalid"},
		"fewer than none": {func(f *severance.Facts) { f.Detention = &severance.Detention{Dependants: new(-1)} },
			"severance.detention_invalid"},
		"less than no month of it": {func(f *severance.Facts) {
			f.Detention = &severance.Detention{Months: -1, Dependants: new(1)}
		}, "severance.detention_invalid"},
		"the whole pension": {func(f *severance.Facts) {
			f.Pension = &severance.Pension{Benefit: 1, EmployerShare: ratio(t, "1")}
		}, ""},
		"no pension": {func(f *severance.Facts) { f.Pension = &severance.Pension{EmployerShare: ratio(t, "0")} }, ""},
		"more than the pension": {func(f *severance.Facts) {
			f.Pension = &severance.Pension{Benefit: 1, EmployerShare: ratio(t, "1.0001")}
		}, "severance.pension_share_invalid"},
		"less than none of the pension": {func(f *severance.Facts) {
			f.Pension = &severance.Pension{Benefit: 1, EmployerShare: belowNothing}
		}, "severance.pension_share_invalid"},
		"a pension below nothing": {func(f *severance.Facts) { f.Pension = &severance.Pension{Benefit: -1} },
			"severance.amount_negative"},
	} {
		f := resigned(5_000_000)
		c.change(&f)
		if _, err := l.Assess(f); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

// Without the wage a part of which nothing is owed is known all the same; what is owed is not, and asks for the wage.
func TestWhatIsKnownWithoutTheWage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reason   termination.Reason
		start    string
		up, upmk bool
		missing  bool
	}{
		"less than three years":  {termination.EfficiencyLoss, "2023-11-01", false, true, true},
		"more than three years":  {termination.EfficiencyLoss, "2019-11-01", false, false, true},
		"resigned":               {termination.Resign, "2019-11-01", true, true, false},
		"resigned in a year one": {termination.Resign, "2025-01-01", true, true, false},
	} {
		f := facts(c.reason, c.start, "2025-03-10", 0)
		f.Wage, f.SeparationPay = severance.Wage{}, new(money.Rupiah(0))
		a := assess(t, f)
		up, upmk := part(t, a, severance.SeverancePay), part(t, a, severance.ServicePay)
		if up.Known != c.up || upmk.Known != c.upmk || slices.Contains(a.Missing, severance.FactWage) != c.missing {
			t.Errorf("%s: UP known %t, UPMK known %t, missing %v", name, up.Known, upmk.Known, a.Missing)
		}
	}
}

// The other reading of the last day stands beside an amount; beside nothing there is no other amount.
func TestTheOtherReadingStandsOnlyBesideAnAmount(t *testing.T) {
	t.Parallel()
	for reason, beside := range map[termination.Reason]int{termination.EfficiencyLoss: 1, termination.Resign: 0} {
		f := facts(reason, "2020-02-01", "2026-01-31", 5_000_000)
		f.SeparationPay = new(money.Rupiah(0))
		a := assess(t, f)
		for _, kind := range []severance.PartKind{severance.SeverancePay, severance.ServicePay} {
			if p := part(t, a, kind); len(p.Otherwise) != beside {
				t.Errorf("%s of %s: %d other readings", kind, reason, len(p.Otherwise))
			}
		}
	}
}

// Damages of whole months rest on no reading of a part month; a day beyond them does.
func TestDamagesOfAPartMonthRestOnAReading(t *testing.T) {
	t.Parallel()
	for end, open := range map[string]bool{"2026-04-30": false, "2026-05-01": true, "2026-05-31": false} {
		f := contract("2025-07-01", "2026-03-31", 4_200_000)
		f.Early = early(end, severance.Employer, new(false))
		d := compensate(t, f).Damages
		if got := slices.ContainsFunc(d.Sources, func(s rule.Source) bool {
			return s.Article == "Art. 16(1)"
		}); got != open || d.Part.Unverified() != open {
			t.Errorf("until %s: by %s, unverified %t", end, d.Article, d.Part.Unverified())
		}
	}
}

// The rows of the aid rise by dependants; a share may stay, and may not fall.
func TestTheRowsOfTheFamilyAid(t *testing.T) {
	t.Parallel()
	for share, fine := range map[string]bool{"35%": true, "25%": true, "24%": false, "45%": true, "46%": false} {
		_, err := severance.Load(programme.Edited(t, "pp-35-2021.yaml", "35%", share).FS)
		if (err == nil) != fine {
			t.Errorf("two dependants, %s: %v", share, err)
		}
	}
}

// Leave that was taken needs no wage; a day of it that was not does.
func TestLeaveWithoutTheWage(t *testing.T) {
	t.Parallel()
	for days, known := range map[int]bool{0: true, 1: false} {
		f := resigned(0)
		f.Wage, f.Leave = severance.Wage{}, &severance.Leave{Days: days, WorkWeekDays: 5}
		a := assess(t, f)
		if p := part(t, a, severance.RightsCompensation); p.Known != known || slices.Contains(a.Missing,
			severance.FactWage) == known {
			t.Errorf("%d days: known %t, missing %v", days, p.Known, a.Missing)
		}
	}
}

// The nationality is asked for only where it decides: not of one who served too short, and not where it is stated.
func TestWhenTheNationalityIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		foreigner *bool
		end       string
		asks      bool
	}{
		"unsaid": {nil, "2025-12-31", true}, "unsaid, too short": {nil, "2025-07-10", false},
		"a citizen": {new(false), "2025-12-31", false}, "a foreigner": {new(true), "2025-12-31", false},
	} {
		f := contract("2025-07-01", c.end, 4_200_000)
		f.Foreigner = c.foreigner
		if got := compensate(t, f); slices.Contains(got.Missing, severance.FactForeigner) != c.asks {
			t.Errorf("%s: %s, missing %v", name, got.Decision.Result, got.Missing)
		}
	}
}
