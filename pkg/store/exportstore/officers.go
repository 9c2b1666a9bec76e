package exportstore

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store"
)

// selectOfficers is all of them: a payload may name any, and there are few beside the entries.
const selectOfficers = `select o.id, o.name, o.office,
	array(select distinct g.role from officer_grant g where g.officer_id = o.id and g.revoked_at is null and not g.pending
		order by g.role) from officer o`

// Officers implements export.Snapshot; on the transaction of the snapshot, which only pgx hands out.
func (s *snapshot) Officers() (map[uuid.UUID]export.Officer, error) {
	rows, err := s.conn.Query(s.ctx, selectOfficers)
	if err != nil {
		return nil, store.Translate(err)
	}
	var id uuid.UUID
	var o export.Officer
	all := map[uuid.UUID]export.Officer{}
	_, err = pgx.ForEachRow(rows, []any{(*[16]byte)(&id), &o.Name, &o.Office, &o.Roles}, func() error {
		all[id] = o
		o = export.Officer{}
		return nil
	})
	return all, store.Translate(err)
}
