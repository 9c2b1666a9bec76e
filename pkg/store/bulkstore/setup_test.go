package bulkstore_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// bundle is an office whose orders are done by hand, under rights that a test takes away.
type bundle struct {
	*storetest.Office
	*bulk.Service
	may map[authz.Action]authz.Scope
	// before is called when the rights for a case are asked, with how often that was.
	before func(n int)
	asked  int
	opened int
}

func setup(t *testing.T) *bundle {
	t.Helper()
	o := storetest.NewOffice(t)
	here := storetest.In("3273")
	b := &bundle{Office: o, before: func(int) {}, may: map[authz.Action]authz.Scope{authz.CaseNote: here,
		authz.CaseTake: here, authz.CaseAssign: here, authz.ReferralOffer: here}}
	works := func([]authz.Grant) authz.Scope { return here }
	b.Service = &bulk.Service{Store: o.Bulk, Work: o.Bulk, Tree: storetest.Regions(t), Works: works,
		Cases: casework.New(casework.Deps{Store: o.Cases, Assignments: o.Cases, Clock: clock.System()}),
		Assignee: func(context.Context, authz.OfficerID) (casework.Assignee, error) {
			return casework.Assignee{Office: "3273", Active: true}, nil
		},
		Rights: func(_ context.Context, _ authz.OfficerID, a authz.Action) (authz.Scope, error) {
			b.asked++
			b.before(b.asked)
			if scope := b.may[a]; !scope.Empty() {
				return scope, nil
			}
			return authz.Scope{}, fault.New(fault.Forbidden, "authz.forbidden")
		}}
	return b
}

func (b *bundle) open(t *testing.T, code region.Code, n int) (list []casework.Picked) {
	t.Helper()
	for range n {
		b.opened++
		s := b.OpenCase(t, code, b.opened)
		list = append(list, casework.Picked{Case: s.ID, Version: s.Version})
	}
	return list
}

func (b *bundle) order(t *testing.T, c bulk.Change, of bulk.Choice) bulk.Order {
	t.Helper()
	o, _, err := b.Order(t.Context(), b.Op("3273"), c, of)
	storetest.OK(t, err)
	return o
}

func (b *bundle) see(t *testing.T, id uuid.UUID) bulk.Order {
	t.Helper()
	o, err := b.GetOrder(t.Context(), b.mine(), id)
	storetest.OK(t, err)
	return o
}

func (b *bundle) mine() bulk.Viewer {
	return bulk.Viewer{Officer: b.Officer, Scope: storetest.In("3273")}
}

// codes are what came of each case of an order.
func (b *bundle) codes(t *testing.T, id uuid.UUID) (list []string) {
	t.Helper()
	lines, err := b.All(t.Context(), b.mine(), id)
	storetest.OK(t, err)
	for _, l := range lines {
		code := string(l.Result)
		if l.Refusal != nil {
			code += " " + l.Refusal.Code
		}
		list = append(list, code)
	}
	return list
}

// notes counts the notes of all cases, and of the case that has most.
func (b *bundle) notes(t *testing.T) (all, most int) {
	t.Helper()
	return b.CountRows(t, "select count(*) from case_history where kind = 'case.noted'"),
		b.CountRows(t, `select coalesce(max(n), 0) from (select count(*) n from case_history where kind = 'case.noted'
			group by case_id) x`)
}
