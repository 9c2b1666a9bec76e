package statistics

import "slices"

// Small tells whether a number of people is too small to be shown by itself to somebody who may not see the people:
// below least, a figure is as good as a name to whoever knows the place.
func Small(n, least int) bool { return n > 0 && n < least }

// Hide tells which cells of a table are not shown, and whether its total is not. Small cells are hidden, and then the
// smallest others with them, until nobody can get one of them by taking the rest from the total: at least two cells are
// hidden, and least people in them. When there are not so many, the total is hidden, too. Zero is no secret.
func Hide(cells []int, least int) (hidden []bool, total bool) {
	hidden = make([]bool, len(cells))
	for i, n := range cells {
		hidden[i] = Small(n, least)
	}
	all := make([]int, len(cells))
	for i := range all {
		all[i] = i
	}
	_, total = hideWith(cells, hidden, all, least)
	return hidden, total
}

// hideWith hides more cells of a line, until none follows from the sum of the line. It tells whether it hid any, and
// whether there were not enough.
func hideWith(cells []int, hidden []bool, line []int, least int) (more, short bool) {
	number, people := 0, 0
	for _, i := range line {
		if hidden[i] {
			number, people = number+1, people+cells[i]
		}
	}
	for number > 0 && (number < 2 || people < least) {
		next := -1
		for _, i := range line {
			if cells[i] > 0 && !hidden[i] && (next < 0 || cells[i] < cells[next]) {
				next = i
			}
		}
		if next < 0 {
			return more, true
		}
		hidden[next], number, people, more = true, number+1, people+cells[next], true
	}
	return more, false
}

// Hide tells which values of a table are not shown, row by row and figure by figure, and which totals are not. The
// numbers of a line along each of the groupings, and along the items where they do not overlap, add up to a number of a
// shorter report: in each line none may follow from that.
func (t *Table) Hide(least int) (hidden [][]bool, totals []bool) {
	figures := t.Report.Shape().Figures
	hidden, totals = make([][]bool, len(t.Rows)), make([]bool, len(figures))
	for i := range hidden {
		hidden[i] = make([]bool, len(figures))
	}
	if t.Report.Shape().Public {
		return hidden, totals
	}
	lines := t.lines()
	for f, figure := range figures {
		if !figure.Counts() {
			continue
		}
		column, total := hideColumn(t.cells(f), lines, least)
		totals[f] = total
		for i := range column {
			hidden[i][f] = column[i]
		}
	}
	return hidden, t.derived(hidden, totals)
}

// derived hides what is reckoned from numbers that are hidden.
func (t *Table) derived(hidden [][]bool, totals []bool) []bool {
	for f, figure := range t.Report.Shape().Figures {
		if figure.Counts() {
			continue
		}
		for i := range hidden {
			hidden[i][f] = slices.Contains(hidden[i], true)
			totals[f] = totals[f] || hidden[i][f] && figure == Paid
		}
		totals[f] = totals[f] || slices.Contains(totals, true)
	}
	return totals
}

func hideColumn(cells []int, lines [][]int, least int) (hidden []bool, total bool) {
	hidden = make([]bool, len(cells))
	for i, n := range cells {
		hidden[i] = Small(n, least)
	}
	for again := true; again; {
		again, total = false, false
		for _, line := range lines {
			more, short := hideWith(cells, hidden, line, least)
			again, total = again || more, total || short && len(line) == len(cells)
		}
	}
	return hidden, total
}

func (t *Table) cells(figure int) []int {
	cells := make([]int, len(t.Rows))
	for i, r := range t.Rows {
		if v := r.Values[figure]; v != nil {
			cells[i] = int(*v)
		}
	}
	return cells
}

// lines are the sets of rows that add up to a number of another report: all rows, and those that differ in one thing.
func (t *Table) lines() [][]int {
	shape := t.Report.Shape()
	var lines [][]int
	if !shape.Overlaps {
		all := make([]int, len(t.Rows))
		for i := range all {
			all[i] = i
		}
		lines = append(lines, all)
	}
	for dim := range len(t.By) + 1 {
		if dim == len(t.By) && (shape.Overlaps || !shape.Items) {
			continue
		}
		same := map[string][]int{}
		for i, r := range t.Rows {
			text := r.Item + "\x00"
			for n, k := range r.Keys {
				if n != dim {
					text += k.Code + "\x00"
				}
			}
			if dim == len(t.By) {
				text = keyText(r.Keys)
			}
			same[text] = append(same[text], i)
		}
		for _, line := range same {
			lines = append(lines, line)
		}
	}
	return lines
}
