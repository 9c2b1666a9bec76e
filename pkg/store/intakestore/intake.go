package intakestore

import (
	"context"
	"crypto/sha256"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/intake"
	"github.com/tanggap/tanggap/pkg/store"
)

// CreateIntake implements intake.Store.
func (s *Intakes) CreateIntake(ctx context.Context, op authz.Op, in intake.Intake,
	file []byte) (intake.Intake, bool, error) {
	digest := sha256.Sum256(file)
	answer := struct {
		ID   uuid.UUID
		Made bool
	}{ID: uuid.Must(uuid.NewV7()), Made: true}
	key, wrapped, err := s.Vault.NewDataKey(answer.ID.String())
	if err != nil {
		return in, false, err
	}
	row := uploadRow{ID: answer.ID, Region: in.Region, OfficerID: uuid.UUID(op.Actor), FileName: in.FileName,
		FileDigest: digest[:], FileKey: wrapped, File: key.Seal(file, fileBinding(answer.ID)),
		Form: store.JSON[intake.Form]{V: in.Form}, State: intake.Checking}
	err = s.Write(ctx, op, &answer, func(tx pgx.Tx) error {
		result := gorm.WithResult()
		err := store.On[uploadRow](tx, clause.OnConflict{DoNothing: true}, result).Create(ctx, &row)
		if err != nil {
			return err
		}
		if answer.Made = result.RowsAffected == 1; !answer.Made {
			answer.ID, err = store.Take(ctx, tx, sameUpload(row), intake.NotFound(), func(r intakeRow) uuid.UUID { return r.ID })
			return err
		}
		return s.Enqueue(ctx, tx, intake.CheckJob{Intake: answer.ID})
	})
	if err != nil {
		return in, false, err
	}
	kept, err := s.GetIntake(ctx, op.Scope, answer.ID)
	return kept, answer.Made, err
}

// sameUpload finds the live intake of the same file, form and officer.
func sameUpload(row uploadRow) store.Rows[intakeRow] {
	return store.From[intakeRow]().
		Where("officer_id = ? and file_digest = ? and md5(form) = md5(?)", row.OfficerID, row.FileDigest, row.Form).
		Where("state not in ('refused', 'cancelled', 'failed')")
}

// within are the intakes of a scope, whose region may be the nation or a province.
func (s *Intakes) within(scope authz.Scope) store.Rows[intakeRow] {
	lo, hi, _ := s.Limits(scope)
	return store.From[intakeRow]().Where("region >= ? and region < ?", lo, hi)
}

// GetIntake implements intake.Store.
func (s *Intakes) GetIntake(ctx context.Context, scope authz.Scope, id uuid.UUID) (intake.Intake, error) {
	return store.Take(ctx, s.Inside(scope), s.within(scope).Where("id = ?", id), intake.NotFound(), intakeRow.intake)
}

// ListIntakes implements intake.Store.
func (s *Intakes) ListIntakes(ctx context.Context, scope authz.Scope, after uuid.UUID,
	limit int) ([]intake.Intake, error) {
	q := s.within(scope).Order("id desc").Limit(limit)
	if after != uuid.Nil {
		q = q.Where("id < ?", after)
	}
	return store.Find(ctx, s.Inside(scope), q, intakeRow.intake)
}

// ListRows implements intake.Store. A status is written out: of one that it knows, the planner knows how many rows have
// it.
func (s *Intakes) ListRows(ctx context.Context, scope authz.Scope, id uuid.UUID,
	f intake.RowFilter) ([]intake.Row, error) {
	if _, err := s.GetIntake(ctx, scope, id); err != nil {
		return nil, err
	}
	q := store.From[reportRow]().Where("intake_id = ? and row > ?", id, f.After).Order("row").Limit(f.Limit)
	if f.Status != nil {
		q = q.Where("status = " + store.Quote(string(*f.Status)))
	}
	return store.Find(ctx, s.Inside(scope), q, reportRow.row)
}

// OpenFile implements intake.Store.
func (s *Intakes) OpenFile(ctx context.Context, scope authz.Scope, id uuid.UUID) (intake.Intake, []byte, error) {
	reader := s.Inside(scope)
	row, err := store.Take(ctx, reader, store.From[intakeRow]().Where("id = ?", id), intake.NotFound(), store.Itself)
	if err != nil {
		return intake.Intake{}, nil, err
	}
	in := row.intake()
	if len(row.FileKey) == 0 { // a worker in it was erased, and the file with them
		return in, nil, fault.New(fault.Conflict, "intake.file_gone")
	}
	key, err := s.Vault.Unwrap(row.FileKey, id.String())
	if err != nil {
		return in, nil, err
	}
	sealed, err := store.Take(ctx, reader, store.From[fileRow]().Where("id = ?", id), intake.NotFound(), store.Itself)
	if err != nil {
		return in, nil, err
	}
	file, err := key.Open(sealed.File, fileBinding(id))
	return in, file, err
}

// Served counts how often this process has taken a connection to the database, for whomever.
func (s *Intakes) Served() int64 { return s.Pool.Stat().AcquireCount() }

var _ intake.Store = (*Intakes)(nil)
