package layoff_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/termination"
)

// procedure is UU 2/2004 event by event: what one of must lie before it, and where the layoff stands when it is the
// only thing that happened beside the first of these.
var procedure = []struct {
	event termination.Event
	rests []termination.Event
	state layoff.State
}{
	{"notice_delivered", nil, "notified"},
	{"probation_notice_delivered", nil, "notified"},
	{"refusal_delivered", []termination.Event{"notice_delivered", "probation_notice_delivered"}, "disputed"},
	{"terminated", nil, "terminated"},
	{"insurer_informed", []termination.Event{"terminated"}, "terminated"},
	{"negotiation_started", nil, "negotiating"},
	{"negotiation_closed", []termination.Event{"negotiation_started"}, "disputed"},
	{"agreement_signed", []termination.Event{"negotiation_started", "mediation_started", "conciliation_started"},
		"agreed"},
	{"agreement_registered", []termination.Event{"agreement_signed"}, "agreed"},
	{"choice_offered", []termination.Event{"negotiation_closed"}, "disputed"},
	{"choice_made", []termination.Event{"choice_offered"}, "reported"},
	{"mediation_started", []termination.Event{"negotiation_closed"}, "disputed"},
	{"mediation_session_held", []termination.Event{"mediation_started"}, "reported"},
	{"mediator_recommended", []termination.Event{"mediation_session_held"}, "reported"},
	{"mediation_answered", []termination.Event{"mediator_recommended"}, "reported"},
	{"mediation_closed", []termination.Event{"mediation_started"}, "reported"},
	{"conciliation_started", []termination.Event{"negotiation_closed"}, "disputed"},
	{"conciliation_session_held", []termination.Event{"conciliation_started"}, "reported"},
	{"conciliator_recommended", []termination.Event{"conciliation_session_held"}, "reported"},
	{"conciliation_answered", []termination.Event{"conciliator_recommended"}, "reported"},
	{"conciliation_closed", []termination.Event{"conciliation_started"}, "reported"},
	{"court_first_hearing", []termination.Event{"mediation_closed", "conciliation_closed"}, "reported"},
	{"judgment_given", []termination.Event{"court_first_hearing"}, "reported"},
	{"cassation_received", []termination.Event{"judgment_given"}, "reported"},
	{"cassation_decided", []termination.Event{"cassation_received"}, "reported"},
	{"decision_final", []termination.Event{"judgment_given", "cassation_decided"}, "decided"},
}

// want says what became of a step: the code of its refusal, "" when it was taken.
func want(t *testing.T, what string, err error, code, field string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("%s: refused with %v", what, err)
		}
		return
	}
	if f, is := errors.AsType[*fault.Error](err); !is || f.Code != code || f.Field != field {
		t.Errorf("%s: got %v, want %s at %q", what, err, code, field)
	}
}

// Every event: on an empty record, the day before and the day of each thing that it may rest on, again, and withdrawn.
func TestEveryEventOfTheProcedure(t *testing.T) {
	t.Parallel()
	if len(procedure) != len(termination.Events()) {
		t.Errorf("the table has %d events, the procedure %d", len(procedure), len(termination.Events()))
	}
	for _, p := range procedure {
		bare := layoff.Layoff{State: layoff.Reported}
		_, err := bare.Record(happened(p.event, begun))
		code := ""
		if p.rests != nil {
			code = "layoff.event_refused"
		}
		want(t, string(p.event)+" on nothing", err, code, "")
		if code != "" && (bare.State != layoff.Reported || len(bare.Events) != 0) {
			t.Errorf("%s was refused and left %+v", p.event, bare)
		}
		for i, ground := range p.rests {
			l := layoff.Layoff{Events: []layoff.DatedEvent{happened(ground, begun)}}
			_, err := l.Record(happened(p.event, begun.AddDays(-1)))
			want(t, string(p.event)+" before "+string(ground), err, "layoff.event_early", "on")
			_, err = l.Record(happened(p.event, begun))
			want(t, string(p.event)+" with "+string(ground), err, "", "")
			if i == 0 && l.State != p.state {
				t.Errorf("%s leaves it %s, want %s", p.event, l.State, p.state)
			}
		}
		again := layoff.Layoff{Events: []layoff.DatedEvent{happened(p.event, begun)}}
		_, err = again.Record(happened(p.event, begun.AddDays(1)))
		want(t, string(p.event)+" again", err, "layoff.event_again", "")
		gone := layoff.Layoff{State: layoff.Withdrawn}
		_, err = gone.Record(happened(p.event, begun))
		want(t, string(p.event)+" of one withdrawn", err, "layoff.withdrawn", "")
	}
}

