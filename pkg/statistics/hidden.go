package statistics

// Small tells whether a number of people is too small to be shown by itself to somebody who may not see the people:
// below least, a figure is as good as a name to whoever knows the place.
func Small(n, least int) bool { return n > 0 && n < least }

// Hide tells which cells of a table are not shown, and whether its total is not. Small cells are hidden, and then the
// smallest others with them, until nobody can get one of them by taking the rest from the total: at least two cells are
// hidden, and least people in them. When there are not so many, the total is hidden, too. Zero is no secret.
func Hide(cells []int, least int) (hidden []bool, total bool) {
	hidden = make([]bool, len(cells))
	number, people := 0, 0
	hide := func(i int) {
		hidden[i], number, people = true, number+1, people+cells[i]
	}
	for i, n := range cells {
		if Small(n, least) {
			hide(i)
		}
	}
	for number > 0 && (number < 2 || people < least) {
		next := -1
		for i, n := range cells {
			if n > 0 && !hidden[i] && (next < 0 || n < cells[next]) {
				next = i
			}
		}
		if next < 0 {
			return hidden, true
		}
		hide(next)
	}
	return hidden, false
}
