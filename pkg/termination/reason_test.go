package termination_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

func reasonList(t *testing.T) termination.ReasonList {
	t.Helper()
	list, err := law(t).Reasons.At(date("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The letter of Art. 36, the article of the money, and whether JKP is closed: all of it read.
func TestReasonsAsInTheLaw(t *testing.T) {
	t.Parallel()
	list := reasonList(t)
	rows := []struct {
		reason  termination.Reason
		letter  termination.Letter
		article string
		jkp     termination.Exclusion
	}{
		{termination.MergerSpinoff, "a", "Art. 41", termination.NotExcluded},
		{termination.Acquisition, "a", "Art. 42(1)", termination.NotExcluded},
		{termination.AcquisitionTermsChangedRefused, "a", "Art. 42(2)", termination.NotExcluded},
		{termination.EfficiencyLoss, "b", "Art. 43(1)", termination.NotExcluded},
		{termination.EfficiencyPreventLoss, "b", "Art. 43(2)", termination.NotExcluded},
		{termination.ClosureLoss2Y, "c", "Art. 44(1)", termination.NotExcluded},
		{termination.ClosureNoLoss, "c", "Art. 44(2)", termination.NotExcluded},
		{termination.ForceMajeureClosed, "d", "Art. 45(1)", termination.NotExcluded},
		{termination.ForceMajeureNotClosed, "d", "Art. 45(2)", termination.NotExcluded},
		{termination.PKPULoss, "e", "Art. 46(1)", termination.NotExcluded},
		{termination.PKPUNoLoss, "e", "Art. 46(2)", termination.NotExcluded},
		{termination.Bankrupt, "f", "Art. 47", termination.NotExcluded},
		{termination.EmployerFault, "g", "Art. 48", termination.NotExcluded},
		{termination.PetitionRejected, "h", "Art. 49", termination.NotExcluded},
		{termination.Resign, "i", "Art. 50", termination.Excluded},
		{termination.Absent5Days, "j", "Art. 51", termination.NotExcluded},
		{termination.ViolationAfterSP3, "k", "Art. 52(1)", termination.NotExcluded},
		{termination.ViolationUrgent, "k", "Art. 52(2)-(3)", termination.NotExcluded},
		{termination.Detained6M, "l", "Art. 54(1)-(2)", termination.NotExcluded},
		{termination.Convicted, "l", "Art. 54(4)-(5)", termination.NotExcluded},
		{termination.LongIllnessDisability, "m", "Art. 55", termination.ExcludedIfPermanentTotal},
		{termination.Retirement, "n", "Art. 56", termination.Excluded},
		{termination.Death, "o", "Art. 57", termination.Excluded},
	}
	if len(rows) != len(list.Reasons) || len(rows) != len(termination.Reasons()) {
		t.Fatalf("%d rows, %d reasons in the file, %d in the list", len(rows), len(list.Reasons), len(termination.Reasons()))
	}
	for i, row := range rows {
		entry := list.Reasons[row.reason]
		if termination.Reasons()[i] != row.reason {
			t.Errorf("%s is not in the order of the law", row.reason)
		}
		if entry.Letter.Value != row.letter || entry.Article != row.article || entry.JKP.Value != row.jkp {
			t.Errorf("%s: letter %s, %s, JKP %s", row.reason, entry.Letter.Value, entry.Article, entry.JKP.Value)
		}
		if entry.Source.Unverified() || entry.Letter.Unverified() || entry.JKP.Unverified() {
			t.Errorf("%s: confidence %s", row.reason, entry.Confidence)
		}
		if entry.Text.ID == "" || entry.Text.EN == "" {
			t.Errorf("%s has no text in both languages", row.reason)
		}
	}
}

func TestEveryLetterOfArticle36HasAReason(t *testing.T) {
	t.Parallel()
	seen := map[termination.Letter]bool{}
	for _, entry := range reasonList(t).Reasons {
		seen[entry.Letter.Value] = true
	}
	for l := 'a'; l <= 'o'; l++ {
		if !seen[termination.Letter(l)] {
			t.Errorf("letter %c has no reason", l)
		}
	}
	if termination.Letter("p").Valid() || termination.Letter("").Valid() || termination.Letter("ab").Valid() {
		t.Error("a letter outside a to o is valid")
	}
}

func TestJKPIsClosedByFourReasons(t *testing.T) {
	t.Parallel()
	list := reasonList(t)
	for name, c := range map[string]struct {
		reason    termination.Reason
		permanent *bool
		want      rule.Result
	}{
		"resignation":                    {termination.Resign, nil, rule.Met},
		"retirement":                     {termination.Retirement, nil, rule.Met},
		"death":                          {termination.Death, nil, rule.Met},
		"disability, permanent total":    {termination.LongIllnessDisability, new(true), rule.Met},
		"disability, not total":          {termination.LongIllnessDisability, new(false), rule.NotMet},
		"disability, nothing known":      {termination.LongIllnessDisability, nil, rule.Unknown},
		"efficiency":                     {termination.EfficiencyLoss, nil, rule.NotMet},
		"violation is not excluded":      {termination.ViolationUrgent, nil, rule.NotMet},
		"absence is not excluded":        {termination.Absent5Days, new(true), rule.NotMet},
		"a reason that is not in Art 36": {"CONTRACT_EXPIRED", nil, rule.Unknown},
	} {
		got, source := list.JKPExcluded(c.reason, c.permanent)
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if c.reason.Valid() && source.Article == "" {
			t.Errorf("%s: no article", name)
		}
	}
}

func TestEnumsKnowTheirValues(t *testing.T) {
	t.Parallel()
	for _, r := range termination.Reasons() {
		if !r.Valid() {
			t.Errorf("reason %s is not valid", r)
		}
	}
	for _, e := range termination.Events() {
		if !e.Valid() {
			t.Errorf("event %s is not valid", e)
		}
	}
	for _, s := range termination.Steps() {
		if !s.Valid() {
			t.Errorf("step %s is not valid", s)
		}
	}
	if !termination.Suit.Valid() || !termination.NoticeLetter.Valid() || !termination.SupremeCourt.Valid() ||
		!termination.Void.Valid() {
		t.Error("a step, a party or an effect is not valid")
	}
	for _, s := range []termination.State{termination.Running, termination.Kept, termination.Missed,
		termination.Uncertain} {
		if !s.Valid() {
			t.Errorf("state %s is not valid", s)
		}
	}
	for name, valid := range map[string]bool{
		"reason": termination.Reason("x").Valid(), "event": termination.Event("").Valid(),
		"step":  termination.Step("x").Valid(),
		"state": termination.State("").Valid(), "bound": termination.Bound("x").Valid(), "need": termination.Need("").Valid(),
		"consequence": termination.Consequence("").Valid(), "measure": termination.Measure("x").Valid(),
		"exclusion": termination.Exclusion("").Valid(), "party": termination.Party("").Valid(),
		"ground": termination.Ground("x").Valid(),
		"claim":  termination.BankruptcyClaim("").Valid(), "payer": termination.BankruptcyPayer("x").Valid(),
		"effect": termination.Effect("").Valid(),
	} {
		if valid {
			t.Errorf("%s takes any text", name)
		}
	}
}
