package casestore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/store"
	"github.com/tanggap/tanggap/pkg/vault"
)

// WorkerKey opens the key of the worker of a case in the scope, for what is sealed outside of the case's own rows. It
// fails with worker.erased when the key was destroyed. It is in the way of every scan: pgx, in one trip.
func (s *Cases) WorkerKey(ctx context.Context, scope authz.Scope, id casework.ID) (key vault.DataKey, err error) {
	var owner uuid.UUID
	var wrapped []byte
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select w.id, w.data_key from worker w join cases c on c.worker_id = w.id where c.id = $1 and "+
			store.CaseScopeSQL(scope), uuid.UUID(id))
	}, func(r pgx.BatchResults) error { return r.QueryRow().Scan(&owner, &wrapped) })
	switch {
	case err != nil:
		return key, err
	case wrapped == nil:
		return key, fault.New(fault.Conflict, "worker.erased")
	}
	if key, err = s.Vault.Unwrap(wrapped, owner.String()); err != nil {
		return key, fmt.Errorf("open data key of case %s: %w", id, err)
	}
	return key, nil
}
