package wagesubsidy_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/wagesubsidy"
)

func TestDecisionsGolden(t *testing.T) {
	t.Parallel()
	for _, row := range ruletest.Rows(t, "decisions.csv") {
		t.Run(row["example"], func(t *testing.T) {
			t.Parallel()
			year, err := strconv.Atoi(row["year"])
			if err != nil {
				t.Fatal(err)
			}
			a, err := subsidy(t, year).Decide(wagesubsidy.Worker{
				Wage: rupiah(t, row["wage"]), MinimumWage: rupiah(t, row["minimum_wage"]), Facts: factsOf(row),
			}, asOf())
			if err != nil {
				t.Fatal(err)
			}
			if string(a.Decision.Result) != row["result"] || strconv.FormatInt(int64(a.Amount), 10) != row["amount"] {
				t.Errorf("%s, %s, want %s, %s", a.Decision.Result, a.Amount, row["result"], row["amount"])
			}
			if got := ruletest.Codes(a.Decision.Select(rule.NotMet)); got != row["not_met"] {
				t.Errorf("not met %q, want %q", got, row["not_met"])
			}
			if got := ruletest.Codes(a.Decision.Select(rule.Unknown)); got != row["unknown"] {
				t.Errorf("unknown %q, want %q", got, row["unknown"])
			}
		})
	}
}

// The minimum wage is rounded up to 100,000 where that is higher than 3,500,000.
func TestCeilings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		year    int
		minimum string
		want    money.Rupiah
	}{
		{2020, "", 5_000_000}, {2020, "9000000", 5_000_000},
		{2021, "", 3_500_000}, {2021, "0", 3_500_000}, {2021, "2000000", 3_500_000},
		{2021, "3400000", 3_500_000}, {2021, "3400001", 3_500_000}, {2021, "3500000", 3_500_000},
		{2021, "3500001", 3_600_000}, {2021, "4798312", 4_800_000}, {2021, "4800000", 4_800_000},
		{2022, "4641854", 4_700_000}, {2025, "5396761", 5_400_000}, {2025, "5690752", 5_700_000},
	} {
		got, err := subsidy(t, c.year).CeilingFor(rupiah(t, c.minimum))
		if err != nil || got != c.want {
			t.Errorf("%d, minimum wage %q: %s, want %s (%v)", c.year, c.minimum, got, c.want, err)
		}
	}
}

func TestAmountsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		worker wagesubsidy.Worker
		want   string
	}{
		"negative wage":         {wagesubsidy.Worker{Wage: new(money.Rupiah(-1))}, "wagesubsidy.amount_negative"},
		"negative minimum wage": {wagesubsidy.Worker{MinimumWage: new(money.Rupiah(-1))}, "wagesubsidy.amount_negative"},
		"minimum wage of all": {wagesubsidy.Worker{MinimumWage: new(money.Rupiah(math.MaxInt64))},
			"wagesubsidy.amount_too_large"},
	} {
		if _, err := subsidy(t, 2025).Decide(c.worker, asOf()); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryCriterionIsInTheAnswer(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		2020: "wagesubsidy.wage wagesubsidy.citizen wagesubsidy.valid_nik wagesubsidy.active_member " +
			"wagesubsidy.wage_earner " +
			"wagesubsidy.bank_account wagesubsidy.prakerja_recipient",
		2021: "wagesubsidy.wage wagesubsidy.active_member wagesubsidy.listed_area",
		2022: "wagesubsidy.wage wagesubsidy.active_member wagesubsidy.state_servant wagesubsidy.prakerja_recipient " +
			"wagesubsidy.family_hope_recipient wagesubsidy.micro_business_recipient",
		2025: "wagesubsidy.wage wagesubsidy.active_member wagesubsidy.wage_earner wagesubsidy.state_servant",
	} {
		a, err := subsidy(t, year).Decide(wagesubsidy.Worker{}, asOf())
		if err != nil || ruletest.Codes(a.Decision.Criteria) != want || a.Decision.Result != rule.Undetermined {
			t.Errorf("%d: %q, %s (%v)", year, ruletest.Codes(a.Decision.Criteria), a.Decision.Result, err)
		}
		for _, c := range a.Decision.Criteria {
			if c.Result != rule.Unknown || c.Article == "" || c.Citation == "" || c.Source.Unverified() {
				t.Errorf("%d: %s is %s by %s (%s)", year, c.Code, c.Result, c.Source, c.Confidence)
			}
		}
	}
}

func TestPrioritiesOrderAndDoNotExclude(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		2020: "", 2021: "wagesubsidy.priority_sector", 2022: "", 2025: "wagesubsidy.family_hope_recipient",
	} {
		a, err := subsidy(t, year).Decide(wagesubsidy.Worker{}, asOf())
		if err != nil || ruletest.Codes(a.Priority) != want {
			t.Errorf("%d: priorities %q, want %q (%v)", year, ruletest.Codes(a.Priority), want, err)
		}
	}
	worker := wagesubsidy.Worker{Facts: map[wagesubsidy.Fact]bool{wagesubsidy.FamilyHopeRecipient: true}}
	a, err := subsidy(t, 2025).Decide(worker, asOf())
	if err != nil || a.Priority[0].Result != rule.NotMet || a.Decision.Result != rule.Undetermined {
		t.Errorf("a PKH recipient of 2025: priority %s, decision %s (%v)", a.Priority[0].Result, a.Decision.Result, err)
	}
}

