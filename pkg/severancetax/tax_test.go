package severancetax_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severancetax"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(severancetax.Programme, severancetax.Schemas(), severancetax.Load)
	date      = ruletest.Date
)

func law(t testing.TB) severancetax.Law {
	t.Helper()
	l, err := severancetax.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func once(amount money.Rupiah) []severancetax.Payment {
	return []severancetax.Payment{{On: date("2026-01-15"), Amount: amount}}
}

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	file := "pp-68-2009.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"steps that do not begin at nothing": {file, "severance:\n  - {above: 0,", "severance:\n  - {above: 1,",
			"severance: the steps do not rise"},
		"a step twice": {file, "above: 100000000", "above: 50000000",
			"severance: the steps do not rise"},
		"a rate that falls":       {file, `value: "15%"`, `value: "4%"`, "severance: the steps do not rise"},
		"a rate twice":            {file, `value: "15%"`, `value: "5%"`, "severance: the steps do not rise"},
		"a rate beyond the whole": {file, `value: "25%"`, `value: "125%"`, "is not between 0 and 1"},
		"a rate too fine":         {file, `value: "15%"`, `value: "15.00001%"`, "the steps do not rise"},
		"a step out of sight": {file, "above: 500000000", "above: 5000000000",
			"is not between 0 and 1000000000"},
		"no year": {file, "window_years: {value: 2", "window_years: {value: 0",
			"between 1 and 10"},
	})
}

// The finest rate that is taken: a part in ten thousand.
func TestAFineRateIsTaken(t *testing.T) {
	t.Parallel()
	l, err := severancetax.Load(programme.Edited(t, "pp-68-2009.yaml", `value: "15%"`, `value: "15.01%"`).FS)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := l.Tax(severancetax.Severance, once(100_010_000), true); err != nil || a.Tax != 2_500_000+1_501 {
		t.Errorf("%d, %v", a.Tax, err)
	}
}

// Worked by hand from §2.14 of the legal basis; each bound, a rupiah before and after it.
func TestTaxByHand(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "decisions.csv") {
		a, err := law(t).Tax(severancetax.Kind(row["kind"]), once(row.Rupiah(t, "gross")), row["resident"] == "true")
		if err != nil || a.Tax != row.Rupiah(t, "tax") || a.Gross != row.Rupiah(t, "gross") || a.Later != 0 {
			t.Errorf("%s: %s of %s, %v", row["example"], a.Tax, a.Gross, err)
		}
	}
}

// reckoned is a second reckoning that shares nothing with the first but the law: what each rupiah more costs.
func reckoned(kind severancetax.Kind, gross int64) *big.Int {
	type band struct{ from, percent int64 }
	bands := []band{{50_000_000, 5}, {100_000_000, 10}, {500_000_000, 10}} // each adds to the ones before
	if kind == severancetax.OldAge {
		bands = bands[:1]
	}
	sum := new(big.Int)
	for _, b := range bands {
		if gross > b.from {
			sum.Add(sum, new(big.Int).Mul(big.NewInt(gross-b.from), big.NewInt(b.percent)))
		}
	}
	return sum.Quo(sum, big.NewInt(100))
}

func TestAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]severancetax.Kind{severancetax.Severance, severancetax.OtherSum,
			severancetax.OldAge}).Draw(t, "kind")
		gross := rapid.Int64Range(0, 2_000_000_000).Draw(t, "gross")
		a, err := l.Tax(kind, once(money.Rupiah(gross)), true)
		if err != nil {
			t.Fatal(err)
		}
		if want := reckoned(kind, gross).Int64(); int64(a.Tax) != want {
			t.Errorf("%s of %d: %d, want %d", kind, gross, a.Tax, want)
		}
		var slices money.Rupiah
		for _, s := range a.Slices {
			slices += s.Gross
		}
		if slices != a.Gross || a.Tax > a.Gross/4 {
			t.Errorf("%s of %d: slices of %d, tax %d", kind, gross, slices, a.Tax)
		}
	})
}

// Paid in parts within two calendar years is paid at once; more gross never leaves less net.
func TestSplittingChangesNothing(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		first := calendar.MustDate("2026-01-01").AddDays(rapid.IntRange(0, 364).Draw(t, "first"))
		last := date("2027-12-31")
		a, b := rapid.Int64Range(0, 1_000_000_000).Draw(t, "a"), rapid.Int64Range(0, 1_000_000_000).Draw(t, "b")
		parts := []severancetax.Payment{
			{On: first.AddDays(rapid.IntRange(0, first.DaysUntil(last)).Draw(t, "second")), Amount: money.Rupiah(b)},
			{On: first, Amount: money.Rupiah(a)},
		}
		split, err := l.Tax(severancetax.Severance, parts, true)
		whole, errWhole := l.Tax(severancetax.Severance, once(money.Rupiah(a+b)), true)
		less, errLess := l.Tax(severancetax.Severance, once(money.Rupiah(a)), true)
		if err != nil || errWhole != nil || errLess != nil {
			t.Fatal(err, errWhole, errLess)
		}
		if split.Tax != whole.Tax || split.Later != 0 {
			t.Errorf("%d and %d: %d apart, %d at once", a, b, split.Tax, whole.Tax)
		}
		if whole.Gross-whole.Tax < less.Gross-less.Tax || whole.Tax < less.Tax {
			t.Errorf("%d leaves %d, %d leaves %d", a, less.Gross-less.Tax, a+b, whole.Gross-whole.Tax)
		}
	})
}

