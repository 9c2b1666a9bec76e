package prakerja_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

func TestFirstPurchaseGolden(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "first_purchase.csv") {
		t.Run(row["example"], func(t *testing.T) {
			t.Parallel()
			got, err := schemeAt(t, row["awarded"]).PurchaseBy(date(row["awarded"]), date(row["bought"]), date(row["as_of"]))
			if err != nil || got.Due != date(row["due"]) || string(got.Decision.Result) != row["result"] {
				t.Errorf("due %s, %s, want %s and %s: %v", got.Due, got.Decision.Result, row["due"], row["result"], err)
			}
			if got.CountingSource.Confidence != rule.ConfidenceOpen {
				t.Error("how days are counted is an open question")
			}
			c := got.Decision.Criteria[0]
			if c.Code != prakerja.CriterionFirstPurchase || c.Inputs["awarded_on"] != row["awarded"] ||
				c.Required != "<= "+row["due"] {
				t.Errorf("criterion %s: %v, %s", c.Code, c.Inputs, c.Required)
			}
		})
	}
}

func TestFirstPurchaseOfTheOpenSchemeIsNotKnown(t *testing.T) {
	t.Parallel()
	got, err := schemeAt(t, "2025-03-01").PurchaseBy(date("2025-03-01"), date("2025-12-01"), date("2026-01-01"))
	if err != nil || !got.Due.IsZero() || got.Decision.Result != rule.Undetermined || !got.Decision.Unverified() {
		t.Errorf("due %s, %s: %v", got.Due, got.Decision.Result, err)
	}
}

func TestFirstPurchaseRefusals(t *testing.T) {
	t.Parallel()
	s := schemeAt(t, "2021-03-01")
	for name, c := range map[string]struct{ awarded, bought, want string }{
		"no award":                  {"", "2021-03-01", "prakerja.award_missing"},
		"bought before it was awar": {"2021-03-02", "2021-03-01", "prakerja.purchase_before_award"},
	} {
		if _, err := s.PurchaseBy(date(c.awarded), date(c.bought), date("2021-05-01")); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// While there is time the answer may change once; after the due day it never does.
func TestFirstPurchaseIsSettledAfterTheDueDay(t *testing.T) {
	t.Parallel()
	schemes := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		s := schemes[rapid.IntRange(0, 1).Draw(t, "scheme")]
		awarded := date("2021-01-01").AddDays(rapid.IntRange(0, 1400).Draw(t, "awarded"))
		bought := awarded.AddDays(rapid.IntRange(0, 60).Draw(t, "bought"))
		at := func(asOf int) rule.Outcome {
			got, err := s.PurchaseBy(awarded, bought, awarded.AddDays(asOf))
			if err != nil {
				t.Fatal(err)
			}
			return got.Decision.Result
		}
		first, second := rapid.IntRange(0, 90).Draw(t, "first"), rapid.IntRange(0, 90).Draw(t, "more")
		if before := at(first); before != rule.Undetermined && before != at(first+second) {
			t.Errorf("%s after %d days, %s after %d", before, first, at(first+second), first+second)
		}
		inTime := awarded.DaysUntil(bought) <= s.FirstPurchase.Days.Value
		if got := at(200); (got == rule.Eligible) != inTime {
			t.Errorf("bought after %d days: %s", awarded.DaysUntil(bought), got)
		}
	})
}