func TestTheWageCriterionSaysWhichRuleDecided(t *testing.T) {
	t.Parallel()
	s := subsidy(t, 2021)
	for name, c := range map[string]struct {
		minimum  *money.Rupiah
		required string
		note     bool
	}{
		"ceiling of the file": {nil, "<= 3500000", false},
		"low minimum wage":    {new(money.Rupiah(2_000_000)), "<= 3500000", false},
		"high minimum wage":   {new(money.Rupiah(4_798_312)), "<= 4800000", true},
	} {
		a, err := s.Decide(wagesubsidy.Worker{Wage: new(money.Rupiah(3_000_000)), MinimumWage: c.minimum}, asOf())
		if err != nil {
			t.Fatal(err)
		}
		got, _ := a.Decision.Get(wagesubsidy.CriterionWage)
		if got.Required != c.required || (got.Note != "") != c.note || got.Inputs["wage"] != "3000000" {
			t.Errorf("%s: required %s, note %q, inputs %v", name, got.Required, got.Note, got.Inputs)
		}
	}
	member, _ := mustDecide(t, s).Get("wagesubsidy.active_member")
	if member.MessageArgs["active_until"] != "2021-06-30" {
		t.Errorf("the day of the membership is not shown: %v", member.MessageArgs)
	}
}

func mustDecide(t *testing.T, s wagesubsidy.Subsidy) rule.Decision {
	t.Helper()
	a, err := s.Decide(wagesubsidy.Worker{}, asOf())
	if err != nil {
		t.Fatal(err)
	}
	return a.Decision
}

func drawWorker(t *rapid.T, s wagesubsidy.Subsidy) wagesubsidy.Worker {
	w := wagesubsidy.Worker{Facts: map[wagesubsidy.Fact]bool{}}
	for _, c := range s.Conditions {
		if n := rapid.IntRange(0, 4).Draw(t, string(c.Fact)); n > 0 {
			w.Facts[c.Fact] = (n > 1) == c.Holds
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "wage stated") > 0 {
		w.Wage = new(money.Rupiah(rapid.Int64Range(0, 8_000_000).Draw(t, "wage")))
	}
	if rapid.Bool().Draw(t, "minimum stated") {
		w.MinimumWage = new(money.Rupiah(rapid.Int64Range(0, 6_000_000).Draw(t, "minimum")))
	}
	return w
}

func TestAHigherWageNeverHelps(t *testing.T) {
	t.Parallel()
	list := law(t).List()
	rapid.Check(t, func(t *rapid.T) {
		s := list[rapid.IntRange(0, len(list)-1).Draw(t, "year")]
		w := drawWorker(t, s)
		if w.Wage == nil {
			w.Wage = new(money.Rupiah(0))
		}
		before, errA := s.Decide(w, asOf())
		w.Wage = new(*w.Wage + money.Rupiah(rapid.Int64Range(0, 3_000_000).Draw(t, "raise")))
		after, errB := s.Decide(w, asOf())
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if after.Amount > before.Amount {
			t.Errorf("%d: %s before the raise, %s after", s.Year.Value, before.Amount, after.Amount)
		}
	})
}

func TestAHigherMinimumWageNeverHarms(t *testing.T) {
	t.Parallel()
	list := law(t).List()
	rapid.Check(t, func(t *rapid.T) {
		s := list[rapid.IntRange(0, len(list)-1).Draw(t, "year")]
		w := drawWorker(t, s)
		w.MinimumWage = new(money.Rupiah(rapid.Int64Range(0, 6_000_000).Draw(t, "low")))
		before, errA := s.Decide(w, asOf())
		w.MinimumWage = new(*w.MinimumWage + money.Rupiah(rapid.Int64Range(0, 3_000_000).Draw(t, "more")))
		after, errB := s.Decide(w, asOf())
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if after.Amount < before.Amount {
			t.Errorf("%d: %s before, %s with a higher minimum wage", s.Year.Value, before.Amount, after.Amount)
		}
	})
}

func TestTheAmountFollowsTheDecision(t *testing.T) {
	t.Parallel()
	list := law(t).List()
	rapid.Check(t, func(t *rapid.T) {
		s := list[rapid.IntRange(0, len(list)-1).Draw(t, "year")]
		a, err := s.Decide(drawWorker(t, s), asOf())
		if err != nil {
			t.Fatal(err)
		}
		if paid := a.Amount == s.Amount.Total.Value; paid != (a.Decision.Result == rule.Eligible) || !paid && a.Amount != 0 {
			t.Errorf("%d: %s and %s", s.Year.Value, a.Decision.Result, a.Amount)
		}
	})
}

// A rounded ceiling is a whole step, not below the minimum wage and less than a step above it.
func TestTheCeilingIsTheNextStep(t *testing.T) {
	t.Parallel()
	s := subsidy(t, 2025)
	rapid.Check(t, func(t *rapid.T) {
		minimum := money.Rupiah(rapid.Int64Range(int64(s.Ceiling.Value), 1<<50).Draw(t, "minimum"))
		got, err := s.CeilingFor(&minimum)
		if err != nil {
			t.Fatal(err)
		}
		step := s.MinimumWageStep.Value
		if got%step != 0 || got < minimum || got-minimum >= step {
			t.Errorf("%s for a minimum wage of %s", got, minimum)
		}
	})
}
