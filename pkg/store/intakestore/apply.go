package intakestore

import (
	"context"
	"runtime"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
	"github.com/tanggap/tanggap/pkg/store"
)

// ApplyRows implements intake.Store: cases, results of the rows and progress commit together.
func (s *Intakes) ApplyRows(ctx context.Context, op authz.Op, id uuid.UUID, most int,
	opening func(intake.Intake, sheet.Worker) casework.Opening) (left bool, err error) {
	err = s.Retry(ctx, func() error {
		return pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) (err error) {
			left, err = s.applyRows(ctx, tx, op, id, most, opening)
			return err
		})
	})
	return left, err
}

func (s *Intakes) applyRows(ctx context.Context, tx pgx.Tx, op authz.Op, id uuid.UUID, most int,
	opening func(intake.Intake, sheet.Worker) casework.Opening) (bool, error) {
	if err := s.Enter(ctx, tx, op.Scope); err != nil {
		return false, err
	}
	row, err := lock(ctx, tx, id)
	if err != nil || row.State != intake.Applying {
		return false, err
	}
	in := row.intake()
	key, err := s.Vault.Unwrap(row.FileKey, id.String())
	if err != nil {
		return false, err
	}
	waiting, err := store.Find(ctx, tx, waitingRows(id, most), store.Itself)
	if err != nil {
		return false, err
	}
	if len(waiting) == 0 {
		in.Finish()
		return false, write(ctx, tx, in)
	}
	list := make([]casework.Opening, len(waiting))
	for i, r := range waiting {
		runtime.Gosched()
		w, err := openWorker(key, id, r)
		if err != nil {
			return false, err
		}
		list[i] = opening(in, w)
	}
	return true, s.openRows(ctx, tx, op, in, waiting, list)
}

// waitingRows are the first usable rows of an intake that nothing has become of; the literals are those of their index.
func waitingRows(id uuid.UUID, most int) store.Rows[waitingRow] {
	return store.From[waitingRow]().Where("intake_id = ?", id).
		Where("result is null and status in ('valid', 'valid_warning')").Order("row").Limit(most)
}

// markRows is one statement over all rows, from arrays. What was sealed for the way is needed no more: the case has it.
const markRows = `update intake_row r set result = g.result, case_id = g.case_id, sealed = null
	from unnest($2::int[], $3::text[], $4::uuid[]) as g (row, result, case_id) where r.intake_id = $1 and r.row = g.row`

func (s *Intakes) openRows(ctx context.Context, tx pgx.Tx, op authz.Op, in intake.Intake, waiting []waitingRow,
	list []casework.Opening) error {
	done, err := s.cases.OpenMany(ctx, tx, op, list)
	if err != nil {
		return err
	}
	numbers, cases := make([]int, len(done)), make([]*uuid.UUID, len(done))
	results := make([]intake.Result, len(done))
	for i, d := range done {
		found := uuid.UUID(d.State.ID)
		results[i] = intake.RowOpened
		switch {
		case d.Else:
			results[i], found = intake.RowElsewhere, uuid.Nil
		case d.Known != casework.ID{}:
			results[i], found = intake.RowKnown, uuid.UUID(d.Known)
		}
		numbers[i], cases[i] = waiting[i].Row, store.NullID(found)
	}
	if _, err := tx.Exec(ctx, markRows, in.ID, numbers, results, cases); err != nil {
		return err
	}
	in.Progress(results)
	return write(ctx, tx, in)
}
