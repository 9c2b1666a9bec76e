package jkp_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"pgregory.net/rapid"
)

// anyDay draws a day from February 2021 to 2030, every fourth close to the cutover.
func anyDay(t *rapid.T, label string) calendar.Date {
	if rapid.IntRange(0, 3).Draw(t, label+" near") == 0 {
		return day("2025-02-07").AddDays(rapid.IntRange(-40, 40).Draw(t, label))
	}
	return day("2021-02-02").AddDays(rapid.IntRange(0, 3600).Draw(t, label))
}

func anyWage(t *rapid.T, label string) money.Rupiah {
	return money.Rupiah(rapid.Int64Range(1, 12000000).Draw(t, label))
}

func anyClaim(t *rapid.T) jkp.Claim {
	c := jkp.Claim{Wage: anyWage(t, "wage"), Reference: anyDay(t, "reference")}
	c.Missed = rapid.SliceOfN(rapid.IntRange(1, 6), 0, 3).Draw(t, "missed")
	if rapid.Bool().Draw(t, "stops") {
		c.StopOn, c.StopWith = c.Reference.AddDays(rapid.IntRange(-10, 200).Draw(t, "stop")), jkp.StopJob
	}
	return c
}

func TestNeverAboveTheCap(t *testing.T) {
	t.Parallel()
	p := load(t)
	rapid.Check(t, func(t *rapid.T) {
		n, given := rapid.IntRange(1, 6).Draw(t, "month"), anyDay(t, "given")
		wage := money.Rupiah(rapid.Int64Range(1, 1<<62).Draw(t, "wage"))
		pay, err := p.MonthlyPayment(n, wage, given)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.RulesAt(given)
		if err != nil {
			t.Fatal(err)
		}
		limit, err := r.Cash.Rates.Value[n-1].Of(r.Cash.WageCap.Value, "down")
		if err != nil || pay.Amount > limit || pay.Base > r.Cash.WageCap.Value || pay.Base > wage || pay.Amount < 0 {
			t.Fatalf("%d of base %d is above %d, %v", pay.Amount, pay.Base, limit, err)
		}
	})
}

func TestTotalNeverAboveTheMaximum(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		c := anyClaim(t)
		s, err := p.Entitlement(c, cal)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.RulesAt(s.Months[5].Payment.Given)
		if err != nil || s.Total > r.Cash.MaxTotal.Value {
			t.Fatalf("%d is above %d, %v", s.Total, r.Cash.MaxTotal.Value, err)
		}
	})
}

func TestMoreWageNeverGivesLess(t *testing.T) {
	t.Parallel()
	p := load(t)
	rapid.Check(t, func(t *rapid.T) {
		n, given, wage := rapid.IntRange(1, 6).Draw(t, "month"), anyDay(t, "given"), anyWage(t, "wage")
		less, err := p.MonthlyPayment(n, wage, given)
		if err != nil {
			t.Fatal(err)
		}
		more, err := p.MonthlyPayment(n, wage+anyWage(t, "rise"), given)
		if err != nil || more.Amount < less.Amount {
			t.Fatalf("%d, then %d, %v", less.Amount, more.Amount, err)
		}
	})
}

func TestLaterIsNeverLessAroundTheCutover(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"date_given", "pro_rata"} {
		p := loadEdited(t, "transition.yaml", "value: date_given", "value: "+reading)
		rapid.Check(t, func(t *rapid.T) {
			n, given, wage := rapid.IntRange(1, 6).Draw(t, "month"), anyDay(t, "given"), anyWage(t, "wage")
			now, err := p.MonthlyPayment(n, wage, given)
			if err != nil {
				t.Fatal(err)
			}
			later, err := p.MonthlyPayment(n, wage, given.AddDays(rapid.IntRange(1, 60).Draw(t, "days")))
			if err != nil || later.Amount < now.Amount {
				t.Fatalf("%s: %d, then %d, %v", reading, now.Amount, later.Amount, err)
			}
		})
	}
}

func TestSumOfTheMonthsIsTheTotal(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		c := anyClaim(t)
		s, err := p.Entitlement(c, cal)
		if err != nil {
			t.Fatal(err)
		}
		var sum money.Rupiah
		stopped := false
		for i, m := range s.Months {
			if m.State == jkp.MonthPayable {
				sum += m.Payment.Amount
			}
			if stopped && m.State != jkp.MonthStopped {
				t.Fatalf("month %d is %s after the benefit has stopped", i+1, m.State)
			}
			stopped = stopped || m.State == jkp.MonthStopped
			if m.State == jkp.MonthPayable && slices.Contains(c.Missed, i+1) {
				t.Fatalf("missed month %d is payable", i+1)
			}
		}
		if sum != s.Total || len(s.Months) != 6 {
			t.Fatalf("%d months, sum %d, total %d", len(s.Months), sum, s.Total)
		}
	})
}

