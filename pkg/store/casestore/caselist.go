package casestore

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// List implements casework.Store. Lists, counts and searches go through a million cases: their statements are written out,
// so that each walks the index that it should, and pgx reads the rows into one place.
func (s *Cases) List(ctx context.Context, scope authz.Scope, f casework.Filter) ([]casework.Row, error) {
	codes := scope.Regions()
	if len(codes) == 0 {
		return nil, nil
	}
	query, args := listQuery(codes, f)
	if f.UpdatedSince != nil && f.Officer == nil && f.Layoff == nil {
		query, args = s.updatedQuery(codes, f)
	}
	var rows []casework.Row
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) (err error) {
		rows, err = collectRows(r, f.Limit)
		return err
	})
	return rows, err
}

// PersonOf joins the person of each case by its id and in no other way: of a plain join the planner has been seen to make a
// walk through every person of the country, because it cannot know how many of them row security will let through.
const PersonOf = `cross join lateral (select p.name, p.nik_tail, p.employer, p.sealed from case_worker p where p.case_id = c.id limit 1) w`

// listQuery takes a page per region of the scope, each from its own index, and merges them: an OR of ranges would read
// every case of the hull.
func listQuery(codes []region.Code, f casework.Filter) (string, []any) {
	var args []any
	return "select " + RowColumns + " from (" + newestCases(codes, f, "", &args) + ") c " + PersonOf +
		" order by c.id desc", args
}

// newestCases is the query for the newest cases of some regions that a filter leaves, and a further condition with its "and".
func newestCases(codes []region.Code, f casework.Filter, more string, args *[]any) string {
	branches := make([]string, len(codes))
	for i, code := range codes {
		branches[i] = "select c.* from cases c where " + store.RegionSQL("c", code, args) + filterQuery(f, args) + more
	}
	tail := fmt.Sprintf(" order by id desc limit %d", f.Limit)
	if len(branches) == 1 {
		return branches[0] + tail
	}
	return "select * from (" + store.Union(branches, tail) + ") x" + tail
}

// fewPages is up to how many pages of updated cases one is taken from them all; of more, some are soon met among the newest.
const fewPages = 100

// updatedQuery is listQuery for the cases updated since an instant. The index finds those, the page is ordered by the id:
// where there are few, they are sorted, and where there are many, the newest cases are walked until the page is full. Which
// of the two can only be said when they are counted; the planner would guess.
func (s *Cases) updatedQuery(codes []region.Code, f casework.Filter) (string, []any) {
	args := []any{s.Regencies(codes)}
	few := "select c.id from " + store.EachOffice("$1", "select c.id from cases c where c.region = office.code"+filterQuery(f,
		&args)) +
		fmt.Sprintf(" limit %d", fewPages*f.Limit+1)
	counted := fmt.Sprintf("(select count(*) from few) <= %d", fewPages*f.Limit)
	sorted := fmt.Sprintf("select c.* from (select id from few where %s order by id desc limit %d) f cross join lateral (select * from cases c where c.id = f.id limit 1) c",
		counted, f.Limit)
	walked := newestCases(codes, f, " and not "+counted, &args)
	return "with few as materialized (" + few + ") select " + RowColumns + " from (" + store.Union([]string{sorted, walked},
		"") + ") c " + PersonOf + " order by c.id desc", args
}

// filterQuery is the conditions of a filter, each starting with "and". A stage is written out: of a stage that it knows, the
// planner knows how many cases are in it.
func filterQuery(f casework.Filter, args *[]any) string {
	var sql strings.Builder
	add := func(condition string, value any) {
		*args = append(*args, value)
		fmt.Fprintf(&sql, " and "+condition, len(*args))
	}
	if f.Stage != nil {
		sql.WriteString(" and c.stage = " + store.Quote(string(*f.Stage)))
	}
	if f.Officer != nil {
		add("c.officer_id = $%d", uuid.UUID(*f.Officer))
	}
	if f.OverdueOn != nil {
		add("c.next_on < $%d", f.OverdueOn.Time())
	}
	if f.UpdatedSince != nil {
		add("c.updated_at >= $%d", *f.UpdatedSince)
	}
	if f.Layoff != nil {
		add("c.layoff_id = $%d", *f.Layoff)
	}
	if uuid.UUID(f.After) != uuid.Nil {
		add("c.id < $%d", uuid.UUID(f.After))
	}
	return sql.String()
}

// Count implements casework.Store.
func (s *Cases) Count(ctx context.Context, scope authz.Scope, f casework.Filter) (map[casework.Stage]int, error) {
	counts := make(map[casework.Stage]int, len(casework.Stages()))
	for _, stage := range casework.Stages() {
		counts[stage] = 0
	}
	codes := scope.Regions()
	if len(codes) == 0 {
		return counts, nil
	}
	query, args := s.countQuery(codes, f)
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var stage string
		var n int
		_, err = pgx.ForEachRow(rows, []any{&stage, &n}, func() error {
			counts[casework.Stage(stage)] = n
			return nil
		})
		return err
	})
	return counts, err
}

// countQuery counts by an index alone. Without an officer or a layoff it goes through the regencies one by one: their
// indexes begin with the region, and what row security asks is a range of them, looked at once and not for every case.
func (s *Cases) countQuery(codes []region.Code, f casework.Filter) (string, []any) {
	if f.Officer == nil && f.Layoff == nil {
		args := []any{s.Regencies(codes)}
		each := "select c.stage, count(*) as n from cases c where c.region = office.code" + filterQuery(f, &args) +
			" group by c.stage"
		return "select stage, sum(n)::int from " + store.EachOffice("$1", each) + " group by stage", args
	}
	var args []any
	branches := make([]string, len(codes))
	for i, code := range codes {
		branches[i] = "select c.stage, count(*) as n from cases c where " + store.RegionSQL("c", code, &args) + filterQuery(f,
			&args) + " group by c.stage"
	}
	return "select stage, sum(n)::int from (" + store.Union(branches, "") + ") x group by stage", args
}
