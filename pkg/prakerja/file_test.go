package prakerja_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	file := "semi-bansos-2020.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"a total that is not the sum":  {file, "total: {value: 3550000,", "total: {value: 3350000,", "not the sum"},
		"a running scheme without age": {file, "min_age:", "max_age:", "min_age: missing: state it"},
		"a running scheme half priced": {
			file, "  survey_payments: {value: 3, article: package, confidence: V}\n", "", "package.survey_payments: missing",
		},
		"a package below zero": {file, "training: {value: 1000000, article: package, confidence: V}\n  incentive: {value: " +
			"600000,",
			"training: {value: 5800000, article: package, confidence: V}\n  incentive: {value: -600000,",
			"package.incentive.value: is not between"},
		"a running scheme that asks no age": {file, "min_age: {value: 18, article: Art. 3, confidence: V}\n",
			"", "min_age: missing"},
		"a running scheme that says it asks no age": {
			file, "without: [max_age,", "without: [citizen, max_age,", "citizen: stands here although",
		},
		"no deadline of the purchase": {
			file, "first_purchase:\n  days: {value: 30, citation: Permenko 11/2020, article: Art. 20(1), confidence: V+}\n",
			"first_purchase:\n", "days",
		},
		"unknown occupation": {
			file, "  soldier:", "  sailor:", "occupations.sailor: sailor is unknown",
		},
		"unknown aid":         {file, "  covid_social_aid:", "  rice:", "aid.rice: rice is unknown"},
		"unknown requirement": {file, "  rating:", "  selfie:", "release.selfie: selfie is unknown"},
		"unknown treatment": {
			file, "citizen: {value: required,", "citizen: {value: welcome,", "not allowed",
		},
		"unknown status": {
			file, "status: {value: running,", "status: {value: maybe,", "not allowed",
		},
		"unknown counting": {
			file, "counting: {value: calendar_days,", "counting: {value: moons,", "not allowed",
		},
		"figure without article": {
			file, "min_age: {value: 18, article: Art. 3,", "min_age: {value: 18,", "no article",
		},
		"open question without a note": {
			file, "confidence: open, note:", "confidence: open, reference:", "needs a note",
		},
		"training without amount": {file, "training: {value: 1000000,", "training: {", "without value"},
		"unknown key":             {file, "family_limit:", "family_limits:", "family_limits"},
		"period that ends before start": {
			file, "valid_until: 2023-01-01", "valid_until: 2019-01-01", "not after valid_from",
		},
	})
}

func TestASchemeCannotBeLeftOut(t *testing.T) {
	t.Parallel()
	without := programme.Copy(t)
	without.Delete("normal-2023.yaml")
	if err := programme.Load(without.FS); err == nil {
		t.Error("the years 2023 and 2024 have no scheme")
	}
}

func TestSchemesByDay(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{
		"2020-01-01": "semi-bansos-2020", "2022-12-31": "semi-bansos-2020",
		"2023-01-01": "normal-2023", "2024-12-31": "normal-2023",
		"2025-01-01": "open-2025", "2026-11-30": "open-2025",
	} {
		if got := schemeAt(t, day); got.ID != want {
			t.Errorf("%s: %s, want %s", day, got.ID, want)
		}
	}
	if _, err := law(t).Eligibility(applicant("2019-12-31")); fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("an application before the programme: %v", err)
	}
}

// Packages as published: 3,550,000 = 1,000,000 + 4 x 600,000 + 3 x 50,000; 4,200,000 = 3,500,000 + 600,000 + 2 x
// 50,000.
func TestPackages(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]struct {
		training, incentive, survey money.Rupiah
		payments, surveys           int
		total                       money.Rupiah
	}{
		"2021-01-01": {1_000_000, 600_000, 50_000, 4, 3, 3_550_000},
		"2023-06-01": {3_500_000, 600_000, 50_000, 1, 2, 4_200_000},
	} {
		p := schemeAt(t, day).Package
		if p.Training.Value != want.training || p.Incentive.Value != want.incentive || p.Survey.Value != want.survey ||
			p.IncentivePayments.Value != want.payments || p.SurveyPayments.Value != want.surveys || p.Total.Value != want.total {
			t.Errorf("%s: training %s, incentive %d x %s, surveys %d x %s, total %s", day, p.Training.Value,
				p.IncentivePayments.Value, p.Incentive.Value, p.SurveyPayments.Value, p.Survey.Value, p.Total.Value)
		}
	}
	open := schemeAt(t, "2025-06-01").Package
	if open.Training.Value != 3_500_000 || open.Training.Confidence != rule.ConfidenceWeak || open.Total != nil ||
		open.Incentive != nil {
		t.Error("of the package of 2025 only a ceiling of training was stated, on one page")
	}
}

func TestEnumsTakeNoOtherText(t *testing.T) {
	t.Parallel()
	for name, valid := range map[string]bool{
		"status": prakerja.Status("").Valid(), "treatment": prakerja.Treatment("x").Valid(), "aid": prakerja.Aid("").Valid(),
		"occupation": prakerja.Occupation("x").Valid(), "requirement": prakerja.Requirement("").Valid(),
		"counting": prakerja.Counting("x").Valid(),
	} {
		if valid {
			t.Errorf("%s takes any text", name)
		}
	}
	for _, r := range prakerja.Requirements() {
		if !r.Valid() {
			t.Errorf("requirement %s is not valid", r)
		}
	}
}
