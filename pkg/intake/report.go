package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/page"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Report writes the list back as a spreadsheet: every sheet that was read with all its rows and columns where they
// stood, and to the right of them the row, the verdict, all reasons and what came of the row, to be corrected and
// loaded again. Every cell is text, so that a NIK keeps its digits and no formula runs. It holds the workers' full
// data: it is for those who may upload the list.
func (s *Service) Report(ctx context.Context, scope authz.Scope, id uuid.UUID, lang string, w io.Writer) error {
	in, file, err := s.Store.OpenFile(ctx, scope, id)
	if err != nil {
		return err
	}
	rights, err := s.Rights(ctx, in.Officer, authz.IntakeCreate)
	if err != nil {
		return err
	}
	options := s.options(in)
	options.Given = true
	read := func(yield func(sheet.Row) error) (sheet.Summary, error) {
		return sheet.Read(ctx, bytes.NewReader(file), int64(len(file)), in.FileName, options, yield)
	}
	spans, err := spansOf(read)
	if err != nil {
		return err
	}
	book, err := newReportBook(w, spans, lang)
	if err != nil {
		return fmt.Errorf("make report: %w", err)
	}
	came := &results{store: s.Store, scope: scope, list: id}
	_, err = read(func(r sheet.Row) error {
		runtime.Gosched()
		result, err := came.of(ctx, r)
		if err != nil {
			return err
		}
		return book.row(inReach(r, rights), result)
	})
	if err == nil {
		err = book.close()
	}
	if err != nil && fault.CodeOf(err) == "" {
		err = fmt.Errorf("write report: %w", err)
	}
	return err
}

// span is how large a sheet of the list is.
type span struct {
	sheet.Sheet
	number  int // among the sheets that were read, from 1
	columns int // of the list itself
	last    int // row
	widths  []int
}

// spansOf learns how wide the sheets are, so that what a report adds stands beside all that the employer wrote.
func spansOf(read func(func(sheet.Row) error) (sheet.Summary, error)) ([]*span, error) {
	var spans []*span
	sum, err := read(func(r sheet.Row) error {
		if n := len(spans); n == 0 || spans[n-1].Name != r.Sheet {
			spans = append(spans, &span{Sheet: sheet.Sheet{Name: r.Sheet}, number: n + 1})
		}
		spans[len(spans)-1].take(r)
		return nil
	})
	for i := range min(len(spans), len(sum.Sheets)) {
		spans[i].Sheet = sum.Sheets[i]
	}
	return spans, err
}

const widest = 40 // characters

func (s *span) take(r sheet.Row) {
	s.last, s.columns = r.Number, max(s.columns, len(r.Given))
	for i, text := range r.Given {
		if i == len(s.widths) {
			s.widths = append(s.widths, 8)
		}
		s.widths[i] = max(s.widths[i], min(len(text)+2, widest))
	}
}

// added are the cells that a report puts beside a row of the list.
func added(r sheet.Row, result Result, lang string) [4]string {
	reasons := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		if reasons[i] = reason.Message(lang); reason.Column.Header != "" {
			reasons[i] = reason.Column.Header + ": " + reasons[i]
		}
	}
	cells := [4]string{strconv.Itoa(r.Number), wording.Label(lang, r.Status), strings.Join(reasons, "\n"), ""}
	if result != "" {
		cells[3] = wording.Label(lang, result)
	}
	return cells
}

// results gives what came of the rows, in their order, from the store page by page.
type results struct {
	store Store
	scope authz.Scope
	list  uuid.UUID
	rows  []Row
	last  int
	ended bool
}

func (p *results) of(ctx context.Context, r sheet.Row) (Result, error) {
	for {
		for len(p.rows) > 0 && p.rows[0].Key < r.Key {
			p.rows = p.rows[1:]
		}
		switch {
		case len(p.rows) > 0 && p.rows[0].Key == r.Key:
			return p.rows[0].Result, nil
		case len(p.rows) > 0 || p.ended:
			return "", nil
		}
		more, err := p.store.ListRows(ctx, p.scope, p.list, RowFilter{After: p.last, Limit: page.MaxSize})
		if err != nil {
			return "", err
		}
		if p.rows, p.ended = more, len(more) < page.MaxSize; len(more) > 0 {
			p.last = more[len(more)-1].Key
		}
	}
}
