package severance

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// PartMonth is the switch for days beyond completed months.
type PartMonth string

// The settings.
const (
	PartMonthDropped   PartMonth = "dropped"   // completed months only
	PartMonthThirtieth PartMonth = "thirtieth" // plus days/30, at most one month
)

// Valid reports whether p is a known setting.
func (p PartMonth) Valid() bool { return p == PartMonthDropped || p == PartMonthThirtieth }

// Foreigners tells whether foreign workers have a claim to compensation.
type Foreigners string

// The settings.
const (
	ForeignersExcluded Foreigners = "excluded"
	ForeignersIncluded Foreigners = "included"
)

// Valid reports whether f is a known setting.
func (f Foreigners) Valid() bool { return f == ForeignersExcluded || f == ForeignersIncluded }

// EarlyEnd tells what is paid when the contract ends before its term.
type EarlyEnd string

// ByTimeServed pays for the months worked.
const ByTimeServed EarlyEnd = "by_time_served"

// Valid reports whether e is known.
func (e EarlyEnd) Valid() bool { return e == ByTimeServed }

// FixedTermRules is uang kompensasi, PP 35/2021 Art. 15-17: months of service / PerMonths x one month of wage.
type FixedTermRules struct {
	PerMonths  rule.Figure[int]        `yaml:"per_months" between:"1..100"`
	MinMonths  rule.Figure[int]        `yaml:"min_months" between:"1..100"`
	Foreigners rule.Figure[Foreigners] `yaml:"foreigners"`
	EndedEarly rule.Figure[EarlyEnd]   `yaml:"ended_early"`
	PartMonth  rule.Figure[PartMonth]  `yaml:"part_month"`
	// LastDay is the switch of the same name for fixed terms: a term is agreed from its first to its last day.
	LastDay rule.Figure[LastDay] `yaml:"last_day"`
}

// FixedTerm is a fixed-term contract that has ended, on its term or before it. End is the real last day.
type FixedTerm struct {
	Start, End calendar.Date
	Wage       Wage
	// Foreigner is nil when nobody has said.
	Foreigner *bool
}

// Compensation is the answer for a fixed-term contract. Part is zero and unknown unless the decision is eligible.
type Compensation struct {
	Decision rule.Decision `json:"decision"`
	Tenure   Tenure        `json:"tenure"`
	Part     Part          `json:"part"`
}

// The criteria of a compensation.
const (
	CriterionMinService = "severance.fixed_term_min_service"
	CriterionForeigner  = "severance.fixed_term_not_foreigner"
)

// monthDays is the 30 of the switch thirtieth.
const monthDays = 30

// Compensate computes uang kompensasi. Faults as Tenure and Month.
func (r Rules) Compensate(f FixedTerm) (Compensation, error) {
	r.LastDay = r.FixedTerm.LastDay
	tenure, other, err := r.tenures(f.Start, f.End)
	if err != nil {
		return Compensation{}, err
	}
	c := Compensation{Tenure: tenure, Decision: rule.Decide(r.Version, f.End, r.fixedTermCriteria(f, tenure))}
	wage, err := r.Month(f.Wage)
	if err != nil || c.Decision.Result != rule.Eligible {
		return c, err
	}
	c.Part, err = r.compensation(tenure, wage)
	if err == nil && tenure.CompletedMonths() != other.CompletedMonths() {
		c.Part = c.Part.rest(append(c.Part.Sources, r.LastDay.Source)...)
	}
	return c, err
}

func (r Rules) compensation(tenure Tenure, wage MonthlyWage) (Part, error) {
	rules := r.FixedTerm
	served, err := rule.NewRatio(int64(tenure.CompletedMonths()), 1)
	if err != nil {
		return Part{}, fault.New(fault.Invalid, "severance.amount_too_large").Because(err)
	}
	sources := []rule.Source{rules.PerMonths.Source, rules.EndedEarly.Source, wage.Source}
	if tenure.Days > 0 {
		sources = append(sources, rules.PartMonth.Source)
	}
	if rules.PartMonth.Value == PartMonthThirtieth {
		if served, err = rule.NewRatio(served.Num()*monthDays+int64(min(tenure.Days, monthDays)), monthDays); err != nil {
			return Part{}, fault.New(fault.Invalid, "severance.amount_too_large").Because(err)
		}
	}
	share, err := rule.NewRatio(served.Num(), served.Den()*int64(rules.PerMonths.Value))
	if err != nil {
		return Part{}, fault.New(fault.Invalid, "severance.amount_too_large").Because(err)
	}
	exact, err := times(wage.Exact, share)
	if err != nil {
		return Part{}, err
	}
	p := Part{Kind: FixedTermCompensation, Months: tenure.CompletedMonths(), Multiplier: share, Reads: AsStated}
	return r.round(p, exact, sources...)
}

func (r Rules) fixedTermCriteria(f FixedTerm, tenure Tenure) []rule.Criterion {
	rules := r.FixedTerm
	foreigner := rule.Criterion{
		Code: CriterionForeigner, Inputs: map[string]string{}, Required: string(rules.Foreigners.Value),
		Result: rule.Unknown, Source: rules.Foreigners.Source,
	}
	if f.Foreigner != nil {
		foreigner.Inputs["foreigner"] = strconv.FormatBool(*f.Foreigner)
		foreigner.Result = rule.When(!*f.Foreigner)
	}
	if rules.Foreigners.Value == ForeignersIncluded {
		foreigner.Result = rule.Met
	}
	return []rule.Criterion{{
		Code:     CriterionMinService,
		Inputs:   map[string]string{"months": strconv.Itoa(tenure.CompletedMonths()), "days": strconv.Itoa(tenure.Days)},
		Required: ">= " + strconv.Itoa(rules.MinMonths.Value),
		Result:   rule.When(tenure.CompletedMonths() >= rules.MinMonths.Value),
		Source:   rules.MinMonths.Source,
	}, foreigner}
}
