package termination

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Step is a statutory clock of the procedure.
type Step string

// The steps in the order of the procedure.
const (
	Notice                    Step = "notice"
	ProbationNotice           Step = "probation_notice"
	Refusal                   Step = "refusal"
	Bipartite                 Step = "bipartite"
	SettlementChoice          Step = "settlement_choice"
	MediatorRecommendation    Step = "mediator_recommendation"
	MediationAnswer           Step = "mediation_answer"
	Mediation                 Step = "mediation"
	ConciliatorRecommendation Step = "conciliator_recommendation"
	ConciliationAnswer        Step = "conciliation_answer"
	Conciliation              Step = "conciliation"
	IndustrialCourt           Step = "industrial_court"
	Cassation                 Step = "cassation"
	InsurerReport             Step = "insurer_report"
)

// Steps returns all steps in the order of the procedure.
func Steps() []Step {
	return []Step{
		Notice, ProbationNotice, Refusal, Bipartite, SettlementChoice, MediatorRecommendation, MediationAnswer, Mediation,
		ConciliatorRecommendation, ConciliationAnswer, Conciliation, IndustrialCourt, Cassation, InsurerReport,
	}
}

// Values returns all steps.
func (Step) Values() []Step { return Steps() }

// Valid reports whether s is a known step.
func (s Step) Valid() bool { return slices.Contains(Steps(), s) }

// Bound tells on which side of the due day the stopping event has to fall.
type Bound string

// The bounds.
const (
	AtMost  Bound = "at_most"  // on the due day or before it
	AtLeast Bound = "at_least" // on the due day or after it
)

// Valid reports whether b is a known bound.
func (b Bound) Valid() bool { return codelist.Has(b) }

// Values lists the bounds.
func (Bound) Values() []Bound { return []Bound{AtMost, AtLeast} }

// Consequence is what the law makes of silence until the due day.
type Consequence string

// The consequences.
const (
	Rejection  Consequence = "rejection"   // silence on a recommendation rejects it
	ToMediator Consequence = "to_mediator" // without a choice the case goes to the mediator
)

// Valid reports whether c is a known consequence.
func (c Consequence) Valid() bool { return c == Rejection || c == ToMediator }

// StepRule is what the file says of one clock. WorkingDays is counted from the day after the starting event.
type StepRule struct {
	WorkingDays rule.Figure[int]          `yaml:"working_days" between:"1..250"` // the longest of the law is 50
	Starts      Event                     `yaml:"starts"`
	StoppedBy   Event                     `yaml:"stopped_by"`
	Bound       Bound                     `yaml:"bound"`
	Silence     *rule.Figure[Consequence] `yaml:"silence,omitempty"`

	rule.Optional `yaml:",inline"`
}

// Procedure is a parameter file of kind "procedure".
type Procedure struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date] `yaml:"in_force"`
	Steps        map[Step]StepRule          `yaml:"steps"`
}

// Validate finds a clock that stops itself.
func (p *Procedure) Validate() []rule.Problem {
	var problems []rule.Problem
	for s, r := range p.Steps {
		if r.Starts == r.StoppedBy {
			text := "the same event starts and stops the clock"
			problems = append(problems, rule.Problem{Key: "steps." + string(s), Text: text})
		}
	}
	return problems
}
