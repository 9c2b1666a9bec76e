package officerstore

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/officer"
	"github.com/tanggap/tanggap/pkg/store"
)

const selectEmergency = `select e.id, e.officer_id, o.name, e.region, e.reason, e.opened_at, e.until, coalesce(e.verdict, ''), coalesce(e.remark, ''), e.reviewed_by
	from emergency e join officer o on o.id = e.officer_id where `

func scanEmergency(row pgx.Row) (e officer.Emergency, err error) {
	var reviewed pgtype.UUID
	err = row.Scan((*[16]byte)(&e.ID), (*[16]byte)(&e.Officer), &e.Name, (*string)(&e.Region), &e.Reason, &e.OpenedAt, &e.Until, &e.Verdict, &e.Remark, &reviewed)
	e.OpenedAt, e.Until, e.ReviewedBy = e.OpenedAt.UTC(), e.Until.UTC(), reviewed.Bytes
	if errors.Is(err, pgx.ErrNoRows) {
		err = officer.NotFound()
	}
	return e, err
}

// OpenEmergency implements officer.EmergencyStore.
func (s *Officers) OpenEmergency(ctx context.Context, op authz.Op, e officer.Emergency, lasts time.Duration) (officer.Emergency, error) {
	answer := struct{ ID uuid.UUID }{uuid.Must(uuid.NewV7())}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		var open bool
		err := tx.QueryRow(ctx, `with me as (select id from officer where id = $1 for no key update)
			select exists (select from me join emergency e on e.officer_id = me.id where e.until > clock_timestamp() and e.verdict is null)`, uuid.UUID(op.Actor)).Scan(&open)
		if err == nil && open {
			return fault.New(fault.Conflict, "emergency.open_already")
		}
		if err == nil {
			_, err = tx.Exec(ctx, `insert into emergency (id, officer_id, region, reason, opened_at, until) select $1, $2, $3, $4, t, t + $5::interval from clock_timestamp() t`,
				answer.ID, uuid.UUID(op.Actor), string(e.Region), e.Reason, lasts)
		}
		if err == nil {
			_, err = tx.Exec(ctx, "select pg_notify('tanggap_access', $1)", op.Actor.String())
		}
		return err
	})
	if err != nil {
		return e, err
	}
	e, err = scanEmergency(s.Pool.QueryRow(ctx, selectEmergency+"e.id = $1 and e.officer_id = $2", answer.ID, uuid.UUID(op.Actor)))
	return e, store.Translate(err)
}

// ListEmergencies implements officer.EmergencyStore.
func (s *Officers) ListEmergencies(ctx context.Context, scope authz.Scope, open bool, limit int) ([]officer.Emergency, error) {
	condition := store.ScopeSQL(scope, "e.region")
	if open {
		condition += " and e.verdict is null"
	}
	rows, err := s.Pool.Query(ctx, selectEmergency+condition+" order by e.id desc limit $1", limit)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (officer.Emergency, error) { return scanEmergency(row) })
	return list, store.Translate(err)
}

// ReviewEmergency implements officer.EmergencyStore: the access ends with the verdict, if it had not ended before.
func (s *Officers) ReviewEmergency(ctx context.Context, op authz.Op, id uuid.UUID, verdict officer.EmergencyVerdict, remark string) (officer.Emergency, error) {
	answer := struct{ ID uuid.UUID }{id}
	err := s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		e, err := scanEmergency(tx.QueryRow(ctx, selectEmergency+"e.id = $1 and "+store.ScopeSQL(op.Scope, "e.region")+" for update of e", id))
		switch {
		case err != nil:
			return err
		case e.Officer == op.Actor:
			return fault.New(fault.Forbidden, "emergency.own")
		case e.Verdict != "":
			return fault.New(fault.Conflict, "emergency.reviewed")
		}
		_, err = tx.Exec(ctx, "update emergency set verdict = $2, remark = $3, reviewed_by = $4, reviewed_at = clock_timestamp() where id = $1", id, verdict, remark, uuid.UUID(op.Actor))
		if err == nil {
			_, err = tx.Exec(ctx, "select pg_notify('tanggap_access', $1)", e.Officer.String())
		}
		return err
	})
	if err != nil {
		return officer.Emergency{}, err
	}
	e, err := scanEmergency(s.Pool.QueryRow(ctx, selectEmergency+"e.id = $1", id))
	return e, store.Translate(err)
}

var _ officer.EmergencyStore = (*Officers)(nil)
