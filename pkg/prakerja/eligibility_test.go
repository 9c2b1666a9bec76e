package prakerja_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// flag reads "true", "false" or "" (nobody has stated it).
func flag(t *testing.T, text string) *bool {
	t.Helper()
	if text == "" {
		return nil
	}
	v, err := strconv.ParseBool(text)
	if err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return &v
}

func factsOf(t *testing.T, row map[string]string) prakerja.Facts {
	t.Helper()
	f := prakerja.Facts{
		AppliedOn: date(row["applied"]), BirthDate: date(row["birth"]), Citizen: flag(t, row["citizen"]),
		InFormalEducation: flag(t, row["student"]), AidKnown: row["aid"] != "",
	}
	if row["occupation"] != "" {
		f.Occupation = new(prakerja.Occupation(row["occupation"]))
	}
	for aid := range strings.FieldsSeq(row["aid"]) {
		if aid != "none" {
			f.Aid = append(f.Aid, prakerja.Aid(aid))
		}
	}
	if row["family"] != "" {
		n, err := strconv.Atoi(row["family"])
		if err != nil {
			t.Fatalf("read family: %v", err)
		}
		f.FamilyRecipients = &n
	}
	return f
}

func TestEligibilityGolden(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "eligibility.csv") {
		t.Run(row["example"], func(t *testing.T) {
			t.Parallel()
			d, err := law(t).Eligibility(factsOf(t, row))
			if err != nil {
				t.Fatal(err)
			}
			if d.Version != row["version"] || string(d.Result) != row["result"] {
				t.Errorf("%s under %s, want %s under %s", d.Result, d.Version, row["result"], row["version"])
			}
			if got := ruletest.Codes(d.Select(rule.NotMet)); got != row["not_met"] {
				t.Errorf("not met %q, want %q", got, row["not_met"])
			}
			if got := ruletest.Codes(d.Select(rule.Unknown)); got != row["unknown"] {
				t.Errorf("unknown %q, want %q", got, row["unknown"])
			}
		})
	}
}

func TestEveryCriterionIsInTheAnswer(t *testing.T) {
	t.Parallel()
	semi := []string{
		prakerja.CriterionStatus, prakerja.CriterionMinAge, prakerja.CriterionCitizen, prakerja.CriterionEducation,
		prakerja.CriterionWork, prakerja.CriterionAid, prakerja.CriterionFamily,
	}
	whole := slices.Insert(slices.Clone(semi), 2, prakerja.CriterionMaxAge)
	for day, want := range map[string][]string{"2021-06-01": semi, "2024-06-01": whole, "2026-06-01": whole} {
		for name, f := range map[string]prakerja.Facts{"all stated": applicant(day),
			"nothing stated": {AppliedOn: date(day)}} {
			d, err := law(t).Eligibility(f)
			if err != nil {
				t.Fatal(err)
			}
			if got := ruletest.Codes(d.Criteria); got != strings.Join(want, " ") {
				t.Errorf("%s, %s: criteria %q", day, name, got)
			}
			for _, c := range d.Criteria {
				if c.Article == "" || c.Citation == "" || !c.Confidence.Valid() {
					t.Errorf("%s: %s rests on %q", day, c.Code, c.Source)
				}
			}
		}
	}
}

func TestEveryExcludedOccupation(t *testing.T) {
	t.Parallel()
	excluded := []prakerja.Occupation{
		prakerja.StateOfficial, prakerja.Legislator, prakerja.CivilServant, prakerja.Soldier, prakerja.Police,
		prakerja.VillageOfficial, prakerja.StateEnterpriseBoard,
	}
	for _, day := range []string{"2021-06-01", "2024-06-01"} {
		for _, o := range excluded {
			f := applicant(day)
			f.Occupation = &o
			if d, err := law(t).Eligibility(f); err != nil || ruletest.Codes(d.Select(rule.NotMet)) != prakerja.CriterionWork {
				t.Errorf("%s, %s: %s (%v)", day, o, d.Result, err)
			}
		}
		f := applicant(day)
		f.Occupation = new(prakerja.Occupation("astronaut"))
		if d, err := law(t).Eligibility(f); err != nil || d.Result != rule.Undetermined {
			t.Errorf("%s, an occupation nobody knows: %s (%v)", day, d.Result, err)
		}
	}
}

