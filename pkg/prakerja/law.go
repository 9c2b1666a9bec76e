package prakerja

import (
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "prakerja"

// Law holds all schemes; they are chosen by the day of the application.
type Law struct{ Versions rule.Timeline[Scheme] }

// Schemas lists the kinds of files of the programme, for rule.CheckData.
func Schemas() []rule.Schema { return []rule.Schema{rule.SchemaOf[Scheme](Programme, "scheme")} }

// Load reads all files of the programme; errors as rule.LoadFiles and rule.TimelineOf.
func Load(fsys fs.FS) (Law, error) {
	files, err := rule.LoadFiles(fsys, Programme, Schemas()...)
	if err != nil {
		return Law{}, err
	}
	schemes, err := rule.TimelineOf[Scheme](files)
	return Law{Versions: schemes}, err
}

// Eligibility is Scheme.Eligibility under the scheme of the day of the application; fault rule.no_version before the
// first.
func (l Law) Eligibility(f Facts) (rule.Decision, error) {
	scheme, err := l.Versions.At(f.AppliedOn)
	if err != nil {
		return rule.Decision{}, err
	}
	return scheme.Eligibility(f), nil
}
