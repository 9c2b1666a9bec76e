package logstore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
)

// StateDifference is a case or layoff whose rows are not those that its newest entry left behind.
type StateDifference struct {
	Of    uuid.UUID
	Seq   int
	Parts []string // the tables that differ, with the column where it is one of few: "cases.stage", "training"
}

// StateReport is what the states of all cases and layoffs are worth. Before are those whose newest entry is older than
// the seals, from the entry Since of the log on; Waiting are those whose newest entry has no place in the log yet.
type StateReport struct {
	Sealed, Before, Waiting int
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
	for _, setting := range []string{"set local statement_timeout = 0", plainText} {
		if _, err := tx.Exec(ctx, setting); err != nil {
			return v.report, err
		}
	}
	for _, step := range []func(context.Context) error{v.since, v.sealed, v.unsealed, v.custody} {
		if err := step(ctx); err != nil || len(v.report.Differs) >= MostDifferences {
			return v.report, err
		}
	}
	return v.report, nil
}

type stateVerifier struct {
	tx       pgx.Tx
	key      []byte
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
	rows, err := v.tx.Query(ctx, "select id, columns from state_columns order by id")
	if err != nil {
		return err
	}
	sets, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (set columnSet, err error) {
		err = row.Scan(&set.id, &set.text)
		set.sum = sha256.Sum256([]byte(set.text))
		return set, err
	})
	if err != nil {
		return err
	}
	if _, err := v.tx.Exec(ctx, byIndex, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	for _, set := range sets {
		for _, kind := range stateKinds {
			if set.of(kind.tables[0].name) == nil {
				continue
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
	marks, mac []byte
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
		rows, err := v.tx.Query(ctx, "select s.of, s.seq, s.marks, s.mac from state_seal s join "+kind.owner+
			" k on k.id = s.of and k.version = s.seq "+
			"where s.columns = $1 and s.of > $2 and k.id > $2 order by s.of limit $3", set.id, after, stateBatch)
		if err != nil {
			return err
		}
		seals, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s seal, err error) {
			err = row.Scan((*[16]byte)(&s.of), &s.seq, &s.marks, &s.mac)
			return s, err
		})
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

func missingColumns(tables []stateTable, sealed, now columnSet) (gone []string) {
	for _, t := range tables {
		have := now.of(t.name)
		for _, column := range sealed.of(t.name) {
			if !slices.Contains(have, column) {
				gone = append(gone, t.name+"."+column)
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
	states, err := readStates(ctx, v.tx, v.key, kind.tables, set, inARow, ids)
	if err != nil {
		return err
	}
	for _, s := range seals {
		now := states[s.of]
		if !hmac.Equal(s.mac, now.mac(v.key, s.of, s.seq, set)) {
			v.differs(s.of, s.seq, now.differing(kind.tables, set, s.marks)...)
		}
	}
	return nil
}

// fewColumns is up to how many columns of a table are named; of more, the table is.
const fewColumns = 3

// differing names what the marks tell apart; nothing does when somebody changed the seal itself.
func (s *state) differing(tables []stateTable, set columnSet, sealed []byte) (parts []string) {
	before := make([][]uint16, len(tables))
	for len(sealed) > 0 && int(sealed[0]) < len(tables) {
		table := int(sealed[0])
		n := len(set.of(tables[table].name))
		if len(sealed) < 1+2*n {
			break
		}
		for i := range n {
			before[table] = append(before[table], binary.BigEndian.Uint16(sealed[1+2*i:]))
		}
		sealed = sealed[1+2*n:]
	}
	for table, marks := range s.marks {
		if slices.Equal(marks, before[table]) {
			continue
		}
		name, columns := tables[table].name, set.of(tables[table].name)
		var names []string
		for i := range min(len(marks), len(before[table])) {
			if marks[i] != before[table][i] {
				names = append(names, name+"."+columns[i])
			}
		}
		if len(names) == 0 || len(names) > fewColumns {
			names = []string{name}
		}
		parts = append(parts, names...)
	}
	if parts == nil {
		parts = []string{"state_seal"}
	}
	return parts
}

// selectUnsealed is every case or layoff whose newest entry has no seal, and every seal of none.
const selectUnsealed = `select k.id, k.version, g.idx, exists (select from log_pending p where p.entry_of = k.id)
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
		var pending bool
		_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &seq, &at, &pending}, func() error {
			switch {
			case pending:
				v.report.Waiting++
			case at != nil && *at < v.report.Since:
				v.report.Before++
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

// custody finds entries that another office can read than the one that has the case: their region is not hashed.
func (v *stateVerifier) custody(ctx context.Context) error {
	for owner, query := range map[string]string{
		"case_history.region": `select h.case_id, h.seq from case_history h
			join cases c on c.id = h.case_id and c.region <> h.region limit $1`,
		"layoff_history.region": `select h.layoff_id, h.seq from layoff_history h
			join layoff l on l.id = h.layoff_id and l.region <> h.region limit $1`,
	} {
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
