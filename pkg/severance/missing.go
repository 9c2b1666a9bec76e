package severance

import "slices"

// The facts without which a part stays unknown, as Assessment.Missing and Compensation.Missing name them.
const (
	FactFirmSize      = "firm_size"
	FactWage          = "wage"
	FactAgreedAmount  = "agreed_amount"
	FactRights        = "rights"
	FactWorkWeek      = "work_week_days"
	FactSeparationPay = "separation_pay"
	FactCausedLoss    = "caused_loss"
	FactDetention     = "detention"
	FactForeigner     = "foreigner"
	FactEndedBy       = "ended_by"
	FactGround        = "lawful_ground"
)

// lacking is the list of missing facts, each once, in the order in which they were found to be missing.
type lacking []string

func (l *lacking) add(fact string) {
	if !slices.Contains(*l, fact) {
		*l = append(*l, fact)
	}
}
