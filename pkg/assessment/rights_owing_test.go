package assessment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
)

// with puts other facts in the place of some of the permanent worker's, who is entitled to everything.
func with(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(permanentWorker) }

func asksFor(a assessment.RightsAnswer, fact string) bool {
	return slices.ContainsFunc(a.Missing, func(m assessment.MissingFact) bool { return m.Fact == fact })
}

// Debts of the employer move the payer and never end the right: up to three months in a row BPJS pays, beyond them the
// employer first, and of a bankrupt firm BPJS up to six.
func TestWhoPaysJKP(t *testing.T) {
	t.Parallel()
	arrears := func(n, insolvent string) string {
		return with(`"arrears_months":0,"insolvent":"no"`, `"arrears_months":`+n+`,"insolvent":"`+insolvent+`"`)
	}
	for name, c := range map[string]struct{ facts, payer, article string }{
		"none":              {arrears("0", "no"), assessment.PayerJKP, "Art. 24"},
		"three":             {arrears("3", "no"), assessment.PayerJKP, "Art. 39(1)-(2)"},
		"four":              {arrears("4", "no"), assessment.PayerEmployerFirst, "Art. 39(3)"},
		"bankrupt, six":     {arrears("6", "yes"), assessment.PayerJKP, "Art. 39A"},
		"bankrupt, seven":   {arrears("7", "yes"), assessment.PayerEmployerFirst, "Art. 39(3)"},
		"never, large firm": {with(`"registered_on":"2022-02-01"`, `"registered":"no"`), assessment.PayerEmployer, "Art. 37"},
	} {
		a := mustRights(t, c.facts)
		r := rightOf(t, a, assessment.RightJKP)
		if r.State != assessment.Owed || r.Amount != 18_000_000 || r.Payer != c.payer ||
			!strings.Contains(r.PayerArticle, c.article) {
			t.Errorf("%s: %s %d by %s (%s)", name, r.State, r.Amount, r.Payer, r.PayerArticle)
		}
		const before = 36_000_000 + 32_000_000 + 2_285_715 + 500_000
		atOnce := int64(0)
		if c.payer == assessment.PayerEmployer {
			atOnce = r.Amount
		}
		if a.Gross != before+atOnce || a.Tax.Base != before {
			t.Errorf("%s: gross %d, taxed %d", name, a.Gross, a.Tax.Base)
		}
	}
	if r := rightOf(t, mustRights(t, arrears("7", "yes")), assessment.RightJKP); !r.Unverified {
		t.Error("who pays for a bankrupt firm with seven months of arrears is not said: open")
	}
}

// All at once, with training beside it, and no day to claim it at BPJS; a micro firm is exempt.
func TestAnEmployerWhoNeverRegisteredOwesJKPAtOnce(t *testing.T) {
	t.Parallel()
	never := with(`"registered_on":"2022-02-01"`, `"registered":"no"`, `,"reported_wage":8000000`, ``,
		`"base":7000000,"allowance":1000000`, `"base":3000000`)
	a := mustRights(t, never)
	r := rightOf(t, a, assessment.RightJKP)
	if r.Amount != 10_800_000 || r.Months != 0 || len(r.Beside) != 1 || !r.Until.IsZero() || !r.Complete {
		t.Errorf("%d over %d months, beside %q, until %s", r.Amount, r.Months, r.Beside, r.Until)
	}
	for _, c := range a.Clocks {
		if c.Code == "jkp.claim_deadline" {
			t.Error("a day to claim at BPJS")
		}
	}
	if r := rightOf(t, a, assessment.RightJHT); len(r.Beside) != 1 {
		t.Errorf("JHT beside %q", r.Beside)
	}
	if r := rightOf(t, mustRights(t, strings.Replace(never, `"large"`, `"micro"`, 1)),
		assessment.RightJKP); r.State != assessment.NotOwed {
		t.Errorf("a micro firm: %s", r.State)
	}
	a = mustRights(t, strings.Replace(never, `"wage":{"base":3000000},`, ``, 1))
	if r := rightOf(t, a, assessment.RightJKP); r.State != assessment.Owed || r.Amount != 0 || r.Complete ||
		!asksFor(a, "wage") {
		t.Errorf("without a wage: %s %d, complete %t", r.State, r.Amount, r.Complete)
	}
}

