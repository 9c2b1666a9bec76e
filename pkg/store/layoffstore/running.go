package layoffstore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/store"
)

var selectRunning = `select ` + readColumns + ` from layoff l join employer e on e.id = l.employer_id
	where l.id > $1 and l.state <> 'withdrawn' order by l.id limit $2`

// Running lists layoffs that were not withdrawn, after one, in the order of their ids: of the whole country, and by
// pgx, because it is a join.
func (s *Layoffs) Running(ctx context.Context, after uuid.UUID, limit int) ([]layoff.Layoff, error) {
	rows, err := s.Inside(authz.Everywhere()).Query(ctx, selectRunning, after, limit)
	if err != nil {
		return nil, store.Translate(err)
	}
	list, err := pgx.CollectRows(rows, store.RowAs(readRow.layoff))
	return list, store.Translate(err)
}
