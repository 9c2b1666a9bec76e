package bulkstore

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
)

// CreateOrder implements bulk.Store. The lock on the officer makes two orders at once count each other.
func (s *Bulk) CreateOrder(ctx context.Context, op authz.Op, o bulk.Order, c bulk.Change,
	of bulk.Choice) (made bulk.Order, missing []casework.ID, err error) {
	key, text, err := sealed(s.Vault, o.ID, c)
	if err != nil {
		return o, nil, err
	}
	id, err := s.CreateOnce(ctx, op, o.ID, func(tx pgx.Tx) error {
		if err := s.mayOrder(ctx, tx, op.Actor); err != nil {
			return err
		}
		scope := store.CodesText(o.Scope)
		err := store.On[orderRow](tx).Create(ctx, &orderRow{ID: o.ID, OfficerID: uuid.UUID(op.Actor), Kind: o.Kind,
			Scope: &scope, AskedKey: key, Asked: text, State: bulk.Queued})
		if err != nil {
			return err
		}
		if missing, err = s.choose(ctx, tx, op.Scope, o.ID, of); err != nil {
			return err
		}
		return s.Enqueue(ctx, tx, bulk.Job{Order: o.ID})
	})
	if err != nil {
		return o, missing, err
	}
	made, err = s.order(ctx, id)
	return made, missing, err
}

func (s *Bulk) mayOrder(ctx context.Context, tx pgx.Tx, officer authz.OfficerID) error {
	if err := store.LockOfficer(ctx, tx, officer); err != nil {
		return err
	}
	live, err := store.Find(ctx, tx, store.From[orderRow]().Where("officer_id = ? and state in (?, ?)",
		uuid.UUID(officer), bulk.Queued, bulk.Running), orderRow.order)
	if err != nil {
		return err
	}
	return bulk.MayOrder(len(live))
}

// choose keeps the cases of an order and counts them. Thousands of rows come from one statement: pgx.
func (s *Bulk) choose(ctx context.Context, tx pgx.Tx, scope authz.Scope, id uuid.UUID,
	of bulk.Choice) (missing []casework.ID, err error) {
	var cases int
	if of.Filter != nil {
		cases, err = s.filtered(ctx, tx, scope, id, *of.Filter)
		if err == nil {
			err = bulk.MayHold(cases)
		}
	} else {
		cases = len(of.Picked)
		if missing, err = s.picked(ctx, tx, scope, id, of.Picked); err == nil && len(missing) == cases {
			err = casework.NotFound()
		}
	}
	if err != nil {
		return missing, err
	}
	_, err = store.On[orderRow](tx).Where("id = ?", id).
		Set(store.Set("total", cases), store.Set("refused", len(missing))).Update(ctx)
	return missing, err
}

// filtered keeps the cases that a filter leaves now, one more than an order may have at most.
func (s *Bulk) filtered(ctx context.Context, tx pgx.Tx, scope authz.Scope, id uuid.UUID,
	f casework.Filter) (int, error) {
	if scope.Empty() {
		return 0, nil
	}
	chosen, args := s.cases.Chosen(scope, f, bulk.MostCases+1)
	args = append(args, id)
	tag, err := tx.Exec(ctx, fmt.Sprintf("insert into bulk_case (bulk_id, n, case_id, version) "+
		"select $%d, row_number() over (order by c.id), c.id, c.version from (%s) c", len(args), chosen), args...)
	return int(tag.RowsAffected()), err
}

// picked keeps the cases of a request. Those that are not there for the caller are refused at once.
func (s *Bulk) picked(ctx context.Context, tx pgx.Tx, scope authz.Scope, id uuid.UUID,
	list []casework.Picked) (missing []casework.ID, err error) {
	refusal, err := json.Marshal(casework.NotFound())
	if err != nil {
		return nil, fmt.Errorf("encode a refusal: %w", err)
	}
	cases, versions := make([]uuid.UUID, len(list)), make([]int, len(list))
	for i, p := range list {
		cases[i], versions[i] = uuid.UUID(p.Case), p.Version
	}
	_, err = tx.Exec(ctx, `insert into bulk_case (bulk_id, n, case_id, version, result, refusal)
		select $1, p.n, p.id, p.version, case when c.id is null then 'refused' else 'left' end,
			case when c.id is null then $4::jsonb end
		from unnest($2::uuid[], $3::int[]) with ordinality p (id, version, n)
		left join cases c on c.id = p.id and `+store.CaseScopeSQL(scope), id, cases, versions, string(refusal))
	if err != nil {
		return nil, err
	}
	return store.Find(ctx, tx, store.From[caseRow]().Where("bulk_id = ? and result = ?", id, bulk.Refused).Order("n"),
		func(r caseRow) casework.ID { return casework.ID(r.CaseID) })
}

