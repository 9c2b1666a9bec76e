package wagesubsidy

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Announcement is a parameter file of kind "announcement": what was announced for a year whose rules were not read. It
// decides nothing.
type Announcement struct {
	rule.Version `yaml:",inline"`
	AnnouncedOn  rule.Figure[calendar.Date] `yaml:"announced_on"`
	Year         rule.Figure[int]           `yaml:"year" between:"2020..2100"`
	Amount       Amount                     `yaml:"amount"`
	// Workers is about how many were to get it.
	Workers rule.Figure[int] `yaml:"workers" between:"1..100000000"`
}

// Validate finds an amount that does not add up and a period that is not the year.
func (a *Announcement) Validate() []rule.Problem {
	s := Subsidy{Version: a.Version, Year: a.Year, Amount: a.Amount}
	return s.Validate()
}

// CriterionKnown is the only criterion of a year whose rules are not known here.
const CriterionKnown = "wagesubsidy.rules_known"

// NotKnown is the decision of a year whose rules are not known here: undetermined, whatever is stated of the worker.
func (l Law) NotKnown(year int, asOf calendar.Date) rule.Decision {
	v := rule.Version{Programme: Programme, ID: "not-known"}
	c := rule.Criterion{
		Code: CriterionKnown, Inputs: map[string]string{"year": strconv.Itoa(year)}, Result: rule.Unknown,
		Source: rule.Source{Article: "no regulation was found", Confidence: rule.ConfidenceUnread},
	}
	if a, ok := l.Announced(year); ok {
		v.ID, c.Source = a.ID, a.AnnouncedOn.Source
	}
	return rule.Decide(v, asOf, []rule.Criterion{c})
}
