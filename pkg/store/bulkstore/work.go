package bulkstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

// StartOrder implements bulk.WorkStore: one statement, so that of two who ask one has it.
func (s *Bulk) StartOrder(ctx context.Context, id uuid.UUID) (bulk.Order, bulk.Change, error) {
	n, err := store.On[orderRow](s.Pool).
		Where("id = ? and (state = ? or state = ? and seen_at < clock_timestamp() - ?::interval)", id, bulk.Queued,
			bulk.Running, bulk.Silence).
		Set(store.Set("state", bulk.Running), store.Set("seen_at", store.Clock)).Update(ctx)
	if err == nil && n == 0 {
		err = bulk.NotFound()
	}
	if err != nil {
		return bulk.Order{}, bulk.Change{}, store.Translate(err)
	}
	r, err := store.Take(ctx, s.Pool, store.From[orderRow]().Where("id = ? and asked is not null", id), bulk.NotFound(),
		store.Itself[orderRow])
	if err != nil {
		return bulk.Order{}, bulk.Change{}, err
	}
	c, err := r.change(s.Vault)
	return r.order(), c, err
}

// WaitingOrders lists the orders that nobody works on, though somebody should.
func (s *Bulk) WaitingOrders(ctx context.Context) ([]uuid.UUID, error) {
	q := store.From[orderRow]().Where("state in (?, ?)", bulk.Queued, bulk.Running).
		Where("seen_at < clock_timestamp() - ?::interval", bulk.Silence)
	return store.Find(ctx, s.Pool, q, func(r orderRow) uuid.UUID { return r.ID })
}

// NextLines implements bulk.WorkStore.
func (s *Bulk) NextLines(ctx context.Context, id uuid.UUID, limit int) ([]casework.Picked, error) {
	q := store.From[caseRow]().Where("bulk_id = ? and result = 'left'", id).Order("n").Limit(limit)
	return store.Find(ctx, s.Pool, q, caseRow.picked)
}

// keepLines counts only what it changes: a case whose result is kept already counts once.
const keepLines = `with kept as (
		update bulk_case b set result = case when d.refusal is null then 'changed' else 'refused' end,
			became = nullif(d.version, 0), refusal = d.refusal
		from unnest($2::uuid[], $3::int[], $4::jsonb[]) d (id, version, refusal)
		where b.bulk_id = $1 and b.case_id = d.id and b.result = 'left' returning b.result)
	update bulk set changed = changed + (select count(*) from kept where result = 'changed'),
		refused = refused + (select count(*) from kept where result = 'refused'),
		attempts = case when exists (select from kept) then 0 else attempts end, seen_at = clock_timestamp()
	where id = $1 returning state`

// KeepLines implements bulk.WorkStore: many rows and their count in one statement.
func (s *Bulk) KeepLines(ctx context.Context, id uuid.UUID, done []casework.Done) (on bool, err error) {
	cases, versions, refusals := make([]uuid.UUID, len(done)), make([]int, len(done)), make([]*string, len(done))
	for i, d := range done {
		cases[i], versions[i] = uuid.UUID(d.Case), d.Version
		if d.Refusal == nil {
			continue
		}
		text, err := json.Marshal(d.Refusal)
		if err != nil {
			return false, fmt.Errorf("encode what came of case %s: %w", d.Case, err)
		}
		refusal := string(text)
		refusals[i] = &refusal
	}
	state, err := store.QueryOne(ctx, s.DB, "bulk.not_found", pgx.RowTo[bulk.State], keepLines, id, cases, versions,
		refusals)
	return err == nil && !state.Ended(), err
}

// FinishOrder implements bulk.WorkStore.
func (s *Bulk) FinishOrder(ctx context.Context, id uuid.UUID) error {
	_, err := end(ctx, s.Pool, id, bulk.Finished, "")
	return store.Translate(err)
}

// FailOrder implements bulk.WorkStore.
func (s *Bulk) FailOrder(ctx context.Context, id uuid.UUID, code string, most int) error {
	return store.Translate(pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		found, err := store.Find(ctx, tx, store.From[orderRow](store.ForUpdate).Where("id = ?", id), orderRow.order)
		if err != nil || len(found) == 0 || !found[0].Fail(code, most) {
			return err
		}
		o := found[0]
		if o.State == bulk.Failed {
			if _, err := end(ctx, tx, id, o.State, o.Failure); err != nil {
				return err
			}
		}
		_, err = store.On[orderRow](tx).Where("id = ?", id).Set(store.Set("state", o.State),
			store.Set("attempts", o.Attempts), store.Set("seen_at", store.Clock)).Update(ctx)
		return err
	}))
}

var _ bulk.WorkStore = (*Bulk)(nil)
