package layoff_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/policies"
)

var begun = calendar.MustDate("2026-06-01")

func happened(e termination.Event, on calendar.Date) layoff.DatedEvent {
	return layoff.DatedEvent{DatedEvent: termination.DatedEvent{Event: e, On: on}}
}

func law(t testing.TB) (termination.Law, *calendar.Calendar) {
	t.Helper()
	l, err := termination.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	file, err := policies.FS.Open("reference/holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	days, err := calendar.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return l, days
}

// Whatever is tried in whatever order: an event is on record once, never before what it rests on, and a refusal changes
// nothing. The clocks can always be computed.
func TestNoOrderOfEventsBreaksAProcedure(t *testing.T) {
	t.Parallel()
	rules, days := law(t)
	rapid.Check(t, func(t *rapid.T) {
		var l layoff.Layoff
		l.State = layoff.Reported
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			h := happened(rapid.SampledFrom(termination.Events()).Draw(t, "event"), begun.AddDays(rapid.IntRange(0, 200).Draw(t,
				"day")))
			before := len(l.Events)
			_, err := l.Record(h)
			if err != nil && (len(l.Events) != before || fault.CodeOf(err) == "") {
				t.Fatalf("refused with %v and kept", err)
			}
		}
		for i, h := range l.Events {
			if slices.ContainsFunc(l.Events[:i], func(o layoff.DatedEvent) bool { return o.Event == h.Event }) {
				t.Fatalf("%s twice", h.Event)
			}
			needed := h.Event.After()
			if len(needed) > 0 && !slices.ContainsFunc(l.Events[:i], func(o layoff.DatedEvent) bool {
				return slices.Contains(needed, o.Event) && !o.On.After(h.On)
			}) {
				t.Fatalf("%s on %s rests on nothing in %v", h.Event, h.On, l.Events)
			}
		}
		if !l.State.Valid() {
			t.Fatalf("state %q", l.State)
		}
		clocks, err := l.Clocks(rules, days, begun.AddDays(300))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range clocks {
			if c.Article == "" || c.Due.Due.Before(c.Starts) {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// PP 35/2021 Art. 39 and UU 2/2004 Art. 3: thirty working days for the talks. The due day stands in the golden list of
// the clocks; here it reaches the layoff, and stops with the signed minutes.
func TestClocksOfALayoff(t *testing.T) {
	t.Parallel()
	rules, days := law(t)
	l := layoff.Layoff{State: layoff.Reported, PlannedOn: calendar.MustDate("2026-08-03")}
	for _, h := range []layoff.DatedEvent{happened(termination.NoticeDelivered, begun),
		happened(termination.RefusalDelivered, begun.AddDays(3)),
		happened(termination.NegotiationStarted, begun.AddDays(7))} {
		if _, err := l.Record(h); err != nil {
			t.Fatal(err)
		}
	}
	state := func(step termination.Step, on string) termination.State {
		clocks, err := l.Clocks(rules, days, calendar.MustDate(on))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range clocks {
			if c.Step == step {
				return c.State
			}
		}
		return ""
	}
	due := days.AddWorkingDays(begun.AddDays(7), 30).Due
	if got := state(termination.Bipartite, due.String()); got != termination.Running {
		t.Errorf("on its last day the talks are %s", got)
	}
	if got := state(termination.Bipartite, due.AddDays(1).String()); got != termination.Missed {
		t.Errorf("the day after they are %s", got)
	}
	if got := state(termination.Refusal, "2026-06-30"); got != termination.Kept {
		t.Errorf("the refusal in time is %s", got)
	}
	if l.State != layoff.Disputed && l.State != layoff.Negotiating {
		t.Errorf("the layoff is %s", l.State)
	}
	if _, err := l.Record(happened(termination.NegotiationClosed, due)); err != nil {
		t.Fatal(err)
	}
	if got := state(termination.Bipartite, "2027-01-01"); got != termination.Kept {
		t.Errorf("closed in time they are %s", got)
	}
}

func TestRefusalsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		l    layoff.Layoff
		h    layoff.DatedEvent
		code string
	}{
		"no talks to close": {layoff.Layoff{}, happened(termination.NegotiationClosed, begun), "layoff.event_refused"},
		"before the talks": {layoff.Layoff{Events: []layoff.DatedEvent{happened(termination.NegotiationStarted, begun)}},
			happened(termination.NegotiationClosed, begun.AddDays(-1)), "layoff.event_early"},
		"again": {layoff.Layoff{Events: []layoff.DatedEvent{happened(termination.Terminated, begun)}},
			happened(termination.Terminated, begun), "layoff.event_again"}, "not an event": {layoff.Layoff{},
			happened("party", begun), "termination.event_unknown"},
		"withdrawn": {layoff.Layoff{State: layoff.Withdrawn}, happened(termination.Terminated, begun),
			"layoff.withdrawn"}, "without notice": {layoff.Layoff{}, happened(termination.Terminated, begun), ""},
	} {
		if _, err := c.l.Record(c.h); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

// The jobs saved never exceed the people planned, and measures that are not named stay.
func TestPreventionKeepsCount(t *testing.T) {
	t.Parallel()
	l := layoff.Layoff{PeoplePlanned: 100}
	if _, err := l.Prevent(layoff.Prevention{JobsSaved: 40, Measures: map[termination.Measure]layoff.MeasureState{
		termination.ReduceShifts: layoff.MeasureAgreed}}, begun); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]layoff.Prevention{
		"too many": {JobsSaved: 101}, "unknown measure": {Measures: map[termination.Measure]layoff.MeasureState{
			"prayer": layoff.MeasureDone}}, "unknown state": {Measures: map[termination.Measure]layoff.MeasureState{
			termination.ReduceDays: "maybe"}},
	} {
		if _, err := l.Prevent(p, begun); err == nil {
			t.Errorf("%s was recorded", name)
		}
	}
	if _, err := l.Prevent(layoff.Prevention{JobsSaved: 50, Measures: map[termination.Measure]layoff.MeasureState{
		termination.ReduceDays: layoff.MeasureRefused}}, begun); err != nil {
		t.Fatal(err)
	}
	if l.JobsSaved != 50 || l.Measures[termination.ReduceShifts] != layoff.MeasureAgreed ||
		l.Measures[termination.ReduceDays] != layoff.MeasureRefused {
		t.Errorf("%+v", l)
	}
	if _, err := l.Reduce(100, nil, "x", begun); fault.CodeOf(err) != "layoff.not_reduced" {
		t.Errorf("reduced to what it was: %v", err)
	}
	if _, err := l.Reduce(30, nil, "pesanan baru", begun); err != nil || l.PeoplePlanned != 30 || l.JobsSaved > 30 {
		t.Errorf("%+v: %v", l, err)
	}
}
