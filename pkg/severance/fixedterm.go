package severance

import (
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
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

func (p PartMonth) other() PartMonth {
	if p == PartMonthDropped {
		return PartMonthThirtieth
	}
	return PartMonthDropped
}

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
	LastDay    rule.Figure[LastDay]     `yaml:"last_day"`
	Wage       rule.Figure[Composition] `yaml:"wage"`
	SmallFirms rule.Figure[SmallFirms]  `yaml:"small_firms"`
	// RunsFrom is the day on which a contract must still have run to be paid at all, CountsFrom the day before which
	// service does not count.
	RunsFrom   rule.Figure[calendar.Date] `yaml:"runs_from"`
	CountsFrom rule.Figure[calendar.Date] `yaml:"counts_from"`
	Damages    rule.Figure[Damage]        `yaml:"damages"`
}

// FixedTerm is a fixed-term contract that has ended, on its term or before it. End is the last day worked.
type FixedTerm struct {
	Start, End calendar.Date
	// FirmSize decides whether the formula binds the employer; empty when nobody has said.
	FirmSize FirmSize
	// Wage is the zero Wage when nobody has stated it.
	Wage Wage
	// Foreigner is nil when nobody has said.
	Foreigner *bool
	// Agreed is what a micro or small firm agreed with the worker; nil when nobody has stated it.
	Agreed *money.Rupiah
	// Early is how the contract was cut short; nil when it was not, or nobody has said.
	Early *Early
}

// Compensation is the answer for a fixed-term contract. Part is zero and unknown unless the decision is eligible.
type Compensation struct {
	Decision rule.Decision `json:"decision"`
	Tenure   Tenure        `json:"tenure"`
	Part     Part          `json:"part"`
	// Damages stand beside the compensation when the contract was cut short.
	Damages *Damages `json:"damages,omitempty"`
	// Missing names the facts that would make the amounts known.
	Missing []string `json:"missing,omitempty"`
	// Orientation is what the formula gives where it does not bind the employer, or nobody has said whether it does.
	Orientation *Part `json:"orientation,omitempty"`
}

// The criteria of a compensation.
const (
	CriterionMinService = "severance.fixed_term_min_service"
	CriterionForeigner  = "severance.fixed_term_not_foreigner"
	CriterionRunning    = "severance.fixed_term_running"
)

// monthDays is the 30 of the switch thirtieth.
const monthDays = 30

// Compensate computes uang kompensasi, and damages when the contract was cut short. Faults (Invalid) as Tenure and
// Month, severance.firm_size_unknown, severance.term_before_end, severance.amount_negative, severance.amount_too_large.
func (r Rules) Compensate(f FixedTerm) (Compensation, error) {
	if f.FirmSize != "" && !f.FirmSize.Valid() {
		return Compensation{}, fault.New(fault.Invalid, "severance.firm_size_unknown").At("firm_size")
	}
	r.LastDay, r.Wage.Monthly = r.FixedTerm.LastDay, r.FixedTerm.Wage
	tenure, _, err := r.tenures(f.Start, f.End)
	if err != nil {
		return Compensation{}, err
	}
	c := Compensation{Tenure: tenure, Decision: rule.Decide(r.Version, f.End, r.fixedTermCriteria(f, tenure))}
	var wage MonthlyWage
	if f.Wage.Stated() {
		if wage, err = r.MonthOf(f.Wage, f.FirmSize); err != nil {
			return c, err
		}
	}
	var missing lacking
	if f.Foreigner == nil && c.Decision.Result == rule.Undetermined {
		missing.add(FactForeigner)
	}
	if c.Decision.Result == rule.Eligible {
		if err = r.compensate(f, wage, &c, &missing); err != nil {
			return c, err
		}
	}
	c.Damages, err = r.damages(f, wage, &missing)
	c.Missing = missing
	return c, err
}

