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

var (
	undecided    = []termination.Event{"negotiation_closed", "negotiation_refused", "dispute_registered"}
	mediating    = []termination.Event{"transfer_received", "mediation_started"}
	conciliating = []termination.Event{"conciliation_requested", "conciliation_started"}
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
	{"negotiation_refused", nil, "disputed"},
	{"negotiation_closed", []termination.Event{"negotiation_started"}, "disputed"},
	{"agreement_signed", []termination.Event{"negotiation_started", "transfer_received", "mediation_started",
		"conciliation_requested",
		"conciliation_started"}, "agreed"},
	{"agreement_registered", []termination.Event{"agreement_signed"}, "agreed"},
	{"dispute_registered", nil, "disputed"},
	{"file_returned", []termination.Event{"dispute_registered"}, "disputed"},
	{"file_completed", []termination.Event{"file_returned"}, "reported"},
	{"choice_offered", undecided, "disputed"},
	{"choice_made", []termination.Event{"choice_offered"}, "reported"},
	{"transfer_received", undecided, "disputed"},
	{"mediation_started", undecided, "disputed"},
	{"mediation_session_held", mediating, "disputed"},
	{"mediator_recommended", []termination.Event{"mediation_session_held"}, "reported"},
	{"mediation_answered", []termination.Event{"mediator_recommended"}, "reported"},
	{"mediation_accepted", []termination.Event{"mediator_recommended"}, "reported"},
	{"mediation_closed", mediating, "disputed"},
	{"mediation_failed", mediating, "disputed"},
	{"conciliation_requested", undecided, "disputed"},
	{"conciliation_started", undecided, "disputed"},
	{"conciliation_studied", conciliating, "disputed"},
	{"conciliation_session_held", conciliating, "disputed"},
	{"conciliator_recommended", []termination.Event{"conciliation_session_held"}, "reported"},
	{"conciliation_answered", []termination.Event{"conciliator_recommended"}, "reported"},
	{"conciliation_accepted", []termination.Event{"conciliator_recommended"}, "reported"},
	{"conciliation_closed", conciliating, "disputed"},
	{"conciliation_failed", conciliating, "disputed"},
	{"suit_filed", nil, "disputed"},
	{"panel_named", []termination.Event{"suit_filed"}, "disputed"},
	{"fast_procedure_requested", []termination.Event{"suit_filed"}, "disputed"},
	{"fast_procedure_decided", []termination.Event{"fast_procedure_requested"}, "reported"},
	{"fast_hearing_set", []termination.Event{"fast_procedure_decided"}, "reported"},
	{"fast_evidence_closed", []termination.Event{"fast_hearing_set"}, "reported"},
	{"court_first_hearing", []termination.Event{"suit_filed", "mediation_closed", "mediation_failed",
		"conciliation_closed",
		"conciliation_failed"}, "disputed"},
	{"hearing_postponed", []termination.Event{"suit_filed", "court_first_hearing"}, "disputed"},
	{"hearing_postponed_again", []termination.Event{"hearing_postponed"}, "reported"},
	{"hearing_resumed", []termination.Event{"hearing_postponed"}, "reported"},
	{"judgment_given", []termination.Event{"court_first_hearing"}, "reported"},
	{"judgment_notified", []termination.Event{"judgment_given"}, "reported"},
	{"judgment_signed", []termination.Event{"judgment_given"}, "reported"},
	{"judgment_issued", []termination.Event{"judgment_given"}, "reported"},
	{"judgment_sent", []termination.Event{"judgment_issued"}, "reported"},
	{"cassation_filed", []termination.Event{"judgment_given"}, "reported"},
	{"cassation_received", []termination.Event{"cassation_filed", "judgment_given"}, "reported"},
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
	want(t, "a measure in no state", err, "layoff.measure_unknown", "measures."+string(termination.ReduceDays))
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

func (h *held) CreateLayoff(_ context.Context, _ authz.Op, l layoff.Layoff) (layoff.Layoff, error) {
	h.l = l
	return l, nil
}

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
	}{{"3273", begun, "", begun}, {"3273", begun.AddDays(1), "layoff.in_future", calendar.Date{}},
		{"7371", begun.AddDays(1), "", begun.AddDays(1)}, {"9171", begun.AddDays(2), "layoff.in_future",
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

// A layoff that is planned has the letter of notice as its deadline from the first day: fourteen working days before
// it. A letter, the end of the employment, a withdrawal and a reason without notice take it away.
func TestTheLetterIsTheFirstDeadlineOfAPlannedLayoff(t *testing.T) {
	t.Parallel()
	rules, days := law(t)
	planned, tree := calendar.MustDate("2026-12-20"), places(t)
	for name, c := range map[string]struct {
		l      layoff.Layoff
		letter string
		due    string
		steps  int
	}{
		"planned":             {layoff.Layoff{PlannedOn: planned}, "2026-11-30", "2026-11-30 notice_letter", 1},
		"no day planned":      {layoff.Layoff{}, "", " ", 0},
		"the workers have it": {layoff.Layoff{PlannedOn: planned, NotifiedOn: begun}, "", "2026-06-10 refusal", 2},
		"a letter is on record": {layoff.Layoff{PlannedOn: planned,
			Events: []layoff.DatedEvent{happened("notice_delivered", begun)}}, "", "2026-06-10 refusal", 2},
		"both": {layoff.Layoff{PlannedOn: planned, NotifiedOn: begun.AddDays(9),
			Events: []layoff.DatedEvent{happened("probation_notice_delivered", begun)}}, "", "2026-06-10 refusal", 2},
		"ended without one": {layoff.Layoff{PlannedOn: planned,
			Events: []layoff.DatedEvent{happened("terminated", begun)}}, "", "2026-06-10 insurer_report", 1},
		"withdrawn":             {layoff.Layoff{PlannedOn: planned, State: layoff.Withdrawn}, "", " ", 0},
		"retirement needs none": {layoff.Layoff{PlannedOn: planned, Reason: "RETIREMENT"}, "", " ", 0},
		"efficiency does": {layoff.Layoff{PlannedOn: planned, Reason: "EFFICIENCY_LOSS"}, "2026-11-30",
			"2026-11-30 notice_letter", 1},
		"talks do not do instead": {layoff.Layoff{PlannedOn: planned,
			Events: []layoff.DatedEvent{happened("negotiation_started", begun)}}, "2026-11-30", "2026-07-14 bipartite", 2},
		"in the calendar of 2027": {layoff.Layoff{PlannedOn: calendar.MustDate("2027-03-31")}, "2027-03-01",
			"2027-03-01 notice_letter", 1},
		"over the turn of a year": {layoff.Layoff{PlannedOn: calendar.MustDate("2027-01-04")}, "2026-12-10",
			"2026-12-10 notice_letter", 1},
	} {
		clocks, err := c.l.Clocks(rules, days, begun)
		if err != nil || len(clocks) != c.steps {
			t.Errorf("%s: %d clocks, want %d: %v", name, len(clocks), c.steps, err)
			continue
		}
		letter := ""
		for _, k := range clocks {
			if k.Step == termination.NoticeLetter {
				letter = k.Due.Due.String()
			}
		}
		s, h := serving(t, "3273")
		s.Tree = tree
		c.l.Employer = layoff.Employer{Region: "3273", Name: "PT Maju"}
		if _, err := s.Create(t.Context(), authz.Op{Scope: authz.Everywhere()}, c.l); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if due := h.l.DueOn.String() + " " + h.l.DueFor; letter != c.letter || due != c.due {
			t.Errorf("%s: letter until %q, due %q; want %q, %q", name, letter, due, c.letter, c.due)
		}
	}
}

// A layoff older than the rules is recorded all the same: it only has no clock.
func TestALayoffOlderThanTheLawIsRecorded(t *testing.T) {
	t.Parallel()
	s, h := serving(t, "3273")
	s.Tree = places(t)
	old := layoff.Layoff{PlannedOn: calendar.MustDate("2019-05-02"), Employer: layoff.Employer{Region: "3273",
		Name: "PT Lama"}}
	if _, err := s.Create(t.Context(), authz.Op{Scope: authz.Everywhere()}, old); err != nil || !h.l.DueOn.IsZero() {
		t.Errorf("due %s: %v", h.l.DueOn, err)
	}
}

// The paper that fixes the day of a failure goes with the failure alone, and is one of those that the law may mean.
func TestThePaperOfAFailure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event termination.Event
		paper termination.FailurePaper
		code  string
	}{{"mediation_failed", "minutes", ""}, {"mediation_failed", "rejected_recommendation", ""},
		{"mediation_failed", "mediator_letter", ""},
		{"mediation_failed", "", ""}, {"mediation_failed", "rumour", "layoff.paper_refused"},
		{"conciliation_failed", "minutes", ""},
		{"mediation_closed", "minutes", "layoff.paper_refused"}, {"suit_filed", "minutes", "layoff.paper_refused"}} {
		l := layoff.Layoff{Events: []layoff.DatedEvent{happened("transfer_received", begun),
			happened("conciliation_requested", begun)}}
		h, field := happened(c.event, begun), ""
		h.Paper = c.paper
		if c.code != "" {
			field = "paper"
		}
		_, err := l.Record(h)
		want(t, string(c.event)+" by "+string(c.paper), err, c.code, field)
		if last := l.Events[len(l.Events)-1]; c.code == "" && last.Paper != c.paper || c.code != "" && len(l.Events) != 2 {
			t.Errorf("%s by %s: %+v", c.event, c.paper, l.Events)
		}
	}
}
