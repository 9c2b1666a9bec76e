package casestore_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// argument is what a fault says beside its code.
func argument(err error, name string) string {
	f, _ := errors.AsType[*fault.Error](err)
	if f == nil {
		return ""
	}
	return f.Args[name]
}

func merge(p *casework.Pair) (this, other casework.Event, err error) {
	return p.Merge(identity.NewSecret("sama"), storetest.Today)
}

func separate(p *casework.Pair) (this, other casework.Event, err error) {
	return p.Separate(identity.NewSecret("beda"), storetest.Today)
}

// Two cases are linked and taken apart from the version of the one that is named, whichever of them the link closed;
// what is refused changes neither.
func TestAPairIsChangedFromTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	versions := func(one, two int) {
		t.Helper()
		for id, want := range map[casework.ID]int{first.ID: one, second.ID: two} {
			f, entries, err := b.Get(t.Context(), storetest.In("3273"), id)
			storetest.OK(t, err)
			if f.Version != want || len(entries) != want {
				t.Errorf("version %d after %d entries, want %d", f.Version, len(entries), want)
			}
		}
	}
	change := func(op authz.Op, id casework.ID, version int, with casework.ID,
		fn func(*casework.Pair) (this, other casework.Event, err error), code string) {
		t.Helper()
		_, err := b.ChangePair(t.Context(), op, id, version, with, fn)
		storetest.WantCode(t, err, code)
	}
	op := b.Request("", "3273")
	_, err := b.Change(t.Context(), op, second.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	for _, stale := range []int{1, 3} {
		change(op, second.ID, stale, first.ID, merge, "case.stale")
	}
	change(b.Request("", "3204"), second.ID, 2, first.ID, merge, "case.not_found")
	change(op, second.ID, 2, casework.ID(uuid.New()), merge, "merge.case_not_found")
	change(op, second.ID, 2, second.ID, merge, "merge.same_case")
	versions(1, 2)
	change(op, second.ID, 2, first.ID, merge, "")
	versions(2, 3)
	change(op, first.ID, 1, second.ID, separate, "case.stale")
	change(op, first.ID, 3, second.ID, separate, "case.stale") // that is the version of the other one
	versions(2, 3)
	change(op, first.ID, 2, second.ID, separate, "")
	versions(3, 4)
	change(op, second.ID, casework.AnyVersion, first.ID, merge, "")
	versions(4, 5)
}
