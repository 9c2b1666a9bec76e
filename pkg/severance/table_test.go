package severance_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

// Months of wage by completed years, PP 35/2021 Art. 40(2) and (3), year by year.
func TestTablesYearByYear(t *testing.T) {
	t.Parallel()
	want := []struct{ years, up, upmk int }{
		{0, 1, 0}, {1, 2, 0}, {2, 3, 0},
		{3, 4, 2}, {4, 5, 2}, {5, 6, 2},
		{6, 7, 3}, {7, 8, 3}, {8, 9, 3},
		{9, 9, 4}, {10, 9, 4}, {11, 9, 4},
		{12, 9, 5}, {13, 9, 5}, {14, 9, 5},
		{15, 9, 6}, {16, 9, 6}, {17, 9, 6},
		{18, 9, 7}, {19, 9, 7}, {20, 9, 7},
		{21, 9, 8}, {22, 9, 8}, {23, 9, 8},
		{24, 9, 10}, {25, 9, 10}, {40, 9, 10},
	}
	for _, r := range law(t).Versions.List() {
		for _, w := range want {
			if up, upmk := r.SeverancePay.Months(w.years), r.ServicePay.Months(w.years); up != w.up || upmk != w.upmk {
				t.Errorf("%s, %d years: UP %d and UPMK %d months, want %d and %d", r.ID, w.years, up, upmk, w.up, w.upmk)
			}
		}
	}
}

// Multipliers of UP and UPMK, whether uang pisah is owed; each was read in the regulation.
func TestMultipliersByReason(t *testing.T) {
	t.Parallel()
	want := map[termination.Reason]struct {
		up, upmk string
		pisah    bool
		article  string
	}{
		termination.MergerSpinoff:                  {"1", "1", false, "Art. 41"},
		termination.Acquisition:                    {"1", "1", false, "Art. 42(1)"},
		termination.AcquisitionTermsChangedRefused: {"0.5", "1", false, "Art. 42(2)"},
		termination.EfficiencyLoss:                 {"0.5", "1", false, "Art. 43(1)"},
		termination.EfficiencyPreventLoss:          {"1", "1", false, "Art. 43(2)"},
		termination.ClosureLoss2Y:                  {"0.5", "1", false, "Art. 44(1)"},
		termination.ClosureNoLoss:                  {"1", "1", false, "Art. 44(2)"},
		termination.ForceMajeureClosed:             {"0.5", "1", false, "Art. 45(1)"},
		termination.ForceMajeureNotClosed:          {"0.75", "1", false, "Art. 45(2)"},
		termination.PKPULoss:                       {"0.5", "1", false, "Art. 46(1)"},
		termination.PKPUNoLoss:                     {"1", "1", false, "Art. 46(2)"},
		termination.Bankrupt:                       {"0.5", "1", false, "Art. 47"},
		termination.EmployerFault:                  {"1", "1", false, "Art. 48"},
		termination.PetitionRejected:               {"0", "0", true, "Art. 49"},
		termination.Resign:                         {"0", "0", true, "Art. 50"},
		termination.Absent5Days:                    {"0", "0", true, "Art. 51"},
		termination.ViolationAfterSP3:              {"0.5", "1", false, "Art. 52(1)"},
		termination.ViolationUrgent:                {"0", "0", true, "Art. 52(2)"},
		termination.Detained6M:                     {"0", "0", true, "Art. 54(1)"},
		termination.Convicted:                      {"0", "0", true, "Art. 54(4)"},
		termination.LongIllnessDisability:          {"2", "1", false, "Art. 55"},
		termination.Retirement:                     {"1.75", "1", false, "Art. 56"},
		termination.Death:                          {"2", "1", false, "Art. 57"},
	}
	for _, r := range law(t).Versions.List() {
		if len(r.Reasons) != len(want) {
			t.Errorf("%s has %d reasons, want %d", r.ID, len(r.Reasons), len(want))
		}
		for reason, w := range want {
			got := r.Reasons[reason]
			up, upmk := got.SeverancePay, got.ServicePay
			if up.Value.String() != w.up || upmk.Value.String() != w.upmk || (got.SeparationPay != nil) != w.pisah {
				t.Errorf("%s %s: UP x%s, UPMK x%s, uang pisah %t", r.ID, reason, up.Value, upmk.Value, got.SeparationPay != nil)
			}
			if up.Article != w.article || upmk.Article != w.article {
				t.Errorf("%s %s: %s and %s, want %s", r.ID, reason, up.Article, upmk.Article, w.article)
			}
			if up.Confidence != rule.ConfidenceText || upmk.Confidence != rule.ConfidenceText {
				t.Errorf("%s %s: confidence %s and %s", r.ID, reason, up.Confidence, upmk.Confidence)
			}
		}
	}
}

