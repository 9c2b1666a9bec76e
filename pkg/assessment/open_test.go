package assessment_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wording"
)

// An amount that the law leaves open leaves the answer open, one that it settles does not.
func TestAnOpenDebtLeavesTheAnswerOpen(t *testing.T) {
	t.Parallel()
	const until = `{"on":"2026-12-31","disputed":"yes","wage":5000000,"grounds":[],"last_paid_on":`
	for text, open := range map[string]bool{until + `"2026-06-30"}`: false, until + `"2026-05-31"}`: true} {
		a := mustAssess(t, &assessment.Termination{}, text)
		if len(a.Debts) != 1 || a.Unverified != open || (len(a.Debts[0].Otherwise) > 0) != open {
			t.Errorf("%s: unverified %t with %+v", text, a.Unverified, a.Debts)
		}
	}
	// Six months of wages in arrears are what courts have given at most; up to the cap of JKP both readings agree.
	const facts = `{` + entitled2026 + `,"contract":"permanent","firm_size":"medium","reason":"EFFICIENCY_LOSS",
		"dispute":"none","terminated_on":"2026-11-10","applied_on":"2026-11-20","wage":3000000,"real_wage":`
	for wage, open := range map[string]bool{"5000000": false, "5000001": true} {
		a := mustAssess(t, &assessment.JKP{}, facts+wage+`}`)
		if len(a.Debts) != 1 || a.Debts[0].Amount != 7_200_000 || a.Unverified != open {
			t.Errorf("real wage %s: unverified %t with %+v", wage, a.Unverified, a.Debts)
		}
	}
}

// BPJS Kesehatan takes fewer papers than BPJS Ketenagakerjaan: the right stays, and what has to be brought is named.
func TestPapersThatOnlyJKPTakesDoNotProveJKN(t *testing.T) {
	t.Parallel()
	const facts = `{"segment":"wage_earner","terminated_on":"2026-08-31","reason":"EFFICIENCY_LOSS","dispute":"none"`
	for evidence, lacking := range map[string]bool{
		``: false, `,"evidence":["acceptance_proof","report_receipt_regency"]`: false,
		`,"evidence":["joint_agreement","registration_deed"]`: false, `,"evidence":["final_judgment"]`: false,
		`,"evidence":["acceptance_proof","report_receipt_ministry"]`: true,
		`,"evidence":["acceptance_proof","report_receipt_province"]`: true, `,"evidence":[]`: true,
	} {
		a := mustAssess(t, &assessment.Cover{}, facts+evidence+`}`)
		if slices.Contains(a.Missing, "jkn_proof") != lacking || a.Result != string(rule.Eligible) {
			t.Errorf("%s: %s, missing %v", evidence, a.Result, a.Missing)
		}
	}
	const acceptance = `"evidence":["acceptance_proof","report_receipt_regency"]`
	told := mustRights(t, with(acceptance, `"evidence":["acceptance_proof","report_receipt_ministry"]`))
	i := slices.IndexFunc(told.Missing, func(m assessment.MissingFact) bool { return m.Fact == "jkn_proof" })
	if i < 0 || !slices.Equal(told.Missing[i].For, []string{assessment.RightJKN}) ||
		rightOf(t, told, assessment.RightJKN).State != assessment.Owed {
		t.Errorf("missing %+v", told.Missing)
	}
	if asksFor(mustRights(t, permanentWorker), "jkn_proof") {
		t.Error("the receipt of the regency proves it")
	}
}

// What was law before the first file is not known here: it is never said that there was none.
func TestBeforeTheFirstFileNothingIsAsserted(t *testing.T) {
	t.Parallel()
	_, err := assess(t, &assessment.Severance{}, `{"reason":"RESIGN","start_on":"2015-01-01","end_on":"2021-02-01"}`)
	if err == nil {
		t.Fatal("an answer is given")
	}
	for lang, want := range map[string]string{"id": "Aturan yang berlaku pada tanggal 2021-02-01 tidak diketahui di sini.",
		"en": "The rules of 2021-02-01 are not known here."} {
		if got := wording.Message(lang, "rule.no_version", map[string]string{"date": "2021-02-01"}); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
