package severance

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "severance"

// Law holds all versions; they are chosen by the day on which the employment ends.
type Law struct{ Versions rule.Timeline[Rules] }

// Schemas lists the kinds of files of the programme, for rule.Check.
func Schemas() []rule.Schema { return []rule.Schema{rule.SchemaOf[Rules](Programme, "rules")} }

// Load reads programmes/severance of fsys. Any problem of any file is an error; nothing is left out silently.
func Load(fsys fs.FS) (Law, error) {
	paths, err := fs.Glob(fsys, "programmes/"+Programme+"/*.yaml")
	if err != nil {
		return Law{}, fmt.Errorf("list severance files: %w", err)
	}
	versions := make([]Rules, 0, len(paths))
	for _, path := range paths {
		v, err := rule.Load[Rules](fsys, path)
		if err != nil {
			return Law{}, err
		}
		versions = append(versions, v)
	}
	timeline, err := rule.NewTimeline(versions...)
	if err != nil {
		return Law{}, fmt.Errorf("order severance files: %w", err)
	}
	return Law{Versions: timeline}, nil
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

// Compensate is Rules.Compensate under the version of the day on which the contract ended; fault as Assess.
func (l Law) Compensate(f FixedTerm) (Compensation, error) {
	rules, err := l.Versions.At(f.End)
	if err != nil {
		return Compensation{}, err
	}
	return rules.Compensate(f)
}
