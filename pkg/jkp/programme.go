package jkp

import (
	"fmt"
	"io/fs"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Folder is where the parameter files lie in the policies.
const Folder = "programmes/" + programme

const programme = "jkp"

// Programme is JKP with all its versions. It never changes after Load and is safe for concurrent use.
type Programme struct {
	rules      rule.Timeline[*Rules]
	training   rule.Timeline[TrainingCost]
	transition *Transition
	texts      rule.Catalogue
}

// Schemas returns the schemas of all parameter files of JKP, for rule.CheckData.
func Schemas() []rule.Schema {
	return []rule.Schema{
		rule.SchemaOf[Rules](programme, "rules"),
		rule.SchemaOf[Transition](programme, "transition"),
		rule.SchemaOf[TrainingCost](programme, "training_cost"),
	}
}

// Load reads all files of the programme; errors as rule.LoadFiles. It refuses versions with gaps or overlaps, a folder
// without words, and a cutover on which no version begins.
func Load(fsys fs.FS) (*Programme, error) {
	files, err := rule.LoadFiles(fsys, programme, Schemas()...)
	if err != nil {
		return nil, err
	}
	p := &Programme{texts: files.Texts}
	if len(p.texts) == 0 {
		return nil, fmt.Errorf("jkp has no texts")
	}
	versions := rule.FilesOf[Rules](files)
	for _, r := range versions {
		r.require()
	}
	if p.rules, err = rule.NewTimeline(versions...); err != nil {
		return nil, fmt.Errorf("order the jkp rules: %w", err)
	}
	if p.training, err = rule.TimelineOf[TrainingCost](files); err != nil {
		return nil, err
	}
	if p.transition, err = rule.OnlyOf[Transition](files); err != nil {
		return nil, err
	}
	cutover := p.transition.Cutover.Value
	if at, err := p.rules.At(cutover); err != nil || at.ValidFrom != cutover {
		return nil, fmt.Errorf("no jkp version begins on the cutover %s", cutover)
	}
	return p, nil
}

// Versions returns the heads of the rule versions, oldest first.
func (p *Programme) Versions() []rule.Version {
	var heads []rule.Version
	for _, r := range p.rules.List() {
		heads = append(heads, r.Version)
	}
	return heads
}

// RulesAt returns the figures in force on day d; fault rule.no_version when there are none. Read only.
func (p *Programme) RulesAt(d calendar.Date) (*Rules, error) { return p.rules.At(d) }

// Texts returns the sentences of the criteria for Decision.Explain.
func (p *Programme) Texts() rule.Catalogue { return p.texts }

// TrainingCostCap returns the cap of the unit cost of training in rupiah for a training contract signed on the day, and
// the file's id and source. Fault rule.no_version before the first file.
func (p *Programme) TrainingCostCap(contract calendar.Date) (money.Rupiah, string, rule.Source, error) {
	file, err := p.training.At(contract)
	if err != nil {
		return 0, "", rule.Source{}, err
	}
	return file.UnitCostCap.Value, file.ID, file.UnitCostCap.Source, nil
}

// byID returns a rule version by its id; fault rule.version_unknown (Invalid).
func (p *Programme) byID(id string) (*Rules, error) {
	for _, r := range p.rules.List() {
		if r.ID == id {
			return r, nil
		}
	}
	return nil, fault.New(fault.Invalid, "rule.version_unknown", "version", id)
}
