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

	"github.com/tanggap/tanggap/pkg/track"
)

// stateTable is a table whose rows are a part of the state of a case or a layoff.
type stateTable struct {
	name    string
	from    string   // with the table as t
	of      string   // the id of the case or layoff
	without []string // columns that change without an entry
}

// part is a table whose rows say by case_id whose they are.
func part(name string) stateTable { return stateTable{name: name, from: name + " t", of: "t.case_id"} }

// withKinds adds the tables of kinds of parts that came later: those before have their places in the seals.
func withKinds(tables []stateTable) []stateTable {
	for _, k := range track.Kinds() {
		name := k.About().Table
		if !slices.ContainsFunc(tables, func(t stateTable) bool { return t.name == name }) {
			tables = append(tables, part(name))
		}
	}
	return tables
}

// The state of a case and that of a layoff. What is not in it, and why: data_key is wrapped anew when keys are
// rotated, and opens nothing when it is changed; findings of auditors, matches, what an export holds and the figures
// of the reports are written without an entry, the last three from what is here.
var (
	caseState = withKinds([]stateTable{
		{name: "cases", from: "cases t", of: "t.id"},
		part("case_worker"),
		{name: "worker", from: "worker t join cases k on k.worker_id = t.id", of: "k.id", without: []string{"data_key"}},
		part("claim"), part("claim_month"), part("prakerja_card"), part("training"), part("attendance"), part("assessment"),
		part("certificate"), part("job_wish"), part("application"), part("proposal"), part("placement"), part("business"),
		part("jobseeker_card"), part("referral"), part("response"), part("legal_hold"), part("erasure"), part("task"),
		part("linked_case"),
	})
	layoffState = []stateTable{
		{name: "layoff", from: "layoff t", of: "t.id"},
		{name: "employer", from: "employer t join layoff k on k.employer_id = t.id", of: "k.id"},
	}
)

// plainText makes every value come as one text, whatever the server is set to.
const plainText = `select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
	set_config('bytea_output', 'hex', true),
	set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true)`

// columnSet is the columns of every table that a seal covers. A column that a later release adds is not in it, so
// that the seal still holds.
type columnSet struct {
	id   int
	sum  [32]byte
	text string // a line for each table: its name, a colon, and its columns in order, separated by commas
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

// state is the rows of a case or a layoff, digested: of each table with rows the sorted digests of these, and a mark
// of each column over all of them.
type state struct {
	rows  [][][]byte
	marks [][]uint16
}

// selectColumns writes a columnSet of tables, leaving out the columns given with their table.
const selectColumns = `select coalesce(string_agg(name || ':' || columns || E'\n', '' order by n), '') from (
	select t.n, t.name, string_agg(a.attname, ',' order by a.attname collate "C") as columns
	from unnest($1::text[]) with ordinality t (name, n) join pg_attribute a on a.attrelid = t.name::regclass
	where a.attnum > 0 and not a.attisdropped and t.name || '.' || a.attname <> all($2::text[]) group by 1, 2) x`

// readColumns is the columns that the tables have now.
func readColumns(ctx context.Context, tx pgx.Tx, tables []stateTable) (set columnSet, err error) {
	names, without := make([]string, len(tables)), []string{}
	for i, t := range tables {
		names[i] = t.name
		for _, column := range t.without {
			without = append(without, t.name+"."+column)
		}
	}
	err = tx.QueryRow(ctx, selectColumns, names, without).Scan(&set.text)
	set.sum = sha256.Sum256([]byte(set.text))
	return set, err
}

// Where the states of some ids are looked for: by each id, or, of many that follow one another, between the first and
// the last, where most tables have few rows or none.
const (
	oneByOne = "OF = any($1)"
	inARow   = "OF >= $1 and OF <= $2 order by OF"
)

// readStates digests the rows of the given cases or layoffs, whose ids are in order.
func readStates(ctx context.Context, tx pgx.Tx, key []byte, tables []stateTable, set columnSet, how string,
	ids []uuid.UUID) (map[uuid.UUID]*state, error) {
	states := make(map[uuid.UUID]*state, len(ids))
	for _, id := range ids {
		states[id] = &state{rows: make([][][]byte, len(tables)), marks: make([][]uint16, len(tables))}
	}
	digest := digester{start: mixed(fnvOffset, key)}
	for i, t := range tables {
		columns := set.of(t.name)
		if columns == nil {
			continue // a table of a later release
		}
		query := "select " + t.of + ", t." + strings.Join(columns, "::text, t.") + "::text from " + t.from +
			" where " + strings.ReplaceAll(how, "OF", t.of)
		args := []any{pgx.QueryResultFormats{pgx.BinaryFormatCode}, ids}
		if how == inARow {
			args = []any{args[0], ids[0], ids[len(ids)-1]}
		}
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
	d.row = d.row[:0]
	for i, v := range values {
		size := uint32(0)
		if v != nil {
			size = uint32(len(v) + 1)
		}
		d.row = append(binary.BigEndian.AppendUint32(d.row, size), v...)
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

// encodeMarks writes, of each table with rows, its number and the marks of its columns.
func (s *state) encodeMarks() []byte {
	var out []byte
	for table, marks := range s.marks {
		if marks == nil {
			continue
		}
		out = append(out, byte(table))
		for _, m := range marks {
			out = binary.BigEndian.AppendUint16(out, m)
		}
	}
	return out
}
