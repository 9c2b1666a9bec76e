package thr_test

import (
	"math/big"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/thr"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(thr.Programme, thr.Schemas(), thr.Load)
	date      = ruletest.Date
)

func law(t testing.TB) thr.Law {
	t.Helper()
	l, err := thr.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func wage(amount int64) *rule.Ratio {
	r, err := rule.NewRatio(amount, 1)
	if err != nil {
		panic(err)
	}
	return &r
}

func assess(t testing.TB, f thr.Facts) thr.Answer {
	t.Helper()
	a, err := law(t).Assess(f, date("2026-11-27"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	file := "permenaker-6-2016.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"more than the whole": {file, "full_months: {value: 12", "full_months: {value: 13",
			"full_months: is more than per_months"},
		"no days":            {file, "protected_days: {value: 30", "protected_days: {value: 0", "between 1 and 365"},
		"another part month": {file, "part_month: {value: thirtieth", "part_month: {value: kept", "not allowed"},
	})
	for name, valid := range map[string]bool{
		"part month": thr.PartMonth("").Valid(), "wage": thr.WageBase("x").Valid(), "better": thr.Better("").Valid(),
		"ended":    thr.Ended("x").Valid(),
		"contract": thr.Contract("").Valid(),
	} {
		if valid {
			t.Errorf("%s takes any text", name)
		}
	}
}

// Cases worked by hand from §2.15 of the legal basis; an empty column is a fact that nobody has stated.
func TestDecisionsByHand(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "decisions.csv") {
		f := thr.Facts{
			Contract: thr.Contract(row["contract"]), Start: row.Date("start"), End: row.Date("end"),
			Holiday: row.Date("holiday"), Wage: wage(4_000_000),
			Employed: flag(row["employed"]), ByEmployer: flag(row["by_employer"]),
		}
		if n, err := strconv.Atoi(row["months"]); err == nil {
			f.ServiceMonths = &n
		}
		a := assess(t, f)
		if string(a.Decision.Result) != row["result"] || a.Amount != row.Rupiah(t, "amount") || a.Known != (a.Amount > 0) {
			t.Errorf("%s: %s, %s", row["example"], a.Decision.Result, a.Amount)
		}
		whole := ""
		if a.Whole != nil {
			whole = strconv.FormatInt(int64(*a.Whole), 10)
		}
		var missing string
		if len(a.Missing) > 0 {
			missing = a.Missing[0]
		}
		if whole != row["whole"] || missing != row["missing"] {
			t.Errorf("%s: whole months %q, missing %v", row["example"], whole, a.Missing)
		}
	}
}

func flag(text string) *bool {
	if text == "" {
		return nil
	}
	return new(text == "yes")
}

func TestDueAndAgreed(t *testing.T) {
	t.Parallel()
	f := thr.Facts{Contract: thr.Permanent, Start: date("2020-01-01"), Employed: new(true), Holiday: date("2026-12-25"),
		Wage: wage(4_000_000)}
	if a := assess(t, f); a.DueOn != date("2026-12-18") || a.ByAgreement {
		t.Errorf("due on %s, by agreement %t", a.DueOn, a.ByAgreement)
	}
	for agreed, want := range map[money.Rupiah]money.Rupiah{3_999_999: 4_000_000, 4_000_000: 4_000_000,
		4_000_001: 4_000_001} {
		f.Agreed = &agreed
		if a := assess(t, f); a.Amount != want || a.ByAgreement != (agreed > 4_000_000) {
			t.Errorf("agreed %s: %s, by agreement %t", agreed, a.Amount, a.ByAgreement)
		}
	}
	f.Wage, f.Agreed = nil, nil
	if a := assess(t, f); a.Known || !slices.Equal(a.Missing, []string{thr.FactWage}) {
		t.Errorf("wage unsaid: known %t, missing %v", a.Known, a.Missing)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts thr.Facts
		want  string
	}{
		"contract":      {thr.Facts{Contract: "handshake"}, "thr.contract_unknown"},
		"negative":      {thr.Facts{ServiceMonths: new(-1)}, "thr.service_invalid"},
		"a hundred":     {thr.Facts{ServiceMonths: new(1201)}, "thr.service_invalid"},
		"backwards":     {thr.Facts{Start: date("2026-02-02"), End: date("2026-02-01")}, "thr.end_before_start"},
		"negative wage": {thr.Facts{Wage: wage(-1)}, "thr.amount_invalid"},
		"wage":          {thr.Facts{Wage: wage(10_000_000_000_001)}, "thr.amount_invalid"},
		"agreed":        {thr.Facts{Agreed: new(money.Rupiah(-1))}, "thr.amount_invalid"},
		"agreed beyond": {thr.Facts{Agreed: new(money.Rupiah(10_000_000_000_001))}, "thr.amount_invalid"},
		"too early":     {thr.Facts{Holiday: date("2016-03-07")}, "rule.no_version"},
	} {
		if _, err := law(t).Assess(c.facts, date("2026-11-27")); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	half, err := rule.NewRatio(19_999_999_999_999, 2)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]thr.Facts{
		"the longest service, the highest wage": {ServiceMonths: new(1200), Wage: wage(10_000_000_000_000)},
		"not a whole rupiah below it":           {ServiceMonths: new(1200), Wage: &half},
		"the most that is agreed":               {Agreed: new(money.Rupiah(10_000_000_000_000))},
		"nothing of all":                        {ServiceMonths: new(0), Agreed: new(money.Rupiah(0)), Wage: wage(0)},
	} {
		f.Employed = new(true)
		if _, err := law(t).Assess(f, date("2026-11-27")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without a day of the holiday: a fixed term that has ended, and who left of their own will, have none all the same;
// of anybody else nothing can be said.
func TestWhoHasNoneWhateverTheHoliday(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts   thr.Facts
		want    rule.Outcome
		missing []string
		article string
	}{
		"a fixed term that has ended": {thr.Facts{Contract: thr.FixedTerm, Employed: new(false)}, rule.Ineligible, nil,
			"Art. 7(3)"},
		"a fixed term, nothing more": {thr.Facts{Contract: thr.FixedTerm}, rule.Undetermined,
			[]string{thr.FactHoliday}, "Art. 7(1)-(2)"},
		"a fixed term with its end": {thr.Facts{Contract: thr.FixedTerm, End: date("2026-06-30")}, rule.Undetermined,
			[]string{thr.FactHoliday}, "Art. 7(1)-(2)"},
		"a fixed term with the holiday": {thr.Facts{Contract: thr.FixedTerm, Holiday: date("2026-12-25")},
			rule.Undetermined, []string{thr.FactEmployed}, "Art. 7(1)-(2)"},
		"left of own will": {thr.Facts{Contract: thr.Permanent, Employed: new(false), ByEmployer: new(false)},
			rule.Ineligible, nil, "Art. 7(1)-(2)"},
		"left, nobody said whether before the holiday": {thr.Facts{Contract: thr.Permanent, ByEmployer: new(false)},
			rule.Undetermined, []string{thr.FactHoliday}, "Art. 7(1)-(2)"},
		"dismissed": {thr.Facts{Contract: thr.Permanent, Employed: new(false), ByEmployer: new(true)},
			rule.Undetermined, []string{thr.FactHoliday}, "Art. 7(1)-(2)"},
	} {
		c.facts.ServiceMonths, c.facts.Wage = new(24), wage(4_000_000)
		a := assess(t, c.facts)
		criterion, _ := a.Decision.Get(thr.CriterionEmployed)
		if a.Decision.Result != c.want || !slices.Equal(a.Missing, c.missing) || criterion.Source.Article != c.article {
			t.Errorf("%s: %s by %s, missing %v", name, a.Decision.Result, criterion.Source, a.Missing)
		}
	}
}

// The whole month of wage rests on Art. 3(1)(a), a part of it on (b); rounding is told of only where there was some.
func TestWhatTheAmountRestsOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		months int
		wage   int64
		want   []string
	}{
		"eleven months":          {11, 12_000_000, []string{"Art. 3(1)(b)", "Art. 3(2)"}},
		"eleven months, rounded": {11, 4_000_000, []string{"Art. 3(1)(b)", "Art. 3(2)", "Art. 3"}},
		"twelve months":          {12, 4_000_001, []string{"Art. 3(1)(a)", "Art. 3(2)"}},
		"thirteen months":        {13, 4_000_001, []string{"Art. 3(1)(a)", "Art. 3(2)"}},
	} {
		a := assess(t, thr.Facts{ServiceMonths: &c.months, Wage: wage(c.wage), Employed: new(true)})
		var articles []string
		for _, s := range a.Sources {
			articles = append(articles, s.Article)
		}
		if !slices.Equal(articles, c.want) {
			t.Errorf("%s: %v, want %v", name, articles, c.want)
		}
	}
}

// A second reckoning, and: longer service never gives less, and never more than a month of wage.
func TestProportionAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		months, days := rapid.IntRange(1, 20).Draw(t, "months"), rapid.IntRange(0, 27).Draw(t, "days")
		w := rapid.Int64Range(1, 500_000_000).Draw(t, "wage")
		holiday := calendar.MustDate("2026-03-28")
		f := thr.Facts{
			Contract: thr.FixedTerm, Start: holiday.AddMonths(-months).AddDays(-days), Employed: new(true), Holiday: holiday,
			Wage: wage(w),
		}
		a, err := l.Assess(f, holiday)
		if err != nil {
			t.Fatal(err)
		}
		served, left := f.Start.SpanUntil(holiday)
		want := big.NewRat(w, 1)
		if served < 12 {
			want = big.NewRat(w*int64(served*30+left), 360)
		}
		if a.Exact.Num() != want.Num().Int64() || a.Exact.Den() != want.Denom().Int64() || int64(a.Amount) > w {
			t.Errorf("%d months %d days of %d: %s, want %s", served, left, w, a.Exact, want)
		}
		f.Start = f.Start.AddDays(-rapid.IntRange(0, 400).Draw(t, "longer"))
		if longer, err := l.Assess(f, holiday); err != nil || longer.Amount < a.Amount {
			t.Errorf("from %s only %s: %v", f.Start, longer.Amount, err)
		}
	})
}

