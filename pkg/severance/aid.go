package severance

import (
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// AidStep is one row: from so many dependants on, this share of the wage.
type AidStep struct {
	Dependants int                     `yaml:"dependants" between:"1..20"`
	Share      rule.Figure[rule.Ratio] `yaml:"share" between:"0..1"`
}

// AidRules is the aid to the family of a detained worker: no wage, but a share of it by dependants, for some months.
type AidRules struct {
	MaxMonths rule.Figure[int] `yaml:"max_months" between:"1..24"`
	Steps     []AidStep        `yaml:"steps"`
}

// Share returns the share of the wage for the dependants; zero for none, by the first row.
func (a AidRules) Share(dependants int) rule.Figure[rule.Ratio] {
	share := a.Steps[0].Share
	share.Value = rule.Ratio{}
	for _, s := range a.Steps {
		if dependants >= s.Dependants {
			share = s.Share
		}
	}
	return share
}

func (a AidRules) problems() []rule.Problem {
	for i, s := range a.Steps {
		rises := i == 0 || s.Dependants > a.Steps[i-1].Dependants && s.Share.Value.Compare(a.Steps[i-1].Share.Value) >= 0
		if !rises || !fine(s.Share.Value) {
			return []rule.Problem{{Key: "family_aid.steps", Text: "the rows do not rise"}}
		}
	}
	return nil
}

// Detention is how long a worker was detained, in whole months, and for how many persons the worker provides; nil when
// nobody has said.
type Detention struct {
	Months     int
	Dependants *int
}

const maxDependants = 100

// aid is the part for the family of a detained worker: share x wage x months.
func (r Rules) aid(d Detention, wage MonthlyWage, known bool, missing *lacking) (Part, error) {
	p := Part{Kind: FamilyAid, Reads: AsStated, Months: min(d.Months, r.FamilyAid.MaxMonths.Value)}
	switch {
	case d.Months < 0:
		return Part{}, fault.New(fault.Invalid, "severance.detention_invalid").At("detention.months")
	case d.Dependants == nil:
		missing.add(FactDetention)
		return p.rest(r.FamilyAid.MaxMonths.Source), nil
	case *d.Dependants < 0 || *d.Dependants > maxDependants:
		return Part{}, fault.New(fault.Invalid, "severance.detention_invalid").At("detention.dependants")
	}
	share := r.FamilyAid.Share(*d.Dependants)
	p.Multiplier = share.Value
	if !known {
		missing.add(FactWage)
		return p.rest(r.FamilyAid.MaxMonths.Source), nil
	}
	months, err := wage.Exact.Times(int64(p.Months))
	if err != nil {
		return Part{}, tooLarge(err)
	}
	exact, err := times(months, p.Multiplier)
	if err != nil {
		return Part{}, err
	}
	return r.round(p, exact, share.Source, r.FamilyAid.MaxMonths.Source, wage.Source)
}
