package wagesubsidy

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Fact is something a subsidy asks of a worker beside the wage.
type Fact string

// The facts.
const (
	Citizen                Fact = "citizen"
	ValidNIK               Fact = "valid_nik"
	ActiveMember           Fact = "active_member" // of BPJS-TK until the day the file states
	WageEarner             Fact = "wage_earner"   // penerima upah (PU)
	BankAccount            Fact = "bank_account"
	ListedArea             Fact = "listed_area" // the frozen list of PPKM areas of 2021
	PrioritySector         Fact = "priority_sector"
	StateServant           Fact = "state_servant" // ASN, TNI, Polri
	PrakerjaRecipient      Fact = "prakerja_recipient"
	FamilyHopeRecipient    Fact = "family_hope_recipient"    // PKH
	MicroBusinessRecipient Fact = "micro_business_recipient" // BPUM
)

// Values returns all facts.
func (Fact) Values() []Fact {
	return []Fact{
		Citizen, ValidNIK, ActiveMember, WageEarner, BankAccount, ListedArea, PrioritySector,
		StateServant, PrakerjaRecipient, FamilyHopeRecipient, MicroBusinessRecipient,
	}
}

// Valid reports whether f is a known fact.
func (f Fact) Valid() bool { return slices.Contains(f.Values(), f) }

// Bound tells whether the ceiling itself is still within.
type Bound string

// The bounds.
const (
	Below Bound = "below" // wage < ceiling
	UpTo  Bound = "up_to" // wage <= ceiling
)

// Valid reports whether b is a known bound.
func (b Bound) Valid() bool { return b == Below || b == UpTo }

// Condition asks that a fact holds or does not hold. A priority only orders the workers; it does not exclude.
type Condition struct {
	Fact        Fact `yaml:"fact"`
	Holds       bool `yaml:"holds"`
	Priority    bool `yaml:"priority"`
	rule.Source `yaml:",inline"`
}

// Amount is what a worker gets, in rupiah: Monthly x Months = Total, in so many Payments.
type Amount struct {
	Monthly  rule.Figure[money.Rupiah] `yaml:"monthly" between:"100000..10000000"`
	Months   rule.Figure[int]          `yaml:"months" between:"1..12"`
	Payments rule.Figure[int]          `yaml:"payments" between:"1..12"`
	Total    rule.Figure[money.Rupiah] `yaml:"total" between:"100000..100000000"`
}

// Subsidy is a parameter file of kind "subsidy".
type Subsidy struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date] `yaml:"in_force"`
	Year         rule.Figure[int]           `yaml:"year" between:"2020..2100"`
	// ActiveUntil is the day to which the membership of BPJS-TK has to reach.
	ActiveUntil  rule.Figure[calendar.Date] `yaml:"active_until"`
	Ceiling      rule.Figure[money.Rupiah]  `yaml:"ceiling" between:"1000000..100000000"`
	CeilingBound rule.Figure[Bound]         `yaml:"ceiling_bound"`
	// MinimumWageStep is the step to which UMP/UMK is rounded up where that is higher than the ceiling; nil = no such
	// rule.
	MinimumWageStep *rule.Figure[money.Rupiah] `yaml:"minimum_wage_step,omitempty" between:"1000..1000000"`
	Conditions      []Condition                `yaml:"conditions" each:"fact"`
	Amount          Amount                     `yaml:"amount"`
}

const monthsOfYear = 12

// Validate finds an amount that does not add up and a period that is not the year.
func (s *Subsidy) Validate() []rule.Problem {
	var problems []rule.Problem
	add := func(key, text string) { problems = append(problems, rule.Problem{Key: key, Text: text}) }
	if s.Year.Value != s.ValidFrom.Year() {
		add("year", "is not the year of valid_from")
	}
	if s.ValidUntil != s.ValidFrom.AddMonths(monthsOfYear) {
		add("valid_until", "is not a year after valid_from")
	}
	if s.Amount.Monthly.Value*money.Rupiah(s.Amount.Months.Value) != s.Amount.Total.Value {
		add("amount.total", "is not monthly x months")
	}
	return problems
}
