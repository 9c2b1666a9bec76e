package sheet

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/tanggap/tanggap/pkg/fault"
)

// delimited reads CSV with one of several separators. Unlike encoding/csv it gives blank lines, bounds every cell while
// it is being read, and takes a quote inside an unquoted cell as text (Jl. "Baru" No. 1).
type delimited struct {
	in        *bufio.Reader
	separator byte
	limits    Limits
	line      int // line of the next byte, from 1
	buf       []byte
	cells     []cell
	bytes     int // of text in the record so far
	far       int // column, from 1, of a cell beyond the limit
	long      bool
}

func newDelimited(in *bufio.Reader, separator byte, limits Limits) *delimited {
	return &delimited{in: in, separator: separator, limits: limits, line: 1}
}

// ending is what stopped a cell.
type ending uint8

const (
	atSeparator ending = iota
	atLine
	atFile
)

func (d *delimited) next(context.Context) (record, error) {
	d.cells, d.bytes, d.far = d.cells[:0], 0, 0
	start := d.line
	for column := 0; ; column++ {
		end, err := d.field()
		if err != nil {
			return record{}, err
		}
		if end == atFile && column == 0 && len(d.buf) == 0 {
			return record{}, io.EOF
		}
		if err := d.keep(column); err != nil {
			return record{}, err
		}
		if end != atSeparator {
			return record{number: start, cells: d.cells, far: d.far}, nil
		}
	}
}

// keep adds the cell just read; empty ones beyond the last column are dropped, so that separators alone cost nothing.
func (d *delimited) keep(column int) error {
	if d.bytes += len(d.buf); d.bytes > d.limits.RowBytes {
		return rowTooLong(d.line, d.limits)
	}
	if column >= d.limits.Columns {
		if d.far == 0 && !readText(string(d.buf)).empty() {
			d.far = column + 1
		}
		return nil
	}
	c := cell{}
	switch {
	case d.long:
		c = cell{kind: longCell}
	case len(d.buf) > 0:
		c = readText(string(d.buf))
	}
	d.cells = append(d.cells, c)
	return nil
}

// field reads one cell into buf.
func (d *delimited) field() (ending, error) {
	d.buf, d.long = d.buf[:0], false
	b, err := d.read()
	if b == '"' && err == nil {
		if err := d.quoted(); err != nil {
			return 0, err
		}
		b, err = d.read()
	}
	for ; ; b, err = d.read() {
		switch {
		case errors.Is(err, io.EOF):
			return atFile, nil
		case err != nil:
			return 0, unreadable(fmt.Errorf("read line %d: %w", d.line, err))
		case b == d.separator:
			return atSeparator, nil
		case b == '\n':
			return atLine, nil
		}
		d.put(b)
	}
}

// quoted reads up to the closing quote; two quotes stand for one.
func (d *delimited) quoted() error {
	opened := d.line
	for {
		b, err := d.read()
		if errors.Is(err, io.EOF) {
			return fault.New(fault.Malformed, "intake.quote_unclosed", "row", strconv.Itoa(opened))
		}
		if err != nil {
			return unreadable(fmt.Errorf("read line %d: %w", d.line, err))
		}
		if b == '"' {
			if next, err := d.in.Peek(1); err != nil || next[0] != '"' {
				return nil
			}
			_, _ = d.in.Discard(1)
		}
		d.put(b)
	}
}

// put keeps a byte; of a cell that is too long nothing more.
func (d *delimited) put(b byte) {
	if d.long = d.long || len(d.buf) >= 4*d.limits.CellRunes; !d.long {
		d.buf = append(d.buf, b)
	}
}

// read gives the next byte with every kind of line end as \n, and counts lines.
func (d *delimited) read() (byte, error) {
	b, err := d.in.ReadByte()
	if b == '\r' && err == nil {
		if next, err := d.in.Peek(1); err == nil && next[0] == '\n' {
			_, _ = d.in.Discard(1)
		}
		b = '\n'
	}
	if b == '\n' && err == nil {
		d.line++
	}
	return b, err
}
