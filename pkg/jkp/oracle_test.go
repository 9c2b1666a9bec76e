package jkp_test

import (
	"fmt"
	"math/big"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"pgregory.net/rapid"
)

// The oracles below say the law a second time, slowly and with the figures written out, and are compared with the rules
// over random facts. They are the only place where figures stand in Go.

// slowRate is Permenaker 2/2025 Art. II(3) as it is derived from the text: before 7 February 2025 45 % for the first
// three months and 25 % after, from that day on 60 %. In percent.
func slowRate(n int, given string) int64 {
	switch {
	case given >= "2025-02-07":
		return 60
	case n <= 3:
		return 45
	}
	return 25
}

func TestPaymentAgainstTheOracle(t *testing.T) {
	t.Parallel()
	p := load(t)
	rapid.Check(t, func(t *rapid.T) {
		n, given, wage := rapid.IntRange(1, 6).Draw(t, "month"), anyDay(t, "given"), anyWage(t, "wage")
		pay, err := p.MonthlyPayment(n, wage, given)
		if err != nil {
			t.Fatal(err)
		}
		base := int64(wage)
		if base > 5000000 {
			base = 5000000
		}
		exact := big.NewRat(base*slowRate(n, given.String()), 100)
		if got := big.NewRat(pay.Exact.Num(), pay.Exact.Den()); got.Cmp(exact) != 0 {
			t.Fatalf("exact %s, want %s", got, exact)
		}
		if want := (base*slowRate(n, given.String()) + 50) / 100; int64(pay.Amount) != want {
			t.Fatalf("amount %d, want %d", pay.Amount, want)
		}
	})
}

// slowPaid walks over the window month by month.
func slowPaid(list []jkp.Period, phk jkp.Month) (months, longest int) {
	run := 0
	for m := phk - 24; m < phk; m++ {
		paid := false
		for _, period := range list {
			paid = paid || period.From <= m && m <= period.To
		}
		if !paid {
			run = 0
			continue
		}
		months++
		run++
		longest = max(longest, run)
	}
	return months, longest
}

func TestContributionsAgainstTheOracle(t *testing.T) {
	t.Parallel()
	p := load(t)
	bases := []jkp.Application{sound(t), soundOld(t)}
	rapid.Check(t, func(t *rapid.T) {
		app := rapid.SampledFrom(bases).Draw(t, "version")
		app.Contributions = anyPeriods(t, jkp.MonthOf(app.TerminatedOn))
		months, longest := slowPaid(app.Contributions, jkp.MonthOf(app.TerminatedOn))
		d := p.Assess(app, app.DeclaredEligibleOn)
		c, _ := d.Get("jkp.contribution_months")
		if c.Inputs["paid_months"] != strconv.Itoa(months) || c.Result != rule.When(months >= 12) {
			t.Fatalf("%s paid months, %s; want %d", c.Inputs["paid_months"], c.Result, months)
		}
		if c, ok := d.Get("jkp.contribution_consecutive"); ok {
			if c.Inputs["longest_run"] != strconv.Itoa(longest) || c.Result != rule.When(longest >= 6) {
				t.Fatalf("run of %s, %s; want %d", c.Inputs["longest_run"], c.Result, longest)
			}
		}
	})
}

// slowMonthsLater counts months with time.Date, stepping back from the days that a month does not have.
func slowMonthsLater(d calendar.Date, n int) string {
	for back := 0; ; back++ {
		later := time.Date(d.Year(), d.Time().Month()+time.Month(n), d.Time().Day()-back, 0, 0, 0, 0, time.UTC)
		if want := (int(d.Time().Month()) - 1 + n) % 12; int(later.Month())-1 == want {
			return later.Format(time.DateOnly)
		}
	}
}

func TestDeadlineAgainstTheOracle(t *testing.T) {
	t.Parallel()
	p := load(t)
	rapid.Check(t, func(t *rapid.T) {
		start := anyDay(t, "start")
		declared := start.AddDays(rapid.IntRange(0, 200).Draw(t, "declared"))
		months := 3
		if declared.String() >= "2025-02-07" && slowMonthsLater(start, 3) >= "2025-02-07" {
			months = 6
		}
		d, err := p.ClaimDeadline(start, declared)
		if err != nil || d.Months != months || d.Last.String() != slowMonthsLater(start, months) {
			t.Fatalf("%d months to %s, %v; want %d to %s", d.Months, d.Last, err, months, slowMonthsLater(start, months))
		}
	})
}

func TestWindowAgainstTheOracle(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		reference, n := anyDay(t, "reference"), rapid.IntRange(2, 6).Draw(t, "month")
		w, err := p.Window(reference, n, cal)
		if err != nil || w.Reference.String() != slowMonthsLater(reference, n-1) {
			t.Fatalf("reference day %s, %v", w.Reference, err)
		}
		if n < 6 {
			if w.Opens != w.Reference || w.Opens.DaysUntil(w.Closes) != 5 {
				t.Fatalf("%s to %s", w.Opens, w.Closes)
			}
			return
		}
		if w.Closes.String() != slowMonthsLater(reference, 6) || !cal.IsWorkingDay(w.Opens) {
			t.Fatalf("%s to %s", w.Opens, w.Closes)
		}
		working := 0
		for d := w.Opens; d.Before(w.Closes); d = d.AddDays(1) {
			if cal.IsWorkingDay(d) {
				working++
			}
		}
		if working != 5 {
			t.Fatalf("%d working days from %s to before %s", working, w.Opens, w.Closes)
		}
	})
}

