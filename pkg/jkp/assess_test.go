package jkp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

var day = calendar.MustDate

func count(n int) *int { return &n }

func periods(t testing.TB, text string) []jkp.Period {
	t.Helper()
	list := []jkp.Period{}
	for part := range strings.FieldsSeq(text) {
		from, to, _ := strings.Cut(part, "..")
		first, err := jkp.ParseMonth(from)
		if err != nil {
			t.Fatal(err)
		}
		last, err := jkp.ParseMonth(to)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, jkp.Period{From: first, To: last})
	}
	return list
}

// sound is an application that meets every criterion of both versions: PHK on 10 March 2025, applied ten days later.
func sound(t testing.TB) jkp.Application {
	t.Helper()
	return jkp.Application{
		Citizenship: jkp.WNI, BirthDate: day("1990-05-17"), RegisteredOn: day("2021-06-01"),
		Contract: jkp.FixedTerm, ContractEnds: day("2025-12-31"), FirmSize: jkp.Large,
		Programmes:   []jkp.SocialProgramme{jkp.JKK, jkp.JKM, jkp.JHT, jkp.JP, jkp.JKN},
		TerminatedOn: day("2025-03-10"), Reason: "EFFICIENCY_LOSS", Dispute: jkp.DisputeNone, Reported: jkp.Yes,
		Evidence:      []jkp.Evidence{jkp.AcceptanceProof, jkp.ReportReceiptRegency},
		Contributions: periods(t, "2023-03..2025-02"), ArrearsMonths: count(0), ClaimsBefore: count(0),
		Willing: jkp.Yes, OtherJob: jkp.No, EmployerDeactivated: jkp.Yes, BankAccount: jkp.Yes,
		AppliedOn: day("2025-03-20"), DeclaredEligibleOn: day("2025-03-21"),
	}
}

// soundOld is sound a year earlier, under PP 37/2021.
func soundOld(t testing.TB) jkp.Application {
	t.Helper()
	app := sound(t)
	app.TerminatedOn, app.AppliedOn, app.DeclaredEligibleOn = day("2024-03-10"), day("2024-03-20"), day("2024-03-21")
	app.Contributions = periods(t, "2022-03..2024-02")
	return app
}

func codes(criteria []rule.Criterion) string {
	var list []string
	for _, c := range criteria {
		list = append(list, c.Code)
	}
	return strings.Join(list, " ")
}

func TestGoldenEligibility(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, r := range ruletest.Rows(t, "golden_eligibility.csv") {
		t.Run(r["example"], func(t *testing.T) {
			t.Parallel()
			app := sound(t)
			app.TerminatedOn, app.DeclaredEligibleOn = r.Date("terminated"), r.Date("declared")
			app.AppliedOn = app.TerminatedOn.AddDays(5)
			app.Contributions = periods(t, r["paid"])
			d := p.Assess(app, app.DeclaredEligibleOn)
			if string(d.Result) != r["result"] || d.Version != r["version"] || codes(d.Select(rule.NotMet)) != r["failing"] {
				t.Errorf("%s under %s, failing %q, unknown %q; want %s under %s, %q (%s)", d.Result, d.Version,
					codes(d.Select(rule.NotMet)), codes(d.Select(rule.Unknown)), r["result"], r["version"], r["failing"],
					r["citation"])
			}
		})
	}
}

func TestSoundApplicationsAreEligible(t *testing.T) {
	t.Parallel()
	p := load(t)
	for version, app := range map[string]jkp.Application{"pp-6-2025": sound(t), "pp-37-2021": soundOld(t)} {
		d := p.Assess(app, app.DeclaredEligibleOn)
		if d.Result != rule.Eligible || d.Version != version || d.Programme != "jkp" || d.AsOf != app.DeclaredEligibleOn {
			t.Errorf("%s under %s: not met %q, unknown %q", d.Result, d.Version, codes(d.Select(rule.NotMet)),
				codes(d.Select(rule.Unknown)))
		}
		for _, c := range d.Criteria {
			if c.Article == "" || c.Citation == "" || !c.Confidence.Valid() || c.Required == "" || len(c.Inputs) == 0 {
				t.Errorf("%s lacks article, citation, confidence, requirement or inputs: %q", c.Code, c.Source.String())
			}
		}
	}
}

