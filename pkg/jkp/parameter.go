package jkp

import (
	"fmt"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Rules is one parameter file of kind "rules": all figures of JKP between two dates.
type Rules struct {
	rule.Version `yaml:",inline"`
	Eligibility  Eligibility        `yaml:"eligibility"`
	Evidence     []Bundle           `yaml:"evidence" each:"code"`
	Cash         Cash               `yaml:"cash"`
	Contribution ContributionFigure `yaml:"contribution"`
	Monthly      Monthly            `yaml:"monthly"`
	Payer        PayerFigures       `yaml:"payer"`
	Duties       Duties             `yaml:"duties"`
	Switches     Switches           `yaml:"switches"`
	required     required
}

// Eligibility holds the conditions of a claim. A pointer is a condition that a version may not have.
type Eligibility struct {
	Citizenship           rule.Figure[Citizenship]       `yaml:"citizenship"`
	AgeBelow              rule.Figure[int]               `yaml:"age_below" between:"1..100"` // years
	ContractTypes         rule.Figure[[]ContractType]    `yaml:"contract_types"`
	ProgrammesMediumLarge rule.Figure[[]SocialProgramme] `yaml:"programmes_medium_large"`
	ProgrammesMicroSmall  rule.Figure[[]SocialProgramme] `yaml:"programmes_micro_small"`
	JKNMemberships        rule.Figure[[]Membership]      `yaml:"jkn_memberships"`
	ContributionMonths    rule.Figure[int]               `yaml:"contribution_months" between:"1..63"`
	ContributionWindow    rule.Figure[int]               `yaml:"contribution_window_months" between:"1..63"` // at most 63
	ConsecutiveMonths     *rule.Figure[int]              `yaml:"consecutive_months" between:"1..63"`
	EmployerDeactivated   *rule.Figure[bool]             `yaml:"employer_deactivated"`
	WillingToWork         rule.Figure[bool]              `yaml:"willing_to_work"`
	BankAccount           rule.Figure[bool]              `yaml:"bank_account"`
	TerminationReported   rule.Figure[bool]              `yaml:"termination_reported"`
	NoOtherJob            rule.Figure[bool]              `yaml:"no_other_job"`
	SeveralEmployers      rule.Figure[bool]              `yaml:"several_employers"`
	EvidenceLacking       rule.Figure[Lacking]           `yaml:"evidence_lacking"`
	ExcludedReasons       rule.Figure[[]Reason]          `yaml:"excluded_reasons"`
	DisabilityReasons     rule.Figure[[]Reason]          `yaml:"disability_reasons"`
	CoveredReasons        rule.Figure[[]Reason]          `yaml:"covered_reasons"`
	ClaimDeadlineMonths   rule.Figure[int]               `yaml:"claim_deadline_months" between:"1..60"`
	MaxClaims             rule.Figure[int]               `yaml:"max_claims" between:"1..10"`
	SecondClaimMonths     rule.Figure[int]               `yaml:"second_claim_months" between:"1..600"`
	ThirdClaimMonths      rule.Figure[int]               `yaml:"third_claim_months" between:"1..600"`
	MKRulingStart         rule.Figure[calendar.Date]     `yaml:"mk_ruling_start"`

	rule.Optional `yaml:",inline"`
}

// Bundle is one accepted set of evidence of the PHK: every need, each with its alternatives separated by "|".
type Bundle struct {
	Code        BundleCode `yaml:"code"`
	Needs       []Need     `yaml:"needs"`
	rule.Source `yaml:",inline"`
}

// BundleCode is the letter of a bundle in Permenaker 2/2025 Art. 9(3), with a number where a letter has two.
type BundleCode string

// Values returns all bundles that any version has.
func (BundleCode) Values() []BundleCode { return []BundleCode{"a", "b1", "b2", "c"} }

// Cash holds the figures of the cash benefit; money in rupiah.
type Cash struct {
	Rates              rule.Figure[[]rule.Ratio] `yaml:"rates" between:"1%..100%"` // one per month
	MaxMonths          rule.Figure[int]          `yaml:"max_months" between:"1..24"`
	WageCap            rule.Figure[money.Rupiah] `yaml:"wage_cap" between:"1000000..100000000"`
	MaxTotal           rule.Figure[money.Rupiah] `yaml:"max_total" between:"1000000..1000000000"`
	PaymentWorkingDays rule.Figure[int]          `yaml:"payment_working_days" between:"1..30"`
}

// ContributionFigure holds the monthly contribution: parts of the capped wage.
type ContributionFigure struct {
	Rate    rule.Figure[rule.Ratio]   `yaml:"rate" between:"0..5%"`
	State   rule.Figure[rule.Ratio]   `yaml:"state" between:"0..5%"`
	FromJKK rule.Figure[rule.Ratio]   `yaml:"from_jkk" between:"0..5%"`
	FromJKM rule.Figure[rule.Ratio]   `yaml:"from_jkm" between:"0..5%"`
	Worker  rule.Figure[rule.Ratio]   `yaml:"worker" between:"0..5%"`
	BaseCap rule.Figure[money.Rupiah] `yaml:"base_cap" between:"1000000..100000000"`
}

// Monthly holds the conditions of the months after the first.
type Monthly struct {
	WindowDays            rule.Figure[int]          `yaml:"window_days" between:"1..31"`
	LastWindowWorkingDays rule.Figure[int]          `yaml:"last_window_working_days" between:"1..31"`
	Applications          rule.Figure[int]          `yaml:"applications" between:"1..100"`
	DistinctEmployers     rule.Figure[bool]         `yaml:"distinct_employers"`
	Calls                 rule.Figure[int]          `yaml:"calls" between:"1..100"`
	Attendance            rule.Figure[rule.Ratio]   `yaml:"attendance" between:"1%..100%"`
	Counsellors           rule.Figure[[]Counsellor] `yaml:"counsellors"`
	Counselling           *rule.Figure[bool]        `yaml:"counselling"`
	StatusForm            *rule.Figure[bool]        `yaml:"status_form"`

	rule.Optional `yaml:",inline"`
}

// Lacking is what becomes of a claim whose evidence of the PHK is not complete under any letter.
type Lacking string

// The readings of incomplete evidence.
const (
	LackingRefused    Lacking = "not_met"
	LackingIncomplete Lacking = "incomplete" // the claim waits for the paper
)

// Valid reports whether l is known.
func (l Lacking) Valid() bool { return l == LackingRefused || l == LackingIncomplete }

// Counsellor is who may counsel a participant.
type Counsellor string

// The counsellors.
const (
	PengantarKerja    Counsellor = "pengantar_kerja"    // civil servant of ministry, province or regency
	PetugasAntarkerja Counsellor = "petugas_antarkerja" // until 7 February 2025
)

// Valid reports whether c is known.
func (c Counsellor) Valid() bool { return c == PengantarKerja || c == PetugasAntarkerja }

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
	UnitCostCap  rule.Figure[money.Rupiah] `yaml:"unit_cost_cap" between:"100000..100000000"` // rupiah
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
	check(len(cash.Rates.Value) == cash.MaxMonths.Value, "cash.rates", "not one rate per month")
	total, err := totalAtCap(cash)
	check(err == nil && total == cash.MaxTotal.Value, "cash.max_total", fmt.Sprintf("rates and cap give %d", total))
	check(shares(r.Contribution) == r.Contribution.Rate.Value, "contribution.rate", "is not the sum of its parts")
	for _, reason := range Reason("").Values() {
		n := count(reason, e.ExcludedReasons.Value, e.DisabilityReasons.Value, e.CoveredReasons.Value)
		text := fmt.Sprintf("%s stands in %d of the lists of reasons, not in one", reason, n)
		check(n == 1, "eligibility.covered_reasons", text)
	}
	check(e.ContributionMonths.Value <= e.ContributionWindow.Value, "eligibility.contribution_months",
		"is longer than the window")
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
	// a maximum is whole rupiah, else the file is wrong
	return money.Rupiah(total.Num()).MulDiv(1, total.Den(), money.Down)
}

func count(reason Reason, lists ...[]Reason) (n int) {
	for _, listed := range slices.Concat(lists...) {
		if listed == reason {
			n++
		}
	}
	return n
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
	age, contract, programmesLarge, programmesSmall, contribution, reasons, evidence, payers string
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
		payers:          payersText(),
	}
	for i, b := range r.Evidence {
		if i > 0 {
			r.required.evidence += ", "
		}
		r.required.evidence += string(b.Code)
	}
}
