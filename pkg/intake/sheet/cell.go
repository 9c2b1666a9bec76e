package sheet

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// kind is what the file says a cell is. It decides whether a NIK can be trusted.
type kind uint8

const (
	blankCell kind = iota
	textCell
	numberCell  // a number as the file spells it, never converted to a float
	errorCell   // of which the text is kept as it stood
	formulaCell // a formula that has not been calculated: a spreadsheet program shows a value, the file has none
	mergedCell  // part of merged cells whose value stands in another one
	longCell    // more text than a cell of a spreadsheet can have; it was passed over
)

type cell struct {
	kind    kind
	text    string // cleaned
	changed string // characters that cleaning took away or replaced
	raw     string // as it stood, when it was changed
}

// record is one row of a file. Its cells are valid until the next record is read.
type record struct {
	number int
	cells  []cell
	far    int // column, counted from 1, of a cell beyond all columns that are read
}

// grid gives the rows of one sheet in ascending order and io.EOF after the last. Absent rows are not given.
type grid interface {
	next(ctx context.Context) (record, error)
}

func (r record) at(column int) cell {
	if column < 0 || column >= len(r.cells) {
		return cell{}
	}
	return r.cells[column]
}

func (r record) filled() int {
	n := 0
	for _, c := range r.cells {
		if !c.empty() {
			n++
		}
	}
	return n
}

func (r record) bytes() int {
	n := 0
	for _, c := range r.cells {
		n += len(c.text)
	}
	return n
}

// empty also counts text that shows nothing.
func (c cell) empty() bool {
	switch c.kind {
	case blankCell, mergedCell:
		return true
	case textCell, numberCell:
		return strings.IndexFunc(c.text, visible) < 0
	case errorCell, formulaCell, longCell:
	}
	return false
}

// void also counts the dashes that people type for "none", and what programs write for it.
func (c cell) void() bool {
	return c.empty() || c.kind == textCell && (noValue(tidy(c.text)) || strings.IndexFunc(c.text, func(r rune) bool {
		return visible(r) && !unicode.Is(unicode.Pd, r) && r != '−' && r != '_'
	}) < 0)
}

// noValue are the texts that databases and scripts write for an empty value, in their own spelling: people are called
// Nan, and nobody "nan".
func noValue(s string) bool {
	switch s {
	case "NULL", "null", "Null", "(null)", "(NULL)", "[NULL]", "<null>", "<NULL>", "\\N",
		"None", "none", "nil", "undefined",
		"nan", "NaN", "NaT", "NA", "N/A", "n/a", "N.A.", "<NA>", "(blank)", "(kosong)", "(empty)":
		return true
	}
	return false
}

func visible(r rune) bool { return !unicode.IsSpace(r) && !unseen(r) }

// tidy brings cleaned text to NFC, with one plain space for each run of blanks and line breaks.
func tidy(s string) string {
	if plain(s) {
		return s
	}
	return norm.NFC.String(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !visible(r) }), " "))
}

// plain finds the common case that needs no work: printable ASCII with single inner spaces.
func plain(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		b := s[i]
		if b < ' ' || b > '~' || b == ' ' && last == ' ' {
			return false
		}
		last = b
	}
	return last != ' ' || s == ""
}

// readText is the cell of a text, cleaned; an error value that was saved or pasted as text is kept apart.
func readText(s string) cell {
	text, changed := clean(s)
	if errorText(text) {
		return cell{kind: errorCell, text: tidy(text)}
	}
	c := cell{kind: textCell, text: text, changed: changed}
	if changed != "" {
		c.raw = s
	}
	return c
}

// errorText recognises the error values that spreadsheet programs show, in whatever language: #N/A, #NV, #BEZUG!,
// #¿NOMBRE?, Err:502, and the ##### of a column that is too narrow.
func errorText(s string) bool {
	if !strings.ContainsAny(s, "#:") || len(s) > 100 {
		return false
	}
	s = strings.ToUpper(tidy(s))
	if number, found := strings.CutPrefix(s, "ERR:"); found {
		return allDigits(number)
	}
	if number, found := strings.CutPrefix(s, "GALAT:"); found { // of LibreOffice in Indonesian
		return allDigits(number)
	}
	rest, found := strings.CutPrefix(s, "#")
	switch {
	case !found || rest == "" || strings.ContainsAny(rest, " ,;"):
		return false
	case strings.Trim(rest, "#") == "" || strings.HasSuffix(rest, "!") || strings.HasSuffix(rest, "?"):
		return true
	}
	return rest == "GETTING_DATA" || rest == "NV" || len(rest) <= 4 && strings.HasPrefix(rest, "N/") || rest == "NA"
}

// letter names a column, counted from 0, as a spreadsheet does.
func letter(column int) string {
	var name []byte
	for column++; column > 0; column = (column - 1) / 26 {
		name = append([]byte{byte('A' + (column-1)%26)}, name...)
	}
	return string(name)
}
