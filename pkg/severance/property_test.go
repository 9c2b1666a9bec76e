package severance_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

const maxWage = 500_000_000

// drawRules draws one of the files with its switches set at random.
func drawRules(t *rapid.T, versions []severance.Rules) severance.Rules {
	r := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "version")]
	r.Rounding.Value = rapid.SampledFrom([]money.Rounding{money.Down, money.HalfUp, money.Up}).Draw(t, "rounding")
	r.LastDay.Value = rapid.SampledFrom([]severance.LastDay{severance.LastDayCounted, severance.LastDayNotCounted}).Draw(t,
		"last day")
	r.FixedTerm.PartMonth.Value = rapid.SampledFrom([]severance.PartMonth{severance.PartMonthDropped,
		severance.PartMonthThirtieth}).Draw(t, "part month")
	return r
}

func drawWage(t *rapid.T) severance.Wage {
	amount := func(name string) money.Rupiah { return money.Rupiah(rapid.Int64Range(1, maxWage).Draw(t, name)) }
	return severance.Wage{
		Basis: rapid.SampledFrom([]severance.WageBasis{severance.Monthly, severance.Daily, severance.PieceRate}).Draw(t,
			"basis"),
		Base: amount("base"), Allowance: amount("allowance"), Daily: amount("daily"), PieceTotal: amount("pieces"),
		Minimum: amount("minimum"),
	}
}

func drawDay(t *rapid.T, name string) calendar.Date {
	return date("1990-01-01").AddDays(rapid.IntRange(0, 13_000).Draw(t, name))
}

func drawFacts(t *rapid.T) severance.Facts {
	f := severance.Facts{
		Reason:   rapid.SampledFrom(termination.Reasons()).Draw(t, "reason"),
		FirmSize: severance.Medium, Start: drawDay(t, "start"), Wage: drawWage(t),
		RightsKnown: rapid.Bool().Draw(t, "rights known"),
	}
	f.End = f.Start.AddDays(rapid.IntRange(0, 12_000).Draw(t, "days"))
	if n := rapid.IntRange(0, 2).Draw(t, "loss"); n > 0 {
		f.CausedLoss = new(n == 1)
	}
	for range rapid.IntRange(0, 4).Draw(t, "rights") {
		f.Rights = append(f.Rights, severance.Right{
			Kind: rapid.SampledFrom([]severance.RightKind{severance.UnusedLeave, severance.FareHome, severance.Agreed}).Draw(t,
				"item"),
			Amount: money.Rupiah(rapid.Int64Range(0, maxWage).Draw(t, "amount")),
		})
	}
	return f
}

func mustAssess(t *rapid.T, r severance.Rules, f severance.Facts) severance.Assessment {
	a, err := r.Assess(f)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestLongerTenureNeverGivesLess(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r, f := drawRules(t, versions), drawFacts(t)
		longer := f
		longer.End = f.End.AddDays(rapid.IntRange(0, 4000).Draw(t, "more"))
		short, long := mustAssess(t, r, f), mustAssess(t, r, longer)
		for i := range short.Parts {
			if long.Parts[i].Amount < short.Parts[i].Amount {
				t.Errorf("%s: %s until %s, %s until %s", f.Reason, short.Parts[i].Amount, f.End, long.Parts[i].Amount, longer.End)
			}
		}
	})
}

func TestMoreWageNeverGivesLess(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r, f := drawRules(t, versions), drawFacts(t)
		more := f
		raise := money.Rupiah(rapid.Int64Range(0, maxWage).Draw(t, "raise"))
		more.Wage.Base += raise
		more.Wage.Daily += raise
		more.Wage.PieceTotal += raise
		if less, got := mustAssess(t, r, f), mustAssess(t, r, more); got.Total < less.Total {
			t.Errorf("%s: %s, with a raise of %s only %s", f.Reason, less.Total, raise, got.Total)
		}
	})
}

