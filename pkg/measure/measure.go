// Package measure holds the figures that no law gives and that somebody had to decide: dated, cited and marked like
// those of the law (policies/measures). Limits of the machine, such as sizes and timeouts, are none.
package measure

import (
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Folder is where the files lie.
const Folder = "measures"

// Measures are the figures of one time.
type Measures struct {
	rule.Version `yaml:",inline"`
	// VacancyOfferMonths is how long a vacancy without a last day is offered.
	VacancyOfferMonths rule.Figure[int] `yaml:"vacancy_offer_months" between:"1..24"`
	// SmallestGroup is of people, shown to who may not see them.
	SmallestGroup rule.Figure[int] `yaml:"smallest_group" between:"2..100"`
	// EmergencyMinutes is how long an emergency access lasts at most; the database and the API hold it to an hour.
	EmergencyMinutes rule.Figure[int] `yaml:"emergency_minutes" between:"1..60"`
	// RetentionYears is how long a closed case keeps its worker's data.
	RetentionYears rule.Figure[int] `yaml:"retention_years" between:"1..100"`
	// PlacementMonths is after how long in a job a worker has kept it.
	PlacementMonths rule.Figure[int] `yaml:"placement_months" between:"1..60"`
	// ProposalDays is how long a proposed vacancy waits before the worker is asked again.
	ProposalDays rule.Figure[int] `yaml:"proposal_days" between:"1..90"`
	// ReferralDays is what another office has for its answer, unless the offer names another last day.
	ReferralDays rule.Figure[int] `yaml:"referral_days" between:"1..365"`
	// ReferralLongestDays is how far such a last day may lie ahead.
	ReferralLongestDays rule.Figure[int] `yaml:"referral_longest_days" between:"1..366"`
	// SetupCodeHours is how long the code is good by which an officer sets a password.
	SetupCodeHours rule.Figure[int] `yaml:"setup_code_hours" between:"1..720"`
	// ExportHours is how long the file of an export can be fetched.
	ExportHours rule.Figure[int] `yaml:"export_hours" between:"1..168"`
	// WorkingAge is in years; a PHK at a younger age is asked about.
	WorkingAge rule.Figure[int] `yaml:"working_age" between:"10..21"`
}

// Book has the measures of every day.
type Book = rule.Dated[Measures]

// Load reads all files; see rule.LoadDated for what it refuses.
func Load(files fs.FS) (Book, error) { return rule.LoadDated[Measures](files, Folder) }
