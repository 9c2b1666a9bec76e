package severance_test

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// completedYears counts anniversaries one by one with the standard library; 29 February falls on the 28th.
func completedYears(start, end calendar.Date) int {
	years := 0
	for {
		year := start.Year() + years + 1
		last := time.Date(year, start.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		anniversary := time.Date(year, start.Month(), min(start.Day(), last), 0, 0, 0, 0, time.UTC)
		if anniversary.After(end.Time()) {
			return years
		}
		years++
	}
}

// months reads the tables of Art. 40(2) and (3) as prose: one month more for every year up to nine; two months from
// three years on and one more for every three years, ten from 24.
func months(years int) (up, upmk int64) {
	up = int64(min(years+1, 9))
	switch {
	case years >= 24:
		upmk = 10
	case years >= 3:
		upmk = int64(years/3) + 1
	}
	return up, upmk
}

// monthOf is one month of wage as a fraction of rupiah.
func monthOf(w severance.Wage) *big.Rat {
	switch w.Basis {
	case severance.Daily:
		return big.NewRat(int64(w.Daily)*30, 1)
	case severance.PieceRate:
		average, minimum := big.NewRat(int64(w.PieceTotal), 12), big.NewRat(int64(w.Minimum), 1)
		if average.Cmp(minimum) < 0 {
			return minimum
		}
		return average
	default:
		return big.NewRat(int64(w.Base+w.Allowance), 1)
	}
}

// multiplier of UP and UPMK by groups of reasons, not by the file.
func multiplier(r termination.Reason, noLoss bool) (up, upmk *big.Rat) {
	nothing, half, once, twice := new(big.Rat), big.NewRat(1, 2), big.NewRat(1, 1), big.NewRat(2, 1)
	switch r {
	case termination.PetitionRejected, termination.Resign, termination.Absent5Days, termination.ViolationUrgent:
		return nothing, nothing
	case termination.Detained6M, termination.Convicted:
		if noLoss {
			return nothing, once
		}
		return nothing, nothing
	case termination.AcquisitionTermsChangedRefused, termination.EfficiencyLoss, termination.ClosureLoss2Y,
		termination.ForceMajeureClosed, termination.PKPULoss, termination.Bankrupt, termination.ViolationAfterSP3:
		return half, once
	case termination.ForceMajeureNotClosed:
		return big.NewRat(3, 4), once
	case termination.Retirement:
		return big.NewRat(7, 4), once
	case termination.LongIllnessDisability, termination.Death:
		return twice, once
	default:
		return once, once
	}
}

// ceil rounds a fraction up to whole rupiah.
func ceil(r *big.Rat) money.Rupiah {
	q, m := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return money.Rupiah(q.Int64())
}

// A second reckoning that shares nothing with the first but the law.
func TestAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r := versions[rapid.IntRange(0, len(versions)-1).Draw(t, "version")] // the last day counts
		f := drawFacts(t)
		a := mustAssess(t, r, f)
		upMonths, upmkMonths := months(completedYears(f.Start, f.End.AddDays(1)))
		upTimes, upmkTimes := multiplier(f.Reason, f.CausedLoss != nil && !*f.CausedLoss)
		for kind, want := range map[severance.PartKind]*big.Rat{
			severance.SeverancePay: new(big.Rat).Mul(upTimes, big.NewRat(upMonths, 1)),
			severance.ServicePay:   new(big.Rat).Mul(upmkTimes, big.NewRat(upmkMonths, 1)),
		} {
			p, _ := a.Get(kind)
			exact := want.Mul(want, monthOf(f.Wage))
			if big.NewRat(p.Exact.Num(), p.Exact.Den()).Cmp(exact) != 0 || p.Amount != ceil(exact) {
				t.Errorf("%s of %s from %s to %s: %s, want %s", kind, f.Reason, f.Start, f.End, p.Exact, exact)
			}
		}
	})
}

func TestCompensationAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		start := date("2021-03-01").AddMonths(rapid.IntRange(0, 30).Draw(t, "start")).AddDays(rapid.IntRange(0,
			27).Draw(t, "day"))
		served := rapid.IntRange(1, 60).Draw(t, "months")
		days := rapid.IntRange(0, 27).Draw(t, "days")
		wage := money.Rupiah(rapid.Int64Range(1, maxWage).Draw(t, "wage"))
		f := contract(start.String(), start.AddMonths(served).AddDays(days-1).String(), wage)
		c, err := l.Compensate(f)
		if err != nil {
			t.Fatal(err)
		}
		if want := ceil(big.NewRat(int64(wage)*int64(served*30+days), 12*30)); c.Part.Amount != want {
			t.Errorf("%d months and %d days at %s: %s, want %s", served, days, wage, c.Part.Amount, want)
		}
	})
}
