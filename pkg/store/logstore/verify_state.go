package logstore

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// StateDifference is a case or layoff whose rows are not those that its newest entry left behind.
type StateDifference struct {
	Of    uuid.UUID
	Seq   int
	Parts []string // the tables that differ, with the column where it is one of few: "cases.stage", "training"
}

// StateReport is what the states of all cases and layoffs are worth. Before are those whose newest entry is older than
// the seals, from the entry Since of the log on; Older those with a seal of the time before entries said what they
// change, which does not tell what somebody changed before that entry; Waiting are those whose newest entry has no
// place in the log yet.
type StateReport struct {
	Sealed, Before, Waiting int
	Older                   int // of the sealed: by rows that were read, not by steps
	Since                   int64
	Differs                 []StateDifference
}

// MostDifferences bounds how many differences a report names.
const MostDifferences = 100

// VerifyState holds the rows of every case and layoff against the seal of its newest entry, in one snapshot; it may run
// beside a working server. Only whoever has the keyset can do so.
func (s *Log) VerifyState(ctx context.Context, progress func(sealed int)) (r StateReport, err error) {
	err = pgx.BeginTxFunc(ctx, s.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly},
		func(tx pgx.Tx) error {
			r, err = s.VerifyStateIn(ctx, tx, progress)
			return err
		})
	if err != nil {
		return r, fmt.Errorf("verify state: %w", store.Translate(err))
	}
	return r, nil
}

// VerifyStateIn is VerifyState inside a transaction.
func (s *Log) VerifyStateIn(ctx context.Context, tx pgx.Tx, progress func(sealed int)) (StateReport, error) {
	ctx = store.WithWait(ctx, verifyTime)
	v := stateVerifier{tx: tx, key: s.stateKey(), progress: progress}
	lo, hi, only := s.Limits(authz.Everywhere())
	if _, err := tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
		return v.report, err
	}
	for _, setting := range []string{"set local statement_timeout = 0", rowsum.PlainText} {
		if _, err := tx.Exec(ctx, setting); err != nil {
			return v.report, err
		}
	}
	for _, step := range []func(context.Context) error{v.since, v.sealed, v.unsealed, v.custody, v.heads} {
		if err := step(ctx); err != nil || len(v.report.Differs) >= MostDifferences {
			return v.report, err
		}
	}
	return v.report, nil
}

type stateVerifier struct {
	tx       pgx.Tx
	key      rowsum.Key
	progress func(sealed int)
	report   StateReport
}

// differs names a case or layoff once, with all that differs of it.
func (v *stateVerifier) differs(of uuid.UUID, seq int, parts ...string) {
	if i := slices.IndexFunc(v.report.Differs, func(d StateDifference) bool { return d.Of == of }); i >= 0 {
		v.report.Differs[i].Parts = append(v.report.Differs[i].Parts, parts...)
		return
	}
	if len(v.report.Differs) < MostDifferences {
		v.report.Differs = append(v.report.Differs, StateDifference{of, seq, parts})
	}
}

// since reads from where on there are seals. Before the first one, nothing is sealed.
func (v *stateVerifier) since(ctx context.Context) error {
	var mac []byte
	err := v.tx.QueryRow(ctx, "select idx, mac from state_since").Scan(&v.report.Since, &mac)
	if errors.Is(err, pgx.ErrNoRows) {
		return v.tx.QueryRow(ctx, "select size from log_state").Scan(&v.report.Since)
	}
	if err == nil && !hmac.Equal(mac, sinceMAC(v.key, v.report.Since)) {
		v.differs(uuid.Nil, 0, "state_since")
	}
	return err
}

