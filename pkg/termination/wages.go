package termination

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// DisputeWages is a parameter file of kind "dispute_wages": how long wages run on while a dispute does.
type DisputeWages struct {
	rule.Version `yaml:",inline"`
	Until        rule.Figure[Need] `yaml:"until"`
	// CourtCap is how many months courts have awarded at most: another reading, never the answer alone.
	CourtCap rule.Figure[int] `yaml:"court_cap_months" between:"1..60"`
}

// WageReading is what is owed by one reading of the law.
type WageReading struct {
	Months int
	Amount money.Rupiah // rupiah
	rule.Source
}

// Owed returns the wages of a dispute by the text and as courts have capped them. The months run from the one after
// that of the last wage paid to that of the day until, on which the decision became final or which is looked at; the
// month of that day counts whole. Faults (Invalid): termination.wage_missing, termination.date_missing,
// termination.wage_period when until lies before the month last paid.
func (d DisputeWages) Owed(wage money.Rupiah, lastPaid, until calendar.Date) (text, capped WageReading, err error) {
	if wage <= 0 {
		return text, capped, fault.New(fault.Invalid, "termination.wage_missing")
	}
	if lastPaid.IsZero() || until.IsZero() {
		return text, capped, fault.New(fault.Invalid, "termination.date_missing", "step", "dispute_wages")
	}
	months := monthOf(until) - monthOf(lastPaid)
	if months < 0 {
		return text, capped, fault.New(fault.Invalid, "termination.wage_period")
	}
	text = WageReading{Months: months, Source: d.Until.Source}
	capped = WageReading{Months: min(months, d.CourtCap.Value), Source: d.CourtCap.Source}
	for _, r := range []*WageReading{&text, &capped} {
		if r.Amount, err = wage.MulDiv(int64(r.Months), 1, money.Down); err != nil {
			return text, capped, err
		}
	}
	return text, capped, nil
}

func monthOf(d calendar.Date) int { return d.Year()*12 + int(d.Month()) }
