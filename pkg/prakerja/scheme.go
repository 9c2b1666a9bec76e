package prakerja

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Status tells whether a scheme runs.
type Status string

// The statuses.
const (
	StatusRunning Status = "running"
	StatusUnknown Status = "unknown" // not published: nothing can be decided
)

// Valid reports whether s is a known status.
func (s Status) Valid() bool { return s == StatusRunning || s == StatusUnknown }

// Treatment is what a scheme makes of a circumstance.
type Treatment string

// The treatments.
const (
	Required Treatment = "required"
	Excluded Treatment = "excluded"
	Allowed  Treatment = "allowed"
)

// Valid reports whether t is a known treatment.
func (t Treatment) Valid() bool { return t == Required || t == Excluded || t == Allowed }

// Counting tells how the days of the first purchase are counted.
type Counting string

// CalendarDays counts every day; the day of the award is not counted.
const CalendarDays Counting = "calendar_days"

// Valid reports whether c is known.
func (c Counting) Valid() bool { return c == CalendarDays }

// Scheme is a parameter file of kind "scheme". A figure that the file names as absent is no condition when the status
// is running, and not known when the status is unknown.
type Scheme struct {
	rule.Version    `yaml:",inline"`
	InForce         rule.Figure[calendar.Date]             `yaml:"in_force"`
	Status          rule.Figure[Status]                    `yaml:"status"`
	MinAge          *rule.Figure[int]                      `yaml:"min_age,omitempty" between:"1..100"` // completed years
	MaxAge          *rule.Figure[int]                      `yaml:"max_age,omitempty" between:"1..100"` // completed years, inclusive
	Citizen         *rule.Figure[Treatment]                `yaml:"citizen,omitempty"`
	FormalEducation *rule.Figure[Treatment]                `yaml:"formal_education,omitempty"`
	FamilyLimit     *rule.Figure[int]                      `yaml:"family_limit,omitempty" between:"1..10"` // NIK per family card
	Occupations     map[Occupation]rule.Figure[Treatment]  `yaml:"occupations,omitempty"`
	Aid             map[Aid]rule.Figure[Treatment]         `yaml:"aid,omitempty"`
	FirstPurchase   *FirstPurchaseRule                     `yaml:"first_purchase,omitempty"`
	Package         Package                                `yaml:"package"`
	Release         map[Requirement]rule.Figure[Treatment] `yaml:"release,omitempty"`
}

// FirstPurchaseRule is the deadline of the first training, in days after the award.
type FirstPurchaseRule struct {
	Days     rule.Figure[int]      `yaml:"days" between:"1..365"`
	Counting rule.Figure[Counting] `yaml:"counting"`
}

// Package holds the amounts in rupiah. Only the ceiling of training is known for every scheme.
type Package struct {
	Training rule.Figure[money.Rupiah] `yaml:"training" between:"100000..100000000"`
	// Incentive and Survey are the amounts of one payment.
	Incentive         *rule.Figure[money.Rupiah] `yaml:"incentive,omitempty" between:"10000..10000000"`
	IncentivePayments *rule.Figure[int]          `yaml:"incentive_payments,omitempty" between:"1..12"`
	Survey            *rule.Figure[money.Rupiah] `yaml:"survey,omitempty" between:"1000..1000000"`
	SurveyPayments    *rule.Figure[int]          `yaml:"survey_payments,omitempty" between:"1..12"`
	Total             *rule.Figure[money.Rupiah] `yaml:"total,omitempty" between:"100000..100000000"`

	rule.Optional `yaml:",inline"`
}

func (p Package) complete() bool {
	return p.Incentive != nil && p.IncentivePayments != nil && p.Survey != nil && p.SurveyPayments != nil && p.Total != nil
}

func (p Package) sum() money.Rupiah {
	return p.Training.Value + p.Incentive.Value*money.Rupiah(p.IncentivePayments.Value) +
		p.Survey.Value*money.Rupiah(p.SurveyPayments.Value)
}

// Validate finds a running scheme without its conditions and a package that does not add up.
func (s *Scheme) Validate() []rule.Problem {
	var problems []rule.Problem
	add := func(key, text string) { problems = append(problems, rule.Problem{Key: key, Text: text}) }
	if s.Status.Value != StatusRunning {
		return problems
	}
	if s.MinAge == nil || s.Citizen == nil || s.FamilyLimit == nil || s.FirstPurchase == nil || len(s.Release) == 0 {
		add("status", "a running scheme needs min_age, citizen, family_limit, first_purchase and release")
	}
	if !s.Package.complete() {
		add("package", "a running scheme needs all amounts")
	} else if s.Package.sum() != s.Package.Total.Value {
		add("package.total", "is not the sum of the components")
	}
	return problems
}
