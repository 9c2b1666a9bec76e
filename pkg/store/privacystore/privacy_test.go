package privacystore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// privacyAt is the service at an instant.
func (b *bundle) privacyAt(t *testing.T, now string) *privacy.Service {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	storetest.OK(t, err)
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.At(at), Tree: storetest.Regions(t)})
	return &privacy.Service{Store: b.Stores, Cases: cases, Measures: b.Measures}
}

// closed is a case that was closed on a day.
func (b *bundle) closed(t *testing.T, code region.Code, n int, day string) casework.ID {
	t.Helper()
	o := storetest.Opening(t, code, n)
	o.Case.TerminatedOn, o.Case.OpenedOn = calendar.MustDate("2015-01-01"), calendar.MustDate("2015-01-02")
	made, err := b.Open(t.Context(), b.Request("", code), o)
	storetest.OK(t, err)
	_, err = b.Change(t.Context(), b.Request("", code), made.ID, 1, func(c *casework.Case) (casework.Event, error) {
		return c.Advance(casework.Advance{To: casework.Closed, Outcome: casework.Placed, OccurredOn: calendar.MustDate(day)})
	})
	storetest.OK(t, err)
	return made.ID
}

// Every step of an erasure asks what stands in the database then: who asked, a hold, another open case of the worker.
// What is refused leaves no entry; what is done is one.
func TestAnErasureTakesTwoAndNoHold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.privacyAt(t, "2026-11-23T03:00:00Z")
	id := b.closed(t, "3273", 1, "2020-01-01")
	asker, second := b.As(b.Officer, "3273"), b.As(b.Colleague(t, "3273"), "3273")
	version := 2
	hold := func(op authz.Op, set bool) error {
		_, err := s.Hold(t.Context(), op, id, version, set, "perkara")
		return err
	}
	request := func(op authz.Op) error {
		_, err := s.Request(t.Context(), op, id, version, "permintaan")
		return err
	}
	decide := func(op authz.Op, erase bool) error {
		_, err := s.Decide(t.Context(), op, id, version, erase)
		return err
	}
	for i, step := range []struct {
		err  func() error
		code string
	}{
		{func() error { return decide(second, true) }, "erasure.not_requested"},
		{func() error { return hold(asker, false) }, "hold.not_set"},
		{func() error { return hold(asker, true) }, ""},
		{func() error { return hold(asker, true) }, "hold.set_already"},
		{func() error { return hold(second, true) }, "hold.set_already"},
		{func() error { return request(asker) }, "erasure.held"},
		{func() error { return hold(second, false) }, ""},
		{func() error { return hold(second, false) }, "hold.not_set"},
		{func() error { return request(asker) }, ""},
		{func() error { return request(asker) }, "erasure.requested_already"},
		{func() error { return request(second) }, "erasure.requested_already"},
		{func() error { return decide(asker, true) }, "erasure.own"},
		{func() error { return decide(asker, false) }, "erasure.own"},
		{func() error { return hold(asker, true) }, ""},
		{func() error { return decide(second, true) }, "erasure.held"},
		{func() error { return decide(second, false) }, ""},
		{func() error { return decide(second, true) }, "erasure.not_requested"},
		{func() error { return hold(asker, false) }, ""},
		{func() error { return request(second) }, ""},
		{func() error { return decide(second, true) }, "erasure.own"},
		{func() error { return decide(b.As(asker.Actor, "3204"), true) }, "case.not_found"},
		{func() error { return decide(asker, true) }, ""},
		{func() error { return decide(second, true) }, "worker.erased"},
		{func() error { return request(asker) }, "worker.erased"},
	} {
		if err := step.err(); fault.CodeOf(err) != step.code || (err == nil) != (step.code == "") {
			t.Fatalf("step %d: got %v, want %q", i+1, err, step.code)
		} else if err == nil {
			version++
		}
	}
	file, entries, err := b.Get(t.Context(), storetest.In("3273"), id)
	storetest.OK(t, err)
	var kinds []casework.Kind
	for _, e := range entries[2:] {
		kinds = append(kinds, e.Kind)
	}
	want := []casework.Kind{privacy.HoldSet, privacy.HoldReleased, privacy.ErasureRequested, privacy.HoldSet,
		privacy.ErasureRefused,
		privacy.HoldReleased, privacy.ErasureRequested, privacy.WorkerErased}
	if !slices.Equal(kinds, want) || file.Person.Name != "" || !file.Person.NIK.IsZero() {
		t.Errorf("got %v", kinds)
	}
}