func (s *Bulk) order(ctx context.Context, id uuid.UUID) (bulk.Order, error) {
	return store.Take(ctx, s.Pool, store.From[orderRow]().Where("id = ?", id), bulk.NotFound(), orderRow.order)
}

// OrderOf implements bulk.Store.
func (s *Bulk) OrderOf(ctx context.Context, op authz.Op) (bulk.Order, error) {
	var answer struct{ ID uuid.UUID }
	if err := s.Replay(ctx, op, bulk.NotFound(), &answer); err != nil {
		return bulk.Order{}, err
	}
	return s.order(ctx, answer.ID)
}

// seen begins a query of the orders that a viewer may see.
func seen(v bulk.Viewer) store.Rows[orderRow] {
	return store.From[orderRow]().Where("(officer_id = ? and "+holds(v.Scope)+" or "+holds(v.Head)+")",
		uuid.UUID(v.Officer))
}

// holds is the condition that all regions of an order lie in a scope.
func holds(scope authz.Scope) string {
	return "not exists (select from unnest(bulk.scope) s (code) where not " + store.ScopeSQL(scope, "s.code") + ")"
}

// GetOrder implements bulk.Store.
func (s *Bulk) GetOrder(ctx context.Context, v bulk.Viewer, id uuid.UUID) (bulk.Order, error) {
	return store.Take(ctx, s.Pool, seen(v).Where("id = ?", id), bulk.NotFound(), orderRow.order)
}

// ListOrders implements bulk.Store.
func (s *Bulk) ListOrders(ctx context.Context, v bulk.Viewer, after uuid.UUID, limit int) ([]bulk.Order, error) {
	q := seen(v).Order("id desc").Limit(limit)
	if after != uuid.Nil {
		q = q.Where("id < ?", after)
	}
	return store.Find(ctx, s.Pool, q, orderRow.order)
}

// ListLines implements bulk.Store.
func (s *Bulk) ListLines(ctx context.Context, v bulk.Viewer, id uuid.UUID, p bulk.Page) ([]bulk.Line, error) {
	if _, err := s.GetOrder(ctx, v, id); err != nil {
		return nil, err
	}
	q := store.From[caseRow]().Where("bulk_id = ? and n > ?", id, p.After).Order("n").Limit(p.Limit)
	if p.Result != nil {
		q = q.Where("result = ?", *p.Result)
	}
	return store.Find(ctx, s.Pool, q, caseRow.line)
}

// CancelOrder implements bulk.Store.
func (s *Bulk) CancelOrder(ctx context.Context, op authz.Op, v bulk.Viewer, id uuid.UUID) (bulk.Order, error) {
	id, err := s.CreateOnce(ctx, op, id, func(tx pgx.Tx) error {
		o, err := store.Take(ctx, tx, seen(v).Where("id = ?", id), bulk.NotFound(), orderRow.order)
		if err != nil {
			return err
		}
		ended, err := end(ctx, tx, id, bulk.Cancelled, "")
		if err == nil && !ended {
			err = fault.New(fault.Conflict, "bulk.ended", "state", string(o.State))
		}
		return err
	})
	if err != nil {
		return bulk.Order{}, err
	}
	return s.order(ctx, id)
}

// end ends an order that has not ended, and forgets what it was to do.
func end(ctx context.Context, conn store.Execer, id uuid.UUID, as bulk.State, failure string) (ended bool, err error) {
	n, err := store.On[orderRow](conn).Where("id = ? and state in (?, ?)", id, bulk.Queued, bulk.Running).
		Set(store.Set("state", as), store.Set("failure", store.Null(failure)), store.Set("asked", nil),
			store.Set("asked_key", nil), store.Set("ended_at", store.Clock)).Update(ctx)
	return n > 0, err
}

var _ bulk.Store = (*Bulk)(nil)
