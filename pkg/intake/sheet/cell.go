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
	numberCell // a number as the file spells it, never converted to a float
	errorCell
)

type cell struct {
	kind kind
	text string
}

// record is one row of a file. Its cells are valid until the next record is read.
type record struct {
	number int
	cells  []cell
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
	return c.kind == blankCell || c.kind != errorCell && strings.IndexFunc(c.text, visible) < 0
}

// void also counts the dashes that people type for "none".
func (c cell) void() bool {
	return c.empty() || c.kind == textCell && strings.IndexFunc(c.text, func(r rune) bool {
		return visible(r) && !unicode.Is(unicode.Pd, r) && r != '−' && r != '_'
	}) < 0
}

func visible(r rune) bool { return !unicode.IsSpace(r) && unicode.IsGraphic(r) }

// tidy brings text to NFC, with one plain space for each run of blanks, line breaks and control characters.
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

// textOrError keeps apart an error value that was saved or pasted as text.
func textOrError(s string) cell {
	if strings.Contains(s, "#") && textError(tidy(s)) {
		return cell{kind: errorCell}
	}
	return cell{kind: textCell, text: s}
}

// textError recognises the error values that spreadsheet programs write into text files.
func textError(s string) bool {
	if len(s) < 4 || s[0] != '#' {
		return false
	}
	switch strings.ToUpper(s) {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA":
		return true
	}
	return false
}

// letter names a column, counted from 0, as a spreadsheet does.
func letter(column int) string {
	var name []byte
	for column++; column > 0; column = (column - 1) / 26 {
		name = append([]byte{byte('A' + (column-1)%26)}, name...)
	}
	return string(name)
}
