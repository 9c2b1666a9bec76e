package severance

import "github.com/tanggap/tanggap/pkg/rule"

// Reading tells how the amount of a table is to be read.
type Reading string

// The readings.
const (
	AsStated Reading = "as_stated"
	AtLeast  Reading = "at_least" // paling sedikit: more may be agreed, less may not
)

// Valid reports whether r is a known reading.
func (r Reading) Valid() bool { return r == AsStated || r == AtLeast }

// TableStep is one row: from so many completed years on, so many months of wage.
type TableStep struct {
	FromYears int `yaml:"from_years" between:"0..60"`
	Months    int `yaml:"months" between:"0..100"`
}

// Table gives months of wage by completed years of service. The rows rise; the first begins at 0 years.
type Table struct {
	rule.Source `yaml:",inline"`
	Reads       rule.Figure[Reading] `yaml:"reads"`
	Steps       []TableStep          `yaml:"steps"`
}

// Months returns the months of wage for completed years of service.
func (t Table) Months(years int) int {
	months := 0
	for _, s := range t.Steps {
		if years >= s.FromYears {
			months = s.Months
		}
	}
	return months
}

func (t Table) problems(key string) []rule.Problem {
	if t.Steps[0].FromYears != 0 {
		return []rule.Problem{{Key: key + ".steps", Text: "the first row has to begin at 0 years"}}
	}
	for i := 1; i < len(t.Steps); i++ {
		before, here := t.Steps[i-1], t.Steps[i]
		if here.FromYears <= before.FromYears || here.Months < before.Months {
			return []rule.Problem{{Key: key + ".steps", Text: "the rows do not rise"}}
		}
	}
	return nil
}
