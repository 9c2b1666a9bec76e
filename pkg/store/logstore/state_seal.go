package logstore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// stateBatch is how many states are read at once.
const stateBatch = 1000

// sealStates seals what the entries between two sizes of the log left behind, in the transaction that gives them their
// places. No row is read for it: a seal is the one before and the steps of the entries since.
func (s *Log) sealStates(ctx context.Context, tx pgx.Tx, from, to int64) error {
	lo, hi, only := s.Limits(authz.Everywhere())
	if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, rowsum.PlainText); err != nil {
		return err
	}
	key := s.stateKey()
	if _, err := tx.Exec(ctx, "insert into state_since (idx, mac) values ($1, $2) on conflict do nothing", from,
		sinceMAC(key, from)); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `select entry_of, max(seq) from log_leaf where idx >= $1 and idx < $2
		group by 1 order by 1`, from, to)
	if err != nil {
		return err
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e lastEntry, err error) {
		err = row.Scan((*[16]byte)(&e.of), &e.seq)
		return e, err
	})
	if err != nil {
		return err
	}
	sealer := stateSealer{tx: tx, key: key, from: from, to: to}
	for chunk := range slices.Chunk(entries, stateBatch) {
		for _, kind := range stateKinds {
			if err := sealer.seal(ctx, kind, chunk); err != nil {
				return fmt.Errorf("seal states: %w", err)
			}
		}
	}
	return nil
}

// stateKind is what has a state: cases or layoffs.
type stateKind struct {
	owner   string // the table that has id and version
	tables  []*rowsum.Table
	layoffs bool
}

var stateKinds = []stateKind{{"cases", rowsum.Case, false}, {"layoff", rowsum.Layoff, true}}

// stateKey is what seals are made with; it is not in the database.
func (s *Log) stateKey() rowsum.Key { return rowsum.KeyOf(s.Vault) }

func sinceMAC(key []byte, from int64) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(binary.BigEndian.AppendUint64([]byte("tanggap-state-since-v1"), uint64(from)))
	return m.Sum(nil)
}

const sealColumns = "s.of, s.seq, s.columns, s.marks, s.mac, s.sum"

func scanSeal(row pgx.CollectableRow) (s seal, err error) {
	err = row.Scan((*[16]byte)(&s.of), &s.seq, &s.columns, &s.marks, &s.mac, &s.sum)
	return s, err
}

// sign is over whose state it is, as of which entry, which columns there are, and what the steps add up to.
func (s *seal) sign(key rowsum.Key, set columnSet) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(append(append([]byte("tanggap-state-v2"), s.of[:]...), set.sum[:]...))
	m.Write(binary.BigEndian.AppendUint32(nil, uint32(s.seq)))
	m.Write(s.sum)
	return m.Sum(nil)
}

var errSeal = errors.New("not a seal of these columns")

// open gives what the steps added up to.
func (s *seal) open(key rowsum.Key, set columnSet) (*rowsum.Sum, error) {
	if s.sum == nil || s.columns != set.id || !hmac.Equal(s.mac, s.sign(key, set)) {
		return nil, errSeal
	}
	return rowsum.Decode(s.sum)
}

// readSets are all sets of columns that seals were ever made under.
func readSets(ctx context.Context, tx pgx.Tx) ([]columnSet, error) {
	rows, err := tx.Query(ctx, "select id, columns, coalesce(since, -1), mac from state_columns order by id")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (set columnSet, err error) {
		err = row.Scan(&set.id, &set.text, &set.since, &set.mac)
		set.sum = sha256.Sum256([]byte(set.text))
		return set, err
	})
}

func (s columnSet) sign(key rowsum.Key) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(append([]byte("tanggap-columns-v1"), s.sum[:]...))
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(s.since)))
	return m.Sum(nil)
}

