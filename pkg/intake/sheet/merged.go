package sheet

import (
	"cmp"
	"slices"
	"strings"
)

const mergesKept = 20_000

// mergedCells are the ranges of a sheet that are shown as one cell. The file lists them below all rows, so that they
// are known only in a second reading.
type mergedCells struct {
	ranges  []mergedRange // those that begin below the rows read so far come last
	columns int
	open    []mergedRange // those that the row last read lies in
}

// mergedRange is from its first cell, which has the value, to its last.
type mergedRange struct{ top, left, bottom, right int }

func (m *mergedCells) add(ref string) {
	from, to, found := strings.Cut(ref, ":")
	r := mergedRange{top: rowOf(from), left: columnOf(from), bottom: rowOf(to), right: columnOf(to)}
	if found && len(m.ranges) < mergesKept && r.top > 0 && r.left >= 0 && r.bottom >= r.top && r.right >= r.left {
		m.ranges = append(m.ranges, r)
	}
}

// below gives the ranges that hold a worker's row, in the columns that are ours.
func (m mergedCells) below(head header) mergedCells {
	kept := mergedCells{columns: len(head.texts)}
	for _, r := range m.ranges {
		if r.bottom > head.row && r.left < kept.columns {
			kept.ranges = append(kept.ranges, r)
		}
	}
	slices.SortStableFunc(kept.ranges, func(a, b mergedRange) int { return cmp.Compare(a.top, b.top) })
	return kept
}

// fill marks the cells of a row whose value stands in another cell. Rows come in ascending order.
func (m *mergedCells) fill(row int, cells []cell) []cell {
	if m.columns == 0 {
		return cells
	}
	for len(m.ranges) > 0 && m.ranges[0].top <= row {
		m.open, m.ranges = append(m.open, m.ranges[0]), m.ranges[1:]
	}
	m.open = slices.DeleteFunc(m.open, func(r mergedRange) bool { return r.bottom < row })
	for _, r := range m.open {
		right := min(r.right, m.columns-1)
		for len(cells) <= right {
			cells = append(cells, cell{})
		}
		for column := r.left; column <= right; column++ {
			if cells[column].kind == blankCell && (row > r.top || column > r.left) {
				cells[column].kind = mergedCell
			}
		}
	}
	return cells
}

// rowOf reads the digits of a place such as AB12; 0 when there are none that make a row.
func rowOf(place string) int {
	n := 0
	for _, r := range strings.TrimLeft(strings.ReplaceAll(place, "$", ""), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		if r < '0' || r > '9' || n > lastSheetRow {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
