package casestore_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// A list and the counts beside it leave the same cases.
func TestListsAndCountsLeaveWhatTheFilterSays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a, c, d := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3204", 2), b.OpenCase(t, "3578", 3)
	colleague := b.Colleague(t, "3273")
	for id, set := range map[casework.ID]func(*casework.Case){
		a.ID: func(c *casework.Case) { c.Officer, c.DueOn, c.DueFor = colleague, storetest.Today, "claim" },
		c.ID: func(c *casework.Case) { c.Stage = casework.Benefit },
	} {
		_, err := b.Change(t.Context(), b.Request("", "32"), id, 1, func(c *casework.Case) (casework.Event, error) {
			set(c)
			return casework.Event{Kind: casework.CaseNoted, OccurredOn: storetest.Today, Payload: struct{}{}}, nil
		})
		storetest.OK(t, err)
	}
	all := authz.Everywhere()
	for _, l := range []struct {
		what   string
		scope  authz.Scope
		filter casework.Filter
		want   []casework.ID
	}{
		{"all", all, casework.Filter{}, []casework.ID{d.ID, c.ID, a.ID}},
		{"a province", storetest.In("32"), casework.Filter{}, []casework.ID{c.ID, a.ID}},
		{"two regencies", storetest.In("3273", "3578"), casework.Filter{}, []casework.ID{d.ID, a.ID}},
		{"nobody's", authz.Scope{}, casework.Filter{}, nil},
		{"a stage", all, casework.Filter{Stages: []casework.Stage{casework.Benefit}}, []casework.ID{c.ID}},
		{"an officer", all, casework.Filter{Officer: &colleague}, []casework.ID{a.ID}},
		{"nobody's cases", all, casework.Filter{Officer: new(authz.OfficerID(uuid.New()))}, nil},
		{"due today", all, casework.Filter{OverdueOn: new(storetest.Today)}, nil},
		{"due yesterday", all, casework.Filter{OverdueOn: new(storetest.Today.AddDays(1))}, []casework.ID{a.ID}},
		{"updated", all, casework.Filter{UpdatedSince: new(time.Now().Add(-time.Hour))}, []casework.ID{d.ID, c.ID, a.ID}},
		{"not updated", all, casework.Filter{UpdatedSince: new(time.Now().Add(time.Hour))}, nil},
		{"of a layoff", all, casework.Filter{Layoff: new(uuid.New())}, nil},
	} {
		l.filter.Limit = 9
		rows, err := b.List(t.Context(), l.scope, l.filter)
		storetest.OK(t, err)
		var got []casework.ID
		for _, row := range rows {
			got = append(got, row.ID)
		}
		if !slices.Equal(got, l.want) {
			t.Errorf("%s: got %d rows", l.what, len(got))
		}
		counts, err := b.Count(t.Context(), l.scope, l.filter)
		storetest.OK(t, err)
		n := 0
		for _, of := range counts {
			n += of
		}
		if n != len(l.want) || len(counts) != len(casework.Stages()) {
			t.Errorf("%s: counts %v", l.what, counts)
		}
	}
	page, err := b.List(t.Context(), all, casework.Filter{Limit: 1, After: d.ID})
	if err != nil || len(page) != 1 || page[0].ID != c.ID {
		t.Errorf("the next page is %v, %v", len(page), err)
	}
}

// A worker is found by their number or their name, and only where the caller may look.
func TestASearchFindsOnlyInsideTheScope(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := storetest.Opening(t, "3273", 1).Person
	made := b.OpenCase(t, "3273", 1)
	b.OpenCase(t, "3273", 2)
	for code, want := range map[region.Code]int{"3273": 1, "32": 1, "": 1, "3204": 0} {
		rows, err := b.Search(t.Context(), storetest.In(code), casework.Query{NIK: p.NIK, Limit: 9})
		if err != nil || len(rows) != want || want == 1 && rows[0].ID != made.ID {
			t.Errorf("by number in %q: %d rows, %v", code, len(rows), err)
		}
		rows, err = b.Search(t.Context(), storetest.In(code), casework.Query{Name: "Siti Nurhaliza 1", Limit: 9})
		if err != nil || (len(rows) > 0) != (want == 1) || want == 1 && rows[0].ID != made.ID {
			t.Errorf("by name in %q: %d rows, %v", code, len(rows), err)
		}
	}
	if rows, err := b.Search(t.Context(), authz.Scope{}, casework.Query{NIK: p.NIK, Limit: 9}); err != nil || rows != nil {
		t.Errorf("nobody finds %d, %v", len(rows), err)
	}
	if rows, err := b.Search(t.Context(), authz.Everywhere(), casework.Query{Name: "Siti Nurhaliza", Limit: 1}); err != nil ||
		len(rows) != 1 {
		t.Errorf("a page of one has %d, %v", len(rows), err)
	}
}

