package jkp_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
)

func TestGoldenPayments(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for _, r := range ruletest.Rows(t, "golden_payment.csv") {
		t.Run(r["example"], func(t *testing.T) {
			t.Parallel()
			claim := jkp.Claim{Wage: money.Rupiah(r.Number(t, "wage")), StopOn: r.Date("stop_on")}
			for text := range strings.SplitSeq(r["given"], ";") {
				claim.Given = append(claim.Given, ruletest.Date(text))
			}
			claim.Reference = claim.Given[0]
			if r["missed"] != "" {
				claim.Missed = []int{int(r.Number(t, "missed"))}
			}
			if !claim.StopOn.IsZero() {
				claim.StopWith = jkp.StopJob
			}
			s, err := p.Entitlement(claim, cal)
			if err != nil {
				t.Fatal(err)
			}
			if got := amounts(s); got != r["amounts"] || s.Total != money.Rupiah(r.Number(t, "total")) {
				t.Errorf("%s = %d, want %s = %s (%s)", got, s.Total, r["amounts"], r["total"], r["citation"])
			}
			if got := s.Months[0].Payment.Exact.String(); got != r["exact_first"] {
				t.Errorf("exact %s, want %s", got, r["exact_first"])
			}
		})
	}
}

// amounts lists the payable months; an unpaid one is "-".
func amounts(s jkp.Schedule) string {
	var texts []string
	for _, m := range s.Months {
		text := "-"
		if m.State == jkp.MonthPayable {
			text = strconv.FormatInt(int64(m.Payment.Amount), 10)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ";")
}

func TestGoldenContributions(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, r := range ruletest.Rows(t, "golden_contribution.csv") {
		t.Run(r["example"], func(t *testing.T) {
			t.Parallel()
			month, err := jkp.ParseMonth(r["month"])
			if err != nil {
				t.Fatal(err)
			}
			c, err := p.Contribution(month, money.Rupiah(r.Number(t, "wage")))
			if err != nil {
				t.Fatal(err)
			}
			if int64(c.Amount) != r.Number(t, "amount") || c.Version != r["version"] || c.WorkerShare.Num() != 0 {
				t.Errorf("%d under %s, worker %s, want %s under %s", c.Amount, c.Version, c.WorkerShare, r["amount"], r["version"])
			}
			// A published figure that forgets the cap is refused as wrong, not reproduced.
			if r["wrong"] != "" && int64(c.Amount) == r.Number(t, "wrong") {
				t.Errorf("reproduces the wrong figure %s (%s)", r["wrong"], r["citation"])
			}
		})
	}
}

func TestGoldenDeadlines(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, r := range ruletest.Rows(t, "golden_deadline.csv") {
		t.Run(r["example"], func(t *testing.T) {
			t.Parallel()
			d, err := p.ClaimDeadline(r.Date("start"), r.Date("declared"))
			if err != nil {
				t.Fatal(err)
			}
			if d.Last.String() != r["last"] || strconv.Itoa(d.Months) != r["months"] || d.Version != r["version"] {
				t.Errorf("%s, %d months, %s; want %s, %s, %s (%s)", d.Last, d.Months, d.Version, r["last"], r["months"],
					r["version"], r["citation"])
			}
		})
	}
}

func TestGoldenWindows(t *testing.T) {
	t.Parallel()
	p, cal := load(t), ruletest.Workdays(t)
	for _, r := range ruletest.Rows(t, "golden_window.csv") {
		t.Run(r["example"], func(t *testing.T) {
			t.Parallel()
			w, err := p.Window(r.Date("reference"), int(r.Number(t, "month")), cal)
			if err != nil {
				t.Fatal(err)
			}
			if w.Opens.String() != r["opens"] || w.Closes.String() != r["closes"] ||
				strconv.FormatBool(w.Certain) != r["certain"] {
				t.Errorf("%s to %s, certain %t; want %s to %s, %s (%s)", w.Opens, w.Closes, w.Certain, r["opens"], r["closes"],
					r["certain"], r["citation"])
			}
			if !w.Holds(w.Opens) || !w.Holds(w.Closes) || w.Holds(w.Opens.AddDays(-1)) || w.Holds(w.Closes.AddDays(1)) {
				t.Error("the ends are not the first and the last day of the window")
			}
		})
	}
}

// E1 to E12 are the worked examples of the legal basis; none may get lost.
func TestAllTwelveExamplesAreGolden(t *testing.T) {
	t.Parallel()
	var names []string
	for _, file := range []string{"golden_payment.csv", "golden_contribution.csv", "golden_eligibility.csv"} {
		for _, r := range ruletest.Rows(t, file) {
			base, _, _ := strings.Cut(r["example"], "-")
			names = append(names, base)
			if r["citation"] == "" {
				t.Errorf("%s has no citation", r["example"])
			}
		}
	}
	for n := 1; n <= 12; n++ {
		if name := "E" + strconv.Itoa(n); !slices.Contains(names, name) {
			t.Errorf("%s is in no golden file", name)
		}
	}
}
