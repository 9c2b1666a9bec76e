package bulkstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/bulk"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

var aNote = bulk.Change{Kind: bulk.Note, Text: "kata rahasia"}

// Each case of an order is changed once or refused by itself; what is not there for the officer is refused at once, and
// the words of the order are kept sealed, and only until it has ended.
func TestAnOrderChangesEachCaseByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := b.open(t, "3273", 3), b.open(t, "3204", 1)
	stale := casework.Picked{Case: here[1].Case, Version: 9}
	nowhere := casework.Picked{Case: casework.ID(uuid.New()), Version: 1}
	picked := []casework.Picked{here[0], there[0], stale, nowhere, here[2]}
	o, missing, err := b.Order(t.Context(), b.Op("3273"), aNote, bulk.Choice{Picked: picked})
	storetest.OK(t, err)
	if len(missing) != 2 || missing[0] != there[0].Case || missing[1] != nowhere.Case {
		t.Errorf("missing are %v", missing)
	}
	if o.State != bulk.Queued || o.Total != 5 || o.Refused != 2 || o.Left() != 3 || o.Kind != bulk.Note {
		t.Errorf("ordered %+v", o)
	}
	if n := b.CountRows(t, "select count(*) from bulk where position('rahasia'::bytea in asked) > 0"); n != 0 {
		t.Error("the words of an order can be read")
	}
	storetest.OK(t, b.Run(t.Context(), o.ID))
	want := []string{"changed", "refused case.not_found", "refused case.stale", "refused case.not_found", "changed"}
	if got := b.codes(t, o.ID); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if o = b.see(t, o.ID); o.State != bulk.Finished || o.Changed != 2 || o.Refused != 3 || o.EndedAt.IsZero() {
		t.Errorf("ended %+v", o)
	}
	if all, most := b.notes(t); all != 2 || most != 1 {
		t.Errorf("%d notes, %d of one case", all, most)
	}
	if n := b.CountRows(t, "select count(*) from bulk where asked is not null or asked_key is not null"); n != 0 {
		t.Error("an order that has ended still knows its words")
	}
	_, err = b.GetOrder(t.Context(), b.mine(), uuid.New())
	storetest.WantCode(t, err, "bulk.not_found")
	storetest.WantCode(t, b.Run(t.Context(), o.ID), "bulk.not_found")
}

// Work that breaks off after any case goes on there: no case is changed twice, even if what came of it was not kept.
func TestAnOrderGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cases := b.open(t, "3273", 45)
	o := b.order(t, aNote, bulk.Choice{Picked: cases})
	for _, at := range []int{1, 7, 20, 2} {
		ctx, stop := context.WithCancel(t.Context())
		b.asked, b.before = 0, func(n int) {
			if n == at {
				stop()
			}
		}
		if err := b.Run(ctx, o.ID); !errors.Is(err, context.Canceled) {
			t.Fatalf("it does not break off: %v", err)
		}
		stop()
		// As after a kill: of the last cases nothing is kept but their changes.
		b.Do(t, `update bulk_case set result = 'left', became = null where n in
			(select n from bulk_case where result = 'changed' order by n desc limit 3)`)
		b.Do(t, "update bulk set changed = (select count(*) from bulk_case where result = 'changed'), "+
			"seen_at = now() - interval '2 minutes'")
	}
	b.before = func(int) {}
	storetest.OK(t, b.Run(t.Context(), o.ID))
	if o = b.see(t, o.ID); o.State != bulk.Finished || o.Changed != 45 || o.Refused != 0 {
		t.Errorf("ended %+v: %q", o, b.codes(t, o.ID))
	}
	if all, most := b.notes(t); all != 45 || most != 1 {
		t.Errorf("%d notes, %d of one case", all, most)
	}
}

// Whoever loses the right while an order runs changes nothing more, and whoever loses a part of the area nothing there.
func TestRightsAreThoseOfTheMoment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.order(t, aNote, bulk.Choice{Picked: b.open(t, "3273", 5)})
	b.before = func(n int) {
		if n == 3 {
			delete(b.may, authz.CaseNote)
		}
	}
	storetest.WantCode(t, b.Run(t.Context(), o.ID), "bulk.right_lost")
	storetest.OK(t, b.Fail(t.Context(), o.ID, "bulk.right_lost", 1))
	if o = b.see(t, o.ID); o.State != bulk.Failed || o.Failure != "bulk.right_lost" || o.Changed != 2 || o.Left() != 3 {
		t.Errorf("ended %+v", o)
	}
	if all, _ := b.notes(t); all != 2 {
		t.Errorf("%d notes", all)
	}
	b.before, b.may[authz.CaseNote] = func(int) {}, storetest.In("32") // more than when it was ordered
	abroad := b.open(t, "3204", 1)
	o, _, err := b.Order(t.Context(), b.Op("3273"), aNote, bulk.Choice{Picked: append(abroad, b.open(t, "3273", 1)...)})
	storetest.OK(t, err)
	storetest.OK(t, b.Run(t.Context(), o.ID))
	if got := b.codes(t, o.ID); !slices.Equal(got, []string{"refused case.not_found", "changed"}) {
		t.Errorf("with a wider right: %q", got)
	}
}