// Art. 7: who was dismissed on the thirtieth day before the holiday or later has THR, who was on the day before it has
// none; one whose term ended, and one who left, have none on any of these days, and whoever was there has it.
func TestTheProtectedDaysDayByDay(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		holiday := calendar.MustDate("2024-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "holiday"))
		before := rapid.IntRange(-40, 80).Draw(t, "days before it")
		end := holiday.AddDays(-before)
		for name, c := range map[string]struct {
			contract   thr.Contract
			byEmployer *bool
			protected  bool
		}{
			"dismissed": {thr.Permanent, new(true), true}, "left": {thr.Permanent, new(false), false},
			"a term": {thr.FixedTerm, new(true), false}, "a term, left": {thr.FixedTerm, new(false), false},
		} {
			f := thr.Facts{Contract: c.contract, Start: end.AddMonths(-36), End: end, ByEmployer: c.byEmployer,
				Holiday: holiday, Wage: wage(4_000_000)}
			a, err := l.Assess(f, holiday)
			if err != nil {
				t.Fatal(err)
			}
			has := before <= 0 || c.protected && before <= 30
			if a.Known != has || has && a.Amount != 4_000_000 || a.DueOn != holiday.AddDays(-7) {
				t.Errorf("%s %d days before %s: %s, known %t, due %s", name, before, holiday, a.Amount, a.Known, a.DueOn)
			}
		}
	})
}

// The service by anniversaries counted one by one: months that are complete on the eve of the holiday.
func TestTheServiceCountedMonthByMonth(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		holiday := calendar.MustDate("2024-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "holiday"))
		start := holiday.AddDays(-rapid.IntRange(0, 400).Draw(t, "days"))
		months := 0
		for !start.AddMonths(months + 1).After(holiday) {
			months++
		}
		days := start.AddMonths(months).DaysUntil(holiday)
		a, err := l.Assess(thr.Facts{Contract: thr.Permanent, Start: start, Employed: new(true), Holiday: holiday,
			Wage: wage(36_000_000)}, holiday)
		want := money.Rupiah(0) // a day is 36 m / 12 / 30
		if months >= 1 {
			want = min(36_000_000, money.Rupiah(months*3_000_000+days*100_000))
		}
		if err != nil || a.Amount != want {
			t.Errorf("from %s to %s, %d months and %d days: %s, want %s, %v", start, holiday, months, days, a.Amount, want, err)
		}
	})
}
