package severance_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

// What the law does not give but the parties agreed is counted, and said to be agreed.
func TestAgreedItemsAreCounted(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000)
	f.Rights = []severance.Right{{Kind: severance.HousingMedical, Amount: 4_500_000},
		{Kind: severance.FareHome, Amount: 1}}
	f.SeparationPay = new(money.Rupiah(2_000_000))
	a := assess(t, f)
	if a.Total != 30_000_000+4_500_000+1+2_000_000 || !a.Complete {
		t.Errorf("total %s, complete %t", a.Total, a.Complete)
	}
	var agreed []severance.PartKind
	for _, p := range a.Parts {
		if p.ByAgreement {
			agreed = append(agreed, p.Kind)
		}
	}
	if !slices.Equal(agreed, []severance.PartKind{severance.RightsCompensation, severance.SeparationPay}) {
		t.Errorf("by agreement: %v", agreed)
	}
	pisah := part(t, a, severance.SeparationPay)
	if pisah.Article != "PP 35/2021 Art. 58(1)" || !pisah.Unverified() {
		t.Errorf("uang pisah beside UP rests on %s (%s)", pisah.Article, pisah.Confidence)
	}
}

// A month of wage by 21 or 25 for each day; without the working week both, and neither is asserted.
func TestUnusedLeaveInMoney(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leave  severance.Leave
		amount money.Rupiah
		other  int
	}{
		"five days":       {severance.Leave{Days: 7, WorkWeekDays: 5}, 2_100_000, 0},
		"six days":        {severance.Leave{Days: 7, WorkWeekDays: 6}, 1_764_000, 0},
		"one of six":      {severance.Leave{Days: 1, WorkWeekDays: 6}, 252_000, 0},
		"nothing left":    {severance.Leave{}, 0, 0},
		"week not stated": {severance.Leave{Days: 7}, 0, 2},
	} {
		f := facts(termination.Resign, "2019-11-01", "2025-03-10", 6_300_000)
		f.SeparationPay, f.Leave = new(money.Rupiah(0)), &c.leave
		a := assess(t, f)
		p := part(t, a, severance.RightsCompensation)
		if p.Amount != c.amount || p.Item != severance.UnusedLeave || len(p.Otherwise) != c.other ||
			a.Complete != (c.other == 0) {
			t.Errorf("%s: %s, complete %t, beside it %v", name, p.Amount, a.Complete, p.Otherwise)
		}
		if c.other > 0 && (p.Otherwise[0].Amount != 2_100_000 || p.Otherwise[1].Amount != 1_764_000 ||
			a.Missing[0] != severance.FactWorkWeek) {
			t.Errorf("%s: %v, missing %v", name, p.Otherwise, a.Missing)
		}
		if (c.leave.Days > 0) != p.Unverified() {
			t.Errorf("%s: unverified %t", name, p.Unverified())
		}
	}
}

// The example of the elucidation of Art. 58, and its two bounds.
func TestAPensionIsSetAgainstTheMoney(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		benefit money.Rupiah
		share   string
		off     money.Rupiah
	}{
		"the elucidation":      {10_000_000, "60%", -6_000_000},
		"nothing by the firm":  {10_000_000, "0%", 0},
		"exactly what is owed": {15_000_000, "100%", -15_000_000},
		"a rupiah more":        {15_000_001, "100%", -15_000_000},
		"a part of a rupiah":   {1_000_001, "50%", -500_000},
	} {
		f := facts(termination.Acquisition, "2024-01-10", "2025-03-10", 7_500_000) // UP 15 m
		f.Rights = []severance.Right{{Kind: severance.FareHome, Amount: 100}}
		f.Pension = &severance.Pension{Benefit: c.benefit, EmployerShare: ratio(t, c.share)}
		a := assess(t, f)
		if p := part(t, a, severance.PensionOffset); p.Amount != c.off || a.Total != 15_000_100+c.off {
			t.Errorf("%s: %s off, total %s", name, p.Amount, a.Total)
		}
	}
}

func TestAPensionNeverTakesTheRights(t *testing.T) {
	t.Parallel()
	versions := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		r, f := drawRules(t, versions), drawFacts(t)
		without := mustAssess(t, r, f)
		f.Pension = &severance.Pension{Benefit: money.Rupiah(rapid.Int64Range(0, 1<<40).Draw(t, "benefit"))}
		if err := f.Pension.EmployerShare.UnmarshalText([]byte("3/4")); err != nil {
			t.Fatal(err)
		}
		with := mustAssess(t, r, f)
		var rights money.Rupiah
		for _, p := range without.Parts {
			if p.Kind == severance.RightsCompensation {
				rights += p.Amount
			}
		}
		if with.Total > without.Total || with.Total < rights {
			t.Errorf("%s becomes %s, of which %s are rights", without.Total, with.Total, rights)
		}
	})
}

func TestFamilyAidByDependants(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dependants, months int
		want               money.Rupiah
	}{
		"the example": {2, 4, 7_000_000}, "none": {0, 4, 0}, "one": {1, 1, 1_250_000}, "three": {3, 1, 2_250_000},
		"four": {4, 1, 2_500_000},
		"nine": {9, 1, 2_500_000}, "six months": {4, 6, 15_000_000}, "seven months are six": {4, 7, 15_000_000},
		"no month": {4, 0, 0},
	} {
		f := facts(termination.Detained6M, "2019-11-01", "2025-03-10", 5_000_000)
		f.CausedLoss, f.SeparationPay = new(true), new(money.Rupiah(0))
		f.Detention = &severance.Detention{Months: c.months, Dependants: &c.dependants}
		if a := assess(t, f); a.Total != c.want || !a.Complete {
			t.Errorf("%s: %s, want %s", name, a.Total, c.want)
		}
		f.Detention.Dependants = nil
		if a := assess(t, f); a.Complete || !slices.Equal(a.Missing, []string{severance.FactDetention}) {
			t.Errorf("%s, dependants unsaid: complete %t, missing %v", name, a.Complete, a.Missing)
		}
	}
}
