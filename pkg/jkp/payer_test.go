package jkp_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

// PP 37/2021 Art. 24, 37, 39 and 39A, each on both sides of its limit: who pays, and never whether there is a right.
func TestWhoPaysTheCash(t *testing.T) {
	t.Parallel()
	const old, now = "pp-37-2021", "pp-6-2025"
	p := load(t)
	for _, c := range []struct {
		name, version string
		months        int // -1: not known
		row           jkp.Answer
		insolvent     jkp.Answer
		payer         jkp.Payer
		article       string
		missing       string
	}{
		{"no arrears", now, 0, "", jkp.No, jkp.BPJS, "Art. 24", ""},
		{"no arrears, nothing known of the firm", now, 0, "", "", jkp.BPJS, "Art. 24", ""},
		{"two months", now, 2, "", jkp.No, jkp.BPJS, "Art. 39(1)-(2)", ""},
		{"three months", now, 3, "", jkp.No, jkp.BPJS, "Art. 39(1)-(2)", ""},
		{"three months, nothing known of the firm", now, 3, "", "", jkp.BPJS, "Art. 39(1)-(2)", ""},
		{"four months", now, 4, "", jkp.No, jkp.EmployerFirst, "Art. 39(3)", ""},
		{"five months", now, 5, jkp.Yes, jkp.No, jkp.EmployerFirst, "Art. 39(3)", ""},
		{"four months, not known whether bankrupt", now, 4, "", "", "", "Art. 39A(1)", "insolvent"},
		{"bankrupt, four months", now, 4, "", jkp.Yes, jkp.BPJS, "Art. 39A(1)", ""},
		{"bankrupt, six months", now, 6, "", jkp.Yes, jkp.BPJS, "Art. 39A(1)", ""},
		{"bankrupt, seven months", now, 7, "", jkp.Yes, jkp.EmployerFirst, "Art. 39(3), 39A", ""},
		{"five scattered months", now, 5, jkp.No, jkp.No, jkp.BPJS, "Art. 39", ""},
		{"three scattered months", now, 3, jkp.No, jkp.No, jkp.BPJS, "Art. 39(1)-(2)", ""},
		{"not known", now, -1, "", jkp.No, "", "Art. 39(1)-(2)", "arrears_months"},
		{"before 39A: bankrupt, three months", old, 3, "", jkp.Yes, jkp.BPJS, "Art. 39(1)-(2)", ""},
		{"before 39A: bankrupt, four months", old, 4, "", jkp.Yes, jkp.EmployerFirst, "Art. 39(3)", ""},
		{"before 39A: nothing known of the firm", old, 4, "", "", jkp.EmployerFirst, "Art. 39(3)", ""},
	} {
		app := map[string]jkp.Application{old: soundOld(t), now: sound(t)}[c.version]
		app.ArrearsMonths, app.ArrearsInARow, app.Insolvent = count(c.months), c.row, c.insolvent
		if c.months < 0 {
			app.ArrearsMonths = nil
		}
		who, err := p.PayerUnder(c.version, app)
		if err != nil || who.Payer != c.payer || who.Article != c.article || who.Missing != c.missing {
			t.Errorf("%s: paid by %q under %s, missing %q; want %q under %s: %v", c.name, who.Payer, who.Article, who.Missing,
				c.payer, c.article, err)
		}
		want := rule.Eligible
		if c.payer == "" {
			want = rule.Undetermined
		}
		if d := p.Assess(app, app.DeclaredEligibleOn); d.Result != want {
			t.Errorf("%s: %s, not met %q", c.name, d.Result, codes(d.Select(rule.NotMet)))
		}
		open := c.article == "Art. 39(3), 39A" || c.article == "Art. 39"
		if who.Source.Unverified() != open {
			t.Errorf("%s: confidence %s", c.name, who.Confidence)
		}
	}
	if _, err := p.PayerUnder("pp-1-1900", jkp.Application{}); fault.CodeOf(err) != "rule.version_unknown" {
		t.Errorf("a version that is none: %v", err)
	}
}

