package sheet

import "strings"

const (
	nikDigits    = 16
	exactDigits  = 9_007_199_254_740_992 // 2^53: above it a spreadsheet's numbers skip every other whole number
	apostrophes  = "'’‘`´\u02bc"
	nikSeparator = ".-"
)

// nikText brings a NIK cell to its digits. Its only failures are those that ParseNIK could not see: digits that a
// spreadsheet program has lost, before or after the value became text.
func nikText(c cell) (string, Code) {
	if c.kind == numberCell {
		return nikNumber(c.text)
	}
	text := strings.Map(func(r rune) rune {
		if !visible(r) || strings.ContainsRune(apostrophes, r) {
			return -1
		}
		return r
	}, hyphens(c.text))
	if throughNumber(text) {
		return "", CodeNIKPrecisionLost
	}
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(nikSeparator, r) {
			return -1
		}
		return r
	}, text)
	if text == "" {
		return "", CodeNIKMissing
	}
	return text, ""
}

// nikNumber accepts a number cell only when the file spells 16 significant digits below 2^53. A last digit of 0 may be
// genuine, but it is also what Excel writes in place of a sixteenth digit; the two cannot be told apart.
func nikNumber(text string) (string, Code) {
	d, ok := parseDecimal(strings.TrimSpace(text))
	if !ok {
		return "", CodeNIKNotNumeric
	}
	digits, whole := d.integer()
	switch {
	case !whole || d.negative:
		return "", CodeNIKNotNumeric
	case len(digits) < nikDigits:
		return "", CodeNIKLength
	case len(d.digits) < nikDigits:
		return "", CodeNIKPrecisionLost
	case len(digits) > nikDigits:
		return "", CodeNIKLength
	}
	if n, _ := d.rounded(); n >= exactDigits {
		return "", CodeNIKPrecisionLost
	}
	return digits, ""
}

// throughNumber recognises text that once was a number: 3,27301E+15, and 16 digits with a fraction of zeros.
func throughNumber(s string) bool {
	if mantissa, exponent, found := cutExponent(s); found {
		if _, ok := parseExponent(exponent); ok {
			return allDigits(strings.NewReplacer(".", "", ",", "").Replace(mantissa))
		}
	}
	point := strings.LastIndexAny(s, ".,")
	return point == nikDigits && allDigits(s[:point]) && strings.Trim(s[point+1:], "0") == ""
}

// filler recognises the sixteen digits that somebody types into a field that must not stay empty: one, two or four
// digits over and over.
func filler(digits string) bool {
	return len(digits) == nikDigits && digits == strings.Repeat(digits[:4], nikDigits/4)
}
