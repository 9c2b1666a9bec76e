package rowsum

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/store"
)

// PlainText makes every value come as one text, whatever the server is set to.
const PlainText = `select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
	set_config('bytea_output', 'hex', true),
	set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true)`

// Where the states of some ids are looked for: by each id, or, of many that follow one another, between the first and
// the last, where most tables have few rows or none.
const (
	OneByOne = "OF = any($1)"
	InARow   = "OF >= $1 and OF <= $2 order by OF"
)

// Select reads the rows of the given ids, which are in order, from a table: the id, then the columns as texts.
func (t *Table) Select(columns []string, how string, ids []uuid.UUID) (query string, args []any) {
	query = "select " + t.Of + ", t." + strings.Join(columns, "::text, t.") + "::text from " + t.From +
		" where " + strings.ReplaceAll(how, "OF", t.Of)
	args = []any{pgx.QueryResultFormats{pgx.BinaryFormatCode}, ids}
	if how == InARow {
		args = []any{args[0], ids[0], ids[len(ids)-1]}
	}
	return query, args
}

// Read sums up the rows of the given cases or layoffs, whose ids are in order.
func Read(ctx context.Context, q store.Queryer, key Key, tables []*Table, how string,
	ids []uuid.UUID) (map[uuid.UUID]*Sum, error) {
	sums := make(map[uuid.UUID]*Sum, len(ids))
	for _, id := range ids {
		sums[id] = &Sum{}
	}
	if len(ids) == 0 {
		return sums, nil
	}
	add := NewAdder(key)
	for _, t := range tables {
		query, args := t.Select(t.Columns, how, ids)
		rows, err := q.Query(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			values := rows.RawValues()
			if s := sums[uuid.UUID(values[0])]; s != nil {
				add.Add(s, t, values[1:])
			}
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// Sorted puts ids in the order of the database.
func Sorted(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}
