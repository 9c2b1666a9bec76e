package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/wording"
)

// Report writes the list back as a spreadsheet: every row of a worker as it was given, with the verdict and all reasons
// beside it, to be corrected and loaded again. Every cell is text, so that a NIK keeps its digits and no formula runs.
// It holds the workers' full data: it is for those who may upload the list.
func (s *Service) Report(ctx context.Context, scope authz.Scope, id uuid.UUID, lang string, w io.Writer) error {
	in, file, err := s.Store.OpenFile(ctx, scope, id)
	if err != nil {
		return err
	}
	rights, err := s.Rights(ctx, in.Officer, authz.IntakeCreate)
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	out, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return fmt.Errorf("make report: %w", err)
	}
	line := 0
	write := func(cells []any) error {
		line++
		return out.SetRow(fmt.Sprintf("A%d", line), cells)
	}
	options := s.options(in)
	options.Given = true
	_, err = sheet.Read(ctx, bytes.NewReader(file), int64(len(file)), in.FileName, options, func(r sheet.Row) error {
		runtime.Gosched()
		if r.Status == sheet.Skip {
			return nil
		}
		if line == 0 {
			if err := write(headers(r, lang)); err != nil {
				return err
			}
		}
		return write(cellsOf(inReach(r, rights), lang))
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return book.Write(w)
}

// headers are those of the list, and of the two columns that a report adds. The reader of lists knows neither, so that
// a corrected report can be loaded as it is.
func headers(r sheet.Row, lang string) []any {
	var cells []any
	for _, g := range r.Given {
		cells = append(cells, g.Header)
	}
	return append(cells, wording.Message(lang, "intake.report_verdict", nil), wording.Message(lang, "intake.report_mend",
		nil))
}

func cellsOf(r sheet.Row, lang string) []any {
	var cells []any
	for _, g := range r.Given {
		cells = append(cells, g.Text)
	}
	reasons := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		if reasons[i] = reason.Message(lang); reason.Column.Header != "" {
			reasons[i] = reason.Column.Header + ": " + reasons[i]
		}
	}
	return append(cells, wording.Label(lang, r.Status), strings.Join(reasons, "\n"))
}