// Two lump sums of JHT within two calendar years are one; of one in a later year the final rates say nothing.
func TestSavingsPaidInPartsAreTaxedTogether(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(0, 1_000_000_000).Draw(t, "a"), rapid.Int64Range(0, 1_000_000_000).Draw(t, "b")
		years := rapid.IntRange(0, 4).Draw(t, "years")
		parts := []severancetax.Payment{
			{On: date("2024-12-31"), Amount: money.Rupiah(a)},
			{On: date("2024-01-01").AddMonths(12 * years), Amount: money.Rupiah(b)},
		}
		home, err := l.Tax(severancetax.OldAge, parts, true)
		abroad, errAbroad := l.Tax(severancetax.OldAge, parts, false)
		if err != nil || errAbroad != nil {
			t.Fatal(err, errAbroad)
		}
		taxed, later := a+b, int64(0)
		if years >= 2 {
			taxed, later = a, b
		}
		if int64(home.Tax) != max(0, taxed-50_000_000)/20 || int64(home.Later) != later || int64(home.Gross) != taxed {
			t.Errorf("%d, and %d %d years on: %d on %d, later %d", a, b, years, home.Tax, home.Gross, home.Later)
		}
		if int64(abroad.Tax) != (a+b)/5 || abroad.Later != 0 {
			t.Errorf("abroad, %d and %d: %d, later %d", a, b, abroad.Tax, abroad.Later)
		}
	})
}

// A step that takes nothing is not shown: each bound belongs to the step below it.
func TestTheStepsThatAreShown(t *testing.T) {
	t.Parallel()
	for gross, steps := range map[money.Rupiah]int{
		0: 0, 1: 1, 50_000_000: 1, 50_000_001: 2, 100_000_000: 2, 100_000_001: 3, 500_000_000: 3, 500_000_001: 4,
	} {
		a, err := law(t).Tax(severancetax.Severance, once(gross), true)
		if err != nil || len(a.Slices) != steps {
			t.Errorf("%d: %d steps %v, %v", gross, len(a.Slices), a.Slices, err)
		}
	}
}

// From the third calendar year on the final rates do not hold, and the ordinary ones are not known here.
func TestTheThirdCalendarYear(t *testing.T) {
	t.Parallel()
	for on, later := range map[string]money.Rupiah{"2026-12-31": 0, "2027-12-31": 0, "2028-01-01": 40_000_000} {
		parts := append(once(60_000_000), severancetax.Payment{On: date(on), Amount: 40_000_000})
		a, err := law(t).Tax(severancetax.Severance, parts, true)
		if err != nil || a.Later != later || a.Gross != 100_000_000-later {
			t.Errorf("the rest on %s: later %s, taxed %s, %v", on, a.Later, a.Gross, err)
		}
		if want := (a.Gross - 50_000_000) / 20; a.Tax != want {
			t.Errorf("the rest on %s: %s, want %s", on, a.Tax, want)
		}
	}
}

func TestWhatTheTaxRestsOn(t *testing.T) {
	t.Parallel()
	l := law(t)
	unverified := func(kind severancetax.Kind, gross money.Rupiah) bool {
		a, err := l.Tax(kind, once(gross), true)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(a.Sources, rule.Source.Unverified)
	}
	if unverified(severancetax.Severance, 90_000_000) || !unverified(severancetax.OtherSum, 90_000_000) ||
		!unverified(severancetax.Severance, 90_000_001) {
		t.Error("the rate of other sums and the rounding were not read, the rest was")
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind     severancetax.Kind
		payments []severancetax.Payment
		want     string
	}{
		"unknown kind": {"bribe", once(1), "severancetax.kind_unknown"},
		"no payment":   {severancetax.Severance, nil, "severancetax.payments_missing"},
		"negative":     {severancetax.Severance, once(-1), "severancetax.amount_invalid"},
		"out of sight": {severancetax.Severance, once(100_000_000_000_001), "severancetax.amount_invalid"},
		"together": {severancetax.Severance, append(once(60_000_000_000_000), once(60_000_000_000_000)...),
			"severancetax.amount_invalid"},
		"a part of it later": {severancetax.Severance, []severancetax.Payment{
			{On: date("2024-01-15"), Amount: 40_000_000_000_000}, {On: date("2026-01-15"), Amount: 40_000_000_000_000},
			{On: date("2026-02-15"), Amount: 20_000_000_000_001}}, "severancetax.amount_invalid"},
		"before it": {severancetax.Severance, []severancetax.Payment{{On: date("2009-11-15"), Amount: 1}},
			"rule.no_version"},
	} {
		if _, err := law(t).Tax(c.kind, c.payments, true); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := law(t).Tax(severancetax.Severance, once(100_000_000_000_000), true); err != nil {
		t.Errorf("the largest: %v", err)
	}
	if severancetax.OtherSums("x").Valid() || severancetax.Kind("").Valid() {
		t.Error("an enum takes any text")
	}
}
