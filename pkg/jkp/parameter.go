package jkp

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Rules is one parameter file of kind "rules": all figures of JKP between two dates.
type Rules struct {
	rule.Version `yaml:",inline"`
	Eligibility  Eligibility        `yaml:"eligibility"`
	Evidence     []Bundle           `yaml:"evidence"`
	Cash         Cash               `yaml:"cash"`
	Contribution ContributionFigure `yaml:"contribution"`
	Monthly      Monthly            `yaml:"monthly"`
	Employer     Employer           `yaml:"employer"`
	Switches     Switches           `yaml:"switches"`
	required     required
}

// Eligibility holds the conditions of a claim. A pointer is a condition that a version may not have.
type Eligibility struct {
	Citizenship           rule.Figure[Citizenship]       `yaml:"citizenship"`
	AgeBelow              rule.Figure[int]               `yaml:"age_below"` // years
	ContractTypes         rule.Figure[[]ContractType]    `yaml:"contract_types"`
	ProgrammesMediumLarge rule.Figure[[]SocialProgramme] `yaml:"programmes_medium_large"`
	ProgrammesMicroSmall  rule.Figure[[]SocialProgramme] `yaml:"programmes_micro_small"`
	ContributionMonths    rule.Figure[int]               `yaml:"contribution_months"`
	ContributionWindow    rule.Figure[int]               `yaml:"contribution_window_months"` // at most 63
	ConsecutiveMonths     *rule.Figure[int]              `yaml:"consecutive_months"`
	ArrearsMonths         *rule.Figure[int]              `yaml:"arrears_months"`
	EmployerDeactivated   *rule.Figure[bool]             `yaml:"employer_deactivated"`
	WillingToWork         rule.Figure[bool]              `yaml:"willing_to_work"`
	BankAccount           rule.Figure[bool]              `yaml:"bank_account"`
	TerminationReported   rule.Figure[bool]              `yaml:"termination_reported"`
	NoOtherJob            rule.Figure[bool]              `yaml:"no_other_job"`
	ExcludedReasons       rule.Figure[[]Reason]          `yaml:"excluded_reasons"`
	DisabilityReasons     rule.Figure[[]Reason]          `yaml:"disability_reasons"`
	CoveredReasons        rule.Figure[[]Reason]          `yaml:"covered_reasons"`
	ClaimDeadlineMonths   rule.Figure[int]               `yaml:"claim_deadline_months"`
	MaxClaims             rule.Figure[int]               `yaml:"max_claims"`
	RepeatMonths          rule.Figure[int]               `yaml:"repeat_contribution_months"`
	MKRulingStart         rule.Figure[calendar.Date]     `yaml:"mk_ruling_start"`
}

// Bundle is one accepted set of evidence of the PHK: every need, each with its alternatives separated by "|".
type Bundle struct {
	Code        string `yaml:"code"`
	Needs       []Need `yaml:"needs"`
	rule.Source `yaml:",inline"`
}

// Cash holds the figures of the cash benefit; money in rupiah.
type Cash struct {
	Rates              rule.Figure[[]rule.Ratio] `yaml:"rates"` // one per month
	MaxMonths          rule.Figure[int]          `yaml:"max_months"`
	WageCap            rule.Figure[money.Rupiah] `yaml:"wage_cap"`
	MaxTotal           rule.Figure[money.Rupiah] `yaml:"max_total"`
	PaymentWorkingDays rule.Figure[int]          `yaml:"payment_working_days"`
}

// ContributionFigure holds the monthly contribution: parts of the capped wage.
type ContributionFigure struct {
	Rate    rule.Figure[rule.Ratio]   `yaml:"rate"`
	State   rule.Figure[rule.Ratio]   `yaml:"state"`
	FromJKK rule.Figure[rule.Ratio]   `yaml:"from_jkk"`
	FromJKM rule.Figure[rule.Ratio]   `yaml:"from_jkm"`
	Worker  rule.Figure[rule.Ratio]   `yaml:"worker"`
	BaseCap rule.Figure[money.Rupiah] `yaml:"base_cap"`
}

// Monthly holds the conditions of the months after the first.
type Monthly struct {
	WindowDays            rule.Figure[int]        `yaml:"window_days"`
	LastWindowWorkingDays rule.Figure[int]        `yaml:"last_window_working_days"`
	Applications          rule.Figure[int]        `yaml:"applications"`
	DistinctEmployers     rule.Figure[bool]       `yaml:"distinct_employers"`
	Calls                 rule.Figure[int]        `yaml:"calls"`
	Attendance            rule.Figure[rule.Ratio] `yaml:"attendance"`
	Counselling           *rule.Figure[bool]      `yaml:"counselling"`
	StatusForm            *rule.Figure[bool]      `yaml:"status_form"`
}

