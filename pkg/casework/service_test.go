package casework_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/policies"
)

func regions(t testing.TB) *region.Tree {
	t.Helper()
	codes, err := policies.FS.Open("reference/regions.csv")
	if err != nil {
		t.Fatal(err)
	}
	old, err := policies.FS.Open("reference/regions_superseded.csv")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := region.Load(codes, old)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

var law = sync.OnceValue(func() *jkp.Programme {
	p, err := jkp.Load(policies.FS)
	if err != nil {
		panic(err)
	}
	return p
})

func measures(t *testing.T) measure.Book {
	t.Helper()
	book, err := measure.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// held is one case in memory: the rules of the service are above it, those of a store are tested in pkg/store.
type held struct {
	casework.Store
	casework.AssignmentStore
	c      casework.Case
	p      casework.Person
	to     casework.Assignee
	opened []casework.Opening
	event  casework.Event
}

func (h *held) Change(_ context.Context, _ authz.Op, _ casework.ID, _ int,
	fn func(*casework.Case) (casework.Event, error)) (casework.State, error) {
	c := h.c
	event, err := fn(&c)
	if err == nil {
		h.c, h.event = c, event
	}
	return casework.State{Stage: h.c.Stage}, err
}

func (h *held) Correct(_ context.Context, _ authz.Op, _ casework.ID, _ int,
	fn func(*casework.Case, *casework.Person) (casework.Event, error)) (casework.State, error) {
	c, p := h.c, h.p
	event, err := fn(&c, &p)
	if err == nil {
		h.c, h.p, h.event = c, p, event
	}
	return casework.State{Told: event.Told}, err
}

func (h *held) FindLikely(context.Context, authz.Scope, []casework.Person, bool) ([]casework.Likely, error) {
	return nil, nil
}

func (h *held) Assign(ctx context.Context, op authz.Op, id casework.ID, version int, _ authz.OfficerID,
	fn func(*casework.Case, casework.Assignee) (casework.Event, error)) (casework.State, error) {
	return h.Change(ctx, op, id, version, func(c *casework.Case) (casework.Event, error) { return fn(c, h.to) })
}

func (h *held) Open(_ context.Context, _ authz.Op, o casework.Opening) (casework.State, error) {
	h.opened = append(h.opened, o)
	return casework.State{}, nil
}

// night is an instant at which the west of the country has 1 October, and the middle and the east have 2 October.
var night = time.Date(2026, 10, 1, 16, 30, 0, 0, time.UTC)

func serving(c casework.Case) (*casework.Service, *held) {
	h := &held{c: c}
	return casework.New(casework.Deps{Store: h, Assignments: h, Clock: clock.At(night), JKP: law()}), h
}

// Today is that of the office: at one instant the same day is in the future in Bandung and not in Makassar or Jayapura.
func TestNothingIsRecordedInTheFutureOfItsOffice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		office region.Code
		on     int
		code   string
	}{{"3273", 0, ""}, {"3273", 1, "case.occurred_in_future"}, {"7371", 1, ""}, {"7371", 2, "case.occurred_in_future"},
		{"9171", 1, ""}, {"9171", 2, "case.occurred_in_future"}} {
		on, field := opened.AddDays(c.on), ""
		if c.code != "" {
			field = "occurred_on"
		}
		of := in(casework.Intake)
		of.Region = c.office
		s, h := serving(of)
		_, err := s.Advance(t.Context(), authz.Op{}, casework.ID{}, 1, casework.Advance{To: casework.Benefit, OccurredOn: on})
		want(t, "advance in "+string(c.office), err, c.code, field)
		if c.code != "" && h.c != of {
			t.Errorf("refused and kept: %+v", h.c)
		}
		_, err = s.Note(t.Context(), authz.Op{}, casework.ID{}, 1, "x", on)
		want(t, "note in "+string(c.office), err, c.code, field)
	}
	s, h := serving(in(casework.Intake))
	a := casework.Assignment{Free: authz.Everywhere()}
	h.c.Officer = authz.OfficerID{1}
	if _, err := s.Assign(t.Context(), authz.Op{}, casework.ID{}, 1, a); err != nil || h.event.OccurredOn != opened {
		t.Errorf("taken back on %s: %v", h.event.OccurredOn, err)
	}
	_, err := s.FollowUp(t.Context(), authz.Op{}, casework.ID{}, 1, opened.AddDays(-1))
	want(t, "followed up yesterday", err, "case.follow_up_past", "on")
}

