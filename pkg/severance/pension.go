package severance

import (
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Offset tells what of a pension is set against the money.
type Offset string

// EmployerContributions is the part of the benefit that the employer's contributions paid.
const EmployerContributions Offset = "employer_contributions"

// Valid reports whether o is known.
func (o Offset) Valid() bool { return o == EmployerContributions }

// Pension is the benefit of a pension fund into which the employer paid: its amount in rupiah, and the share of it that
// the employer's contributions paid, at most 1.
type Pension struct {
	Benefit       money.Rupiah
	EmployerShare rule.Ratio
}

// offset is the negative part that a pension takes off UP, UPMK and uang pisah, never more than they are. What the
// employer's part of the pension gives beyond that stays with the worker.
func (r Rules) offset(pension Pension, parts []Part) (Part, error) {
	if err := amount("pension.benefit", pension.Benefit, false); err != nil {
		return Part{}, err
	}
	if share := pension.EmployerShare; share.Num() < 0 || share.Num() > share.Den() {
		return Part{}, fault.New(fault.Invalid, "severance.pension_share_invalid").At("pension.employer_share")
	}
	paid, err := pension.EmployerShare.Of(pension.Benefit, money.Down)
	if err != nil {
		return Part{}, tooLarge(err)
	}
	var owed money.Rupiah
	for _, p := range parts {
		switch p.Kind {
		case SeverancePay, ServicePay, SeparationPay:
			owed += p.Amount
		case RightsCompensation, AgreedAmount, FamilyAid, PensionOffset, FixedTermCompensation, FixedTermDamages:
		}
	}
	off := -min(owed, paid)
	exact, err := rule.NewRatio(int64(off), 1)
	p := Part{
		Kind: PensionOffset, Exact: exact, Amount: off, Known: true, Reads: AsStated, Multiplier: pension.EmployerShare,
	}
	return p.rest(r.PensionOffset.Source), err
}
