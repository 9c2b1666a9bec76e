package casestore

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/rowsum"
)

// The officer and the grants are locked, in no change of which anybody could be given a case meanwhile: whoever takes a
// right away afterwards finds the case among those that are left behind.
const (
	selectAssignee = `select office, active from officer where id = $1 for share`
	selectGrants   = `select role, region, valid_from, valid_until from officer_grant
		where officer_id = $1 and revoked_at is null and not pending order by id for share`
)

// assignee reads the officer whom a case is given to, inside a change of the case.
type assignee struct {
	id  authz.OfficerID
	now casework.Assignee
}

// QueueLoad implements Parts.
func (a *assignee) QueueLoad(b *pgx.Batch, _ casework.ID) {
	b.Queue(selectAssignee, uuid.UUID(a.id))
	b.Queue(selectGrants, uuid.UUID(a.id))
}

// ScanLoad implements Parts. Nobody has neither an office nor grants.
func (a *assignee) ScanLoad(r pgx.BatchResults) error {
	rows, err := r.Query()
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{(*string)(&a.now.Office), &a.now.Active}, func() error { return nil })
	}
	if err != nil {
		return err
	}
	if rows, err = r.Query(); err != nil {
		return err
	}
	a.now.Grants, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (g authz.Grant, err error) {
		var from, until pgtype.Date
		err = row.Scan((*string)(&g.Role), (*string)(&g.Region), &from, &until)
		g.From, g.Until = store.DateOf(from), store.DateOf(until)
		return g, err
	})
	return err
}

// QueueSave implements Parts.
func (a *assignee) QueueSave(*pgx.Batch, *casework.Case) error { return nil }

// Step implements Stepping.
func (a *assignee) Step(*rowsum.Adder, *rowsum.Sum, *casework.Case) {}

// Replaced implements Parts.
func (a *assignee) Replaced(*casework.Undo) {}

// Assign implements casework.AssignmentStore.
func (s *Cases) Assign(ctx context.Context, op authz.Op, id casework.ID, version int, to authz.OfficerID,
	fn func(*casework.Case, casework.Assignee) (casework.Event, error)) (casework.State, error) {
	a := &assignee{id: to}
	return s.ChangeWith(ctx, Change{Op: op, ID: id, Version: version, Parts: a,
		Fn: func(c *casework.Case) (casework.Event, error) { return fn(c, a.now) }})
}

// HandOver implements casework.AssignmentStore. The cases are locked in the order of their ids, before the officer, as
// every change does; then all entries go in one batch.
func (s *Cases) HandOver(ctx context.Context, op authz.Op, from, to authz.OfficerID,
	fn func(*casework.Case, casework.Assignee) (casework.Event, error)) (n int, err error) {
	if op.Scope.Empty() {
		return 0, nil
	}
	err = s.Write(ctx, op, &n, func(tx pgx.Tx) error {
		cases, err := lockCases(ctx, tx, "c.officer_id = $1 and c.closed_on is null and "+store.CaseScopeSQL(op.Scope),
			uuid.UUID(from))
		if err != nil {
			return err
		}
		if len(cases) == 0 {
			return errNoCases // and no answer is kept: of an officer who is not there none may be
		}
		a := &assignee{id: to}
		b := &pgx.Batch{}
		a.QueueLoad(b, casework.ID{})
		r := tx.SendBatch(ctx, b)
		if err := a.ScanLoad(r); err != nil {
			_ = r.Close()
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
		n = len(cases)
		return s.changeAll(ctx, tx, op, cases, func(c *casework.Case) (casework.Event, error) { return fn(c, a.now) })
	})
	if errors.Is(err, errNoCases) {
		return 0, nil
	}
	if err != nil {
		n = 0
	}
	return n, err
}

var errNoCases = errors.New("there is nothing to hand over")

// lockCases locks the cases that a condition leaves, and reads them as a change of one case does.
func lockCases(ctx context.Context, tx pgx.Tx, condition string, args ...any) (list []*locked, err error) {
	rows, err := tx.Query(ctx, selectSeveral+condition+" order by c.id for no key update of c", args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*locked, error) { return scanLocked(row) })
}

// changeAll makes the same change of several cases, an entry each.
func (s *Cases) changeAll(ctx context.Context, tx pgx.Tx, op authz.Op, cases []*locked,
	fn func(*casework.Case) (casework.Event, error)) error {
	if len(cases) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	for _, at := range cases {
		event, err := fn(&at.Case)
		if err != nil {
			return err
		}
		payload, err := s.payload(at, event)
		if err != nil {
			return err
		}
		at.Version++
		at.UpdatedAt = at.at
		at.step = s.stepOf(at, nil)
		queueEntry(b, op.Actor, at, event, payload)
	}
	return tx.SendBatch(ctx, b).Close()
}

// InCharge implements casework.AssignmentStore. It groups, which GORM has no words for.
func (s *Cases) InCharge(ctx context.Context, scope authz.Scope,
	officer authz.OfficerID) (map[region.Code]int, error) {
	counts := map[region.Code]int{}
	if scope.Empty() {
		return counts, nil
	}
	err := s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select c.region, count(*) from cases c where c.officer_id = $1 and c.closed_on is null and "+
			store.CaseScopeSQL(scope)+" group by c.region", uuid.UUID(officer))
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var code string
		var n int
		_, err = pgx.ForEachRow(rows, []any{&code, &n}, func() error {
			counts[region.Code(code)] = n
			return nil
		})
		return err
	})
	return counts, err
}

var _ casework.AssignmentStore = (*Cases)(nil)