// tables are the tables with the columns of the set.
func (s columnSet) tables(of []*rowsum.Table) []*rowsum.Table {
	tables := make([]*rowsum.Table, 0, len(of))
	for _, t := range of {
		as := *t
		if as.Columns = s.of(t.Name); as.Columns != nil {
			tables = append(tables, &as)
		}
	}
	return tables
}

// stateSealer makes the seals of the entries between two sizes of the log.
type stateSealer struct {
	tx       pgx.Tx
	key      rowsum.Key
	from, to int64
}

// lastEntry is the newest of the entries of a case or layoff that are sealed.
type lastEntry struct {
	of  uuid.UUID
	seq int
}

// seal adds the steps of those of the entries that are of the kind to the seals before them. Where a step is missing,
// or is not what this program wrote, the seal stays where it was: verify says so.
func (w *stateSealer) seal(ctx context.Context, kind stateKind, entries []lastEntry) error {
	ids := make([]uuid.UUID, len(entries))
	for i, e := range entries {
		ids[i] = e.of
	}
	versions, err := rowsum.Versions(ctx, w.tx, kind.owner, ids)
	if err != nil || len(versions) == 0 {
		return err
	}
	set, err := w.columns(ctx, kind)
	if err != nil {
		return err
	}
	before, steps, err := w.read(ctx, ids)
	if err != nil {
		return err
	}
	var made []seal
	var unknown []uuid.UUID
	for _, e := range entries {
		if _, mine := versions[e.of]; !mine {
			continue
		}
		sealed, known := w.add(kind, set, e, before[e.of], steps[e.of])
		switch {
		case !known:
			unknown = append(unknown, e.of)
		case sealed.seq == e.seq:
			made = append(made, sealed)
		}
	}
	older, err := w.takeOver(ctx, kind, set, unknown)
	if err != nil {
		return err
	}
	return w.keep(ctx, set, append(made, older...))
}

// columns is the set of the columns of this release, with the place in the log from which on it holds for every entry.
func (w *stateSealer) columns(ctx context.Context, kind stateKind) (set columnSet, err error) {
	set.text = rowsum.SetOf(kind.tables)
	set.sum = sha256.Sum256([]byte(set.text))
	err = w.tx.QueryRow(ctx, "select id, since from state_columns where columns = $1", set.text).Scan(&set.id, &set.since)
	if !errors.Is(err, pgx.ErrNoRows) {
		return set, err
	}
	if err = w.tx.QueryRow(ctx, selectFirst, w.from, w.to).Scan(&set.since); err != nil {
		return set, err
	}
	return set, w.tx.QueryRow(ctx, "insert into state_columns (columns, since, mac) values ($1, $2, $3) returning id",
		set.text, set.since, set.sign(w.key)).Scan(&set.id)
}

// selectFirst is from where in the log on every entry has a step: from here, or after those that wait.
const selectFirst = `select case when exists (select from log_leaf l where l.idx >= $1 and l.idx < $2
		and not exists (select from state_step s where (s.of, s.seq) = (l.entry_of, l.seq)))
	or exists (select from log_pending p where not exists (select from state_step s
	where (s.of, s.seq) = (p.entry_of, p.seq)))
	then $2 + (select count(*) from log_pending) else $1 end`

type stepped struct {
	seq  int
	step []byte
}

func (w *stateSealer) read(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*seal, map[uuid.UUID][]stepped, error) {
	rows, err := w.tx.Query(ctx, "select "+sealColumns+" from state_seal s where s.of = any($1)", ids)
	if err != nil {
		return nil, nil, err
	}
	seals, err := pgx.CollectRows(rows, scanSeal)
	if err != nil {
		return nil, nil, err
	}
	before := make(map[uuid.UUID]*seal, len(seals))
	for i := range seals {
		before[seals[i].of] = &seals[i]
	}
	if rows, err = w.tx.Query(ctx, "select of, seq, step from state_step where of = any($1) order by of, seq",
		ids); err != nil {
		return nil, nil, err
	}
	steps := map[uuid.UUID][]stepped{}
	var of uuid.UUID
	var s stepped
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&of), &s.seq, &s.step}, func() error {
		steps[of] = append(steps[of], stepped{s.seq, slices.Clone(s.step)})
		return nil
	})
	return before, steps, err
}