// Art. 37: who was never registered has the cash from the employer, all at once; a micro firm owes nothing. What only a
// registered worker can show is not asked; what any worker must fulfil still is.
func TestAWorkerWhoWasNeverRegistered(t *testing.T) {
	t.Parallel()
	p := load(t)
	bare := jkp.Application{
		Registered: jkp.No, Citizenship: jkp.WNI, BirthDate: day("1990-05-17"), Contract: jkp.Permanent, FirmSize: jkp.Medium,
		TerminatedOn: day("2026-06-15"), Reason: "EFFICIENCY_LOSS", Dispute: jkp.DisputeNone,
	}
	d := p.Assess(bare, day("2026-07-01"))
	if d.Result != rule.Eligible || !d.Unverified() {
		t.Errorf("%s, not met %q, unknown %q", d.Result, codes(d.Select(rule.NotMet)), codes(d.Select(rule.Unknown)))
	}
	if c, _ := d.Get("jkp.contribution_months"); c.Source.String() != "PP 37/2021 Art. 37(1)" || !c.Source.Unverified() {
		t.Errorf("twelve in twenty-four rests on %s (%s)", c.Source, c.Confidence)
	}
	if c, _ := d.Get("jkp.payer"); c.Inputs["payer"] != "employer" || c.Source.String() != "PP 37/2021 Art. 37(1)" ||
		c.Source.Unverified() {
		t.Errorf("paid by %s under %s", c.Inputs["payer"], c.Source)
	}
	for name, c := range map[string]struct {
		change func(*jkp.Application)
		want   rule.Outcome
		code   string
	}{
		"a micro firm": {func(a *jkp.Application) { a.FirmSize = jkp.Micro }, rule.Ineligible,
			"jkp.payer"},
		"a small firm":           {func(a *jkp.Application) { a.FirmSize = jkp.Small }, rule.Eligible, ""},
		"a firm of unknown size": {func(a *jkp.Application) { a.FirmSize = "" }, rule.Undetermined, ""},
		"resigned": {func(a *jkp.Application) { a.Reason = "RESIGN" }, rule.Ineligible,
			"jkp.termination_reason"},
		"a foreigner": {func(a *jkp.Application) { a.Citizenship = jkp.WNA }, rule.Ineligible,
			"jkp.citizenship"},
		"disputed": {func(a *jkp.Application) { a.Dispute = jkp.DisputePending }, rule.Ineligible,
			"jkp.dispute_final"},
		"54 at the PHK, younger when hired": {func(a *jkp.Application) { a.BirthDate = day("1972-06-15") },
			rule.Undetermined, ""},
		"54 a day after the PHK": {func(a *jkp.Application) { a.BirthDate = day("1972-06-16") },
			rule.Eligible, ""},
		"54 when it was due": {func(a *jkp.Application) {
			a.BirthDate, a.RegisteredOn = day("1970-01-01"), day("2024-01-01")
		}, rule.Ineligible, "jkp.age_at_registration"},
		"nothing said of it": {func(a *jkp.Application) { a.Registered = "" }, rule.Undetermined, ""},
	} {
		app := bare
		c.change(&app)
		if got := p.Assess(app, day("2026-07-01")); got.Result != c.want || codes(got.Select(rule.NotMet)) != c.code {
			t.Errorf("%s: %s, not met %q, unknown %q", name, got.Result, codes(got.Select(rule.NotMet)),
				codes(got.Select(rule.Unknown)))
		}
	}
	debt, err := p.OwedUnregistered("pp-6-2025", 3_000_000)
	if err != nil || debt.Amount != 10_800_000 || debt.Other != 10_800_000 ||
		debt.Source.String() != "PP 37/2021 Art. 37(1)" || debt.Unverified() {
		t.Errorf("%+v, %v", debt, err)
	}
}

