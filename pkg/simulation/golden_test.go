package simulation_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/simulation"
)

var update = flag.Bool("update", false, "write the golden files")

// golden holds the text against testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is now\n%s", path, got)
	}
}

// reckoned are two results over four months and two provinces: 10, 5, 0 and 2.5 million under the rules in force, and a
// month that only the draft pays.
func reckoned() (now, draft simulation.Result) {
	cells := func(list ...money.Rupiah) map[simulation.Key]simulation.Cell {
		out := map[simulation.Key]simulation.Cell{}
		for i, cost := range list {
			if cost > 0 {
				key := simulation.Key{Month: calendar.MustDate("2025-01-01").AddMonths(i / 2),
					Province: region.Code([]string{"31", "32"}[i%2])}
				out[key] = simulation.Cell{People: i + 1, Cost: cost}
			}
		}
		return out
	}
	now.Cells = cells(6_000_000, 4_000_000, 5_000_000, 0, 0, 0, 0, 2_500_000)
	draft.Cells = cells(8_000_000, 0, 5_000_000, 1, 1_000_000, 0, 0, 2_500_000)
	return now, draft
}

func TestReportsAreGolden(t *testing.T) {
	t.Parallel()
	now, draft := reckoned()
	for name, write := range map[string]func(io.Writer, *simulation.Result, *simulation.Result) error{
		"report.csv": withNames(t), "report.txt": simulation.WriteMonths, "report.svg": simulation.WriteSVG,
	} {
		var b bytes.Buffer
		if err := write(&b, &now, &draft); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
	}
}

// The bar of the highest month fills the chart, one of half the money half of it, and none has no height.
func TestBarsAreInProportion(t *testing.T) {
	t.Parallel()
	now, draft := reckoned()
	var b bytes.Buffer
	if err := simulation.WriteSVG(&b, &now, &draft); err != nil {
		t.Fatal(err)
	}
	for _, bar := range []string{
		`y="50" width="84" height="310" fill="#9aa5b1"><title>Rp10.000.000</title>`,
		`y="205" width="84" height="155" fill="#9aa5b1"><title>Rp5.000.000</title>`,
		`y="360" width="84" height="0" fill="#9aa5b1"><title>Rp0</title>`,
		`y="112" width="84" height="248" fill="#8a1c1c"><title>Rp8.000.000</title>`,
	} {
		if !strings.Contains(b.String(), bar) {
			t.Errorf("no bar %s", bar)
		}
	}
}

func TestAChartOfNothingIsEmpty(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := simulation.WriteSVG(&b, &simulation.Result{}, &simulation.Result{}); err != nil ||
		strings.Contains(b.String(), "<title>") {
		t.Errorf("%v: %s", err, b.String())
	}
}

// What a seed draws stays: a simulation of last year can be made again.
func TestTheSyntheticCaseloadIsGolden(t *testing.T) {
	t.Parallel()
	source := setup(t, 7).source
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"province", "terminated", "applied", "decided", "wage", "reason", "born", "registered", "paid",
		"missed", "stop", "with"})
	for n := range 80 {
		c := source.Claim(n)
		f := c.Facts
		_ = w.Write([]string{
			string(c.Province), f.TerminatedOn.String(), f.AppliedOn.String(), c.DecidedOn.String(), c.Wage.String(),
			string(f.Reason), f.BirthDate.String(), f.RegisteredOn.String(), fmt.Sprint(f.Contributions), fmt.Sprint(c.Missed),
			c.StopOn.String(), string(c.StopWith),
		})
	}
	w.Flush()
	golden(t, "claims.csv", b.String())
}