// Every criterion has facts that fail it and facts that leave it unknown, and neither touches another criterion.
func TestEachCriterionAlone(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, c := range []struct {
		code, name string
		want       rule.Result
		change     func(*jkp.Application)
	}{
		{"jkp.citizenship", "foreigner", rule.NotMet, func(a *jkp.Application) { a.Citizenship = jkp.WNA }},
		{"jkp.citizenship", "not known", rule.Unknown, func(a *jkp.Application) { a.Citizenship = "" }},
		{"jkp.age_at_registration", "54 on the day", rule.NotMet,
			func(a *jkp.Application) { a.BirthDate = day("1967-06-01") }},
		{"jkp.age_at_registration", "54 the day before", rule.NotMet,
			func(a *jkp.Application) { a.BirthDate = day("1967-05-31") }},
		{"jkp.age_at_registration", "birth not known", rule.Unknown,
			func(a *jkp.Application) { a.BirthDate = calendar.Date{} }},
		{"jkp.age_at_registration", "registration not known", rule.Unknown,
			func(a *jkp.Application) { a.RegisteredOn = calendar.Date{} }},
		{"jkp.fixed_term_ended_early", "ran to its end", rule.NotMet,
			func(a *jkp.Application) { a.ContractEnds = a.TerminatedOn }},
		{"jkp.fixed_term_ended_early", "term not known", rule.Unknown,
			func(a *jkp.Application) { a.ContractEnds = calendar.Date{} }},
		{"jkp.required_programmes", "no pension in a large firm", rule.NotMet,
			func(a *jkp.Application) { a.Programmes = slices.DeleteFunc(a.Programmes, isJP) }},
		{"jkp.required_programmes", "in none", rule.NotMet,
			func(a *jkp.Application) { a.Programmes = []jkp.SocialProgramme{} }},
		{"jkp.required_programmes", "firm size not known", rule.Unknown, func(a *jkp.Application) { a.FirmSize = "" }},
		{"jkp.required_programmes", "programmes not known", rule.Unknown, func(a *jkp.Application) { a.Programmes = nil }},
		{"jkp.contribution_months", "none paid", rule.NotMet, func(a *jkp.Application) { a.Contributions = []jkp.Period{} }},
		{"jkp.contribution_months", "not known", rule.Unknown, func(a *jkp.Application) { a.Contributions = nil }},
		{"jkp.payer", "arrears not known", rule.Unknown, func(a *jkp.Application) { a.ArrearsMonths = nil }},
		{"jkp.payer", "four months, not known whether bankrupt", rule.Unknown,
			func(a *jkp.Application) { a.ArrearsMonths = count(4) }},
		{"jkp.payer", "a micro firm that never registered", rule.NotMet,
			func(a *jkp.Application) { a.Registered, a.FirmSize = jkp.No, jkp.Micro }},
		{"jkp.fixed_term_ended_early", "said to have ended, of an unknown term", rule.NotMet,
			func(a *jkp.Application) { a.Reason, a.ContractEnds = jkp.ContractEnded, calendar.Date{} }},
		{"jkp.fixed_term_ended_early", "said to have ended, a day before the term", rule.Unknown,
			func(a *jkp.Application) { a.Reason, a.ContractEnds = jkp.ContractEnded, day("2025-03-11") }},
		{"jkp.fixed_term_ended_early", "a permanent contract said to have ended", rule.Unknown,
			func(a *jkp.Application) { a.Reason, a.Contract = jkp.ContractEnded, jkp.Permanent }},
		{"jkp.no_other_job", "PHK at the other of two employers", rule.NotMet,
			func(a *jkp.Application) { a.SeveralEmployers, a.AtNamedEmployer = jkp.Yes, jkp.No }},
		{"jkp.no_other_job", "not known at which of two employers", rule.Unknown,
			func(a *jkp.Application) { a.SeveralEmployers = jkp.Yes }},
		{"jkp.termination_reason", "resigned", rule.NotMet, func(a *jkp.Application) { a.Reason = "RESIGN" }},
		{"jkp.termination_reason", "retired", rule.NotMet, func(a *jkp.Application) { a.Reason = "RETIREMENT" }},
		{"jkp.termination_reason", "died", rule.NotMet, func(a *jkp.Application) { a.Reason = "DEATH" }},
		{"jkp.termination_reason", "total disability", rule.NotMet,
			func(a *jkp.Application) { a.Reason = "TOTAL_PERMANENT_DISABILITY" }},
		{"jkp.termination_reason", "illness, total", rule.NotMet,
			func(a *jkp.Application) { a.Reason, a.TotalDisability = "LONG_ILLNESS_DISABILITY", jkp.Yes }},
		{"jkp.termination_reason", "illness, not asked", rule.Unknown,
			func(a *jkp.Application) { a.Reason = "LONG_ILLNESS_DISABILITY" }},
		{"jkp.termination_reason", "not known", rule.Unknown, func(a *jkp.Application) { a.Reason = "" }},
		{"jkp.termination_reason", "in no list", rule.Unknown, func(a *jkp.Application) { a.Reason = "SOMETHING_ELSE" }},
		{"jkp.evidence", "acceptance only", rule.Unknown,
			func(a *jkp.Application) { a.Evidence = []jkp.Evidence{jkp.AcceptanceProof} }},
		{"jkp.evidence", "nothing", rule.Unknown, func(a *jkp.Application) { a.Evidence = []jkp.Evidence{} }},
		{"jkp.evidence", "not known", rule.Unknown, func(a *jkp.Application) { a.Evidence = nil }},
		{"jkp.willing_to_work", "unwilling", rule.NotMet, func(a *jkp.Application) { a.Willing = jkp.No }},
		{"jkp.willing_to_work", "not known", rule.Unknown, func(a *jkp.Application) { a.Willing = "" }},
		{"jkp.bank_account", "of somebody else", rule.NotMet, func(a *jkp.Application) { a.BankAccount = jkp.No }},
		{"jkp.bank_account", "not known", rule.Unknown, func(a *jkp.Application) { a.BankAccount = "" }},
		{"jkp.termination_reported", "not reported", rule.NotMet, func(a *jkp.Application) { a.Reported = jkp.No }},
		{"jkp.termination_reported", "not known", rule.Unknown, func(a *jkp.Application) {
			a.Reported, a.Evidence = "", []jkp.Evidence{jkp.FinalJudgment}
		}},
		{"jkp.employer_deactivated", "still active", rule.NotMet,
			func(a *jkp.Application) { a.EmployerDeactivated = jkp.No }},
		{"jkp.employer_deactivated", "not known", rule.Unknown, func(a *jkp.Application) { a.EmployerDeactivated = "" }},
		{"jkp.no_other_job", "has another job", rule.NotMet, func(a *jkp.Application) { a.OtherJob = jkp.Yes }},
		{"jkp.no_other_job", "not known", rule.Unknown, func(a *jkp.Application) { a.OtherJob = "" }},
		{"jkp.claim_deadline", "a day late", rule.NotMet, func(a *jkp.Application) { a.AppliedOn = day("2025-09-11") }},
		{"jkp.claim_deadline", "not applied yet", rule.Unknown, func(a *jkp.Application) { a.AppliedOn = calendar.Date{} }},
		{"jkp.claim_deadline", "applied before the PHK", rule.Unknown,
			func(a *jkp.Application) { a.AppliedOn = day("2025-03-09") }},
		{"jkp.claim_gap", "59 months since", rule.NotMet,
			func(a *jkp.Application) { a.ClaimsBefore, a.MonthsSinceBenefit = count(1), count(59) }},
		{"jkp.claim_gap", "not known since when", rule.Unknown, func(a *jkp.Application) { a.ClaimsBefore = count(2) }},
		{"jkp.claim_count", "a fourth claim", rule.NotMet,
			func(a *jkp.Application) { a.ClaimsBefore, a.MonthsSinceBenefit = count(3), count(60) }},
		{"jkp.dispute_final", "pending", rule.NotMet, func(a *jkp.Application) { a.Dispute = jkp.DisputePending }},
	} {
		t.Run(c.code+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			app := sound(t)
			c.change(&app)
			d := p.Assess(app, day("2025-03-21"))
			got, ok := d.Get(c.code)
			if !ok || got.Result != c.want {
				t.Fatalf("%s, want %s", got.Result, c.want)
			}
			if other := strings.ReplaceAll(codes(d.Select(rule.NotMet)), c.code, ""); other != "" {
				t.Errorf("also fails %q", other)
			}
			if want := map[rule.Result]rule.Outcome{rule.NotMet: rule.Ineligible,
				rule.Unknown: rule.Undetermined}[c.want]; d.Result != want {
				t.Errorf("decision %s, want %s", d.Result, want)
			}
		})
	}
}

