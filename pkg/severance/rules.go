package severance

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Rules is a parameter file of kind "rules".
type Rules struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date]      `yaml:"in_force"`
	SeverancePay Table                           `yaml:"severance_pay"` // UP, Art. 40(2)
	ServicePay   Table                           `yaml:"service_pay"`   // UPMK, Art. 40(3)
	Rights       map[RightKind]rule.Figure[bool] `yaml:"rights"`        // UPH, Art. 40(4): is the item owed
	Leave        LeaveRules                      `yaml:"leave"`
	Wage         WageRules                       `yaml:"wage"`
	SmallFirms   rule.Figure[SmallFirms]         `yaml:"small_firms"`
	// SeparationElsewhere tells what becomes of uang pisah that was agreed where the law does not give it.
	SeparationElsewhere rule.Figure[Elsewhere] `yaml:"separation_pay_elsewhere"`
	PensionOffset       rule.Figure[Offset]    `yaml:"pension_offset"`
	UnpaidWages         rule.Figure[Rank]      `yaml:"unpaid_wages"`
	FamilyAid           AidRules               `yaml:"family_aid"`

	Reasons   map[termination.Reason]ReasonMultiple `yaml:"reasons"`
	FixedTerm FixedTermRules                        `yaml:"fixed_term"`
	Rounding  rule.Figure[money.Rounding]           `yaml:"rounding"` // of each part to whole rupiah
	LastDay   rule.Figure[LastDay]                  `yaml:"last_day"`
}

// ReasonMultiple holds the multipliers of one reason, far below 10 in the law; SeparationPay stands where uang pisah is
// owed.
type ReasonMultiple struct {
	SeverancePay  rule.Figure[rule.Ratio] `yaml:"severance_pay" between:"0..10"`
	ServicePay    rule.Figure[rule.Ratio] `yaml:"service_pay" between:"0..10"`
	SeparationPay *rule.Figure[bool]      `yaml:"separation_pay,omitempty"`
	// NoLoss stands where the money hangs on whether the worker's act caused the firm a loss (Art. 54).
	NoLoss *NoLoss `yaml:"no_loss,omitempty"`

	rule.Optional `yaml:",inline"`
}

// NoLoss is what holds instead when the act caused the firm no loss; no uang pisah is owed then.
type NoLoss struct {
	ServicePay rule.Figure[rule.Ratio] `yaml:"service_pay" between:"0..10"`
}

// settle returns what holds for the stated loss; false when the money hangs on it and nobody has stated it.
func (m ReasonMultiple) settle(causedLoss *bool) (ReasonMultiple, bool) {
	switch {
	case m.NoLoss == nil:
		return m, true
	case causedLoss == nil:
		return m, false
	case !*causedLoss:
		m.ServicePay, m.SeparationPay = m.NoLoss.ServicePay, nil
	}
	return m, true
}

// Validate finds what is missing or without sense beyond the single figure.
func (r *Rules) Validate() []rule.Problem {
	problems := append(r.SeverancePay.problems("severance_pay"), r.ServicePay.problems("service_pay")...)
	problems = append(problems, r.FamilyAid.problems()...)
	for reason, m := range r.Reasons {
		key := "reasons." + string(reason)
		if !fine(m.SeverancePay.Value) || !fine(m.ServicePay.Value) || m.NoLoss != nil && !fine(m.NoLoss.ServicePay.Value) {
			problems = append(problems, rule.Problem{Key: key, Text: "a multiplier is finer than a hundredth"})
		}
		if m.NoLoss != nil && m.SeparationPay == nil {
			problems = append(problems, rule.Problem{Key: key, Text: "no_loss stands without separation_pay"})
		}
	}
	return problems
}

// fine keeps the products of multipliers within 64 bits.
func fine(m rule.Ratio) bool { return m.Den() <= maxDenominator }

const maxDenominator = 100
