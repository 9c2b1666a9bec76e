package severancetax

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Kind is what is paid.
type Kind string

// The kinds.
const (
	Severance Kind = "severance" // UP, UPMK, UPH
	OtherSum  Kind = "other_sum" // uang kompensasi PKWT, uang pisah: taxed as severance, which was not confirmed
	OldAge    Kind = "old_age"   // JHT, pension lump sum
)

// Valid reports whether k is a known kind.
func (k Kind) Valid() bool { return k == Severance || k == OtherSum || k == OldAge }

// Payment is what was paid on a day, in whole rupiah.
type Payment struct {
	On     calendar.Date
	Amount money.Rupiah
}

// Slice is the part of the gross that one step taxes.
type Slice struct {
	Gross  money.Rupiah
	Rate   rule.Ratio
	Tax    money.Rupiah
	Source rule.Source
}

// Answer is the tax on the payments.
type Answer struct {
	Version string
	Kind    Kind
	// Gross is what the final rates tax, in Slices; Tax their sum.
	Gross  money.Rupiah
	Slices []Slice
	Tax    money.Rupiah
	// Later is what was paid after the years that are added up: its tax is not known here.
	Later money.Rupiah
	// Sources are what the tax rests on beside the steps.
	Sources []rule.Source
}

// maxGross keeps every product within 64 bits: far above any severance.
const maxGross money.Rupiah = 100_000_000_000_000

// Tax computes the tax of a worker who is resident, or not, under the version of the first payment. Faults (Invalid):
// severancetax.kind_unknown, severancetax.payments_missing, severancetax.amount_invalid, rule.no_version.
func (l Law) Tax(kind Kind, payments []Payment, resident bool) (Answer, error) {
	if len(payments) == 0 {
		return Answer{}, fault.New(fault.Invalid, "severancetax.payments_missing").At("payments")
	}
	sorted := slices.SortedFunc(slices.Values(payments), func(a, b Payment) int { return a.On.Compare(b.On) })
	rules, err := l.Versions.At(sorted[0].On)
	if err != nil {
		return Answer{}, err
	}
	return rules.Tax(kind, sorted, resident)
}

// Tax is Law.Tax under these rules; the payments are in the order of their days.
func (r Rules) Tax(kind Kind, payments []Payment, resident bool) (Answer, error) {
	if !kind.Valid() {
		return Answer{}, fault.New(fault.Invalid, "severancetax.kind_unknown").At("kind")
	}
	a := Answer{Version: r.ID, Kind: kind, Sources: []rule.Source{r.WindowYears.Source}}
	if kind == OtherSum {
		a.Sources = append(a.Sources, r.OtherSums.Source)
	}
	for _, p := range payments {
		if p.Amount < 0 || p.Amount > maxGross || a.Gross+a.Later+p.Amount > maxGross {
			return Answer{}, fault.New(fault.Invalid, "severancetax.amount_invalid").At("payments")
		}
		if resident && p.On.Year()-payments[0].On.Year() >= r.WindowYears.Value {
			a.Later += p.Amount
		} else {
			a.Gross += p.Amount
		}
	}
	return a, r.slice(&a, r.steps(kind, resident))
}

func (r Rules) steps(kind Kind, resident bool) []Step {
	switch {
	case !resident:
		return []Step{{Rate: r.NonResident}}
	case kind == OldAge:
		return r.OldAge
	}
	return r.Severance
}

// slice cuts the gross at the bounds of the steps.
func (r Rules) slice(a *Answer, steps []Step) error {
	rounded := false
	for i, s := range steps {
		part := a.Gross - s.Above
		if i+1 < len(steps) {
			part = min(part, steps[i+1].Above-s.Above)
		}
		if part <= 0 {
			break
		}
		tax, err := s.Rate.Value.Of(part, r.Rounding.Value)
		if err != nil {
			return fault.New(fault.Invalid, "severancetax.amount_invalid").At("payments").Because(err)
		}
		rounded = rounded || int64(part)*s.Rate.Value.Num()%s.Rate.Value.Den() != 0
		a.Slices = append(a.Slices, Slice{Gross: part, Rate: s.Rate.Value, Tax: tax, Source: s.Rate.Source})
		a.Tax += tax
	}
	if rounded {
		a.Sources = append(a.Sources, r.Rounding.Source)
	}
	return nil
}