// sealed holds every seal of a newest entry against the rows.
func (v *stateVerifier) sealed(ctx context.Context) error {
	sets, err := readSets(ctx, v.tx)
	if err != nil {
		return err
	}
	if _, err := v.tx.Exec(ctx, byIndex, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	for _, set := range sets {
		for _, kind := range stateKinds {
			if set.of(kind.owner) == nil {
				continue
			}
			if set.since >= 0 && !hmac.Equal(set.mac, set.sign(v.key)) {
				v.differs(uuid.Nil, 0, "state_columns")
			}
			if err := v.sealedUnder(ctx, kind, set); err != nil {
				return err
			}
		}
	}
	_, err = v.tx.Exec(ctx, byAnything, pgx.QueryExecModeSimpleProtocol)
	return err
}

// byIndex keeps the planner to walking each table by the ids: it cannot know that row security will let everything
// through, and would rather look for the few rows of a region.
const (
	byIndex    = "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off"
	byAnything = "set local enable_seqscan = on; set local enable_bitmapscan = on; set local enable_sort = on"
)

type seal struct {
	of         uuid.UUID
	seq        int
	columns    int
	marks, mac []byte
	sum        []byte // nil for a seal of the time before steps
}

func (v *stateVerifier) sealedUnder(ctx context.Context, kind stateKind, set columnSet) error {
	now, err := readColumns(ctx, v.tx, kind.tables)
	if err != nil {
		return err
	}
	if gone := missingColumns(kind.tables, set, now); len(gone) > 0 {
		return fmt.Errorf("columns that were sealed are gone: %s", strings.Join(gone, ", "))
	}
	for after := uuid.Nil; ; {
		rows, err := v.tx.Query(ctx, "select "+sealColumns+" from state_seal s join "+kind.owner+
			" k on k.id = s.of and k.version = s.seq "+
			"where s.columns = $1 and s.of > $2 and k.id > $2 order by s.of limit $3", set.id, after, stateBatch)
		if err != nil {
			return err
		}
		seals, err := pgx.CollectRows(rows, scanSeal)
		if err != nil || len(seals) == 0 {
			return err
		}
		if err := v.compare(ctx, kind, set, seals); err != nil {
			return err
		}
		after = seals[len(seals)-1].of
		v.report.Sealed += len(seals)
		if v.progress != nil {
			v.progress(v.report.Sealed)
		}
	}
}

func missingColumns(tables []*rowsum.Table, sealed, now columnSet) (gone []string) {
	for _, t := range tables {
		have := now.of(t.Name)
		for _, column := range sealed.of(t.Name) {
			if !slices.Contains(have, column) {
				gone = append(gone, t.Name+"."+column)
			}
		}
	}
	return gone
}

func (v *stateVerifier) compare(ctx context.Context, kind stateKind, set columnSet, seals []seal) error {
	ids := make([]uuid.UUID, len(seals))
	for i, s := range seals {
		ids[i] = s.of
	}
	if set.since >= 0 {
		return v.compareSums(ctx, kind, set, seals, ids)
	}
	states, err := readStates(ctx, v.tx, v.key, kind.tables, set, ids)
	if err != nil {
		return err
	}
	v.report.Older += len(seals)
	for _, s := range seals {
		now := states[s.of]
		if !hmac.Equal(s.mac, now.mac(v.key, s.of, s.seq, set)) {
			v.differs(s.of, s.seq, differing(kind.tables, set, marksIn(kind.tables, set, s.marks), now.marks)...)
		}
	}
	return nil
}

// fewColumns is up to how many columns of a table are named; of more, the table is.
const fewColumns = 3

// compareSums holds what the steps add up to against the rows.
func (v *stateVerifier) compareSums(ctx context.Context, kind stateKind, set columnSet, seals []seal,
	ids []uuid.UUID) error {
	tables := set.tables(kind.tables)
	sums, err := rowsum.Read(ctx, v.tx, v.key, tables, rowsum.InARow, ids)
	if err != nil {
		return err
	}
	for _, s := range seals {
		sealed, err := s.open(v.key, set)
		if err != nil {
			v.differs(s.of, s.seq, "state_seal")
			continue
		}
		if now := sums[s.of]; !now.Equal(sealed) {
			v.differs(s.of, s.seq, differing(kind.tables, set, allMarks(kind.tables, sealed), allMarks(kind.tables, now))...)
		}
	}
	return nil
}

func allMarks(tables []*rowsum.Table, sum *rowsum.Sum) [][]uint16 {
	marks := make([][]uint16, len(tables))
	for i := range tables {
		marks[i] = sum.Marks(i)
	}
	return marks
}

// marksIn reads the marks of a seal of the time before steps.
func marksIn(tables []*rowsum.Table, set columnSet, sealed []byte) [][]uint16 {
	before := make([][]uint16, len(tables))
	for len(sealed) > 0 && int(sealed[0]) < len(tables) {
		table := int(sealed[0])
		n := len(set.of(tables[table].Name))
		if len(sealed) < 1+2*n {
			break
		}
		for i := range n {
			before[table] = append(before[table], binary.BigEndian.Uint16(sealed[1+2*i:]))
		}
		sealed = sealed[1+2*n:]
	}
	return before
}

// differing names what the marks tell apart; nothing does when somebody changed the seal itself.
func differing(tables []*rowsum.Table, set columnSet, sealed, now [][]uint16) (parts []string) {
	for table, t := range tables {
		names := differingColumns(sealed[table], now[table])
		if names == nil {
			continue
		}
		if rows := sealed[table] == nil || now[table] == nil; rows || len(names) > fewColumns {
			parts = append(parts, t.Name)
			continue
		}
		columns := set.of(t.Name)
		for _, i := range names {
			parts = append(parts, t.Name+"."+columns[i])
		}
	}
	if parts == nil {
		parts = []string{"state_seal"}
	}
	return parts
}

// differingColumns gives the places where two lists of marks differ; one that is nil has a 0 everywhere.
func differingColumns(a, b []uint16) (places []int) {
	at := func(marks []uint16, i int) uint16 {
		if i < len(marks) {
			return marks[i]
		}
		return 0
	}
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			places = append(places, i)
		}
	}
	return places
}

