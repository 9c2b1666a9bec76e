package severance_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
)

func compensate(t testing.TB, f severance.FixedTerm) severance.Compensation {
	t.Helper()
	c, err := law(t).Compensate(f)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func early(end string, by severance.Party, ground *bool) *severance.Early {
	return &severance.Early{TermEnd: date(end), By: by, LawfulGround: ground}
}

// Who cuts a term short without a ground owes the wages to its end, beside the compensation.
func TestDamagesForATermThatWasCutShort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		early   *severance.Early
		amount  money.Rupiah
		other   money.Rupiah // that would be owed
		missing []string
	}{
		"by the employer":        {early("2027-06-30", severance.Employer, new(false)), 63_000_000, 0, nil},
		"by the worker":          {early("2027-06-30", severance.Worker, new(false)), 63_000_000, 0, nil},
		"one day":                {early("2026-04-01", severance.Employer, new(false)), 140_000, 0, nil},
		"thirty days are April":  {early("2026-04-30", severance.Employer, new(false)), 4_200_000, 0, nil},
		"31 days of May, 30 pay": {early("2026-05-30", severance.Employer, new(false)), 8_400_000, 0, nil},
		"nobody said who":        {early("2027-06-30", "", new(false)), 0, 63_000_000, []string{severance.FactEndedBy}},
		"nobody said why": {early("2027-06-30", severance.Employer, nil), 0, 63_000_000,
			[]string{severance.FactGround}},
		"a ground of the law": {early("2027-06-30", severance.Employer, new(true)), -1, 0, nil},
		"on its term":         {early("2026-03-31", severance.Employer, new(false)), -1, 0, nil},
		"nothing said":        {nil, -1, 0, nil},
	} {
		f := contract("2025-07-01", "2026-03-31", 4_200_000)
		f.Early = c.early
		got := compensate(t, f)
		if got.Part.Amount != 3_150_000 || !slices.Equal(got.Missing, c.missing) {
			t.Errorf("%s: compensation %s, missing %v", name, got.Part.Amount, got.Missing)
		}
		if (got.Damages == nil) != (c.amount < 0) {
			t.Errorf("%s: damages %+v", name, got.Damages)
		}
		if got.Damages == nil {
			continue
		}
		d := got.Damages
		if d.Amount != c.amount || d.OwedBy != c.early.By || d.Known != (c.other == 0) {
			t.Errorf("%s: %s by %s, known %t", name, d.Amount, d.OwedBy, d.Known)
		}
		if c.other > 0 && (len(d.Otherwise) != 1 || d.Otherwise[0].Amount != c.other) {
			t.Errorf("%s: beside it %+v", name, d.Otherwise)
		}
		if d.Article == "" || d.Sources[0].Citation != "UU 13/2003" {
			t.Errorf("%s: damages rest on %s", name, d.Article)
		}
	}
}

func TestRefusalsOfATermCutShort(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]*severance.Early{
		"severance.term_before_end": early("2026-03-30", severance.Employer, new(false)),
		"severance.party_unknown":   early("2026-04-30", "landlord", new(false)),
	} {
		f := contract("2025-07-01", "2026-03-31", 4_200_000)
		f.Early = e
		if _, err := law(t).Compensate(f); fault.CodeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Contracts that ran on 2 February 2021 are paid, but service counts only from 2 November 2020.
func TestTheTransitionOfFixedTerms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		start, end string
		amount     money.Rupiah
		whole      money.Rupiah // months only
		result     rule.Outcome
	}{
		"the example":                   {"2020-05-01", "2021-10-31", 5_400_000, 4_950_000, rule.Eligible},
		"from the day itself":           {"2020-11-02", "2021-11-01", 5_400_000, 5_400_000, rule.Eligible},
		"from the day before":           {"2020-11-01", "2021-11-01", 5_400_000, 5_400_000, rule.Eligible},
		"from the day after":            {"2020-11-03", "2021-11-02", 5_400_000, 5_400_000, rule.Eligible},
		"ended on the first day":        {"2020-05-01", "2021-02-02", 1_365_000 + 0, 1_350_000, rule.Eligible},
		"ended the day before":          {"2020-05-01", "2021-02-01", 0, 0, rule.Ineligible},
		"ended long before":             {"2015-05-01", "2016-02-01", 0, 0, rule.Ineligible},
		"nine years, one of which pays": {"2012-05-01", "2021-11-01", 5_400_000, 5_400_000, rule.Eligible},
	} {
		got := compensate(t, contract(c.start, c.end, 5_400_000))
		whole := got.Part.Amount
		if len(got.Part.Otherwise) > 0 {
			whole = got.Part.Otherwise[0].Amount
		}
		if got.Part.Amount != c.amount || whole != c.whole || got.Decision.Result != c.result {
			t.Errorf("%s: %s, whole months %s, %s", name, got.Part.Amount, whole, got.Decision.Result)
		}
	}
}

// A micro or small firm pays the compensation that was agreed; of an unknown one nothing is said.
func TestCompensationByTheSizeOfTheFirm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size    severance.FirmSize
		agreed  *money.Rupiah
		amount  money.Rupiah
		known   bool
		missing []string
	}{
		"large":         {severance.Large, nil, 2_600_000, true, nil},
		"small, agreed": {severance.Small, new(money.Rupiah(1_000_000)), 1_000_000, true, nil},
		"micro, unsaid": {severance.Micro, nil, 0, false, []string{severance.FactAgreedAmount}},
		"unknown":       {"", nil, 0, false, []string{severance.FactFirmSize}},
	} {
		f := contract("2025-03-10", "2025-09-24", 4_800_000)
		f.FirmSize, f.Agreed = c.size, c.agreed
		got := compensate(t, f)
		if got.Part.Amount != c.amount || got.Part.Known != c.known || !slices.Equal(got.Missing, c.missing) {
			t.Errorf("%s: %s, known %t, missing %v", name, got.Part.Amount, got.Part.Known, got.Missing)
		}
		if o := got.Orientation; (o == nil) != (c.size == severance.Large) || o != nil && o.Amount != 2_600_000 {
			t.Errorf("%s: orientation %+v", name, o)
		}
	}
	f := contract("2025-03-10", "2025-09-24", 0)
	f.Wage = severance.Wage{}
	if got := compensate(t, f); got.Part.Known || !slices.Equal(got.Missing, []string{severance.FactWage}) {
		t.Errorf("wage unsaid: known %t, missing %v", got.Part.Known, got.Missing)
	}
}

// A term that goes on in an extension is worth what one term over both is worth, when the first ends with a month.
func TestSplittingATermChangesNothing(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		start := date("2022-01-01").AddMonths(rapid.IntRange(0, 24).Draw(t, "start"))
		middle := start.AddMonths(rapid.IntRange(1, 30).Draw(t, "first"))
		end := middle.AddMonths(rapid.IntRange(1, 30).Draw(t, "second")).AddDays(rapid.IntRange(0, 27).Draw(t, "days"))
		wage := money.Rupiah(rapid.Int64Range(1, maxWage).Draw(t, "wage"))
		exact := func(from, to string) rule.Ratio {
			c, err := l.Compensate(contract(from, to, wage))
			if err != nil {
				t.Fatal(err)
			}
			return c.Part.Exact
		}
		both, err := exact(start.String(), middle.AddDays(-1).String()).Plus(exact(middle.String(), end.String()))
		if one := exact(start.String(), end.String()); err != nil || one != both {
			t.Errorf("%s to %s to %s at %s: %s, split %s", start, middle, end, wage, one, both)
		}
	})
}
