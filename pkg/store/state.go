package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
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

// The state of a case and that of a layoff. What is not in it, and why: data_key is wrapped anew when keys are rotated, and
// opens nothing when it is changed; findings of auditors, matches, what an export holds and the figures of the reports are
// written without an entry, the last three from what is here.
var (
	caseState = []stateTable{
		{name: "cases", from: "cases t", of: "t.id"},
		part("case_worker"),
		{name: "worker", from: "worker t join cases k on k.worker_id = t.id", of: "k.id", without: []string{"data_key"}},
		part("claim"), part("claim_month"), part("prakerja_card"), part("training"), part("attendance"), part("assessment"),
		part("certificate"), part("job_wish"), part("application"), part("proposal"), part("placement"), part("business"),
		part("jobseeker_card"), part("referral"), part("response"), part("legal_hold"), part("erasure"), part("task"),
	}
	layoffState = []stateTable{
		{name: "layoff", from: "layoff t", of: "t.id"},
		{name: "employer", from: "employer t join layoff k on k.employer_id = t.id", of: "k.id"},
	}
)

// plainText makes every value come as one text, whatever the server is set to.
const plainText = `select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true), set_config('bytea_output', 'hex', true),
	set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true)`

// columnSet is the columns of every table that a seal covers. A column that a later release adds is not in it, so that the
// seal still holds.
type columnSet struct {
	id   int
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

// state is the rows of a case or a layoff, digested: of each table with rows the sorted digests of these, and a mark of each
// column over all of them.
type state struct {
	key   []byte
	rows  [][][]byte
	marks [][]uint16
}

// readColumns is the columns that the tables have now.
func readColumns(ctx context.Context, tx pgx.Tx, tables []stateTable) (columnSet, error) {
	var text strings.Builder
	for _, t := range tables {
		rows, err := tx.Query(ctx, `select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attname <> all($2)
			order by attname collate "C"`, t.name, append([]string{}, t.without...))
		if err != nil {
			return columnSet{}, err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return columnSet{}, err
		}
		fmt.Fprintf(&text, "%s:%s\n", t.name, strings.Join(names, ","))
	}
	return columnSet{text: text.String()}, nil
}

// readStates digests the rows of the given cases or layoffs.
func readStates(ctx context.Context, tx pgx.Tx, key []byte, tables []stateTable, set columnSet, ids []uuid.UUID) (map[uuid.UUID]*state, error) {
	states := make(map[uuid.UUID]*state, len(ids))
	for _, id := range ids {
		states[id] = &state{key: key, rows: make([][][]byte, len(tables)), marks: make([][]uint16, len(tables))}
	}
	for i, t := range tables {
		columns := set.of(t.name)
		if columns == nil {
			continue // a table of a later release
		}
		query := "select " + t.of + "::text, t." + strings.Join(columns, ", t.") + " from " + t.from + " where " + t.of + " = any($1)"
		rows, err := tx.Query(ctx, query, pgx.QueryResultFormats{pgx.TextFormatCode}, ids)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			values := rows.RawValues()
			id, err := uuid.ParseBytes(values[0])
			if err != nil {
				rows.Close()
				return nil, fmt.Errorf("read state: %w", err)
			}
			states[id].add(i, values[1:])
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

// add digests a row: of each column 0 for null, or its length and one more, and its text.
func (s *state) add(table int, values [][]byte) {
	if s.marks[table] == nil {
		s.marks[table] = make([]uint16, len(values))
	}
	row := sha256.New()
	for i, v := range values {
		var size [4]byte
		mark := fnv.New64a()
		_, _ = mark.Write(s.key) // so that nobody can try values against it
		if v != nil {
			binary.BigEndian.PutUint32(size[:], uint32(len(v)+1))
			_, _ = mark.Write(v)
		}
		row.Write(size[:])
		row.Write(v)
		s.marks[table][i] += uint16(mark.Sum64())
	}
	s.rows[table] = append(s.rows[table], row.Sum(nil))
}

// mac is over whose state it is, as of which entry, which columns there are, and all rows.
func (s *state) mac(of uuid.UUID, seq int, set columnSet) []byte {
	m := hmac.New(sha256.New, s.key)
	columns := sha256.Sum256([]byte(set.text))
	m.Write(append(append([]byte("tanggap-state-v1"), of[:]...), columns[:]...))
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

// stateBatch is how many states are read at once.
const stateBatch = 1000

// sealStates seals the states that the entries between two sizes of the log left behind, in the transaction that gives
// them their places: what is changed in the tables after that has no seal and cannot get one without a further entry.
func (s *Store) sealStates(ctx context.Context, tx pgx.Tx, from, to int64) error {
	lo, hi, only := s.limits(authz.Everywhere())
	if _, err := tx.Exec(ctx, bindScope, lo, hi, only); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, plainText); err != nil {
		return err
	}
	key := s.stateKey()
	if _, err := tx.Exec(ctx, "insert into state_since (idx, mac) values ($1, $2) on conflict do nothing", from, sinceMAC(key, from)); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "select distinct entry_of from log_leaf where idx >= $1 and idx < $2 order by 1", from, to)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, stateBatch) {
		for _, kind := range stateKinds {
			if err := sealSomeStates(ctx, tx, key, kind, chunk); err != nil {
				return fmt.Errorf("seal states: %w", err)
			}
		}
	}
	return nil
}

// stateKind is what has a state: cases or layoffs.
type stateKind struct {
	owner  string // the table that has id and version
	tables []stateTable
}

var stateKinds = []stateKind{{"cases", caseState}, {"layoff", layoffState}}

// stateKey is what seals are made with; it is not in the database.
func (s *Store) stateKey() []byte { return s.vault.Derive("state v1") }

func sinceMAC(key []byte, from int64) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(binary.BigEndian.AppendUint64([]byte("tanggap-state-since-v1"), uint64(from)))
	return m.Sum(nil)
}

