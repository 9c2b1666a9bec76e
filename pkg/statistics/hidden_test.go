package statistics_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/statistics"
)

// least is the smallest group of these tests; what is decided stands in policies/measures.
const least = 5

func TestSmallCellsAreHiddenWithOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cells  []int
		hidden []bool
		total  bool
	}{
		{nil, []bool{}, false},
		{[]int{5, 9}, []bool{false, false}, false},
		{[]int{0, 5}, []bool{false, false}, false},
		{[]int{4, 30, 7}, []bool{true, false, true}, false},          // alone it would be the total less the rest
		{[]int{1, 1, 30, 7}, []bool{true, true, false, true}, false}, // two of one each are still too few
		{[]int{3, 3, 30}, []bool{true, true, false}, false},
		{[]int{4}, []bool{true}, true},
		{[]int{4, 0}, []bool{true, false}, true},
		{[]int{2, 2}, []bool{true, true}, true},
		{[]int{2, 3}, []bool{true, true}, false},
		{[]int{4, 5, 5}, []bool{true, true, false}, false},          // of equals the first, and no more than it takes
		{[]int{4, 1, 9}, []bool{true, true, false}, false},          // five people in two cells are enough
		{[]int{3, 1, 9, 5}, []bool{true, true, false, true}, false}, // four are one too few, and the smallest goes with them
		{[]int{1, 9}, []bool{true, true}, false},
		{[]int{5, 30, 4}, []bool{true, false, true}, false}, // the smallest stands first
		{[]int{4, 0, 0}, []bool{true, false, false}, true},
		{[]int{1, 1, 1, 1}, []bool{true, true, true, true}, true},
		{[]int{1, 1, 1, 1, 1}, []bool{true, true, true, true, true}, false},
		{[]int{0, 0}, []bool{false, false}, false},
	} {
		if hidden, total := statistics.Hide(c.cells, least); !slices.Equal(hidden, c.hidden) || total != c.total {
			t.Errorf("%v: %v %t, want %v %t", c.cells, hidden, total, c.hidden, c.total)
		}
	}
}

// Whatever the cells are, what is shown gives no small cell away.
func TestHiddenCellsCannotBeReckonedOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.IntRange(0, 12), 0, 8).Draw(t, "cells")
		hidden, total := statistics.Hide(cells, least)
		number, people := 0, 0
		for i, n := range cells {
			if hidden[i] {
				number, people = number+1, people+n
			} else if statistics.Small(n, least) {
				t.Fatalf("%v: %d is shown", cells, n)
			}
			if hidden[i] && n == 0 {
				t.Fatalf("%v: a zero is hidden", cells)
			}
		}
		if number > 0 && !total && (number < 2 || people < least) {
			t.Fatalf("%v: %d people in %d hidden cells follow from the total", cells, people, number)
		}
	})
}
