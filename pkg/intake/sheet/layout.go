package sheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const (
	emptyTold = 1_000  // rows of one empty stretch that are reported one by one; all are counted
	heldMost  = 400    // rows without a worker that wait for what follows them
	heldBytes = 32_000 // text of such a row; more is no worker's, and waits without its cells
)

// layout tells rows with a worker from the rest: letterhead, headers, totals, signatures. Rows that look like none of
// a worker's are held back until a worker's row or the end shows what they are, so that a line with nothing but a name
// is refused in the middle of a list, and taken for a signature below it.
type layout struct {
	head     header
	words    vocabulary
	workbook bool // blank rows above the header belong to the letterhead; in CSV a blank line is a line of its own
	last     int  // number of the row last seen
	held     []held
	untold   int // empty rows beyond emptyTold
	emit     func(Row) error
	check    func(record) error
	sheet    string
	given    bool // skipped rows bring their cells too
	before   int  // what is added to a row's number to make its place in the whole list
}

type held struct {
	from, to int
	code     Code // EMPTY, FOOTER, or TITLE for what might also be a worker
	cells    []cell
}

// take gives out or holds back one record, and first the rows that the file left out before it.
func (l *layout) take(r record) error {
	if r.number > l.last+1 && l.workbook {
		if err := l.blank(l.last+1, r.number-1); err != nil {
			return err
		}
	}
	l.last = r.number
	switch {
	case r.filled() == 0 || l.onlyNumbered(r):
		return l.blank(r.number, r.number)
	case r.number <= l.head.row:
		return l.skip(r.number, l.above(r), r.cells)
	case l.head.repeats(r, l.words) || l.counts(r):
		return l.after(CodeTitle, func() error { return l.skip(r.number, CodeHeader, r.cells) })
	case l.total(r):
		return l.hold(r, CodeFooter)
	case l.loose(r):
		return l.hold(r, CodeTitle)
	}
	return l.after("", func() error { return l.check(r) })
}

// end settles what is still held: below the last worker it is a footer. Empty rows at the very end are not told.
func (l *layout) end() error {
	for n := len(l.held); n > 0 && l.held[n-1].code == CodeEmpty; n-- {
		l.held = l.held[:n-1]
	}
	return l.after(CodeFooter, func() error { return nil })
}

func (l *layout) above(r record) Code {
	switch r.number {
	case l.head.row:
		return CodeHeader
	case l.head.group:
		return CodeHeaderGroup
	}
	return CodeTitle
}

func (l *layout) skip(number int, code Code, cells []cell) error {
	row := Row{Key: l.before + number, Sheet: l.sheet, Number: number, Status: Skip, Reasons: []Reason{{Code: code}}}
	if l.given {
		row.Given = given(record{cells: cells})
	}
	return l.emit(row)
}

func (l *layout) blank(from, to int) error {
	if from < l.head.row {
		code := CodeEmpty
		if l.workbook {
			code = CodeTitle
		}
		return l.stretch(held{from: from, to: to, code: code})
	}
	if n := len(l.held); n > 0 && l.held[n-1].code == CodeEmpty {
		l.held[n-1].to = to
		return nil
	}
	return l.keep(held{from: from, to: to, code: CodeEmpty})
}

func (l *layout) hold(r record, code Code) error {
	h := held{from: r.number, to: r.number, code: code}
	if r.bytes() <= heldBytes {
		h.cells = append(h.cells, r.cells...)
	}
	return l.keep(h)
}

// keep bounds what is held: so much that is no worker's is a footer.
func (l *layout) keep(h held) error {
	if len(l.held) >= heldMost {
		if err := l.after(CodeFooter, func() error { return nil }); err != nil {
			return err
		}
	}
	l.held = append(l.held, h)
	return nil
}

