package jkp_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// Every duty with a day, who has it, and where it stands. Counted by hand over the calendar.
func TestDutiesWithADay(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rows := []struct {
		duty    jkp.Duty
		by      jkp.Debtor
		on      string
		due     string
		strict  string
		leave   string
		article string
	}{
		{jkp.PlacementReport, jkp.ByParticipant, "2026-12-07", "2026-12-16", "2026-12-15", "", "PP 37/2021 Art. 28"},
		{jkp.TrainingReport, jkp.ByParticipant, "2026-12-18", "2026-12-31", "2026-12-30", "2026-12-30",
			"PP 37/2021 Art. 33(1)"},
		{jkp.EmployerReport, jkp.ByEmployer, "2026-06-30", "2026-07-09", "2026-07-08", "", "Permenaker 2/2025 Art. 9(1)"},
		{jkp.EmployerReport, jkp.ByEmployer, "2024-07-01", "2024-07-10", "2024-07-09", "", "PP 37/2021 Art. 9"},
		{jkp.EmployerRegistration, jkp.ByEmployer, "2026-12-07", "2027-01-06", "2027-01-05", "", "PP 37/2021 Art. 6(1)"},
		{jkp.ParticipantNumber, jkp.ByBPJS, "2026-12-04", "2026-12-07", "2026-12-04", "", "PP 37/2021 Art. 6(3)"},
		{jkp.DataChange, jkp.ByEmployer, "2026-12-07", "2026-12-16", "2026-12-15", "", "PP 37/2021 Art. 9"},
		{jkp.RefundRequest, jkp.ByEmployer, "2026-11-30", "2027-02-28", "2027-02-27", "",
			"PP 37/2021 jo. PP 6/2025 Art. 39(5)"},
		{jkp.RefundPayment, jkp.ByBPJS, "2026-12-07", "2026-12-16", "2026-12-15", "", "PP 37/2021 jo. PP 6/2025 Art. 39(6)"},
	}
	seen := map[jkp.Duty]bool{}
	for _, c := range rows {
		got, err := p.TermOf(c.duty, day(c.on), cal)
		if err != nil || got.By != c.by || got.Due.Due != day(c.due) || !got.Due.Certain || got.Strict != day(c.strict) ||
			got.JointLeave != ruletest.Date(c.leave) || got.Source.String() != c.article || got.Source.Unverified() {
			t.Errorf("%s from %s: by %s until %s, strictly %s, %s under %s: %v", c.duty, c.on, got.By, got.Due.Due, got.Strict,
				got.JointLeave, got.Source, err)
		}
		seen[c.duty] = true
	}
	if len(seen) != len(jkp.Duty("").Values()) {
		t.Errorf("%d of %d duties are tested", len(seen), len(jkp.Duty("").Values()))
	}
	if _, err := p.TermOf("jkp_prayer", day("2026-12-07"), cal); fault.CodeOf(err) != "jkp.duty_unknown" {
		t.Errorf("a duty that is none: %v", err)
	}
	if _, err := p.TermOf(jkp.DataChange, day("2020-12-07"), cal); fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("before the law: %v", err)
	}
}