func isJP(p jkp.SocialProgramme) bool { return p == jkp.JP }

// These facts look unusual and are in order all the same.
func TestUnusualButEligible(t *testing.T) {
	t.Parallel()
	p := load(t)
	for name, change := range map[string]func(*jkp.Application){
		"one day below 54": func(a *jkp.Application) { a.BirthDate = day("1967-06-02") },
		"born on a leap day": func(a *jkp.Application) {
			a.BirthDate, a.RegisteredOn = day("1968-02-29"),
				day("2022-02-27")
		},
		"permanent contract without term": func(a *jkp.Application) {
			a.Contract, a.ContractEnds = jkp.Permanent,
				calendar.Date{}
		},
		"small firm without pension": func(a *jkp.Application) {
			a.FirmSize, a.Programmes = jkp.Small,
				slices.DeleteFunc(a.Programmes, isJP)
		},
		"arrears of six months, bankrupt": func(a *jkp.Application) { a.ArrearsMonths, a.Insolvent = count(6), jkp.Yes },
		"of seven months, bankrupt":       func(a *jkp.Application) { a.ArrearsMonths, a.Insolvent = count(7), jkp.Yes },
		"of a year, a living firm":        func(a *jkp.Application) { a.ArrearsMonths, a.Insolvent = count(12), jkp.No },
		"a receipt says it is reported":   func(a *jkp.Application) { a.Reported = "" },
		"two employers": func(a *jkp.Application) {
			a.SeveralEmployers, a.AtNamedEmployer, a.OtherJob = jkp.Yes, jkp.Yes, jkp.Yes
		},
		"JKN of one's own": func(a *jkp.Application) {
			a.Programmes, a.JKN = []jkp.SocialProgramme{jkp.JKK, jkp.JKM, jkp.JHT, jkp.JP}, jkp.SelfPaid
		},
		"illness without disability": func(a *jkp.Application) {
			a.Reason, a.TotalDisability = "LONG_ILLNESS_DISABILITY",
				jkp.No
		},
		"applied on the day of the PHK": func(a *jkp.Application) { a.AppliedOn = a.TerminatedOn },
		"applied on the last day":       func(a *jkp.Application) { a.AppliedOn = day("2025-09-10") },
		"second claim after five years": func(a *jkp.Application) {
			a.ClaimsBefore, a.MonthsSinceBenefit = count(1),
				count(60)
		},
		"third claim after five years": func(a *jkp.Application) {
			a.ClaimsBefore, a.MonthsSinceBenefit = count(2),
				count(60)
		},
	} {
		app := sound(t)
		change(&app)
		if d := p.Assess(app, day("2025-09-30")); d.Result != rule.Eligible {
			t.Errorf("%s: %s, not met %q, unknown %q", name, d.Result, codes(d.Select(rule.NotMet)),
				codes(d.Select(rule.Unknown)))
		}
	}
}

