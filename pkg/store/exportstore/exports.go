package exportstore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store"
)

// exports begins a query of exports, as x.
func exports(clauses ...clause.Expression) store.Rows[exportRow] {
	return store.From[exportRow](clauses...).Table("export x").Select(exportColumns)
}

// CreateExport implements export.Store. The lock on the officer makes two orders at once count each other.
func (s *Exports) CreateExport(ctx context.Context, op authz.Op, x export.Export) (export.Export, error) {
	fresh := uuid.Must(uuid.NewV7())
	id, err := s.CreateOnce(ctx, op, fresh, func(tx pgx.Tx) error {
		if err := store.LockOfficer(ctx, tx, op.Actor); err != nil {
			return err
		}
		own := exports().Where("x.officer_id = ? and x.state in ?", uuid.UUID(op.Actor), export.UnderWay)
		live, err := store.Find(ctx, tx, own, exportRow.export)
		if err != nil {
			return err
		}
		if err := export.MayOrder(len(live)); err != nil {
			return err
		}
		err = store.On[exportRow](tx).Create(ctx, &exportRow{ID: fresh, OfficerID: uuid.UUID(op.Actor),
			Asked: store.JSON[export.Request]{V: x.Asked}, Profile: x.Profile, Scope: codes(x.Scope), State: x.State,
			Reason: x.Reason, Version: 1})
		if err != nil || x.State != export.Queued {
			return err
		}
		return s.Enqueue(ctx, tx, export.Job{Export: fresh})
	})
	if err != nil {
		return x, err
	}
	x, err = s.GetExport(ctx, op.Actor, id)
	x.Again = id != fresh
	return x, err
}

// GetExport implements export.Store.
func (s *Exports) GetExport(ctx context.Context, officer authz.OfficerID, id uuid.UUID) (export.Export, error) {
	own := exports().Where("x.id = ? and x.officer_id = ?", id, uuid.UUID(officer))
	return store.Take(ctx, s.Pool, own, export.NotFound(), exportRow.export)
}

// OrderedExport implements export.Store.
func (s *Exports) OrderedExport(ctx context.Context, id uuid.UUID) (export.Export, error) {
	return store.Take(ctx, s.Pool, exports().Where("x.id = ?", id), export.NotFound(), exportRow.export)
}

// ListExports implements export.Store.
func (s *Exports) ListExports(ctx context.Context, officer authz.OfficerID, after uuid.UUID,
	limit int) ([]export.Export, error) {
	q := exports().Where("x.officer_id = ?", uuid.UUID(officer)).Order("x.id desc").Limit(limit)
	if after != uuid.Nil {
		q = q.Where("x.id < ?", after)
	}
	return store.Find(ctx, s.Pool, q, exportRow.export)
}

// mostAwaiting bounds how many exports wait in front of one approver.
const mostAwaiting = 200

// AwaitingExports implements export.Store.
func (s *Exports) AwaitingExports(ctx context.Context, scope authz.Scope,
	not authz.OfficerID) ([]export.Export, error) {
	q := exports().Where("x.state = 'awaiting' and x.officer_id <> ?", uuid.UUID(not)).Order("x.id").Limit(mostAwaiting)
	all, err := store.Find(ctx, s.Pool, q, exportRow.export)
	var list []export.Export
	for _, x := range all {
		if x.DecidableIn(scope) {
			list = append(list, x)
		}
	}
	return list, err
}

// MoveExport implements export.Store.
func (s *Exports) MoveExport(ctx context.Context, op authz.Op, id uuid.UUID, to export.State) (export.Export, error) {
	answer := struct{ ID uuid.UUID }{id}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		x, err := store.Take(ctx, tx, exports(store.ForUpdate).Where("x.id = ?", id), export.NotFound(), exportRow.export)
		if err == nil {
			err = x.Move(op.Actor, op.Scope, to)
		}
		if err != nil {
			return err
		}
		err = store.One(store.On[exportRow](tx).Where("id = ?", id).
			Select("State", "DecidedBy", "ReadyAt", "Attempt", "Version").
			Updates(ctx, exportRow{State: x.State, DecidedBy: store.Null(uuid.UUID(x.DecidedBy)), Attempt: x.Attempt,
				Version: x.Version}))
		if err != nil || to != export.Queued {
			return err
		}
		return s.Enqueue(ctx, tx, export.Job{Export: id})
	})
	if err != nil {
		return export.Export{}, err
	}
	return s.OrderedExport(ctx, id)
}

// LayoffInReach implements export.Store.
func (s *Exports) LayoffInReach(ctx context.Context, scope authz.Scope, layoff string) (found bool, err error) {
	// pgx: two questions about other tables, and no rows of either.
	query := "select exists (select from layoff l where l.id = $1 and " + store.ScopeSQL(scope, "l.region") +
		") or exists (select from cases c where c.layoff_id = $1 and " + store.CaseScopeSQL(scope) + ")"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, layoff) }, func(r pgx.BatchResults) error {
		return r.QueryRow().Scan(&found)
	})
	return found, err
}

// OfficerInReach implements export.Store. It is one question, and gives no rows that GORM could read.
func (s *Exports) OfficerInReach(ctx context.Context, scope authz.Scope, officer string) (found bool, err error) {
	query := "select exists (select from cases c where c.officer_id = $1 and " + store.CaseScopeSQL(scope) + ")"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, officer) }, func(r pgx.BatchResults) error {
		return r.QueryRow().Scan(&found)
	})
	return found, err
}

// leftCustody looks at the transfers since the day before the order, of which there are few, and not at the cases of
// the export, of which there may be millions. The office that gave a case away still sees its transfer. It is one
// question, and gives no rows that GORM could read.
const leftCustody = `select exists (select from referral r where r.kind = 'custody' and r.state = 'accepted'
	and r.answered_on >= $2::date - 1
	and exists (select from export_case e where e.export_id = $1 and e.cases @> array[r.case_id])
	and not exists (select from cases c where c.id = r.case_id and `

// LeftCustody implements export.Store.
func (s *Exports) LeftCustody(ctx context.Context, scope authz.Scope, x export.Export) (left bool, err error) {
	if scope.National() {
		return false, nil
	}
	query := leftCustody + store.CaseScopeSQL(scope) + "))"
	err = s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, x.ID, x.CreatedAt) }, func(r pgx.BatchResults) error {
		return r.QueryRow().Scan(&left)
	})
	return left, err
}

var _ export.Store = (*Exports)(nil)
