package intakestore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/store/layoffstore"
)

// lock reads an intake that the transaction may see, and keeps others from changing it until the transaction ends.
func lock(ctx context.Context, tx pgx.Tx, id uuid.UUID) (intakeRow, error) {
	q := store.From[intakeRow](store.ForUpdate).Where("id = ?", id)
	return store.Take(ctx, tx, q, intake.NotFound(), store.Itself)
}

// write keeps everything about an intake that can change. It was locked before.
func write(ctx context.Context, tx pgx.Tx, in intake.Intake) error {
	n, err := store.On[intakeRow](tx).Where("id = ?", in.ID).Set(
		store.Set("state", in.State), store.Set("refusal", store.Null(in.Refusal.Code)),
		store.Set("refusal_args", store.JSON[map[string]string]{V: in.Refusal.Args}),
		store.Set("reading", store.JSON[intake.Reading]{V: in.Reading}),
		store.Set("layoff_id", store.Null(in.Layoff)), store.Set("attempts", in.Attempts),
		store.Set("rows_total", in.Counts.Total), store.Set("rows_valid", in.Counts.Valid),
		store.Set("rows_warned", in.Counts.Warned), store.Set("rows_refused", in.Counts.Refused),
		store.Set("rows_skipped", in.Counts.Skipped), store.Set("rows_done", in.Counts.Done),
		store.Set("cases_opened", in.Counts.Opened), store.Set("cases_known", in.Counts.Known),
		store.Set("updated_at", store.Now), store.Set("version", in.Version)).Update(ctx)
	if err == nil && n != 1 {
		err = fmt.Errorf("write intake %s: %d rows", in.ID, n)
	}
	return err
}

// StartIntake implements intake.Store.
func (s *Intakes) StartIntake(ctx context.Context, op authz.Op, id uuid.UUID, to intake.State) (intake.Intake, error) {
	now, err := s.GetIntake(ctx, op.Scope, id)
	if err != nil {
		return now, err
	}
	err = s.Write(ctx, op, &id, func(tx pgx.Tx) error { return s.start(ctx, tx, op, now, to) })
	if err != nil {
		return now, err
	}
	return s.GetIntake(ctx, op.Scope, id)
}

// start moves an intake; the layoff that its form reports is there before a case is opened from it.
func (s *Intakes) start(ctx context.Context, tx pgx.Tx, op authz.Op, seen intake.Intake, to intake.State) (err error) {
	layoff := seen.Layoff
	if to == intake.Applying {
		if layoff, _, err = layoffstore.ReportLayoff(ctx, s.DB, tx, op, seen.Form.Layoff()); err != nil {
			return err
		}
	}
	row, err := lock(ctx, tx, seen.ID)
	if err != nil {
		return err
	}
	in := row.intake()
	if err := in.Start(to); err != nil {
		return err
	}
	in.Layoff = layoff
	if err := write(ctx, tx, in); err != nil || to != intake.Applying {
		return err
	}
	return s.Enqueue(ctx, tx, intake.ApplyJob{Intake: in.ID})
}

// FailIntake implements intake.Store.
func (s *Intakes) FailIntake(ctx context.Context, id uuid.UUID, code string, most int) error {
	return s.Write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		q := store.From[intakeRow](store.ForUpdate).Where("id = ?", id)
		found, err := store.Find(ctx, tx, q, intakeRow.intake)
		if err != nil || len(found) == 0 || !found[0].Fail(code, most) {
			return err
		}
		return write(ctx, tx, found[0])
	})
}

// WaitingIntakes lists the work that was under way when a process ended, for the next one to take up.
func (s *Intakes) WaitingIntakes(ctx context.Context, idle time.Duration) (check, apply []uuid.UUID, err error) {
	q := store.From[intakeRow]().Where("state in (?, ?)", intake.Checking, intake.Applying).
		Where("updated_at < now() - ?::interval", idle)
	waiting, err := store.Find(ctx, s.Inside(authz.Everywhere()), q, intakeRow.intake)
	for _, in := range waiting {
		if in.State == intake.Checking {
			check = append(check, in.ID)
		} else {
			apply = append(apply, in.ID)
		}
	}
	return check, apply, err
}
