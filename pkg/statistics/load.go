package statistics

import (
	"context"
	"slices"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
)

// load is how much work there is, now: of each officer, or of the offices.
func (s *Service) load(ctx context.Context, scope authz.Scope, q Query) (t Table, err error) {
	if slices.Contains(q.By, ByOfficer) {
		return s.officerLoads(ctx, scope, q)
	}
	offices, err := s.Loads.OfficeLoads(ctx, scope, q.Load)
	if err != nil {
		return t, err
	}
	sums := map[string]int{}
	for _, o := range offices {
		keys := make([]Key, len(q.By))
		for i, g := range q.By {
			if keys[i].Code = string(o.Region); g == ByProvince {
				keys[i].Code = string(o.Region[:2])
			}
		}
		at, there := sums[keyText(keys)]
		if !there {
			at, sums[keyText(keys)] = len(t.Rows), len(t.Rows)
			t.Rows = append(t.Rows, Row{Keys: keys, Values: values(make([]int, len(shapes[Load].Figures)))})
		}
		for i, v := range append(loadOf(o.Load), o.Unassigned) {
			*t.Rows[at].Values[i] += int64(v)
		}
	}
	return t, nil
}

// officerLoads has no column for what nobody is in charge of.
func (s *Service) officerLoads(ctx context.Context, scope authz.Scope, q Query) (t Table, err error) {
	f := q.Load
	f.Limit = MostRows + 1
	officers, err := s.Loads.OfficerLoads(ctx, scope, f)
	for _, o := range officers {
		t.Rows = append(t.Rows, Row{Keys: []Key{{Code: o.Officer.String(), Name: o.Name}},
			Values: append(values(loadOf(o.Load)), nil)})
	}
	slices.SortStableFunc(t.Rows, func(a, b Row) int { return int(*b.Values[0] - *a.Values[0]) })
	return t, err
}

func loadOf(l casework.Load) []int { return []int{l.Open, l.Overdue, l.Due, l.Changed, l.Closed} }

func values(counts []int) []*int64 {
	out := make([]*int64, len(counts))
	for i, n := range counts {
		out[i] = new(int64(n))
	}
	return out
}
