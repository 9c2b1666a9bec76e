package termination

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "termination"

// Law holds all parameter files of the programme by kind.
type Law struct {
	// Procedures and Validities are chosen by the day of the termination.
	Procedures  rule.Timeline[Procedure]
	Validities  rule.Timeline[Validity]
	Reasons     rule.Timeline[ReasonList]
	Preventions rule.Timeline[Prevention]
}

// Schemas lists the kinds of files of the programme, for rule.Check.
func Schemas() []rule.Schema {
	return []rule.Schema{
		rule.SchemaOf[Procedure](Programme, "procedure"), rule.SchemaOf[Validity](Programme, "validity"),
		rule.SchemaOf[ReasonList](Programme, "reasons"), rule.SchemaOf[Prevention](Programme, "prevention"),
	}
}

// Load reads programmes/termination of fsys. Any problem of any file is an error; nothing is left out silently.
func Load(fsys fs.FS) (Law, error) {
	var l Law
	var err error
	if l.Procedures, err = timeline[Procedure](fsys, "procedure"); err != nil {
		return Law{}, err
	}
	if l.Validities, err = timeline[Validity](fsys, "validity"); err != nil {
		return Law{}, err
	}
	if l.Reasons, err = timeline[ReasonList](fsys, "reasons"); err != nil {
		return Law{}, err
	}
	if l.Preventions, err = timeline[Prevention](fsys, "prevention"); err != nil {
		return Law{}, err
	}
	return l, nil
}

func timeline[T rule.Versioned](fsys fs.FS, kind string) (rule.Timeline[T], error) {
	paths, err := fs.Glob(fsys, "programmes/"+Programme+"/"+kind+"-*.yaml")
	if err != nil {
		return rule.Timeline[T]{}, fmt.Errorf("list %s files: %w", kind, err)
	}
	versions := make([]T, 0, len(paths))
	for _, path := range paths {
		v, err := rule.Load[T](fsys, path)
		if err != nil {
			return rule.Timeline[T]{}, err
		}
		versions = append(versions, v)
	}
	t, err := rule.NewTimeline(versions...)
	if err != nil {
		return rule.Timeline[T]{}, fmt.Errorf("order %s files: %w", kind, err)
	}
	return t, nil
}