// 2025 and 2026: nothing is guessed from the older schemes, and nothing makes an applicant ineligible.
func TestTheOpenSchemeDeterminesNothing(t *testing.T) {
	t.Parallel()
	refusedElsewhere := applicant("2026-02-01")
	refusedElsewhere.Citizen, refusedElsewhere.BirthDate = new(false), date("2015-01-01")
	refusedElsewhere.Aid, refusedElsewhere.FamilyRecipients = []prakerja.Aid{prakerja.CovidSocialAid}, new(9)
	for name, f := range map[string]prakerja.Facts{
		"an applicant as before":      applicant("2025-03-01"),
		"one whom no scheme has ever": refusedElsewhere,
		"nothing stated":              {AppliedOn: date("2026-02-01")},
	} {
		d, err := law(t).Eligibility(f)
		if err != nil || d.Result != rule.Undetermined || d.Version != "open-2025" {
			t.Errorf("%s: %s under %s (%v)", name, d.Result, d.Version, err)
		}
		for _, c := range d.Criteria {
			if c.Result != rule.Unknown || c.Confidence != rule.ConfidenceOpen || c.Note == "" {
				t.Errorf("%s: %s is %s with confidence %s", name, c.Code, c.Result, c.Confidence)
			}
		}
		if !d.Unverified() {
			t.Errorf("%s: the answer does not say that it is unverified", name)
		}
	}
}

func TestCriteriaShowTheirInputs(t *testing.T) {
	t.Parallel()
	f := applicant("2024-06-01")
	f.Aid = []prakerja.Aid{prakerja.WageSubsidy}
	d, err := law(t).Eligibility(f)
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]struct{ key, value, required string }{
		prakerja.CriterionMinAge:    {"age", "29", ">= 18"},
		prakerja.CriterionMaxAge:    {"age", "29", "<= 64"},
		prakerja.CriterionCitizen:   {"citizen", "true", "required"},
		prakerja.CriterionEducation: {"in_formal_education", "false", "excluded"},
		prakerja.CriterionWork:      {"occupation", "other", "excluded"},
		prakerja.CriterionAid:       {"wage_subsidy", "true", ""},
		prakerja.CriterionFamily:    {"family_recipients", "0", "< 2"},
	} {
		c, ok := d.Get(code)
		if !ok || c.Inputs[want.key] != want.value || c.Required != want.required {
			t.Errorf("%s: inputs %v, required %q", code, c.Inputs, c.Required)
		}
		for _, value := range c.Inputs {
			if strings.Contains(value, "1995") {
				t.Errorf("%s shows the birth date", code)
			}
		}
	}
}

func TestABirthAfterTheApplicationIsNotAnAge(t *testing.T) {
	t.Parallel()
	f := applicant("2021-06-01")
	f.BirthDate = date("2021-06-02")
	d, err := law(t).Eligibility(f)
	if err != nil || ruletest.Codes(d.Select(rule.Unknown)) != prakerja.CriterionMinAge {
		t.Errorf("%s: %v", d.Result, err)
	}
}

func TestAgeOfSomebodyBornOnALeapDay(t *testing.T) {
	t.Parallel()
	for applied, want := range map[string]rule.Outcome{
		"2022-02-27": rule.Ineligible, "2022-02-28": rule.Eligible, "2022-03-01": rule.Eligible,
	} {
		f := applicant(applied)
		f.BirthDate = date("2004-02-29")
		if d, err := law(t).Eligibility(f); err != nil || d.Result != want {
			t.Errorf("%s: %s, want %s (%v)", applied, d.Result, want, err)
		}
	}
}