// The shortfall of a wage reported too low; above the cap of the wage the law is silent, and nothing is asserted.
func TestAnEmployerOwesWhatIsShortOfJKP(t *testing.T) {
	t.Parallel()
	for reported, want := range map[string]struct {
		amount, other int64
		state         string
	}{
		`3000000`: {7_200_000, 18_000_000, assessment.Owed},
		`7999999`: {0, 10_800_000, assessment.Unknown},
	} {
		a := mustRights(t, with(`"reported_wage":8000000`, `"reported_wage":`+reported))
		r := rightOf(t, a, assessment.RightJKPShortfall)
		if r.Amount != want.amount || r.State != want.state || len(r.Parts[0].Otherwise) != 1 ||
			r.Parts[0].Otherwise[0].Amount != want.other || !r.Unverified {
			t.Errorf("reported %s: %s %d, parts %+v", reported, r.State, r.Amount, r.Parts)
		}
	}
	a := mustRights(t, with(`"reported_wage":8000000`, `"reported_wage":3000000`, `"base":7000000,"allowance":1000000`,
		`"base":4000000,"allowance":1000000`))
	if r := rightOf(t, a, assessment.RightJKPShortfall); r.Amount != 7_200_000 || r.Unverified ||
		len(r.Parts[0].Otherwise) != 0 {
		t.Errorf("at the cap: %d, unverified %t", r.Amount, r.Unverified)
	}
	for _, r := range mustRights(t, permanentWorker).Items {
		if r.Code == assessment.RightJKPShortfall {
			t.Error("nothing is short where the wage was reported as it is")
		}
	}
}

// Nine months by the text, six as courts have capped them; not before somebody says what was paid last.
func TestWagesGoOnWhileTheEndIsDisputed(t *testing.T) {
	t.Parallel()
	const facts = `{"contract":"permanent","start_on":"2020-01-06","end_on":"2026-02-27","wage":{"base":5000000},"unpaid_wages":0`
	a := mustRights(t, facts+`,"dispute":"pending","last_paid_on":"2026-02-27","on":"2026-11-27"}`)
	r := rightOf(t, a, assessment.RightDisputeWages)
	if r.Amount != 45_000_000 || r.Parts[0].Months != 9 || len(r.Parts[0].Otherwise) != 1 ||
		r.Parts[0].Otherwise[0].Amount != 30_000_000 || !r.Unverified {
		t.Errorf("%d, parts %+v", r.Amount, r.Parts)
	}
	a = mustRights(t, facts+`,"dispute":"final","final_decision_on":"2026-08-03","last_paid_on":"2026-02-27"}`)
	if r := rightOf(t, a, assessment.RightDisputeWages); r.Amount != 30_000_000 || len(r.Parts[0].Otherwise) != 0 {
		t.Errorf("six months: %d, parts %+v", r.Amount, r.Parts)
	}
	// What was not paid before the end is among the unpaid wages, and counted once.
	a = mustRights(t, facts+`,"dispute":"pending","last_paid_on":"2025-12-31","on":"2026-04-01"}`)
	if r := rightOf(t, a, assessment.RightDisputeWages); r.Amount != 10_000_000 {
		t.Errorf("March and April: %d", r.Amount)
	}
	a = mustRights(t, facts+`,"dispute":"pending"}`)
	if r := rightOf(t, a, assessment.RightDisputeWages); r.State != assessment.Unknown || !asksFor(a, "last_paid_on") ||
		asksFor(a, "final_decision_on") {
		t.Errorf("%s %d, missing %+v", r.State, r.Amount, a.Missing)
	}
	a = mustRights(t, facts+`,"dispute":"final","last_paid_on":"2026-02-27"}`)
	if r := rightOf(t, a, assessment.RightDisputeWages); r.State != assessment.Unknown ||
		!asksFor(a, "final_decision_on") {
		t.Errorf("%s %d, missing %+v", r.State, r.Amount, a.Missing)
	}
	for _, r := range mustRights(t, facts+`,"dispute":"none","last_paid_on":"2026-02-27"}`).Items {
		if r.Code == assessment.RightDisputeWages {
			t.Error("wages of a dispute where there is none")
		}
	}
}

