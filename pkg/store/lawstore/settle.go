package lawstore

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/lawbook"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/store"
)

// OpenLayoffs implements lawbook.Affected.
func (s *Laws) OpenLayoffs(ctx context.Context, after uuid.UUID, limit int) ([]layoff.Layoff, error) {
	return s.layoffs.Running(ctx, after, limit)
}

// caseRow is a case that is not closed.
type caseRow struct{ ID uuid.UUID }

// TableName names the table to GORM.
func (caseRow) TableName() string { return "cases" }

// OpenCases implements lawbook.Affected. Only a running claim has days that a calendar moves, and only an open case
// any.
func (s *Laws) OpenCases(ctx context.Context, after uuid.UUID, limit int) ([]uuid.UUID, error) {
	q := store.From[caseRow]().Where("id > ? and stage <> 'closed'", after).Order("id").Limit(limit)
	return store.Find(ctx, s.Inside(authz.Everywhere()), q, func(r caseRow) uuid.UUID { return r.ID })
}

// progressRow is how far the settling of a release came.
type progressRow struct {
	Phase     lawbook.Phase `gorm:"column:phase"`
	SettledTo *uuid.UUID    `gorm:"column:settled_to"`
	Layoffs   int           `gorm:"column:layoffs"`
	Cases     int           `gorm:"column:cases"`
	Since     time.Time     `gorm:"column:since;->"`
}

// TableName names the table to GORM.
func (progressRow) TableName() string { return "law_release" }

// Progress implements lawbook.Affected.
func (s *Laws) Progress(ctx context.Context, release uuid.UUID) (lawbook.Progress, error) {
	q := store.From[progressRow]().
		Table("law_release r join law_history h on h.release_id = r.id and h.seq = r.version").
		Select("r.phase, r.settled_to, r.layoffs, r.cases, h.recorded_at as since").Where("r.id = ?", release)
	return store.Take(ctx, s.Pool, q, lawbook.NotFound(), func(r progressRow) lawbook.Progress {
		return lawbook.Progress{Phase: r.Phase, To: store.NotNull(r.SettledTo), Layoffs: r.Layoffs, Cases: r.Cases,
			Since: r.Since.UTC()}
	})
}

// KeepProgress implements lawbook.Affected.
func (s *Laws) KeepProgress(ctx context.Context, release uuid.UUID, p lawbook.Progress) error {
	n, err := store.On[progressRow](s.Pool).Where("id = ?", release).Set(store.Set("phase", p.Phase),
		store.Set("settled_to", store.Null(p.To)), store.Set("layoffs", p.Layoffs), store.Set("cases", p.Cases),
		store.Set("looked_at", store.Clock)).Update(ctx)
	if err == nil && n == 0 {
		return lawbook.NotFound()
	}
	return store.Translate(err)
}

// Unsettled implements lawbook.Affected.
func (s *Laws) Unsettled(ctx context.Context) ([]uuid.UUID, error) {
	q := store.From[releaseRow]().Where(`approved_by is not null and phase <> 'settled'
		and coalesce(looked_at, approved_at) < clock_timestamp() - interval '1 minute'`).Order("approved_at")
	return store.Find(ctx, s.Pool, q, func(r releaseRow) uuid.UUID { return r.ID })
}