// A filter is asked when the order is made: what comes later is not in it, and what changed since is refused.
func TestAFilterChoosesTheCasesOfAnOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cases := b.open(t, "3273", 3)
	b.open(t, "3204", 1)
	_, err := b.Change(t.Context(), b.Op("3273"), cases[2].Case, 1, storetest.Advance(casework.Training))
	storetest.OK(t, err)
	o := b.order(t, aNote, bulk.Choice{Filter: &casework.Filter{Stages: []casework.Stage{casework.Intake}}})
	b.open(t, "3273", 1)
	_, err = b.Change(t.Context(), b.Op("3273"), cases[0].Case, 1, storetest.Advance(casework.Training))
	storetest.OK(t, err)
	storetest.OK(t, b.Run(t.Context(), o.ID))
	if got := b.codes(t, o.ID); !slices.Equal(got, []string{"refused case.stale", "changed"}) {
		t.Errorf("got %q", got)
	}
	abroad := casework.Filter{Stages: []casework.Stage{casework.Intake}}
	for name, filter := range map[string]casework.Filter{"nothing left": {Stages: []casework.Stage{casework.Closed}}} {
		_, _, err := b.Order(t.Context(), b.Op("3273"), aNote, bulk.Choice{Filter: &filter})
		storetest.WantCode(t, err, "bulk.no_cases")
		if n := b.CountRows(t, "select count(*) from bulk"); n != 1 {
			t.Errorf("%s: %d orders", name, n)
		}
	}
	there := abroad
	code := storetest.In("3204").Regions()[0]
	there.Region = &code
	_, _, err = b.Order(t.Context(), b.Op("3273"), aNote, bulk.Choice{Filter: &there})
	storetest.WantCode(t, err, "bulk.no_cases")
}

// Orders are seen by who gave them and by who is the head of all of their area; three run at once; one is cancelled
// once.
func TestWhoseOrdersAreSeen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cases := b.open(t, "3273", 25)
	o := b.order(t, aNote, bulk.Choice{Picked: cases[:22]})
	other := b.Colleague(t, "3273")
	for name, c := range map[string]struct {
		v    bulk.Viewer
		seen bool
	}{
		"own":                 {b.mine(), true},
		"own, right gone":     {bulk.Viewer{Officer: b.Officer}, false},
		"own, moved":          {bulk.Viewer{Officer: b.Officer, Scope: storetest.In("3204")}, false},
		"a colleague":         {bulk.Viewer{Officer: other, Scope: storetest.In("3273")}, false},
		"the head":            {bulk.Viewer{Officer: other, Head: storetest.In("3273")}, true},
		"the head of all":     {bulk.Viewer{Officer: other, Head: storetest.In("32")}, true},
		"the head next door":  {bulk.Viewer{Officer: other, Head: storetest.In("3204")}, false},
		"the head of a part ": {bulk.Viewer{Officer: other, Head: storetest.In("3201", "3204")}, false},
	} {
		list, err := b.List(t.Context(), c.v, uuid.Nil, 9)
		storetest.OK(t, err)
		_, err = b.GetOrder(t.Context(), c.v, o.ID)
		_, lines := b.Lines(t.Context(), c.v, o.ID, bulk.Page{})
		if (len(list) == 1) != c.seen || (err == nil) != c.seen || (lines == nil) != c.seen {
			t.Errorf("%s: %v, %v, %v", name, list, err, lines)
		}
		if !c.seen {
			_, err := b.Cancel(t.Context(), b.As(c.v.Officer, "3273"), c.v, o.ID)
			storetest.WantCode(t, err, "bulk.not_found")
		}
	}
	b.order(t, aNote, bulk.Choice{Picked: cases[22:23]})
	b.order(t, aNote, bulk.Choice{Picked: cases[23:24]})
	_, _, err := b.Order(t.Context(), b.Op("3273"), aNote, bulk.Choice{Picked: cases[24:]})
	storetest.WantCode(t, err, "bulk.too_many")
	b.before = func(n int) {
		if n == 3 { // in the midst of the first stretch
			_, err := b.Cancel(t.Context(), b.Request("c", "3273"), b.mine(), o.ID)
			storetest.OK(t, err)
		}
	}
	storetest.OK(t, b.Run(t.Context(), o.ID))
	if o = b.see(t, o.ID); o.State != bulk.Cancelled || o.Changed != 20 || o.Left() != 2 {
		t.Errorf("cancelled %+v", o)
	}
	again, err := b.Cancel(t.Context(), b.Request("c", "3273"), b.mine(), o.ID)
	if err != nil || again.ID != o.ID {
		t.Errorf("the repeat: %+v, %v", again, err)
	}
	_, err = b.Cancel(t.Context(), b.Request("d", "3273"), b.mine(), o.ID)
	storetest.WantCode(t, err, "bulk.ended")
	var pages []int
	for after := 0; ; {
		lines, err := b.Lines(t.Context(), b.mine(), o.ID, bulk.Page{After: after, Limit: 10})
		storetest.OK(t, err)
		if len(lines) == 0 {
			break
		}
		after, pages = lines[len(lines)-1].N, append(pages, len(lines))
	}
	left := bulk.Left
	lines, err := b.Lines(t.Context(), b.mine(), o.ID, bulk.Page{Result: &left})
	storetest.OK(t, err)
	if fmt.Sprint(pages) != "[10 10 2]" || len(lines) != 2 || lines[0].N != 21 {
		t.Errorf("pages of %v, left %+v", pages, lines)
	}
}

