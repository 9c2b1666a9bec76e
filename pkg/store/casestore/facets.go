package casestore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store"
)

// Facets implements casework.Store. Grouping sets go over the cases once: pgx.
func (s *Cases) Facets(ctx context.Context, scope authz.Scope, f casework.Filter) (casework.Facets, error) {
	all := casework.Facets{Stages: zeros[casework.Stage](), Claims: zeros[casework.ClaimState](),
		Outcomes: zeros[casework.Outcome](), Due: zeros[casework.DueBucket]()}
	codes := scope.Regions()
	if len(codes) == 0 {
		return all, nil
	}
	query, args := s.facetsQuery(codes, f)
	err := s.Read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var stage, claim, outcome, due, name *string
		var officer pgtype.UUID
		var of, n int
		_, err = pgx.ForEachRow(rows, []any{&of, &stage, &claim, &outcome, &due, &officer, &name, &n}, func() error {
			switch {
			case of == facetTotal:
				all.Total, all.More = min(n, casework.MostCounted), n > casework.MostCounted
			case stage != nil:
				all.Stages[casework.Stage(*stage)] = n
			case claim != nil:
				all.Claims[casework.ClaimState(*claim)] = n
			case outcome != nil:
				all.Outcomes[casework.Outcome(*outcome)] = n
			case due != nil:
				all.Due[casework.DueBucket(*due)] = n
			case officer.Valid:
				all.Officers = append(all.Officers, casework.OfficerCount{Officer: officer.Bytes, Name: *name, Cases: n})
			}
			return nil
		})
		return err
	})
	slices.SortStableFunc(all.Officers, func(a, b casework.OfficerCount) int {
		return cmp.Or(cmp.Compare(b.Cases, a.Cases), cmp.Compare(a.Name, b.Name))
	})
	return all, err
}

// facetTotal is how the grouping says that it is of none of its five columns.
const facetTotal = 0b11111

// zeros has every value of a closed list: a facet that nobody is in is told, too.
func zeros[T interface {
	~string
	Values() []T
}]() map[T]int {
	out := map[T]int{}
	for _, v := range T("").Values() {
		out[v] = 0
	}
	return out
}

// facetsQuery counts what the filter leaves. Of a closed case nobody has to be in charge: it is left out of the count
// of the cases that nobody has, as of their list.
func (s *Cases) facetsQuery(codes []region.Code, f casework.Filter) (string, []any) {
	args := []any{f.Today.Time()}
	bucket := "case"
	for _, b := range casework.NotDue.Values() {
		bucket += " when " + bucketQuery(b, 1) + " then " + store.Quote(string(b))
	}
	columns := "c.stage, c.claim_state, c.outcome, " + bucket + " end as due, case when c.officer_id is not null or " +
		"c.closed_on is not null then c.officer_id else '" + uuid.Nil.String() + "' end as officer"
	var from string
	if !unheld(f) && (f.Officer != nil || f.Layoff != nil) {
		branches := make([]string, len(codes))
		for i, code := range codes {
			branches[i] = "select " + columns + " from cases c where " + store.RegionSQL("c", code, &args) +
				filterQuery(f, &args)
		}
		from = "(" + store.Union(branches, "") + ") c"
	} else {
		args = append(args, s.Regencies(codes))
		from = store.EachOffice("$2", "select "+columns+" from ("+officeCases("c.*", f, &args)+") c")
	}
	return fmt.Sprintf(`with found as materialized (select stage, claim_state, outcome, due, officer from %s limit %d)
		select g.of, g.stage, g.claim_state, g.outcome, g.due, g.officer, coalesce(o.name, ''), g.n from (
			select grouping(stage, claim_state, outcome, due, officer)::int as of, stage, claim_state, outcome, due, officer,
				count(*)::int as n from found
			group by grouping sets ((stage), (claim_state), (outcome), (due), (officer), ())) g
		left join officer o on o.id = g.officer`, from, casework.MostCounted+1), args
}