// JKN: until 7 February 2025 only as a wage earner of a firm, since then in any way; what is stated goes before the
// list.
func TestWhichMembershipOfJKNCounts(t *testing.T) {
	t.Parallel()
	p := load(t)
	without := []jkp.SocialProgramme{jkp.JKK, jkp.JKM, jkp.JHT, jkp.JP}
	with := append([]jkp.SocialProgramme{jkp.JKN}, without...)
	for name, c := range map[string]struct {
		programmes []jkp.SocialProgramme
		membership jkp.Membership
		old, now   rule.Result
	}{
		"in the list":           {with, "", rule.Met, rule.Met},
		"not in the list":       {without, "", rule.NotMet, rule.NotMet},
		"as a wage earner":      {with, jkp.WageEarner, rule.Met, rule.Met},
		"self-paid":             {with, jkp.SelfPaid, rule.NotMet, rule.Met},
		"assisted, not in list": {without, jkp.Assisted, rule.NotMet, rule.Met},
	} {
		for version, app := range map[string]jkp.Application{"pp-37-2021": soundOld(t), "pp-6-2025": sound(t)} {
			app.Programmes, app.JKN = c.programmes, c.membership
			want := map[string]rule.Result{"pp-37-2021": c.old, "pp-6-2025": c.now}[version]
			got, _ := p.Assess(app, app.DeclaredEligibleOn).Get("jkp.required_programmes")
			if got.Result != want || (c.membership != "" && version == "pp-37-2021") != (got.Article == "Art. 4(4)") {
				t.Errorf("%s under %s: %s by %s, want %s", name, version, got.Result, got.Article, want)
			}
		}
	}
}

// Art. 35: the second claim after five years of contributions since the first benefit, the third after five since the
// second, each by its letter. Stated months go before those that are counted from the day of the benefit.
func TestFiveYearsSinceTheLastBenefit(t *testing.T) {
	t.Parallel()
	p := load(t)
	for name, c := range map[string]struct {
		before, since int // since -1: not stated
		last, paid    string
		want          rule.Result
		article       string
	}{
		"second, 59 months":           {1, 59, "", "", rule.NotMet, "Art. 35(b)"},
		"second, 60 months":           {1, 60, "", "", rule.Met, "Art. 35(b)"},
		"third, 59 months":            {2, 59, "", "", rule.NotMet, "Art. 35(c)"},
		"third, 60 months":            {2, 60, "", "", rule.Met, "Art. 35(c)"},
		"first":                       {0, -1, "", "", rule.Met, "Art. 35(b)"},
		"counted: 60 months after it": {1, -1, "2025-01-20", "2024-01..2030-01", rule.Met, "Art. 35(b)"},
		"counted: 59, a gap of a month": {1, -1, "2025-01-20", "2024-01..2027-06 2027-08..2030-01", rule.NotMet,
			"Art. 35(b)"},
		"counted: the month itself and that of the PHK do not count": {1, -1, "2025-02-01", "2025-02..2030-02", rule.NotMet,
			"Art. 35(b)"},
		"counted from no contributions": {1, -1, "2025-01-20", "-", rule.Unknown, "Art. 35(b)"},
		"nothing known":                 {2, -1, "", "", rule.Unknown, "Art. 35(c)"},
	} {
		app := sound(t)
		app.TerminatedOn, app.ContractEnds = day("2030-02-10"), day("2030-12-31")
		app.AppliedOn, app.DeclaredEligibleOn = day("2030-02-11"), day("2030-02-12")
		app.ClaimsBefore, app.LastBenefitOn, app.Contributions = count(c.before), ruletest.Date(c.last), nil
		if c.since >= 0 {
			app.MonthsSinceBenefit = count(c.since)
		}
		if c.paid != "" && c.paid != "-" {
			app.Contributions = periods(t, c.paid)
		}
		got, _ := p.Assess(app, day("2030-02-12")).Get("jkp.claim_gap")
		if got.Result != c.want || got.Source.String() != "PP 37/2021 "+c.article || got.Source.Unverified() {
			t.Errorf("%s: %s under %s, want %s under %s", name, got.Result, got.Source, c.want, c.article)
		}
	}
}

// Since 7 February 2025 only the pengantar kerja counsels.
func TestWhoCounsels(t *testing.T) {
	t.Parallel()
	p := load(t)
	for on, want := range map[string]int{"2025-02-06": 2, "2025-02-07": 1} {
		r, err := p.RulesAt(day(on))
		if err != nil || len(r.Monthly.Counsellors.Value) != want || r.Monthly.Counsellors.Value[0] != jkp.PengantarKerja {
			t.Errorf("%s: %v, %v", on, r.Monthly.Counsellors.Value, err)
		}
	}
}
