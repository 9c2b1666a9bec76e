package officerstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// emergencyRow is an emergency access.
type emergencyRow struct {
	ID         uuid.UUID                 `gorm:"column:id;primaryKey"`
	OfficerID  uuid.UUID                 `gorm:"column:officer_id"`
	Region     region.Code               `gorm:"column:region"`
	Reason     string                    `gorm:"column:reason"`
	OpenedAt   time.Time                 `gorm:"column:opened_at"`
	Until      time.Time                 `gorm:"column:until"`
	Verdict    *officer.EmergencyVerdict `gorm:"column:verdict"`
	Remark     *string                   `gorm:"column:remark"`
	ReviewedBy *uuid.UUID                `gorm:"column:reviewed_by"`
	Name       string                    `gorm:"-"` // of the officer
	Now        time.Time                 `gorm:"-"` // by the clock of the database, which says what is over
}

// TableName names the table to GORM.
func (emergencyRow) TableName() string { return "emergency" }

func (r emergencyRow) emergency() officer.Emergency {
	return officer.Emergency{ID: r.ID, Officer: authz.OfficerID(r.OfficerID), Name: r.Name, Region: r.Region,
		Reason: r.Reason, OpenedAt: r.OpenedAt.UTC(), Until: r.Until.UTC(), Verdict: store.NotNull(r.Verdict),
		Remark: store.NotNull(r.Remark), ReviewedBy: someone(r.ReviewedBy)}
}

var emergencyColumns = store.Columns[emergencyRow]("e") + ", o.name, clock_timestamp() as now"

// emergencies begins a query of emergency accesses, as e, with their officers, as o.
func emergencies(clauses ...clause.Expression) store.Rows[emergencyRow] {
	return store.From[emergencyRow](clauses...).Table("emergency e join officer o on o.id = e.officer_id").
		Select(emergencyColumns)
}

// openEmergency finds the emergency access that an officer has open: of those that nobody has judged, the one that
// would last longest.
func openEmergency(ctx context.Context, from store.Reader, id authz.OfficerID) (e officer.Emergency, open bool,
	err error) {
	q := emergencies().Where("e.officer_id = ? and e.verdict is null", uuid.UUID(id)).Order("e.until desc").Limit(1)
	row, err := store.Take(ctx, from, q, officer.NotFound(), store.Itself[emergencyRow])
	if errors.Is(err, officer.NotFound()) {
		return e, false, nil
	}
	e = row.emergency()
	return e, err == nil && e.OpenAt(row.Now), err
}

// OpenEmergency implements officer.EmergencyStore. The lock on the officer makes two at once see each other.
func (s *Officers) OpenEmergency(ctx context.Context, op authz.Op, e officer.Emergency,
	lasts time.Duration) (officer.Emergency, error) {
	fresh := uuid.Must(uuid.NewV7())
	id, err := s.CreateOnce(ctx, op, fresh, func(tx pgx.Tx) error {
		if err := store.LockOfficer(ctx, tx, op.Actor); err != nil {
			return err
		}
		_, open, err := openEmergency(ctx, tx, op.Actor)
		if err == nil {
			err = officer.MayOpen(open)
		}
		if err != nil {
			return err
		}
		var opened time.Time
		if err := tx.QueryRow(ctx, "select clock_timestamp()").Scan(&opened); err != nil {
			return fmt.Errorf("read clock: %w", err)
		}
		err = store.On[emergencyRow](tx).Create(ctx, &emergencyRow{ID: fresh, OfficerID: uuid.UUID(op.Actor),
			Region: e.Region, Reason: e.Reason, OpenedAt: opened, Until: opened.Add(lasts)})
		if err != nil {
			return err
		}
		return accessChanged(ctx, tx, op.Actor)
	})
	if err != nil {
		return e, err
	}
	own := emergencies().Where("e.id = ? and e.officer_id = ?", id, uuid.UUID(op.Actor))
	return store.Take(ctx, s.Pool, own, officer.NotFound(), emergencyRow.emergency)
}

// ListEmergencies implements officer.EmergencyStore.
func (s *Officers) ListEmergencies(ctx context.Context, scope authz.Scope, open bool,
	limit int) ([]officer.Emergency, error) {
	q := emergencies().Where(store.ScopeSQL(scope, "e.region")).Order("e.id desc").Limit(limit)
	if open {
		q = q.Where("e.verdict is null")
	}
	return store.Find(ctx, s.Pool, q, emergencyRow.emergency)
}

// ReviewEmergency implements officer.EmergencyStore: the access ends with the verdict, if it had not ended before.
func (s *Officers) ReviewEmergency(ctx context.Context, op authz.Op, id uuid.UUID, verdict officer.EmergencyVerdict,
	remark string) (officer.Emergency, error) {
	answer := struct{ ID uuid.UUID }{id}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		lock := clause.Locking{Strength: clause.LockingStrengthUpdate, Table: clause.Table{Name: "e"}}
		q := emergencies(lock).Where("e.id = ? and "+store.ScopeSQL(op.Scope, "e.region"), id)
		e, err := store.Take(ctx, tx, q, officer.NotFound(), emergencyRow.emergency)
		if err == nil {
			err = e.Judge(op.Actor, verdict, remark)
		}
		if err != nil {
			return err
		}
		err = store.One(store.On[emergencyRow](tx).Where("id = ?", id).Set(store.Set("verdict", e.Verdict),
			store.Set("remark", e.Remark), store.Set("reviewed_by", uuid.UUID(e.ReviewedBy)),
			store.Set("reviewed_at", store.Clock)).Update(ctx))
		if err != nil {
			return err
		}
		return accessChanged(ctx, tx, e.Officer)
	})
	if err != nil {
		return officer.Emergency{}, err
	}
	return store.Take(ctx, s.Pool, emergencies().Where("e.id = ?", id), officer.NotFound(), emergencyRow.emergency)
}

var _ officer.EmergencyStore = (*Officers)(nil)
