package sheet

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

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
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "row" {
			return w.readRow(ctx, e)
		}
	}
}

func (w *worksheet) readRow(ctx context.Context, e xml.StartElement) (record, error) {
	if err := w.number(attribute(e, "r")); err != nil {
		return record{}, err
	}
	w.cells, w.column, w.bytes = w.cells[:0], -1, 0
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
				return record{number: w.row, cells: w.cells}, nil
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
	kind := attribute(e, "t")
	if err := w.readValue(ctx); err != nil || len(w.buf) == 0 {
		return err
	}
	if column >= w.limits.Columns {
		return tooLarge("intake.too_many_columns", int64(w.limits.Columns))
	}
	c, err := w.value(kind)
	if err != nil {
		return err
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
func (w *worksheet) readValue(ctx context.Context) error {
	w.buf = w.buf[:0]
	inValue := false
	for {
		token, err := w.xml.next(ctx)
		if err != nil {
			return atEnd(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inValue = e.Name.Local == "v" || e.Name.Local == "t"
		case xml.EndElement:
			inValue = false
			if e.Name.Local == "c" {
				return nil
			}
		case xml.CharData:
			if inValue && len(w.buf)+len(e) > 4*w.limits.CellRunes {
				return cellTooLong(w.row, w.limits)
			}
			if inValue {
				w.buf = append(w.buf, e...)
			}
		}
	}
}

func (w *worksheet) value(kind string) (cell, error) {
	text := string(w.buf)
	switch kind {
	case "s":
		i, err := strconv.Atoi(text)
		shared, ok := w.texts.get(i)
		if err != nil || !ok {
			return cell{}, unreadable(errString)
		}
		return textOrError(unescape(shared)), nil
	case "e":
		return cell{kind: errorCell}, nil
	case "", "n":
		return cell{kind: numberCell, text: text}, nil
	}
	return textOrError(unescape(text)), nil // str, inlineStr, b, and d: a date in ISO form
}

// unescape undoes what Excel does to line breaks and tabs that XML would lose.
func unescape(s string) string {
	if !strings.Contains(s, "_x000") {
		return s
	}
	return strings.NewReplacer("_x000D_", "\n", "_x000A_", "\n", "_x0009_", "\t").Replace(s)
}

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
