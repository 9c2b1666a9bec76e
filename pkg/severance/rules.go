package severance

import (
	"fmt"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

// Rules is a parameter file of kind "rules".
type Rules struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date]            `yaml:"in_force"`
	SeverancePay Table                                 `yaml:"severance_pay"` // UP, Art. 40(2)
	ServicePay   Table                                 `yaml:"service_pay"`   // UPMK, Art. 40(3)
	Rights       map[RightKind]rule.Figure[bool]       `yaml:"rights"`        // UPH, Art. 40(4): is the item owed
	Wage         WageRules                             `yaml:"wage"`
	Reasons      map[termination.Reason]ReasonMultiple `yaml:"reasons"`
	FixedTerm    FixedTermRules                        `yaml:"fixed_term"`
	Rounding     rule.Figure[money.Rounding]           `yaml:"rounding"` // of each part to whole rupiah
	LastDay      rule.Figure[LastDay]                  `yaml:"last_day"`
}

// ReasonMultiple holds the multipliers of one reason; SeparationPay stands where uang pisah is owed.
type ReasonMultiple struct {
	SeverancePay  rule.Figure[rule.Ratio] `yaml:"severance_pay"`
	ServicePay    rule.Figure[rule.Ratio] `yaml:"service_pay"`
	SeparationPay *rule.Figure[bool]      `yaml:"separation_pay,omitempty"`
	// NoLoss stands where the money hangs on whether the worker's act caused the firm a loss (Art. 53-54).
	NoLoss *NoLoss `yaml:"no_loss,omitempty"`
}

// NoLoss is what holds instead when the act caused the firm no loss; no uang pisah is owed then.
type NoLoss struct {
	ServicePay rule.Figure[rule.Ratio] `yaml:"service_pay"`
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

// maxMultiple bounds a multiplier and its denominator in a file, far above the law (2 and 4).
const maxMultiple = 100

// Validate finds what is missing or without sense beyond the single figure.
func (r *Rules) Validate() []rule.Problem {
	problems := append(r.SeverancePay.problems("severance_pay"), r.ServicePay.problems("service_pay")...)
	for _, reason := range termination.Reasons() {
		if _, ok := r.Reasons[reason]; !ok {
			problems = append(problems, rule.Problem{Key: "reasons", Text: fmt.Sprintf("reason %s is missing", reason)})
		}
	}
	for reason, m := range r.Reasons {
		if !reason.Valid() {
			problems = append(problems, rule.Problem{Key: "reasons." + string(reason), Text: "unknown reason"})
		}
		if !sensible(m.SeverancePay.Value) || !sensible(m.ServicePay.Value) || m.NoLoss != nil && !sensible(m.NoLoss.ServicePay.Value) {
			problems = append(problems, rule.Problem{Key: "reasons." + string(reason), Text: "multiplier is not between 0 and 100"})
		}
		if m.NoLoss != nil && m.SeparationPay == nil {
			problems = append(problems, rule.Problem{Key: "reasons." + string(reason), Text: "no_loss stands without separation_pay"})
		}
	}
	for kind := range r.Rights {
		if !kind.Valid() {
			problems = append(problems, rule.Problem{Key: "rights." + string(kind), Text: "unknown item"})
		}
	}
	return append(append(problems, r.Wage.problems()...), r.FixedTerm.problems()...)
}

func sensible(m rule.Ratio) bool {
	return m.Num() >= 0 && m.Den() <= maxMultiple && m.Num() <= maxMultiple*m.Den()
}

func positive(key string, n int) []rule.Problem {
	if n < 1 || n > maxMultiple {
		return []rule.Problem{{Key: key, Text: "is not between 1 and 100"}}
	}
	return nil
}