// after settles the held rows and then does next. Loose rows become what loose says; when it says nothing, a worker
// follows: then a name makes a worker's row of them, unless a total stands before it.
func (l *layout) after(loose Code, next func() error) error {
	total := false
	for _, h := range l.held {
		total = total || h.code == CodeFooter
		var err error
		switch {
		case h.code != CodeTitle:
			err = l.stretch(h)
		case loose != "":
			err = l.skip(h.from, loose, h.cells)
		case total || !l.named(h):
			err = l.skip(h.from, CodeTitle, h.cells)
		default:
			err = l.check(record{number: h.from, cells: h.cells})
		}
		if err != nil {
			return err
		}
	}
	l.held = l.held[:0]
	return next()
}

func (l *layout) stretch(h held) error {
	told := min(h.to, h.from+emptyTold-1)
	l.untold += h.to - told
	for n := h.from; n <= told; n++ {
		if err := l.skip(n, h.code, h.cells); err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) cell(r record, f field) cell {
	column, ok := l.head.columns[f]
	if !ok {
		return cell{}
	}
	return r.at(column)
}

func (l *layout) named(h held) bool {
	return !l.cell(record{cells: h.cells}, fieldName).void()
}

// total: the first text is JUMLAH, RATA-RATA and the like in a row of few cells, and no number, NIK or date of a worker
// stands in it.
func (l *layout) total(r record) bool {
	if l.numbered(r) || digitsIn(l.cell(r, fieldNIK).text) >= 10 { // below that it is the number of workers
		return false
	}
	for _, f := range []field{fieldBirth, fieldPlaceBirth, fieldPHK} {
		if digitsIn(l.cell(r, f).text) > 0 {
			return false
		}
	}
	for _, c := range r.cells {
		if c.empty() {
			continue
		}
		word, _, _ := strings.Cut(normal(c.text), " ")
		return slices.Contains(totals(), word) && (r.filled() < 5 || !summing(word))
	}
	return false
}

// totals begin a row that sums up others.
func totals() []string {
	return []string{"jumlah", "total", "subtotal", "sub", "grand", "sum", "rata", "rerata", "average", "avg", "mean",
		"median",
		"terendah", "tertinggi", "minimum", "maksimum", "min", "max", "maximum", "terbilang"}
}

// summing are the words of totals that might also begin the text of a worker's row.
func summing(word string) bool { return !slices.Contains(totals()[:5], word) }

// loose: nothing that only a worker's row holds. A date in a signature ("Bekasi, 1 Desember 2025") stands alone.
func (l *layout) loose(r record) bool {
	if l.hasNIK(r) || l.numbered(r) {
		return false
	}
	if r.filled() == 1 {
		return true
	}
	for _, f := range []field{fieldBirth, fieldPlaceBirth, fieldWage, fieldPHK} {
		if c := l.cell(r, f); c.kind == errorCell || digitsIn(c.text) > 0 {
			return false
		}
	}
	return true
}

func (l *layout) hasNIK(r record) bool {
	c := l.cell(r, fieldNIK)
	return c.kind == errorCell || digitsIn(c.text) >= 5
}

// numbered: the running number of a worker stands in its column, and something beside it.
func (l *layout) numbered(r record) bool {
	text := tidy(l.cell(r, fieldNumber).text)
	return r.filled() > 1 && allDigits(strings.TrimSuffix(text, "."))
}

// onlyNumbered: a form's prepared line that nobody filled in.
func (l *layout) onlyNumbered(r record) bool {
	return r.number > l.head.row && r.filled() == 1 && allDigits(tidy(l.cell(r, fieldNumber).text))
}

// counts: the row of column numbers (1), (2), (3) that official forms print below the header.
func (l *layout) counts(r record) bool {
	seen := 0
	for _, c := range r.cells {
		if c.empty() {
			continue
		}
		seen++
		if strings.Trim(tidy(c.text), "()") != strconv.Itoa(seen) {
			return false
		}
	}
	return seen >= 5
}

func digitsIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