// add gives the seal after the steps as far as the entry, or as far as they go. Not known is where nothing is to add
// to.
func (w *stateSealer) add(kind stateKind, set columnSet, e lastEntry, before *seal, steps []stepped) (seal, bool) {
	sum, at := &rowsum.Sum{}, seal{of: e.of, columns: set.id}
	if before != nil {
		var err error
		if sum, err = before.open(w.key, set); err != nil {
			return at, false
		}
		at.seq = before.seq
	} else if len(steps) == 0 || steps[0].seq != 1 {
		return at, false
	}
	for _, s := range steps {
		if s.seq <= at.seq || s.seq > e.seq {
			continue
		}
		change, err := rowsum.ReadStep(w.key, e.of, s.seq, kind.layoffs, s.step)
		if err != nil || s.seq != at.seq+1 {
			break
		}
		sum.Plus(change)
		at.seq = s.seq
	}
	at.sum = sum.Encode()
	at.mac = at.sign(w.key, set)
	return at, true
}

// selectOlder is which of some cases or layoffs have no entry since the steps, but for those that are sealed now.
const selectOlder = `select entry_of from log_leaf where entry_of = any($1) group by 1
	having min(idx) < $2 and not bool_or(idx >= $2 and idx < $3)`

// takeOver reads the rows of those that are older than the steps, once: what was changed in them until now is in it.
// They are locked meanwhile, so that all tables are read at one version. One that is not older gets nothing.
func (w *stateSealer) takeOver(ctx context.Context, kind stateKind, set columnSet, ids []uuid.UUID) (made []seal,
	err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := w.tx.Query(ctx, selectOlder, ids, set.since, w.from)
	if err != nil {
		return nil, err
	}
	if ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil {
		return nil, err
	}
	ids = rowsum.Sorted(ids)
	if _, err = w.tx.Exec(ctx, "select from "+kind.owner+" where id = any($1) order by id for share", ids); err != nil {
		return nil, err
	}
	versions, err := rowsum.Versions(ctx, w.tx, kind.owner, ids)
	if err != nil {
		return nil, err
	}
	sums, err := rowsum.Read(ctx, w.tx, w.key, kind.tables, rowsum.OneByOne, ids)
	for _, id := range ids {
		s := seal{of: id, seq: versions[id], columns: set.id, sum: sums[id].Encode()}
		s.mac = s.sign(w.key, set)
		made = append(made, s)
	}
	return made, err
}

// keep writes seals, and lets go of the steps that are in them.
func (w *stateSealer) keep(ctx context.Context, set columnSet, made []seal) error {
	of, seqs := make([]uuid.UUID, len(made)), make([]int, len(made))
	sums, macs := make([][]byte, len(made)), make([][]byte, len(made))
	for i, s := range made {
		of[i], seqs[i], sums[i], macs[i] = s.of, s.seq, s.sum, s.mac
	}
	if _, err := w.tx.Exec(ctx, `insert into state_seal (of, seq, columns, marks, mac, sum)
		select g.of, g.seq, $3, '', g.mac, g.sum from unnest($1::uuid[], $2::int[], $4::bytea[], $5::bytea[]) as g (of, seq,
		sum, mac)
		on conflict (of) do update set seq = excluded.seq, columns = excluded.columns, marks = excluded.marks,
			mac = excluded.mac, sum = excluded.sum`,
		of, seqs, set.id, sums, macs); err != nil {
		return err
	}
	_, err := w.tx.Exec(ctx, `delete from state_step s using unnest($1::uuid[], $2::int[]) as g (of, seq)
		where s.of = g.of and s.seq <= g.seq`, of, seqs)
	return err
}