// The amount differs from the exact fraction by less than one rupiah under every rounding.
func TestRoundingStaysWithinOneRupiah(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"down", "half_up", "up"} {
		p := switched(t, "pp-37-2021.yaml", "rounding", "half_up", how)
		rapid.Check(t, func(t *rapid.T) {
			pay, err := p.MonthlyPayment(rapid.IntRange(1, 6).Draw(t, "month"), anyWage(t, "wage"), day("2023-05-10"))
			if err != nil {
				t.Fatal(err)
			}
			scaled := int64(pay.Amount) * pay.Exact.Den()
			if diff := scaled - pay.Exact.Num(); diff >= pay.Exact.Den() || diff <= -pay.Exact.Den() {
				t.Fatalf("%s: %d from %s", how, pay.Amount, pay.Exact)
			}
		})
	}
}

// anyApplication spoils a sound application at random, so that all three results occur.
func anyApplication(t *rapid.T, base jkp.Application) jkp.Application {
	app := base
	for _, spoil := range spoilers() {
		if rapid.IntRange(0, 4).Draw(t, "spoil") == 0 {
			spoil(t, &app)
		}
	}
	return app
}

func answer(t *rapid.T) jkp.Answer {
	return rapid.SampledFrom([]jkp.Answer{jkp.Yes, jkp.No, ""}).Draw(t, "answer")
}

func spoilers() []func(*rapid.T, *jkp.Application) {
	return []func(*rapid.T, *jkp.Application){
		func(t *rapid.T, a *jkp.Application) {
			a.Citizenship = rapid.SampledFrom([]jkp.Citizenship{jkp.WNA, ""}).Draw(t, "citizenship")
		},
		func(t *rapid.T, a *jkp.Application) {
			a.BirthDate = day("1960-01-01").AddDays(rapid.IntRange(0, 9000).Draw(t, "birth"))
		},
		func(_ *rapid.T, a *jkp.Application) { a.ContractEnds = calendar.Date{} },
		func(_ *rapid.T, a *jkp.Application) { a.Programmes = nil },
		func(_ *rapid.T, a *jkp.Application) { a.Evidence = nil },
		func(t *rapid.T, a *jkp.Application) {
			a.Reason = rapid.SampledFrom([]jkp.Reason{"RESIGN", "BANKRUPT", "LONG_ILLNESS_DISABILITY", ""}).Draw(t, "reason")
		},
		func(t *rapid.T, a *jkp.Application) {
			a.Dispute = rapid.SampledFrom([]jkp.Dispute{jkp.DisputePending, jkp.DisputeFinal, ""}).Draw(t, "dispute")
		},
		func(t *rapid.T, a *jkp.Application) { a.Contributions = anyPeriods(t, jkp.MonthOf(a.TerminatedOn)) },
		func(t *rapid.T, a *jkp.Application) { a.ClaimsBefore = count(rapid.IntRange(0, 4).Draw(t, "claims")) },
		func(t *rapid.T, a *jkp.Application) { a.Willing = answer(t) },
		func(t *rapid.T, a *jkp.Application) { a.OtherJob = answer(t) },
		func(t *rapid.T, a *jkp.Application) { a.BankAccount = answer(t) },
		func(t *rapid.T, a *jkp.Application) {
			a.AppliedOn = a.TerminatedOn.AddDays(rapid.IntRange(-5, 300).Draw(t, "applied"))
		},
		func(t *rapid.T, a *jkp.Application) { a.DeclaredEligibleOn = anyDay(t, "declared") },
	}
}

func anyPeriods(t *rapid.T, phk jkp.Month) []jkp.Period {
	list := []jkp.Period{}
	for range rapid.IntRange(0, 4).Draw(t, "periods") {
		from := phk - jkp.Month(rapid.IntRange(-2, 40).Draw(t, "from"))
		list = append(list, jkp.Period{From: from, To: from + jkp.Month(rapid.IntRange(-1, 14).Draw(t, "length"))})
	}
	return list
}

// The outcome is the worst of the criteria: one more criterion, or one that turns to not met, never makes it better.
func TestAnotherCriterionNeverMakesEligible(t *testing.T) {
	t.Parallel()
	p := load(t)
	base := sound(t)
	rank := []rule.Outcome{rule.Ineligible, rule.Undetermined, rule.Eligible}
	rapid.Check(t, func(t *rapid.T) {
		d := p.Assess(anyApplication(t, base), day("2025-03-21"))
		head := rule.Version{Programme: d.Programme, ID: d.Version}
		more := append(slices.Clone(d.Criteria), rule.Criterion{
			Code: "x", Result: rapid.SampledFrom([]rule.Result{rule.Met, rule.NotMet, rule.Unknown}).Draw(t, "extra"),
		})
		if got := rule.Decide(head, d.AsOf, more).Result; slices.Index(rank, got) > slices.Index(rank, d.Result) {
			t.Fatalf("%s became %s by one more criterion", d.Result, got)
		}
		worse := slices.Clone(d.Criteria)
		worse[rapid.IntRange(0, len(worse)-1).Draw(t, "which")].Result = rule.NotMet
		if got := rule.Decide(head, d.AsOf, worse).Result; got != rule.Ineligible {
			t.Fatalf("a criterion not met leaves it %s", got)
		}
	})
}

