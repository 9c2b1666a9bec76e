package severance_test

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

const folder = "programmes/severance/"

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
	if err != nil || len(paths) != 2 {
		t.Fatalf("found %d files, want 2: %v", len(paths), err)
	}
	for _, path := range paths {
		for _, p := range rule.Check(policies.FS, path, severance.Schemas()...) {
			t.Errorf("%s: %s", path, p)
		}
	}
}

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"table that falls":            {"{from_years: 3, months: 4}", "{from_years: 3, months: 2}", "do not rise"},
		"table with a row twice":      {"{from_years: 3, months: 4}", "{from_years: 2, months: 4}", "do not rise"},
		"table without a first row":   {"{from_years: 0, months: 1}", "{from_years: 1, months: 1}", "begin at 0"},
		"negative months":             {"{from_years: 0, months: 1}", "{from_years: 0, months: -1}", "begin at 0"},
		"table beyond all measure":    {"{from_years: 8, months: 9}", "{from_years: 8, months: 900}", "100 months"},
		"misspelt row":                {"{from_years: 8, months: 9}", "{from_year: 8, months: 9}", "from_year"},
		"missing reason":              {"  BANKRUPT:", "  BROKE:", "reason BANKRUPT is missing"},
		"unknown reason":              {"  BANKRUPT:", "  BROKE:", "unknown reason"},
		"multiplier beyond measure":   {`value: "1.75"`, `value: "175"`, "between 0 and 100"},
		"multiplier with a fine part": {`value: "1.75"`, `value: "1.7512345"`, "between 0 and 100"},
		"multiplier with a sign":      {`value: "1.75"`, `value: "-1.75"`, "ratio"},
		"no_loss without uang pisah":  {"    separation_pay: {value: true, article: Art. 53-54, confidence: U}\n", "", "without separation_pay"},
		"no_loss beyond measure":      {"    no_loss:\n      service_pay: {value: \"1\"", "    no_loss:\n      service_pay: {value: \"101\"", "between 0 and 100"},
		"unknown item":                {"  fare_home:", "  air_fare:", "unknown item"},
		"unknown rounding":            {"rounding: {value: up,", "rounding: {value: generous,", "not allowed"},
		"unknown last day":            {"last_day: {value: not_counted,", "last_day: {value: perhaps,", "not allowed"},
		"unknown reading":             {"reads: {value: as_stated", "reads: {value: roughly", "not allowed"},
		"unknown part month":          {"part_month: {value: dropped,", "part_month: {value: kept,", "not allowed"},
		"no months in a year":         {"per_months: {value: 12,", "per_months: {value: 0,", "between 1 and 100"},
		"no days in a month":          {"daily_times: {value: 30,", "daily_times: {value: 0,", "between 1 and 100"},
		"figure without article":      {"piece_floor: {value: minimum_wage, article: Art. 40 (piece rate),", "piece_floor: {value: minimum_wage,", "no article"},
		"figure without confidence":   {"fare_home: {value: true, article: Art. 40(4), confidence: V,", "fare_home: {value: true, article: Art. 40(4),", "confidence"},
		"open without a note":         {"rounding: {value: up, article: Art. 40, confidence: open, note:", "rounding: {value: up, article: Art. 40, confidence: open, reference:", "needs a note"},
		"period that ends at once":    {"valid_until: 2024-10-31", "valid_until: 2021-02-02", "not after valid_from"},
		"unknown key":                 {"in_force:", "inforce:", "inforce"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := read(t, "pp-35-2021.yaml")
			broken := strings.Replace(text, c.old, c.new, 1)
			if broken == text {
				t.Fatalf("%q does not stand in the file", c.old)
			}
			var found []string
			for _, p := range rule.CheckData([]byte(broken), severance.Schemas()...) {
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
	old, ruling := read(t, "pp-35-2021.yaml"), read(t, "pp-35-2021-mk-168-2023.yaml")
	for name, files := range map[string][]string{
		"nothing":          {},
		"a day between":    {strings.Replace(old, "valid_until: 2024-10-31", "valid_until: 2024-10-30", 1), ruling},
		"a day twice":      {strings.Replace(old, "valid_until: 2024-10-31", "valid_until: 2024-11-01", 1), ruling},
		"one broken file":  {old, strings.Replace(ruling, "last_day:", "last:", 1)},
		"no end to either": {strings.Replace(old, "valid_until: 2024-10-31\n", "", 1), ruling},
	} {
		fsys := fstest.MapFS{}
		for i, text := range files {
			fsys[folder+string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := severance.Load(fsys); err == nil {
			t.Errorf("%s: loads", name)
		}
	}
}

// The ruling of 31 October 2024 changes how UP reads and nothing else.
func TestTheRulingChangesOnlyTheReading(t *testing.T) {
	t.Parallel()
	before, after := rulesAt(t, "2024-10-30"), rulesAt(t, "2024-10-31")
	if before.SeverancePay.Reads.Value != severance.AsStated || after.SeverancePay.Reads.Value != severance.AtLeast {
		t.Errorf("UP reads %s before and %s after", before.SeverancePay.Reads.Value, after.SeverancePay.Reads.Value)
	}
	if got := after.SeverancePay.Reads.Citation; got != "MK 168/PUU-XXI/2023" {
		t.Errorf("the minimum rests on %s", got)
	}
	if after.ServicePay.Reads.Value != severance.AsStated || after.ServicePay.Reads.Confidence != rule.ConfidenceOpen {
		t.Error("whether UPMK is a minimum was not read and has to stay open")
	}
	after.Version, after.InForce = before.Version, before.InForce
	after.SeverancePay.Reads, after.ServicePay.Reads = before.SeverancePay.Reads, before.ServicePay.Reads
	if !reflect.DeepEqual(before, after) {
		t.Error("something else differs, too")
	}
}

func TestNothingIsKnownBeforePP35(t *testing.T) {
	t.Parallel()
	_, err := law(t).Assess(facts(termination.Death, "2010-01-01", "2021-02-01", 5_000_000))
	if fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("a termination under the older law: %v", err)
	}
	_, err = law(t).Compensate(severance.FixedTerm{Start: date("2020-01-01"), End: date("2021-02-01")})
	if fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("a contract under the older law: %v", err)
	}
	assess(t, facts(termination.Death, "2010-01-01", "2021-02-02", 5_000_000))
}