// The clocks of the worker that nothing has started say what starts them; one that runs says what did.
func TestClocksToComeSayWhatStartsThem(t *testing.T) {
	t.Parallel()
	a := mustRights(t, permanentWorker)
	codes := func(a assessment.RightsAnswer) []string {
		var all []string
		for _, c := range a.ToCome {
			all = append(all, strings.TrimPrefix(c.Code, "procedure."))
			if len(c.StartedBy) == 0 || c.StartedBy[0].Text == c.StartedBy[0].Event || c.Article == "" ||
				c.Text == "rights.clock."+c.Code {
				t.Errorf("%+v", c)
			}
		}
		return all
	}
	want := []string{"file_completion", "mediation_answer", "conciliation_answer", "suit", "cassation_request",
		"cassation_request_absent"}
	if got := codes(a); !slices.Equal(got, want) {
		t.Errorf("to come %q, want %q", got, want)
	}
	if suit := a.ToCome[3]; suit.Limit != "12 months" || suit.StartedBy[0].Event != "mediation_failed" ||
		!strings.Contains(suit.Article, "MK 132/PUU-XXIII/2025") {
		t.Errorf("%+v", suit)
	}
	const notice = `{"event":"notice_delivered","on":"2026-11-20"}`
	failed := mustRights(t, with(notice, `{"event":"mediation_failed","on":"2026-05-04"}`, `"2026-11-20"`, `"2026-04-20"`))
	i := slices.IndexFunc(failed.Clocks, func(c assessment.RightClock) bool { return c.Code == "procedure.suit" })
	if i < 0 || failed.Clocks[i].On.String() != "2027-05-03" || failed.Clocks[i].Otherwise.String() != "2027-05-04" ||
		failed.Clocks[i].StartedBy != "mediation_failed" || failed.Clocks[i].StartedOn.String() != "2026-05-04" {
		t.Errorf("clocks %+v", failed.Clocks)
	}
	if slices.Contains(codes(failed), "suit") {
		t.Error("the suit runs and is still to come")
	}
	for _, over := range []string{"agreement_signed", "decision_final"} {
		if got := codes(mustRights(t, with(notice, `{"event":"`+over+`","on":"2026-11-20"}`))); len(got) != 0 {
			t.Errorf("%s: still to come %q", over, got)
		}
	}
}

// Read on 10 August with the party there: until 1 September, 31 August if the day counts. From 14 December also the
// joint leave of 24 December may be work: until 7 January, or 4 January if both readings are the strict ones.
func TestTheEarliestDayOfAClockStandsFirst(t *testing.T) {
	t.Parallel()
	for read, want := range map[string]string{"2026-08-10": "2026-08-31 2026-09-01",
		"2026-12-14": "2027-01-04 2027-01-07"} {
		a := mustRights(t, with(`"notice_delivered","on":"2026-11-20"`, `"judgment_given","on":"`+read+`"`,
			`"end_on":"2026-11-20"`, `"end_on":"2026-02-27"`))
		i := slices.IndexFunc(a.Clocks, func(c assessment.RightClock) bool { return c.Code == "procedure.cassation_request" })
		if i < 0 || a.Clocks[i].On.String()+" "+a.Clocks[i].Otherwise.String() != want {
			t.Errorf("read on %s: %+v, want %s", read, a.Clocks, want)
		}
	}
}

// 5 % of what is above 50 million, for a resident; of others it is not known which tax holds.
func TestTaxOnJHT(t *testing.T) {
	t.Parallel()
	r := rightOf(t, mustRights(t, with(`"resident":true`, `"resident":true,"jht_balance":80000000`)), assessment.RightJHT)
	if r.Amount != 80_000_000 || r.Tax == nil || r.Tax.Amount != 1_500_000 || !r.Tax.Known ||
		r.Payer == assessment.PayerEmployer {
		t.Errorf("JHT %d, tax %+v", r.Amount, r.Tax)
	}
	r = rightOf(t, mustRights(t, with(`"resident":true`, `"jht_balance":80000000`)), assessment.RightJHT)
	if r.Tax == nil || r.Tax.Known || r.Tax.Amount != 0 {
		t.Errorf("tax %+v", r.Tax)
	}
	if r := rightOf(t, mustRights(t, permanentWorker), assessment.RightJHT); r.Tax != nil {
		t.Errorf("no balance, tax %+v", r.Tax)
	}
}
