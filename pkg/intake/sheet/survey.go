package sheet

import (
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/tanggap/tanggap/pkg/identity"
)

// survey is what a sheet shows as a whole, found in a first reading: a cell is judged with its column, and what lies
// beside the list is told.
type survey struct {
	monthFirst int // dates that only make sense with the month first
	dayFirst   int
	dates      map[field]*dateColumn
	filled     map[int]int // per column, cells with something in them in workers' rows
	workers    int
	far        []string // places of cells beyond all columns that are read
}

// dateColumn counts the dates of a column.
type dateColumn struct {
	dates   int
	shifted int // with the time of a midnight that was written in UTC
	cells   struct{ early, late int }
	texts   struct{ early, late int }
}

// surveyOf reads a sheet to its end.
func surveyOf(ctx context.Context, g grid, head header, base dayBase) (survey, error) {
	s := survey{dates: map[field]*dateColumn{}, filled: map[int]int{}}
	for _, f := range []field{fieldBirth, fieldPlaceBirth, fieldPHK} {
		if _, ok := head.columns[f]; ok {
			s.dates[f] = &dateColumn{}
		}
	}
	for {
		r, err := g.next(ctx)
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		if r.number%256 == 0 && ctx.Err() != nil {
			return s, ctx.Err()
		}
		if r.far > 0 && len(s.far) < placesTold {
			s.far = append(s.far, letter(r.far-1)+strconv.Itoa(r.number))
		}
		if r.number > head.row && digitsIn(r.at(head.columns[fieldNIK]).text) >= 5 {
			s.take(r, head, base)
		}
	}
}

const placesTold = 10

// take learns from a worker's row.
func (s *survey) take(r record, head header, base dayBase) {
	s.workers++
	for i, c := range r.cells {
		if !c.empty() {
			s.filled[i]++
		}
	}
	for f, column := range s.dates {
		c := r.at(head.columns[f])
		if f == fieldPlaceBirth {
			c, _ = splitPlace(c)
		}
		if c.void() || c.kind != textCell && c.kind != numberCell {
			continue
		}
		found := base.read(c)
		column.count(found)
		switch s.orderBy(found, f, r.at(head.columns[fieldNIK])) {
		case dayFirst:
			s.dayFirst++
		case monthFirst:
			s.monthFirst++
		case orderStated, orderOpen:
		}
	}
}

func (d *dateColumn) count(found dateReading) {
	if found.date.IsZero() {
		return
	}
	d.dates++
	if midnightElsewhere(found.clock) && !found.instant {
		d.shifted++
	}
	of := &d.texts
	if found.machine {
		of = &d.cells
	} else if found.order == orderStated && found.date.Day() != int(found.date.Month()) {
		return // a month in letters
	}
	if found.date.Day() <= 12 {
		of.early++
	} else {
		of.late++
	}
}

// orderBy is the order that a cell shows: by a number above 12, or by the NIK, which holds the day of birth.
func (s *survey) orderBy(found dateReading, f field, nik cell) order {
	if found.order != orderOpen || f == fieldPHK {
		return found.order
	}
	digits, _ := nikText(nik)
	parsed, err := identity.ParseNIK(digits)
	switch {
	case err != nil || found.date.IsZero() || found.swapped.IsZero():
		return orderOpen
	case parsed.BirthDateAgrees(found.date):
		return dayFirst
	case parsed.BirthDateAgrees(found.swapped):
		return monthFirst
	}
	return orderOpen
}

// openOrder says what an ambiguous date of this sheet is: month-first dates outweigh the others, or there are too many
// of them for slips of the hand.
func (s *survey) openOrder() Code {
	switch {
	case s.monthFirst > s.dayFirst:
		return CodeDateMonthFirst
	case s.monthFirst*20 >= s.dayFirst && s.monthFirst > 1:
		return CodeDateOrderMixed
	}
	return ""
}

// turned: a spreadsheet program in another language made dates of all texts that it could read as month and day, and
// left the others. Then all its dates have a day up to 12, and all its texts a day above.
func (d *dateColumn) turned() bool {
	return d.cells.early >= 3 && d.cells.late == 0 && d.texts.late >= 3 && d.texts.early == 0
}

// shiftedAll: every date of the column has the time of a midnight in Indonesia written in UTC.
func (d *dateColumn) shiftedAll() bool { return d.dates >= 2 && d.shifted == d.dates }
