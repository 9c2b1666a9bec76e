package severance

import (
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "severance"

// Law holds all versions; they are chosen by the day on which the employment ends.
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

// Assess is Rules.Assess under the version of the day on which the employment ends; fault rule.no_version before the
// first file.
func (l Law) Assess(f Facts) (Assessment, error) {
	rules, err := l.Versions.At(f.End)
	if err != nil {
		return Assessment{}, err
	}
	return rules.Assess(f)
}

// Compensate is Rules.Compensate under the version of the day on which the contract ended. A contract that had ended
// before the first version is refused by that version.
func (l Law) Compensate(f FixedTerm) (Compensation, error) {
	first := l.Versions.List()[0]
	if !f.End.IsZero() && f.End.Before(first.ValidFrom) {
		return first.Compensate(f)
	}
	rules, err := l.Versions.At(f.End)
	if err != nil {
		return Compensation{}, err
	}
	return rules.Compensate(f)
}
