package termination

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// Limit is how long a clock runs: working days, or calendar months. A year is twelve months.
type Limit struct{ workingDays, months int }

// The longest limits that a file may state; they catch a figure in a wrong unit.
const (
	mostWorkingDays = 250
	mostMonths      = 60
)

// UnmarshalText reads "14 working days" or "12 months".
func (l *Limit) UnmarshalText(text []byte) error {
	number, unit, _ := strings.Cut(string(text), " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("limit %q is not like 14 working days", text)
	}
	switch unit {
	case "working days":
		*l = Limit{workingDays: n}
	case "months":
		*l = Limit{months: n}
	default:
		return fmt.Errorf("limit %q is neither in working days nor in months", text)
	}
	if n < 1 || n > max(mostWorkingDays, mostMonths) || l.months > mostMonths {
		return fmt.Errorf("limit %q is not between 1 and %d working days or %d months", text, mostWorkingDays, mostMonths)
	}
	return nil
}

// MarshalText writes the limit as the files have it.
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// String is "14 working days" or "12 months".
func (l Limit) String() string {
	if l.months > 0 {
		return strconv.Itoa(l.months) + " months"
	}
	return strconv.Itoa(l.workingDays) + " working days"
}

// from gives the last day of the limit when the day of the event is not counted. In months it is the day with the same
// number; holidays do not move it.
func (l Limit) from(cal *calendar.Calendar, on calendar.Date) calendar.Deadline {
	if l.months > 0 {
		return calendar.Deadline{Due: on.AddMonths(l.months), Certain: true}
	}
	return cal.AddWorkingDays(on, l.workingDays)
}

// strictly gives the last day when the day of the event is the first that counts: the law does not say which holds.
func (l Limit) strictly(cal *calendar.Calendar, on calendar.Date) calendar.Date {
	if l.months > 0 {
		return on.AddMonths(l.months).AddDays(-1)
	}
	return cal.AddWorkingDays(on.AddDays(-1), l.workingDays).Due
}
