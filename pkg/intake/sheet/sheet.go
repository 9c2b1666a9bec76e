package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
)

// Options say by what a file is judged.
type Options struct {
	Regions  *region.Tree  // required
	Today    calendar.Date // in the office's zone; no date of the list may lie after it. Zero switches that check off
	Youngest int           // age in years below which a termination is asked about
	Limits   Limits
	Given    bool // rows bring their cells as written: personal data, for the report on a list only
}

// Read reads a list of size bytes and gives its rows to yield in ascending order, skipped ones included. The name
// serves only to refuse a file whose extension belies its content.
//
// An error from yield ends the reading and comes back as it is; so does ctx's. All other errors are faults:
// intake.empty, intake.too_large, intake.unsupported_type, intake.encrypted, intake.unreadable,
// intake.too_many_entries, intake.unpacked_too_large, intake.too_many_rows, intake.too_many_columns,
// intake.cell_too_long, intake.row_too_long, intake.quote_unclosed, intake.rows_out_of_order, intake.header_not_found,
// intake.header_ambiguous. After an error the rows already given out are part of a list and must not be used.
func Read(ctx context.Context, src io.ReaderAt, size int64, name string, opts Options, yield func(Row) error) (
	sum Summary, err error) {
	opts.Limits = opts.Limits.orDefault()
	run := &reading{opts: opts, words: newVocabulary(), yield: yield}
	defer func() {
		if cause := recover(); cause != nil {
			if run.yielding {
				panic(cause) // the caller's own
			}
			// The value of a panic may quote the file, so only its type and the place are kept.
			err = unreadable(fmt.Errorf("panic of type %T at %s", cause, debug.Stack()))
		}
		sum = run.sum
	}()
	switch {
	case size > opts.Limits.FileBytes:
		return sum, tooLarge("intake.too_large", opts.Limits.FileBytes)
	case size <= 0:
		return sum, fault.New(fault.Invalid, "intake.empty")
	}
	format, err := detect(src, size, name)
	if err != nil {
		return sum, err
	}
	if format == formatXLSX {
		return sum, run.workbook(ctx, src, size)
	}
	return sum, run.delimited(ctx, src, size)
}

// reading is one call of Read.
type reading struct {
	opts     Options
	words    vocabulary
	sum      Summary
	yield    func(Row) error
	yielding bool
}

func (r *reading) workbook(ctx context.Context, src io.ReaderAt, size int64) error {
	parts, err := openArchive(src, size, r.opts.Limits)
	if err != nil {
		return err
	}
	book, err := openWorkbook(ctx, parts, r.opts.Limits)
	if err != nil {
		return err
	}
	part, head, err := r.chooseSheet(ctx, book)
	if err != nil {
		return err
	}
	if err := head.usable(); err != nil {
		return err
	}
	r.sum.Sheet = part.name
	g, err := book.openSheet(part, r.opts.Limits)
	if err != nil {
		return err
	}
	defer g.close()
	return r.rows(ctx, g, head, book.base, true)
}

// chooseSheet takes the first sheet with a complete header, and names the others that have one.
func (r *reading) chooseSheet(ctx context.Context, book *workbook) (chosen sheetPart, best header, err error) {
	found := false
	for _, s := range book.sheets {
		g, err := book.openSheet(s, r.opts.Limits)
		if err != nil {
			return chosen, best, err
		}
		head, err := findHeader(ctx, g, r.words)
		g.close()
		complete := len(head.missing()) == 0
		switch {
		case err != nil:
			return chosen, best, err
		case complete && found:
			r.sum.Others = append(r.sum.Others, s.name)
		case complete || !found && len(head.columns) > len(best.columns):
			chosen, best, found = s, head, complete
		}
	}
	return chosen, best, nil
}

func (r *reading) delimited(ctx context.Context, src io.ReaderAt, size int64) error {
	code, err := detectCharset(src, size)
	if err != nil {
		return unreadable(err)
	}
	head, separator, err := r.chooseSeparator(ctx, code, src, size)
	if err != nil {
		return err
	}
	if err := head.usable(); err != nil {
		return err
	}
	r.sum.Encoding, r.sum.Separator = code.name, string(separator)
	return r.rows(ctx, newDelimited(code.open(src, size), separator, r.opts.Limits), head, dayBase{}, false)
}

// chooseSeparator tries each one and takes that under which the header names the most columns.
func (r *reading) chooseSeparator(ctx context.Context, code charset, src io.ReaderAt,
	size int64) (best header, chosen byte, err error) {
	var failed error
	for _, separator := range []byte(";,\t|") {
		head, err := findHeader(ctx, newDelimited(code.open(src, size), separator, r.opts.Limits), r.words)
		if err != nil {
			failed = err // the wrong separator may see endless cells; the right one will not
		}
		if chosen == 0 || len(head.columns) > len(best.columns) {
			best, chosen = head, separator
		}
	}
	if len(best.missing()) > 0 && failed != nil {
		return best, chosen, failed
	}
	return best, chosen, nil
}

// rows reads the whole sheet below its header.
func (r *reading) rows(ctx context.Context, g grid, head header, base dayBase, workbook bool) error {
	checker := newChecker(r.opts, head, base)
	r.sum.Header = head.row
	l := &layout{head: head, words: r.words, workbook: workbook, emit: r.give}
	l.check = func(rec record) error {
		if r.sum.Rows >= r.opts.Limits.Rows {
			return tooLarge("intake.too_many_rows", int64(r.opts.Limits.Rows))
		}
		return r.give(checker.check(rec))
	}
	for {
		rec, err := g.next(ctx)
		if errors.Is(err, io.EOF) {
			err := l.end()
			r.sum.Skipped += l.untold
			return err
		}
		if err == nil {
			err = l.take(rec)
		}
		if err != nil {
			return err
		}
		if rec.number%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// give counts a row and hands it out.
func (r *reading) give(row Row) error {
	switch row.Status {
	case Valid:
		r.sum.Valid++
	case ValidWarning:
		r.sum.Warned++
	case Reject:
		r.sum.Rejected++
	case Skip:
		if r.sum.Skipped++; r.sum.Skipped > r.opts.Limits.Rows {
			return fault.New(fault.TooLarge, "intake.too_many_rows", "limit", strconv.Itoa(r.opts.Limits.Rows))
		}
	}
	if row.Status != Skip {
		r.sum.Rows++
	}
	r.yielding = true
	err := r.yield(row)
	r.yielding = false
	return err
}
