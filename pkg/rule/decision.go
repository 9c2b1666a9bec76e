package rule

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
)

// Result is the result of one criterion.
type Result string

// The results. A missing input gives Unknown, never a guess.
const (
	Met     Result = "met"
	NotMet  Result = "not_met"
	Unknown Result = "unknown"
)

// Valid reports whether r is a known result.
func (r Result) Valid() bool { return codelist.Has(r) }

// Values lists the results.
func (Result) Values() []Result { return []Result{Met, NotMet, Unknown} }

// When returns Met or NotMet.
func When(met bool) Result {
	if met {
		return Met
	}
	return NotMet
}

// Criterion is one condition as it was looked at: what went in, what the law asks, what came out, and where it stands.
type Criterion struct {
	// Code names the condition, "jkp.age_at_registration"; texts and tests are keyed on it.
	Code string `json:"code"`
	// Inputs are the facts looked at; an absent fact has no entry. No personal data beyond what the condition needs.
	Inputs map[string]string `json:"inputs"`
	// Required is what the law asks, as a value ("< 54").
	Required string `json:"required"`
	Result   Result `json:"result"`
	Source
	// MessageArgs fill the placeholders of the text beside Inputs and Required.
	MessageArgs map[string]string `json:"message_args,omitempty"`
}

// Outcome is the result of a whole decision.
type Outcome string

// The outcomes.
const (
	Eligible     Outcome = "eligible"
	Ineligible   Outcome = "ineligible"
	Undetermined Outcome = "undetermined"
)

// Valid reports whether o is a known outcome.
func (o Outcome) Valid() bool { return codelist.Has(o) }

// Values lists the outcomes.
func (Outcome) Values() []Outcome { return []Outcome{Eligible, Ineligible, Undetermined} }

// Decision is what a rule says on a day under a version, with all criteria, never only the first reason.
type Decision struct {
	Programme string `json:"programme"`
	// Version is the id of the parameter file ("pp-6-2025").
	Version string `json:"version"`
	// AsOf is the day that chose the version or on which the facts were looked at.
	AsOf     calendar.Date `json:"as_of"`
	Result   Outcome       `json:"result"`
	Criteria []Criterion   `json:"criteria"`
}

// Decide builds a decision: one criterion not met makes it ineligible whatever else is unknown; else one unknown makes
// it undetermined; no criteria at all is undetermined, too.
func Decide(v Version, asOf calendar.Date, criteria []Criterion) Decision {
	d := Decision{Programme: v.Programme, Version: v.ID, AsOf: asOf, Result: Eligible, Criteria: criteria}
	if len(criteria) == 0 {
		d.Result = Undetermined
	}
	for i := range criteria {
		switch criteria[i].Result {
		case NotMet:
			d.Result = Ineligible
			return d
		case Met:
		default:
			d.Result = Undetermined
		}
	}
	return d
}

// Get returns the criterion with the code.
func (d Decision) Get(code string) (Criterion, bool) {
	for _, c := range d.Criteria {
		if c.Code == code {
			return c, true
		}
	}
	return Criterion{}, false
}

// Select returns the criteria with the result.
func (d Decision) Select(r Result) []Criterion {
	var found []Criterion
	for _, c := range d.Criteria {
		if c.Result == r {
			found = append(found, c)
		}
	}
	return found
}

// Unverified reports whether any criterion rests on a figure that nobody has read in the regulation text.
func (d Decision) Unverified() bool {
	for _, c := range d.Criteria {
		if c.Source.Unverified() {
			return true
		}
	}
	return false
}
