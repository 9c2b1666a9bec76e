package severance_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestRightsAreAddedItemByItem(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000)
	f.Rights = []severance.Right{
		{Kind: severance.UnusedLeave, Amount: 1_200_000}, {Kind: severance.FareHome, Amount: 750_000},
		{Kind: severance.Agreed, Amount: 0},
	}
	a := assess(t, f)
	if a.Total != 30_000_000+1_950_000 || !a.Complete || len(a.Parts) != 5 {
		t.Errorf("total %s of %d parts, complete %t", a.Total, len(a.Parts), a.Complete)
	}
	for i, right := range f.Rights {
		p := a.Parts[2+i]
		if p.Kind != severance.RightsCompensation || p.Item != right.Kind || p.Amount != right.Amount || !p.Known {
			t.Errorf("part %d: %s %s %s", i, p.Kind, p.Item, p.Amount)
		}
		if p.Article != "PP 35/2021 Art. 40(4)("+string(rune('a'+i))+")" || p.Months != 0 || p.Multiplier.Num() != 0 {
			t.Errorf("%s rests on %s", p.Item, p.Article)
		}
	}
}

// Uang penggantian hak is owed always: an answer without it is not complete, and says so instead of adding zero.
func TestRightsThatNobodyStatedAreUnknown(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2019-11-01", "2025-03-10", 6_000_000)
	f.RightsKnown = false
	a := assess(t, f)
	p := part(t, a, severance.RightsCompensation)
	if a.Complete || p.Known || p.Amount != 0 || a.Total != 30_000_000 || p.Article == "" {
		t.Errorf("complete %t, part known %t, total %s", a.Complete, p.Known, a.Total)
	}
	f.Rights = []severance.Right{{Kind: severance.UnusedLeave, Amount: 500_000}}
	if a = assess(t, f); a.Complete || a.Total != 30_500_000 || len(a.Parts) != 4 {
		t.Errorf("one item of more: complete %t, total %s", a.Complete, a.Total)
	}
	f.RightsKnown = true
	if a = assess(t, f); !a.Complete || len(a.Parts) != 3 {
		t.Errorf("one item and no more: complete %t", a.Complete)
	}
}

func TestSeparationPayIsWhatThePartiesAgreed(t *testing.T) {
	t.Parallel()
	for _, reason := range []termination.Reason{
		termination.PetitionRejected, termination.Resign, termination.Absent5Days, termination.ViolationUrgent,
		termination.Detained6M, termination.Convicted,
	} {
		f := facts(reason, "2015-01-01", "2025-01-01", 5_000_000)
		f.CausedLoss = new(true)
		silent := assess(t, f)
		p := part(t, silent, severance.SeparationPay)
		if silent.Complete || p.Known || silent.Total != 0 ||
			!slices.Equal(silent.Missing, []string{severance.FactSeparationPay}) {
			t.Errorf("%s, nothing agreed: total %s, complete %t", reason, silent.Total, silent.Complete)
		}
		f.SeparationPay = new(money.Rupiah(2_500_000))
		agreed := assess(t, f)
		if p = part(t, agreed, severance.SeparationPay); !p.Known || agreed.Total != 2_500_000 || !agreed.Complete {
			t.Errorf("%s, agreed: total %s, complete %t", reason, agreed.Total, agreed.Complete)
		}
		f.SeparationPay = new(money.Rupiah(-1))
		if _, err := law(t).Assess(f); err == nil {
			t.Errorf("%s takes a negative uang pisah", reason)
		}
	}
}

func TestTotalBeyondAllMeasureIsRefused(t *testing.T) {
	t.Parallel()
	f := facts(termination.EfficiencyLoss, "2015-01-01", "2025-01-01", 5_000_000)
	f.Rights = []severance.Right{{Kind: severance.Agreed, Amount: 1 << 62}}
	if _, err := law(t).Assess(f); err == nil {
		t.Error("an item of 4.6 quintillion rupiah passes")
	}
}

// Detained or convicted: whether the firm had a loss decides between uang pisah and UPMK; unsaid, neither is guessed.
func TestALossOfTheFirmThatNobodyStated(t *testing.T) {
	t.Parallel()
	for _, reason := range []termination.Reason{termination.Detained6M, termination.Convicted} {
		f := facts(reason, "2015-01-01", "2025-01-01", 5_000_000) // UPMK 4 months
		unsaid := assess(t, f)
		upmk, pisah := part(t, unsaid, severance.ServicePay), part(t, unsaid, severance.SeparationPay)
		if unsaid.Complete || unsaid.Total != 0 || upmk.Known || pisah.Known || len(upmk.Sources) != 4 {
			t.Errorf("%s, unsaid: total %s, complete %t", reason, unsaid.Total, unsaid.Complete)
		}
		f.CausedLoss = new(false)
		noLoss := assess(t, f)
		if _, owed := noLoss.Get(severance.SeparationPay); owed || noLoss.Total != 20_000_000 || !noLoss.Complete ||
			noLoss.AtLeast {
			t.Errorf("%s, no loss: total %s, uang pisah %t", reason, noLoss.Total, owed)
		}
		f.SeparationPay = new(money.Rupiah(1))
		if pisah := part(t, assess(t, f), severance.SeparationPay); !pisah.ByAgreement || pisah.Amount != 1 {
			t.Errorf("%s, no loss: uang pisah %s, by agreement %t", reason, pisah.Amount, pisah.ByAgreement)
		}
		f.CausedLoss = new(true)
		if loss := assess(t, f); loss.Total != 1 || part(t, loss, severance.ServicePay).Amount != 0 {
			t.Errorf("%s, loss: total %s", reason, loss.Total)
		}
	}
	young := assess(t, facts(termination.Convicted, "2023-01-03", "2026-01-01", 5_000_000))
	if upmk := part(t, young, severance.ServicePay); !upmk.Known || upmk.Amount != 0 {
		t.Error("below three years no UPMK is owed either way, and that is known")
	}
}

func TestALossIsNotAskedForOtherReasons(t *testing.T) {
	t.Parallel()
	for _, reason := range termination.Reasons() {
		if reason == termination.Detained6M || reason == termination.Convicted {
			continue
		}
		f := facts(reason, "2015-01-01", "2025-01-01", 5_000_000)
		unsaid := assess(t, f)
		for _, said := range []bool{true, false} {
			f.CausedLoss = &said
			if got := assess(t, f); got.Total != unsaid.Total || got.Complete != unsaid.Complete {
				t.Errorf("%s, loss %t: %s instead of %s", reason, said, got.Total, unsaid.Total)
			}
		}
	}
}
