package jkp

import (
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/rule"
)

// person: citizenship and age at registration. The age is in full years on the day of registration; a birthday on
// 29 February falls on 28 February in other years.
func (a *assessment) person() {
	e, app := &a.rules.Eligibility, a.app
	a.add("jkp.citizenship", e.Citizenship.Source, string(e.Citizenship.Value),
		unlessMissing(app.Citizenship == "", app.Citizenship == e.Citizenship.Value),
		"citizenship", string(app.Citizenship))
	missing := app.BirthDate.IsZero() || app.RegisteredOn.IsZero()
	young := !missing && app.RegisteredOn.Before(app.BirthDate.AddMonths(12*e.AgeBelow.Value))
	a.add("jkp.age_at_registration", e.AgeBelow.Source, a.rules.required.age, unlessMissing(missing, young),
		"birth_date", dayText(app.BirthDate), "registered_on", dayText(app.RegisteredOn))
}

// contract: the type, and that a fixed-term contract ended before its term.
func (a *assessment) contract() {
	e, app := &a.rules.Eligibility, a.app
	a.add("jkp.contract_type", e.ContractTypes.Source, a.rules.required.contract,
		unlessMissing(app.Contract == "", slices.Contains(e.ContractTypes.Value, app.Contract)), "contract", string(app.Contract))
	expiry := &a.rules.Switches.PKWTExpiry
	a.add("jkp.fixed_term_ended_early", expiry.Source, string(expiry.Value), a.endedEarly(expiry.Value),
		"contract", string(app.Contract), "contract_ends_on", dayText(app.ContractEnds), "terminated_on", a.terminated)
}

func (a *assessment) endedEarly(expiry PKWTExpiry) rule.Result {
	app := a.app
	switch {
	case app.Contract == Permanent, app.Contract != "" && expiry == ExpiryIncluded:
		return rule.Met
	case app.Contract == "", app.ContractEnds.IsZero(), app.TerminatedOn.IsZero():
		return rule.Unknown
	}
	return rule.When(app.TerminatedOn.Before(app.ContractEnds))
}

// requiredProgrammes: which social security programmes, by the size of the firm.
func (a *assessment) requiredProgrammes() {
	e, app := &a.rules.Eligibility, a.app
	figure, required := &e.ProgrammesMediumLarge, a.rules.required.programmesLarge
	if app.FirmSize == Micro || app.FirmSize == Small {
		figure, required = &e.ProgrammesMicroSmall, a.rules.required.programmesSmall
	}
	var absent []SocialProgramme
	for _, p := range figure.Value {
		if !slices.Contains(app.Programmes, p) {
			absent = append(absent, p)
		}
	}
	unknown := !app.FirmSize.Valid() || app.Programmes == nil
	if unknown {
		absent = nil
	}
	a.add("jkp.required_programmes", figure.Source, required, unlessMissing(unknown, len(absent) == 0),
		"firm_size", string(app.FirmSize), "programmes", list(app.Programmes), "missing", list(absent))
}

// answers: the facts that are a plain yes or no.
func (a *assessment) answers() {
	e, app := &a.rules.Eligibility, a.app
	a.answer("jkp.willing_to_work", "willing", &e.WillingToWork, app.Willing, Yes)
	a.answer("jkp.bank_account", "bank_account", &e.BankAccount, app.BankAccount, Yes)
	a.answer("jkp.termination_reported", "termination_reported", &e.TerminationReported, app.Reported, Yes)
	a.answer("jkp.employer_deactivated", "employer_deactivated", e.EmployerDeactivated, app.EmployerDeactivated, Yes)
	a.answer("jkp.no_other_job", "other_job", &e.NoOtherJob, app.OtherJob, No)
}

func (a *assessment) answer(code, input string, asked *rule.Figure[bool], given, wanted Answer) {
	if asked != nil && asked.Value {
		a.add(code, asked.Source, string(wanted), answered(given, wanted), input, string(given))
	}
}

// list joins the values in one allocation.
func list[T ~string](values []T) string {
	size := 0
	for _, v := range values {
		size += len(v) + 2
	}
	var text strings.Builder
	text.Grow(size)
	for i, v := range values {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(string(v))
	}
	return text.String()
}
