// Package calendar knows civil dates, the three time zones of Indonesia, and working days.
package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Date is a civil date, without time or zone. It is comparable; the zero Date is no date. It ranges over the years 1900
// to 2199: what falls outside is no date, and no date moved by days or months is still none.
type Date struct{ days int32 } // days since 1899-12-31, so that zero is none

const (
	epochYear = 1900
	lastYear  = 2199
	lastDay   = 109_573 // 2199-12-31
)

var epoch = time.Date(epochYear-1, time.December, 31, 0, 0, 0, 0, time.UTC)

// NewDate makes a date; calendar.date_invalid when there is no such day.
func NewDate(year int, month time.Month, day int) (Date, error) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || t.Month() != month || t.Day() != day || year < epochYear || year > lastYear {
		return Date{}, fault.New(fault.Invalid, "calendar.date_invalid")
	}
	return FromTime(t), nil
}

// ParseDate reads YYYY-MM-DD; calendar.date_invalid otherwise.
func ParseDate(iso string) (Date, error) {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil || len(iso) != len(time.DateOnly) || t.Year() < epochYear || t.Year() > lastYear {
		return Date{}, fault.New(fault.Invalid, "calendar.date_invalid")
	}
	return FromTime(t), nil
}

// MustDate is ParseDate for dates written in code; it panics on a wrong one.
func MustDate(iso string) Date {
	d, err := ParseDate(iso)
	if err != nil {
		panic("not a date: " + iso)
	}
	return d
}

// FromTime is the civil date that t shows in its own zone.
func FromTime(t time.Time) Date {
	if t.Location() == time.UTC && !t.Before(epoch) {
		return fromDays(int((t.Unix() - epoch.Unix()) / (24 * 60 * 60)))
	}
	y, m, day := t.Date()
	// By seconds: a Duration holds only 292 years.
	return fromDays(int((time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()) / (24 * 60 * 60)))
}

// fromDays keeps to the range; a plain conversion would wrap to another century.
func fromDays(days int) Date {
	if days < 0 || days > lastDay {
		return Date{}
	}
	return Date{int32(days)}
}

// Of is the civil date of an instant in a zone.
func Of(t time.Time, z Zone) Date { return FromTime(t.In(z.Location())) }

// Time is midnight UTC of the date.
func (d Date) Time() time.Time { return time.Unix(epoch.Unix()+int64(d.days)*24*60*60, 0).UTC() }

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d.days == 0 }

// Year of the date.
func (d Date) Year() int { y, _, _ := d.civil(); return y }

// Month of the date.
func (d Date) Month() time.Month { _, m, _ := d.civil(); return m }

// Day of the month.
func (d Date) Day() int { _, _, day := d.civil(); return day }

func (d Date) civil() (int, time.Month, int) { return d.Time().Date() }

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String is YYYY-MM-DD, or empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	text, _ := d.AppendText(make([]byte, 0, len(time.DateOnly)))
	return string(text)
}

// AppendText appends String. Lists hold a few dates a row, so it is written out rather than left to time.Format.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if d.IsZero() {
		return b, nil
	}
	year, month, day := d.civil()
	two := func(n int) (byte, byte) { return byte('0' + n/10), byte('0' + n%10) }
	y1, y2 := two(year / 100)
	y3, y4 := two(year % 100)
	m1, m2 := two(int(month))
	d1, d2 := two(day)
	return append(b, y1, y2, y3, y4, '-', m1, m2, '-', d1, d2), nil
}

// Before tells whether d comes before e.
func (d Date) Before(e Date) bool { return d.days < e.days }

// After tells whether d comes after e.
func (d Date) After(e Date) bool { return d.days > e.days }

// Compare is negative, zero or positive as d comes before, on or after e.
func (d Date) Compare(e Date) int { return int(d.days) - int(e.days) }

// AddDays moves by n days.
func (d Date) AddDays(n int) Date {
	if d.IsZero() || n > lastDay || n < -lastDay {
		return Date{}
	}
	return fromDays(int(d.days) + n)
}

// DaysUntil counts the days from d to e; negative when e comes first. It means nothing when either is no date.
func (d Date) DaysUntil(e Date) int { return int(e.days - d.days) }

// AddMonths moves by n months and, where the month is shorter, to its last day: 31 January and one month is 28 or 29
// February.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() || n > lastDay || n < -lastDay {
		return Date{}
	}
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return FromTime(time.Date(first.Year(), first.Month(), min(t.Day(), last), 0, 0, 0, 0, time.UTC))
}

// MarshalText is String; no date is the empty text.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads YYYY-MM-DD or the empty text.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Scan reads a database date; NULL is no date. A date out of range is an error: it must not be read as none.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		if *d = FromTime(v); d.IsZero() {
			return fault.New(fault.Invalid, "calendar.date_invalid")
		}
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	default:
		return fmt.Errorf("scan date: %T is not a date", src)
	}
	return nil
}

// Value gives a database date; no date is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil // NULL is the database's word for no date
	}
	return d.Time(), nil
}
