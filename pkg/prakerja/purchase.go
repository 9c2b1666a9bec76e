package prakerja

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// CriterionFirstPurchase is the code of the criterion of a first purchase.
const CriterionFirstPurchase = "prakerja.first_purchase"

// Purchase is the answer on the first training bought: missing it revokes the card and the balance goes back.
type Purchase struct {
	// Due is the last day; zero when the scheme's rule is not known.
	Due calendar.Date `json:"due"`
	// Decision: eligible = bought in time, ineligible = missed, undetermined = still time, or the rule is not known.
	Decision rule.Decision `json:"decision"`
	// CountingSource says how days are counted; the law is silent on it.
	CountingSource rule.Source `json:"counting_source"`
}

// PurchaseBy answers on the day asOf for a card awarded on the day; bought is the day of the first purchase, zero =
// none. Faults (Invalid): prakerja.award_missing, prakerja.purchase_before_award.
func (s Scheme) PurchaseBy(awarded, bought, asOf calendar.Date) (Purchase, error) {
	if awarded.IsZero() {
		return Purchase{}, fault.New(fault.Invalid, "prakerja.award_missing").At("awarded_on")
	}
	if !bought.IsZero() && bought.Before(awarded) {
		return Purchase{}, fault.New(fault.Invalid, "prakerja.purchase_before_award").At("bought_on")
	}
	c := rule.Criterion{
		Code: CriterionFirstPurchase, Inputs: map[string]string{"awarded_on": awarded.String()},
		Result: rule.Unknown, Source: s.Status.Source,
	}
	if !bought.IsZero() {
		c.Inputs["bought_on"] = bought.String()
	}
	if s.FirstPurchase == nil {
		return Purchase{Decision: rule.Decide(s.Version, asOf, []rule.Criterion{c})}, nil
	}
	due := awarded.AddDays(s.FirstPurchase.Days.Value)
	c.Required, c.Source = "<= "+due.String(), s.FirstPurchase.Days.Source
	switch {
	case !bought.IsZero() && !bought.After(asOf):
		c.Result = rule.When(!bought.After(due))
	case asOf.After(due):
		c.Result = rule.NotMet
	}
	return Purchase{
		Due: due, Decision: rule.Decide(s.Version, asOf, []rule.Criterion{c}),
		CountingSource: s.FirstPurchase.Counting.Source,
	}, nil
}