// The list of reasons and the multipliers are two files of two programmes; they have to name the same article.
func TestReasonsAgreeWithTheListOfReasons(t *testing.T) {
	t.Parallel()
	rules := rulesAt(t, "2026-01-01")
	all, err := termination.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	list, err := all.Reasons.At(date("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	for _, reason := range termination.Reasons() {
		m, ok := rules.Reasons[reason]
		if !ok {
			t.Errorf("%s has no multipliers", reason)
			continue
		}
		if m.SeparationPay != nil && m.SeverancePay.Value.Num() != 0 {
			t.Errorf("%s gives both UP and uang pisah", reason)
		}
		place, here := list.Reasons[reason].Article, m.SeverancePay.Article
		if place != here && !strings.HasPrefix(place, here+"-(") { // the list names both paragraphs of a reason
			t.Errorf("%s: %s in the list, %s here", reason, place, here)
		}
		if m.SeverancePay.Citation != "PP 35/2021" {
			t.Errorf("%s rests on %s", reason, m.SeverancePay.Citation)
		}
	}
}

func TestEnumsTakeNoOtherText(t *testing.T) {
	t.Parallel()
	for name, valid := range map[string]bool{
		"reading": severance.Reading("").Valid(), "last day": severance.LastDay("x").Valid(),
		"basis":       severance.WageBasis("").Valid(),
		"composition": severance.Composition("x").Valid(), "floor": severance.Floor("").Valid(),
		"part":  severance.PartKind("x").Valid(),
		"right": severance.RightKind("").Valid(), "part month": severance.PartMonth("x").Valid(),
		"verdict":   severance.Verdict("").Valid(),
		"firm size": severance.FirmSize("").Valid(), "small firms": severance.SmallFirms("x").Valid(),
		"elsewhere": severance.Elsewhere("").Valid(),
		"offset":    severance.Offset("x").Valid(), "damage": severance.Damage("").Valid(),
		"party":      severance.Party("").Valid(),
		"foreigners": severance.Foreigners("x").Valid(), "early end": severance.EarlyEnd("").Valid(),
	} {
		if valid {
			t.Errorf("%s takes any text", name)
		}
	}
	for name, valid := range map[string]bool{
		"reading": severance.AtLeast.Valid(), "last day": severance.LastDayCounted.Valid(),
		"basis": severance.PieceRate.Valid(),
		"part":  severance.FixedTermCompensation.Valid(), "right": severance.HousingMedical.Valid(),
		"verdict": severance.Unknown.Valid(),
	} {
		if !valid {
			t.Errorf("%s does not take its own", name)
		}
	}
}

// Art. 54: without a loss of the firm UPMK is owed once and uang pisah is not; for no other reason the loss matters.
func TestOnlyTwoReasonsHangOnALossOfTheFirm(t *testing.T) {
	t.Parallel()
	for _, r := range law(t).Versions.List() {
		for reason, m := range r.Reasons {
			hangs := reason == termination.Detained6M || reason == termination.Convicted
			if (m.NoLoss != nil) != hangs {
				t.Errorf("%s %s: no_loss %t", r.ID, reason, m.NoLoss != nil)
			}
			if hangs && (m.NoLoss.ServicePay.Value.String() != "1" || m.NoLoss.ServicePay.Confidence != rule.ConfidenceText) {
				t.Errorf("%s %s: UPMK x%s (%s)", r.ID, reason, m.NoLoss.ServicePay.Value, m.NoLoss.ServicePay.Confidence)
			}
		}
	}
}
