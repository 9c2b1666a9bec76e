package intake

import (
	"context"
	"fmt"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/intake/sheet"
)

// register remembers how it was asked, and likens the first of those whom it is asked for to a case.
type register struct {
	casework.Store
	sizes []int
	near  []bool
	names []string
}

func (r *register) FindLikely(_ context.Context, _ authz.Scope, people []casework.Person,
	near bool) ([]casework.Likely, error) {
	r.sizes, r.near = append(r.sizes, len(people)), append(r.near, near)
	for _, p := range people {
		r.names = append(r.names, p.Name)
	}
	return []casework.Likely{{N: 0, Case: casework.ID{7}, By: []casework.Likeness{casework.SamePhone}}}, nil
}

// likened gives what the register was asked, and the rows afterwards.
func likened(t *testing.T, statuses ...sheet.Status) (*register, []sheet.Row) {
	t.Helper()
	r, rows := &register{}, make([]sheet.Row, len(statuses))
	for i, status := range statuses {
		rows[i] = sheet.Row{Status: status, Worker: sheet.Worker{Name: fmt.Sprintf("Pekerja %d", i)}}
	}
	s := desk(t, &drawer{}, "3273")
	s.Cases.Store = r
	if err := s.likely(t.Context(), authz.ScopeOver("3273"), rows); err != nil {
		t.Fatal(err)
	}
	return r, rows
}

// Who may be somebody else's double is asked of every row that can be used, also of one with a warning, and of no
// other.
func TestWhichRowsAreCompared(t *testing.T) {
	t.Parallel()
	for _, status := range sheet.Valid.Values() {
		usable := status == sheet.Valid || status == sheet.ValidWarning
		r, rows := likened(t, status, status)
		if asked := len(r.names) == 2; asked != usable || !usable && len(r.names) > 0 {
			t.Errorf("%s: asked for %v", status, r.names)
		}
		after := status
		if usable {
			after = sheet.ValidWarning
		}
		if rows[0].Status != after || rows[1].Status != status || len(rows[1].Reasons) > 0 {
			t.Errorf("%s: became %s and %s", status, rows[0].Status, rows[1].Status)
		}
		if told := len(rows[0].Reasons) == 1; told != usable {
			t.Errorf("%s: told %v", status, rows[0].Reasons)
			continue
		}
		for _, why := range rows[0].Reasons {
			if why.Code != sheet.CodeLikelyDuplicate || !why.Warning || why.Args["by"] != "phone" ||
				why.Args["case"] != (casework.ID{7}).String() {
				t.Errorf("%s: told %+v", status, why)
			}
		}
	}
}

// Near NIKs are looked for in a list of 5000 usable rows, and not in a longer one; rows that cannot be used do not
// count.
func TestALongListIsNotComparedWithNearNIKs(t *testing.T) {
	t.Parallel()
	for usable, near := range map[int]bool{1: true, 5000: true, 5001: false} {
		statuses := make([]sheet.Status, usable, usable+1)
		for i := range statuses {
			statuses[i] = sheet.Valid
		}
		r, _ := likened(t, append(statuses, sheet.Reject)...)
		asked := 0
		for i, n := range r.sizes {
			if asked += n; n > 25 || r.near[i] != near {
				t.Fatalf("of %d: %d at once, near ones: %t", usable, n, r.near[i])
			}
		}
		if asked != usable {
			t.Errorf("of %d: asked for %d", usable, asked)
		}
	}
}
