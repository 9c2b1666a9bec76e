// Package money counts whole rupiah. There are no floats: a fraction is a numerator and a denominator, and every
// division says how it rounds.
package money

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/fault"
)

// Rupiah is an amount in whole rupiah.
type Rupiah int64

// Rounding says what becomes of a part of a rupiah.
type Rounding string

// The ways to round.
const (
	Down   Rounding = "down"    // towards zero
	HalfUp Rounding = "half_up" // halves away from zero
	Up     Rounding = "up"      // away from zero
)

// Valid tells whether r is one of the ways.
func (r Rounding) Valid() bool { return r == Down || r == HalfUp || r == Up }

// String is "Rp4.500.000", as it is written in Indonesia.
func (r Rupiah) String() string {
	digits := strconv.FormatUint(magnitude(int64(r)), 10)
	var out strings.Builder
	if r < 0 {
		out.WriteByte('-')
	}
	out.WriteString("Rp")
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte('.')
		}
		out.WriteRune(d)
	}
	return out.String()
}

// Parse reads "4500000" or "Rp4.500.000" (a space after Rp is allowed, and so are ungrouped digits); money.invalid
// otherwise, also beyond 64 bits. It does not guess at decimals or other groupings: an amount read a hundredfold is
// worse than one refused.
func Parse(text string) (Rupiah, error) {
	digits, negative := strings.CutPrefix(text, "-")
	if amount, marked := strings.CutPrefix(digits, "Rp"); marked {
		digits = ungroup(strings.TrimPrefix(amount, " "))
	}
	n, err := strconv.ParseUint(digits, 10, 63) // takes digits only, no sign
	if err != nil {
		return 0, fault.New(fault.Invalid, "money.invalid") // err quotes the text
	}
	if negative {
		return -Rupiah(n), nil
	}
	return Rupiah(n), nil
}

// ungroup takes the dots out of "4.500.000"; "" when they do not part groups of three.
func ungroup(text string) string {
	groups := strings.Split(text, ".")
	if len(groups) > 1 && len(groups[0]) > 3 {
		return ""
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return ""
		}
	}
	if groups[0] == "" {
		return ""
	}
	return strings.Join(groups, "")
}

// MulDiv is r times num divided by den, exact to 128 bits before rounding. Faults: money.division_by_zero,
// money.overflow, money.rounding_unknown.
func (r Rupiah) MulDiv(num, den int64, how Rounding) (Rupiah, error) {
	if den == 0 {
		return 0, fault.New(fault.Invalid, "money.division_by_zero")
	}
	if !how.Valid() {
		return 0, fault.New(fault.Invalid, "money.rounding_unknown")
	}
	divisor := magnitude(den)
	hi, lo := bits.Mul64(magnitude(int64(r)), magnitude(num))
	if hi >= divisor {
		return 0, fault.New(fault.Invalid, "money.overflow")
	}
	quotient, rest := bits.Div64(hi, lo, divisor)
	if how == Up && rest > 0 || how == HalfUp && rest >= divisor-rest {
		quotient++
	}
	if quotient > math.MaxInt64 {
		return 0, fault.New(fault.Invalid, "money.overflow")
	}
	if (r < 0) != (num < 0) != (den < 0) {
		return -Rupiah(quotient), nil
	}
	return Rupiah(quotient), nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
