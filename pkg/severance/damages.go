package severance

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Damage tells what whoever cuts a fixed term short owes the other side.
type Damage string

// WagesToTheEnd are the wages to the end of the term.
const WagesToTheEnd Damage = "wages_to_the_end"

// Valid reports whether d is known.
func (d Damage) Valid() bool { return d == WagesToTheEnd }

// Party is a side of the contract.
type Party string

// The sides.
const (
	Employer Party = "employer"
	Worker   Party = "worker"
)

// Valid reports whether p is a side.
func (p Party) Valid() bool { return p == Employer || p == Worker }

// Early is how a fixed term was cut short.
type Early struct {
	// TermEnd is the last day of the term that was agreed.
	TermEnd calendar.Date
	// By is who ended it; empty when nobody has said.
	By Party
	// LawfulGround reports a ground of Art. 61(1): death, work done, a final decision, an event named in the agreement;
	// nil when nobody has said.
	LawfulGround *bool
}

// Damages are the wages to the end of the term, and who owes them.
type Damages struct {
	Part
	OwedBy Party `json:"owed_by,omitempty"`
}

// damages is nil when the term was not cut short, or there was a lawful ground.
func (r Rules) damages(f FixedTerm, wage MonthlyWage, missing *lacking) (*Damages, error) {
	switch {
	case f.Early == nil || f.Early.TermEnd == f.End || f.Early.LawfulGround != nil && *f.Early.LawfulGround:
		return nil, nil
	case f.Early.TermEnd.Before(f.End):
		return nil, fault.New(fault.Invalid, "severance.term_before_end").At("contract_ends")
	case f.Early.By != "" && !f.Early.By.Valid():
		return nil, fault.New(fault.Invalid, "severance.party_unknown").At("ended_by")
	}
	r.LastDay.Value = LastDayCounted
	left, err := r.Tenure(f.End.AddDays(1), f.Early.TermEnd)
	if err != nil {
		return nil, err
	}
	d := &Damages{OwedBy: f.Early.By}
	if d.Part, err = r.wagesLeft(f, left, wage); err != nil {
		return nil, err
	}
	d.Part = f.Early.settle(d.Part, missing)
	if !f.Wage.Stated() {
		missing.add(FactWage)
	}
	return d, nil
}

// wagesLeft is the wage of the months left and of the days beyond them.
func (r Rules) wagesLeft(f FixedTerm, left Tenure, wage MonthlyWage) (Part, error) {
	p := Part{Kind: FixedTermDamages, Months: left.CompletedMonths(), Reads: AsStated}
	sources := []rule.Source{r.FixedTerm.Damages.Source}
	if !f.Wage.Stated() {
		return p.rest(sources...), nil
	}
	if sources = append(sources, wage.Source); left.Days > 0 {
		sources = append(sources, r.FixedTerm.PartMonth.Source)
	}
	months, err := rule.NewRatio(int64(left.CompletedMonths())*monthDays+int64(min(left.Days, monthDays)), monthDays)
	if err != nil {
		return Part{}, tooLarge(err)
	}
	p.Multiplier = months
	exact, err := times(wage.Exact, months)
	if err != nil {
		return Part{}, err
	}
	return r.round(p, exact, sources...)
}

// settle takes the amount away while nobody has said who ended the term, or whether there was a lawful ground; what
// would then be owed stands beside it.
func (e Early) settle(p Part, missing *lacking) Part {
	if e.By == "" {
		missing.add(FactEndedBy)
	}
	if e.LawfulGround == nil {
		missing.add(FactGround)
	}
	if !p.Known || e.By != "" && e.LawfulGround != nil {
		return p
	}
	would := Other{Reading: "without_lawful_ground", Amount: p.Amount, Source: p.Sources[0]}
	p = p.unknown(p.Sources[0])
	p.Otherwise = []Other{would}
	return p
}
