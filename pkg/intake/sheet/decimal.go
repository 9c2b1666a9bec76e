package sheet

import "strings"

// decimal is a number exactly as a file spells it: digits × 10^-scale. Floats never touch a value.
type decimal struct {
	negative bool
	digits   string // without leading zeros; empty is zero
	scale    int    // digits after the point; negative for trailing zeros that are not spelt out
}

const maxDigits = 40 // more is no number that a list of workers holds

// parseDecimal reads the number syntax of XML and CSV: 4500000.5, 3.322196011919678E15.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	s, d.negative = strings.CutPrefix(s, "-")
	mantissa, exponent, scientific := cutExponent(s)
	whole, fraction, point := strings.Cut(mantissa, ".")
	if len(mantissa) > maxDigits || !allDigits(whole) || point && !allDigits(fraction) {
		return decimal{}, false
	}
	d.scale = len(fraction)
	if scientific {
		e, ok := parseExponent(exponent)
		if !ok {
			return decimal{}, false
		}
		d.scale -= e
	}
	d.digits = strings.TrimLeft(whole+fraction, "0")
	return d.trim(), true
}

func cutExponent(s string) (mantissa, exponent string, found bool) {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func parseExponent(s string) (int, bool) {
	s, negative := strings.CutPrefix(s, "-")
	if !negative {
		s = strings.TrimPrefix(s, "+")
	}
	if !allDigits(s) || len(s) > 2 {
		return 0, false
	}
	e := 0
	for _, r := range s {
		e = e*10 + int(r-'0')
	}
	if negative {
		e = -e
	}
	return e, true
}

// trim drops zeros after the last significant digit, so that digits holds what the file really knows.
func (d decimal) trim() decimal {
	short := strings.TrimRight(d.digits, "0")
	d.scale -= len(d.digits) - len(short)
	d.digits = short
	if short == "" {
		return decimal{}
	}
	return d
}

// integer spells the value in full when it is a whole number.
func (d decimal) integer() (string, bool) {
	switch {
	case d.digits == "":
		return "0", true
	case d.scale > 0 || len(d.digits)-d.scale > maxDigits:
		return "", false
	}
	text := d.digits + strings.Repeat("0", -d.scale)
	if d.negative {
		text = "-" + text
	}
	return text, true
}

// spelt is the value in full, without an exponent. Three digits behind the point get a zero, so that nobody takes them
// for thousands.
func (d decimal) spelt() string {
	if text, ok := d.integer(); ok {
		return text
	}
	digits := d.digits
	if d.scale >= len(digits) {
		digits = strings.Repeat("0", min(d.scale-len(digits)+1, maxDigits)) + digits
	}
	point := max(len(digits)-d.scale, 1)
	text := digits[:min(point, len(digits))] + "." + digits[min(point, len(digits)):]
	if d.scale == 3 {
		text += "0"
	}
	if d.negative {
		text = "-" + text
	}
	return text
}

// rounded is the size of the value as the nearest whole number, halves up. It fails from 10^18.
func (d decimal) rounded() (int64, bool) {
	n, ok := d.floor()
	if whole := len(d.digits) - d.scale; whole >= 0 && whole < len(d.digits) && d.digits[whole] >= '5' {
		n++
	}
	return n, ok
}

// floor is the size of the value without its fraction. It fails from 10^18.
func (d decimal) floor() (int64, bool) {
	whole := len(d.digits) - d.scale
	if whole > 18 {
		return 0, false
	}
	var n int64
	for i := range max(whole, 0) {
		n *= 10
		if i < len(d.digits) {
			n += int64(d.digits[i] - '0')
		}
	}
	return n, true
}

// plain spells a number cell that stands for text, such as a phone number: whole numbers in full, others as they are.
func (c cell) plain() string {
	if c.kind == numberCell {
		if d, ok := parseDecimal(c.text); ok {
			if text, ok := d.integer(); ok {
				return text
			}
		}
	}
	return tidy(c.text)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
