package termination_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
)

func disputeWages(t testing.TB, day string) termination.DisputeWages {
	t.Helper()
	d, err := law(t).DisputeWages.At(date(day))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Art. 157A(3) until the decision is final, and the six months of SEMA 3/2015: both, never one alone.
func TestWagesWhileADisputeGoesOn(t *testing.T) {
	t.Parallel()
	d := disputeWages(t, "2026-12-15")
	for name, c := range map[string]struct {
		lastPaid, until string
		months          int
		text, capped    money.Rupiah
	}{
		"nine months":              {"2026-03-31", "2026-12-15", 9, 45_000_000, 30_000_000},
		"six months":               {"2026-03-01", "2026-09-30", 6, 30_000_000, 30_000_000},
		"seven":                    {"2026-03-31", "2026-10-01", 7, 35_000_000, 30_000_000},
		"over the turn of a year":  {"2025-11-30", "2026-02-01", 3, 15_000_000, 15_000_000},
		"paid in the month itself": {"2026-03-01", "2026-03-31", 0, 0, 0},
	} {
		text, capped, err := d.Owed(5_000_000, date(c.lastPaid), date(c.until))
		if err != nil || text.Months != c.months || text.Amount != c.text || capped.Amount != c.capped {
			t.Errorf("%s: %d months, %d or %d: %v", name, text.Months, text.Amount, capped.Amount, err)
		}
		if text.Source.Unverified() || !capped.Source.Unverified() || text.Source.String() == capped.Source.String() {
			t.Errorf("%s: text %s (%s), cap %s (%s)", name, text.Source, text.Confidence, capped.Source, capped.Confidence)
		}
	}
	if old := disputeWages(t, "2024-10-30"); !old.Until.Unverified() || old.ID == d.ID {
		t.Error("before MK 168 the text spoke of the level of the settlement: read as final, and not marked as open")
	}
	for name, c := range map[string]struct {
		wage            money.Rupiah
		lastPaid, until string
		code            string
	}{
		"no wage":           {0, "2026-03-01", "2026-12-01", "termination.wage_missing"},
		"a negative one":    {-1, "2026-03-01", "2026-12-01", "termination.wage_missing"},
		"no month":          {1, "", "2026-12-01", "termination.date_missing"},
		"no end":            {1, "2026-03-01", "", "termination.date_missing"},
		"before it is paid": {1, "2026-04-01", "2026-03-31", "termination.wage_period"},
	} {
		if _, _, err := d.Owed(c.wage, date(c.lastPaid), date(c.until)); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Longer is never less, two spans owe what the whole does, and the cap is never more than the text.
func TestWagesOfADisputeAddUp(t *testing.T) {
	t.Parallel()
	d := disputeWages(t, "2026-12-15")
	rapid.Check(t, func(t *rapid.T) {
		wage := money.Rupiah(rapid.Int64Range(1, 50_000_000).Draw(t, "wage"))
		from := day(t, "from")
		middle := from.AddMonths(rapid.IntRange(0, 30).Draw(t, "first"))
		until := middle.AddMonths(rapid.IntRange(0, 30).Draw(t, "second"))
		first, _, err1 := d.Owed(wage, from, middle)
		second, _, err2 := d.Owed(wage, middle, until)
		whole, capped, err3 := d.Owed(wage, from, until)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		if first.Amount+second.Amount != whole.Amount || whole.Amount < first.Amount {
			t.Errorf("%d and %d, together %d", first.Amount, second.Amount, whole.Amount)
		}
		if capped.Amount > whole.Amount || capped.Amount > 6*wage {
			t.Errorf("capped %d of %d", capped.Amount, whole.Amount)
		}
	})
}

// A second reckoning that walks from month to month: each one that begins after the last wage owes a whole wage, by the
// text all of them, by the courts the first six.
func TestWagesOfADisputeMonthByMonth(t *testing.T) {
	t.Parallel()
	d := disputeWages(t, "2026-12-15")
	rapid.Check(t, func(t *rapid.T) {
		wage := money.Rupiah(rapid.Int64Range(1, 50_000_000).Draw(t, "wage"))
		lastPaid := day(t, "last paid")
		until := lastPaid.AddDays(rapid.IntRange(0, 900).Draw(t, "days"))
		var text, capped money.Rupiah
		for on, months := lastPaid, 0; on.Before(until); {
			if on = on.AddDays(1); on.Day() == 1 {
				months++
				text += wage
				if months <= 6 {
					capped += wage
				}
			}
		}
		gotText, gotCapped, err := d.Owed(wage, lastPaid, until)
		if err != nil || gotText.Amount != text || gotCapped.Amount != capped {
			t.Errorf("%d from %s to %s: %d or %d, want %d or %d: %v", wage, lastPaid, until, gotText.Amount, gotCapped.Amount,
				text, capped, err)
		}
	})
}

// Whatever a worker has to claim: nothing of it is lost or moved to another rank, and wages come first.
func TestRankingKeepsEveryClaim(t *testing.T) {
	t.Parallel()
	r, err := law(t).Rankings.At(date("2026-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		claims := rapid.MapOf(rapid.SampledFrom([]termination.BankruptcyClaim{termination.ClaimWages,
			termination.ClaimOtherRights}), rapid.Custom(func(t *rapid.T) money.Rupiah {
			return money.Rupiah(rapid.Int64Range(0, 1<<40).Draw(t, "amount"))
		})).Draw(t, "claims")
		ranked := r.Of(claims)
		if len(ranked) != len(claims) {
			t.Fatalf("%d claims, %d ranked", len(claims), len(ranked))
		}
		for i, c := range ranked {
			if c.Amount != claims[c.Claim] || (c.Rank == 1) != (c.Claim == termination.ClaimWages) ||
				i > 0 && ranked[i-1].Rank >= c.Rank {
				t.Errorf("%v becomes %+v", claims, ranked)
			}
		}
	})
}

