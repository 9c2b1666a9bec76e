package sheet

import (
	"strings"

	"github.com/tanggap/tanggap/pkg/money"
)

// Plausible monthly wages. Below the lower bound stands "4.500" or "4,5": thousands or millions left out, which
// nobody can tell apart from the text.
const (
	leastWage money.Rupiah = 100_000
	mostWage  money.Rupiah = 10_000_000_000
)

// parseWage reads a monthly wage in whole rupiah, halves rounded up; ok is false when it is not one.
func parseWage(c cell) (wage money.Rupiah, ok bool) {
	text := hyphens(tidy(c.text))
	if c.kind != numberCell {
		if text, ok = wageDigits(text); !ok {
			return 0, false
		}
	}
	d, ok := parseDecimal(text)
	if !ok || d.negative {
		return 0, false
	}
	n, ok := d.rounded()
	wage = money.Rupiah(n)
	return wage, ok && wage >= leastWage && wage <= mostWage
}

// wageDigits turns "Rp 4.500.000,00", "Rp4.500.000,-", "4,500,000" and "4500000,5" into number syntax. A separator
// followed by three digits groups thousands; the last one followed by any other number of digits begins the fraction.
func wageDigits(text string) (string, bool) {
	text = strings.ToLower(text)
	for _, unit := range []string{"rp.", "rp", "idr"} {
		if rest, found := strings.CutPrefix(text, unit); found {
			text = strings.TrimSpace(rest)
			break
		}
	}
	for _, end := range []string{",-", ".-", ",--"} {
		if rest, found := strings.CutSuffix(text, end); found {
			text = rest
			break
		}
	}
	whole, fraction := cutFraction(text)
	whole, ok := ungroup(whole)
	if !ok || fraction != "" && !allDigits(fraction) {
		return "", false
	}
	return whole + "." + fraction + "0", true
}

// cutFraction splits at the last separator, unless just three digits follow it: they may be thousands.
func cutFraction(s string) (whole, fraction string) {
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && len(s)-i-1 != 3 && len(s)-i-1 > 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

// ungroup removes thousands separators, which must be of one kind and stand before each three digits.
func ungroup(s string) (string, bool) {
	separator := strings.IndexAny(s, "., ")
	if separator < 0 {
		return s, allDigits(s)
	}
	groups := strings.Split(s, s[separator:separator+1])
	for i, group := range groups {
		if !allDigits(group) || i > 0 && len(group) != 3 || i == 0 && len(group) > 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}
