package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"strconv"

	"golang.org/x/text/encoding"

	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Limits bound what one file may cost. A zero field takes its value from [DefaultLimits].
type Limits struct {
	FileBytes     int64 // size of the file as uploaded
	UnpackedBytes int64 // sum over all entries of a workbook
	StringBytes   int64 // text that a workbook's cells share, held in memory while it is read
	Strings       int   // number of such texts, held in memory too
	Entries       int   // entries of a workbook
	Sheets        int   // sheets looked at for a header
	Rows          int   // rows with a worker; rows without one have the same limit of their own
	Columns       int   // columns that may hold a value
	CellRunes     int   // characters in one cell; what Excel itself allows
	RowBytes      int   // text of one row
}

// DefaultLimits are the documented ones: 20 MB, 50 000 workers. The largest holdings in memory, shared texts and
// seen NIKs, stay far under 256 MiB with them.
func DefaultLimits() Limits {
	return Limits{
		FileBytes:     20_000_000,
		UnpackedBytes: 200 << 20,
		StringBytes:   32 << 20,
		Strings:       2_000_000,
		Entries:       1_000,
		Sheets:        32,
		Rows:          50_000,
		Columns:       256,
		CellRunes:     32_767,
		RowBytes:      1 << 20,
	}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	fill(&l.FileBytes, d.FileBytes)
	fill(&l.UnpackedBytes, d.UnpackedBytes)
	fill(&l.StringBytes, d.StringBytes)
	fill(&l.Strings, d.Strings)
	fill(&l.Entries, d.Entries)
	fill(&l.Sheets, d.Sheets)
	fill(&l.Rows, d.Rows)
	fill(&l.Columns, d.Columns)
	fill(&l.CellRunes, d.CellRunes)
	fill(&l.RowBytes, d.RowBytes)
	return l
}

func fill[T int | int64](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

func rowTooLong(row int, limits Limits) error {
	return fault.New(fault.TooLarge, "intake.row_too_long", "row", strconv.Itoa(row), "limit",
		strconv.Itoa(limits.RowBytes))
}

func tooLarge(code string, limit int64) error {
	return fault.New(fault.TooLarge, code, "limit", strconv.FormatInt(limit, 10))
}

// unreadable is the one answer for a broken file: what is broken and, where it is known, in which row. The cause is for
// the log and holds no cell value.
func unreadable(cause error) error {
	row := "-"
	if at, ok := errors.AsType[inRow](cause); ok {
		row = strconv.Itoa(at.row)
	}
	return fault.New(fault.Malformed, "intake.unreadable", "why", string(damageOf(cause)), "row", row).Because(cause)
}

// inRow is an error with the row that it was met in.
type inRow struct {
	row int
	err error
}

func (e inRow) Error() string { return "row " + strconv.Itoa(e.row) + ": " + e.err.Error() }

func (e inRow) Unwrap() error { return e.err }

// Damage is what makes a file unreadable.
type Damage string

// The kinds of damage.
const (
	DamageNUL     Damage = "nul"     // a zero byte in a text
	DamageBytes   Damage = "bytes"   // bytes that are no characters of the encoding
	DamageArchive Damage = "archive" // the zip file that a workbook is
	DamageParts   Damage = "parts"   // what is inside of it
	DamageCSV     Damage = "csv"     // a text that calls itself a workbook
)

// Values lists the kinds of damage.
func (Damage) Values() []Damage {
	return []Damage{DamageNUL, DamageBytes, DamageArchive, DamageParts, DamageCSV}
}

// Valid tells whether d is one of the kinds.
func (d Damage) Valid() bool { return codelist.Has(d) }

func damageOf(cause error) Damage {
	switch {
	case errors.Is(cause, errNUL):
		return DamageNUL
	case errors.Is(cause, encoding.ErrInvalidUTF8):
		return DamageBytes
	case errors.Is(cause, errNoArchive):
		return DamageCSV
	case errors.Is(cause, zip.ErrFormat), errors.Is(cause, errChecksum), errors.Is(cause, errTwice),
		errors.Is(cause, io.ErrUnexpectedEOF), errors.Is(cause, zip.ErrAlgorithm):
		return DamageArchive
	}
	return DamageParts
}
