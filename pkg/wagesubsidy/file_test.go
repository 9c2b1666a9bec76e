package wagesubsidy_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
	"github.com/tanggap/tanggap/policies"
)

const folder = "programmes/wagesubsidy/"

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
	if err != nil || len(paths) != 4 {
		t.Fatalf("found %d files, want 4: %v", len(paths), err)
	}
	for _, path := range paths {
		for _, p := range rule.Check(policies.FS, path, wagesubsidy.Schemas()...) {
			t.Errorf("%s: %s", path, p)
		}
	}
}

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"amount that does not add up":  {"total: {value: 600000,", "total: {value: 900000,", "monthly x months"},
		"no payment at all":            {"payments: {value: 1,", "payments: {value: 0,", "monthly x months"},
		"another year":                 {"year: {value: 2025,", "year: {value: 2024,", "year of valid_from"},
		"no ceiling":                   {"ceiling: {value: 3500000,", "ceiling: {value: 0,", "have to be positive"},
		"step of nothing":              {"minimum_wage_step: {value: 100000,", "minimum_wage_step: {value: 0,", "have to be positive"},
		"unknown fact":                 {"fact: wage_earner", "fact: left_handed", "unknown or stands twice"},
		"fact twice":                   {"fact: wage_earner", "fact: active_member", "unknown or stands twice"},
		"unknown bound":                {"ceiling_bound: {value: up_to,", "ceiling_bound: {value: around,", "not allowed"},
		"condition without article":    {"holds: true, article: eligibility, confidence: V+}", "holds: true, confidence: V+}", "no article"},
		"condition without confidence": {"holds: true, article: eligibility, confidence: V+}", "holds: true, article: eligibility}", "confidence"},
		"condition without its side":   {"holds: true, article: eligibility", "article: eligibility", "missing"},
		"unknown key":                  {"active_until:", "active_till:", "active_till"},
		"a day that does not exist":    {"value: 2025-04-30", "value: 2025-04-31", "line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := read(t, "permenaker-5-2025.yaml")
			broken := strings.Replace(text, c.old, c.new, 1)
			if broken == text {
				t.Fatalf("%q does not stand in the file", c.old)
			}
			var found []string
			for _, p := range rule.CheckData([]byte(broken), wagesubsidy.Schemas()...) {
				found = append(found, p.String())
			}
			if !strings.Contains(strings.Join(found, "\n"), c.want) {
				t.Errorf("problems %q, want one that says %q", found, c.want)
			}
		})
	}
}

func TestLoadRefusesAYearTwiceAndBrokenFiles(t *testing.T) {
	t.Parallel()
	text := read(t, "permenaker-5-2025.yaml")
	for name, files := range map[string][]string{
		"a year twice": {text, text}, "a broken file": {strings.Replace(text, "year:", "jahr:", 1)},
	} {
		fsys := fstest.MapFS{}
		for i, text := range files {
			fsys[folder+string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := wagesubsidy.Load(fsys); err == nil {
			t.Errorf("%s: loads", name)
		}
	}
	if l, err := wagesubsidy.Load(fstest.MapFS{}); err != nil || len(l.List()) != 0 {
		t.Errorf("an empty folder: %v", err)
	}
}

// Year, regulation, last day of membership, ceiling, amount, payments.
func TestTheFourSubsidies(t *testing.T) {
	t.Parallel()
	want := []struct {
		year        int
		citation    string
		activeUntil string
		ceiling     money.Rupiah
		bound       wagesubsidy.Bound
		rounded     bool
		total       money.Rupiah
		payments    int
	}{
		{2020, "Permenaker 14/2020", "2020-06-30", 5_000_000, wagesubsidy.Below, false, 2_400_000, 2},
		{2021, "Permenaker 16/2021", "2021-06-30", 3_500_000, wagesubsidy.UpTo, true, 1_000_000, 1},
		{2022, "Permenaker 10/2022", "2022-07-31", 3_500_000, wagesubsidy.UpTo, true, 600_000, 1},
		{2025, "Permenaker 5/2025", "2025-04-30", 3_500_000, wagesubsidy.UpTo, true, 600_000, 1},
	}
	list := law(t).List()
	if len(list) != len(want) {
		t.Fatalf("%d subsidies", len(list))
	}
	for i, w := range want {
		s := list[i]
		if s.Year.Value != w.year || s.Citation != w.citation || s.ActiveUntil.Value != calendar.MustDate(w.activeUntil) {
			t.Errorf("%d: %s, membership until %s", s.Year.Value, s.Citation, s.ActiveUntil.Value)
		}
		if s.Ceiling.Value != w.ceiling || s.CeilingBound.Value != w.bound || (s.MinimumWageStep != nil) != w.rounded {
			t.Errorf("%d: ceiling %s %s", w.year, s.CeilingBound.Value, s.Ceiling.Value)
		}
		if s.Amount.Total.Value != w.total || s.Amount.Payments.Value != w.payments {
			t.Errorf("%d: %s in %d payments", w.year, s.Amount.Total.Value, s.Amount.Payments.Value)
		}
	}
}

// A year without a subsidy is no reason to call a worker ineligible.
func TestYearsWithoutASubsidy(t *testing.T) {
	t.Parallel()
	for _, year := range []int{2019, 2023, 2024, 2026} {
		_, err := law(t).Year(year)
		if fault.CodeOf(err) != "wagesubsidy.no_subsidy" || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%d: %v", year, err)
		}
	}
}

func TestEnumsTakeNoOtherText(t *testing.T) {
	t.Parallel()
	if wagesubsidy.Fact("").Valid() || wagesubsidy.Bound("x").Valid() {
		t.Error("a fact or a bound takes any text")
	}
	for _, s := range law(t).List() {
		for _, c := range s.Conditions {
			if !c.Fact.Valid() {
				t.Errorf("%s: fact %s", s.ID, c.Fact)
			}
		}
	}
}
