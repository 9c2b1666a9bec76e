package severance_test

import (
	"reflect"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severance"
	"github.com/tanggap/tanggap/pkg/termination"
)

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	file := "pp-35-2021.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"table that falls":          {file, "{from_years: 3, months: 4}", "{from_years: 3, months: 2}", "do not rise"},
		"table with a row twice":    {file, "{from_years: 3, months: 4}", "{from_years: 2, months: 4}", "do not rise"},
		"table without a first row": {file, "{from_years: 0, months: 1}", "{from_years: 1, months: 1}", "begin at 0"},
		"negative months": {
			file, "{from_years: 0, months: 1}", "{from_years: 0, months: -1}", "steps.0.months: is not between 0 and 100",
		},
		"table beyond all measure": {
			file, "{from_years: 8, months: 9}", "{from_years: 8, months: 900}", "steps.8.months: is not between 0 and 100",
		},
		"misspelt row":                {file, "{from_years: 8, months: 9}", "{from_year: 8, months: 9}", "from_year"},
		"missing reason":              {file, "  BANKRUPT:", "  BROKE:", "reasons.BANKRUPT: missing"},
		"unknown reason":              {file, "  BANKRUPT:", "  BROKE:", "reasons.BROKE: BROKE is unknown"},
		"multiplier beyond measure":   {file, `value: "1.75"`, `value: "175"`, "between 0 and 10"},
		"multiplier with a fine part": {file, `value: "1.75"`, `value: "1.7512345"`, "finer than a hundredth"},
		"multiplier with a sign":      {file, `value: "1.75"`, `value: "-1.75"`, "ratio"},
		"no_loss without uang pisah": {
			file, "    separation_pay: {value: true, article: Art. 54(1), confidence: V+,",
			"    without: [separation_pay]\n    #", "no_loss stands without separation_pay",
		},
		"no_loss beyond measure": {
			file, "    no_loss:\n      service_pay: {value: \"1\"", "    no_loss:\n      service_pay: {value: \"101\"",
			"between 0 and 10",
		},
		"unknown item":     {file, "  fare_home:", "  air_fare:", "rights.air_fare: air_fare is unknown"},
		"unknown rounding": {file, "rounding: {value: up,", "rounding: {value: generous,", "not allowed"},
		"unknown last day": {
			file, "last_day: {value: counted,", "last_day: {value: perhaps,", "not allowed",
		},
		"unknown reading":     {file, "reads: {value: as_stated", "reads: {value: roughly", "not allowed"},
		"unknown part month":  {file, "part_month: {value: thirtieth,", "part_month: {value: kept,", "not allowed"},
		"no months in a year": {file, "per_months: {value: 12,", "per_months: {value: 0,", "between 1 and 100"},
		"no days in a month":  {file, "daily_times: {value: 30,", "daily_times: {value: 0,", "between 1 and 100"},
		"figure without article": {
			file, "piece_floor: {value: minimum_wage, citation: UU 13/2003, article: Art. 157(4),",
			"piece_floor: {value: minimum_wage,", "no article",
		},
		"figure without confidence": {
			file, "fare_home: {value: true, article: Art. 40(4)(b), confidence: V+,",
			"fare_home: {value: true, article: Art. 40(4)(b),", "confidence",
		},
		"open without a note": {
			file, "rounding: {value: up, article: Art. 40, confidence: open, note:",
			"rounding: {value: up, article: Art. 40, confidence: open, reference:", "needs a note",
		},
		"aid that falls": {file, `share: {value: "45%",`, `share: {value: "30%",`,
			"family_aid.steps: the rows do not rise"},
		"aid with a row twice": {file, "{dependants: 3,", "{dependants: 2,", "family_aid.steps: the rows do not rise"},
		"aid beyond the wage":  {file, `share: {value: "50%",`, `share: {value: "150%",`, "is not between 0 and 1"},
		"a week without days": {file, "five_day_week: {value: 21,", "five_day_week: {value: 0,",
			"is not between 1 and 31"},
		"unknown rule of firms": {file, "small_firms: {value: by_agreement,", "small_firms: {value: nothing,",
			"not allowed"},
		"period that ends at once": {file, "valid_until: 2024-10-31", "valid_until: 2021-02-02", "not after valid_from"},
		"unknown key":              {file, "in_force:", "inforce:", "inforce"},
	})
}

// A multiplier may be as fine as a hundredth, and is then reckoned exactly.
func TestAMultiplierOfHundredths(t *testing.T) {
	t.Parallel()
	l, err := severance.Load(programme.Edited(t, "pp-35-2021.yaml", `value: "1.75"`, `value: "1.01"`).FS)
	if err != nil {
		t.Fatal(err)
	}
	a, err := l.Assess(facts(termination.Retirement, "2023-01-01", "2023-06-01", 5_000_000))
	if err != nil {
		t.Fatal(err)
	}
	if up := part(t, a, severance.SeverancePay); up.Amount != 5_050_000 {
		t.Errorf("UP %s", up.Amount)
	}
}

// A table may give the same months in two rows, and a wage may be as high as the bound.
func TestWhatIsJustAllowed(t *testing.T) {
	t.Parallel()
	if err := programme.Load(programme.Edited(t, "pp-35-2021.yaml", "{from_years: 3, months: 4}",
		"{from_years: 3, months: 3}").FS); err != nil {
		t.Error(err)
	}
	f := facts(termination.Death, "2025-01-01", "2025-02-01", 10_000_000_000_000)
	if a := assess(t, f); a.Total != 20_000_000_000_000 {
		t.Errorf("total %s", a.Total)
	}
	f.Wage.Base++
	if _, err := law(t).Assess(f); fault.CodeOf(err) != "severance.amount_too_large" {
		t.Errorf("one rupiah more: %v", err)
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
	_, err = law(t).Compensate(severance.FixedTerm{Start: date("2020-01-01")})
	if fault.CodeOf(err) != "rule.no_version" {
		t.Errorf("a contract under the older law: %v", err)
	}
	assess(t, facts(termination.Death, "2010-01-01", "2021-02-02", 5_000_000))
}
