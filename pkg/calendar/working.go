package calendar

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// HolidayKind tells a national holiday from joint leave (cuti bersama), and both from a day that is off each year.
type HolidayKind string

// The kinds of holidays.
const (
	National   HolidayKind = "national"
	JointLeave HolidayKind = "joint_leave"
	// EveryYear is a national holiday on the same day of this year and of each later one, decree or not (Keppres 8/2024).
	EveryYear HolidayKind = "every_year"
)

// Valid tells whether k is one of the kinds.
func (k HolidayKind) Valid() bool { return k == National || k == JointLeave || k == EveryYear }

// Holiday is a day off by joint decree of three ministers (SKB 3 Menteri), published year by year.
type Holiday struct {
	Date Date
	Name string
	Kind HolidayKind
}

// Calendar knows the working days of the years whose holidays are published. It never changes.
type Calendar struct {
	holidays     map[Date]Holiday
	yearly       map[dayOfYear]Holiday
	years        map[int]bool
	leaveIsLabor bool
}

// dayOfYear is a day that comes back each year.
type dayOfYear struct {
	month time.Month
	day   int
}

// Deadline is a date counted in working days. Certain is false when the count crossed a year whose holidays are not
// published: there only Saturdays, Sundays and the days that are off every year were taken as free, and the year is
// named.
type Deadline struct {
	Due          Date
	Certain      bool
	UnknownYears []int
}

// Header is the first line of a list of holidays.
const Header = "date,name,kind"

// Load reads holidays (date, name, kind, with that header). A day named twice counts once, and as national where either
// line says so. Fault calendar.holidays_invalid, with the line as its cause.
func Load(r io.Reader) (*Calendar, error) {
	invalid := fault.New(fault.Invalid, "calendar.holidays_invalid")
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, invalid.Because(err)
	}
	// Without its header a file would lose the first holiday, and one of other columns would be misread.
	if len(rows) == 0 || strings.Join(rows[0], ",") != Header {
		return nil, invalid.Because(errors.New("line 1: the header is not " + Header))
	}
	c := &Calendar{holidays: make(map[Date]Holiday), yearly: make(map[dayOfYear]Holiday), years: make(map[int]bool)}
	for i, row := range rows[1:] {
		h, err := holidayOf(row)
		if err != nil {
			return nil, invalid.Because(fmt.Errorf("line %d: %w", i+2, err))
		}
		c.add(h)
	}
	return c, nil
}

// holidayOf reads a line of the list.
func holidayOf(row []string) (Holiday, error) {
	d, err := ParseDate(row[0])
	kind := HolidayKind(row[2])
	switch {
	case err != nil:
		return Holiday{}, fmt.Errorf("%q is no day, want one such as 2028-01-31", row[0])
	case !kind.Valid():
		return Holiday{}, fmt.Errorf("%q is no kind, want %s, %s or %s", row[2], National, JointLeave, EveryYear)
	}
	return Holiday{Date: d, Name: row[1], Kind: kind}, nil
}

// Days lists the holidays of the yearly decrees in their order, and then those that are off every year, each on its
// first day.
func (c *Calendar) Days() []Holiday {
	byDay := func(a, b Holiday) int { return a.Date.Compare(b.Date) }
	return append(slices.SortedFunc(maps.Values(c.holidays), byDay), slices.SortedFunc(maps.Values(c.yearly), byDay)...)
}

// LastKnown is the last year whose holidays are published; 0 without any.
func (c *Calendar) LastKnown() (year int) {
	for y := range c.years {
		year = max(year, y)
	}
	return year
}

// add takes a holiday in. A day that is off every year does not make a year known: the other days of it still move.
func (c *Calendar) add(h Holiday) {
	if h.Kind == EveryYear {
		c.yearly[dayOfYear{h.Date.Month(), h.Date.Day()}] = h
		return
	}
	if known, twice := c.holidays[h.Date]; !twice || known.Kind == JointLeave {
		c.holidays[h.Date] = h
	}
	c.years[h.Date.Year()] = true
}

// WithJointLeaveWorking returns the calendar with joint leave counted as working days (true) or as free (false, as Load
// makes it): the law does not say which holds for its deadlines.
func (c *Calendar) WithJointLeaveWorking(working bool) *Calendar {
	copied := *c
	copied.leaveIsLabor = working
	return &copied
}

// Known tells whether the holidays of a year are published.
func (c *Calendar) Known(year int) bool { return c.years[year] }

// IsWorkingDay tells whether d is neither Saturday, Sunday nor a holiday.
func (c *Calendar) IsWorkingDay(d Date) bool {
	if day := d.Weekday(); day == time.Saturday || day == time.Sunday {
		return false
	}
	holiday, free := c.HolidayOn(d)
	return !free || holiday.Kind == JointLeave && c.leaveIsLabor
}

// HolidayOn gives the holiday of a day, for saying why a deadline moved. A day of a yearly decree goes before one that
// is off every year, but for joint leave, which cannot make such a day work.
func (c *Calendar) HolidayOn(d Date) (Holiday, bool) {
	holiday, ok := c.holidays[d]
	if ok && holiday.Kind == National {
		return holiday, true
	}
	_, month, day := d.civil()
	if yearly, fixed := c.yearly[dayOfYear{month, day}]; fixed && !d.Before(yearly.Date) {
		return Holiday{Date: d, Name: yearly.Name, Kind: EveryYear}, true
	}
	return holiday, ok
}

// AddWorkingDays counts n working days from the day after d; n = 0 is d itself. A negative n counts as 0. From no date,
// and beyond the last one, there is no deadline: the zero one, which is not certain.
func (c *Calendar) AddWorkingDays(d Date, n int) Deadline {
	out := Deadline{Due: d, Certain: !d.IsZero()}
	for left := n; left > 0; {
		if out.Due = out.Due.AddDays(1); out.Due.IsZero() {
			return Deadline{}
		}
		c.doubt(&out, out.Due.Year())
		if c.IsWorkingDay(out.Due) {
			left--
		}
	}
	return out
}

func (c *Calendar) doubt(out *Deadline, year int) {
	if !c.years[year] && !slices.Contains(out.UnknownYears, year) {
		out.Certain = false
		out.UnknownYears = append(out.UnknownYears, year)
	}
}

// WorkingDaysBetween counts the working days after a up to and including b; 0 when b is not after a, or either is no
// date.
func (c *Calendar) WorkingDaysBetween(a, b Date) int {
	n := 0
	for d := a.AddDays(1); !d.IsZero() && !d.After(b); d = d.AddDays(1) {
		if c.IsWorkingDay(d) {
			n++
		}
	}
	return n
}
