// Package assessment asks the rules of a programme about one worker who need not have a case, and gives the answers of
// all programmes in one form: the outcome, every criterion with its inputs and its article, the money in whole rupiah,
// and whether anything behind it is unverified. Nothing is stored, and no identity is asked for: no name, no NIK.
package assessment

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/cover"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/severancetax"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/thr"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
)

// Programmes are the rules of every programme.
type Programmes struct {
	JKP         *jkp.Programme
	Severance   severance.Law
	Prakerja    prakerja.Law
	WageSubsidy wagesubsidy.Law
	THR         thr.Law
	Tax         severancetax.Law
	Cover       cover.Law
	Termination termination.Law
	Calendar    *calendar.Calendar
	Texts       rule.Catalogue // of all programmes
	Marks       Marks          // of all files
}

// textsFile holds the wording of the criteria and parts that have none in a file of their programme.
const textsFile = "texts/criteria.yaml"

// Load reads the parameter files and the wording of fsys. Any problem of any file is an error.
func Load(fsys fs.FS, days *calendar.Calendar) (*Programmes, error) {
	p := &Programmes{Calendar: days}
	var err error
	if p.JKP, err = jkp.Load(fsys); err != nil {
		return nil, err
	}
	if p.Severance, err = severance.Load(fsys); err != nil {
		return nil, err
	}
	if p.Prakerja, err = prakerja.Load(fsys); err != nil {
		return nil, err
	}
	if p.WageSubsidy, err = wagesubsidy.Load(fsys); err != nil {
		return nil, err
	}
	if p.THR, err = thr.Load(fsys); err != nil {
		return nil, err
	}
	if p.Tax, err = severancetax.Load(fsys); err != nil {
		return nil, err
	}
	if p.Cover, err = cover.Load(fsys); err != nil {
		return nil, err
	}
	if p.Termination, err = termination.Load(fsys); err != nil {
		return nil, err
	}
	return p, p.words(fsys)
}

// Schemas returns those of all programmes, for rule.CheckData.
func Schemas() []rule.Schema {
	return slices.Concat(
		jkp.Schemas(), severance.Schemas(), prakerja.Schemas(), wagesubsidy.Schemas(), termination.Schemas(),
		thr.Schemas(), severancetax.Schemas(), cover.Schemas(),
	)
}

// words reads the wording of the criteria.
func (p *Programmes) words(fsys fs.FS) error {
	file, err := fsys.Open(textsFile)
	if err != nil {
		return fmt.Errorf("open texts: %w", err)
	}
	defer func() { _ = file.Close() }()
	if p.Texts, err = rule.LoadCatalogue(file); err != nil {
		return fmt.Errorf("load %s: %w", textsFile, err)
	}
	for code, text := range p.JKP.Texts() {
		p.Texts[code] = text
	}
	return nil
}
