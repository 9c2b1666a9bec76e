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

// parse reads a date cell. The code is empty, DATE_INVALID or DATE_AMBIGUOUS.
func (b dayBase) parse(c cell) (calendar.Date, Code) {
	text := tidy(c.text)
	spelt := strings.Replace(text, ",", ".", 1) // Excel in Indonesia writes 46093,7 into CSV
	if c.kind != numberCell && strings.Trim(spelt, "0123456789.") != "" {
		return parseDateText(text)
	}
	serial, ok := parseDecimal(spelt)
	if !ok && c.kind != numberCell {
		return parseDateText(text)
	}
	if d, inside := b.date(serial); ok && inside {
		return d, ""
	}
	return calendar.Date{}, CodeDateInvalid
}

// parseDateText reads 25/11/1990, 25-11-1990, 25.11.1990, 25 November 1990, 7 Nop 1988, 1990-11-25, with an optional
// day of the week before and an optional time after. The day always stands before the month.
func parseDateText(text string) (calendar.Date, Code) {
	if weekday, rest, ok := strings.Cut(text, ","); ok && isWeekday(weekday) {
		text = strings.TrimSpace(rest)
	}
	parts := strings.FieldsFunc(cutTime(text), func(r rune) bool { return strings.ContainsRune("/-. ,", r) })
	if len(parts) != 3 {
		return calendar.Date{}, CodeDateInvalid
	}
	day, month, year := parts[0], parts[1], parts[2]
	if len(day) == 4 && allDigits(day) {
		day, year = year, day
	}
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

// cutTime drops a time of day: "12/03/2026 17:00", "2026-03-12T17:00:00Z".
func cutTime(s string) string {
	colon := strings.IndexByte(s, ':')
	if colon < 0 {
		return s
	}
	if cut := strings.LastIndexAny(s[:colon], "T "); cut > 0 && allDigits(s[cut+1:colon]) {
		return strings.TrimSpace(s[:cut])
	}
	return s
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
