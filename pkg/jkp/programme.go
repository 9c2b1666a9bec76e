package jkp

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Folder is where the parameter files lie in the policies.
const Folder = "programmes/jkp"

const textsFile = "texts.yaml"

// Programme is JKP with all its versions. It never changes after Load and is safe for concurrent use.
type Programme struct {
	rules      rule.Timeline[*Rules]
	training   rule.Timeline[*TrainingCost]
	transition *Transition
	texts      rule.Catalogue
}

// Schemas returns the schemas of all parameter files of JKP, for rule.Check.
func Schemas() []rule.Schema {
	return []rule.Schema{
		rule.SchemaOf[Rules]("jkp", "rules"),
		rule.SchemaOf[Transition]("jkp", "transition"),
		rule.SchemaOf[TrainingCost]("jkp", "training_cost"),
	}
}

// Load reads every parameter file in programmes/jkp of fsys. It refuses a file with a problem (the error lists lines),
// versions with gaps or overlaps, and a cutover on which no version begins. The only function here that reads files.
func Load(fsys fs.FS) (*Programme, error) {
	entries, err := fs.ReadDir(fsys, Folder)
	if err != nil {
		return nil, fmt.Errorf("list jkp parameter files: %w", err)
	}
	var l loader
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".yaml") {
			continue
		}
		if err := l.read(fsys, path.Join(Folder, entry.Name())); err != nil {
			return nil, err
		}
	}
	return l.programme()
}

type loader struct {
	rules      []*Rules
	training   []*TrainingCost
	transition *Transition
	texts      rule.Catalogue
}

func (l *loader) read(fsys fs.FS, name string) error {
	if path.Base(name) == textsFile {
		return l.readTexts(fsys, name)
	}
	kind, err := rule.KindOf(fsys, name)
	if err != nil {
		return err
	}
	switch kind {
	case "rules":
		file, err := rule.Load[Rules](fsys, name)
		file.require()
		l.rules = append(l.rules, &file)
		return err
	case "training_cost":
		file, err := rule.Load[TrainingCost](fsys, name)
		l.training = append(l.training, &file)
		return err
	case "transition":
		file, err := rule.Load[Transition](fsys, name)
		l.transition = &file
		return err
	}
	return fmt.Errorf("load %s: jkp has no files of kind %q", name, kind)
}

func (l *loader) readTexts(fsys fs.FS, name string) error {
	file, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("open texts: %w", err)
	}
	defer file.Close()
	l.texts, err = rule.LoadCatalogue(file)
	if err != nil {
		return fmt.Errorf("load %s: %w", name, err)
	}
	return nil
}

func (l *loader) programme() (*Programme, error) {
	if l.transition == nil || l.texts == nil {
		return nil, fmt.Errorf("jkp has no transition file or no texts")
	}
	rules, err := rule.NewTimeline(l.rules...)
	if err != nil {
		return nil, fmt.Errorf("jkp rules: %w", err)
	}
	training, err := rule.NewTimeline(l.training...)
	if err != nil {
		return nil, fmt.Errorf("jkp training cost: %w", err)
	}
	at, err := rules.At(l.transition.Cutover.Value)
	if err != nil || at.ValidFrom != l.transition.Cutover.Value {
		return nil, fmt.Errorf("no jkp version begins on the cutover %s", l.transition.Cutover.Value)
	}
	return &Programme{rules: rules, training: training, transition: l.transition, texts: l.texts}, nil
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
