package assessment_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

func rights(t testing.TB, text string) (assessment.RightsAnswer, error) {
	t.Helper()
	var f assessment.Rights
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f.Assess(programmes(t), rule.Indonesian, today)
}

func mustRights(t testing.TB, text string) assessment.RightsAnswer {
	t.Helper()
	a, err := rights(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func rightOf(t testing.TB, a assessment.RightsAnswer, code string) assessment.WorkerRight {
	t.Helper()
	i := slices.IndexFunc(a.Items, func(r assessment.WorkerRight) bool { return r.Code == code })
	if i < 0 {
		t.Fatalf("no %s", code)
	}
	return a.Items[i]
}

// The three workers for whom the sheet is looked at as well.
const (
	permanentWorker = `{` + entitled2026 + `,"contract":"permanent","firm_size":"large","reason":"EFFICIENCY_LOSS","start_on":"2015-03-02","end_on":"2026-11-20",
		"ended_by":"employer","wage":{"base":7000000,"allowance":1000000},"reported_wage":8000000,"rights":[{"kind":"fare_home","amount":500000}],"unused_leave_days":6,"work_week_days":5,
		"unpaid_wages":0,"holiday_on":"2026-12-25","thr_paid":false,"jkn_segment":"wage_earner","dispute":"none","resident":true,
		"procedure":[{"event":"notice_delivered","on":"2026-11-20"}]}`
	endedEarly = `{` + entitled2026 + `,"contract":"fixed_term","firm_size":"medium","start_on":"2025-07-01","end_on":"2026-10-31","contract_ends":"2027-06-30","reason":"EFFICIENCY_LOSS",
		"ended_by":"employer","lawful_ground":false,"wage":{"base":4200000},"reported_wage":4200000,"unpaid_wages":2100000,"holiday_on":"2026-12-25","thr_paid":false,
		"jkn_segment":"wage_earner","dispute":"none","resident":true}`
	microFirm = `{"citizenship":"wni","contract":"permanent","firm_size":"micro","reason":"CLOSURE_LOSS_2Y","start_on":"2022-01-10","end_on":"2026-10-31","ended_by":"employer",
		"wage":{"base":2500000},"unpaid_wages":5000000,"arrears_months":5,"insolvent":"no"}`
	entitled2026 = `"citizenship":"wni","birth_date":"1985-05-05","registered_on":"2022-02-01","programmes":["jkk","jkm","jht","jp","jkn"],
		"evidence":["acceptance_proof","report_receipt_regency"],"reported":"yes","contributions":[{"from":"2024-11","to":"2026-10"}],"arrears_months":0,"insolvent":"no",
		"claims_before":0,"willing":"yes","other_job":"no","employer_deactivated":"yes","bank_account":"yes"`
)

// 11 years: UP 9 x 0.5, UPMK 4; leave 6/21 of a month; six months of 60 % of at most 5,000,000.
func TestRightsOfAPermanentWorker(t *testing.T) {
	t.Parallel()
	a := mustRights(t, permanentWorker)
	const up, upmk, leave, fare = 36_000_000, 32_000_000, 2_285_715, 500_000
	if r := rightOf(t, a, assessment.RightSeverance); r.Amount != up+upmk+leave+fare || !r.Complete ||
		r.State != assessment.Owed || !r.AtLeast {
		t.Errorf("severance %d, complete %t, %s", r.Amount, r.Complete, r.State)
	}
	if r := rightOf(t, a, assessment.RightTHR); r.State != assessment.NotOwed {
		t.Errorf("THR %s: the end lies 35 days before the holiday", r.State)
	}
	if r := rightOf(t, a, assessment.RightJKP); r.State != assessment.Owed || r.Amount != 18_000_000 || r.Months != 6 ||
		r.Payer != assessment.PayerJKP {
		t.Errorf("JKP %s %d in %d months by %s: %v", r.State, r.Amount, r.Months, r.Payer, r.Why)
	}
	if r := rightOf(t, a, assessment.RightJKN); r.Until.String() != "2027-05-20" || r.Otherwise.String() != "2027-05-19" ||
		r.State != assessment.Owed {
		t.Errorf("JKN until %s (%s)", r.Until, r.Otherwise)
	}
	if r := rightOf(t, a, assessment.RightJHT); r.From.String() != "2026-12-20" || r.State != assessment.Owed {
		t.Errorf("JHT from %s", r.From)
	}
	const gross = up + upmk + leave + fare
	if tax := int64((gross - 50_000_000) / 20); a.Gross != gross || a.Tax.Amount != tax || a.Net != gross-tax ||
		!a.Complete || !a.Tax.Known {
		t.Errorf("gross %d, tax %d, net %d, complete %t, missing %+v", a.Gross, a.Tax.Amount, a.Net, a.Complete, a.Missing)
	}
	var clocks []string
	for _, c := range a.Clocks {
		clocks = append(clocks, c.Code+" "+c.On.String()+" "+c.Otherwise.String())
	}
	want := []string{
		"procedure.refusal 2026-11-30 2026-12-01", "jkp.claim_deadline 2027-05-19 2027-05-20",
		"cover.jkn_until 2027-05-19 2027-05-20",
	}
	if !slices.Equal(clocks, want) {
		t.Errorf("clocks %q, want %q", clocks, want)
	}
}

// 16 of 24 months: compensation 16/12, damages of eight months; both sums, and unpaid wages.
func TestRightsAfterATermThatWasCutShort(t *testing.T) {
	t.Parallel()
	a := mustRights(t, endedEarly)
	if r := rightOf(t, a, assessment.RightCompensation); r.Amount != 5_600_000 || !r.Complete {
		t.Errorf("compensation %d, complete %t", r.Amount, r.Complete)
	}
	if r := rightOf(t, a, assessment.RightDamages); r.Amount != 33_600_000 || r.State != assessment.Owed {
		t.Errorf("damages %d, %s", r.Amount, r.State)
	}
	if r := rightOf(t, a, assessment.RightTHR); r.State != assessment.NotOwed ||
		!strings.Contains(r.Article, "Art. 7(3)") {
		t.Errorf("THR %s by %s", r.State, r.Article)
	}
	if a.Gross != 5_600_000+33_600_000+2_100_000 || a.Tax.Base != 5_600_000 || a.Tax.Amount != 0 || !a.Tax.Unverified {
		t.Errorf("gross %d, tax %d of %d, unverified %t", a.Gross, a.Tax.Amount, a.Tax.Base, a.Tax.Unverified)
	}
}

func TestAWorkerWhoEndsATermMayOweDamages(t *testing.T) {
	t.Parallel()
	a := mustRights(t, strings.Replace(endedEarly, `"ended_by":"employer"`, `"ended_by":"worker"`, 1))
	if len(a.Against) != 1 || a.Against[0].Amount != 33_600_000 || a.Gross != 5_600_000+2_100_000 {
		t.Errorf("against %+v, gross %d", a.Against, a.Gross)
	}
}

// Of a micro firm no table is asserted: what was agreed is asked for, the table stands as an orientation.
func TestRightsAgainstAMicroFirm(t *testing.T) {
	t.Parallel()
	a := mustRights(t, microFirm)
	r := rightOf(t, a, assessment.RightSeverance)
	if r.State != assessment.Unknown || r.Amount != 0 || len(r.Table) != 2 || r.Table[0].Amount != 6_250_000 {
		t.Errorf("severance %s %d, table %+v", r.State, r.Amount, r.Table)
	}
	if a.Gross != 5_000_000 || a.Complete || a.Tax.Known {
		t.Errorf("gross %d, complete %t, tax known %t", a.Gross, a.Complete, a.Tax.Known)
	}
	for _, fact := range []string{"agreed_amount", "reported_wage", "holiday_on", "dispute"} {
		found := slices.ContainsFunc(a.Missing, func(m assessment.MissingFact) bool { return m.Fact == fact })
		if found != (fact != "reported_wage") { // JKP is not decided yet: its wage comes later
			t.Errorf("missing names %s: %t", fact, found)
		}
	}
	agreed := mustRights(t, strings.Replace(microFirm, `"firm_size"`, `"agreed_amount":6000000,"firm_size"`, 1))
	if r := rightOf(t, agreed, assessment.RightSeverance); r.Amount != 6_000_000 || !r.Complete || !r.Parts[0].Agreed {
		t.Errorf("agreed: %d, complete %t", r.Amount, r.Complete)
	}
}

// While a dispute goes on JKP waits for its end, and the health cover goes on; what else is not met refuses JKP all the
// same.
func TestRightsWhileADisputeGoesOn(t *testing.T) {
	t.Parallel()
	disputed := strings.Replace(permanentWorker, `"dispute":"none"`, `"dispute":"pending"`, 1)
	a := mustRights(t, disputed)
	if r := rightOf(t, a, assessment.RightJKP); r.State != assessment.Unknown || !r.UntilFinal || r.Complete ||
		len(r.Why) != 1 {
		t.Errorf("JKP %s, until final %t: %v", r.State, r.UntilFinal, r.Why)
	}
	if r := rightOf(t, a, assessment.RightJKN); r.State != assessment.Owed || !r.UntilFinal || !r.Until.IsZero() {
		t.Errorf("JKN %s, until final %t, until %s", r.State, r.UntilFinal, r.Until)
	}
	a = mustRights(t, strings.Replace(disputed, `"citizenship":"wni"`, `"citizenship":"wna"`, 1))
	if r := rightOf(t, a, assessment.RightJKP); r.State != assessment.NotOwed || len(r.Why) != 2 {
		t.Errorf("a foreigner: JKP %s: %v", r.State, r.Why)
	}
}

// An end before the first file of the law is not known here: every right is told, and nothing is refused.
func TestRightsBeforeTheFirstFile(t *testing.T) {
	t.Parallel()
	a := mustRights(t, strings.Replace(permanentWorker, `"end_on":"2026-11-20"`, `"end_on":"2020-11-20"`, 1))
	for _, code := range []string{assessment.RightSeverance, assessment.RightJHT, assessment.RightJKN} {
		if r := rightOf(t, a, code); r.State != assessment.Unknown || r.Amount != 0 {
			t.Errorf("%s: %s %d", code, r.State, r.Amount)
		}
	}
	if a.Complete || a.Tax.Known {
		t.Errorf("complete %t, tax known %t", a.Complete, a.Tax.Known)
	}
}

// Nothing is known: nothing is asserted, every right is there, and each fact that would help is named once, in words.
func TestRightsOfWhomNothingIsKnown(t *testing.T) {
	t.Parallel()
	a := mustRights(t, `{}`)
	if a.Gross != 0 || a.Net != 0 || a.Complete || len(a.Items) != 6 || len(a.Clocks) != 0 {
		t.Errorf("gross %d, net %d, complete %t, %d rights, %d clocks", a.Gross, a.Net, a.Complete, len(a.Items),
			len(a.Clocks))
	}
	for _, r := range a.Items {
		if r.State != assessment.Unknown || r.Amount != 0 || r.Text == "rights."+r.Code {
			t.Errorf("%s: %s %d %q", r.Code, r.State, r.Amount, r.Text)
		}
	}
	seen := map[string]bool{}
	for _, m := range a.Missing {
		if seen[m.Fact] || m.Text == "rights.missing."+m.Fact || len(m.For) == 0 {
			t.Errorf("missing %s: twice %t, %q, for %v", m.Fact, seen[m.Fact], m.Text, m.For)
		}
		seen[m.Fact] = true
	}
	for _, fact := range []string{"contract", "unpaid_wages", "end_on", "jkp.citizenship"} {
		if !seen[fact] {
			t.Errorf("%s is not asked for", fact)
		}
	}
}

// Whatever is left out of what a worker states, the answer goes on and never gives more than with it.
func TestAFactLessNeverGivesMore(t *testing.T) {
	t.Parallel()
	p := programmes(t)
	whole := map[string]map[string]any{}
	for name, text := range map[string]string{"permanent": permanentWorker, "early": endedEarly, "micro": microFirm} {
		facts := map[string]any{}
		if err := json.Unmarshal([]byte(text), &facts); err != nil {
			t.Fatal(err)
		}
		whole[name] = facts
	}
	assess := func(t *rapid.T, facts map[string]any) assessment.RightsAnswer {
		text, err := json.Marshal(facts)
		if err != nil {
			t.Fatal(err)
		}
		var f assessment.Rights
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		a, err := f.Assess(p, rule.English, today)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	rapid.Check(t, func(t *rapid.T) {
		facts := whole[rapid.SampledFrom([]string{"permanent", "early", "micro"}).Draw(t, "worker")]
		less := map[string]any{}
		for name, value := range facts {
			if name == "pension" || rapid.IntRange(0, 4).Draw(t, name) > 0 {
				less[name] = value
			}
		}
		with, without := assess(t, facts), assess(t, less)
		if without.Gross > with.Gross || without.Complete && !with.Complete {
			t.Errorf("%d with everything, %d without something: %v", with.Gross, without.Gross, less)
		}
		sum := int64(0)
		for _, r := range without.Items {
			if r.Payer == assessment.PayerEmployer {
				sum += r.Amount
			}
			if r.State == assessment.Unknown && r.Amount != 0 || r.State == assessment.NotOwed && !r.Complete {
				t.Errorf("%s is %s with %d, complete %t", r.Code, r.State, r.Amount, r.Complete)
			}
		}
		if sum != without.Gross || without.Net != without.Gross-without.Tax.Amount {
			t.Errorf("rights of %d, gross %d, net %d", sum, without.Gross, without.Net)
		}
	})
}

func TestRightsRefuseWhatCannotBe(t *testing.T) {
	t.Parallel()
	for field, text := range map[string]string{
		"end_on":             `{"contract":"permanent","start_on":"2026-01-02","end_on":"2026-01-01"}`,
		"procedure[0].event": `{"procedure":[{"event":"storm","on":"2026-01-01"}]}`,
		"firm_size":          `{"firm_size":"huge"}`,
		"reason":             `{"contract":"permanent","start_on":"2020-01-01","end_on":"2026-01-01","reason":"BORED"}`,
	} {
		_, err := rights(t, text)
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// Each criterion of JKP that may be unknown is asked for in words.
func TestEveryFactThatMayBeMissingHasWords(t *testing.T) {
	t.Parallel()
	p := programmes(t)
	for _, version := range p.JKP.Versions() {
		a := mustAssess(t, &assessment.JKP{}, `{"under":"`+version.ID+`"}`)
		for _, c := range a.Criteria {
			if _, ok := p.Texts["rights.missing."+c.Code]; !ok {
				t.Errorf("%s has no words", c.Code)
			}
		}
	}
}

// A step that was taken stops its clock; the aid to the family of a detained worker is no lump sum that is taxed.
func TestClocksStopAndFamilyAidIsNotTaxed(t *testing.T) {
	t.Parallel()
	refused := strings.Replace(permanentWorker, `"on":"2026-11-20"}]`,
		`"on":"2026-11-20"},{"event":"refusal_delivered","on":"2026-11-25"}]`, 1)
	for _, c := range mustRights(t, refused).Clocks {
		if c.Code == "procedure.refusal" {
			t.Errorf("the clock of the refusal runs until %s after the refusal", c.On)
		}
	}
	detained := strings.NewReplacer(`"EFFICIENCY_LOSS"`,
		`"DETAINED_6M","caused_loss":false,"detention":{"months":4,"dependants":2}`).Replace(permanentWorker)
	a := mustRights(t, detained)
	if aid := int64(11_200_000); a.Gross-a.Tax.Base != aid {
		t.Errorf("taxed are %d of %d, all but the aid of %d", a.Tax.Base, a.Gross, aid)
	}
}
