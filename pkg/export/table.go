package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/codelist"
)

// TableFormat is the form of a plain table.
type TableFormat string

// The forms.
const (
	CSVTable  TableFormat = "csv"
	XLSXTable TableFormat = "xlsx"
)

// Values lists both forms.
func (TableFormat) Values() []TableFormat { return []TableFormat{CSVTable, XLSXTable} }

// Valid tells whether f is one of the forms.
func (f TableFormat) Valid() bool { return codelist.Has(f) }

// MediaType is that of a file.
func (f TableFormat) MediaType() string {
	if f == XLSXTable {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Table writes lines, the first of which is the heading. No cell is run as a formula, and every one is text, but for
// whole numbers in the columns that are named: a spreadsheet can add them up.
func Table(f TableFormat, lines [][]string, numbers ...int) ([]byte, error) {
	var out bytes.Buffer
	if f == XLSXTable {
		return spreadsheet(lines, numbers)
	}
	w := csv.NewWriter(&out)
	for _, line := range lines {
		if err := w.Write(harmless(line)); err != nil {
			return nil, fmt.Errorf("write table: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// numeric is a whole number as one, and anything else as it is.
func numeric(text string) any {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return Printable(text)
}

// columnWidth is wide enough for a name or a date.
const columnWidth = 20

func spreadsheet(lines [][]string, numbers []int) ([]byte, error) {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	const sheet = "Sheet1"
	to, err := book.NewStreamWriter(sheet)
	if err == nil && len(lines[0]) > 0 {
		err = to.SetColWidth(1, len(lines[0]), columnWidth)
	}
	if err == nil {
		err = to.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	for i, line := range lines {
		cells := make([]any, len(line))
		for n, text := range line {
			if cells[n] = Printable(text); i > 0 && slices.Contains(numbers, n) {
				cells[n] = numeric(text)
			}
		}
		if err == nil {
			err = to.SetRow("A"+strconv.Itoa(i+1), cells)
		}
	}
	if err == nil {
		err = to.Flush()
	}
	if err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	return out.Bytes(), nil
}