// A born 29 February turns 54 on 28 February of a common year.
func TestLeapDayBirthday(t *testing.T) {
	t.Parallel()
	p, app := load(t), sound(t)
	app.BirthDate = day("1968-02-29")
	for registered, want := range map[string]rule.Result{"2022-02-27": rule.Met, "2022-02-28": rule.NotMet,
		"2022-03-01": rule.NotMet} {
		app.RegisteredOn = day(registered)
		if c, _ := p.Assess(app, day("2025-03-21")).Get("jkp.age_at_registration"); c.Result != want {
			t.Errorf("registered %s: %s, want %s", registered, c.Result, want)
		}
	}
}

func TestEvidenceBundles(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, c := range []struct {
		name     string
		evidence []jkp.Evidence
		old, new string // the bundle that holds, "" = none
	}{
		{"acceptance and regency receipt", []jkp.Evidence{jkp.AcceptanceProof, jkp.ReportReceiptRegency}, "a", "a"},
		{"acceptance and province receipt", []jkp.Evidence{jkp.AcceptanceProof, jkp.ReportReceiptProvince}, "", "a"},
		{"acceptance and ministry receipt", []jkp.Evidence{jkp.AcceptanceProof, jkp.ReportReceiptMinistry}, "", "a"},
		{"agreement and deed", []jkp.Evidence{jkp.JointAgreement, jkp.RegistrationDeed}, "b1", "b1"},
		{"agreement and receipt", []jkp.Evidence{jkp.JointAgreement, jkp.ReportReceiptRegency}, "", "b2"},
		{"final judgment", []jkp.Evidence{jkp.FinalJudgment}, "c", "c"},
		{"receipt only", []jkp.Evidence{jkp.ReportReceiptMinistry}, "", ""},
		{"agreement only", []jkp.Evidence{jkp.JointAgreement}, "", ""},
		{"deed only", []jkp.Evidence{jkp.RegistrationDeed}, "", ""},
		{"two halves of different bundles", []jkp.Evidence{jkp.AcceptanceProof, jkp.RegistrationDeed}, "", ""},
	} {
		for version, app := range map[string]jkp.Application{c.old + "/old": soundOld(t), c.new + "/new": sound(t)} {
			app.Evidence = c.evidence
			want, _, _ := strings.Cut(version, "/")
			got, _ := p.Assess(app, app.DeclaredEligibleOn).Get("jkp.evidence")
			lacking := rule.Unknown // the text of 2025: incomplete, not refused
			if strings.HasSuffix(version, "/old") {
				lacking = rule.NotMet
			}
			if want == "" && got.Result != lacking || want != "" && got.Result != rule.Met || got.Inputs["bundle"] != want {
				t.Errorf("%s, %s: %s %q", c.name, version, got.Result, got.Inputs["bundle"])
			}
		}
	}
	app := sound(t)
	app.Evidence = []jkp.Evidence{jkp.FinalJudgment}
	if c, _ := p.Assess(app, app.DeclaredEligibleOn).Get("jkp.evidence"); c.Source.String() != "PP 37/2021 jo. PP "+
		"6/2025 Art. 20(3)(c)" || c.Source.Unverified() {
		t.Errorf("letter c rests on %s", c.Source)
	}
}

