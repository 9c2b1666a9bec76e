package exportstore_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// Who decides is shown what others ordered, awaits, and lies in the scope wholly: never an order of their own.
func TestWhatAwaitsWhom(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.exports(t)
	second := b.Colleague(t, "3273")
	mine := b.exportIn(t, s, b.Officer, second, export.Awaiting)
	theirs := b.exportIn(t, s, second, b.Officer, export.Awaiting)
	for _, state := range []export.State{export.Queued, export.Refused, export.Cancelled} {
		b.exportIn(t, s, second, b.Officer, state)
	}
	for name, c := range map[string]struct {
		scope region.Code
		not   authz.OfficerID
		want  []uuid.UUID
	}{
		"me":                  {"3273", b.Officer, []uuid.UUID{theirs.ID}},
		"me, from above":      {"32", b.Officer, []uuid.UUID{theirs.ID}},
		"the other":           {"3273", second, []uuid.UUID{mine.ID}},
		"somebody elsewhere":  {"3204", b.Colleague(t, "3204"), nil},
		"somebody else there": {"3273", b.Colleague(t, "3273"), []uuid.UUID{mine.ID, theirs.ID}},
	} {
		list, err := b.AwaitingExports(t.Context(), storetest.In(c.scope), c.not)
		storetest.OK(t, err)
		var got []uuid.UUID
		for _, x := range list {
			got = append(got, x.ID)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	}
}

// The list of one's own exports is one's own, the newest first, page by page.
func TestWhoseExportsAreListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.exports(t)
	second := b.Colleague(t, "3273")
	first, last := b.exportIn(t, s, b.Officer, second, export.Refused), b.exportIn(t, s, b.Officer, second,
		export.Awaiting)
	b.exportIn(t, s, second, b.Officer, export.Awaiting)
	list, err := b.ListExports(t.Context(), b.Officer, uuid.Nil, 9)
	storetest.OK(t, err)
	if len(list) != 2 || list[0].ID != last.ID || list[1].ID != first.ID {
		t.Errorf("listed %+v", list)
	}
	list, err = b.ListExports(t.Context(), b.Officer, last.ID, 9)
	storetest.OK(t, err)
	if len(list) != 1 || list[0].ID != first.ID {
		t.Errorf("after it %+v", list)
	}
	_, err = b.GetExport(t.Context(), second, first.ID)
	storetest.WantCode(t, err, "export.not_found")
}