// selectUnsealed is every case or layoff whose newest entry has no seal, and every seal of none.
const selectUnsealed = `select k.id, k.version, g.idx, exists (select from log_pending p where p.entry_of = k.id),
	s.of is not null
	from KIND k left join state_seal s on s.of = k.id left join log_leaf g on (g.entry_of, g.seq) = (k.id, k.version)
	where s.of is null or s.seq <> k.version`

const selectOrphans = `select s.of, s.seq from state_seal s where not exists (select from cases c where c.id = s.of)
	and not exists (select from layoff l where l.id = s.of)`

// unsealed tells those that have no seal because they are older than all seals, or because they have just been changed,
// from those that must have one.
func (v *stateVerifier) unsealed(ctx context.Context) error {
	var id uuid.UUID
	var seq int
	for _, kind := range stateKinds {
		rows, err := v.tx.Query(ctx, strings.Replace(selectUnsealed, "KIND", kind.owner, 1))
		if err != nil {
			return err
		}
		var at *int64
		var pending, stopped bool
		_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &seq, &at, &pending, &stopped}, func() error {
			switch {
			case pending:
				v.report.Waiting++
			case at != nil && *at < v.report.Since:
				v.report.Before++
			case stopped:
				v.differs(id, seq, "state_step")
			default:
				v.differs(id, seq, "state_seal")
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	rows, err := v.tx.Query(ctx, selectOrphans)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &seq}, func() error {
		v.differs(id, seq, "cases")
		return nil
	})
	return err
}

// heads finds cases and layoffs that do not name the hash of their newest entry: they are not in the seals, for the
// database makes them.
func (v *stateVerifier) heads(ctx context.Context) error {
	return v.find(ctx, map[string]string{
		"cases.head": `select c.id, c.version from cases c left join case_history h
			on (h.case_id, h.seq) = (c.id, c.version) where h.hash is distinct from c.head limit $1`,
		"layoff.head": `select l.id, l.version from layoff l left join layoff_history h
			on (h.layoff_id, h.seq) = (l.id, l.version) where h.hash is distinct from l.head limit $1`,
	})
}

// custody finds entries that another office can read than the one that has the case: their region is not hashed.
func (v *stateVerifier) custody(ctx context.Context) error {
	return v.find(ctx, map[string]string{
		"case_history.region": `select h.case_id, h.seq from case_history h
			join cases c on c.id = h.case_id and c.region <> h.region limit $1`,
		"layoff_history.region": `select h.layoff_id, h.seq from layoff_history h
			join layoff l on l.id = h.layoff_id and l.region <> h.region limit $1`,
	})
}

// find reports what queries find, under the name of each.
func (v *stateVerifier) find(ctx context.Context, queries map[string]string) error {
	for owner, query := range queries {
		rows, err := v.tx.Query(ctx, query, MostDifferences)
		if err != nil {
			return err
		}
		var id uuid.UUID
		var seq int
		if _, err := pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &seq}, func() error {
			v.differs(id, seq, owner)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
