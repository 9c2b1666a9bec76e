package prakerja_test

import (
	"io/fs"
	"testing"

	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

// A file that the check lets pass can be used: eligibility, purchase and incentive answer without panic or negative money.
func FuzzSchemeFile(f *testing.F) {
	for _, name := range []string{"semi-bansos-2020.yaml", "normal-2023.yaml", "open-2025.yaml"} {
		data, err := fs.ReadFile(policies.FS, folder+name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("programme: prakerja\nkind: scheme\nstatus: {value: unknown, article: a, confidence: U}\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, problems := rule.Decode[prakerja.Scheme]([]byte(text))
		if len(problems) > 0 {
			return
		}
		for _, facts := range []prakerja.Facts{applicant("2021-06-01"), {AppliedOn: date("2021-06-01")}} {
			if d := s.Eligibility(facts); !d.Result.Valid() || len(d.Criteria) == 0 {
				t.Errorf("%s with %d criteria", d.Result, len(d.Criteria))
			}
		}
		if _, err := s.PurchaseBy(date("2021-06-01"), date(""), date("2021-06-02")); err != nil {
			t.Error(err)
		}
		if e, err := s.Entitle(prakerja.Progress{Done: done(), Surveys: 1}, date("2021-06-01")); err != nil || e.Incentives < 0 || e.Surveys < 0 {
			t.Errorf("%d incentives, %d surveys: %v", e.Incentives, e.Surveys, err)
		}
	})
}
