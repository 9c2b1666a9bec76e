package severancetax

import (
	"io/fs"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Programme is the name of the folder of parameter files and of their key "programme".
const Programme = "severancetax"

// Step taxes what lies above its bound, up to the bound of the next one.
type Step struct {
	Above money.Rupiah            `yaml:"above" between:"0..1000000000"`
	Rate  rule.Figure[rule.Ratio] `yaml:"rate" between:"0..1"`
}

// OtherSums tells how uang kompensasi and uang pisah are taxed.
type OtherSums string

// Final is by the steps of severance.
const Final OtherSums = "final"

// Valid reports whether o is known.
func (o OtherSums) Valid() bool { return o == Final }

// Rules is a parameter file of kind "rules".
type Rules struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date]  `yaml:"in_force"`
	Severance    []Step                      `yaml:"severance"`
	OldAge       []Step                      `yaml:"old_age"`
	WindowYears  rule.Figure[int]            `yaml:"window_years" between:"1..10"`
	NonResident  rule.Figure[rule.Ratio]     `yaml:"non_resident" between:"0..1"`
	OtherSums    rule.Figure[OtherSums]      `yaml:"other_sums"`
	Rounding     rule.Figure[money.Rounding] `yaml:"rounding"`
}

// Validate finds steps that do not rise, and rates so fine that the tax could not be reckoned.
func (r *Rules) Validate() []rule.Problem {
	var problems []rule.Problem
	for key, steps := range map[string][]Step{"severance": r.Severance, "old_age": r.OldAge} {
		for i, s := range steps {
			rises := i == 0 && s.Above == 0 || i > 0 && s.Above > steps[i-1].Above &&
				s.Rate.Value.Compare(steps[i-1].Rate.Value) > 0
			if !rises || s.Rate.Value.Den() > maxDenominator {
				problems = append(problems, rule.Problem{Key: key, Text: "the steps do not rise from 0"})
			}
		}
	}
	return problems
}

const maxDenominator = 10_000

// Law holds all versions; they are chosen by the day of the first payment.
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
