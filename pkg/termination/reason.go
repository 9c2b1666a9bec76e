package termination

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Reason is a reason of termination of PP 35/2021 Art. 36, split where Art. 41-57 give different money.
type Reason string

// The reasons in the order of the law.
const (
	MergerSpinoff                  Reason = "MERGER_SPINOFF"
	Acquisition                    Reason = "ACQUISITION"
	AcquisitionTermsChangedRefused Reason = "ACQUISITION_TERMS_CHANGED_REFUSED"
	EfficiencyLoss                 Reason = "EFFICIENCY_LOSS"
	EfficiencyPreventLoss          Reason = "EFFICIENCY_PREVENT_LOSS"
	ClosureLoss2Y                  Reason = "CLOSURE_LOSS_2Y"
	ClosureNoLoss                  Reason = "CLOSURE_NO_LOSS"
	ForceMajeureClosed             Reason = "FORCE_MAJEURE_CLOSED"
	ForceMajeureNotClosed          Reason = "FORCE_MAJEURE_NOT_CLOSED"
	PKPULoss                       Reason = "PKPU_LOSS"
	PKPUNoLoss                     Reason = "PKPU_NO_LOSS"
	Bankrupt                       Reason = "BANKRUPT"
	EmployerFault                  Reason = "EMPLOYER_FAULT"
	PetitionRejected               Reason = "PETITION_REJECTED"
	Resign                         Reason = "RESIGN"
	Absent5Days                    Reason = "ABSENT_5_DAYS"
	ViolationAfterSP3              Reason = "VIOLATION_AFTER_SP3"
	ViolationUrgent                Reason = "VIOLATION_URGENT"
	Detained6M                     Reason = "DETAINED_6M"
	Convicted                      Reason = "CONVICTED"
	LongIllnessDisability          Reason = "LONG_ILLNESS_DISABILITY"
	Retirement                     Reason = "RETIREMENT"
	Death                          Reason = "DEATH"
)

// Reasons returns all reasons in the order of the law.
func Reasons() []Reason {
	return []Reason{
		MergerSpinoff, Acquisition, AcquisitionTermsChangedRefused, EfficiencyLoss, EfficiencyPreventLoss,
		ClosureLoss2Y, ClosureNoLoss, ForceMajeureClosed, ForceMajeureNotClosed, PKPULoss, PKPUNoLoss, Bankrupt,
		EmployerFault, PetitionRejected, Resign, Absent5Days, ViolationAfterSP3, ViolationUrgent,
		Detained6M, Convicted, LongIllnessDisability, Retirement, Death,
	}
}

// Values returns all reasons.
func (Reason) Values() []Reason { return Reasons() }

// Valid reports whether r is a reason of the list.
func (r Reason) Valid() bool { return slices.Contains(Reasons(), r) }

// Letter is the letter of PP 35/2021 Art. 36, "a" to "o".
type Letter string

// Valid reports whether l is one of the fifteen letters.
func (l Letter) Valid() bool { return len(l) == 1 && l >= "a" && l <= "o" }

// Exclusion says whether a reason closes the way to JKP.
type Exclusion string

// The exclusions.
const (
	NotExcluded              Exclusion = "none"
	Excluded                 Exclusion = "excluded"
	ExcludedIfPermanentTotal Exclusion = "when_permanent_total" // permanent total disability only
)

// Valid reports whether e is a known exclusion.
func (e Exclusion) Valid() bool {
	return e == NotExcluded || e == Excluded || e == ExcludedIfPermanentTotal
}

// ReasonEntry is what the file says of one reason. The embedded source is the article that gives its money.
type ReasonEntry struct {
	Letter      rule.Figure[Letter]    `yaml:"letter"`
	JKP         rule.Figure[Exclusion] `yaml:"jkp"`
	Text        rule.Text              `yaml:"text"`
	rule.Source `yaml:",inline"`
}

// ReasonList is a parameter file of kind "reasons".
type ReasonList struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date] `yaml:"in_force"`
	Reasons      map[Reason]ReasonEntry     `yaml:"reasons"`
}

// JKPExcluded answers whether the reason closes the way to JKP: Unknown when that hangs on a permanent total disability
// of which nothing is known (permanentTotal nil), and for a reason that is not in the list.
func (l ReasonList) JKPExcluded(r Reason, permanentTotal *bool) (rule.Result, rule.Source) {
	entry, ok := l.Reasons[r]
	switch {
	case !ok:
		return rule.Unknown, rule.Source{}
	case entry.JKP.Value == Excluded:
		return rule.Met, entry.JKP.Source
	case entry.JKP.Value == NotExcluded:
		return rule.NotMet, entry.JKP.Source
	case permanentTotal == nil:
		return rule.Unknown, entry.JKP.Source
	default:
		return rule.When(*permanentTotal), entry.JKP.Source
	}
}