// compensate fills the part: the formula where it binds the employer, else what was agreed.
func (r Rules) compensate(f FixedTerm, wage MonthlyWage, c *Compensation, missing *lacking) error {
	formula, err := r.formula(f, wage, missing)
	switch {
	case err != nil:
		return err
	case f.FirmSize.bound():
		c.Part = formula
		return nil
	case f.FirmSize.ByAgreement():
		c.Part, err = r.agreed(f.Agreed, r.FixedTerm.SmallFirms.Source, missing)
		c.Part.Kind = FixedTermCompensation
	default:
		missing.add(FactFirmSize)
		c.Part = formula.unknown(r.FixedTerm.SmallFirms.Source)
	}
	c.Orientation = &formula
	return err
}

// formula is the part by the formula, with the other reading of days beyond whole months beside it.
func (r Rules) formula(f FixedTerm, wage MonthlyWage, missing *lacking) (Part, error) {
	rules := r.FixedTerm
	start, sources := f.Start, []rule.Source{rules.PerMonths.Source, rules.EndedEarly.Source}
	if start.Before(rules.CountsFrom.Value) {
		start, sources = rules.CountsFrom.Value, append(sources, rules.CountsFrom.Source)
	}
	here, there, err := r.tenures(start, f.End)
	if err != nil {
		return Part{}, err
	}
	served, err := rules.served(here, rules.PartMonth.Value)
	if err != nil {
		return Part{}, err
	}
	p := Part{Kind: FixedTermCompensation, Months: here.CompletedMonths(), Multiplier: served, Reads: AsStated}
	if !f.Wage.Stated() {
		missing.add(FactWage)
		return p.rest(sources...), nil
	}
	if sources = append(sources, wage.Source); here.Days > 0 {
		sources = append(sources, rules.PartMonth.Source)
	}
	if here.CompletedMonths() != there.CompletedMonths() {
		sources = append(sources, r.LastDay.Source)
	}
	if p.Otherwise, err = r.otherMonths(p, here, wage); err != nil {
		return Part{}, err
	}
	exact, err := times(wage.Exact, served)
	if err != nil {
		return Part{}, err
	}
	return r.round(p, exact, sources...)
}

// served is the part of PerMonths that was served.
func (f FixedTermRules) served(t Tenure, how PartMonth) (rule.Ratio, error) {
	days := 0
	if how == PartMonthThirtieth {
		days = min(t.Days, monthDays)
	}
	share, err := rule.NewRatio(int64(t.CompletedMonths())*monthDays+int64(days), monthDays*int64(f.PerMonths.Value))
	if err != nil {
		return share, tooLarge(err)
	}
	return share, nil
}

// otherMonths gives the amount under the other setting of part_month; nothing when there are no days beyond months.
func (r Rules) otherMonths(p Part, t Tenure, wage MonthlyWage) ([]Other, error) {
	if t.Days == 0 {
		return nil, nil
	}
	how := r.FixedTerm.PartMonth.Value.other()
	served, err := r.FixedTerm.served(t, how)
	if err != nil {
		return nil, err
	}
	exact, err := times(wage.Exact, served)
	if err != nil {
		return nil, err
	}
	p, err = r.round(p, exact)
	return []Other{{Reading: "part_month_" + string(how), Amount: p.Amount, Source: r.FixedTerm.PartMonth.Source}}, err
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
	criteria := []rule.Criterion{{
		Code:     CriterionMinService,
		Inputs:   map[string]string{"months": strconv.Itoa(tenure.CompletedMonths()), "days": strconv.Itoa(tenure.Days)},
		Required: ">= " + strconv.Itoa(rules.MinMonths.Value),
		Result:   rule.When(tenure.CompletedMonths() >= rules.MinMonths.Value),
		Source:   rules.MinMonths.Source,
	}, foreigner}
	if f.Start.Before(rules.RunsFrom.Value) {
		criteria = append(criteria, rule.Criterion{
			Code: CriterionRunning, Inputs: map[string]string{"end": f.End.String()}, Required: ">= " +
				rules.RunsFrom.Value.String(),
			Result: rule.When(!f.End.Before(rules.RunsFrom.Value)), Source: rules.RunsFrom.Source,
		})
	}
	return criteria
}
