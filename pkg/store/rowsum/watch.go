package rowsum

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/store"
)

// Tx is a transaction, however it was begun.
type Tx interface {
	store.Queryer
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Watch makes the steps of entries whose transaction changes more than it has read: what is changed by functions of the
// database, in other tables, in other cases.
type Watch struct {
	db       *store.DB
	tx       Tx
	layoffs  bool
	ids      []uuid.UUID
	before   map[uuid.UUID]*Sum
	versions map[uuid.UUID]int
}

// WatchCases reads the rows of cases that a transaction has locked and is about to change.
func WatchCases(ctx context.Context, db *store.DB, tx Tx, ids ...uuid.UUID) (*Watch, error) {
	return watch(ctx, db, tx, false, ids)
}

// WatchLayoffs is WatchCases for layoffs; those that are not there yet have no rows.
func WatchLayoffs(ctx context.Context, db *store.DB, tx Tx, ids ...uuid.UUID) (*Watch, error) {
	return watch(ctx, db, tx, true, ids)
}

// NewLayoff is WatchLayoffs for one that is made.
func NewLayoff(db *store.DB, tx Tx, id uuid.UUID) *Watch {
	return &Watch{db: db, tx: tx, layoffs: true, ids: []uuid.UUID{id}, before: map[uuid.UUID]*Sum{id: {}}}
}

func watch(ctx context.Context, db *store.DB, tx Tx, layoffs bool, ids []uuid.UUID) (w *Watch, err error) {
	w = &Watch{db: db, tx: tx, layoffs: layoffs, ids: Sorted(slices.Clone(ids))}
	w.before, w.versions, err = w.read(ctx)
	return w, err
}

// Write says what has become of the rows, a step for each entry. Of several entries of one case the last says it all.
func (w *Watch) Write(ctx context.Context) error {
	after, versions, err := w.read(ctx)
	if err != nil {
		return err
	}
	key := KeyOf(w.db.Vault)
	var of []uuid.UUID
	var seqs []int
	var steps [][]byte
	for _, id := range w.ids {
		for seq := w.versions[id] + 1; seq <= versions[id]; seq++ {
			change := &Sum{}
			if seq == versions[id] {
				change = after[id]
				change.Minus(w.before[id])
			}
			of, seqs, steps = append(of, id), append(seqs, seq), append(steps, change.step(key, id, seq, w.layoffs))
		}
	}
	if len(of) == 0 {
		return nil
	}
	_, err = w.tx.Exec(ctx, "insert into state_step (of, seq, step) select * from unnest($1::uuid[], $2::int[], "+
		"$3::bytea[])",
		of, seqs, steps)
	return err
}

// read looks at everything, wherever it lies, and leaves the settings of the transaction as they were.
func (w *Watch) read(ctx context.Context) (sums map[uuid.UUID]*Sum, versions map[uuid.UUID]int, err error) {
	if _, err = w.tx.Exec(ctx, "savepoint watched"); err != nil {
		return nil, nil, err
	}
	lo, hi, only := w.db.Limits(authz.Everywhere())
	if _, err = w.tx.Exec(ctx, store.BindScope, lo, hi, only); err != nil {
		return nil, nil, err
	}
	if _, err = w.tx.Exec(ctx, PlainText); err != nil {
		return nil, nil, err
	}
	owner, tables := Owner(w.layoffs)
	if versions, err = Versions(ctx, w.tx, owner, w.ids); err != nil {
		return nil, nil, err
	}
	if sums, err = Read(ctx, w.tx, KeyOf(w.db.Vault), tables, OneByOne, w.ids); err != nil {
		return nil, nil, err
	}
	_, err = w.tx.Exec(ctx, "rollback to savepoint watched")
	return sums, versions, err
}

// Owner is the table that has id and version, and all tables.
func Owner(layoffs bool) (name string, tables []*Table) {
	if layoffs {
		return "layoff", Layoff
	}
	return "cases", Case
}

// Versions gives the versions of those of the ids that the table has.
func Versions(ctx context.Context, q store.Queryer, owner string, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := q.Query(ctx, "select id, version from "+owner+" where id = any($1)", ids)
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
