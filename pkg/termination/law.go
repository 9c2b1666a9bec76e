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
	// Openings, Settlements and Validities are chosen by the day of the termination.
	Openings    rule.Timeline[Opening]
	Settlements rule.Timeline[Settlement]
	Validities  rule.Timeline[Validity]
	Reasons     rule.Timeline[ReasonList]
	Preventions rule.Timeline[Prevention]
	// DisputeWages is chosen by the day on which the wage is looked at, Rankings and Forbidden by that of the termination.
	DisputeWages rule.Timeline[DisputeWages]
	Rankings     rule.Timeline[Ranking]
	Forbidden    rule.Timeline[ForbiddenList]
}

// Schemas lists the kinds of files of the programme, for rule.CheckData.
func Schemas() []rule.Schema {
	return []rule.Schema{
		rule.SchemaOf[Opening](Programme, "procedure"), rule.SchemaOf[Settlement](Programme, "dispute"),
		rule.SchemaOf[Validity](Programme, "validity"), rule.SchemaOf[ReasonList](Programme, "reasons"),
		rule.SchemaOf[Prevention](Programme, "prevention"), rule.SchemaOf[DisputeWages](Programme, "dispute_wages"),
		rule.SchemaOf[Ranking](Programme, "ranking"), rule.SchemaOf[ForbiddenList](Programme, "forbidden"),
	}
}

// Load reads all files of the programme; errors as rule.LoadFiles and rule.TimelineOf.
func Load(fsys fs.FS) (Law, error) {
	files, err := rule.LoadFiles(fsys, Programme, Schemas()...)
	if err != nil {
		return Law{}, err
	}
	var l Law
	var errs [8]error
	l.Openings, errs[0] = rule.TimelineOf[Opening](files)
	l.Settlements, errs[1] = rule.TimelineOf[Settlement](files)
	l.Validities, errs[2] = rule.TimelineOf[Validity](files)
	l.Reasons, errs[3] = rule.TimelineOf[ReasonList](files)
	l.Preventions, errs[4] = rule.TimelineOf[Prevention](files)
	l.DisputeWages, errs[5] = rule.TimelineOf[DisputeWages](files)
	l.Rankings, errs[6] = rule.TimelineOf[Ranking](files)
	l.Forbidden, errs[7] = rule.TimelineOf[ForbiddenList](files)
	return l, errors.Join(errs[:]...)
}

// ProcedureAt returns the clocks that run for a termination on the day; fault rule.no_version when there are none.
func (l Law) ProcedureAt(d calendar.Date) (Procedure, error) {
	opening, err := l.Openings.At(d)
	if err != nil {
		return Procedure{}, err
	}
	settlement, err := l.Settlements.At(d)
	if err != nil {
		return Procedure{}, err
	}
	return NewProcedure(opening, settlement), nil
}
