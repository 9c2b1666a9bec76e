package matching_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var day = calendar.MustDate("2026-12-01")

// pair is a worker and a vacancy that fit in everything.
func pair() (*matching.Worker, *matching.Vacancy) {
	return &matching.Worker{Region: "3273", Units: []string{"A.1", "B.2"},
			Wish: track.Wish{Occupation1: "7531", Wage: 4_000_000, From: day, Reach: track.Nation}},
		&matching.Vacancy{Region: "3273", Occupation: "7531", Units: "A.1,B.2", Wage: 4_000_000, StartsOn: day}
}

// points are those of the day.
func points(t *testing.T) *matching.Points {
	t.Helper()
	p := storetest.Points(t).On(day)
	return &p
}

func TestWhatFitsInEverythingHasAHundred(t *testing.T) {
	t.Parallel()
	w, v := pair()
	p := points(t).Score(w, v)
	if p != (matching.Parts{Occupation: 40, Skills: 25, Distance: 20, Wage: 10, Start: 5}) || p.Total() != 100 {
		t.Errorf("%+v, together %d", p, p.Total())
	}
}

func occupation(p *matching.Parts) *int { return &p.Occupation }
func skills(p *matching.Parts) *int     { return &p.Skills }
func distance(p *matching.Parts) *int   { return &p.Distance }
func wage(p *matching.Parts) *int       { return &p.Wage }
func start(p *matching.Parts) *int      { return &p.Start }

// scores are single parts at their borders; what is not named fits, and stays full.
var scores = []struct {
	what string
	pair func(*matching.Worker, *matching.Vacancy)
	part func(*matching.Parts) *int
	want int
}{
	{"three digits", func(_ *matching.Worker, v *matching.Vacancy) { v.Occupation = "7539" }, occupation, 30},
	{"two digits", func(_ *matching.Worker, v *matching.Vacancy) { v.Occupation = "7599" }, occupation, 20},
	{"one digit", func(_ *matching.Worker, v *matching.Vacancy) { v.Occupation = "7931" }, occupation, 10},
	{"only the last digits", func(_ *matching.Worker, v *matching.Vacancy) { v.Occupation = "8531" },
		occupation, 0},
	{"a wish of two digits", func(w *matching.Worker, _ *matching.Vacancy) { w.Wish.Occupation1 = "75" },
		occupation, 20},
	{"the second wish", func(w *matching.Worker, _ *matching.Vacancy) {
		w.Wish.Occupation1, w.Wish.Occupation2 = "1111", "7531"
	}, occupation, 38},
	{"the third wish", func(w *matching.Worker, _ *matching.Vacancy) {
		w.Wish.Occupation1, w.Wish.Occupation2, w.Wish.Occupation3 = "1111", "2222", "7531"
	}, occupation, 36},
	{"the third wish by a digit", func(w *matching.Worker, _ *matching.Vacancy) {
		w.Wish.Occupation1, w.Wish.Occupation2, w.Wish.Occupation3 = "1111", "2222", "7"
	}, occupation, 6},
	{"the better of two wishes", func(w *matching.Worker, _ *matching.Vacancy) {
		w.Wish.Occupation1, w.Wish.Occupation2 = "753", "7531"
	}, occupation, 38},
	{"the first of two equal wishes", func(w *matching.Worker, _ *matching.Vacancy) { w.Wish.Occupation2 = "7531" },
		occupation, 40},
	{"no wish", func(w *matching.Worker, _ *matching.Vacancy) { w.Wish.Occupation1 = "" }, occupation, 0},

	{"no unit asked for", func(w *matching.Worker, v *matching.Vacancy) { w.Units, v.Units = nil, "" },
		skills, 25},
	{"nothing but blanks asked for", func(w *matching.Worker, v *matching.Vacancy) { w.Units, v.Units = nil, " , " },
		skills, 25},
	{"one of two units", func(w *matching.Worker, _ *matching.Vacancy) { w.Units = []string{"B.2"} },
		skills, 12},
	{"one of three", func(_ *matching.Worker, v *matching.Vacancy) { v.Units = "B.2,C.3,D.4" }, skills, 8},
	{"two of three", func(_ *matching.Worker, v *matching.Vacancy) { v.Units = "A.1,C.3,B.2" }, skills, 16},
	{"blanks around units", func(_ *matching.Worker, v *matching.Vacancy) { v.Units = " A.1 , B.2 " },
		skills, 25},
	{"a comma at the end", func(_ *matching.Worker, v *matching.Vacancy) { v.Units = "A.1,B.2," },
		skills, 25},
	{"none of the units", func(w *matching.Worker, _ *matching.Vacancy) { w.Units = []string{"C.3"} },
		skills, 0},
	{"the beginning of a unit", func(_ *matching.Worker, v *matching.Vacancy) { v.Units = "A" }, skills, 0},

	{"the regency beside", func(_ *matching.Worker, v *matching.Vacancy) { v.Region = "3204" },
		distance, 12},
	{"the province beside", func(_ *matching.Worker, v *matching.Vacancy) { v.Region = "3373" },
		distance, 0},

	{"no wage wanted", func(w *matching.Worker, v *matching.Vacancy) { w.Wish.Wage, v.Wage = 0, 0 },
		wage, 10},
	{"a rupiah more than wanted", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 4_000_001 },
		wage, 10},
	{"a rupiah less than wanted", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 3_999_999 },
		wage, 9},
	{"three quarters", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 3_000_000 }, wage, 5},
	{"the first point", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 2_200_000 }, wage, 1},
	{"a rupiah before the first point", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 2_199_999 },
		wage, 0},
	{"half", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 2_000_000 }, wage, 0},
	{"less than half", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 1 }, wage, 0},
	{"no wage stated", func(_ *matching.Worker, v *matching.Vacancy) { v.Wage = 0 }, wage, 0},

	{"available the day before", func(w *matching.Worker, _ *matching.Vacancy) { w.Wish.From = day.AddDays(-1) },
		start, 5},
	{"available a day late", func(w *matching.Worker, _ *matching.Vacancy) { w.Wish.From = day.AddDays(1) },
		start, 0},
	{"no day of the work", func(_ *matching.Worker, v *matching.Vacancy) { v.StartsOn = calendar.Date{} },
		start, 5},
	{"available at any time", func(w *matching.Worker, _ *matching.Vacancy) { w.Wish.From = calendar.Date{} },
		start, 5},
}

