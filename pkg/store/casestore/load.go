package casestore

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store"
)

// A load counts cases that are open, or were touched this month, in one walk. It groups and filters, which GORM has no
// words for. $1 is today, $2 the last day that is soon, $3 the first of the month and $4 its first instant.
const (
	loadCounts = `count(*) filter (where c.closed_on is null) as open,
		count(*) filter (where c.closed_on is null and (c.due_on < $1 or c.follow_up_on < $1)) as overdue,
		count(*) filter (where c.closed_on is null and not coalesce(c.due_on < $1 or c.follow_up_on < $1, false)
			and (c.due_on <= $2 or c.follow_up_on <= $2)) as due,
		count(*) filter (where c.updated_at >= $4) as changed, count(*) filter (where c.closed_on >= $3) as closed`
	loadCases = `(c.closed_on is null or c.closed_on >= $3 or c.updated_at >= $4)`
)

func loadArgs(f casework.LoadFilter) []any {
	return []any{f.Today.Time(), f.Due.Time(), f.First.Time(), f.Month}
}

// OfficerLoads implements casework.LoadStore.
func (s *Cases) OfficerLoads(ctx context.Context, scope authz.Scope,
	f casework.LoadFilter) (list []casework.OfficerLoad, err error) {
	query := `with held as materialized (select c.officer_id as id, ` + loadCounts + ` from cases c
			where c.officer_id is not null and ` + store.CaseScopeSQL(scope) + ` and ` + loadCases + ` group by c.officer_id)
		select o.id, o.name, o.office, o.active, coalesce(h.open, 0), coalesce(h.overdue, 0), coalesce(h.due, 0),
			coalesce(h.changed, 0), coalesce(h.closed, 0)
		from officer o left join held h on h.id = o.id
		where o.id > $5 and (h.open > 0 or o.active and ` + store.OfficesSQL(scope) + ` and exists (
			select from officer_grant g where g.officer_id = o.id and g.role = any ($6::text[]) and g.revoked_at is null
				and not g.pending))
		order by o.id limit $7`
	roles := make([]string, len(f.Roles))
	for i, r := range f.Roles {
		roles[i] = string(r)
	}
	args := append(loadArgs(f), uuid.UUID(f.After), roles, f.Limit)
	err = s.loads(ctx, scope, query, args, func(row pgx.CollectableRow) error {
		var l casework.OfficerLoad
		err := row.Scan((*[16]byte)(&l.Officer), &l.Name, (*string)(&l.Office), &l.Active, &l.Open, &l.Overdue, &l.Due,
			&l.Changed, &l.Closed)
		list = append(list, l)
		return err
	})
	return list, err
}

// OfficeLoads implements casework.LoadStore.
func (s *Cases) OfficeLoads(ctx context.Context, scope authz.Scope,
	f casework.LoadFilter) (list []casework.OfficeLoad, err error) {
	query := `with held as materialized (select c.region, ` + loadCounts + `,
			count(*) filter (where c.closed_on is null and c.officer_id is null) as unassigned
			from cases c where ` + store.CaseScopeSQL(scope) + ` and ` + loadCases + ` group by c.region)
		select f.region, f.name, coalesce(h.open, 0), coalesce(h.overdue, 0), coalesce(h.due, 0), coalesce(h.changed, 0),
			coalesce(h.closed, 0), coalesce(h.unassigned, 0)
		from office f left join held h on h.region = f.region
		where length(f.region) = 4 and ` + store.ScopeSQL(scope, "f.region") + ` order by f.region`
	err = s.loads(ctx, scope, query, loadArgs(f), func(row pgx.CollectableRow) error {
		var l casework.OfficeLoad
		err := row.Scan((*string)(&l.Region), &l.Name, &l.Open, &l.Overdue, &l.Due, &l.Changed, &l.Closed, &l.Unassigned)
		list = append(list, l)
		return err
	})
	return list, err
}

// loads reads each row of a load inside the scope.
func (s *Cases) loads(ctx context.Context, scope authz.Scope, query string, args []any,
	each func(pgx.CollectableRow) error) error {
	return s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) { return struct{}{}, each(row) })
		return err
	})
}

var _ casework.LoadStore = (*Cases)(nil)
