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
	a.add("jkp.age_at_registration", e.AgeBelow.Source, a.rules.required.age, a.young(),
		"birth_date", dayText(app.BirthDate), "registered_on", dayText(app.RegisteredOn))
}

// young: who was never registered should have been at the latest on the day of the PHK; too old by then is not too old
// for certain.
func (a *assessment) young() rule.Result {
	app := a.app
	if app.BirthDate.IsZero() {
		return rule.Unknown
	}
	limit := app.BirthDate.AddMonths(12 * a.rules.Eligibility.AgeBelow.Value)
	switch {
	case !app.RegisteredOn.IsZero():
		return rule.When(app.RegisteredOn.Before(limit))
	case app.registered() == No && !app.TerminatedOn.IsZero() && app.TerminatedOn.Before(limit):
		return rule.Met
	}
	return rule.Unknown
}

// contract: the type, and that a fixed-term contract ended before its term.
func (a *assessment) contract() {
	e, app := &a.rules.Eligibility, a.app
	a.add("jkp.contract_type", e.ContractTypes.Source, a.rules.required.contract,
		unlessMissing(app.Contract == "", slices.Contains(e.ContractTypes.Value, app.Contract)), "contract",
		string(app.Contract))
	expiry := &a.rules.Switches.PKWTExpiry
	a.add("jkp.fixed_term_ended_early", expiry.Source, string(expiry.Value), a.endedEarly(expiry.Value),
		"contract", string(app.Contract), "contract_ends_on", dayText(app.ContractEnds), "terminated_on", a.terminated,
		"reason", string(app.Reason))
}

// endedEarly: the end of the term as the reason says it for itself, unless the days speak against it.
func (a *assessment) endedEarly(expiry PKWTExpiry) rule.Result {
	app := a.app
	early := !app.ContractEnds.IsZero() && !app.TerminatedOn.IsZero() && app.TerminatedOn.Before(app.ContractEnds)
	switch {
	case expiry == ExpiryIncluded && app.Contract != "", app.Contract == Permanent && app.Reason != ContractEnded:
		return rule.Met
	case app.Reason == ContractEnded && app.Contract != Permanent:
		return unlessMissing(early, false)
	case app.Contract != FixedTerm, app.ContractEnds.IsZero(), app.TerminatedOn.IsZero():
		return rule.Unknown
	}
	return rule.When(early)
}

// requiredProgrammes: which social security programmes, by the size of the firm. A membership of JKN that is stated has
// to be one that the version takes, and then stands for JKN.
func (a *assessment) requiredProgrammes() {
	e, app := &a.rules.Eligibility, a.app
	figure, required := &e.ProgrammesMediumLarge, a.rules.required.programmesLarge
	if app.FirmSize == Micro || app.FirmSize == Small {
		figure, required = &e.ProgrammesMicroSmall, a.rules.required.programmesSmall
	}
	source := figure.Source
	var absent []SocialProgramme
	for _, p := range figure.Value {
		has := slices.Contains(app.Programmes, p)
		if p == JKN && app.JKN != "" {
			has = slices.Contains(e.JKNMemberships.Value, app.JKN)
			source = e.JKNMemberships.Source
		}
		if !has {
			absent = append(absent, p)
		}
	}
	unknown := !app.FirmSize.Valid() || app.Programmes == nil
	if unknown {
		absent = nil
	}
	a.add("jkp.required_programmes", source, required, unlessMissing(unknown, len(absent) == 0), "firm_size",
		string(app.FirmSize),
		"programmes", list(app.Programmes), "missing", list(absent), "jkn_membership", string(app.JKN))
}

// answers: the facts that are a plain yes or no.
func (a *assessment) answers() {
	e, app := &a.rules.Eligibility, a.app
	a.answer("jkp.willing_to_work", "willing", &e.WillingToWork, app.Willing, Yes)
	a.answer("jkp.bank_account", "bank_account", &e.BankAccount, app.BankAccount, Yes)
	a.answer("jkp.termination_reported", "termination_reported", &e.TerminationReported, app.reported(), Yes)
	a.answer("jkp.employer_deactivated", "employer_deactivated", e.EmployerDeactivated, app.EmployerDeactivated, Yes)
	if app.SeveralEmployers == Yes && e.SeveralEmployers.Value { // the other job is not a new one
		a.add("jkp.no_other_job", e.SeveralEmployers.Source, string(No), answered(app.AtNamedEmployer, Yes),
			"other_job", string(app.OtherJob), "several_employers", string(Yes), "at_named_employer",
			string(app.AtNamedEmployer))
		return
	}
	a.answer("jkp.no_other_job", "other_job", &e.NoOtherJob, app.OtherJob, No)
}

// reported: a receipt of the report is a report.
func (app *Application) reported() Answer {
	receipt := func(e Evidence) bool {
		return e == ReportReceiptMinistry || e == ReportReceiptProvince || e == ReportReceiptRegency
	}
	if app.Reported == "" && slices.ContainsFunc(app.Evidence, receipt) {
		return Yes
	}
	return app.Reported
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
