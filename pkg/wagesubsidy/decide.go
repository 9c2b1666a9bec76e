package wagesubsidy

import (
	"math"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Worker is what has to be known of a worker; nil and a fact without an entry mean that nobody has stated it.
type Worker struct {
	// Wage is the wage reported to BPJS-TK, in rupiah a month.
	Wage *money.Rupiah
	// MinimumWage is UMP or UMK of the place of work, in rupiah a month.
	MinimumWage *money.Rupiah
	Facts       map[Fact]bool
}

// Answer is the decision on one worker and year.
type Answer struct {
	Decision rule.Decision `json:"decision"`
	// Priority lists the conditions that order the workers without excluding anybody.
	Priority []rule.Criterion `json:"priority"`
	// Amount is the sum in rupiah when the decision is eligible, else 0.
	Amount money.Rupiah `json:"amount"`
}

// The criteria that are not simply "wagesubsidy." and the fact's name.
const CriterionWage = "wagesubsidy.wage"

// Decide answers for a worker on the day asOf. Faults (Invalid): wagesubsidy.amount_negative,
// wagesubsidy.amount_too_large.
func (s Subsidy) Decide(w Worker, asOf calendar.Date) (Answer, error) {
	wage, err := s.wage(w)
	if err != nil {
		return Answer{}, err
	}
	criteria := []rule.Criterion{wage}
	var a Answer
	for _, c := range s.Conditions {
		if c.Priority {
			a.Priority = append(a.Priority, s.condition(c, w))
			continue
		}
		criteria = append(criteria, s.condition(c, w))
	}
	a.Decision = rule.Decide(s.Version, asOf, criteria)
	if a.Decision.Result == rule.Eligible {
		a.Amount = s.Amount.Total.Value
	}
	return a, nil
}

func (s Subsidy) condition(c Condition, w Worker) rule.Criterion {
	out := rule.Criterion{
		Code: "wagesubsidy." + string(c.Fact), Inputs: map[string]string{}, Required: strconv.FormatBool(c.Holds),
		Result: rule.Unknown, Source: c.Source,
	}
	if c.Fact == ActiveMember {
		out.MessageArgs = map[string]string{"active_until": s.ActiveUntil.Value.String()}
	}
	if held, known := w.Facts[c.Fact]; known {
		out.Inputs[string(c.Fact)] = strconv.FormatBool(held)
		out.Result = rule.When(held == c.Holds)
	}
	return out
}

// wage: within the ceiling is met without a look at the minimum wage; above it the minimum wage decides, if the file
// has the rule, and is unknown while it is not stated.
func (s Subsidy) wage(w Worker) (rule.Criterion, error) {
	c := rule.Criterion{Code: CriterionWage, Inputs: map[string]string{}, Result: rule.Unknown, Source: s.Ceiling.Source}
	ceiling, err := s.CeilingFor(w.MinimumWage)
	if err != nil {
		return c, err
	}
	sign := "<= "
	if s.CeilingBound.Value == Below {
		sign = "< "
	}
	c.Required = sign + strconv.FormatInt(int64(ceiling), 10)
	if w.MinimumWage != nil && s.MinimumWageStep != nil {
		c.Inputs["minimum_wage"] = strconv.FormatInt(int64(*w.MinimumWage), 10)
		if ceiling > s.Ceiling.Value {
			c.Source = s.MinimumWageStep.Source
		}
	}
	if w.Wage == nil {
		return c, nil
	}
	if *w.Wage < 0 {
		return c, fault.New(fault.Invalid, "wagesubsidy.amount_negative").At("wage")
	}
	c.Inputs["wage"] = strconv.FormatInt(int64(*w.Wage), 10)
	within := *w.Wage < ceiling || s.CeilingBound.Value == UpTo && *w.Wage == ceiling
	if within || w.MinimumWage != nil || s.MinimumWageStep == nil {
		c.Result = rule.When(within)
	}
	return c, nil
}

// CeilingFor returns the wage ceiling in rupiah: that of the file, or the minimum wage rounded up to the step where
// that is higher (4,798,312 gives 4,800,000). minimum nil = the file's. Faults as Decide.
func (s Subsidy) CeilingFor(minimum *money.Rupiah) (money.Rupiah, error) {
	if minimum == nil || s.MinimumWageStep == nil {
		return s.Ceiling.Value, nil
	}
	step := s.MinimumWageStep.Value
	switch {
	case *minimum < 0:
		return 0, fault.New(fault.Invalid, "wagesubsidy.amount_negative").At("minimum_wage")
	case *minimum > math.MaxInt64-step:
		return 0, fault.New(fault.Invalid, "wagesubsidy.amount_too_large").At("minimum_wage")
	}
	rounded := (*minimum + step - 1) / step * step
	return max(s.Ceiling.Value, rounded), nil
}