// A fact that gets lost never turns ineligible into eligible, and every criterion is evaluated whatever the facts are.
func TestEveryCriterionIsAlwaysEvaluated(t *testing.T) {
	t.Parallel()
	p := load(t)
	base := sound(t)
	rapid.Check(t, func(t *rapid.T) {
		app := anyApplication(t, base)
		d := p.Assess(app, day("2025-03-21"))
		empty := p.Assess(jkp.Application{DeclaredEligibleOn: app.DeclaredEligibleOn}, day("2025-03-21"))
		if codes(d.Criteria) != codes(empty.Criteria) {
			t.Fatalf("criteria depend on the facts:\n%s\n%s", codes(d.Criteria), codes(empty.Criteria))
		}
		for _, c := range d.Criteria {
			if !c.Result.Valid() || c.Article == "" || !c.Confidence.Valid() {
				t.Fatalf("%s: %s under %q", c.Code, c.Result, c.Article)
			}
		}
	})
}

// A single mended fact never makes the decision worse than a spoilt one: mending all gives eligible.
func TestAssessDoesNotDependOnHistory(t *testing.T) {
	t.Parallel()
	p := load(t)
	base := sound(t)
	rapid.Check(t, func(t *rapid.T) {
		app := anyApplication(t, base)
		first := p.Assess(app, day("2025-03-21"))
		p.Assess(anyApplication(t, base), day("2025-03-21"))
		if second := p.Assess(app, day("2025-03-21")); !reflect.DeepEqual(first, second) {
			t.Fatal("the same facts gave two decisions")
		}
	})
}

// Cutting a period in two, repeating or reordering periods changes nothing.
func TestSplittingAPeriodChangesNothing(t *testing.T) {
	t.Parallel()
	p := load(t)
	bases := []jkp.Application{sound(t), soundOld(t)}
	rapid.Check(t, func(t *rapid.T) {
		app := rapid.SampledFrom(bases).Draw(t, "version")
		app.Contributions = anyPeriods(t, jkp.MonthOf(app.TerminatedOn))
		whole := p.Assess(app, app.DeclaredEligibleOn)
		cut := []jkp.Period{}
		for _, period := range app.Contributions {
			at := period.From
			if period.To > period.From {
				at += jkp.Month(rapid.IntRange(0, int(period.To-period.From)).Draw(t, "at"))
			}
			if period.From <= period.To {
				cut = append(cut, jkp.Period{From: at + 1, To: period.To}, jkp.Period{From: period.From, To: at}, period)
			}
		}
		slices.Reverse(cut)
		app.Contributions = cut
		if split := p.Assess(app, app.DeclaredEligibleOn); !reflect.DeepEqual(whole, split) {
			t.Fatalf("%s became %s", whole.Result, split.Result)
		}
	})
}

// One more paid month never loses a claim.
func TestMoreContributionsNeverHurt(t *testing.T) {
	t.Parallel()
	p := load(t)
	bases := []jkp.Application{sound(t), soundOld(t)}
	rapid.Check(t, func(t *rapid.T) {
		app := rapid.SampledFrom(bases).Draw(t, "version")
		app.Contributions = anyPeriods(t, jkp.MonthOf(app.TerminatedOn))
		before := p.Assess(app, app.DeclaredEligibleOn)
		app.Contributions = append(slices.Clone(app.Contributions), anyPeriods(t, jkp.MonthOf(app.TerminatedOn))...)
		if after := p.Assess(app, app.DeclaredEligibleOn); before.Result == rule.Eligible && after.Result != rule.Eligible {
			t.Fatalf("eligible became %s", after.Result)
		}
	})
}

// The new deadline is never earlier than the old one, under any reading of the boundary.
func TestDeadlineNeverMovesBack(t *testing.T) {
	t.Parallel()
	for _, reading := range []string{"not_lapsed", "declared_eligible", "phk_date"} {
		p := loadEdited(t, "transition.yaml", "value: not_lapsed", "value: "+reading)
		rapid.Check(t, func(t *rapid.T) {
			start := anyDay(t, "start")
			now, err := p.ClaimDeadline(start, start)
			if err != nil {
				t.Fatal(err)
			}
			later, err := p.ClaimDeadline(start, start.AddDays(rapid.IntRange(0, 400).Draw(t, "later")))
			if err != nil || later.Last.Before(now.Last) || now.Last.Before(start) {
				t.Fatalf("%s: %s, then %s, %v", reading, now.Last, later.Last, err)
			}
		})
	}
}

// The windows of a claim follow each other without overlap, and each is open on at least one day.
func TestWindowsFollowEachOther(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		reference := anyDay(t, "reference")
		var last jkp.Window
		for n := 1; n <= 6; n++ {
			w, err := p.Window(reference, n, cal)
			if err != nil || w.Closes.Before(w.Opens) || n > 1 && !last.Closes.Before(w.Opens) {
				t.Fatalf("month %d: %s to %s after %s, %v", n, w.Opens, w.Closes, last.Closes, err)
			}
			last = w
		}
	})
}
