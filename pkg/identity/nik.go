package identity

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Sex as in the NIK.
type Sex string

// The sexes.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Valid tells whether s is one of the sexes.
func (s Sex) Valid() bool { return codelist.Has(s) }

// Values lists both sexes.
func (Sex) Values() []Sex { return []Sex{Male, Female} }

// NIK (Nomor Induk Kependudukan) is the 16-digit identity number: region of first registration (6), day, month and year
// of birth (6; the day plus 40 for women), serial (4). It is permanent and never corrected: an identifier, not evidence
// of residence, birth date or sex. It has no check digit.
type NIK struct {
	_ incomparable
	v *string
}

const (
	nikDigits = 16
	womenAdd  = 40 // added to the day of birth of women
)

// ParseNIK reads exactly 16 digits. Faults: nik.missing, nik.length, nik.not_numeric, nik.date_invalid,
// nik.serial_invalid.
func ParseNIK(text string) (NIK, error) {
	invalid := func(code string) (NIK, error) { return NIK{}, fault.New(fault.Invalid, code) }
	if text == "" {
		return invalid("nik.missing")
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return invalid("nik.not_numeric")
		}
	}
	if len(text) != nikDigits {
		return invalid("nik.length")
	}
	if len(births(text)) == 0 {
		return invalid("nik.date_invalid")
	}
	if text[12:] == "0000" {
		return invalid("nik.serial_invalid")
	}
	return NIK{v: &text}, nil
}

// births are the dates that the birth part of a NIK can mean: its century is not written. No NIK means no date.
func births(digits string) []calendar.Date {
	if len(digits) != nikDigits {
		return nil
	}
	day, month, year := two(digits[6:]), two(digits[8:]), two(digits[10:])
	if day > womenAdd {
		day -= womenAdd
	}
	var dates []calendar.Date
	for _, century := range []int{1900, 2000} {
		if d, err := calendar.NewDate(century+year, time.Month(month), day); err == nil {
			dates = append(dates, d)
		}
	}
	return dates
}

func two(digits string) int { return int(digits[0]-'0')*10 + int(digits[1]-'0') }

// Reveal gives the 16 digits.
func (n NIK) Reveal() string {
	if n.v == nil {
		return ""
	}
	return *n.v
}

// IsZero tells whether there is no NIK.
func (n NIK) IsZero() bool { return n.v == nil }

// Equal compares two NIKs.
func (n NIK) Equal(other NIK) bool { return n.Reveal() == other.Reveal() }

// Tail is the last four digits, the part that masked lists show.
func (n NIK) Tail() string {
	if n.v == nil {
		return ""
	}
	return (*n.v)[12:]
}

// Masked is the NIK with all but the last four digits hidden.
func (n NIK) Masked() string { return MaskedNIK(n.Tail()) }

// MaskedNIK is the masked form of a NIK of which only the tail is known.
func MaskedNIK(tail string) string {
	if tail == "" {
		return ""
	}
	return "************" + tail
}

// RegionCode is the regency code of first registration, which may no longer exist.
func (n NIK) RegionCode() string {
	if n.v == nil {
		return ""
	}
	return (*n.v)[:4]
}

// BirthDateAgrees tells whether a birth date is one that the NIK can mean. A false answer is a reason to ask, not to
// refuse: NIKs are not corrected. No NIK agrees with no date.
func (n NIK) BirthDateAgrees(d calendar.Date) bool { return slices.Contains(births(n.Reveal()), d) }

// SexAgrees tells whether the day of the NIK is written as for that sex, with the same caution. No NIK agrees with no
// sex, and no NIK with a sex that is not Valid.
func (n NIK) SexAgrees(s Sex) bool {
	return !n.IsZero() && s.Valid() && (two(n.Reveal()[6:]) > womenAdd) == (s == Female)
}

// String is Masked.
func (n NIK) String() string { return n.Masked() }

// Format prints the masked form for every verb.
func (n NIK) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, n.Masked()) }

// LogValue is the masked form.
func (n NIK) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// MarshalText is the masked form: JSON never shows the number.
func (n NIK) MarshalText() ([]byte, error) { return []byte(n.Masked()), nil }
