package jkp

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Month is a calendar month as year*12 + month-1. The zero Month is none.
type Month int

// ParseMonth reads "2024-12".
func ParseMonth(text string) (Month, error) {
	day, err := calendar.ParseDate(text + "-01")
	if err != nil {
		return 0, fmt.Errorf("month is not like 2024-12: %w", err)
	}
	return MonthOf(day), nil
}

// MonthOf returns the month of a day.
func MonthOf(d calendar.Date) Month { return Month(d.Year()*12 + int(d.Month()) - 1) }

// String returns "2024-12".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1) }

// First returns the first day of the month.
func (m Month) First() (calendar.Date, error) {
	return calendar.ParseDate(m.String() + "-01")
}

// Period is a run of paid months, both ends included. A period that ends before it begins holds no month.
type Period struct{ From, To Month }

// paid is what the contributions in a window amount to. How the periods are cut does not matter.
type paid struct {
	from, to    Month // the window, both ends included
	months      int
	longestRun  int
	trailingRun int // ending with the last month of the window
}

// countPaid counts the months of the periods within the size months that end with to. size is at most 63.
func countPaid(periods []Period, to Month, size int) paid {
	p := paid{from: to - Month(size) + 1, to: to}
	var mask uint64 // bit 0 is the last month of the window
	for _, period := range periods {
		for m := max(period.From, p.from); m <= min(period.To, to); m++ {
			mask |= 1 << uint(to-m)
		}
	}
	p.months = bits.OnesCount64(mask)
	p.trailingRun = bits.TrailingZeros64(^mask)
	for run := mask; run != 0; run &= run << 1 {
		p.longestRun++
	}
	return p
}

// monthsPaid counts the months from one to another, both included, that lie in a period.
func monthsPaid(periods []Period, from, to Month) (n int) {
	for m := from; m <= to; m++ {
		if slices.ContainsFunc(periods, func(p Period) bool { return p.From <= m && m <= p.To }) {
			n++
		}
	}
	return n
}

// lastPaid returns the last paid month that is not after limit; zero when there is none.
func lastPaid(periods []Period, limit Month) Month {
	var last Month
	for _, period := range periods {
		if period.From <= period.To && period.From <= limit {
			last = max(last, min(period.To, limit))
		}
	}
	return last
}
