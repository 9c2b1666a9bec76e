package prakerja

import (
	"slices"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Requirement is something that has to be done before the incentive is released.
type Requirement string

// The requirements.
const (
	TrainingFinished Requirement = "training_finished"
	Certificate      Requirement = "certificate"
	Rating           Requirement = "rating"         // the training is rated and reviewed
	LinkedAccount    Requirement = "linked_account" // bank account or e-wallet
)

// Requirements returns all requirements in the order in which they are met.
func Requirements() []Requirement {
	return []Requirement{TrainingFinished, Certificate, Rating, LinkedAccount}
}

// Values returns all requirements.
func (Requirement) Values() []Requirement { return Requirements() }

// Valid reports whether r is a known requirement.
func (r Requirement) Valid() bool { return slices.Contains(Requirements(), r) }

// Progress is how far a participant is. A requirement without an entry is not known.
type Progress struct {
	Done map[Requirement]bool
	// Surveys counts the answered surveys.
	Surveys int
	// IncentivesPaid and SurveysPaid count the payments already made.
	IncentivesPaid, SurveysPaid int
}

// Entitlement is what is still owed, in rupiah. The amounts are zero unless the decision is eligible.
type Entitlement struct {
	Decision rule.Decision `json:"decision"`
	// Incentives and Surveys count the payments that are still owed, at IncentiveEach and SurveyEach.
	Incentives    int          `json:"incentives"`
	IncentiveEach money.Rupiah `json:"incentive_each"`
	Surveys       int          `json:"surveys"`
	SurveyEach    money.Rupiah `json:"survey_each"`
	Total         money.Rupiah `json:"total"`
}

// Entitle decides on the release of the incentive and of the surveys' money. Faults (Invalid): prakerja.count_negative.
func (s Scheme) Entitle(p Progress, asOf calendar.Date) (Entitlement, error) {
	if p.Surveys < 0 || p.IncentivesPaid < 0 || p.SurveysPaid < 0 {
		return Entitlement{}, fault.New(fault.Invalid, "prakerja.count_negative")
	}
	e := Entitlement{Decision: rule.Decide(s.Version, asOf, s.release(p))}
	if e.Decision.Result != rule.Eligible || !s.Package.complete() {
		return e, nil
	}
	e.IncentiveEach, e.SurveyEach = s.Package.Incentive.Value, s.Package.Survey.Value
	e.Incentives = max(0, s.Package.IncentivePayments.Value-p.IncentivesPaid)
	e.Surveys = max(0, min(p.Surveys, s.Package.SurveyPayments.Value)-p.SurveysPaid)
	e.Total = e.IncentiveEach*money.Rupiah(e.Incentives) + e.SurveyEach*money.Rupiah(e.Surveys)
	return e, nil
}

func (s Scheme) release(p Progress) []rule.Criterion {
	var criteria []rule.Criterion
	for _, r := range Requirements() {
		c := rule.Criterion{Code: "prakerja." + string(r), Inputs: map[string]string{}, Result: rule.Unknown,
			Source: s.Status.Source}
		done, known := p.Done[r]
		if known {
			c.Inputs[string(r)] = strconv.FormatBool(done)
		}
		if figure, asked := s.Release[r]; asked {
			c.Required, c.Source = string(figure.Value), figure.Source
			if known {
				c.Result = rule.When(done)
			}
		} else if s.Status.Value == StatusRunning {
			continue
		}
		criteria = append(criteria, c)
	}
	return criteria
}