// What was reached is kept when something smaller comes after it, in the order of the states.
func TestALayoffStandsWhereItCameFurthest(t *testing.T) {
	t.Parallel()
	order := []struct {
		event termination.Event
		state layoff.State
	}{{"notice_delivered", "notified"}, {"negotiation_started", "negotiating"}, {"negotiation_closed", "disputed"},
		{"agreement_signed", "agreed"}, {"decision_final", "decided"}, {"terminated", "terminated"}}
	for i, further := range order {
		for _, before := range order[:i] {
			l := layoff.Layoff{Events: []layoff.DatedEvent{happened(further.event, begun), happened(before.event, begun)}}
			if _, err := l.Record(happened("probation_notice_delivered", begun)); err != nil || l.State != further.state {
				t.Errorf("%s beside %s stands %s: %v", before.event, further.event, l.State, err)
			}
		}
	}
}

// Every step in every state. Nothing is done in a layoff that was withdrawn, and none is withdrawn once its
// terminations have happened.
func TestEveryStepInEveryState(t *testing.T) {
	t.Parallel()
	steps := map[string]func(*layoff.Layoff) error{
		"prevent": func(l *layoff.Layoff) error { _, err := l.Prevent(layoff.Prevention{JobsSaved: 1}, begun); return err },
		"reduce":  func(l *layoff.Layoff) error { _, err := l.Reduce(9, nil, "pesanan baru", begun); return err },
		"withdraw": func(l *layoff.Layoff) error {
			_, err := l.Withdraw("pesanan baru", begun)
			return err
		},
	}
	for _, state := range []layoff.State{"reported", "notified", "negotiating", "agreed", "disputed", "decided",
		"terminated", "withdrawn"} {
		for name, step := range steps {
			l := layoff.Layoff{State: state, PeoplePlanned: 10}
			before, code := l, ""
			switch {
			case state == layoff.Withdrawn:
				code = "layoff.withdrawn"
			case state == layoff.Terminated && name == "withdraw":
				code = "layoff.terminated"
			}
			want(t, name+" "+string(state), step(&l), code, "")
			if code != "" && !reflect.DeepEqual(l, before) {
				t.Errorf("%s of %s was refused and left %+v", name, state, l)
			}
		}
	}
	l := layoff.Layoff{State: layoff.Agreed}
	_, err := l.Withdraw(" \n", begun)
	want(t, "withdrawn for no reason", err, "layoff.reason_required", "reason")
	event, err := l.Withdraw("x", begun)
	if err != nil || l.State != layoff.Withdrawn || event.Closes == nil || !event.Closes.All {
		t.Errorf("withdrawn: %+v, %v", event, err)
	}
}

// How many stay and how many jobs are saved lies between nothing and the people planned.
func TestTheNumbersOfALayoff(t *testing.T) {
	t.Parallel()
	for people, code := range map[int]string{-1: "layoff.not_reduced", 0: "layoff.not_reduced", 1: "", 9: "",
		10: "layoff.not_reduced",
		11: "layoff.not_reduced"} {
		l, field := layoff.Layoff{PeoplePlanned: 10, JobsSaved: 5}, ""
		if code != "" {
			field = "people_planned"
		}
		_, err := l.Reduce(people, nil, "x", begun)
		want(t, "reduced", err, code, field)
		if code == "" && (l.PeoplePlanned != people || l.JobsSaved != min(5, people)) {
			t.Errorf("reduced to %d: %+v", people, l)
		}
	}
	for saved, code := range map[int]string{-1: "layoff.jobs_saved", 0: "", 10: "", 11: "layoff.jobs_saved"} {
		l, field := layoff.Layoff{PeoplePlanned: 10}, ""
		if code != "" {
			field = "jobs_saved"
		}
		_, err := l.Prevent(layoff.Prevention{JobsSaved: saved}, begun)
		want(t, "saved", err, code, field)
	}
	unsaid := layoff.Layoff{}
	_, err := unsaid.Prevent(layoff.Prevention{JobsSaved: 1000}, begun)
	want(t, "saved of nobody knows how many", err, "", "")
	_, err = unsaid.Prevent(layoff.Prevention{Measures: map[termination.Measure]layoff.MeasureState{
		termination.ReduceDays: "maybe"}}, begun)
	want(t, "a measure in no state", err, "layoff.measure_unknown", "measures")
}

