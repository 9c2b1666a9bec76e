package casestore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A caseload holds what its filter says in the scope, the newest first, and a count counts the same. A case is overdue
// from the day after its next one; what was updated at the instant is updated since.
func TestWhichCasesAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var ids []casework.ID
	for n, code := range []region.Code{"3273", "3273", "3204", "3578", "3273"} {
		ids = append(ids, b.OpenCase(t, code, n+1).ID)
	}
	second, layoff := b.Colleague(t, "3273"), uuid.New()
	set := func(i int, what string, args ...any) {
		b.Tamper(t, fmt.Sprintf("update cases set "+what+" where id = '%s'", append(args, ids[i])...))
	}
	set(0, "due_on = '2026-11-23', due_for = 'claim'")
	set(1, "follow_up_on = '2026-11-22', due_on = '2026-11-21', due_for = 'claim'")
	set(2, "officer_id = '%s'", second)
	set(3, "layoff_id = '%s'", layoff)
	set(4, "stage = 'closed', outcome = 'placed', closed_on = '2026-11-20'")
	at := time.Date(2026, 11, 20, 5, 0, 0, 123000, time.UTC)
	for i := range ids {
		set(i, "updated_at = '%s'", at.Add(time.Duration(i-2)*time.Microsecond).Format(time.RFC3339Nano))
	}
	day := calendar.MustDate("2026-11-23")
	for name, c := range map[string]struct {
		scope []region.Code
		f     casework.Filter
		want  []int
	}{
		"all":                     {[]region.Code{""}, casework.Filter{}, []int{4, 3, 2, 1, 0}},
		"of a province":           {[]region.Code{"32"}, casework.Filter{}, []int{4, 2, 1, 0}},
		"of two regions":          {[]region.Code{"3204", "3578"}, casework.Filter{}, []int{3, 2}},
		"of nowhere":              {nil, casework.Filter{}, nil},
		"a page":                  {[]region.Code{"32"}, casework.Filter{Limit: 2}, []int{4, 2}},
		"the page after":          {[]region.Code{"32"}, casework.Filter{After: ids[2]}, []int{1, 0}},
		"in a stage":              {[]region.Code{""}, casework.Filter{Stages: []casework.Stage{casework.Closed}}, []int{4}},
		"overdue on the day":      {[]region.Code{""}, casework.Filter{OverdueOn: &day}, []int{1}},
		"overdue the day after":   {[]region.Code{""}, casework.Filter{OverdueOn: new(day.AddDays(1))}, []int{1, 0}},
		"of an officer":           {[]region.Code{"32"}, casework.Filter{Officer: &second}, []int{2}},
		"of an officer elsewhere": {[]region.Code{"35"}, casework.Filter{Officer: &second}, nil},
		"of nobody, open":         {[]region.Code{"32"}, casework.Filter{Officer: new(authz.OfficerID{})}, []int{1, 0}},
		"of nobody, overdue": {[]region.Code{""}, casework.Filter{Officer: new(authz.OfficerID{}), OverdueOn: &day},
			[]int{1}},
		"of nobody, a page": {[]region.Code{""}, casework.Filter{Officer: new(authz.OfficerID{}), Limit: 2}, []int{3, 1}},
		"of nobody, the next page": {[]region.Code{""}, casework.Filter{Officer: new(authz.OfficerID{}), After: ids[1]},
			[]int{0}},
		"of a layoff":   {[]region.Code{""}, casework.Filter{Layoff: &layoff}, []int{3}},
		"updated since": {[]region.Code{""}, casework.Filter{UpdatedSince: &at}, []int{4, 3, 2}},
		"updated after": {[]region.Code{""}, casework.Filter{UpdatedSince: new(at.Add(time.Microsecond))},
			[]int{4, 3}},
		"updated, a page":        {[]region.Code{""}, casework.Filter{UpdatedSince: &at, Limit: 1}, []int{4}},
		"updated, the next page": {[]region.Code{""}, casework.Filter{UpdatedSince: &at, After: ids[4]}, []int{3, 2}},
		"updated, of an officer": {[]region.Code{""}, casework.Filter{UpdatedSince: &at, Officer: &second}, []int{2}},
		"updated, in a region":   {[]region.Code{"3578"}, casework.Filter{UpdatedSince: &at}, []int{3}},
	} {
		limit := c.f.Limit
		if c.f.Limit == 0 {
			c.f.Limit = 9
		}
		rows, err := b.List(t.Context(), authz.ScopeOver(c.scope...), c.f)
		storetest.OK(t, err)
		var got []int
		for _, r := range rows {
			got = append(got, slices.Index(ids, r.ID))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if limit != 0 || c.f.After != (casework.ID{}) {
			continue
		}
		counts, err := b.Count(t.Context(), authz.ScopeOver(c.scope...), c.f)
		storetest.OK(t, err)
		sum := 0
		for _, n := range counts {
			sum += n
		}
		if sum != len(c.want) || len(counts) != len(casework.Stages()) {
			t.Errorf("%s: %v are counted, want %d", name, counts, len(c.want))
		}
	}
}

// A case is overdue the day after its deadline or its follow-up, whichever passed, and is counted once when both did.
func TestWhichCasesAreOverdue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before, day, after := "'2026-11-22'", "'2026-11-23'", "'2026-11-24'"
	n, want := 0, 0
	for _, due := range []string{"null", before, day, after} {
		for _, follow := range []string{"null", before, day, after} {
			n++
			c := b.OpenCase(t, "3273", n)
			named := map[bool]string{true: "null", false: "'claim'"}[due == "null"]
			b.Tamper(t, fmt.Sprintf("update cases set due_on = %s, due_for = %s, follow_up_on = %s where id = '%s'", due, named,
				follow, c.ID))
			if due == before || follow == before {
				want++
			}
		}
	}
	for name, f := range map[string]casework.Filter{"of all": {}, "of a stage": {Stages: []casework.Stage{casework.Intake}},
		"of nobody": {Officer: new(authz.OfficerID{})}, "updated": {UpdatedSince: new(time.Now().Add(-time.Hour))}} {
		f.OverdueOn, f.Limit = &storetest.Today, 99
		rows, err := b.List(t.Context(), storetest.In("3273"), f)
		storetest.OK(t, err)
		counts, err := b.Count(t.Context(), storetest.In("3273"), f)
		storetest.OK(t, err)
		if len(rows) != want || counts[casework.Intake] != want {
			t.Errorf("%s: %d are listed, %d counted, want %d", name, len(rows), counts[casework.Intake], want)
		}
	}
}
