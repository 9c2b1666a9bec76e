package jkp

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/rule"
)

// asked are the facts that each criterion looks at, by the names under which they are stated.
var asked = map[string][]string{
	"jkp.citizenship":              {"citizenship"},
	"jkp.age_at_registration":      {"birth_date", "registered_on"},
	"jkp.contract_type":            {"contract"},
	"jkp.fixed_term_ended_early":   {"contract", "contract_ends", "terminated_on"},
	"jkp.required_programmes":      {"firm_size", "programmes"},
	"jkp.contribution_months":      {"contributions", "terminated_on"},
	"jkp.contribution_consecutive": {"contributions", "terminated_on"},
	"jkp.payer":                    {"firm_size", "arrears_months", "insolvent"},
	"jkp.termination_reason":       {"reason", "total_disability"},
	"jkp.evidence":                 {"evidence"},
	"jkp.dispute_final":            {"dispute", "final_decision_on", "terminated_on"},
	"jkp.willing_to_work":          {"willing"},
	"jkp.bank_account":             {"bank_account"},
	"jkp.termination_reported":     {"reported"},
	"jkp.employer_deactivated":     {"employer_deactivated"},
	"jkp.no_other_job":             {"other_job"},
	"jkp.claim_deadline":           {"dispute", "final_decision_on", "applied_on"},
	"jkp.claim_count":              {"claims_before"},
	"jkp.claim_gap":                {"claims_before", "months_since_benefit"},
}

// Missing names the facts that keep a decision from being made, each once: those of the criteria that are unknown which
// nobody has stated or, where all are stated, those that do not suffice.
func Missing(d rule.Decision, app Application) (facts []string) {
	known := app.known()
	for _, c := range d.Criteria {
		if c.Result != rule.Unknown {
			continue
		}
		names := asked[c.Code]
		if c.Code == "jkp.no_other_job" && app.SeveralEmployers == Yes {
			names = []string{"at_named_employer"}
		}
		absent := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return known[name] })
		if len(absent) == 0 {
			absent = names
		}
		for _, name := range absent {
			if !slices.Contains(facts, name) {
				facts = append(facts, name)
			}
		}
	}
	return facts
}

// known are the facts that are stated, of those that a criterion asks for.
func (app *Application) known() map[string]bool {
	return map[string]bool{
		"citizenship": app.Citizenship != "", "birth_date": !app.BirthDate.IsZero(),
		"registered_on": !app.RegisteredOn.IsZero(),
		"contract":      app.Contract != "", "contract_ends": !app.ContractEnds.IsZero() || app.Contract == Permanent,
		"terminated_on": !app.TerminatedOn.IsZero(), "firm_size": app.FirmSize != "", "programmes": app.Programmes != nil,
		"contributions": app.Contributions != nil, "arrears_months": app.ArrearsMonths != nil,
		"insolvent": app.Insolvent != "",
		"reason":    app.Reason != "", "total_disability": app.TotalDisability != "", "evidence": app.Evidence != nil,
		"dispute": app.Dispute != "", "final_decision_on": !app.FinalDecisionOn.IsZero() || app.Dispute != DisputeFinal,
		"willing": app.Willing != "", "bank_account": app.BankAccount != "", "reported": app.Reported != "",
		"employer_deactivated": app.EmployerDeactivated != "", "other_job": app.OtherJob != "",
		"at_named_employer": app.AtNamedEmployer != "", "applied_on": !app.AppliedOn.IsZero(),
		"claims_before":        app.ClaimsBefore != nil,
		"months_since_benefit": app.MonthsSinceBenefit != nil || !app.LastBenefitOn.IsZero() || app.ClaimsBefore == nil,
	}
}