// Above the cap both amounts are given and marked; at the cap there is one.
func TestWhatAnEmployerOwesAtOnce(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for _, c := range []struct {
		version string
		wage    money.Rupiah
		amount  money.Rupiah
		other   money.Rupiah
	}{
		{"pp-6-2025", 3_000_000, 10_800_000, 10_800_000},
		{"pp-6-2025", 5_000_000, 18_000_000, 18_000_000},
		{"pp-6-2025", 8_000_000, 18_000_000, 28_800_000},
		{"pp-37-2021", 8_000_000, 10_500_000, 16_800_000},
		{"pp-37-2021", 5_000_000, 10_500_000, 10_500_000},
	} {
		d, err := p.OwedUnregistered(c.version, c.wage)
		if err != nil || d.Amount != c.amount || d.Other != c.other || d.Unverified() != (c.amount != c.other) ||
			d.Version != c.version {
			t.Errorf("%s, %d: %d or %d, %v", c.version, c.wage, d.Amount, d.Other, err)
		}
	}
	for _, c := range []struct {
		reported, wage, amount, other money.Rupiah
	}{
		{3_000_000, 5_000_000, 7_200_000, 7_200_000}, {3_000_000, 3_000_000, 0, 0}, {3_000_000, 2_000_000, 0, 0},
		{3_000_000, 8_000_000, 7_200_000, 18_000_000}, {6_000_000, 8_000_000, 0, 10_800_000},
	} {
		s, err := p.Entitlement(jkp.Claim{Wage: c.reported, Reference: day("2026-07-01")}, cal)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Shortfall("pp-6-2025", s, c.wage)
		if err != nil || d.Amount != c.amount || d.Other != c.other || d.Source.String() != "PP 37/2021 Art. 23" {
			t.Errorf("%d instead of %d: %d or %d of %s, %v", c.reported, c.wage, d.Amount, d.Other, d.Source, err)
		}
	}
	uncapped := switched(t, "pp-6-2025.yaml", "at_once_cap", "capped", "uncapped")
	if d, err := uncapped.OwedUnregistered("pp-6-2025", 8_000_000); err != nil || d.Amount != 28_800_000 ||
		d.Other != 18_000_000 {
		t.Errorf("the other reading: %d or %d, %v", d.Amount, d.Other, err)
	}
	for name, ask := range map[string]func() error{
		"jkp.wage_missing":     func() error { _, err := p.OwedUnregistered("pp-6-2025", 0); return err },
		"rule.version_unknown": func() error { _, err := p.OwedUnregistered("pp-1-1900", 1); return err },
	} {
		if err := ask(); fault.CodeOf(err) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Shortfall("pp-1-1900", jkp.Schedule{}, 1); fault.CodeOf(err) != "rule.version_unknown" {
		t.Errorf("shortfall under no version: %v", err)
	}
}

// What BPJS pays and what the employer adds is what the real wage gives, over the change of the rates as well; a higher
// wage never owes less; a stop or a missed month changes nothing of what is due at once.
func TestTheShortfallMakesTheBenefitWhole(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	rapid.Check(t, func(t *rapid.T) {
		claim := anyClaim(t)
		reported := claim.Wage
		realWage := reported + anyWage(t, "unreported")
		paid, err := p.Entitlement(claim, cal)
		if err != nil {
			t.Fatal(err)
		}
		claim.Missed, claim.StopOn, claim.StopWith = nil, calendar.Date{}, ""
		low, err := p.Entitlement(claim, cal)
		if err != nil {
			t.Fatal(err)
		}
		claim.Wage = realWage
		high, err := p.Entitlement(claim, cal)
		if err != nil {
			t.Fatal(err)
		}
		debt, err := p.Shortfall("pp-6-2025", paid, realWage)
		if err != nil || low.Total+debt.Amount != high.Total || debt.Other < debt.Amount {
			t.Fatalf("%d and %d, together %d, other %d: %v", low.Total, debt.Amount, high.Total, debt.Other, err)
		}
		more, err := p.Shortfall("pp-6-2025", paid, realWage+anyWage(t, "more"))
		if err != nil || more.Amount < debt.Amount || more.Other < debt.Other {
			t.Fatalf("%d, then %d: %v", debt.Amount, more.Amount, err)
		}
	})
}

// What is owed at once is the cash of six months, summed up month by month: by the rates of the version, to the cap or
// without it, never less for a higher wage, and never more than the whole benefit where the cap holds.
func TestWhatIsOwedAtOnceAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	p := load(t)
	percents := map[string][]int64{"pp-6-2025": {60, 60, 60, 60, 60, 60}, "pp-37-2021": {45, 45, 45, 25, 25, 25}}
	whole := map[string]money.Rupiah{"pp-6-2025": 18_000_000, "pp-37-2021": 10_500_000}
	rapid.Check(t, func(t *rapid.T) {
		wage := rapid.Int64Range(1, 60_000_000).Draw(t, "wage")
		for version, rates := range percents {
			var capped, uncapped money.Rupiah
			for _, percent := range rates {
				capped += money.Rupiah((min(wage, 5_000_000)*percent + 50) / 100)
				uncapped += money.Rupiah((wage*percent + 50) / 100)
			}
			d, err := p.OwedUnregistered(version, money.Rupiah(wage))
			if err != nil || d.Amount != capped || d.Other != uncapped || d.Amount > whole[version] {
				t.Errorf("%s, %d: %d or %d, want %d or %d, %v", version, wage, d.Amount, d.Other, capped, uncapped, err)
			}
			more, err := p.OwedUnregistered(version, money.Rupiah(wage+rapid.Int64Range(0, 1000).Draw(t, "more")))
			if err != nil || more.Amount < d.Amount || more.Other < d.Other {
				t.Errorf("%s, %d: %d, for more %d, %v", version, wage, d.Amount, more.Amount, err)
			}
		}
	})
}

// More arrears never move a claim from the employer back to BPJS, and never end the right.
func TestArrearsNeverEndTheRight(t *testing.T) {
	t.Parallel()
	p := load(t)
	bases := map[string]jkp.Application{"pp-6-2025": sound(t), "pp-37-2021": soundOld(t)}
	rapid.Check(t, func(t *rapid.T) {
		version := rapid.SampledFrom([]string{"pp-6-2025", "pp-37-2021"}).Draw(t, "version")
		app := bases[version]
		app.Insolvent = rapid.SampledFrom([]jkp.Answer{jkp.Yes, jkp.No}).Draw(t, "insolvent")
		months := rapid.IntRange(0, 40).Draw(t, "months")
		app.ArrearsMonths = count(months)
		less, err := p.PayerUnder(version, app)
		if err != nil {
			t.Fatal(err)
		}
		app.ArrearsMonths = count(months + rapid.IntRange(0, 5).Draw(t, "more"))
		more, err := p.PayerUnder(version, app)
		if err != nil || less.Payer == jkp.EmployerFirst && more.Payer != jkp.EmployerFirst {
			t.Fatalf("%s, then %s: %v", less.Payer, more.Payer, err)
		}
		if d := p.Assess(app, app.DeclaredEligibleOn); d.Result != rule.Eligible {
			t.Fatalf("%d months: %s", *app.ArrearsMonths, d.Result)
		}
	})
}
