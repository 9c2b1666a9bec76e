package trackstore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/document"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

// WorkerKey implements document.Store.
func (s *Tracks) WorkerKey(ctx context.Context, scope authz.Scope, id casework.ID) (vault.DataKey, error) {
	return s.cases.WorkerKey(ctx, scope, id)
}

// KeptDocuments implements document.Store. It looks into every office, which a function of the owner does.
func (s *Tracks) KeptDocuments(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := s.Pool.Query(ctx, "select documents_kept($1)", ids)
	if err != nil {
		return nil, store.Translate(err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	return kept, store.Translate(err)
}

var _ document.Store = (*Tracks)(nil)
