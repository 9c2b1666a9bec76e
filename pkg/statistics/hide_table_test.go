package statistics_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/statistics"
)

// Along a grouping and along the items the numbers add up to those of a shorter report: no small number follows from
// such a sum, whatever the numbers are; what is reckoned from a hidden number is hidden.
func TestNoSmallNumberFollowsFromAShorterReport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const wide, high = 4, 3
		table := statistics.Table{Query: statistics.Query{Report: statistics.Claims,
			By: []statistics.Grouping{statistics.ByMonth}}}
		cells := rapid.SliceOfN(rapid.IntRange(0, 12), wide*high, wide*high).Draw(t, "cells")
		for i, n := range cells {
			table.Rows = append(table.Rows, statistics.Row{Keys: []statistics.Key{{Code: "2026-0" + string(rune('1'+i/wide))}},
				Item: string(rune('a' + i%wide)), Values: []*int64{new(int64(n)), new(int64(n))}})
		}
		hidden, _ := table.Hide(least)
		for i := range high {
			for j := range wide {
				follows(t, cells, hidden, func(n int) bool { return n/wide == i })
				follows(t, cells, hidden, func(n int) bool { return n%wide == j })
			}
		}
		for i, h := range hidden {
			if h[0] != h[1] || statistics.Small(cells[i], least) && !h[0] {
				t.Fatalf("%v: of %d is hidden %v", cells, cells[i], h)
			}
		}
	})
}

// follows fails when a hidden number of a line is the sum of the line less the others, though the line has more.
func follows(t *rapid.T, cells []int, hidden [][]bool, in func(int) bool) {
	number, people, left := 0, 0, 0
	for i, n := range cells {
		switch {
		case !in(i):
		case hidden[i][0]:
			number, people = number+1, people+n
		case n > 0:
			left++
		}
	}
	if number > 0 && (number < 2 || people < least) && left > 0 {
		t.Fatalf("%v: %d people in %d hidden cells of a line with %d more", cells, people, number, left)
	}
}

// Few days are not few people: an average is hidden where its people are, and stands where they are many.
func TestAnAverageIsHiddenWithItsPeopleOnly(t *testing.T) {
	t.Parallel()
	row := func(item string, people, days int64) statistics.Row {
		return statistics.Row{Item: item, Values: []*int64{&people, &days}}
	}
	table := statistics.Table{Query: statistics.Query{Report: statistics.Placements},
		Rows: []statistics.Row{row("permanent", 40, 2), row("fixed_term", 50, 1), row("daily", 60, 90)}}
	hidden, totals := table.Hide(least)
	for i, h := range hidden {
		if h[0] || h[1] {
			t.Errorf("row %d of many people is hidden: %v", i, h)
		}
	}
	if totals[0] || totals[1] {
		t.Errorf("totals of many people are hidden: %v", totals)
	}
	table.Rows[0] = row("permanent", 2, 90)
	hidden, _ = table.Hide(least)
	if !hidden[0][0] || !hidden[0][1] {
		t.Errorf("two people and their average are shown: %v", hidden[0])
	}
}
