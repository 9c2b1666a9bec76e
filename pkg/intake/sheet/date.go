package sheet

import (
	"strconv"
	"strings"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
)

// The range in which a date of a working life can lie. It also keeps a bare year, such as 1990, from passing as the
// Excel day number of a date in 1905.
const (
	firstYear = 1920
	lastYear  = 2100
)

// dayBase turns Excel day numbers into dates, in the system that the workbook says it uses.
type dayBase struct{ from1904 bool }

// date follows the 1904 system, or the 1900 system from its day 61: the days before it, shifted by a leap day that
// never was, are too early for any date here. A time of day is dropped.
func (b dayBase) date(serial decimal) (calendar.Date, bool) {
	days, ok := serial.floor()
	switch {
	case !ok || serial.negative || days > 200_000:
		return calendar.Date{}, false
	case b.from1904:
		return inRange(calendar.MustDate("1904-01-01").AddDays(int(days)))
	case days < 61:
		return calendar.Date{}, false
	}
	return inRange(calendar.MustDate("1900-03-01").AddDays(int(days) - 61))
}

func inRange(d calendar.Date) (calendar.Date, bool) {
	if d.Year() < firstYear || d.Year() > lastYear {
		return calendar.Date{}, false
	}
	return d, true
}

// dateReading is what one cell says of a date, and what it says of the other cells of its list.
type dateReading struct {
	date    calendar.Date
	code    Code // empty, DATE_INVALID or DATE_AMBIGUOUS
	order   order
	swapped calendar.Date // the date if the month stood first; zero when there is none
	clock   string        // hours and minutes beside the date
	instant bool          // in UTC
	machine bool          // a day number, or the year first: not typed by hand
}

// order is which of day and month stands first, as far as one cell shows.
type order uint8

const (
	orderStated order = iota // a month in letters, or the year first
	orderOpen                // both could be either
	dayFirst
	monthFirst
)

// parse reads a date cell. The code is empty, DATE_INVALID or DATE_AMBIGUOUS.
func (b dayBase) parse(c cell) (calendar.Date, Code) {
	r := b.read(c)
	return r.date, r.code
}

func (b dayBase) read(c cell) dateReading {
	text := hyphens(tidy(c.text))
	spelt := strings.Replace(text, ",", ".", 1) // Excel in Indonesia writes 46093,7 into CSV
	if c.kind != numberCell && strings.Trim(spelt, "0123456789.") != "" {
		return readDateText(text)
	}
	serial, ok := parseDecimal(spelt)
	if !ok && c.kind != numberCell {
		return readDateText(text)
	}
	if d, inside := b.date(serial); ok && inside {
		return dateReading{date: d, clock: serial.clock(), machine: true}
	}
	return dateReading{code: CodeDateInvalid}
}

// readDateText reads 25/11/1990, 25-11-1990, 25.11.1990, 25 November 1990, 7 Nop 1988, 1990-11-25, with an optional
// day of the week before and an optional time after. The day always stands before the month.
func readDateText(text string) dateReading {
	if weekday, rest, ok := strings.Cut(text, ","); ok && isWeekday(weekday) {
		text = strings.TrimSpace(rest)
	}
	written, clock, instant := cutTime(text)
	r := readDay(written)
	r.clock, r.instant = clock, instant
	if days := dayOfInstant(clock); instant && r.code == "" {
		r.date = r.date.AddDays(days)
	}
	return r
}

func readDay(written string) dateReading {
	parts := strings.FieldsFunc(written, func(r rune) bool { return strings.ContainsRune("/-. ,", r) })
	if len(parts) != 3 {
		return dateReading{code: CodeDateInvalid}
	}
	day, month, year := parts[0], parts[1], parts[2]
	stated := len(day) == 4 && allDigits(day)
	if stated {
		day, year = year, day
	}
	r := dateReading{machine: stated}
	r.date, r.code = dayMonthYear(day, month, year)
	if !stated && allDigits(day) && allDigits(month) {
		r.swapped, _ = dayMonthYear(month, day, year)
		r.order = orderOf(day, month)
	}
	return r
}

