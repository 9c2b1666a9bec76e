package lawbook_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/lawbook"
)

// moving is a store of releases that hold.
type moving struct {
	keeping
	holding []lawbook.Release
	entries []lawbook.Event
}

func (m *moving) MoveRelease(_ context.Context, _ authz.Op, id uuid.UUID,
	fn func(*lawbook.Release, []lawbook.Release) (lawbook.Event, error)) (lawbook.Release, error) {
	for i := range m.holding {
		if r := m.holding[i]; r.ID == id {
			e, err := fn(&r, m.holding)
			if err == nil {
				m.entries = append(m.entries, e)
			}
			return r, err
		}
	}
	return lawbook.Release{}, lawbook.NotFound()
}

// Only the release at which the law cannot be read is taken back without officers, with a reason and an entry.
func TestOnlyWhatCannotBeReadIsMended(t *testing.T) {
	t.Parallel()
	whole := read(t, lawbook.HolidaysPath) + "2028-01-10,Libur,national\n"
	good := lawbook.Release{ID: uuid.New(), State: lawbook.Approved, Content: whole}
	broken := lawbook.Release{ID: uuid.New(), State: lawbook.Approved, Content: "programme: jkp\nkind: rules\n"}
	tampered := lawbook.Release{ID: uuid.New(), State: lawbook.Approved, Content: whole, Tampered: true}
	mend := func(s *moving, r *lawbook.Release, reason string) (lawbook.Release, string) {
		done, err := lawbook.Mend(t.Context(), s, law(t), r.ID, reason)
		return done, fault.CodeOf(err)
	}
	for name, stuck := range map[string]*lawbook.Release{"unreadable": &broken, "tampered": &tampered} {
		s := &moving{holding: []lawbook.Release{good, *stuck}}
		if _, code := mend(s, stuck, " "); code != "law.reason_required" {
			t.Errorf("%s, without a reason: %s", name, code)
		}
		if _, code := mend(s, &good, "x"); code != "law.readable" {
			t.Errorf("%s: another release that can be read: %s", name, code)
		}
		if _, code := mend(s, &lawbook.Release{ID: uuid.New()}, "x"); code != "law.not_found" {
			t.Errorf("%s: none: %s", name, code)
		}
		done, code := mend(s, stuck, "rusak")
		if code != "" || done.State != lawbook.Withdrawn || len(s.entries) != 1 ||
			s.entries[0].Kind != lawbook.KindWithdrawn {
			t.Errorf("%s: %s %s %+v", name, code, done.State, s.entries)
		}
		if _, code := mend(&moving{holding: []lawbook.Release{done}}, &done, "rusak"); code != "law.withdrawn" {
			t.Errorf("%s, a second time: %q", name, code)
		}
	}
	if _, code := mend(&moving{holding: []lawbook.Release{good}}, &good, "x"); code != "law.readable" {
		t.Errorf("a law that can be read: %s", code)
	}
}

// Every end is measured, near or far, and over or not.
func TestEndsAreMeasured(t *testing.T) {
	t.Parallel()
	var list []string
	for _, x := range law(t).Ends() {
		list = append(list, x.What+" "+x.EndsOn.String())
	}
	for _, want := range []string{"holidays 2028-01-01", "wagesubsidy/announcement/announced-2026 2027-01-01"} {
		if got := strings.Join(list, "; "); !strings.Contains(got, want) {
			t.Errorf("%s is not among %s", want, got)
		}
	}
}
