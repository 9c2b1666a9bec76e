package jkp_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Each fact that is taken away is the one that is asked for, and no other; where all is stated nothing is.
func TestWhichFactKeepsAClaimFromADecision(t *testing.T) {
	t.Parallel()
	p := load(t)
	for name, x := range map[string]struct {
		change func(*jkp.Application)
		want   string
	}{
		"nothing":               {func(*jkp.Application) {}, ""},
		"citizenship":           {func(a *jkp.Application) { a.Citizenship = "" }, "citizenship"},
		"birth date":            {func(a *jkp.Application) { a.BirthDate = calendar.Date{} }, "birth_date"},
		"day of registration":   {func(a *jkp.Application) { a.RegisteredOn = calendar.Date{} }, "registered_on"},
		"contract":              {func(a *jkp.Application) { a.Contract = "" }, "contract"},
		"end of the term":       {func(a *jkp.Application) { a.ContractEnds = calendar.Date{} }, "contract_ends"},
		"end of no term":        {func(a *jkp.Application) { a.Contract, a.ContractEnds = jkp.Permanent, calendar.Date{} }, ""},
		"programmes":            {func(a *jkp.Application) { a.Programmes = nil }, "programmes"},
		"size of the firm":      {func(a *jkp.Application) { a.FirmSize = "" }, "firm_size"},
		"contributions":         {func(a *jkp.Application) { a.Contributions = nil }, "contributions"},
		"arrears":               {func(a *jkp.Application) { a.ArrearsMonths = nil }, "arrears_months insolvent"},
		"arrears of which firm": {func(a *jkp.Application) { a.ArrearsMonths = count(4) }, "insolvent"},
		"reason":                {func(a *jkp.Application) { a.Reason = "" }, "reason total_disability"},
		"how ill":               {func(a *jkp.Application) { a.Reason = "LONG_ILLNESS_DISABILITY" }, "total_disability"},
		"evidence":              {func(a *jkp.Application) { a.Evidence = nil }, "evidence"},
		"half the evidence":     {func(a *jkp.Application) { a.Evidence = []jkp.Evidence{jkp.AcceptanceProof} }, "evidence"},
		"dispute":               {func(a *jkp.Application) { a.Dispute = "" }, "dispute"},
		"day of the decision":   {func(a *jkp.Application) { a.Dispute = jkp.DisputeFinal }, "final_decision_on"},
		"will to work":          {func(a *jkp.Application) { a.Willing = "" }, "willing"},
		"account":               {func(a *jkp.Application) { a.BankAccount = "" }, "bank_account"},
		"report": {func(a *jkp.Application) {
			a.Reported, a.Evidence = "", []jkp.Evidence{jkp.JointAgreement, jkp.RegistrationDeed}
		}, "reported"},
		"report, with its receipt": {func(a *jkp.Application) { a.Reported = "" }, ""},
		"deactivation":             {func(a *jkp.Application) { a.EmployerDeactivated = "" }, "employer_deactivated"},
		"other job":                {func(a *jkp.Application) { a.OtherJob = "" }, "other_job"},
		"which of two employers": {func(a *jkp.Application) { a.SeveralEmployers, a.OtherJob = jkp.Yes, jkp.Yes },
			"at_named_employer"},
		"claims before":     {func(a *jkp.Application) { a.ClaimsBefore = nil }, "claims_before"},
		"since which month": {func(a *jkp.Application) { a.ClaimsBefore = count(1) }, "months_since_benefit"},
		"two at once":       {func(a *jkp.Application) { a.Citizenship, a.Willing = "", "" }, "citizenship willing"},
	} {
		app := sound(t)
		x.change(&app)
		d := p.Assess(app, app.DeclaredEligibleOn)
		if got := strings.Join(jkp.Missing(d, app), " "); got != x.want || (d.Result == rule.Undetermined) != (x.want != "") {
			t.Errorf("without %s: %s, asks for %q, want %q", name, d.Result, got, x.want)
		}
	}
}

// Papers that do not suffice are told by the rule on that; where none are stated the first set of them is named.
func TestWhereMissingEvidenceStands(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		evidence []jkp.Evidence
		article  string
	}{
		"not stated": {nil, "Art. 20(3)(a)"}, "none": {[]jkp.Evidence{}, "Art. 20(3)"},
		"half a set": {[]jkp.Evidence{jkp.AcceptanceProof}, "Art. 20(3)"},
		"a set":      {[]jkp.Evidence{jkp.AcceptanceProof, jkp.ReportReceiptRegency}, "Art. 20(3)(a)"},
	} {
		app := sound(t)
		app.Evidence = x.evidence
		if c, _ := load(t).Assess(app, app.DeclaredEligibleOn).Get("jkp.evidence"); c.Source.Article != x.article {
			t.Errorf("%s: by %s, want %s", name, c.Source.Article, x.article)
		}
	}
}
