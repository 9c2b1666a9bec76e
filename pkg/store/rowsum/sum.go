package rowsum

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/vault"
)

// Key is what rows are digested with; it is not in the database.
type Key []byte

// KeyOf is the key of a keyset.
func KeyOf(v *vault.Vault) Key { return Key(v.Derive("state v1")) }

// Sum is a digest of the values of some rows, whatever their order: they are added to it and taken away again. Marks
// of 16 bits for each column of each table only tell which column differs.
type Sum struct {
	total [4]uint64
	marks [][]uint16 // by the number of the table
}

// Adder adds rows to sums under a key.
type Adder struct {
	mac   hash.Hash
	start uint64
	cell  []byte
	sum   [sha256.Size]byte
}

// NewAdder makes an adder.
func NewAdder(key Key) *Adder {
	return &Adder{mac: hmac.New(sha256.New, key), start: mixed(fnvOffset, key)}
}

// FNV-1a, as in hash/fnv, which makes an object of every hash: there are fifty of them to a case.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func mixed(h uint64, text []byte) uint64 {
	for _, b := range text {
		h = (h ^ uint64(b)) * fnvPrime
	}
	return h
}

// Add adds a row, whose values are texts in the order of the columns, nil for null.
func (a *Adder) Add(s *Sum, t *Table, values [][]byte) { a.row(s, t, values, nil, 1) }

// Take takes a row away.
func (a *Adder) Take(s *Sum, t *Table, values [][]byte) { a.row(s, t, values, nil, ^uint64(0)) }

// Change puts a row in the place of what it was. Values that stay are left as they are: what somebody else made of one
// is no part of this change.
func (a *Adder) Change(s *Sum, t *Table, before, after [][]byte) {
	a.row(s, t, before, after, ^uint64(0))
	a.row(s, t, after, before, 1)
}

// row adds every value of a row, so often, but for those that another row has in the same place.
func (a *Adder) row(s *Sum, t *Table, values, but [][]byte, times uint64) {
	a.cell = append(append(a.cell[:0], t.Name...), 0)
	for _, name := range t.Key {
		a.cell = AppendRow(a.cell, values[t.place(name)])
	}
	row, marks := len(a.cell), s.marksOf(t, len(values))
	for i, v := range values {
		if but != nil && bytes.Equal(v, but[i]) && (v == nil) == (but[i] == nil) {
			continue
		}
		a.cell = AppendRow(append(append(a.cell[:row], t.Columns[i]...), 0), v)
		a.mac.Reset()
		a.mac.Write(a.cell)
		sum := a.mac.Sum(a.sum[:0])
		for n := range s.total {
			s.total[n] += times * binary.BigEndian.Uint64(sum[8*n:])
		}
		marks[i] += uint16(times) * uint16(mixed(a.start, v))
	}
}

// AppendRow writes, of each column, 0 for null, or its length and one more, and its text.
func AppendRow(row []byte, values ...[]byte) []byte {
	for _, v := range values {
		size := uint32(0)
		if v != nil {
			size = uint32(len(v) + 1)
		}
		row = append(binary.BigEndian.AppendUint32(row, size), v...)
	}
	return row
}

func (s *Sum) marksOf(t *Table, columns int) []uint16 {
	if len(s.marks) <= t.number {
		s.marks = append(s.marks, make([][]uint16, t.number+1-len(s.marks))...)
	}
	if s.marks[t.number] == nil {
		s.marks[t.number] = make([]uint16, columns)
	}
	return s.marks[t.number]
}

// Plus adds another sum, which was made of the same tables.
func (s *Sum) Plus(o *Sum) {
	for i := range s.total {
		s.total[i] += o.total[i]
	}
	s.plusMarks(o, 1)
}

// Minus takes another sum away.
func (s *Sum) Minus(o *Sum) {
	for i := range s.total {
		s.total[i] -= o.total[i]
	}
	s.plusMarks(o, ^uint16(0))
}

func (s *Sum) plusMarks(o *Sum, sign uint16) {
	for number, marks := range o.marks {
		if marks == nil {
			continue
		}
		mine := s.marksOf(&Table{number: number}, len(marks))
		for i := range min(len(marks), len(mine)) {
			mine[i] += sign * marks[i]
		}
	}
}

// Equal tells whether two sums are of the same rows.
func (s *Sum) Equal(o *Sum) bool { return s.total == o.total }

// Marks are those of a table; nil when it has no rows.
func (s *Sum) Marks(table int) []uint16 {
	if table >= len(s.marks) {
		return nil
	}
	return s.marks[table]
}

// Encode writes the total and, of each table with marks, its number, how many columns it has, and their marks.
func (s *Sum) Encode() []byte {
	out := make([]byte, 0, 128)
	for _, part := range s.total {
		out = binary.BigEndian.AppendUint64(out, part)
	}
	for number, marks := range s.marks {
		if !slices.ContainsFunc(marks, func(m uint16) bool { return m != 0 }) {
			continue
		}
		out = append(out, byte(number), byte(len(marks)))
		for _, m := range marks {
			out = binary.BigEndian.AppendUint16(out, m)
		}
	}
	return out
}

var errSum = errors.New("not a sum of rows")

// Decode reads what Encode wrote.
func Decode(text []byte) (*Sum, error) {
	s := &Sum{}
	if len(text) < sha256.Size {
		return nil, errSum
	}
	for i := range s.total {
		s.total[i] = binary.BigEndian.Uint64(text[8*i:])
	}
	for text = text[sha256.Size:]; len(text) > 0; {
		if len(text) < 2 || len(text) < 2+2*int(text[1]) {
			return nil, errSum
		}
		marks := s.marksOf(&Table{number: int(text[0])}, int(text[1]))
		for i := range marks {
			marks[i] = binary.BigEndian.Uint16(text[2+2*i:])
		}
		text = text[2+2*int(text[1]):]
	}
	return s, nil
}

// Text is a value as PostgreSQL writes it in the settings of PlainText: what a change is about to write, or has read. A
// time is that of a day; an instant is given as Instant.
func Text(v any) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []byte(v)
	case *string:
		if v != nil {
			return []byte(*v)
		}
	case int:
		return strconv.AppendInt(nil, int64(v), 10)
	case int64:
		return strconv.AppendInt(nil, v, 10)
	case bool:
		return strconv.AppendBool(nil, v)
	case uuid.UUID:
		return []byte(v.String())
	case *uuid.UUID:
		if v != nil {
			return []byte(v.String())
		}
	case time.Time:
		return v.AppendFormat(nil, time.DateOnly)
	case *time.Time:
		if v != nil {
			return v.AppendFormat(nil, time.DateOnly)
		}
	case []byte:
		if v != nil {
			return hex.AppendEncode([]byte(`\x`), v)
		}
	case Instant:
		return time.Time(v).UTC().AppendFormat(nil, "2006-01-02 15:04:05.999999+00")
	default:
		panic(fmt.Sprintf("no text for a %T", v))
	}
	return nil
}

// Instant is a point in time, which Text does not take for a day.
type Instant time.Time