// A worker has one open case: the second opening is told which, but only to those who may see it.
func TestAWorkerHasOneOpenCase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	again := storetest.Opening(t, "3273", 1)
	_, err := b.Open(t.Context(), b.Request("", "3273"), again)
	storetest.WantCode(t, err, "case.already_registered")
	again.Case.Region = "3578"
	_, err = b.Open(t.Context(), b.Request("", "3578"), again)
	storetest.WantCode(t, err, "case.registered_elsewhere")
	_, err = b.Change(t.Context(), b.Request("", "3273"), made.ID, 1, storetest.Advance(casework.Closed))
	storetest.OK(t, err)
	second, err := b.Open(t.Context(), b.Request("", "3578"), again)
	storetest.OK(t, err)
	file, _, err := b.Get(t.Context(), storetest.In("3578"), second.ID)
	storetest.OK(t, err)
	first, _, err := b.Get(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	if file.WorkerID != first.WorkerID || file.ID == first.ID {
		t.Error("the worker is another one")
	}
	again.Case.Region = "3273" // where the closed case is no reason to name it, nor one to open another
	_, err = b.Open(t.Context(), b.Request("", "3273"), again)
	storetest.WantCode(t, err, "case.registered_elsewhere")
	_, err = b.Open(t.Context(), b.Request("", "3273", "3578"), again)
	storetest.WantCode(t, err, "case.already_registered")
	if f, _ := errors.AsType[*fault.Error](err); f != nil && f.Args["case"] != second.ID.String() {
		t.Errorf("named the case %s, not the open one", f.Args["case"])
	}
}

// Every entry is later than the one before, also when the machine's clock was set back in between.
func TestAClockThatWasSetBackTurnsNoHistoryRound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	b.Tamper(t, `update cases set updated_at = '2099-01-01T00:00:00Z'`,
		`update case_history set recorded_at = '2099-01-01T00:00:00Z'`)
	before := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range 2 {
		moved, err := b.Change(t.Context(), b.Request("", "3273"), made.ID, n+1,
			storetest.Advance([]casework.Stage{casework.Benefit, casework.Closed}[n]))
		storetest.OK(t, err)
		if after := before.Add(time.Duration(n+1) * time.Microsecond); !moved.UpdatedAt.Equal(after) {
			t.Errorf("change %d is of %s, want %s", n+1, moved.UpdatedAt, after)
		}
	}
	_, entries, err := b.Get(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	for i := 1; i < len(entries); i++ {
		if !entries[i].RecordedAt.After(entries[i-1].RecordedAt) {
			t.Errorf("entry %d was recorded at %s", i+1, entries[i].RecordedAt)
		}
	}
}

// Beyond the scope, an old version, nothing recorded: each leaves the case as it was.
func TestAChangeThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.OpenCase(t, "3273", 1)
	moved := storetest.Advance(casework.Benefit)
	for code, version := range map[region.Code]int{"3204": 1, "3273": 2} {
		want := map[region.Code]string{"3204": "case.not_found", "3273": "case.stale"}[code]
		_, err := b.Change(t.Context(), b.Request("", code), made.ID, version, moved)
		storetest.WantCode(t, err, want)
	}
	_, err := b.Change(t.Context(), authz.Op{Actor: b.Officer}, made.ID, 1, moved)
	storetest.WantCode(t, err, "case.not_found")
	_, err = b.Change(t.Context(), b.Request("", "3273"), made.ID, 1, func(c *casework.Case) (casework.Event, error) {
		c.DueOn = calendar.MustDate("2030-01-01")
		return casework.Event{}, nil
	})
	if err == nil {
		t.Error("a change without an entry is kept")
	}
	file, entries, err := b.Get(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	if file.Version != 1 || file.Stage != casework.Intake || !file.DueOn.IsZero() || len(entries) != 1 {
		t.Errorf("got %v with %d entries", file.Case, len(entries))
	}
	for _, code := range []region.Code{"3204", "35"} {
		_, _, err := b.Get(t.Context(), storetest.In(code), made.ID)
		storetest.WantCode(t, err, "case.not_found")
		_, err = b.CaseRegion(t.Context(), storetest.In(code), made.ID)
		storetest.WantCode(t, err, "case.not_found")
	}
	if code, err := b.CaseRegion(t.Context(), storetest.In("32"), made.ID); err != nil || code != "3273" {
		t.Errorf("got %s, %v", code, err)
	}
}
