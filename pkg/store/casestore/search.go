package casestore

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
)

// Search implements casework.Store.
func (s *Cases) Search(ctx context.Context, scope authz.Scope, nik identity.NIK, name string,
	limit int) ([]casework.Row, error) {
	if scope.Empty() {
		return nil, nil
	}
	query, arg := `select `+RowColumns+` from case_worker w join cases c on c.id = w.case_id
		where w.nik_hash = $1 order by c.id desc limit $2`, any(nil)
	if !nik.IsZero() {
		arg = s.Vault.NIKHash(nik)
	} else {
		query = `select ` + RowColumns +
			` from search_name($1, $2) f cross join lateral (select * from cases c where c.id = f.case_id limit 1) c ` +
			PersonOf +
			` order by f.score desc, c.id desc`
		arg = NameKey(name)
	}
	var rows []casework.Row
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, arg, limit) }, func(r pgx.BatchResults) (err error) {
		rows, err = collectRows(r, limit)
		return err
	})
	// The query itself names no region: the index is the hash's or the name's. Row security has cut it; this is the second
	// lock.
	return slices.DeleteFunc(rows, func(row casework.Row) bool { return !scope.Covers(row.Region) }), err
}