func TestContributionAgainstTheOracle(t *testing.T) {
	t.Parallel()
	p := load(t)
	rapid.Check(t, func(t *rapid.T) {
		day, wage := anyDay(t, "month"), anyWage(t, "wage")
		month := jkp.MonthOf(day)
		if month.String() < "2021-03" {
			return // February 2021 begins before the law
		}
		rate := int64(46)
		if month.String() > "2025-02" {
			rate = 36
		}
		base := int64(wage)
		if base > 5000000 {
			base = 5000000
		}
		c, err := p.Contribution(month, wage)
		if err != nil || c.Amount != money.Rupiah((base*rate+5000)/10000) {
			t.Fatalf("%d in %s, %v", c.Amount, month, err)
		}
	})
}

// slowSearch is the reading of Permenaker 2/2025 Art. 13(3) for known facts.
func slowSearch(applications, calls int, training bool, attendance int64) bool {
	return applications >= 5 || calls >= 1 || training && attendance >= 80
}

func TestJobSearchAgainstTheOracle(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		applications, calls := rapid.IntRange(0, 8).Draw(t, "applications"), rapid.IntRange(0, 2).Draw(t, "calls")
		training, percentage := rapid.Bool().Draw(t, "training"), rapid.Int64Range(0, 100).Draw(t, "attendance")
		attendance, err := rule.NewRatio(percentage, 100)
		if err != nil {
			t.Fatal(err)
		}
		m := third()
		m.Applications, m.Calls, m.InTraining, m.Attendance = &applications, &calls, jkp.AnswerOf(training), &attendance
		got, _ := p.ProofMet(m, cal).Get("jkp.job_search")
		if want := rule.When(slowSearch(applications, calls, training, percentage)); got.Result != want {
			t.Fatalf("%s, want %s", got.Result, want)
		}
		// A fact that gets lost may make it unknown, never the contrary of what it was.
		m.Applications = nil
		if lost, _ := p.ProofMet(m, cal).Get("jkp.job_search"); lost.Result != rule.Unknown && lost.Result != got.Result {
			t.Fatalf("%s became %s by a lost fact", got.Result, lost.Result)
		}
	})
}

// A lost fact never turns a criterion from not met to met or back: it leaves it alone or makes it unknown.
func TestLostFactsNeverDecide(t *testing.T) {
	t.Parallel()
	p := load(t)
	base := sound(t)
	losses := map[string]func(*jkp.Application){
		"citizenship":   func(a *jkp.Application) { a.Citizenship = "" },
		"birth":         func(a *jkp.Application) { a.BirthDate = calendar.Date{} },
		"registration":  func(a *jkp.Application) { a.RegisteredOn = calendar.Date{} },
		"contract":      func(a *jkp.Application) { a.Contract = "" },
		"contract end":  func(a *jkp.Application) { a.ContractEnds = calendar.Date{} },
		"firm size":     func(a *jkp.Application) { a.FirmSize = "" },
		"programmes":    func(a *jkp.Application) { a.Programmes = nil },
		"reason":        func(a *jkp.Application) { a.Reason = "" },
		"evidence":      func(a *jkp.Application) { a.Evidence = nil },
		"dispute":       func(a *jkp.Application) { a.Dispute = "" },
		"contributions": func(a *jkp.Application) { a.Contributions = nil },
		"arrears":       func(a *jkp.Application) { a.ArrearsMonths = nil },
		"claims":        func(a *jkp.Application) { a.ClaimsBefore = nil },
		"gap":           func(a *jkp.Application) { a.MonthsSinceBenefit = nil },
		"willing":       func(a *jkp.Application) { a.Willing = "" },
		"job":           func(a *jkp.Application) { a.OtherJob = "" },
		"deactivated":   func(a *jkp.Application) { a.EmployerDeactivated = "" },
		"account":       func(a *jkp.Application) { a.BankAccount = "" },
		"reported":      func(a *jkp.Application) { a.Reported = "" },
	}
	rapid.Check(t, func(t *rapid.T) {
		app := anyApplication(t, base)
		before := p.Assess(app, day("2025-03-21"))
		for name, lose := range losses {
			poorer := app
			lose(&poorer)
			after := p.Assess(poorer, day("2025-03-21"))
			for i, c := range after.Criteria {
				if was := before.Criteria[i].Result; c.Result != rule.Unknown && c.Result != was {
					t.Fatalf("without %s, %s went from %s to %s", name, c.Code, was, c.Result)
				}
			}
			if before.Result == rule.Ineligible && after.Result == rule.Eligible {
				t.Fatalf("ineligible became eligible without %s", name)
			}
		}
	})
}

// One programme serves many goroutines.
func TestProgrammeIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	p, cal, app := load(t), ruletest.Workdays(t), sound(t)
	want := fmt.Sprint(p.Assess(app, day("2025-03-21")))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := fmt.Sprint(p.Assess(app, day("2025-03-21"))); got != want {
					t.Error("another decision from another goroutine")
				}
				if _, err := p.Entitlement(jkp.Claim{Wage: 4000000, Reference: day("2025-01-10")}, cal); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