// A hold over one case of a worker, an open case, and one of another office stand in the way of all their cases.
func TestWhatStandsOverOneCaseStandsOverTheWorker(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second region.Code
		closed bool
		held   bool
		code   string
	}{
		"nothing":        {"3273", true, false, ""},
		"held":           {"3273", true, true, "erasure.held"},
		"open":           {"3273", false, false, "erasure.case_open"},
		"elsewhere":      {"3204", true, false, "erasure.elsewhere"},
		"open elsewhere": {"3204", false, false, "erasure.elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			s := b.privacyAt(t, "2026-11-23T03:00:00Z")
			first := b.closed(t, "3273", 1, "2020-01-01")
			o := storetest.Opening(t, "3273", 1)
			o.Case.Region = c.second
			second, err := b.Open(t.Context(), b.Request("", c.second), o)
			storetest.OK(t, err)
			if c.closed {
				_, err = b.Change(t.Context(), b.Request("", c.second), second.ID, 1, storetest.Advance(casework.Closed))
				storetest.OK(t, err)
			}
			if c.held {
				_, err = s.Hold(t.Context(), b.Request("", c.second), second.ID, 2, true, "perkara")
				storetest.OK(t, err)
			}
			_, err = s.Request(t.Context(), b.Request("", "3273"), first, 2, "permintaan")
			storetest.WantCode(t, err, c.code)
		})
	}
}

// A case is due from the day on that its retention is over, where the ministry is, and not a day and not a year before;
// never while it is open or held, nor when its worker is erased.
func TestRetentionEndsOnItsDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	day := map[string]casework.ID{}
	for n, closed := range []string{"2016-11-21", "2016-11-22", "2016-11-23", "2017-11-21", "2017-11-22"} {
		day[closed] = b.closed(t, "3273", n+1, closed)
	}
	held, elsewhere := b.closed(t, "3273", 11, "2016-01-01"), b.closed(t, "3204", 12, "2016-01-01")
	b.OpenCase(t, "3273", 13)
	erased := b.closed(t, "3273", 14, "2016-01-01")
	s := b.privacyAt(t, "2026-11-22T17:00:00Z") // the first instant of 23 November in Jakarta
	_, err := s.Hold(t.Context(), b.Request("", "3273"), held, 2, true, "perkara")
	storetest.OK(t, err)
	_, err = s.Request(t.Context(), b.Request("", "3273"), erased, 2, "permintaan")
	storetest.OK(t, err)
	_, err = s.Decide(t.Context(), b.As(b.Colleague(t, "3273"), "3273"), erased, 3, true)
	storetest.OK(t, err)
	due := func(now string, scope authz.Scope, after casework.ID, limit int) (ids []casework.ID) {
		t.Helper()
		list, err := b.privacyAt(t, now).Due(t.Context(), scope, after, limit)
		storetest.OK(t, err)
		for _, d := range list {
			ids = append(ids, d.Case)
		}
		return ids
	}
	first, second := day["2016-11-21"], day["2016-11-22"] // ids grow with the time
	for name, c := range map[string]struct{ got, want []casework.ID }{
		"the last instant before": {due("2026-11-22T16:59:59Z", storetest.In("3273"), casework.ID{}, 9),
			[]casework.ID{first}},
		"the first instant": {due("2026-11-22T17:00:00Z", storetest.In("3273"), casework.ID{}, 9),
			[]casework.ID{first, second}},
		"the next day": {due("2026-11-23T17:00:00Z", storetest.In("3273"), casework.ID{}, 9),
			[]casework.ID{first, second, day["2016-11-23"]}},
		"a page": {due("2026-11-22T17:00:00Z", storetest.In("3273"), casework.ID{}, 1),
			[]casework.ID{first}},
		"the page after": {due("2026-11-22T17:00:00Z", storetest.In("3273"), first, 9), []casework.ID{second}},
		"another office": {due("2026-11-22T17:00:00Z", storetest.In("3204"), casework.ID{}, 9),
			[]casework.ID{elsewhere}},
		"nowhere": {due("2026-11-22T17:00:00Z", storetest.In(), casework.ID{}, 9), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}
