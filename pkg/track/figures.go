package track

import (
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Figures are the periods of the hubs, in months (policies/hubs).
type Figures struct {
	rule.Version                `yaml:",inline"`
	JobSeekerCardMonths         rule.Figure[int] `yaml:"jobseeker_card_months" between:"1..120"`
	JobSeekerCardReportMonths   rule.Figure[int] `yaml:"jobseeker_card_report_months" between:"1..120"`
	CompetenceCertificateMonths rule.Figure[int] `yaml:"competence_certificate_months" between:"1..120"`
}

// Hubs has the figures of every day.
type Hubs = rule.Dated[Figures]

// LoadHubs reads all files; see rule.LoadDated for what it refuses.
func LoadHubs(files fs.FS) (Hubs, error) { return rule.LoadDated[Figures](files, "hubs") }
