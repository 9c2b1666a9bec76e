package severance_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Who owes the tables: medium and large firms. A micro or small one owes what was agreed; of an unknown one nothing is
// said.
func TestTheTablesBindFirmsBySize(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2021-01-01", "2024-12-30", 2_500_000) // 3 years, UP x0.5
	agreed := new(money.Rupiah(6_000_000))
	for name, c := range map[string]struct {
		size     severance.FirmSize
		agreed   *money.Rupiah
		total    money.Rupiah
		complete bool
		missing  []string
		oriented bool
	}{
		"large":             {severance.Large, nil, 10_000_000, true, nil, false},
		"medium":            {severance.Medium, nil, 10_000_000, true, nil, false},
		"medium and agreed": {severance.Medium, agreed, 10_000_000, true, nil, false},
		"small, agreed":     {severance.Small, agreed, 6_000_000, true, nil, true},
		"micro, agreed":     {severance.Micro, agreed, 6_000_000, true, nil, true},
		"micro, unsaid":     {severance.Micro, nil, 0, false, []string{severance.FactAgreedAmount}, true},
		"unknown size":      {"", nil, 0, false, []string{severance.FactFirmSize}, true},
	} {
		f.FirmSize, f.Agreed = c.size, c.agreed
		a := assess(t, f)
		if a.Total != c.total || a.Complete != c.complete || !slices.Equal(a.Missing, c.missing) {
			t.Errorf("%s: total %s, complete %t, missing %v", name, a.Total, a.Complete, a.Missing)
		}
		if (len(a.Orientation) == 2) != c.oriented {
			t.Errorf("%s: orientation %v", name, a.Orientation)
		}
		for _, p := range a.Orientation {
			if p.Amount != 5_000_000 {
				t.Errorf("%s: the tables give %s for %s", name, p.Amount, p.Kind)
			}
		}
	}
}

// What a small firm offers is never called below the law.
func TestNoOfferOfASmallFirmIsBelowTheLaw(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2021-01-01", "2024-12-30", 2_500_000)
	offer := []severance.Offer{
		{Kind: severance.SeverancePay, Amount: 1}, {Kind: severance.ServicePay},
		{Kind: severance.AgreedAmount, Amount: 5_999_999},
	}
	for name, c := range map[string]struct {
		size   severance.FirmSize
		agreed *money.Rupiah
		want   [3]severance.Verdict
	}{
		"large":   {severance.Large, nil, [3]severance.Verdict{severance.Below, severance.Below, severance.Above}},
		"unknown": {"", nil, [3]severance.Verdict{severance.Unknown, severance.Unknown, severance.Above}},
		"small, unsaid": {severance.Small, nil, [3]severance.Verdict{severance.Unknown, severance.Unknown,
			severance.Unknown}},
		"small, agreed": {
			severance.Small, new(money.Rupiah(6_000_000)), [3]severance.Verdict{severance.Unknown, severance.Unknown,
				severance.Below},
		},
	} {
		f.FirmSize, f.Agreed = c.size, c.agreed
		for i, finding := range assess(t, f).Check(offer...) {
			if finding.Verdict != c.want[i] {
				t.Errorf("%s: %s is %s, want %s", name, finding.Kind, finding.Verdict, c.want[i])
			}
		}
	}
}

// On the eve of a year an offer between the two readings is not called too low; one below both is.
func TestAnOfferBetweenTwoReadings(t *testing.T) {
	t.Parallel()
	a := assess(t, facts(termination.EfficiencyLoss, "2020-02-01", "2026-01-31", 5_000_000))
	up, upmk := part(t, a, severance.SeverancePay), part(t, a, severance.ServicePay)
	if a.Total != 32_500_000 || len(up.Otherwise) != 1 || len(upmk.Otherwise) != 1 {
		t.Fatalf("total %s, %+v, %+v", a.Total, up.Otherwise, upmk.Otherwise)
	}
	if up.Otherwise[0].Amount != 15_000_000 || upmk.Otherwise[0].Amount != 10_000_000 ||
		up.Otherwise[0].Reading != "last_day_not_counted" {
		t.Errorf("the other reading gives %+v and %+v", up.Otherwise[0], upmk.Otherwise[0])
	}
	for offered, want := range map[money.Rupiah]severance.Verdict{
		14_999_999: severance.Below, 15_000_000: severance.Unknown, 17_499_999: severance.Unknown,
		17_500_000: severance.Agrees, 17_500_001: severance.Above,
	} {
		if got := a.Check(severance.Offer{Kind: severance.SeverancePay, Amount: offered})[0]; got.Verdict != want {
			t.Errorf("%s: %s, want %s", offered, got.Verdict, want)
		}
	}
}

// The minimum wage does not bind micro and small firms.
func TestPiecesOfASmallFirmHaveNoFloor(t *testing.T) {
	t.Parallel()
	w := severance.Wage{Basis: severance.PieceRate, PieceTotal: 24_000_000, Minimum: 4_000_000}
	for size, want := range map[severance.FirmSize]string{
		severance.Micro: "2000000", severance.Small: "2000000", severance.Medium: "4000000", severance.Large: "4000000",
		"": "4000000",
	} {
		if got, err := rulesAt(t, "2025-03-10").MonthOf(w, size); err != nil || got.Exact.String() != want {
			t.Errorf("%s: %s, want %s (%v)", size, got.Exact, want, err)
		}
	}
}

// A wage that nobody has stated is no wage of zero: the parts that hang on it are unknown, and the others are not.
func TestAWageThatNobodyStated(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 0)
	f.Wage = severance.Wage{}
	f.Rights = []severance.Right{{Kind: severance.FareHome, Amount: 500_000}}
	f.Leave = &severance.Leave{Days: 3, WorkWeekDays: 5}
	a := assess(t, f)
	if a.Complete || a.Total != 500_000 || !slices.Equal(a.Missing, []string{severance.FactWage}) {
		t.Errorf("total %s, complete %t, missing %v", a.Total, a.Complete, a.Missing)
	}
	if up := part(t, a, severance.SeverancePay); up.Known || up.Months != 6 || up.Multiplier.String() != "0.5" {
		t.Errorf("UP: known %t, %d months x %s", up.Known, up.Months, up.Multiplier)
	}
	f.Reason, f.SeparationPay, f.Leave = termination.Resign, new(money.Rupiah(1)), nil
	if a = assess(t, f); !a.Complete || a.Total != 500_001 {
		t.Errorf("where no part hangs on it: total %s, missing %v", a.Total, a.Missing)
	}
}
