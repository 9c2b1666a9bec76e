// Package measure holds the figures that no law gives and that somebody had to decide: dated, cited and marked like those
// of the law (policies/measures). Limits of the machine, such as sizes and timeouts, are none.
package measure

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Folder is where the files lie.
const Folder = "measures"

// Measures are the figures of one time.
type Measures struct {
	rule.Version       `yaml:",inline"`
	VacancyOfferMonths rule.Figure[int] `yaml:"vacancy_offer_months" between:"1..24"` // of a vacancy without a last day
	SmallestGroup      rule.Figure[int] `yaml:"smallest_group" between:"2..100"`      // of people, shown to who may not see them
	EmergencyMinutes   rule.Figure[int] `yaml:"emergency_minutes" between:"1..60"`    // that an emergency access lasts at most; the database and the API hold it to an hour
	RetentionYears     rule.Figure[int] `yaml:"retention_years" between:"1..100"`     // that a closed case keeps its worker's data
}

// Book has the measures of every day.
type Book struct{ timeline rule.Timeline[Measures] }

// Load reads all files; the error names the file, the line and the figure that is absent, not cited or makes no sense.
func Load(files fs.FS) (Book, error) {
	names, err := fs.Glob(files, Folder+"/*.yaml")
	if err != nil {
		return Book{}, fmt.Errorf("find measures: %w", err)
	}
	versions := make([]Measures, len(names))
	for i, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return Book{}, fmt.Errorf("read measures: %w", err)
		}
		read, problems := rule.Decode[Measures](data)
		if len(problems) > 0 {
			return Book{}, fmt.Errorf("load %s: %w", name, &rule.ProblemError{Problems: problems})
		}
		versions[i] = read
	}
	timeline, err := rule.NewTimeline(versions...)
	if err != nil {
		return Book{}, fmt.Errorf("load measures: %w", err)
	}
	if last := timeline.List()[len(versions)-1]; !last.ValidUntil.IsZero() {
		return Book{}, fmt.Errorf("load measures: none hold from %s on", last.ValidUntil)
	}
	return Book{timeline}, nil
}

// On are the measures of a day; before the first of them, the first. A book that was not loaded panics: no figure may
// ever pass for a decided one.
func (b Book) On(day calendar.Date) Measures {
	if m, err := b.timeline.At(day); err == nil {
		return m
	}
	return b.timeline.List()[0]
}
