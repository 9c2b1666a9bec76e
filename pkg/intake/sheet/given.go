package sheet

import (
	"strings"
	"unicode"
)

// What a report writes into cells that look filled and hold nothing, so that loaded again they are no empty cells.
const (
	givenFormula = "#FORMULA!"
	givenMerged  = "#MERGED!"
	givenLong    = "#TOO_LONG!"
)

// given are all cells of a row as they were written, for giving the list back to whoever has to correct it.
func given(r record) []string {
	out := make([]string, len(r.cells))
	for i, c := range r.cells {
		out[i] = c.given()
	}
	return out
}

// given keeps a text as it stood, and spells a number in full.
func (c cell) given() string {
	switch c.kind {
	case formulaCell:
		return givenFormula
	case mergedCell:
		return givenMerged
	case longCell:
		return givenLong
	case numberCell:
		if d, ok := parseDecimal(strings.TrimSpace(c.text)); ok {
			return d.spelt()
		}
	case textCell:
		if c.raw != "" {
			return strings.Map(writable, c.raw)
		}
	case blankCell, errorCell:
	}
	return c.text
}

// writable replaces what the XML of a workbook cannot hold by another character that nobody sees.
func writable(r rune) rune {
	if unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r) || r == '\v' || r == '\f' || r == '\u0085' {
		return '\u200b'
	}
	return r
}

// given are the cells of a worker's row: day numbers become dates, and a NIK that lost digits as a number must not
// become whole by being given back as text.
func (in *inspection) given() []string {
	out := given(in.record)
	for _, f := range []field{fieldNIK, fieldBirth, fieldPHK, fieldPlaceBirth} {
		column, ok := in.head.columns[f]
		if !ok || column >= len(out) {
			continue
		}
		c := in.record.at(column)
		switch {
		case f == fieldNIK && c.kind == numberCell && in.row.Worker.NIK.IsZero() && allDigits(out[column]):
			out[column] += ".0"
		case f != fieldNIK:
			out[column] = in.givenDate(c, out[column])
		}
	}
	return out
}

// givenDate spells a day number as a date, with the time of day where it says something.
func (in *inspection) givenDate(c cell, text string) string {
	if c.kind == textCell && strings.Trim(tidy(c.text), "0123456789.,") != "" {
		return text
	}
	found := in.base.read(c)
	if found.code != "" || !found.machine {
		return text
	}
	return strings.TrimSpace(found.date.String() + " " + found.clock)
}