// orderOf tells from the numbers alone: none but a day is above 12.
func orderOf(first, second string) order {
	a, _ := smallNumber(first, 2)
	b, _ := smallNumber(second, 2)
	switch {
	case a > 12 && b >= 1 && b <= 12:
		return dayFirst
	case b > 12 && b <= 31 && a >= 1 && a <= 12:
		return monthFirst
	case a == b:
		return orderStated
	}
	return orderOpen
}

func dayMonthYear(day, month, year string) (calendar.Date, Code) {
	m, okMonth := monthNumber(month)
	d, okDay := smallNumber(day, 2)
	y, okYear := smallNumber(year, 4)
	switch {
	case !okMonth || !okDay || !okYear || len(year) == 3:
		return calendar.Date{}, CodeDateInvalid
	case len(year) < 4:
		return calendar.Date{}, CodeDateAmbiguous
	}
	date, err := calendar.NewDate(y, time.Month(m), d)
	if err != nil {
		return calendar.Date{}, CodeDateInvalid
	}
	if date, ok := inRange(date); ok {
		return date, ""
	}
	return calendar.Date{}, CodeDateInvalid
}

// cutTime takes a time of day off: "12/03/2026 17:00", "2026-03-12T17:00:00Z". An instant is one in UTC.
func cutTime(s string) (date, clock string, instant bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s, "", false
	}
	cut := strings.LastIndexAny(s[:colon], "T ")
	if cut <= 0 || !allDigits(s[cut+1:colon]) {
		return s, "", false
	}
	after := strings.ToUpper(s[colon:])
	clock = s[cut+1:colon] + after[:min(len(after), 3)]
	instant = strings.HasSuffix(after, "Z") || strings.HasSuffix(after, "+00:00") || strings.HasSuffix(after, "+0000") ||
		strings.HasSuffix(after, "UTC") || strings.HasSuffix(after, "GMT")
	return strings.TrimSpace(s[:cut]), clock, instant
}

// dayOfInstant is how many days later it is in Indonesia at a time in UTC. Programs write the midnight of a date as
// 17:00, 16:00 or 15:00 of the day before, in the three zones; any other time is read in that of Jakarta.
func dayOfInstant(clock string) int {
	if clock == "15:00" || clock == "16:00" || len(clock) == 5 && clock >= "17:00" {
		return 1
	}
	return 0
}

// midnightElsewhere recognises the time of day of a midnight in Indonesia that was written in UTC without saying so.
func midnightElsewhere(clock string) bool {
	return clock == "15:00" || clock == "16:00" || clock == "17:00"
}

// clock is the time of day that the fraction of a day number stands for, as far as it is a whole hour.
func (d decimal) clock() string {
	for _, one := range []struct{ fraction, clock string }{{"625", "15:00"}, {"6666", "16:00"}, {"7083333", "17:00"}} {
		whole := len(d.digits) - d.scale
		if whole > 0 && whole < len(d.digits) && strings.HasPrefix(d.digits[whole:], one.fraction) &&
			(one.fraction != "625" || len(d.digits) == whole+3) {
			return one.clock
		}
	}
	return ""
}

func smallNumber(s string, digits int) (int, bool) {
	if len(s) > digits || !allDigits(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func isWeekday(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "senin", "selasa", "rabu", "kamis", "jumat", "jum'at", "sabtu", "minggu", "ahad":
		return true
	}
	return false
}

// monthNumber reads digits or an Indonesian or English name in the spellings that forms and Excel use.
func monthNumber(s string) (int, bool) {
	if n, ok := smallNumber(s, 2); ok {
		return n, n >= 1 && n <= 12
	}
	switch strings.ToLower(s) {
	case "januari", "jan", "january":
		return 1, true
	case "februari", "feb", "pebruari", "peb", "february":
		return 2, true
	case "maret", "mar", "mrt", "march":
		return 3, true
	case "april", "apr":
		return 4, true
	case "mei", "may":
		return 5, true
	case "juni", "jun", "june":
		return 6, true
	case "juli", "jul", "july":
		return 7, true
	case "agustus", "agt", "agu", "ags", "agust", "aug", "august":
		return 8, true
	case "september", "sep", "sept":
		return 9, true
	case "oktober", "okt", "oct", "october":
		return 10, true
	case "november", "nov", "nop", "nopember":
		return 11, true
	case "desember", "des", "dec", "december":
		return 12, true
	}
	return 0, false
}