// versions gives the versions of those of the ids that are of the kind.
func (k stateKind) versions(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := tx.Query(ctx, "select id, version from "+k.owner+" where id = any($1)", ids)
	if err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]int, len(ids))
	var id uuid.UUID
	var version int
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &version}, func() error {
		found[id] = version
		return nil
	})
	return found, err
}

// sealSomeStates seals those of the ids that are of the kind. One that gets a further entry meanwhile is left to that one:
// its tables may have been read on either side of it.
func sealSomeStates(ctx context.Context, tx pgx.Tx, key []byte, kind stateKind, ids []uuid.UUID) error {
	before, err := kind.versions(ctx, tx, ids)
	if err != nil || len(before) == 0 {
		return err
	}
	set, err := currentColumns(ctx, tx, kind.tables)
	if err != nil {
		return err
	}
	states, err := readStates(ctx, tx, key, kind.tables, set, keysOf(before))
	if err != nil {
		return err
	}
	after, err := kind.versions(ctx, tx, keysOf(before))
	if err != nil {
		return err
	}
	var of []uuid.UUID
	var seqs []int
	var marks, macs [][]byte
	for id, seq := range after {
		if before[id] == seq {
			of, seqs = append(of, id), append(seqs, seq)
			marks, macs = append(marks, states[id].encodeMarks()), append(macs, states[id].mac(id, seq, set))
		}
	}
	_, err = tx.Exec(ctx, `insert into state_seal (of, seq, columns, marks, mac) select g.of, g.seq, $3, g.marks, g.mac
		from unnest($1::uuid[], $2::int[], $4::bytea[], $5::bytea[]) as g (of, seq, marks, mac)
		on conflict (of) do update set seq = excluded.seq, columns = excluded.columns, marks = excluded.marks, mac = excluded.mac`,
		of, seqs, set.id, marks, macs)
	return err
}

func keysOf(versions map[uuid.UUID]int) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(versions))
	for id := range versions {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return cmp.Compare(a.String(), b.String()) })
	return ids
}

// currentColumns is the set of today's columns, kept under a number.
func currentColumns(ctx context.Context, tx pgx.Tx, tables []stateTable) (columnSet, error) {
	set, err := readColumns(ctx, tx, tables)
	if err != nil {
		return set, err
	}
	const find = "select id from state_columns where columns = $1"
	err = tx.QueryRow(ctx, find, set.text).Scan(&set.id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, "insert into state_columns (columns) values ($1) returning id", set.text).Scan(&set.id)
	}
	return set, err
}
