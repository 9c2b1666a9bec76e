package assessment_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
)

// openInLaw are criteria that no fact can settle: the rules themselves are not known here.
var openInLaw = []string{"prakerja.scheme_running", "wagesubsidy.rules_known"}

// asNothingIsStated are answers of every programme where everything is unknown that can be.
func asNothingIsStated(t *testing.T, l rule.Language) []assessment.Answer {
	t.Helper()
	var all []assessment.Answer
	for facts, text := range map[assessment.Facts]string{
		&assessment.JKP{}:         `{}`,
		&assessment.Termination{}: `{}`,
		&assessment.Severance{}:   `{"reason":"DETAINED_6M","start_on":"2020-01-01","end_on":"2026-01-01"}`,
		&assessment.FixedTerm{}:   `{"start_on":"2025-01-01","end_on":"2026-01-01","contract_ends":"2026-06-30"}`,
		&assessment.Prakerja{}:    `{"applied_on":"2021-01-01"}`, &assessment.WageSubsidy{Year: 2022}: `{"year":2022}`,
		&assessment.THR{}: `{}`, &assessment.SeveranceTax{}: `{"gross":1000000}`,
		&assessment.Cover{}: `{"terminated_on":"2026-10-31"}`,
	} {
		if text != `{}` {
			mustAssess(t, facts, text) // read into facts
		}
		a, err := assessment.Ask(facts, programmes(t), l, today)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}

// An answer that lacks a fact says who has it, in words of its language; the law's own gaps nobody can fill.
func TestEveryMissingFactHasAHolder(t *testing.T) {
	t.Parallel()
	unknown, asked := 0, 0
	for _, l := range []rule.Language{rule.Indonesian, rule.English} {
		for _, a := range asNothingIsStated(t, l) {
			for _, c := range a.Criteria {
				open := slices.Contains(openInLaw, c.Code)
				if c.Result != string(rule.Unknown) && len(c.From) > 0 {
					t.Errorf("%s is %s, and asked of %v", c.Code, c.Result, c.From)
				}
				if c.Result == string(rule.Unknown) && !open {
					unknown++
					holderIsNamed(t, c.Code, c.Asked, l)
				}
			}
			for _, m := range a.ToAsk {
				asked++
				holderIsNamed(t, a.Programme+" "+m.Fact, m.Asked, l)
				if strings.HasPrefix(m.Text, "rights.") || !slices.Equal(m.For, []string{a.Programme}) {
					t.Errorf("%s is asked as %q for %v", m.Fact, m.Text, m.For)
				}
			}
			for _, fact := range a.Missing {
				if !slices.ContainsFunc(a.ToAsk, func(m assessment.MissingFact) bool { return m.Fact == fact }) {
					t.Errorf("%s of %s is missing, and nobody is asked", fact, a.Programme)
				}
			}
		}
		for code := range programmes(t).Texts {
			if fact, is := strings.CutPrefix(code, "rights.missing."); is {
				holderIsNamed(t, fact, programmes(t).Missing(fact, l).Asked, l)
			}
		}
	}
	if unknown < 40 || asked < 12 {
		t.Fatalf("only %d criteria and %d facts were looked at", unknown, asked)
	}
}

func holderIsNamed(t *testing.T, what string, a assessment.Asked, l rule.Language) {
	t.Helper()
	word := map[rule.Language]string{rule.Indonesian: "Pekerja", rule.English: "Worker"}[l]
	if len(a.From) == 0 || len(strings.Split(a.FromText, ", ")) != len(a.From) ||
		slices.Contains(a.From, assessment.HolderWorker) != strings.Contains(a.FromText, word) {
		t.Errorf("%s in %s is asked of %v: %q", what, l, a.From, a.FromText)
	}
}

// What BPJS knows is asked of BPJS first, what only the worker knows of nobody else; who pays JKP is asked as well.
func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	a := mustRights(t, `{"contract":"permanent","end_on":"2026-10-31","start_on":"2020-01-01"}`)
	for fact, want := range map[string]string{
		"holiday_on": "Pekerja", "jkp.contribution_months": "BPJS Ketenagakerjaan, Perusahaan",
		"reason":                   "Perusahaan, Pekerja",
		"jkp.termination_reported": "Dinas tenaga kerja, Perusahaan",
	} {
		i := slices.IndexFunc(a.Missing, func(m assessment.MissingFact) bool { return m.Fact == fact })
		if i < 0 || a.Missing[i].FromText != want {
			t.Errorf("%s: %+v", fact, a.Missing)
		}
	}
	app, err := assessment.ClaimFacts{Contract: "permanent"}.Application()
	if err != nil {
		t.Fatal(err)
	}
	claim, err := programmes(t).Claim(app, today, "", jkp.Claim{}, rule.English)
	if err != nil || len(claim.ToAsk) != 1 || claim.ToAsk[0].Fact != "registered" ||
		claim.ToAsk[0].FromText != "BPJS Ketenagakerjaan (job insurance), Employer" {
		t.Errorf("of a claim is asked %+v, %v", claim.ToAsk, err)
	}
}