// Employer holds the duties of the employer.
type Employer struct {
	ReportWorkingDays rule.Figure[int] `yaml:"report_working_days"`
}

// Transition is the parameter file of kind "transition".
type Transition struct {
	rule.Version                `yaml:",inline"`
	Cutover                     rule.Figure[calendar.Date]             `yaml:"cutover"`
	VersionBy                   rule.Figure[VersionBy]                 `yaml:"version_by"`
	StraddlingMonth             rule.Figure[StraddlingMonth]           `yaml:"straddling_month"`
	ClaimDeadlineAtBoundary     rule.Figure[ClaimDeadlineAtBoundary]   `yaml:"claim_deadline_at_boundary"`
	ContributionMonthAtBoundary rule.Figure[ContributionMonthBoundary] `yaml:"contribution_month_at_boundary"`
}

// TrainingCost is a parameter file of kind "training_cost".
type TrainingCost struct {
	rule.Version `yaml:",inline"`
	UnitCostCap  rule.Figure[money.Rupiah] `yaml:"unit_cost_cap"` // rupiah
}

// Validate finds figures that contradict each other or cannot be computed with.
func (r *Rules) Validate() []rule.Problem {
	var problems []rule.Problem
	check := func(ok bool, key, text string) {
		if !ok {
			problems = append(problems, rule.Problem{Key: key, Text: text})
		}
	}
	cash, e := r.Cash, r.Eligibility
	check(len(cash.Rates.Value) == cash.MaxMonths.Value && cash.MaxMonths.Value > 0, "cash.rates", "not one rate per month")
	check(cash.WageCap.Value > 0, "cash.wage_cap", "is not above zero")
	total, err := totalAtCap(cash)
	check(err == nil && total == cash.MaxTotal.Value, "cash.max_total", fmt.Sprintf("rates and cap give %d", total))
	check(shares(r.Contribution) == r.Contribution.Rate.Value, "contribution.rate", "is not the sum of its parts")
	check(r.Contribution.BaseCap.Value > 0, "contribution.base_cap", "is not above zero")
	check(e.ContributionWindow.Value > 0 && e.ContributionWindow.Value < 64, "eligibility.contribution_window_months", "is not 1 to 63")
	check(e.ContributionMonths.Value <= e.ContributionWindow.Value, "eligibility.contribution_months", "is longer than the window")
	check(e.AgeBelow.Value > 0, "eligibility.age_below", "is not above zero")
	check(e.ClaimDeadlineMonths.Value > 0, "eligibility.claim_deadline_months", "is not above zero")
	check(len(r.Evidence) > 0, "evidence", "no bundle")
	for i, b := range r.Evidence {
		check(b.Code != "" && len(b.Needs) > 0, fmt.Sprintf("evidence.%d", i), "no code or no needs")
	}
	return problems
}

func totalAtCap(cash Cash) (money.Rupiah, error) {
	var total rule.Ratio
	for _, rate := range cash.Rates.Value {
		month, err := rate.Times(int64(cash.WageCap.Value))
		if err != nil {
			return 0, err
		}
		if total, err = total.Plus(month); err != nil {
			return 0, err
		}
	}
	return money.Rupiah(total.Num()).MulDiv(1, total.Den(), money.Down) // a maximum is whole rupiah, else the file is wrong
}

func shares(c ContributionFigure) rule.Ratio {
	var sum rule.Ratio
	for _, part := range []rule.Ratio{c.State.Value, c.FromJKK.Value, c.FromJKM.Value, c.Worker.Value} {
		sum, _ = sum.Plus(part)
	}
	return sum
}

// required holds what the criteria ask, as text, put together once at Load.
type required struct {
	age, contract, programmesLarge, programmesSmall, contribution, reasons, evidence string
}

func (r *Rules) require() {
	e := &r.Eligibility
	r.required = required{
		age:             fmt.Sprintf("< %d", e.AgeBelow.Value),
		contract:        list(e.ContractTypes.Value),
		programmesLarge: list(e.ProgrammesMediumLarge.Value),
		programmesSmall: list(e.ProgrammesMicroSmall.Value),
		contribution:    fmt.Sprintf("%d/%d", e.ContributionMonths.Value, e.ContributionWindow.Value),
		reasons:         "not " + list(e.ExcludedReasons.Value),
	}
	for i, b := range r.Evidence {
		if i > 0 {
			r.required.evidence += ", "
		}
		r.required.evidence += b.Code
	}
}

// Validate finds amounts that cannot be.
func (t *TrainingCost) Validate() []rule.Problem {
	if t.UnitCostCap.Value > 0 {
		return nil
	}
	return []rule.Problem{{Key: "unit_cost_cap", Text: "is not above zero"}}
}