// The shares of the caseload are those of its assumptions, give or take what chance does to 20,000 draws. Of the claims
// with few months (60 of 1000) none is broken, too: 120 of the other 940 are.
func TestTheSyntheticCaseloadKeepsItsShares(t *testing.T) {
	t.Parallel()
	source := setup(t, 11).source
	const size = 20_000
	count := map[string]int{}
	for n := range size {
		c := source.Claim(n)
		for what, is := range map[string]bool{
			"resigned": c.Facts.Reason == "RESIGN", "few": len(c.Facts.Contributions) == 1 && months(c.Facts.Contributions) == 8,
			"broken": len(c.Facts.Contributions) == 3, "job": !c.StopOn.IsZero(), "West Java": c.Province == "32",
		} {
			if is {
				count[what]++
			}
		}
		count["missed"] += len(c.Missed)
		if c.Wage < 2_000_000 || c.Wage > 9_950_000 || c.Facts.TerminatedOn.Before(calendar.MustDate("2024-10-01")) ||
			!c.Facts.TerminatedOn.Before(calendar.MustDate("2025-10-01")) {
			t.Fatalf("claim %d: %s on %s", n, c.Wage, c.Facts.TerminatedOn)
		}
	}
	for what, perThousand := range map[string]int{"resigned": 20, "few": 60, "broken": 113, "job": 350, "missed": 5 * 80} {
		if off := count[what]*1000/size - perThousand; off < -15 || off > 15 {
			t.Errorf("%s: %d of %d, want %d of 1000", what, count[what], size, perThousand)
		}
	}
}

func months(periods []jkp.Period) (n int) {
	for _, p := range periods {
		n += int(p.To-p.From) + 1
	}
	return n
}

func TestOnlyTheWeightsOfProvincesOfTheYearCount(t *testing.T) {
	t.Parallel()
	text := "year,province_code,workers_laid_off\n2025,32,1\n2025,3273,1000\n2024,31,1000\n2025,33,many\n2025,34,1\n"
	s, err := simulation.NewSynthetic(strings.NewReader(text), "2025", 1, calendar.MustDate("2025-01-01"), 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[region.Code]int{}
	for n := range 400 {
		c := s.Claim(n)
		seen[c.Province]++
		if c.Facts.TerminatedOn != calendar.MustDate("2025-01-01") {
			t.Fatalf("one day of terminations gave %s", c.Facts.TerminatedOn)
		}
	}
	if len(seen) != 2 || seen["32"] < 150 || seen["34"] < 150 {
		t.Errorf("provinces %v", seen)
	}
}

// idle gives claims of which nothing is known: quick to decide.
type idle struct{ asked *atomic.Int64 }

func (s idle) Claim(int) simulation.Claim {
	s.asked.Add(1)
	return simulation.Claim{}
}

func TestProgressIsToldAndAStopIsHeard(t *testing.T) {
	t.Parallel()
	b := setup(t, 1)
	var asked, done atomic.Int64
	c := simulation.Caseload{
		Source: idle{&asked}, Size: 25_000, Workers: 1, Calendar: b.calendar, Progress: func(n int) { done.Add(int64(n)) },
	}
	results, err := c.Run(t.Context(), b.jkp)
	if err != nil || done.Load() != 20_000 || asked.Load() != 25_000 || results[0].Undetermined != 25_000 {
		t.Fatalf("%d told, %d asked: %v", done.Load(), asked.Load(), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked.Store(0)
	if _, err := c.Run(ctx, b.jkp); err == nil || asked.Load() != 10_000 {
		t.Errorf("stopped after %d claims: %v", asked.Load(), err)
	}
}

// Each worker takes claims of its own, and all of them together take each once.
func TestTheWorkersShareTheClaims(t *testing.T) {
	t.Parallel()
	b := setup(t, 1)
	for _, workers := range []int{1, 3, 7, 12} {
		var asked atomic.Int64
		c := simulation.Caseload{Source: idle{&asked}, Size: 10, Workers: workers, Calendar: b.calendar}
		if results, err := c.Run(t.Context(), b.jkp); err != nil || asked.Load() != 10 || results[0].Claims != 10 {
			t.Errorf("%d workers asked %d times: %v", workers, asked.Load(), err)
		}
	}
}

// A month whose claim cannot be paid is told, and not left out.
func TestAClaimThatCannotBePaidIsAnError(t *testing.T) {
	t.Parallel()
	b := setup(t, 1)
	bad := b.source.Claim(0)
	for n := 0; b.jkp.Assess(bad.Facts, bad.DecidedOn).Result != "eligible"; n++ {
		bad = b.source.Claim(n)
	}
	bad.Wage = -1
	c := simulation.Caseload{Source: simulation.Stored{bad}, Size: 1, Workers: 1, Calendar: b.calendar}
	if _, err := c.Run(t.Context(), b.jkp); err == nil {
		t.Error("a wage below zero was paid")
	}
}
