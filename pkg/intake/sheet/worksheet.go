package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/tanggap/tanggap/pkg/fault"
)

const lastSheetRow = 1_048_576 // of the format

var (
	errRow    = errors.New("worksheet row has no valid number")
	errCell   = errors.New("worksheet cell has no valid place")
	errString = errors.New("worksheet cell names a missing shared string")
)

// worksheet streams the rows of one sheet. Only <v> and inline text are read: of a formula, what it last gave.
type worksheet struct {
	in     io.ReadCloser
	xml    *tokens
	texts  *texts
	limits Limits
	row    int // number of the row last begun
	column int // column last begun in it, -1 before the first
	cells  []cell
	buf    []byte
	bytes  int // of text in the row so far
	far    int // column, from 1, of a cell beyond the limit
	long   bool
	merged mergedCells
}

func (b *workbook) openSheet(s sheetPart, limits Limits) (*worksheet, error) {
	in, err := b.parts.open(s.part)
	if err != nil {
		return nil, err
	}
	return &worksheet{in: in, xml: newTokens(in), texts: b.strings, limits: limits}, nil
}

func (w *worksheet) close() { _ = w.in.Close() }

func (w *worksheet) next(ctx context.Context) (record, error) {
	for {
		token, err := w.xml.next(ctx)
		if err != nil {
			return record{}, err
		}
		e, ok := token.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "row":
			return w.readRow(ctx, e)
		case ok && e.Name.Local == "mergeCell":
			w.merged.add(attribute(e, "ref"))
		}
	}
}

func (w *worksheet) readRow(ctx context.Context, e xml.StartElement) (record, error) {
	if err := w.number(attribute(e, "r")); err != nil {
		return record{}, err
	}
	w.cells, w.column, w.bytes, w.far = w.cells[:0], -1, 0, 0
	for {
		token, err := w.xml.next(ctx)
		if err != nil {
			return record{}, atEnd(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "c" {
				if err := w.readCell(ctx, e); err != nil {
					return record{}, err
				}
			}
		case xml.EndElement:
			if e.Name.Local == "row" {
				return record{number: w.row, cells: w.merged.fill(w.row, w.cells), far: w.far}, nil
			}
		}
	}
}

// number takes the row's own number. The format demands ascending rows; a file that jumps back would show one list in
// a spreadsheet program and another here.
func (w *worksheet) number(text string) error {
	n := w.row + 1
	if text != "" {
		given, err := strconv.Atoi(text)
		if err != nil || given < 1 {
			return unreadable(errRow)
		}
		n = given
	}
	if n <= w.row {
		return fault.New(fault.Malformed, "intake.rows_out_of_order", "row", strconv.Itoa(w.row))
	}
	if n > lastSheetRow {
		return unreadable(errRow)
	}
	w.row = n
	return nil
}

func (w *worksheet) readCell(ctx context.Context, e xml.StartElement) error {
	column := w.column + 1
	if place := attribute(e, "r"); place != "" {
		column = columnOf(place)
	}
	if column <= w.column {
		return unreadable(errCell)
	}
	w.column = column
	c, err := w.readValue(ctx, attribute(e, "t"))
	if err != nil || c.kind == blankCell {
		return err
	}
	if column >= w.limits.Columns {
		if w.far == 0 && !c.empty() {
			w.far = column + 1
		}
		return nil
	}
	if w.bytes += len(c.text); w.bytes > w.limits.RowBytes {
		return rowTooLong(w.row, w.limits)
	}
	for len(w.cells) < column {
		w.cells = append(w.cells, cell{})
	}
	w.cells = append(w.cells, c)
	return nil
}

// readValue collects the text of <v>, or of <t> inside <is>, up to the end of the cell.
func (w *worksheet) readValue(ctx context.Context, kind string) (cell, error) {
	w.buf, w.long = w.buf[:0], false
	inValue, formula := false, false
	for {
		token, err := w.xml.next(ctx)
		if err != nil {
			return cell{}, atEnd(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inValue = e.Name.Local == "v" || e.Name.Local == "t"
			formula = formula || e.Name.Local == "f"
		case xml.EndElement:
			inValue = false
			if e.Name.Local == "c" {
				return w.value(kind, formula)
			}
		case xml.CharData:
			if inValue {
				w.put(e)
			}
		}
	}
}

// put keeps a piece of a value; of one that is too long nothing more.
func (w *worksheet) put(text []byte) {
	if w.long = w.long || len(w.buf)+len(text) > 4*w.limits.CellRunes; !w.long {
		w.buf = append(w.buf, text...)
	}
}

// value is what a cell holds. A formula that gives an empty text says so; one without any value was never calculated.
func (w *worksheet) value(kind string, formula bool) (cell, error) {
	text := string(w.buf)
	switch {
	case w.long:
		return cell{kind: longCell}, nil
	case text == "" && formula && kind != "str":
		return cell{kind: formulaCell}, nil
	case text == "":
		return cell{}, nil
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(text)
		shared, ok := w.texts.get(i)
		if err != nil || !ok {
			return cell{}, unreadable(errString)
		}
		if w.texts.long[i] {
			return cell{kind: longCell}, nil
		}
		return readText(unescape(shared)), nil
	case "e":
		return cell{kind: errorCell, text: clip(tidy(text), 30)}, nil
	case "", "n":
		return cell{kind: numberCell, text: text}, nil
	}
	return readText(unescape(text)), nil // str, inlineStr, b, and d: a date in ISO form
}

// unescape undoes what Excel does to line breaks, tabs and other characters that XML would lose: _x000D_ is a code.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		switch {
		case err != nil || utf16.IsSurrogate(rune(n)):
			return code
		case n == '\r':
			return "\n"
		}
		return string(rune(n))
	})
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// columnOf reads the letters of a place such as AB12; -1 when there are none or they lie beyond XFD.
func columnOf(place string) int {
	n := 0
	for i := range len(place) {
		if place[i] < 'A' || place[i] > 'Z' {
			break
		}
		if n = n*26 + int(place[i]-'A') + 1; n > 16_384 {
			return -1
		}
	}
	return n - 1
}

// atEnd turns the end of the file inside an element into what it is.
func atEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return unreadable(io.ErrUnexpectedEOF)
	}
	return err
}
