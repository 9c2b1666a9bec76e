package track

import (
	"errors"
	"fmt"
	"io/fs"

	"gopkg.in/yaml.v3"
)

// Period is a length of time that a rule gives, in months, with where it stands.
type Period struct {
	Months     int    `yaml:"valid_months"`
	Report     int    `yaml:"report_months"` // between two reports; 0 where there are none
	Confidence string `yaml:"confidence"`    // as in the programme files: U is unverified
	Source     string `yaml:"source"`
}

// Figures are the periods of the hubs (policies/hubs.yaml).
type Figures struct {
	JobSeekerCard         Period `yaml:"jobseeker_card"`
	CompetenceCertificate Period `yaml:"competence_certificate"`
}

// LoadFigures reads hubs.yaml.
func LoadFigures(files fs.FS) (f Figures, err error) {
	text, err := fs.ReadFile(files, "hubs.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &f)
	}
	for name, p := range map[string]Period{"jobseeker_card": f.JobSeekerCard, "competence_certificate": f.CompetenceCertificate} {
		if err == nil && (p.Months < 1 || p.Confidence == "" || p.Source == "") {
			err = fmt.Errorf("%s has no length or no source", name)
		}
	}
	if err == nil && f.JobSeekerCard.Report < 1 {
		err = errors.New("jobseeker_card has no months between two reports")
	}
	if err != nil {
		return f, fmt.Errorf("read hubs.yaml: %w", err)
	}
	return f, nil
}
