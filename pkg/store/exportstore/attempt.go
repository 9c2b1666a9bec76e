package exportstore

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
)

// startExport is one statement, so that of two who start at once one finds nothing. Only pgx gives back what it
// changed.
var startExport = `update export x set state = 'running', attempt = attempt + 1, seen_at = clock_timestamp(),
	entries = 0, version = version + 1
	where id = $1 and (state = 'queued' or state = 'running' and seen_at < clock_timestamp() - $2::interval)
	returning ` + exportColumns

// StartExport implements export.WorkStore.
func (s *Exports) StartExport(ctx context.Context, id uuid.UUID) (export.Export, error) {
	return store.QueryOne(ctx, s.DB, "export.not_found", store.RowAs(exportRow.export), startExport, id, export.Idle)
}

// attempt changes the export while it belongs to the attempt. It fails with export.overtaken when it does not any more.
func (s *Exports) attempt(ctx context.Context, x export.Export, set ...clause.Assignment) error {
	n, err := store.On[exportRow](s.Pool).Where("id = ? and attempt = ? and state = 'running'", x.ID, x.Attempt).
		Set(set...).Update(ctx)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "export.overtaken")
	}
	return store.Translate(err)
}

// BeatExport implements export.WorkStore.
func (s *Exports) BeatExport(ctx context.Context, x export.Export) error {
	return s.attempt(ctx, x, store.Set("seen_at", store.Clock), store.Set("entries", x.Entries))
}

// FinishExport implements export.WorkStore. What has no file has no end either.
func (s *Exports) FinishExport(ctx context.Context, x export.Export, while time.Duration) error {
	ready, expires := gorm.Expr("null"), gorm.Expr("null")
	if x.State == export.Ready {
		ready, expires = store.Clock, gorm.Expr("clock_timestamp() + ?::interval", while)
	}
	return s.attempt(ctx, x, store.Set("state", x.State), store.Set("failure", store.Null(x.Failure)),
		store.Set("scope", codes(x.Scope)), store.Set("entries", x.Entries), store.Set("total", x.Total),
		store.Set("manifest", store.Null(x.Manifest)), store.Set("signature", store.Null(x.Signature)),
		store.Set("file_name", store.Null(x.FileName)), store.Set("bytes", x.Bytes), store.Set("sha256", x.SHA256),
		store.Set("ready_at", ready), store.Set("expires_at", expires), store.Set("version", gorm.Expr("version + 1")))
}

// ReleaseExport implements export.WorkStore.
func (s *Exports) ReleaseExport(ctx context.Context, x export.Export) error {
	return s.attempt(ctx, x, store.Set("state", export.Queued), store.Set("seen_at", store.Clock))
}

// KeepSubjects implements export.WorkStore; no cases at all forgets those of an earlier attempt.
func (s *Exports) KeepSubjects(ctx context.Context, id uuid.UUID, cases []uuid.UUID) error {
	if len(cases) == 0 {
		_, err := store.On[subjectsRow](s.Pool).Where("export_id = ?", id).Delete(ctx)
		return store.Translate(err)
	}
	return store.Translate(store.On[subjectsRow](s.Pool).Create(ctx, &subjectsRow{ExportID: id, Cases: &cases}))
}

// expireExports also names those whose file was not removed when they expired. Only pgx gives back what it changed.
const expireExports = `update export set state = 'expired', file_name = null, version = version + 1
	where state = 'ready' and expires_at <= clock_timestamp() or state = 'expired' and file_name is not null returning id`

// ExpireExports implements export.WorkStore.
func (s *Exports) ExpireExports(ctx context.Context) ([]uuid.UUID, error) {
	return store.QueryAll(ctx, s.DB, pgx.RowTo[uuid.UUID], expireExports)
}

// WaitingExports lists the exports that nobody works on, though somebody should.
func (s *Exports) WaitingExports(ctx context.Context) ([]uuid.UUID, error) {
	q := exports().Where(`x.state = 'running' and x.seen_at < clock_timestamp() - ?::interval
		or x.state = 'queued' and x.created_at < clock_timestamp() - ?::interval`, export.Idle, export.Idle)
	return store.Find(ctx, s.Pool, q, func(r exportRow) uuid.UUID { return r.ID })
}

var _ export.WorkStore = (*Exports)(nil)
