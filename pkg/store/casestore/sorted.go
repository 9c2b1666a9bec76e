package casestore

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// order is what cases are sorted by, before their ids.
type order struct{ key, kind string }

var orders = map[casework.Sort]order{
	casework.ByDue:     {nextDay, "date"},
	casework.ByUpdated: {"c.updated_at", "timestamptz"},
	casework.ByOpened:  {"c.opened_on", "date"},
	casework.ByName:    {"w.name_key", "text"},
}

// joined brings in the name, where that is the key.
const joined = " cross join lateral (select p.name_key from case_worker p where p.case_id = c.id limit 1) w"

// listSorted is List in another order than the newest first.
func (s *Cases) listSorted(ctx context.Context, scope authz.Scope, f casework.Filter) ([]casework.Row, error) {
	query, args := s.sortedQuery(scope.Regions(), f)
	var list []casework.Row
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var name, tail, employer, key string
		c := NewCaseScanner(&name, &tail, &employer, &key)
		_, err = pgx.ForEachRow(rows, c.Dest, func() error {
			list = append(list, casework.Row{Case: c.Current(), Name: name, NIKMasked: identity.MaskedNIK(tail),
				Employer: employer, Key: key})
			return nil
		})
		return err
	})
	return list, err
}

// sortedQuery finds the ids of a page with their keys, and reads these cases.
func (s *Cases) sortedQuery(codes []region.Code, f casework.Filter) (string, []any) {
	with, page, args := s.sortedPage(codes, f)
	return with + "select " + RowColumns + ", p.key::text from (" + page + ` order by key, id limit ` +
		fmt.Sprint(f.Limit) + `) p cross join lateral (select * from cases c where c.id = p.id limit 1) c ` + PersonOf +
		" order by p.key, p.id", args
}

// sortedPage gives id and key of at least the cases of a page. The cases of an officer or of a layoff are few, and
// sorted. Of all others each office walks the index of the order, until it has a page; but where a filter leaves few
// cases, these are sorted, as in scatteredQuery.
func (s *Cases) sortedPage(codes []region.Code, f casework.Filter) (with, page string, args []any) {
	o := orders[f.Sort]
	if !unheld(f) && (f.Officer != nil || f.Layoff != nil) {
		branches := make([]string, len(codes))
		for i, code := range codes {
			branches[i] = o.from("cases c") + store.RegionSQL("c", code, &args) + filterQuery(f, &args) + o.after(f, &args)
		}
		return "with few as materialized (" + store.Union(branches, "") + ") ", "select id, key from few", args
	}
	args = []any{s.Regencies(codes)}
	end := fmt.Sprintf(" order by key, id limit %d", f.Limit)
	narrow := scattered(f) || len(f.Stages) > 0 || f.OverdueOn != nil
	if !unheld(f) && !narrow {
		return "", "select id, key from " + store.EachOffice("$1", o.walk(f, &args)+end), args
	}
	from := o.from("("+officeCases("c.*", f, &args)+") c") + "true" + o.after(f, &args)
	if unheld(f) {
		return "", "select id, key from " + store.EachOffice("$1", from+end), args
	}
	most := fewPages * f.Limit
	with = fmt.Sprintf("with few as materialized (select id, key from %s limit %d) ", store.EachOffice("$1", from), most+1)
	few := fmt.Sprintf("(select count(*) from few) <= %d", most)
	return with, "select id, key from few where " + few + " union all (select id, key from " +
		store.EachOffice("$1", o.walk(f, &args)+" and not "+few+end) + ")", args
}

// from reads id and key of cases, up to the "where" of further conditions.
func (o order) from(cases string) string {
	if o.kind == "text" {
		cases += joined
	}
	return "select c.id, " + o.key + " as key from " + cases + " where "
}

// walk reads an office in the order of the list.
func (o order) walk(f casework.Filter, args *[]any) string {
	if o.kind != "text" {
		return o.from("cases c") + "c.region = office.code" + filterQuery(f, args) + o.after(f, args)
	}
	return `select w.case_id as id, w.name_key as key from case_worker w cross join lateral (select c.id from cases c
		where c.id = w.case_id` + filterQuery(f, args) + ` limit 1) c where w.region = office.code` +
		afterOf("w.name_key, w.case_id", "text", f, args)
}

func (o order) after(f casework.Filter, args *[]any) string {
	return afterOf(o.key+", c.id", o.kind, f, args)
}

// afterOf is the place of a page in its order.
func afterOf(columns, kind string, f casework.Filter, args *[]any) string {
	if uuid.UUID(f.After) == uuid.Nil {
		return ""
	}
	*args = append(*args, f.AfterKey, uuid.UUID(f.After))
	return fmt.Sprintf(" and (%s) > ($%d::text::%s, $%d::uuid)", columns, len(*args)-1, kind, len(*args))
}
