package sheet

import (
	"strconv"

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

func cellTooLong(row int, limits Limits) error {
	return fault.New(fault.TooLarge, "intake.cell_too_long", "row", strconv.Itoa(row), "limit",
		strconv.Itoa(limits.CellRunes))
}

func rowTooLong(row int, limits Limits) error {
	return fault.New(fault.TooLarge, "intake.row_too_long", "row", strconv.Itoa(row), "limit",
		strconv.Itoa(limits.RowBytes))
}

func tooLarge(code string, limit int64) error {
	return fault.New(fault.TooLarge, code, "limit", strconv.FormatInt(limit, 10))
}

// unreadable is the one answer for a broken file; the cause is for the log and holds no cell value.
func unreadable(cause error) error {
	return fault.New(fault.Malformed, "intake.unreadable").Because(cause)
}
