package exportstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/audit"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/export"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// held are the cases of 3273 that an export holds.
func (b *bundle) held(t *testing.T, asked export.Request) (got []casework.ID) {
	t.Helper()
	size, err := b.Seal(t.Context())
	storetest.OK(t, err)
	asked.Format = export.CSV
	storetest.OK(t, b.Snapshot(t.Context(), storetest.In("3273"), export.Export{Asked: asked},
		audit.Checkpoint{Size: size}, func(s export.Snapshot) error {
			return s.Cases(func(id uuid.UUID) { got = append(got, casework.ID(id)) })
		}))
	return got
}

// An export holds the cases with that outcome, claim and officer, and none for a value that no list has.
func TestAnExportIsNarrowedByWhatBecameOfACase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open, closed := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	_, err := b.Change(t.Context(), b.Request("", "3273"), closed.ID, 1, storetest.Advance(casework.Closed))
	storetest.OK(t, err)
	officer := b.Colleague(t, "3273")
	b.Tamper(t, "update cases set officer_id = '"+officer.String()+"', claim_state = 'running' where id = '"+
		open.ID.String()+"'")
	for name, c := range map[string]struct {
		asked export.Request
		want  []casework.ID
	}{
		"placed":           {export.Request{Outcome: casework.Placed}, []casework.ID{closed.ID}},
		"died":             {export.Request{Outcome: casework.Deceased}, nil},
		"no outcome":       {export.Request{Outcome: "x' or true --"}, nil},
		"a running claim":  {export.Request{Claim: casework.ClaimRunning}, []casework.ID{open.ID}},
		"without a claim":  {export.Request{Claim: casework.ClaimNone}, []casework.ID{closed.ID}},
		"no claim":         {export.Request{Claim: "x' or true --"}, nil},
		"an officer":       {export.Request{Officer: officer.String()}, []casework.ID{open.ID}},
		"another officer":  {export.Request{Officer: b.Officer.String()}, nil},
		"no officer":       {export.Request{Officer: "x' or true --"}, nil},
		"two that exclude": {export.Request{Officer: officer.String(), Outcome: casework.Placed}, nil},
	} {
		if got := b.held(t, c.asked); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for _, c := range []struct {
		scope   authz.Scope
		officer string
		want    bool
	}{
		{storetest.In("3273"), officer.String(), true}, {storetest.In("32"), officer.String(), true},
		{storetest.In("3204"), officer.String(), false}, {storetest.In("3273"), uuid.NewString(), false},
	} {
		if found, err := b.OfficerInReach(t.Context(), c.scope, c.officer); err != nil || found != c.want {
			t.Errorf("in %v: %t, %v, want %t", c.scope, found, err, c.want)
		}
	}
}

// A period begins and ends at midnight in WIB; one entry in it is enough, and all entries of its case are in the
// export.
func TestThePeriodOfAnExport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	early, late := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	_, err := b.Change(t.Context(), b.Request("", "3273"), late.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	set := func(of casework.State, seq, at string) string {
		return "update case_history set recorded_at = '" + at + "' where case_id = '" + of.ID.String() + "' and seq = " + seq
	}
	b.Tamper(t, set(early, "1", "2026-11-20 16:59:59.999999+00"), set(late, "1", "2026-11-20 17:00+00"),
		set(late, "2", "2026-11-25 17:00+00"))
	day := func(text string) calendar.Date {
		if text == "" {
			return calendar.Date{}
		}
		return calendar.MustDate("2026-11-" + text)
	}
	both, one, other := []casework.ID{early.ID, late.ID}, []casework.ID{early.ID}, []casework.ID{late.ID}
	for _, c := range []struct {
		from, until string
		want        []casework.ID
	}{
		{"", "", both}, {"20", "", both}, {"21", "", other}, {"26", "", other}, {"27", "", nil},
		{"", "19", nil}, {"", "20", one}, {"", "21", both}, {"20", "20", one}, {"21", "21", other}, {"22", "25", nil},
		{"26", "26", other},
	} {
		if got := b.held(t, export.Request{From: day(c.from), Until: day(c.until)}); !slices.Equal(got, c.want) {
			t.Errorf("from %q until %q: %v, want %v", c.from, c.until, got, c.want)
		}
	}
}

// Officers are told with their office and the roles that they have now.
func TestTheOfficersOfAnExport(t *testing.T) {
	t.Parallel()
	b := setup(t)
	second := b.Colleague(t, "3273")
	storetest.OK(t, b.Snapshot(t.Context(), storetest.In("3273"), export.Export{}, audit.Checkpoint{},
		func(s export.Snapshot) error {
			known, err := s.Officers()
			if o := known[uuid.UUID(second)]; o.Name == "" || o.Office != "3273" {
				t.Errorf("knows %+v", o)
			}
			return err
		}))
}
