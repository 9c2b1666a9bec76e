package severance

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// PartKind names a part of the money.
type PartKind string

// The parts.
const (
	SeverancePay          PartKind = "severance_pay"           // uang pesangon
	ServicePay            PartKind = "service_pay"             // uang penghargaan masa kerja
	RightsCompensation    PartKind = "rights_compensation"     // uang penggantian hak
	SeparationPay         PartKind = "separation_pay"          // uang pisah
	AgreedAmount          PartKind = "agreed_amount"           // what a micro or small firm agreed with the worker
	FamilyAid             PartKind = "family_aid"              // to the family of a detained worker
	PensionOffset         PartKind = "pension_offset"          // negative: what the employer paid into a pension fund
	FixedTermCompensation PartKind = "fixed_term_compensation" // uang kompensasi PKWT
	FixedTermDamages      PartKind = "fixed_term_damages"      // wages to the end of a term that was cut short
)

// Valid reports whether k is a known part.
func (k PartKind) Valid() bool {
	return slices.Contains([]PartKind{
		SeverancePay, ServicePay, RightsCompensation, SeparationPay, AgreedAmount, FamilyAid, PensionOffset,
		FixedTermCompensation, FixedTermDamages,
	}, k)
}

// RightKind is an item of uang penggantian hak.
type RightKind string

// The items. HousingMedical is the old 15 % item, which the law does not give any more; one that is stated was agreed.
const (
	UnusedLeave    RightKind = "unused_leave"
	FareHome       RightKind = "fare_home" // of the worker and the family to the place where the worker was hired
	Agreed         RightKind = "agreed"    // in the agreement, the company's rules or the collective agreement
	HousingMedical RightKind = "housing_medical"
)

// Values returns all items.
func (RightKind) Values() []RightKind {
	return []RightKind{UnusedLeave, FareHome, Agreed, HousingMedical}
}

// Valid reports whether k is a known item.
func (k RightKind) Valid() bool { return slices.Contains(k.Values(), k) }

// Part is one part of the money with everything it rests on.
type Part struct {
	Kind PartKind `json:"kind"`
	// Item is the item of uang penggantian hak; empty for other parts.
	Item RightKind `json:"item,omitempty"`
	// Months is the number of months of wage of the table, or the months of service for a fixed term.
	Months int `json:"months"`
	// Multiplier is the reason's multiplier, or the part of a year for a fixed term; zero for stated amounts.
	Multiplier rule.Ratio `json:"multiplier"`
	// Exact is the amount before rounding, Amount in whole rupiah.
	Exact  rule.Ratio   `json:"exact"`
	Amount money.Rupiah `json:"amount"`
	// Known is false when the amount hangs on a fact that nobody has stated; Amount is then 0 and says nothing.
	Known bool `json:"known"`
	// ByAgreement says that the law gives no amount here: it is what the parties agreed.
	ByAgreement bool `json:"by_agreement,omitempty"`
	// Otherwise are the amounts under other readings of what the law leaves open; empty when they come out alike.
	Otherwise []Other `json:"otherwise,omitempty"`
	// Reads tells whether the amount is a minimum; ReadsSource where that stands.
	Reads       Reading     `json:"reads"`
	ReadsSource rule.Source `json:"reads_source"`
	// Article is every place the amount rests on, Confidence the weakest of them, Sources the places themselves.
	Article    string          `json:"article"`
	Confidence rule.Confidence `json:"confidence"`
	Sources    []rule.Source   `json:"sources"`
}

// Other is the amount of a part under another reading.
type Other struct {
	Reading string       `json:"reading"` // such as last_day_not_counted
	Amount  money.Rupiah `json:"amount"`
	rule.Source
}

// least is the smallest amount that any reading gives.
func (p Part) least() money.Rupiah {
	least := p.Amount
	for _, o := range p.Otherwise {
		least = min(least, o.Amount)
	}
	return least
}

// Unverified reports whether the amount rests on a figure that nobody has read in the regulation text.
func (p Part) Unverified() bool { return p.Confidence.Unverified() }

// rest sets the sources and what follows from them.
func (p Part) rest(sources ...rule.Source) Part {
	p.Sources = sources
	p.Article, p.Confidence = rule.Places(sources)
	return p
}

// unknown takes the amount away again: it hangs on a fact that nobody has stated, by one more source.
func (p Part) unknown(source rule.Source) Part {
	p.Multiplier, p.Exact, p.Amount, p.Known, p.Otherwise = rule.Ratio{}, rule.Ratio{}, 0, false, nil
	return p.rest(append(p.Sources, source)...)
}

// round sets Exact and Amount; a rounding that changed something is one of the sources.
func (r Rules) round(p Part, exact rule.Ratio, sources ...rule.Source) (Part, error) {
	p.Exact, p.Known = exact, true
	whole, err := money.Rupiah(exact.Num()).MulDiv(1, exact.Den(), r.Rounding.Value)
	if err != nil {
		return Part{}, tooLarge(err)
	}
	p.Amount = whole
	if exact.Den() != 1 {
		sources = append(sources, r.Rounding.Source)
	}
	return p.rest(sources...), nil
}

// times returns the exact product. Files and amounts are bounded, so that it fits; an overflow is an error all the
// same.
func times(a, b rule.Ratio) (rule.Ratio, error) {
	product, err := a.Times(b.Num())
	if err != nil {
		return rule.Ratio{}, tooLarge(err)
	}
	return rule.NewRatio(product.Num(), product.Den()*b.Den())
}

func tooLarge(err error) error {
	return fault.New(fault.Invalid, "severance.amount_too_large").Because(err)
}