// MK 168/PUU-XXI/2023: a disputed PHK from 31 October 2024 exists only after a final decision.
func TestDisputedTermination(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, c := range []struct {
		name, terminated string
		dispute          jkp.Dispute
		final            string
		want             rule.Result
	}{
		{"no dispute", "2024-10-31", jkp.DisputeNone, "", rule.Met},
		{"the day before the ruling", "2024-10-30", jkp.DisputePending, "", rule.Met},
		{"the day of the ruling", "2024-10-31", jkp.DisputePending, "", rule.NotMet},
		{"final", "2024-11-05", jkp.DisputeFinal, "2025-03-01", rule.Met},
		{"final only tomorrow", "2024-11-05", jkp.DisputeFinal, "2025-03-22", rule.NotMet},
		{"final, day not known", "2024-11-05", jkp.DisputeFinal, "", rule.Unknown},
		{"not known", "2024-11-05", "", "", rule.Unknown},
		{"not known, before the ruling", "2024-10-30", "", "", rule.Met},
		{"PHK not known", "", jkp.DisputePending, "", rule.Unknown},
	} {
		app := sound(t)
		app.TerminatedOn, app.Dispute, app.FinalDecisionOn = ruletest.Date(c.terminated), c.dispute, ruletest.Date(c.final)
		got, _ := p.Assess(app, day("2025-03-21")).Get("jkp.dispute_final")
		if got.Result != c.want || got.Citation != "Putusan MK 168/PUU-XXI/2023" {
			t.Errorf("%s: %s under %s, want %s", c.name, got.Result, got.Citation, c.want)
		}
	}
}

