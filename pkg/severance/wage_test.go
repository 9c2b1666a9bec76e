package severance_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestOneMonthOfWage(t *testing.T) {
	t.Parallel()
	const monthly, daily, piece = severance.Monthly, severance.Daily, severance.PieceRate
	for name, c := range map[string]struct {
		wage   severance.Wage
		exact  string
		raised bool
	}{
		"base only": {severance.Wage{Basis: monthly, Base: 6_000_000}, "6000000", false},
		"base and fixed allowance": {severance.Wage{Basis: monthly, Base: 4_500_000, Allowance: 1_500_000},
			"6000000", false},
		"other fields are not looked at": {severance.Wage{Basis: monthly, Base: 6_000_000, Daily: 9, PieceTotal: 9,
			Minimum: 9}, "6000000", false},
		"thirty times the day": {severance.Wage{Basis: daily, Daily: 150_000}, "4500000", false},
		"twelve months of pieces": {severance.Wage{Basis: piece, PieceTotal: 66_000_000, Minimum: 4_000_000},
			"5500000", false},
		"average with a fraction": {severance.Wage{Basis: piece, PieceTotal: 65_000_000, Minimum: 4_000_000},
			"16250000/3", false},
		"average on the minimum": {severance.Wage{Basis: piece, PieceTotal: 48_000_000, Minimum: 4_000_000},
			"4000000", false},
		"average below the minimum": {severance.Wage{Basis: piece, PieceTotal: 47_999_999, Minimum: 4_000_000},
			"4000000", true},
		"no pieces at all": {severance.Wage{Basis: piece, Minimum: 4_000_000}, "4000000", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := rulesAt(t, "2025-03-10").Month(c.wage)
			if err != nil || got.Exact.String() != c.exact || got.RaisedToMinimum != c.raised {
				t.Errorf("%s (raised %t), want %s: %v", got.Exact, got.RaisedToMinimum, c.exact, err)
			}
			if got.Article == "" || got.Source.Unverified() {
				t.Errorf("the wage base rests on %s (%s)", got.Source, got.Confidence)
			}
		})
	}
}

func TestWagesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wage severance.Wage
		want string
	}{
		"unknown basis":           {severance.Wage{Basis: "yearly", Base: 1}, "severance.wage_basis_unknown"},
		"no daily wage":           {severance.Wage{Basis: severance.Daily, Base: 5_000_000}, "severance.wage_missing"},
		"negative daily wage":     {severance.Wage{Basis: severance.Daily, Daily: -1}, "severance.amount_negative"},
		"daily wage out of sight": {severance.Wage{Basis: severance.Daily, Daily: 1 << 60}, "severance.amount_too_large"},
		"pieces without minimum": {severance.Wage{Basis: severance.PieceRate, PieceTotal: 60_000_000},
			"severance.minimum_wage_missing"},
		"negative pieces": {severance.Wage{Basis: severance.PieceRate, PieceTotal: -1, Minimum: 1},
			"severance.amount_negative"},
		"negative minimum": {severance.Wage{Basis: severance.PieceRate, PieceTotal: 1, Minimum: -1},
			"severance.amount_negative"},
		"allowance out of sight": {severance.Wage{Basis: severance.Monthly, Base: 1, Allowance: 1 << 60},
			"severance.amount_too_large"},
	} {
		if _, err := rulesAt(t, "2025-03-10").Month(c.wage); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestTheFloorIsASwitchOfTheFile(t *testing.T) {
	t.Parallel()
	r := rulesAt(t, "2025-03-10")
	r.Wage.PieceFloor.Value = severance.FloorNone
	got, err := r.Month(severance.Wage{Basis: severance.PieceRate, PieceTotal: 24_000_000})
	if err != nil || got.Exact.String() != "2000000" || got.RaisedToMinimum {
		t.Errorf("%s: %v", got.Exact, err)
	}
}

// A fraction of the average is carried to the end and rounded once for each part.
func TestTheAverageIsNotRoundedOnTheWay(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyPreventLoss, "2019-11-01", "2025-03-10", 0)
	f.Wage = severance.Wage{Basis: severance.PieceRate, PieceTotal: 65_000_000, Minimum: 4_000_000}
	a := assess(t, f)
	up, upmk := part(t, a, severance.SeverancePay), part(t, a, severance.ServicePay)
	if up.Exact.String() != "32500000" || up.Amount != 32_500_000 {
		t.Errorf("UP %s becomes %s", up.Exact, up.Amount)
	}
	if upmk.Exact.String() != "32500000/3" || upmk.Amount != 10_833_334 {
		t.Errorf("UPMK %s becomes %s", upmk.Exact, upmk.Amount)
	}
}
