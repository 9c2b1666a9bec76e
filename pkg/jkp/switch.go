package jkp

import (
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Switches are the questions that the law leaves open; each has a stated default in the parameter file.
type Switches struct {
	ConsecutiveSix          rule.Figure[ConsecutiveSix]     `yaml:"consecutive_six"`
	ContributionWindowEnd   rule.Figure[WindowEnd]          `yaml:"contribution_window_end"`
	PKWTExpiry              rule.Figure[PKWTExpiry]         `yaml:"pkwt_expiry"`
	DisputedClockStart      rule.Figure[DisputedClockStart] `yaml:"disputed_clock_start"`
	MonthArithmetic         rule.Figure[MonthArithmetic]    `yaml:"month_arithmetic"`
	DeadlineDay             rule.Figure[DeadlineDay]        `yaml:"deadline_day"`
	MissedWindowEnds        rule.Figure[MissedWindowEnds]   `yaml:"missed_window_ends"`
	AttendanceAloneSuffices rule.Figure[bool]               `yaml:"attendance_alone_suffices"`
	Rounding                rule.Figure[money.Rounding]     `yaml:"rounding"`
}

// ConsecutiveSix: which months have to be consecutive.
type ConsecutiveSix string

// The readings of "consecutive".
const (
	AnyRun  ConsecutiveSix = "any_run"  // a run anywhere in the window
	LastSix ConsecutiveSix = "last_six" // the last months of the window
)

// Valid reports whether s is known.
func (s ConsecutiveSix) Valid() bool { return s == AnyRun || s == LastSix }

// WindowEnd is the last month of the contribution window.
type WindowEnd string

// The ends of the contribution window.
const (
	MonthBeforePHK WindowEnd = "month_before_phk"
	PHKMonth       WindowEnd = "phk_month"
	LastPaidMonth  WindowEnd = "last_paid_month"
)

// Valid reports whether e is known.
func (e WindowEnd) Valid() bool { return e == MonthBeforePHK || e == PHKMonth || e == LastPaidMonth }

// PKWTExpiry says whether a fixed-term contract that simply expires counts as PHK.
type PKWTExpiry string

// The answers for a contract that expires.
const (
	ExpiryExcluded PKWTExpiry = "excluded"
	ExpiryIncluded PKWTExpiry = "included"
)

// Valid reports whether e is known.
func (e PKWTExpiry) Valid() bool { return e == ExpiryExcluded || e == ExpiryIncluded }

// DisputedClockStart is the day from which the claim deadline of a disputed PHK runs.
type DisputedClockStart string

// The starts of the clock.
const (
	FromFinalDecision DisputedClockStart = "final_decision"
	FromPHKDate       DisputedClockStart = "phk_date"
)

// Valid reports whether s is known.
func (s DisputedClockStart) Valid() bool { return s == FromFinalDecision || s == FromPHKDate }

// MonthArithmetic says where "n months since" ends when the month has no such day.
type MonthArithmetic string

// The month arithmetics.
const (
	Clamped  MonthArithmetic = "clamped"  // 31 Aug + 6 months = 28 or 29 Feb
	Overflow MonthArithmetic = "overflow" // 31 Aug + 6 months = 3 or 2 Mar
)

// Valid reports whether m is known.
func (m MonthArithmetic) Valid() bool { return m == Clamped || m == Overflow }

// DeadlineDay says whether the day with the same number still belongs to the term.
type DeadlineDay string

// The readings of the last day.
const (
	Inclusive DeadlineDay = "inclusive"
	Exclusive DeadlineDay = "exclusive"
)

// Valid reports whether d is known.
func (d DeadlineDay) Valid() bool { return d == Inclusive || d == Exclusive }

// MissedWindowEnds says what a missed monthly window ends.
type MissedWindowEnds string

// What a missed window ends.
const (
	EndsMonth MissedWindowEnds = "month"
	EndsClaim MissedWindowEnds = "claim"
)

// Valid reports whether m is known.
func (m MissedWindowEnds) Valid() bool { return m == EndsMonth || m == EndsClaim }

// VersionBy is the date that selects the version of eligibility.
type VersionBy string

// The dates that can select the version.
const (
	ByDeclaredEligible VersionBy = "declared_eligible"
	ByApplied          VersionBy = "applied"
)

// Valid reports whether v is known.
func (v VersionBy) Valid() bool { return v == ByDeclaredEligible || v == ByApplied }

// StraddlingMonth says what rate a month takes that begins before the cutover and ends after it.
type StraddlingMonth string

// The readings of a straddling month.
const (
	ByDateGiven StraddlingMonth = "date_given"
	ProRata     StraddlingMonth = "pro_rata" // by days, the month beginning on the day it is given
)

// Valid reports whether s is known.
func (s StraddlingMonth) Valid() bool { return s == ByDateGiven || s == ProRata }

// ClaimDeadlineAtBoundary says which deadline a PHK before the cutover has.
type ClaimDeadlineAtBoundary string

// The readings of the deadline at the boundary.
const (
	DeadlineNotLapsed  ClaimDeadlineAtBoundary = "not_lapsed"        // the new one unless the old one had run out
	DeadlineByDeclared ClaimDeadlineAtBoundary = "declared_eligible" // the new one for all
	DeadlineByPHK      ClaimDeadlineAtBoundary = "phk_date"          // the one on the day of the PHK
)

// Valid reports whether c is known.
func (c ClaimDeadlineAtBoundary) Valid() bool {
	return c == DeadlineNotLapsed || c == DeadlineByDeclared || c == DeadlineByPHK
}

// ContributionMonthBoundary says which day of a month selects the contribution's version.
type ContributionMonthBoundary string

// The days that can select the version.
const (
	FirstDay ContributionMonthBoundary = "first_day"
	LastDay  ContributionMonthBoundary = "last_day"
)

// Valid reports whether c is known.
func (c ContributionMonthBoundary) Valid() bool { return c == FirstDay || c == LastDay }