// The claim deadline of a disputed PHK runs from the final decision, or from the PHK under the other reading.
func TestDeadlineOfADisputedTermination(t *testing.T) {
	t.Parallel()
	app := sound(t)
	app.TerminatedOn, app.Dispute, app.FinalDecisionOn = day("2025-03-10"), jkp.DisputeFinal, day("2026-01-15")
	app.AppliedOn, app.DeclaredEligibleOn = day("2026-02-01"), day("2026-02-02")
	if c, _ := load(t).Assess(app, day("2026-02-02")).Get("jkp.claim_deadline"); c.Result != rule.Met ||
		c.Inputs["deadline"] != "2026-07-15" {
		t.Errorf("from the decision: %s, %s", c.Result, c.Inputs["deadline"])
	}
	p := switched(t, "pp-6-2025.yaml", "disputed_clock_start", "final_decision", "phk_date")
	if c, _ := p.Assess(app, day("2026-02-02")).Get("jkp.claim_deadline"); c.Result != rule.NotMet ||
		c.Inputs["deadline"] != "2025-09-10" {
		t.Errorf("from the PHK: %s, %s", c.Result, c.Inputs["deadline"])
	}
	for dispute, want := range map[jkp.Dispute][2]string{ // from the decision, and from the PHK
		jkp.DisputePending: {"", "2025-09-10"},
		jkp.DisputeFinal:   {"2026-07-15", "2025-09-10"},
		"":                 {"", ""}, // not said: no day can be counted from
	} {
		app.Dispute = dispute
		for reading, programme := range []*jkp.Programme{load(t), p} {
			c, _ := programme.Assess(app, day("2026-02-02")).Get("jkp.claim_deadline")
			if c.Inputs["deadline"] != want[reading] {
				t.Errorf("dispute %q: %s, want %s", dispute, c.Inputs["deadline"], want[reading])
			}
		}
	}
}

func TestNotAppliedAndTooLate(t *testing.T) {
	t.Parallel()
	p, app := load(t), sound(t)
	app.AppliedOn, app.DeclaredEligibleOn = calendar.Date{}, calendar.Date{}
	for on, want := range map[string]rule.Result{"2025-09-10": rule.Unknown, "2025-09-11": rule.NotMet} {
		if c, _ := p.Assess(app, day(on)).Get("jkp.claim_deadline"); c.Result != want {
			t.Errorf("on %s: %s, want %s", on, c.Result, want)
		}
	}
}