func TestSumOfPartsIsTheTotal(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		a := mustAssess(t, drawRules(t, versions), drawFacts(t))
		var sum money.Rupiah
		complete := true
		for _, p := range a.Parts {
			sum += p.Amount
			complete = complete && p.Known
		}
		if sum != a.Total || complete != a.Complete {
			t.Errorf("parts give %s, total %s, complete %t", sum, a.Total, a.Complete)
		}
	})
}

func TestMultiplierZeroGivesNoUP(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r, f := drawRules(t, versions), drawFacts(t)
		a := mustAssess(t, r, f)
		up, _ := a.Get(severance.SeverancePay)
		if zero := r.Reasons[f.Reason].SeverancePay.Value.Num() == 0; zero != (up.Exact.Num() == 0) || zero &&
			up.Amount != 0 {
			t.Errorf("%s: multiplier %s, UP %s", f.Reason, up.Multiplier, up.Amount)
		}
		if a.AtLeast && up.Amount == 0 {
			t.Errorf("%s: a minimum of nothing", f.Reason)
		}
	})
}

// Rounding moves a part by less than one rupiah: down never above, up never below the exact fraction.
func TestRoundingMovesLessThanOneRupiah(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t, versions)
		for _, p := range mustAssess(t, r, drawFacts(t)).Parts {
			exact, scaled := p.Exact.Num(), int64(p.Amount)*p.Exact.Den()
			off := scaled - exact
			if off <= -p.Exact.Den() || off >= p.Exact.Den() {
				t.Errorf("%s becomes %s", p.Exact, p.Amount)
			}
			if r.Rounding.Value == money.Up && off < 0 || r.Rounding.Value == money.Down && off > 0 {
				t.Errorf("%s rounded %s becomes %s", p.Exact, r.Rounding.Value, p.Amount)
			}
		}
	})
}

func TestEveryPartNamesItsLaw(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		for _, p := range mustAssess(t, drawRules(t, versions), drawFacts(t)).Parts {
			if !p.Kind.Valid() || p.Article == "" || !p.Confidence.Valid() || len(p.Sources) == 0 || !p.Reads.Valid() {
				t.Errorf("%s rests on %q (%s)", p.Kind, p.Article, p.Confidence)
			}
			for _, s := range p.Sources {
				if s.Unverified() && !p.Unverified() {
					t.Errorf("%s hides that %s is unverified", p.Kind, s)
				}
			}
		}
	})
}

// The tenure taken apart and put together again gives the day.
func TestTenureGivesTheDayBack(t *testing.T) {
	t.Parallel()
	r := rulesAt(t, "2025-01-01")
	r.LastDay.Value = severance.LastDayNotCounted
	rapid.Check(t, func(t *rapid.T) {
		start := drawDay(t, "start")
		end := start.AddDays(rapid.IntRange(0, 15_000).Draw(t, "days"))
		got, err := r.Tenure(start, end)
		if err != nil {
			t.Fatal(err)
		}
		if back := start.AddMonths(got.CompletedMonths()).AddDays(got.Days); back != end {
			t.Errorf("%s to %s is %d years %d months %d days, which gives %s", start, end, got.Years, got.Months, got.Days, back)
		}
		if got.Months > 11 || got.Days > 30 || got.Months < 0 || got.Days < 0 {
			t.Errorf("%s to %s: %v", start, end, got)
		}
	})
}

func TestFixedTermNeverFalls(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t, versions)
		f := severance.FixedTerm{Start: drawDay(t, "start"), FirmSize: severance.Large, Wage: drawWage(t),
			Foreigner: new(false)}
		f.End = f.Start.AddDays(rapid.IntRange(0, 2000).Draw(t, "days"))
		longer := f
		longer.End = f.End.AddDays(rapid.IntRange(0, 400).Draw(t, "more"))
		a, errA := r.Compensate(f)
		b, errB := r.Compensate(longer)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if b.Part.Amount < a.Part.Amount {
			t.Errorf("%s until %s, %s until %s", a.Part.Amount, f.End, b.Part.Amount, longer.End)
		}
		if (a.Decision.Result == rule.Eligible) != a.Part.Known {
			t.Errorf("%s, yet the part is known: %t", a.Decision.Result, a.Part.Known)
		}
	})
}
