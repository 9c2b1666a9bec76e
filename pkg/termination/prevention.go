package termination

import (
	"fmt"
	"slices"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Measure is a measure to be tried before a termination.
type Measure string

// The eight measures of SE-907/MEN/PHI-PPHI/X/2004, (a) to (h).
const (
	CutTopPay           Measure = "cut_top_pay"
	ReduceShifts        Measure = "reduce_shifts"
	LimitOvertime       Measure = "limit_overtime"
	ReduceHours         Measure = "reduce_hours"
	ReduceDays          Measure = "reduce_days"
	RotateFurlough      Measure = "rotate_furlough"
	NoContractExtension Measure = "no_contract_extension"
	PensionEligible     Measure = "pension_eligible"
)

// Measures returns the measures in the order of the circular.
func Measures() []Measure {
	return []Measure{
		CutTopPay, ReduceShifts, LimitOvertime, ReduceHours, ReduceDays, RotateFurlough, NoContractExtension, PensionEligible,
	}
}

// Values returns all measures.
func (Measure) Values() []Measure { return Measures() }

// Valid reports whether m is a known measure.
func (m Measure) Valid() bool { return slices.Contains(Measures(), m) }

// MeasureEntry is one measure with its letter and text.
type MeasureEntry struct {
	Code        Measure   `yaml:"code" json:"code"`
	Letter      string    `yaml:"letter" json:"letter"`
	Text        rule.Text `yaml:"text" json:"text"`
	rule.Source `yaml:",inline"`
}

// Prevention is a parameter file of kind "prevention": a check list, reference data.
type Prevention struct {
	rule.Version `yaml:",inline"`
	Measures     []MeasureEntry `yaml:"measures" each:"code"`
}

// Validate finds measures that are out of order.
func (p *Prevention) Validate() []rule.Problem {
	codes := make([]Measure, 0, len(p.Measures))
	for _, m := range p.Measures {
		codes = append(codes, m.Code)
	}
	if !slices.Equal(codes, Measures()) {
		return []rule.Problem{{Key: "measures", Text: fmt.Sprintf("want the measures %v in this order", Measures())}}
	}
	return nil
}

// Untried returns the measures that are not in tried, in the order of the circular.
func (p Prevention) Untried(tried ...Measure) []MeasureEntry {
	var rest []MeasureEntry
	for _, m := range p.Measures {
		if !slices.Contains(tried, m.Code) {
			rest = append(rest, m)
		}
	}
	return rest
}
