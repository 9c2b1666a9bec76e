package casestore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// List implements casework.Store. Lists, counts and searches go through a million cases: their statements are written
// out, so that each walks the index that it should, and pgx reads the rows into one place.
func (s *Cases) List(ctx context.Context, scope authz.Scope, f casework.Filter) ([]casework.Row, error) {
	codes := scope.Regions()
	if len(codes) == 0 {
		return nil, nil
	}
	if f.Sort != "" && f.Sort != casework.Newest {
		return s.listSorted(ctx, scope, f)
	}
	query, args := listQuery(codes, f)
	if unheld(f) {
		query, args = s.unheldQuery(codes, f)
	} else if scattered(f) && f.Officer == nil && f.Layoff == nil {
		query, args = s.scatteredQuery(codes, f)
	}
	var rows []casework.Row
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) (err error) {
		rows, err = collectRows(r, f.Limit)
		return err
	})
	return rows, err
}

// PersonOf joins the person of each case by its id and in no other way: of a plain join the planner has been seen to
// make a walk through every person of the country, because it cannot know how many of them row security will let
// through.
const PersonOf = `cross join lateral (
	select p.name, p.nik_tail, p.employer, p.sealed from case_worker p where p.case_id = c.id limit 1) w`

// listQuery takes a page per region of the scope, each from its own index, and merges them: an OR of ranges would read
// every case of the hull.
func listQuery(codes []region.Code, f casework.Filter) (string, []any) {
	var args []any
	return "select " + RowColumns + " from (" + newestCases(codes, f, "", &args) + ") c " + PersonOf +
		" order by c.id desc", args
}

// newestCases is the query for the newest cases of some regions that a filter leaves, and a further condition with its
// "and".
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

// fewPages is up to how many pages of cases one is taken from them all; of more, some are soon met on the way.
const fewPages = 100

// scattered tells whether a filter leaves cases that may lie far apart in the order of the list.
func scattered(f casework.Filter) bool {
	return f.UpdatedSince != nil || f.UpdatedUntil != nil || len(f.Claims)+len(f.Outcomes)+len(f.Buckets) > 0 ||
		!f.Due.IsOpen() || !f.Opened.IsOpen() || !f.Terminated.IsOpen() || !f.Closed.IsOpen() || f.Employer != nil ||
		f.EmployerName != nil ||
		f.Text != nil
}

// scatteredQuery is listQuery for cases of which nobody knows where they are. An index finds them, the page is ordered
// by the id: where there are few, they are sorted, and where there are many, the newest cases are walked until the
// page is full. Which of the two can only be said when they are counted; the planner would guess.
func (s *Cases) scatteredQuery(codes []region.Code, f casework.Filter) (string, []any) {
	args := []any{s.Regencies(codes)}
	each := "select c.id from cases c where c.region = office.code" + filterQuery(f, &args)
	few := "select c.id from " + store.EachOffice("$1", each) + fmt.Sprintf(" limit %d", fewPages*f.Limit+1)
	counted := fmt.Sprintf("(select count(*) from few) <= %d", fewPages*f.Limit)
	sorted := fmt.Sprintf("select c.* from (select id from few where %s order by id desc limit %d) f cross join lateral "+
		"(select * from cases c where c.id = f.id limit 1) c", counted, f.Limit)
	walked := newestCases(codes, f, " and not "+counted, &args)
	return "with few as materialized (" + few + ") select " + RowColumns + " from (" +
		store.Union([]string{sorted, walked},
			"") + ") c " + PersonOf + " order by c.id desc", args
}

// nobody is the officer of a case that nobody is in charge of.
var nobody authz.OfficerID

// unheld tells whether a filter asks for cases that nobody works on.
func unheld(f casework.Filter) bool {
	return f.Absent != nil || f.Officer != nil && *f.Officer == nobody
}

// unheldQuery is listQuery for the cases that nobody works on: of each office a page, from the index of who is in
// charge.
func (s *Cases) unheldQuery(codes []region.Code, f casework.Filter) (string, []any) {
	args := []any{s.Regencies(codes)}
	page := fmt.Sprintf(" order by id desc limit %d", f.Limit)
	return "select " + RowColumns + " from (select c.* from " + store.EachOffice("$1", officeCases("c.*", f, &args)+page) +
		page + ") c " + PersonOf + " order by c.id desc", args
}

// officeCases gives columns of the cases of an office that a filter leaves. What is overdue is counted from two
// indexes, each case once.
func officeCases(columns string, f casework.Filter, args *[]any) string {
	from := "select " + columns + " from cases c where c.region = office.code"
	switch {
	case f.Absent != nil:
		return "select " + columns + " from (" + absent(f.Absent, args) + ") a cross join lateral (select * from cases c" +
			" where c.region = office.code and c.officer_id = a.id and c.closed_on is null) c where true" + filterQuery(f, args)
	case unheld(f):
		return from + " and c.officer_id is null and c.closed_on is null" + filterQuery(f, args)
	case f.OverdueOn != nil:
		day := f.OverdueOn.Time()
		f.OverdueOn = nil
		*args = append(*args, day)
		n := len(*args)
		return fmt.Sprintf("%[1]s%[2]s and c.due_on < $%[3]d union all %[1]s%[2]s and c.follow_up_on < $%[3]d and "+
			"(c.due_on is null or c.due_on >= $%[3]d)", from, filterQuery(f, args), n)
	}
	return from + filterQuery(f, args)
}

// absent is the officers in charge of open cases of an office who do not work there. Who is in charge is found by leaps
// over the index: an office has thousands of cases and few officers.
func absent(a *casework.Absence, args *[]any) string {
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	*args = append(*args, roles, a.At)
	const leap = "select c.officer_id from cases c where c.region = office.code and c.closed_on is null and c.officer_id "
	return fmt.Sprintf(`with recursive held (id) as (
			(`+leap+`is not null order by c.officer_id limit 1)
			union all select (`+leap+`> held.id order by c.officer_id limit 1) from held where held.id is not null)
		select id from held where id is not null and not exists (
			select from officer o join officer_grant g on g.officer_id = o.id left join office f on f.region = g.region
			cross join lateral (select ($%[2]d::timestamptz at time zone
				case f.zone when 'WIT' then 'Asia/Jayapura' when 'WITA' then 'Asia/Makassar'
				else 'Asia/Jakarta' end)::date as today) d
			where o.id = held.id and o.active and g.role = any ($%[1]d::text[]) and g.revoked_at is null and not g.pending
				and starts_with(office.code, g.region) and g.valid_from <= d.today
				and coalesce(g.valid_until, d.today) >= d.today)`,
		len(*args)-1, len(*args))
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
	if unheld(f) || f.Officer == nil && f.Layoff == nil {
		args := []any{s.Regencies(codes)}
		each := "select stage, count(*) as n from (" + officeCases("c.stage", f, &args) + ") c group by stage"
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