// The part that a row names is as the row says, and every other one is full.
func TestEachPartOfAScoreHasItsBorders(t *testing.T) {
	t.Parallel()
	for _, c := range scores {
		w, v := pair()
		want := points(t).Score(w, v)
		part := c.part(&want)
		*part = c.want
		c.pair(w, v)
		if got := points(t).Score(w, v); got != want {
			t.Errorf("%s: %+v, want %+v", c.what, got, want)
		}
	}
}

// Whatever the pair is, each part lies between 0 and its most, and a higher wage never costs points.
func TestNoPartLeavesItsBounds(t *testing.T) {
	t.Parallel()
	by := points(t)
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching("[0-9]{1,4}")
		place := rapid.SampledFrom([]region.Code{"3273", "3204", "3578", "9171"})
		units := rapid.SliceOfN(rapid.SampledFrom([]string{"A.1", "B.2", "C.3", "", " "}), 0, 4)
		wages := rapid.Int64Range(0, 1_000_000_000_000)
		w := matching.Worker{Region: place.Draw(t, "from"), Units: matching.UnitsOf(units.Draw(t, "has")...),
			Wish: track.Wish{Occupation1: code.Draw(t, "1"), Occupation2: code.Draw(t, "2"), Occupation3: code.Draw(t, "3"),
				Wage: money.Rupiah(wages.Draw(t, "wanted")), From: day}}
		v := matching.Vacancy{Region: place.Draw(t, "at"), Occupation: rapid.StringMatching("[0-9]{4}").Draw(t, "offered"),
			Units: fmt.Sprint(units.Draw(t, "asked")), Wage: money.Rupiah(wages.Draw(t, "wage"))}
		p := by.Score(&w, &v)
		for _, part := range [][2]int{{p.Occupation, 40}, {p.Skills, 25}, {p.Distance, 20}, {p.Wage, 10}, {p.Start, 5}} {
			if part[0] < 0 || part[0] > part[1] {
				t.Fatalf("%+v", p)
			}
		}
		v.Wage++
		if more := by.Score(&w, &v); more.Wage < p.Wage {
			t.Fatalf("a rupiah more costs points: %+v, %+v", p, more)
		}
	})
}

func TestUnitsAreSortedAndEachOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ texts, want []string }{
		{nil, nil},
		{[]string{"", " , ,"}, nil},
		{[]string{"B.2, A.1", "A.1,C.3 "}, []string{"A.1", "B.2", "C.3"}},
		{[]string{"a.1,A.1"}, []string{"A.1", "a.1"}},
	} {
		if got := matching.UnitsOf(c.texts...); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.texts, got, c.want)
		}
	}
}
