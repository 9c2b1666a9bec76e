package thr

import (
	"io/fs"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "thr"

// PartMonth is the switch for days beyond completed months.
type PartMonth string

// The settings.
const (
	Dropped   PartMonth = "dropped"   // completed months only
	Thirtieth PartMonth = "thirtieth" // plus days/30
)

// Valid reports whether p is a known setting.
func (p PartMonth) Valid() bool { return p == Dropped || p == Thirtieth }

// WageBase is what a month of wage is made of.
type WageBase string

// BaseAndFixedAllowance is upah pokok plus tunjangan tetap.
const BaseAndFixedAllowance WageBase = "base_and_fixed_allowance"

// Valid reports whether w is known.
func (w WageBase) Valid() bool { return w == BaseAndFixedAllowance }

// Better tells what becomes of an agreement that gives more.
type Better string

// Prevails: the agreement holds.
const Prevails Better = "prevails"

// Valid reports whether b is known.
func (b Better) Valid() bool { return b == Prevails }

// Ended tells what a fixed-term contract that ended before the holiday gives.
type Ended string

// Nothing is no THR.
const Nothing Ended = "none"

// Valid reports whether e is known.
func (e Ended) Valid() bool { return e == Nothing }

// Rules is a parameter file of kind "rules".
type Rules struct {
	rule.Version    `yaml:",inline"`
	InForce         rule.Figure[calendar.Date]  `yaml:"in_force"`
	MinMonths       rule.Figure[int]            `yaml:"min_months" between:"1..12"`
	FullMonths      rule.Figure[int]            `yaml:"full_months" between:"1..60"`
	PerMonths       rule.Figure[int]            `yaml:"per_months" between:"1..60"`
	PartMonth       rule.Figure[PartMonth]      `yaml:"part_month"`
	Wage            rule.Figure[WageBase]       `yaml:"wage"`
	BetterAgreement rule.Figure[Better]         `yaml:"better_agreement"`
	DueDays         rule.Figure[int]            `yaml:"due_days" between:"1..60"`
	ProtectedDays   rule.Figure[int]            `yaml:"protected_days" between:"1..365"`
	FixedTermEnded  rule.Figure[Ended]          `yaml:"fixed_term_ended"`
	LateFine        rule.Figure[rule.Ratio]     `yaml:"late_fine" between:"0..1"`
	Rounding        rule.Figure[money.Rounding] `yaml:"rounding"`
}

// Validate finds a proportion that would pay more than the whole.
func (r *Rules) Validate() []rule.Problem {
	if r.FullMonths.Value > r.PerMonths.Value {
		return []rule.Problem{{Key: "full_months", Text: "is more than per_months: the proportion passes the whole"}}
	}
	return nil
}

// Law holds all versions; they are chosen by the day of the holiday.
type Law struct{ Versions rule.Timeline[Rules] }

// Schemas lists the kinds of files of the programme, for rule.CheckData.
func Schemas() []rule.Schema { return []rule.Schema{rule.SchemaOf[Rules](Programme, "rules")} }

// Load reads all files of the programme; errors as rule.LoadFiles and rule.TimelineOf.
func Load(fsys fs.FS) (Law, error) {
	files, err := rule.LoadFiles(fsys, Programme, Schemas()...)
	if err != nil {
		return Law{}, err
	}
	versions, err := rule.TimelineOf[Rules](files)
	return Law{Versions: versions}, err
}

// Assess is Rules.Assess under the version of the day of the holiday, or of asOf when nobody has stated it; fault
// rule.no_version before the first.
func (l Law) Assess(f Facts, asOf calendar.Date) (Answer, error) {
	if !f.Holiday.IsZero() {
		asOf = f.Holiday
	}
	rules, err := l.Versions.At(asOf)
	if err != nil {
		return Answer{}, err
	}
	return rules.Assess(f, asOf)
}
