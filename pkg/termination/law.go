package termination

import (
	"errors"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/calendar"
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

// Schemas lists the kinds of files of the programme, for rule.CheckData.
func Schemas() []rule.Schema {
	return []rule.Schema{
		rule.SchemaOf[Procedure](Programme, "procedure"), rule.SchemaOf[Validity](Programme, "validity"),
		rule.SchemaOf[ReasonList](Programme, "reasons"), rule.SchemaOf[Prevention](Programme, "prevention"),
	}
}

// Load reads all files of the programme; errors as rule.LoadFiles and rule.TimelineOf.
func Load(fsys fs.FS) (Law, error) {
	files, err := rule.LoadFiles(fsys, Programme, Schemas()...)
	if err != nil {
		return Law{}, err
	}
	var l Law
	var errs [4]error
	l.Procedures, errs[0] = rule.TimelineOf[Procedure](files)
	l.Validities, errs[1] = rule.TimelineOf[Validity](files)
	l.Reasons, errs[2] = rule.TimelineOf[ReasonList](files)
	l.Preventions, errs[3] = rule.TimelineOf[Prevention](files)
	return l, errors.Join(errs[:]...)
}

// ProcedureAt returns the clocks that run for a termination on the day; fault rule.no_version when there are none.
func (l Law) ProcedureAt(d calendar.Date) (Procedure, error) { return l.Procedures.At(d) }