// More cases than one transaction may hold go to another officer by an order, whoever changes them meanwhile; of those
// that the officer has not any more none goes.
func TestALargeHandoverIsAnOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cases := b.open(t, "3273", 3)
	to, third := b.Colleague(t, "3273"), b.Colleague(t, "3273")
	give := func(p casework.Picked, to authz.OfficerID) {
		t.Helper()
		_, err := b.Cases.Assign(t.Context(), b.Op("3273"), p.Case, casework.AnyVersion, casework.Assignment{To: to,
			Free: storetest.In("3273"), Works: b.Works})
		storetest.OK(t, err)
	}
	for _, p := range cases {
		give(p, b.Officer)
	}
	o := b.order(t, bulk.Change{Kind: bulk.HandOver, By: authz.CaseAssign, From: b.Officer, Officer: to}, bulk.Choice{
		Filter: &casework.Filter{Officer: &b.Officer, Stages: casework.OpenStages()}})
	give(cases[0], third)
	_, err := b.Change(t.Context(), b.Op("3273"), cases[1].Case, casework.AnyVersion, storetest.Advance(casework.Training))
	storetest.OK(t, err)
	storetest.OK(t, b.Run(t.Context(), o.ID))
	want := []string{"refused case.officer_changed", "changed", "changed"}
	if got := b.codes(t, o.ID); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	n := b.CountRows(t, "select count(*) from cases where officer_id = '"+to.String()+"'")
	if strings.Count(strings.Join(want, ""), "changed") != 3 || n != 2 {
		t.Errorf("%d cases went over", n)
	}
}

// An attempt that got nothing done is counted; one that got on begins to count anew.
func TestTheLastAttemptOfAnOrderFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	o := b.order(t, aNote, bulk.Choice{Picked: b.open(t, "3273", 1)})
	storetest.OK(t, b.Fail(t.Context(), o.ID, "internal", 3))
	storetest.OK(t, b.Fail(t.Context(), o.ID, "internal", 3))
	if got := b.see(t, o.ID); got.State != bulk.Queued || got.Attempts != 2 {
		t.Errorf("after two: %+v", got)
	}
	storetest.OK(t, b.Fail(t.Context(), o.ID, "internal", 3))
	if got := b.see(t, o.ID); got.State != bulk.Failed || got.Failure != "internal" || got.EndedAt.IsZero() {
		t.Errorf("after three: %+v", got)
	}
	storetest.OK(t, b.Fail(t.Context(), o.ID, "other", 1))
	storetest.OK(t, b.Fail(t.Context(), uuid.New(), "other", 1))
	if got := b.see(t, o.ID); got.Failure != "internal" {
		t.Errorf("it fails again: %+v", got)
	}
	for state, waits := range map[string]bool{"queued": true, "running": true, "done": false, "cancelled": false,
		"failed": false} {
		for seen, late := range map[string]bool{"59 seconds": false, "61 seconds": true} {
			b.Do(t, "update bulk set state = $1, seen_at = clock_timestamp() - $2::interval", state, seen)
			list, err := b.WaitingOrders(t.Context())
			storetest.OK(t, err)
			if (len(list) == 1) != (waits && late) {
				t.Errorf("%s, seen %s ago: waits %v", state, seen, list)
			}
		}
	}
}
