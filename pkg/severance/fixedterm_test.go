package severance_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/severance"
)

func contract(start, end string, wage money.Rupiah) severance.FixedTerm {
	return severance.FixedTerm{
		Start: date(start), End: date(end), Foreigner: new(false), FirmSize: severance.Large,
		Wage: severance.Wage{Basis: severance.Monthly, Base: wage},
	}
}

func TestFixedTermGolden(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "fixed_term.csv") {
		t.Run(row["example"], func(t *testing.T) {
			t.Parallel()
			for _, how := range []money.Rounding{money.Down, money.HalfUp, money.Up} {
				r := rulesAt(t, row["end"])
				r.Rounding.Value = how
				c, err := r.Compensate(contract(row["start"], row["end"], rupiah(t, row["wage"])))
				if err != nil || c.Decision.Result != rule.Eligible {
					t.Fatalf("%s: %v", c.Decision.Result, err)
				}
				if c.Part.Exact.String() != row["exact"] || plain(c.Part.Amount) != row[string(how)] {
					t.Errorf("%s: exact %s, amount %s, want %s and %s", how, c.Part.Exact, c.Part.Amount, row["exact"],
						row[string(how)])
				}
				if strconv.Itoa(c.Part.Months) != row["months"] || strconv.Itoa(c.Tenure.Days) != row["days"] {
					t.Errorf("%d months and %d days", c.Part.Months, c.Tenure.Days)
				}
			}
		})
	}
}

func TestFixedTermCriteria(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end       string
		foreigner *bool
		want      rule.Outcome
		unmet     string
	}{
		"one month exactly":         {"2025-01-31", new(false), rule.Eligible, ""},
		"one day short of a month":  {"2025-01-30", new(false), rule.Ineligible, severance.CriterionMinService},
		"a foreigner":               {"2025-11-30", new(true), rule.Ineligible, severance.CriterionForeigner},
		"nobody has said":           {"2025-11-30", nil, rule.Undetermined, ""},
		"too short whoever it is":   {"2025-01-09", nil, rule.Ineligible, severance.CriterionMinService},
		"the first day is the last": {"2025-01-01", new(false), rule.Ineligible, severance.CriterionMinService},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := contract("2025-01-01", c.end, 4_800_000)
			f.Foreigner = c.foreigner
			got, err := law(t).Compensate(f)
			if err != nil || got.Decision.Result != c.want {
				t.Fatalf("%s, want %s: %v", got.Decision.Result, c.want, err)
			}
			if len(got.Decision.Criteria) != 2 {
				t.Errorf("%d criteria, want both", len(got.Decision.Criteria))
			}
			if owed := got.Part.Amount > 0; owed != (c.want == rule.Eligible) || got.Part.Known != owed {
				t.Errorf("%s is paid", got.Part.Amount)
			}
			if unmet := got.Decision.Select(rule.NotMet); c.unmet != "" && (len(unmet) != 1 || unmet[0].Code != c.unmet) {
				t.Errorf("not met: %v", unmet)
			}
		})
	}
}

func TestForeignersAreASwitchOfTheFile(t *testing.T) {
	t.Parallel()
	r := rulesAt(t, "2025-12-01")
	r.FixedTerm.Foreigners.Value = severance.ForeignersIncluded
	f := contract("2025-01-01", "2025-12-01", 4_800_000)
	f.Foreigner = new(true)
	if got, err := r.Compensate(f); err != nil || got.Part.Amount != 4_413_334 {
		t.Errorf("%s: %v", got.Part.Amount, err)
	}
}

func TestDaysBeyondMonthsAreASwitchOfTheFile(t *testing.T) {
	t.Parallel()
	f := contract("2025-01-01", "2025-06-20", 6_000_000) // 5 months and 20 days
	counted, err := law(t).Compensate(f)
	if err != nil || counted.Part.Exact.String() != "8500000/3" || counted.Part.Multiplier.String() != "17/36" {
		t.Errorf("thirtieth: %s x %s: %v", counted.Part.Exact, counted.Part.Multiplier, err)
	}
	r := rulesAt(t, "2025-06-21")
	r.FixedTerm.PartMonth.Value = severance.PartMonthDropped
	dropped, err := r.Compensate(f)
	if err != nil || dropped.Part.Amount != 2_500_000 {
		t.Errorf("dropped: %s: %v", dropped.Part.Amount, err)
	}
	for how, c := range map[string]severance.Compensation{"part_month_dropped": counted, "part_month_thirtieth": dropped} {
		other := map[string]money.Rupiah{"part_month_dropped": 2_500_000, "part_month_thirtieth": 2_833_334}[how]
		if o := c.Part.Otherwise; len(o) != 1 || o[0].Reading != how || o[0].Amount != other ||
			c.Part.Confidence != rule.ConfidenceOpen {
			t.Errorf("beside it stands %+v (%s), want %s under %s", o, c.Part.Confidence, other, how)
		}
	}
	whole, err := law(t).Compensate(contract("2025-01-01", "2025-05-31", 6_000_000))
	if err != nil || whole.Part.Exact.String() != "2500000" || len(whole.Part.Otherwise) != 0 {
		t.Errorf("whole months do not hang on the switch: %s, %v", whole.Part.Exact, err)
	}
}

func TestFixedTermShowsWhatItRestsOn(t *testing.T) {
	t.Parallel()
	c, err := law(t).Compensate(contract("2024-01-01", "2024-07-31", 5_000_000))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Part
	if p.Multiplier.String() != "7/12" || p.Kind != severance.FixedTermCompensation || p.Reads != severance.AsStated {
		t.Errorf("%s x %s, reads %s", p.Kind, p.Multiplier, p.Reads)
	}
	for _, place := range []string{"Art. 16(1)", "Art. 17", "Art. 16(2)-(4)"} {
		if !strings.Contains(p.Article, place) {
			t.Errorf("%s is missing in %q", place, p.Article)
		}
	}
	if p.Confidence != rule.ConfidenceOpen {
		t.Error("a rounded amount hangs on an open question")
	}
	eve, err := law(t).Compensate(contract("2024-01-01", "2024-07-31", 6_000_000))
	if err != nil || eve.Part.Confidence != rule.ConfidenceDerived {
		t.Errorf("that the last day counts is our reading: %s, %v", eve.Part.Confidence, err)
	}
}

func TestFixedTermRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*severance.FixedTerm)
		want   string
	}{
		"no first day":         {func(f *severance.FixedTerm) { f.Start = date("") }, "severance.date_missing"},
		"end before the start": {func(f *severance.FixedTerm) { f.Start = date("2026-01-01") }, "severance.end_before_start"},
		"no wage":              {func(f *severance.FixedTerm) { f.Wage.Base = 0 }, "severance.wage_missing"},
		"no basis":             {func(f *severance.FixedTerm) { f.Wage.Basis = "" }, "severance.wage_basis_unknown"},
	} {
		f := contract("2025-01-01", "2025-12-01", 4_800_000)
		c.change(&f)
		if _, err := law(t).Compensate(f); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
