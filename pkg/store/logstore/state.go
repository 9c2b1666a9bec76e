package logstore

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// columnSet is the columns of every table that a seal covers. A column that a later release adds is not in it, so
// that the seal still holds. Since is from which place in the log on every newest entry has a seal by steps under it;
// -1 for a set of the time before steps.
type columnSet struct {
	id    int
	since int64
	mac   []byte
	sum   [32]byte
	text  string // a line for each table: its name, a colon, and its columns in order, separated by commas
}

// of is the columns of a table.
func (s columnSet) of(table string) []string {
	for line := range strings.Lines(s.text) {
		if columns, found := strings.CutPrefix(strings.TrimSuffix(line, "\n"), table+":"); found {
			return strings.Split(columns, ",")
		}
	}
	return nil
}

// state is the rows of a case or a layoff, digested as seals were before steps: of each table with rows the sorted
// digests of these, and a mark of each column over all of them.
type state struct {
	rows  [][][]byte
	marks [][]uint16
}

// selectColumns writes a columnSet of tables.
const selectColumns = `select coalesce(string_agg(name || ':' || columns || E'\n', '' order by n), '') from (
	select t.n, t.name, string_agg(a.attname, ',' order by a.attname collate "C") as columns
	from unnest($1::text[]) with ordinality t (name, n) join pg_attribute a on a.attrelid = t.name::regclass
	where a.attnum > 0 and not a.attisdropped group by 1, 2) x`

// readColumns is the columns that the tables have now.
func readColumns(ctx context.Context, tx pgx.Tx, tables []*rowsum.Table) (set columnSet, err error) {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	err = tx.QueryRow(ctx, selectColumns, names).Scan(&set.text)
	return set, err
}

// readStates digests the rows of the given cases or layoffs, whose ids are in order.
func readStates(ctx context.Context, tx pgx.Tx, key []byte, tables []*rowsum.Table, set columnSet,
	ids []uuid.UUID) (map[uuid.UUID]*state, error) {
	states := make(map[uuid.UUID]*state, len(ids))
	for _, id := range ids {
		states[id] = &state{rows: make([][][]byte, len(tables)), marks: make([][]uint16, len(tables))}
	}
	digest := digester{start: mixed(fnvOffset, key)}
	for i, t := range tables {
		columns := set.of(t.Name)
		if columns == nil {
			continue // a table of a later release
		}
		query, args := t.Select(columns, rowsum.InARow, ids)
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			values := rows.RawValues()
			if s := states[uuid.UUID(values[0])]; s != nil {
				digest.add(s, i, values[1:])
			}
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	for _, s := range states {
		for _, sums := range s.rows {
			slices.SortFunc(sums, bytes.Compare)
		}
	}
	return states, nil
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

// digester digests rows. Marks begin with the key, so that nobody can try values against them.
type digester struct {
	start uint64
	row   []byte
}

// add digests a row: of each column 0 for null, or its length and one more, and its text.
func (d *digester) add(s *state, table int, values [][]byte) {
	if s.marks[table] == nil {
		s.marks[table] = make([]uint16, len(values))
	}
	d.row = rowsum.AppendRow(d.row[:0], values...)
	for i, v := range values {
		s.marks[table][i] += uint16(mixed(d.start, v))
	}
	sum := sha256.Sum256(d.row)
	s.rows[table] = append(s.rows[table], sum[:])
}

// mac is over whose state it is, as of which entry, which columns there are, and all rows.
func (s *state) mac(key []byte, of uuid.UUID, seq int, set columnSet) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(append(append([]byte("tanggap-state-v1"), of[:]...), set.sum[:]...))
	m.Write(binary.BigEndian.AppendUint32(nil, uint32(seq)))
	for table, sums := range s.rows {
		m.Write(binary.BigEndian.AppendUint32([]byte{byte(table)}, uint32(len(sums))))
		for _, sum := range sums {
			m.Write(sum)
		}
	}
	return m.Sum(nil)
}
