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
	// Start is the first day of work, End the last day worked; End chooses the version.
	Start, End calendar.Date
	// FirmSize decides whether the tables bind the employer; empty when nobody has said.
	FirmSize FirmSize
	// Wage is the zero Wage when nobody has stated it.
	Wage Wage
	// Agreed is what a micro or small firm agreed with the worker, all together; nil when nobody has stated it.
	Agreed *money.Rupiah
	// Rights are the stated items of uang penggantian hak; RightsKnown says that the list is complete, even if empty.
	Rights      []Right
	RightsKnown bool
	// Leave is leave to be turned into money, where its amount is not among the stated rights.
	Leave *Leave
	// SeparationPay is the agreed uang pisah; nil when nobody has stated it.
	SeparationPay *money.Rupiah
	// CausedLoss says whether the worker's act caused the firm a loss (DETAINED_6M, CONVICTED); nil when nobody has said.
	CausedLoss *bool
	// Pension is the benefit of a pension fund of the employer, Detention the time for which family aid is owed.
	Pension   *Pension
	Detention *Detention
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
	// Missing names the facts that would make it complete.
	Missing []string `json:"missing,omitempty"`
	// Orientation is what the tables give where they do not bind the employer, or where nobody has said whether they do.
	Orientation []Part `json:"orientation,omitempty"`

	other   Tenure // under the other setting of last_day
	missing lacking
	paid    bool // the wage is known
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

// Assess computes the money. Faults (Invalid) with the field: severance.reason_unknown, severance.firm_size_unknown,
// those of Tenure and Month, severance.right_unknown, severance.leave_twice, severance.leave_days_invalid,
// severance.work_week_unknown, severance.pension_share_invalid, severance.detention_invalid, severance.amount_negative,
// severance.amount_too_large.
func (r Rules) Assess(f Facts) (Assessment, error) {
	multiple, ok := r.Reasons[f.Reason]
	switch {
	case !ok:
		return Assessment{}, fault.New(fault.Invalid, "severance.reason_unknown").At("reason")
	case f.FirmSize != "" && !f.FirmSize.Valid():
		return Assessment{}, fault.New(fault.Invalid, "severance.firm_size_unknown").At("firm_size")
	}
	a := Assessment{Version: r.ID, Reason: f.Reason, paid: f.Wage.Stated()}
	var err error
	if a.Tenure, a.other, err = r.tenures(f.Start, f.End); err != nil {
		return Assessment{}, err
	}
	if a.paid {
		if a.Wage, err = r.MonthOf(f.Wage, f.FirmSize); err != nil {
			return Assessment{}, err
		}
	}
	if err = r.parts(f, &a, multiple); err != nil {
		return Assessment{}, err
	}
	return a.sum()
}

func (r Rules) parts(f Facts, a *Assessment, m ReasonMultiple) error {
	for _, add := range []func() error{
		func() error { return r.tables(f, a, m) },
		func() error { return r.rights(f, a) },
		func() error { return r.separation(f, a, m) },
		func() error { return r.beside(f, a) },
	} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

// tables adds UP and UPMK where the tables bind the employer; else what was agreed, and the tables as an orientation.
func (r Rules) tables(f Facts, a *Assessment, m ReasonMultiple) error {
	up, err := r.fromTable(SeverancePay, r.SeverancePay, m.SeverancePay, a)
	if err != nil {
		return err
	}
	m, settled := m.settle(f.CausedLoss)
	upmk, err := r.fromTable(ServicePay, r.ServicePay, m.ServicePay, a)
	if err != nil {
		return err
	}
	if !settled && upmk.Months > 0 {
		a.missing.add(FactCausedLoss)
		upmk = upmk.unknown(m.NoLoss.ServicePay.Source)
	}
	switch {
	case f.FirmSize.bound():
		a.Parts = []Part{up, upmk}
		return nil
	case !f.FirmSize.ByAgreement():
		a.missing.add(FactFirmSize)
		a.Parts = []Part{up.unknown(r.SmallFirms.Source), upmk.unknown(r.SmallFirms.Source)}
	default:
		agreed, err := r.agreed(f.Agreed, r.SmallFirms.Source, &a.missing)
		if err != nil {
			return err
		}
		a.Parts = []Part{agreed}
	}
	a.Orientation = []Part{up, upmk}
	return nil
}

// fromTable is wage x months of the table x multiplier of the reason.
func (r Rules) fromTable(kind PartKind, t Table, m rule.Figure[rule.Ratio], a *Assessment) (Part, error) {
	p := Part{
		Kind: kind, Months: t.Months(a.Tenure.Years), Multiplier: m.Value, Reads: t.Reads.Value, ReadsSource: t.Reads.Source,
	}
	if !a.paid && p.Months > 0 && m.Value.Num() > 0 {
		a.missing.add(FactWage)
		return p.rest(t.Source, m.Source), nil
	}
	sources := []rule.Source{t.Source, m.Source}
	if a.paid {
		sources = append(sources, a.Wage.Source)
	}
	other := p
	other.Months = t.Months(a.other.Years)
	exact, err := a.Wage.times(other)
	if err != nil {
		return Part{}, err
	}
	if other, err = r.round(other, exact); err != nil {
		return Part{}, err
	}
	if other.Months != p.Months {
		sources = append(sources, r.LastDay.Source)
		if m.Value.Num() > 0 {
			reading := "last_day_" + string(r.LastDay.Value.other())
			p.Otherwise = []Other{{Reading: reading, Amount: other.Amount, Source: r.LastDay.Source}}
		}
	}
	if exact, err = a.Wage.times(p); err != nil {
		return Part{}, err
	}
	return r.round(p, exact, sources...)
}

// times is wage x months x multiplier of the part.
func (w MonthlyWage) times(p Part) (rule.Ratio, error) {
	months, err := w.Exact.Times(int64(p.Months))
	if err != nil {
		return rule.Ratio{}, tooLarge(err)
	}
	return times(months, p.Multiplier)
}

// beside adds what does not hang on the reason: the aid to the family, and what a pension takes off.
func (r Rules) beside(f Facts, a *Assessment) error {
	if f.Detention != nil {
		p, err := r.aid(*f.Detention, a.Wage, a.paid, &a.missing)
		if err != nil {
			return err
		}
		a.Parts = append(a.Parts, p)
	}
	if f.Pension != nil {
		p, err := r.offset(*f.Pension, a.Parts)
		if err != nil {
			return err
		}
		a.Parts = append(a.Parts, p)
	}
	return nil
}

func (a Assessment) sum() (Assessment, error) {
	a.Complete, a.Missing = true, a.missing
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
