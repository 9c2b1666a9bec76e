package simulation_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/simulation"
	"github.com/tanggap/tanggap/policies"
)

type bundle struct {
	jkp      *jkp.Programme
	calendar *calendar.Calendar
	source   *simulation.Synthetic
}

func setup(t testing.TB, seed uint64) bundle {
	t.Helper()
	p, err := jkp.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	holidays, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.Load(holidays)
	if err != nil {
		t.Fatal(err)
	}
	weights, err := policies.FS.Open("reference/phk_by_province.csv")
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulation.NewSynthetic(weights, "2025", seed, calendar.MustDate("2024-10-01"), 365)
	if err != nil {
		t.Fatal(err)
	}
	return bundle{p, cal, s}
}

func (b bundle) run(t testing.TB, size, workers int) simulation.Result {
	t.Helper()
	results, err := simulation.Caseload{Source: b.source, Size: size, Workers: workers, Calendar: b.calendar}.Run(
		t.Context(), b.jkp)
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

func TestTheSameSeedGivesTheSameAnswer(t *testing.T) {
	t.Parallel()
	one, three := setup(t, 7).run(t, 3000, 1), setup(t, 7).run(t, 3000, 3)
	if !reflect.DeepEqual(one, three) {
		t.Fatal("the number of workers changed the answer")
	}
	if other := setup(t, 8).run(t, 3000, 2); reflect.DeepEqual(one, other) {
		t.Fatal("another seed gives the same caseload")
	}
}

func TestEveryClaimAndEveryRupiahIsCountedOnce(t *testing.T) {
	t.Parallel()
	r := setup(t, 1).run(t, 4000, 2)
	if r.Claims != 4000 || r.Eligible+r.Ineligible+r.Undetermined != r.Claims || r.Eligible == 0 || r.Ineligible == 0 {
		t.Fatalf("%d claims: %d, %d, %d", r.Claims, r.Eligible, r.Ineligible, r.Undetermined)
	}
	var sum money.Rupiah
	for _, cell := range r.Cells {
		sum += cell.Cost
	}
	if sum != r.Cost {
		t.Fatalf("the months sum to %s, the total is %s", sum, r.Cost)
	}
}

// A claim that runs over 7 February 2025 is paid at two rates, each by the day given (law example E6).
func TestAClaimIsPaidMonthByMonth(t *testing.T) {
	t.Parallel()
	b := setup(t, 1)
	c := b.source.Claim(0)
	c.Facts.TerminatedOn, c.Facts.AppliedOn, c.DecidedOn = calendar.MustDate("2024-12-01"),
		calendar.MustDate("2024-12-05"), calendar.MustDate("2024-12-10")
	c.Facts.Reason, c.Facts.Contributions = "EFFICIENCY_LOSS", []jkp.Period{{From: jkp.MonthOf(c.DecidedOn) - 24,
		To: jkp.MonthOf(c.DecidedOn) - 1}}
	c.Facts.RegisteredOn = calendar.MustDate("2020-01-01")
	c.Wage, c.Missed, c.StopOn = 4_000_000, nil, calendar.Date{}
	r := simulation.Result{Cells: map[simulation.Key]simulation.Cell{}}
	if err := r.Apply(b.jkp, b.calendar, &c); err != nil {
		t.Fatal(err)
	}
	if r.Cost != 13_200_000 {
		t.Fatalf("got %s, want Rp13.200.000", r.Cost)
	}
	if got := r.Cells[simulation.Key{Month: calendar.MustDate("2025-02-01"),
		Province: c.Province}]; got.Cost != 2_400_000 || got.People != 1 {
		t.Fatalf("February: %d people, %s", got.People, got.Cost)
	}
	if got := r.Cells[simulation.Key{Month: calendar.MustDate("2025-01-01"),
		Province: c.Province}]; got.Cost != 1_800_000 {
		t.Fatalf("January: %s", got.Cost)
	}
}

// withNames writes the table with the names of the country's provinces.
func withNames(t *testing.T) func(io.Writer, *simulation.Result, *simulation.Result) error {
	t.Helper()
	tree, err := region.Load(open(t, "reference/regions.csv"), open(t, "reference/regions_superseded.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return func(w io.Writer, now, draft *simulation.Result) error {
		return simulation.WriteCSV(w, tree, now, draft)
	}
}

func open(t *testing.T, name string) io.Reader {
	t.Helper()
	file, err := policies.FS.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestReportsHoldWhatWasReckoned(t *testing.T) {
	t.Parallel()
	r := setup(t, 3).run(t, 2000, 2)
	var table, chart bytes.Buffer
	if err := errors.Join(withNames(t)(&table, &r, &r), simulation.WriteSVG(&chart, &r, &r)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, row := range rows[1:] {
		n, err := strconv.ParseInt(row[4], 10, 64)
		if err != nil || row[4] != row[6] || row[3] != row[5] {
			t.Fatalf("row %q", row)
		}
		sum += n
	}
	if sum != int64(r.Cost) || len(rows)-1 != len(r.Cells) {
		t.Fatalf("the table sums to %d, the total is %d", sum, r.Cost)
	}
	d := xml.NewDecoder(&chart)
	bars := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "title" {
			bars++
		}
	}
	months := map[string]bool{}
	for key := range r.Cells {
		months[key.Month.String()] = true
	}
	if bars != 2*len(months) {
		t.Fatalf("%d bars for %d months", bars, len(months))
	}
}

func TestWeightsWithoutTheYearAreRefused(t *testing.T) {
	t.Parallel()
	if _, err := simulation.NewSynthetic(strings.NewReader("year,province_code,workers_laid_off\n2024,32,5\n"), "2025", 1,
		calendar.MustDate("2025-01-01"), 1); err == nil {
		t.Fatal("a caseload without provinces was made")
	}
}

func BenchmarkSimulation(b *testing.B) {
	s := setup(b, 1)
	for b.Loop() {
		s.run(b, 1000, 1)
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}
