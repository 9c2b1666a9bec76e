package prakerja

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "prakerja"

// Law holds all schemes; they are chosen by the day of the application.
type Law struct{ Versions rule.Timeline[Scheme] }

// Schemas lists the kinds of files of the programme, for rule.Check.
func Schemas() []rule.Schema { return []rule.Schema{rule.SchemaOf[Scheme](Programme, "scheme")} }

// Load reads programmes/prakerja of fsys. Any problem of any file is an error; nothing is left out silently.
func Load(fsys fs.FS) (Law, error) {
	paths, err := fs.Glob(fsys, "programmes/"+Programme+"/*.yaml")
	if err != nil {
		return Law{}, fmt.Errorf("list prakerja files: %w", err)
	}
	versions := make([]Scheme, 0, len(paths))
	for _, path := range paths {
		v, err := rule.Load[Scheme](fsys, path)
		if err != nil {
			return Law{}, err
		}
		versions = append(versions, v)
	}
	timeline, err := rule.NewTimeline(versions...)
	if err != nil {
		return Law{}, fmt.Errorf("order prakerja files: %w", err)
	}
	return Law{Versions: timeline}, nil
}

// Eligibility is Scheme.Eligibility under the scheme of the day of the application; fault rule.no_version before the first.
func (l Law) Eligibility(f Facts) (rule.Decision, error) {
	scheme, err := l.Versions.At(f.AppliedOn)
	if err != nil {
		return rule.Decision{}, err
	}
	return scheme.Eligibility(f), nil
}