// Going on and taking up again are two rights: neither does the work of the other, in any stage.
func TestGoingOnIsNotTakingUpAgain(t *testing.T) {
	t.Parallel()
	for _, from := range casework.Stages() {
		for _, to := range casework.Stages() {
			a := step(from, to)
			a.OccurredOn = opened
			if from == casework.Closed {
				a.OccurredOn = calendar.Date{}
			}
			of := in(from)
			of.ClosedOn = calendar.Date{}
			advance, reopen := "", "case.not_closed"
			switch {
			case from == casework.Closed:
				advance, reopen = "case.closed", ""
				if to == casework.Closed {
					reopen = "case.transition_refused"
				}
			case !drawn[from][to]:
				advance = "case.transition_refused"
			}
			s, _ := serving(of)
			_, err := s.Advance(t.Context(), authz.Op{}, casework.ID{}, 1, a)
			want(t, string("advance "+from+" to "+to), err, advance, "")
			s, _ = serving(of)
			_, err = s.Reopen(t.Context(), authz.Op{}, casework.ID{}, 1, a)
			want(t, string("reopen "+from+" to "+to), err, reopen, "")
		}
	}
	s, _ := serving(in(casework.Intake))
	_, err := s.Advance(t.Context(), authz.Op{}, casework.ID{}, 1, casework.Advance{To: "lost"})
	want(t, "to no stage", err, "case.stage_unknown", "to")
}

func TestWhatOpeningNeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		region     region.Code
		scope      region.Code
		terminated calendar.Date
		worker     string
		code       string
		field      string
	}{
		{"terminated today", "3273", "32", opened, "Siti", "", ""},
		{"terminated tomorrow", "3273", "32", opened.AddDays(1), "Siti", "case.terminated_in_future", "terminated_on"},
		{"terminated in the east today", "9171", "91", opened.AddDays(1), "Siti", "", ""},
		{"not terminated", "3273", "32", calendar.Date{}, "Siti", "case.terminated_in_future", "terminated_on"},
		{"no name", "3273", "32", opened, " ", "worker.name_missing", "worker.name"},
		{"of another office", "3273", "3275", opened, "Siti", "case.region_out_of_scope", "region"},
		{"of a province", "32", "32", opened, "Siti", "region.unknown", "region"},
		{"of no region", "9999", "", opened, "Siti", "region.unknown", "region"},
	} {
		h := &held{}
		s := casework.New(casework.Deps{Store: h, Assignments: h, Clock: clock.At(night), Tree: regions(t), JKP: law(),
			Measures: measures(t)})
		_, err := s.Open(t.Context(), authz.Op{Scope: authz.ScopeOver(c.scope)},
			casework.Opening{Person: casework.Person{Name: c.worker},
				Case: casework.Case{Region: c.region, TerminatedOn: c.terminated, Stage: casework.Closed,
					ClaimState: casework.ClaimRunning}})
		want(t, c.name, err, c.code, c.field)
		if (c.code == "") != (len(h.opened) == 1) {
			t.Errorf("%s: %d cases", c.name, len(h.opened))
		}
		for _, o := range h.opened {
			due := c.terminated.AddMonths(6) // PP 6/2025: six months
			if o.Case.Stage != casework.Intake || o.Case.ClaimState != casework.ClaimNone || o.Case.DueOn != due ||
				o.Case.DueFor != "claim" {
				t.Errorf("%s: %+v", c.name, o.Case)
			}
		}
	}
}

// A note holds something and at most 4,000 characters, however many bytes they take.
func TestTheLengthOfANote(t *testing.T) {
	t.Parallel()
	long := make([]rune, casework.MaxNote+1)
	for i := range long {
		long[i] = 'é'
	}
	for text, code := range map[string]string{"": "case.note_length", "  \n": "case.note_length", "x": "",
		string(long[1:]): "", string(long): "case.note_length"} {
		s, h := serving(in(casework.Closed)) // a closed case can still be noted in
		_, err := s.Note(t.Context(), authz.Op{}, casework.ID{}, 1, text, calendar.Date{})
		field := ""
		if code != "" {
			field = "text"
		}
		want(t, "a note", err, code, field)
		if code == "" && h.event.Secret.Reveal() != text {
			t.Error("the note is not what was written")
		}
	}
}