// Art. 95: wages before all creditors, the other rights behind those with security over property; one entry for each.
func TestTheRankOfWagesInABankruptcy(t *testing.T) {
	t.Parallel()
	r, err := law(t).Rankings.At(date("2026-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	got := r.Of(map[termination.BankruptcyClaim]money.Rupiah{termination.ClaimOtherRights: 40_000_000,
		termination.ClaimWages: 15_000_000})
	if len(got) != 2 || got[0].Claim != termination.ClaimWages || got[0].Rank != 1 || got[0].Amount != 15_000_000 ||
		got[1].Claim != termination.ClaimOtherRights || got[1].Rank != 2 || got[1].Amount != 40_000_000 {
		t.Errorf("%+v", got)
	}
	if got[0].Source.String() != "UU 13/2003 Art. 95(1)-(2)" || got[1].Source.String() != "UU 13/2003 Art. 95(3)" {
		t.Errorf("%s, %s", got[0].Source, got[1].Source)
	}
	if only := r.Of(map[termination.BankruptcyClaim]money.Rupiah{termination.ClaimOtherRights: 1}); len(only) != 1 ||
		only[0].Rank != 2 {
		t.Errorf("without unpaid wages the rights move up: %+v", only)
	}
	if r.Payer.Value != termination.Curator || r.Payer.Source.String() != "PP 35/2021 Art. 47 (penjelasan)" {
		t.Errorf("paid by %s under %s", r.Payer.Value, r.Payer.Source)
	}
}

// A termination on a forbidden ground is void; every ground of the act, alone and beside others.
func TestForbiddenGroundsMakeATerminationVoid(t *testing.T) {
	t.Parallel()
	l, err := law(t).Forbidden.At(date("2026-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	grounds := termination.Ground("").Values()
	for i, g := range grounds {
		d := l.Decide([]termination.Ground{"cost", g}, date("2026-06-15"))
		want := "UU 13/2003 Art. 153(1)(" + string(rune('a'+i)) + "); Art. 153(2)"
		if c := d.Criteria[0]; d.Result != rule.Ineligible || c.Result != rule.NotMet || c.Source.String() != want ||
			c.Inputs["grounds"] != string(g) {
			t.Errorf("%s: %s under %s", g, d.Result, c.Source)
		}
	}
	if c := l.Decide(grounds[3:5], date("2026-06-15")).Criteria[0]; c.Inputs["grounds"] != "marriage, maternity" {
		t.Errorf("two grounds: %v", c.Inputs)
	}
	for name, c := range map[string]struct {
		given []termination.Ground
		want  rule.Outcome
	}{"not known": {nil, rule.Undetermined}, "none": {[]termination.Ground{}, rule.Eligible},
		"another": {[]termination.Ground{"cost"}, rule.Eligible}} {
		if d := l.Decide(c.given, date("2026-06-15")); d.Result != c.want {
			t.Errorf("%s: %s, want %s", name, d.Result, c.want)
		}
	}
}

// The failure of a mediation or a conciliation is dated by a paper, which is asked for; no other event is.
func TestWhichEventsNeedAPaper(t *testing.T) {
	t.Parallel()
	for _, e := range termination.Events() {
		want := e == termination.MediationFailed || e == termination.ConciliationFailed
		if e.NeedsPaper() != want {
			t.Errorf("%s needs a paper: %t", e, e.NeedsPaper())
		}
	}
}
