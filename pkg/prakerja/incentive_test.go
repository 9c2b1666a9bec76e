package prakerja_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
)

func done() map[prakerja.Requirement]bool {
	return map[prakerja.Requirement]bool{
		prakerja.TrainingFinished: true, prakerja.Certificate: true, prakerja.Rating: true, prakerja.LinkedAccount: true,
	}
}

func TestIncentivesAndSurveys(t *testing.T) {
	t.Parallel()
	const semi, normal = "2021-06-01", "2024-06-01"
	for name, c := range map[string]struct {
		day                 string
		progress            prakerja.Progress
		incentives, surveys int
		total               money.Rupiah
	}{
		"semi-bansos, nothing paid":    {semi, prakerja.Progress{Done: done()}, 4, 0, 2_400_000},
		"semi-bansos, all surveys":     {semi, prakerja.Progress{Done: done(), Surveys: 3}, 4, 3, 2_550_000},
		"semi-bansos, a fourth survey": {semi, prakerja.Progress{Done: done(), Surveys: 4}, 4, 3, 2_550_000},
		"semi-bansos, one month paid": {semi, prakerja.Progress{Done: done(), Surveys: 1, IncentivesPaid: 1}, 3, 1,
			1_850_000},
		"semi-bansos, one survey paid": {semi, prakerja.Progress{Done: done(), Surveys: 2, SurveysPaid: 1}, 4, 1,
			2_450_000},
		"semi-bansos, everything paid": {semi, prakerja.Progress{Done: done(), Surveys: 3, IncentivesPaid: 4,
			SurveysPaid: 3}, 0, 0, 0},
		"semi-bansos, paid once too often": {semi, prakerja.Progress{Done: done(), IncentivesPaid: 5, SurveysPaid: 1},
			0, 0, 0},
		"normal, nothing paid": {normal, prakerja.Progress{Done: done()}, 1, 0, 600_000},
		"normal, both surveys": {normal, prakerja.Progress{Done: done(), Surveys: 2}, 1, 2, 700_000},
		"normal, incentive paid": {normal, prakerja.Progress{Done: done(), Surveys: 2, IncentivesPaid: 1}, 0, 2,
			100_000},
		"normal, surveys answered and paid": {normal, prakerja.Progress{Done: done(), Surveys: 2, IncentivesPaid: 1,
			SurveysPaid: 2}, 0, 0, 0},
	} {
		e, err := schemeAt(t, c.day).Entitle(c.progress, date(c.day))
		if err != nil || e.Decision.Result != rule.Eligible {
			t.Errorf("%s: %s, %v", name, e.Decision.Result, err)
		}
		if e.Incentives != c.incentives || e.Surveys != c.surveys || e.Total != c.total {
			t.Errorf("%s: %d incentives, %d surveys, %s, want %d, %d, %s", name, e.Incentives, e.Surveys, e.Total, c.incentives,
				c.surveys, c.total)
		}
	}
}

func TestTheIncentiveNeedsAllFourRequirements(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2021-06-01", "2024-06-01"} {
		for _, missing := range prakerja.Requirements() {
			no, silent := done(), done()
			no[missing] = false
			delete(silent, missing)
			for name, c := range map[string]struct {
				done map[prakerja.Requirement]bool
				want rule.Outcome
			}{"not done": {no, rule.Ineligible}, "not stated": {silent, rule.Undetermined}} {
				e, err := schemeAt(t, day).Entitle(prakerja.Progress{Done: c.done, Surveys: 2}, date(day))
				if err != nil || e.Decision.Result != c.want || e.Total != 0 || e.Incentives != 0 {
					t.Errorf("%s, %s %s: %s, %s (%v)", day, missing, name, e.Decision.Result, e.Total, err)
				}
				if got, ok := e.Decision.Get("prakerja." + string(missing)); !ok || got.Result == rule.Met {
					t.Errorf("%s, %s %s: not in the answer", day, missing, name)
				}
			}
		}
	}
}

// Nobody has read the requirements in a regulation: every answer that rests on them says so.
func TestTheRequirementsAreUnverified(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2021-06-01", "2024-06-01", "2025-06-01"} {
		e, err := schemeAt(t, day).Entitle(prakerja.Progress{Done: done()}, date(day))
		if err != nil || len(e.Decision.Criteria) != 4 {
			t.Fatalf("%s: %d criteria: %v", day, len(e.Decision.Criteria), err)
		}
		for _, c := range e.Decision.Criteria {
			if !c.Source.Unverified() {
				t.Errorf("%s: %s has confidence %s", day, c.Code, c.Confidence)
			}
		}
	}
}

func TestTheOpenSchemePaysNothingByGuess(t *testing.T) {
	t.Parallel()
	e, err := schemeAt(t, "2026-01-01").Entitle(prakerja.Progress{Done: done(), Surveys: 2}, date("2026-01-01"))
	if err != nil || e.Decision.Result != rule.Undetermined || e.Total != 0 {
		t.Errorf("%s, %s: %v", e.Decision.Result, e.Total, err)
	}
}

func TestNegativeCountsAreRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []prakerja.Progress{{Surveys: -1}, {IncentivesPaid: -1}, {SurveysPaid: -1}} {
		if _, err := schemeAt(t, "2021-06-01").Entitle(p,
			date("2021-06-01")); fault.CodeOf(err) != "prakerja.count_negative" {
			t.Errorf("%v: %v", p, err)
		}
	}
}

// What was paid and what is still owed is never more than the package without the training.
func TestPaidAndOwedStayWithinThePackage(t *testing.T) {
	t.Parallel()
	schemes := law(t).Versions.List()
	rapid.Check(t, func(t *rapid.T) {
		s := schemes[rapid.IntRange(0, 1).Draw(t, "scheme")]
		pack := s.Package
		p := prakerja.Progress{
			Done: done(), Surveys: rapid.IntRange(0, 6).Draw(t, "surveys"),
			IncentivesPaid: rapid.IntRange(0, pack.IncentivePayments.Value).Draw(t, "incentives paid"),
			SurveysPaid:    rapid.IntRange(0, pack.SurveyPayments.Value).Draw(t, "surveys paid"),
		}
		e, err := s.Entitle(p, date("2024-01-01"))
		if err != nil {
			t.Fatal(err)
		}
		paid := pack.Incentive.Value*money.Rupiah(p.IncentivesPaid) + pack.Survey.Value*money.Rupiah(p.SurveysPaid)
		if limit := pack.Total.Value - pack.Training.Value; paid+e.Total > limit || e.Total < 0 {
			t.Errorf("paid %s and owed %s of %s", paid, e.Total, limit)
		}
		if sum := e.IncentiveEach*money.Rupiah(e.Incentives) + e.SurveyEach*money.Rupiah(e.Surveys); sum != e.Total {
			t.Errorf("parts give %s, total %s", sum, e.Total)
		}
	})
}
