package severance

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// rights adds the items of uang penggantian hak. One that the law does not give is counted as agreed.
func (r Rules) rights(f Facts, a *Assessment) error {
	for i, right := range f.Rights {
		owed, ok := r.Rights[right.Kind]
		switch {
		case !ok:
			return fault.New(fault.Invalid, "severance.right_unknown").At(fmt.Sprintf("rights[%d].kind", i))
		case right.Kind == UnusedLeave && f.Leave != nil:
			return fault.New(fault.Invalid, "severance.leave_twice").At("unused_leave_days")
		}
		p, err := stated(RightsCompensation, fmt.Sprintf("rights[%d].amount", i), right.Amount, owed.Source)
		if err != nil {
			return err
		}
		p.Item = right.Kind
		if !owed.Value {
			p = p.asAgreed(r.Rights[Agreed].Source, owed.Source)
		}
		a.Parts = append(a.Parts, p)
	}
	if f.Leave != nil {
		p, err := r.leave(*f.Leave, a.Wage, a.paid, &a.missing)
		if err != nil {
			return err
		}
		a.Parts = append(a.Parts, p)
	}
	// With a micro or small firm everything is in the amount that was agreed.
	if !f.RightsKnown && !f.FirmSize.ByAgreement() {
		a.missing.add(FactRights)
		unknown := Part{Kind: RightsCompensation, Reads: AsStated}.rest(r.Rights[Agreed].Source)
		a.Parts = append(a.Parts, unknown)
	}
	return nil
}

// separation adds uang pisah: where the reason gives it, in the amount agreed, and elsewhere only when it was agreed.
func (r Rules) separation(f Facts, a *Assessment, m ReasonMultiple) error {
	given, settled := m.settle(f.CausedLoss)
	byLaw := given.SeparationPay != nil && given.SeparationPay.Value
	switch {
	case f.SeparationPay != nil && byLaw && settled:
		p, err := stated(SeparationPay, "separation_pay", *f.SeparationPay, given.SeparationPay.Source)
		a.Parts = append(a.Parts, p)
		return err
	case f.SeparationPay != nil && settled:
		p, err := stated(SeparationPay, "separation_pay", *f.SeparationPay, r.SeparationElsewhere.Source)
		a.Parts = append(a.Parts, p.asAgreed(r.SeparationElsewhere.Source))
		return err
	case byLaw && !f.FirmSize.ByAgreement():
		if !settled {
			a.missing.add(FactCausedLoss)
		}
		if f.SeparationPay == nil {
			a.missing.add(FactSeparationPay)
		}
		a.Parts = append(a.Parts, Part{Kind: SeparationPay, Reads: AsStated}.rest(given.SeparationPay.Source))
	}
	return nil
}

// asAgreed marks a part that the law does not give: it is counted because somebody stated that it was agreed.
func (p Part) asAgreed(sources ...rule.Source) Part {
	p.ByAgreement = true
	return p.rest(sources...)
}

// agreed is the part for what was agreed; unknown when nobody has stated it.
func (r Rules) agreed(amount *money.Rupiah, source rule.Source, missing *lacking) (Part, error) {
	if amount == nil {
		missing.add(FactAgreedAmount)
		return Part{Kind: AgreedAmount, Reads: AsStated, ByAgreement: true}.rest(source), nil
	}
	p, err := stated(AgreedAmount, "agreed_amount", *amount, source)
	p.ByAgreement = true
	return p, err
}

func stated(kind PartKind, field string, r money.Rupiah, source rule.Source) (Part, error) {
	if err := amount(field, r, false); err != nil {
		return Part{}, err
	}
	exact, err := rule.NewRatio(int64(r), 1)
	return Part{Kind: kind, Exact: exact, Amount: r, Known: true, Reads: AsStated}.rest(source), err
}
