package prakerja_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// A file that the check lets pass can be used: eligibility, purchase and incentive answer without panic or negative
// money.
func FuzzSchemeFile(f *testing.F) {
	ruletest.Fuzz(f, programme, func(t *testing.T, s prakerja.Scheme) {
		for _, facts := range []prakerja.Facts{applicant("2021-06-01"), {AppliedOn: date("2021-06-01")}} {
			if d := s.Eligibility(facts); !d.Result.Valid() || len(d.Criteria) == 0 {
				t.Errorf("%s with %d criteria", d.Result, len(d.Criteria))
			}
		}
		if _, err := s.PurchaseBy(date("2021-06-01"), date(""), date("2021-06-02")); err != nil {
			t.Error(err)
		}
		e, err := s.Entitle(prakerja.Progress{Done: done(), Surveys: 1}, date("2021-06-01"))
		if err != nil || e.Incentives < 0 || e.Surveys < 0 {
			t.Errorf("%d incentives, %d surveys: %v", e.Incentives, e.Surveys, err)
		}
	})
}
