package prakerja_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/policies"
)

const folder = "programmes/prakerja/"

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(policies.FS, folder+name)
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return string(data)
}

func TestEveryFileOfTheFolderIsReadByTheSchema(t *testing.T) {
	t.Parallel()
	paths, err := fs.Glob(policies.FS, folder+"*")
	if err != nil || len(paths) != 3 {
		t.Fatalf("found %d files, want 3: %v", len(paths), err)
	}
	for _, path := range paths {
		for _, p := range rule.Check(policies.FS, path, prakerja.Schemas()...) {
			t.Errorf("%s: %s", path, p)
		}
	}
}

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"a total that is not the sum":  {"total: {value: 3550000,", "total: {value: 3350000,", "not the sum"},
		"a running scheme without age": {"min_age:", "max_age:", "needs min_age"},
		"a running scheme half priced": {"  survey_payments: {value: 3, article: package, confidence: V}\n", "", "needs all amounts"},
		"a package below zero": {"training: {value: 1000000, article: package, confidence: V}\n  incentive: {value: 600000,",
			"training: {value: 5800000, article: package, confidence: V}\n  incentive: {value: -600000,", "is negative"},
		"no deadline of the purchase":   {"first_purchase:\n  days: {value: 30, citation: Permenko 11/2020, article: Art. 20(1), confidence: V+}\n", "first_purchase:\n", "days"},
		"unknown occupation":            {"  soldier:", "  sailor:", "unknown occupation"},
		"unknown aid":                   {"  covid_social_aid:", "  rice:", "unknown aid"},
		"unknown requirement":           {"  rating:", "  selfie:", "unknown requirement"},
		"unknown treatment":             {"citizen: {value: required,", "citizen: {value: welcome,", "not allowed"},
		"unknown status":                {"status: {value: running,", "status: {value: maybe,", "not allowed"},
		"unknown counting":              {"counting: {value: calendar_days,", "counting: {value: moons,", "not allowed"},
		"figure without article":        {"min_age: {value: 18, article: Art. 3,", "min_age: {value: 18,", "no article"},
		"open question without a note":  {"confidence: open, note:", "confidence: open, reference:", "needs a note"},
		"training without amount":       {"training: {value: 1000000,", "training: {", "without value"},
		"unknown key":                   {"family_limit:", "family_limits:", "family_limits"},
		"period that ends before start": {"valid_until: 2023-01-01", "valid_until: 2019-01-01", "not after valid_from"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := read(t, "semi-bansos-2020.yaml")
			broken := strings.Replace(text, c.old, c.new, 1)
			if broken == text {
				t.Fatalf("%q does not stand in the file", c.old)
			}
			var found []string
			for _, p := range rule.CheckData([]byte(broken), prakerja.Schemas()...) {
				found = append(found, p.String())
			}
			if !strings.Contains(strings.Join(found, "\n"), c.want) {
				t.Errorf("problems %q, want one that says %q", found, c.want)
			}
		})
	}
}

func TestLoadRefusesGapsAndBrokenFiles(t *testing.T) {
	t.Parallel()
	semi, normal, open := read(t, "semi-bansos-2020.yaml"), read(t, "normal-2023.yaml"), read(t, "open-2025.yaml")
	for name, files := range map[string][]string{
		"nothing":             {},
		"a scheme left out":   {semi, open},
		"a day between":       {semi, strings.Replace(normal, "valid_from: 2023-01-01", "valid_from: 2023-01-02", 1), open},
		"one broken file":     {semi, normal, strings.Replace(open, "status:", "state:", 1)},
		"two without an end":  {semi, strings.Replace(normal, "valid_until: 2025-01-01\n", "", 1), open},
		"the same file twice": {semi, normal, open, open},
	} {
		fsys := fstest.MapFS{}
		for i, text := range files {
			fsys[folder+string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := prakerja.Load(fsys); err == nil {
			t.Errorf("%s: loads", name)
		}
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

// Packages as published: 3,550,000 = 1,000,000 + 4 x 600,000 + 3 x 50,000; 4,200,000 = 3,500,000 + 600,000 + 2 x 50,000.
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
	if open.Training.Value != 3_500_000 || open.Training.Confidence != rule.ConfidenceWeak || open.Total != nil || open.Incentive != nil {
		t.Error("of the package of 2025 only a ceiling of training was stated, on one page")
	}
}

func TestEnumsTakeNoOtherText(t *testing.T) {
	t.Parallel()
	for name, valid := range map[string]bool{
		"status": prakerja.Status("").Valid(), "treatment": prakerja.Treatment("x").Valid(), "aid": prakerja.Aid("").Valid(),
		"occupation": prakerja.Occupation("x").Valid(), "requirement": prakerja.Requirement("").Valid(), "counting": prakerja.Counting("x").Valid(),
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