// The old version does not ask what only the new one asks, and the other way round.
func TestVersionsAskDifferentQuestions(t *testing.T) {
	t.Parallel()
	p := load(t)
	older, newer := p.Assess(soundOld(t), day("2024-03-21")), p.Assess(sound(t), day("2025-03-21"))
	for code, want := range map[string][2]bool{
		"jkp.contribution_consecutive": {true, false},
		"jkp.payer":                    {true, true},
		"jkp.employer_deactivated":     {false, true},
		"jkp.claim_deadline":           {true, true},
	} {
		_, inOld := older.Get(code)
		_, inNew := newer.Get(code)
		if got := [2]bool{inOld, inNew}; got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestNothingKnownIsUndetermined(t *testing.T) {
	t.Parallel()
	p := load(t)
	d := p.Assess(jkp.Application{}, day("2026-01-05"))
	if d.Result != rule.Undetermined || len(d.Select(rule.Unknown)) != len(d.Criteria) || len(d.Criteria) < 17 {
		t.Errorf("%s, %d of %d unknown; known: %q %q", d.Result, len(d.Select(rule.Unknown)), len(d.Criteria),
			codes(d.Select(rule.Met)), codes(d.Select(rule.NotMet)))
	}
	before := p.Assess(sound(t), day("2025-03-21"))
	app := sound(t)
	app.DeclaredEligibleOn = day("2019-01-01")
	if d := p.Assess(app, day("2025-03-21")); d.Result != rule.Undetermined || codes(d.Criteria) != "jkp.version" ||
		before.Result != rule.Eligible {
		t.Errorf("before the first version: %s, %q", d.Result, codes(d.Criteria))
	}
}

// A decision can be run again under another file.
func TestAssessUnderAnotherVersion(t *testing.T) {
	t.Parallel()
	p, app := load(t), sound(t)
	app.Contributions = periods(t, "2023-03..2023-07 2023-09..2024-01 2024-03..2024-04")
	for version, want := range map[string]rule.Outcome{"pp-37-2021": rule.Ineligible, "pp-6-2025": rule.Eligible} {
		d, err := p.AssessUnder(version, app, day("2025-03-21"))
		if err != nil || d.Result != want || d.Version != version {
			t.Errorf("%s: %s under %s, %v", version, d.Result, d.Version, err)
		}
	}
	if _, err := p.AssessUnder("pp-1-1900", app, day("2025-03-21")); err == nil {
		t.Error("ran under a version that does not exist")
	}
}

// Each text exists in both languages, has no empty place for a sound application, and shows what is unverified.
func TestExplain(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, app := range []jkp.Application{sound(t), soundOld(t), {}} {
		d := p.Assess(app, day("2025-03-21"))
		for _, language := range []rule.Language{rule.Indonesian, rule.English} {
			lines := d.Explain(language, p.Texts())
			for i, c := range d.Criteria {
				if _, ok := p.Texts()[c.Code]; !ok || strings.ContainsAny(lines[i], "{}") ||
					!strings.Contains(lines[i], c.Article) {
					t.Errorf("%s in %s: %s", c.Code, language, lines[i])
				}
				if strings.Contains(lines[i], string(": "+c.Confidence+"]")) != c.Source.Unverified() {
					t.Errorf("%s in %s does not say how sure it is: %s", c.Code, language, lines[i])
				}
			}
		}
	}
	app := sound(t)
	app.AppliedOn = day("2025-09-11")
	c, _ := p.Assess(app, day("2025-09-12")).Get("jkp.claim_deadline")
	want := "Tidak terpenuhi: Diajukan paling lambat 2025-09-10, 6 bulan sejak 2025-03-10 (diajukan 2025-09-11; aturan " +
		"pp-6-2025) (PP 37/2021 jo. PP 6/2025 Art. 40(a))"
	if got := c.Explain(rule.Indonesian, p.Texts()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
