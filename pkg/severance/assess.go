package severance

import (
	"math"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Facts is what has to be known of one termination.
type Facts struct {
	Reason termination.Reason
	// Start is the first day of work, End the day on which the employment ends; End chooses the version.
	Start, End calendar.Date
	Wage       Wage
	// Rights are the stated items of uang penggantian hak; RightsKnown says that the list is complete, even if empty.
	Rights      []Right
	RightsKnown bool
	// SeparationPay is the agreed uang pisah; nil when nobody has stated it.
	SeparationPay *money.Rupiah
	// CausedLoss says whether the worker's act caused the firm a loss (DETAINED_6M, CONVICTED); nil when nobody has said.
	CausedLoss *bool
}

// Right is one item of uang penggantian hak with its amount in rupiah.
type Right struct {
	Kind   RightKind
	Amount money.Rupiah
}

// Assessment is the money of one termination.
type Assessment struct {
	Version string             `json:"version"`
	Reason  termination.Reason `json:"reason"`
	Tenure  Tenure             `json:"tenure"`
	Wage    MonthlyWage        `json:"wage"`
	Parts   []Part             `json:"parts"`
	// Total is the sum of the parts in rupiah.
	Total money.Rupiah `json:"total"`
	// AtLeast reports that a part of the total is a minimum.
	AtLeast bool `json:"at_least"`
	// Complete is false when a part is owed whose amount is not known: the total is then too low.
	Complete bool `json:"complete"`

	other Tenure // under the other setting of last_day
}

// Get returns the first part of the kind.
func (a Assessment) Get(kind PartKind) (Part, bool) {
	for _, p := range a.Parts {
		if p.Kind == kind {
			return p, true
		}
	}
	return Part{}, false
}

// Unverified reports whether any part rests on a figure that nobody has read in the regulation text.
func (a Assessment) Unverified() bool {
	for _, p := range a.Parts {
		if p.Unverified() {
			return true
		}
	}
	return false
}

// Assess computes the money. Faults (Invalid) with the field: severance.reason_unknown, those of Tenure and Month,
// severance.right_unknown, severance.right_not_owed (the old 15 % item), severance.separation_pay_not_owed,
// severance.amount_negative, severance.amount_too_large.
func (r Rules) Assess(f Facts) (Assessment, error) {
	multiple, ok := r.Reasons[f.Reason]
	if !ok {
		return Assessment{}, fault.New(fault.Invalid, "severance.reason_unknown").At("reason")
	}
	a := Assessment{Version: r.ID, Reason: f.Reason}
	var err error
	if a.Tenure, a.other, err = r.tenures(f.Start, f.End); err != nil {
		return Assessment{}, err
	}
	if a.Wage, err = r.Month(f.Wage); err != nil {
		return Assessment{}, err
	}
	if a.Parts, err = r.parts(f, a, multiple); err != nil {
		return Assessment{}, err
	}
	return a.sum()
}

func (r Rules) parts(f Facts, a Assessment, m ReasonMultiple) ([]Part, error) {
	up, err := r.fromTable(SeverancePay, r.SeverancePay, m.SeverancePay, a)
	if err != nil {
		return nil, err
	}
	m, settled := m.settle(f.CausedLoss)
	upmk, err := r.fromTable(ServicePay, r.ServicePay, m.ServicePay, a)
	if err != nil {
		return nil, err
	}
	if !settled && upmk.Months > 0 {
		upmk = upmk.unknown(m.NoLoss.ServicePay.Source)
	}
	rights, err := r.rights(f)
	if err != nil {
		return nil, err
	}
	parts := append([]Part{up, upmk}, rights...)
	if !settled {
		return append(parts, Part{Kind: SeparationPay, Reads: AsStated}.rest(m.SeparationPay.Source)), nil
	}
	pisah, owed, err := separation(f, m)
	if err != nil || !owed {
		return parts, err
	}
	return append(parts, pisah), nil
}

// fromTable is wage x months of the table x multiplier of the reason.
func (r Rules) fromTable(kind PartKind, t Table, m rule.Figure[rule.Ratio], a Assessment) (Part, error) {
	p := Part{
		Kind: kind, Months: t.Months(a.Tenure.Years), Multiplier: m.Value, Reads: t.Reads.Value, ReadsSource: t.Reads.Source,
	}
	months, err := a.Wage.Exact.Times(int64(p.Months))
	if err != nil {
		return Part{}, fault.New(fault.Invalid, "severance.amount_too_large").Because(err)
	}
	exact, err := times(months, m.Value)
	if err != nil {
		return Part{}, err
	}
	sources := []rule.Source{t.Source, m.Source, a.Wage.Source}
	if t.Months(a.other.Years) != p.Months {
		sources = append(sources, r.LastDay.Source)
	}
	return r.round(p, exact, sources...)
}

func (r Rules) rights(f Facts) ([]Part, error) {
	parts := make([]Part, 0, len(f.Rights)+1)
	for _, right := range f.Rights {
		owed, ok := r.Rights[right.Kind]
		if !ok {
			return nil, fault.New(fault.Invalid, "severance.right_unknown").At("rights")
		}
		if !owed.Value {
			return nil, fault.New(fault.Invalid, "severance.right_not_owed", "item", string(right.Kind)).At("rights")
		}
		p, err := stated(RightsCompensation, "rights", right.Amount, owed.Source)
		if err != nil {
			return nil, err
		}
		p.Item = right.Kind
		parts = append(parts, p)
	}
	if !f.RightsKnown {
		unknown := Part{Kind: RightsCompensation, Reads: AsStated}.rest(r.Rights[Agreed].Source)
		parts = append(parts, unknown)
	}
	return parts, nil
}

func separation(f Facts, m ReasonMultiple) (Part, bool, error) {
	if m.SeparationPay == nil || !m.SeparationPay.Value {
		if f.SeparationPay != nil {
			return Part{}, false, fault.New(fault.Invalid, "severance.separation_pay_not_owed").At("separation_pay")
		}
		return Part{}, false, nil
	}
	if f.SeparationPay == nil {
		return Part{Kind: SeparationPay, Reads: AsStated}.rest(m.SeparationPay.Source), true, nil
	}
	p, err := stated(SeparationPay, "separation_pay", *f.SeparationPay, m.SeparationPay.Source)
	return p, true, err
}

func stated(kind PartKind, field string, r money.Rupiah, source rule.Source) (Part, error) {
	if err := amount(field, r, false); err != nil {
		return Part{}, err
	}
	exact, err := rule.NewRatio(int64(r), 1)
	return Part{Kind: kind, Exact: exact, Amount: r, Known: true, Reads: AsStated}.rest(source), err
}

func (a Assessment) sum() (Assessment, error) {
	a.Complete = true
	for _, p := range a.Parts {
		if p.Amount > math.MaxInt64-a.Total {
			return Assessment{}, fault.New(fault.Invalid, "severance.amount_too_large")
		}
		a.Total += p.Amount
		a.Complete = a.Complete && p.Known
		a.AtLeast = a.AtLeast || p.Reads == AtLeast && p.Amount > 0
	}
	return a, nil
}