// held is one layoff in memory: the rules of the service are above it, those of a store are tested in pkg/store.
type held struct {
	layoff.Store
	l     layoff.Layoff
	event layoff.Event
}

func (h *held) ChangeLayoff(_ context.Context, _ authz.Op, _ uuid.UUID, _ int,
	fn func(*layoff.Layoff) (layoff.Event, error)) (layoff.Layoff, error) {
	l := h.l
	event, err := fn(&l)
	if err == nil {
		h.l, h.event = l, event
	}
	return h.l, err
}

// night is an instant at which the west of the country has 1 June, and the middle and the east have 2 June.
var night = time.Date(2026, 6, 1, 16, 30, 0, 0, time.UTC)

func serving(t *testing.T, site region.Code) (*layoff.Service, *held) {
	rules, days := law(t)
	h := &held{l: layoff.Layoff{State: layoff.Reported, Employer: layoff.Employer{Region: site}}}
	return &layoff.Service{Store: h, Clock: clock.At(night), Law: rules, Calendar: days}, h
}

func TestNothingHappensInTheFutureOfItsSite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		site region.Code
		on   calendar.Date
		code string
		kept calendar.Date
	}{{"3273", begun, "", begun}, {"3273", begun.AddDays(1), "case.occurred_in_future", calendar.Date{}},
		{"7371", begun.AddDays(1), "", begun.AddDays(1)}, {"9171", begun.AddDays(2), "case.occurred_in_future",
			calendar.Date{}},
		{"3273", calendar.Date{}, "", begun}, {"9171", calendar.Date{}, "", begun.AddDays(1)}} {
		s, h := serving(t, c.site)
		_, err := s.Record(t.Context(), authz.Op{}, uuid.Nil, 1, happened("negotiation_started", c.on))
		field := ""
		if c.code != "" {
			field = "on"
		}
		want(t, c.on.String()+" at "+string(c.site), err, c.code, field)
		if h.event.OccurredOn != c.kept {
			t.Errorf("%s at %s is recorded on %s, want %s", c.on, c.site, h.event.OccurredOn, c.kept)
		}
	}
}

// The talks give the layoff its deadline; it goes with their minutes, and with the withdrawal.
func TestTheDeadlineOfALayoffComesAndGoes(t *testing.T) {
	t.Parallel()
	s, h := serving(t, "3273")
	record := func(e termination.Event, on calendar.Date) {
		t.Helper()
		_, err := s.Record(t.Context(), authz.Op{}, uuid.Nil, 1, happened(e, on))
		want(t, string(e), err, "", "")
	}
	record("negotiation_started", begun.AddDays(-5))
	if h.l.DueOn != s.Calendar.AddWorkingDays(begun.AddDays(-5), 30).Due || h.l.DueFor != "bipartite" {
		t.Errorf("due %s for %s", h.l.DueOn, h.l.DueFor)
	}
	open := h.l
	record("negotiation_closed", begun)
	if !h.l.DueOn.IsZero() || h.l.DueFor != "" {
		t.Errorf("closed, and due %s for %s", h.l.DueOn, h.l.DueFor)
	}
	h.l = open
	if _, err := s.Withdraw(t.Context(), authz.Op{}, uuid.Nil, 1, "x"); err != nil || !h.l.DueOn.IsZero() ||
		h.l.DueFor != "" {
		t.Errorf("withdrawn, and due %s for %s: %v", h.l.DueOn, h.l.DueFor, err)
	}
}
