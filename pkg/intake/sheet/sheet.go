package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"

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
	Titles   map[string]string // what the officer stated of this employer's titles: the name of a field, "" for none
	Given    bool              // rows bring their cells as written: personal data, for the report on a list only
}

// Read reads a list of size bytes and gives its rows to yield in ascending order, skipped ones included. The name
// serves only to refuse a file whose extension belies its content.
//
// An error from yield ends the reading and comes back as it is; so does ctx's. All other errors are faults:
// intake.empty, intake.too_large, intake.unsupported_type, intake.encrypted, intake.unreadable,
// intake.workbook_misnamed, intake.too_many_entries, intake.unpacked_too_large, intake.too_many_rows,
// intake.row_too_long, intake.quote_unclosed, intake.rows_out_of_order, intake.header_not_found,
// intake.header_ambiguous. After an error the rows already given out are part of a list and must not be used.
func Read(ctx context.Context, src io.ReaderAt, size int64, name string, opts Options, yield func(Row) error) (
	sum Summary, err error) {
	opts.Limits = opts.Limits.orDefault()
	run := &reading{opts: opts, words: newVocabulary(opts.Titles), yield: yield}
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
		err = run.workbook(ctx, src, size)
	} else {
		err = run.delimited(ctx, src, size)
	}
	if err == nil {
		run.noteSheets()
	}
	return sum, err
}

// reading is one call of Read.
type reading struct {
	opts     Options
	words    vocabulary
	sum      Summary
	yield    func(Row) error
	yielding bool
	last     int // key of the row last given out
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
	lists, err := r.chooseSheets(ctx, book)
	if err != nil {
		return err
	}
	k := newChecker(r.opts, book.base)
	for _, one := range lists {
		if err := r.list(ctx, k, one, func() (grid, func(), error) {
			g, err := book.openSheet(one.part, r.opts.Limits)
			return g, func() { g.close() }, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// list is a table of workers: a sheet of a workbook, or a CSV file.
type list struct {
	part sheetPart
	head header
}

// chooseSheets takes every sheet with a complete header, and tells of the others. A workbook without one is refused for
// what the best of them lacks.
func (r *reading) chooseSheets(ctx context.Context, book *workbook) ([]list, error) {
	var found, others []list
	for _, s := range book.sheets {
		g, err := book.openSheet(s, r.opts.Limits)
		if err != nil {
			return nil, err
		}
		head, err := findHeader(ctx, g, r.words)
		g.close()
		if err != nil {
			return nil, err
		}
		if one := (list{s, head}); len(head.missing()) == 0 && !s.hidden {
			found = append(found, one)
		} else {
			others = append(others, one)
		}
	}
	if len(found) == 0 {
		return nil, bestOf(others).usable()
	}
	for _, one := range found {
		if err := one.head.usable(); err != nil {
			return nil, err
		}
	}
	if book.more > 0 {
		r.note(NoteSheetsMany, "sheets", strconv.Itoa(book.more), "limit", strconv.Itoa(r.opts.Limits.Sheets))
	}
	return found, r.leftOut(ctx, book, others)
}

// bestOf is the header that names the most columns.
func bestOf(lists []list) header {
	var best header
	for _, one := range lists {
		if len(one.head.columns) > len(best.columns) && !one.part.hidden {
			best = one.head
		}
	}
	return best
}

// leftOut tells of the sheets that are not read and hold something.
func (r *reading) leftOut(ctx context.Context, book *workbook, others []list) error {
	for _, one := range others {
		rows, err := r.count(ctx, book, one.part)
		switch {
		case err != nil:
			return err
		case rows == 0:
		case one.part.hidden:
			r.note(NoteSheetHidden, "sheet", one.part.name, "rows", strconv.Itoa(rows))
		default:
			r.note(NoteSheetNotRead, "sheet", one.part.name, "rows", strconv.Itoa(rows), "missing",
				strings.Join(one.head.missing(), ", "))
		}
	}
	return nil
}

// count is how many rows of a sheet hold something. What is wrong with a sheet that is not read does not matter.
func (r *reading) count(ctx context.Context, book *workbook, part sheetPart) (rows int, err error) {
	g, err := book.openSheet(part, r.opts.Limits)
	if err != nil {
		return 0, err
	}
	defer g.close()
	for {
		rec, err := g.next(ctx)
		if err != nil {
			return rows, ctx.Err()
		}
		if rec.filled() > 0 {
			rows++
		}
	}
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
	r.noteEncoding(code)
	k := newChecker(r.opts, dayBase{})
	return r.list(ctx, k, list{head: head}, func() (grid, func(), error) {
		return newDelimited(code.open(src, size), separator, r.opts.Limits), func() {}, nil
	})
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

// list reads a table twice: first for what it shows as a whole, then row by row.
func (r *reading) list(ctx context.Context, k *checker, one list, open func() (grid, func(), error)) error {
	g, done, err := open()
	if err != nil {
		return err
	}
	seen, err := surveyOf(ctx, g, one.head, k.base)
	done()
	if err != nil {
		return err
	}
	again, done, err := open()
	if err != nil {
		return err
	}
	defer done()
	if w, ok := again.(*worksheet); ok {
		first, _ := g.(*worksheet)
		w.merged = first.merged.below(one.head)
	}
	k.sheet, k.before, k.head, k.survey = one.part.name, r.last, one.head, seen
	r.noteColumns(one.part.name, one.head, seen)
	before := r.sum.Rows
	err = r.rows(ctx, again, k, one.part.name != "")
	r.sum.Sheets = append(r.sum.Sheets, Sheet{Name: one.part.name, Header: one.head.row, Workers: r.sum.Rows - before})
	return err
}

// rows reads the whole sheet below its header.
func (r *reading) rows(ctx context.Context, g grid, k *checker, workbook bool) error {
	l := &layout{head: k.head, words: r.words, workbook: workbook, emit: r.give, sheet: k.sheet, before: k.before,
		given: k.keep}
	l.check = func(rec record) error {
		if r.sum.Rows >= r.opts.Limits.Rows {
			return tooLarge("intake.too_many_rows", int64(r.opts.Limits.Rows))
		}
		return r.give(k.check(rec))
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
	r.last = row.Key
	r.yielding = true
	err := r.yield(row)
	r.yielding = false
	return err
}
