package intake

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/wording"
)

// reportBook writes a report sheet by sheet; what is beyond a part of it waits in files, not in memory.
type reportBook struct {
	to     io.Writer
	file   *excelize.File
	spans  []*span
	lang   string
	sheet  int // index of the sheet that is written, -1 before the first
	out    *excelize.StreamWriter
	styles reportStyles
	cells  []any
}

// reportStyles are those of cells: text, whatever is typed into them, so that a NIK stays whole and a date as it is.
type reportStyles struct{ text, refused, warned, head int }

func newReportBook(to io.Writer, spans []*span, lang string) (*reportBook, error) {
	b := &reportBook{to: to, file: excelize.NewFile(), spans: spans, lang: lang, sheet: -1}
	const asText = 49 // the format @
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	for _, one := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.styles.text, excelize.Style{NumFmt: asText}},
		{&b.styles.refused, excelize.Style{NumFmt: asText, Fill: fill("FFC7CE")}},
		{&b.styles.warned, excelize.Style{NumFmt: asText, Fill: fill("FFEB9C")}},
		{&b.styles.head, excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true}}},
	} {
		var err error
		if *one.id, err = b.file.NewStyle(&one.style); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// row writes a row where it stood in the list.
func (b *reportBook) row(r sheet.Row, result Result) error {
	for b.sheet < 0 || b.spans[b.sheet].Name != r.Sheet {
		if err := b.next(); err != nil {
			return err
		}
	}
	s := b.spans[b.sheet]
	style := b.styles.text
	switch {
	case r.Number == s.Header:
		style = b.styles.head
	case r.Status == sheet.Reject:
		style = b.styles.refused
	case r.Status == sheet.ValidWarning:
		style = b.styles.warned
	}
	b.cells = b.cells[:0]
	for _, text := range r.Given {
		b.cells = append(b.cells, excelize.Cell{StyleID: style, Value: text})
	}
	for len(b.cells) < s.columns {
		b.cells = append(b.cells, excelize.Cell{StyleID: style})
	}
	for _, text := range b.beside(r, result, s) {
		b.cells = append(b.cells, excelize.Cell{StyleID: style, Value: text})
	}
	return b.out.SetRow(fmt.Sprintf("A%d", r.Number), b.cells)
}

// beside is what stands to the right of a row: titles, or what was found; nothing beside what is no worker's.
func (b *reportBook) beside(r sheet.Row, result Result, s *span) []string {
	switch {
	case r.Number == s.Header:
		var titles []string
		for _, code := range sheet.ReportColumns() {
			titles = append(titles, wording.Message(b.lang, code, nil))
		}
		return titles
	case r.Status == sheet.Skip:
		return nil
	}
	cells := added(r, result, b.lang)
	return cells[:]
}

// next begins the next sheet: the titles stay in sight, and the workers can be filtered and sorted by what was found.
func (b *reportBook) next() error {
	if err := b.flush(); err != nil {
		return err
	}
	b.sheet++
	s := b.spans[b.sheet]
	if b.sheet == 0 {
		if err := b.file.SetSheetName("Sheet1", s.name()); err != nil {
			return err
		}
	} else if _, err := b.file.NewSheet(s.name()); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(s.columns+len(sheet.ReportColumns()), max(s.last, s.Header+1))
	if err != nil {
		return err
	}
	if err := b.file.AutoFilter(s.name(), fmt.Sprintf("A%d:%s", s.Header, last), nil); err != nil {
		return err
	}
	if b.out, err = b.file.NewStreamWriter(s.name()); err != nil {
		return err
	}
	for i, width := range append(append([]int(nil), s.widths...), 10, 18, 60, 24) {
		if err := b.out.SetColWidth(i+1, i+1, float64(width)); err != nil {
			return err
		}
	}
	below := fmt.Sprintf("A%d", s.Header+1)
	return b.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: s.Header, TopLeftCell: below, ActivePane: "bottomLeft"})
}

// flush ends the sheet that is written.
func (b *reportBook) flush() error {
	if b.out == nil {
		return nil
	}
	return b.out.Flush()
}

// close writes the book.
func (b *reportBook) close() error {
	defer func() { _ = b.file.Close() }()
	if err := b.flush(); err != nil {
		return err
	}
	return b.file.Write(b.to)
}

// name is the sheet's own, unless it has none, as a CSV file, or one that no spreadsheet program would have given.
func (s *span) name() string {
	if s.Name == "" || utf8.RuneCountInString(s.Name) > 31 || strings.ContainsAny(s.Name, `:\/?*[]`) ||
		strings.HasPrefix(s.Name, "'") || strings.HasSuffix(s.Name, "'") {
		return "Daftar " + strconv.Itoa(s.number)
	}
	return s.Name
}
