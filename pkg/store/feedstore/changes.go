package feedstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/feed"
	"github.com/tanggap/tanggap/pkg/store"
)

const selectPublished = "select coalesce(max(size), 0) as size from log_checkpoint"

// selectChanges looks each entry of the window up by its key, as selectLeaves of the log does: a join would be planned
// for the one row that row security is taken to let through. The size is read by the same statement, or an entry that
// is published between two would be passed over. The region of a case's entry moves with the case.
const selectChanges = `select s.size, x.idx, x.subject, x.id, x.seq, x.kind, x.region, x.occurred_on, x.recorded_at
	from (` + selectPublished + `) s left join lateral (
		select l.idx, h.* from log_leaf l cross join lateral (
			select 'case' as subject, h.case_id as id, h.seq, h.kind, h.region, h.occurred_on, h.recorded_at
				from case_history h where h.case_id = l.entry_of and h.seq = l.seq and %[1]s
			union all select 'layoff', h.layoff_id, h.seq, h.kind, h.region, h.occurred_on, h.recorded_at
				from layoff_history h where h.layoff_id = l.entry_of and h.seq = l.seq and %[1]s
			limit 1) h
		where l.idx >= $1 and l.idx < least($1 + $2, s.size)%[2]s order by l.idx limit $3
	) x on true order by x.idx`

// byKey holds in the transaction of the page: a plan made while a table was small must not read it whole for every
// entry once it is not.
const byKey = "set local enable_seqscan = off"

// changesOf is the statement of a page, and its arguments.
func changesOf(scope authz.Scope, f feed.Filter) (query string, args []any) {
	args = []any{f.From, int64(feed.Window), f.Limit}
	kind := ""
	if f.Kind != "" {
		kind, args = " and h.kind = $4", append(args, f.Kind)
	}
	return fmt.Sprintf(selectChanges, store.ScopeSQL(scope, "h.region"), kind), args
}

// changeRow is the size of the log with an entry of it, or without one where there is nothing to tell.
type changeRow struct {
	Size       int64
	Idx        *int64
	Subject    *feed.Subject
	ID         *uuid.UUID
	Seq        *int
	Kind       *string
	Region     *string
	OccurredOn pgtype.Date
	RecordedAt *time.Time
}

func (r changeRow) change() feed.Change {
	return feed.Change{Index: *r.Idx, Subject: *r.Subject, ID: r.ID.String(), Seq: *r.Seq, Kind: *r.Kind,
		Region: *r.Region, OccurredOn: store.DateOf(r.OccurredOn), RecordedAt: r.RecordedAt.UTC()}
}

// Changes implements feed.Store. It is pgx: one statement over three tables together with the scope.
func (s *Feed) Changes(ctx context.Context, scope authz.Scope, f feed.Filter) (p feed.Page, err error) {
	query, args := changesOf(scope, f)
	err = s.Read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(byKey)
		b.Queue(query, args...)
	}, func(r pgx.BatchResults) error {
		if _, err := r.Exec(); err != nil {
			return err
		}
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, pgx.RowToStructByName[changeRow])
		for _, row := range list {
			p.Size = row.Size
			if row.Idx != nil {
				p.Items = append(p.Items, row.change())
			}
		}
		return err
	})
	switch {
	case err != nil:
		return feed.Page{}, err
	case f.From > p.Size:
		return feed.Page{}, feed.ErrPlaceUnknown
	}
	p.Place = min(f.From+feed.Window, p.Size)
	if n := len(p.Items); n == f.Limit && n > 0 {
		p.Place = p.Items[n-1].Index + 1
	}
	return p, nil
}

// Published implements feed.Store.
func (s *Feed) Published(ctx context.Context) (size int64, err error) {
	err = s.Pool.QueryRow(ctx, selectPublished).Scan(&size)
	return size, store.Translate(err)
}

var _ feed.Store = (*Feed)(nil)
