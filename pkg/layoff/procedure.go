package layoff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/termination"
)

// State is where a layoff stands; it follows from what happened.
type State string

// The states of a layoff.
const (
	Reported    State = "reported"
	Notified    State = "notified"    // the workers have the letter
	Negotiating State = "negotiating" // bipartite talks
	Agreed      State = "agreed"      // joint agreement (perjanjian bersama)
	Disputed    State = "disputed"    // talks closed without an agreement, or refused
	Decided     State = "decided"     // a decision is final
	Terminated  State = "terminated"  // the employment has ended
	Withdrawn   State = "withdrawn"   // for good: no case is opened from it any more
)

// Valid tells whether s is one of the states.
func (s State) Valid() bool { return codelist.Has(s) }

// Values lists every state of a layoff.
func (State) Values() []State {
	return []State{Reported, Notified, Negotiating, Agreed, Disputed, Decided, Terminated, Withdrawn}
}

// disputing are the events that show a dispute, should those before them not be on record.
var disputing = []termination.Event{
	termination.RefusalDelivered, termination.NegotiationRefused, termination.NegotiationClosed,
	termination.DisputeRegistered,
	termination.TransferReceived, termination.ConciliationRequested, termination.MediationFailed,
	termination.ConciliationFailed, termination.SuitFiled,
}

// stateOf gives the state that follows from what happened: the furthest that was reached.
func stateOf(history []termination.DatedEvent) State {
	on := func(e termination.Event) bool { return !termination.On(history, e).IsZero() }
	switch {
	case on(termination.Terminated):
		return Terminated
	case on(termination.DecisionFinal):
		return Decided
	case on(termination.AgreementSigned):
		return Agreed
	case slices.ContainsFunc(disputing, on):
		return Disputed
	case on(termination.NegotiationStarted):
		return Negotiating
	case on(termination.NoticeDelivered), on(termination.ProbationNoticeDelivered):
		return Notified
	}
	return Reported
}

// DatedEvent is an event of the procedure on its day, with the number of the paper that proves it.
type DatedEvent struct {
	termination.DatedEvent
	Document string `json:"document,omitempty"`
	// Paper is the kind of paper that fixes the day of a failure; empty where nobody said, and for every other event.
	Paper termination.FailurePaper `json:"paper,omitempty"`
}

// Kind names what an entry of a layoff's history records.
type Kind string

// The kinds of entries.
const (
	LayoffReported  Kind = "layoff.reported"
	LayoffHappened  Kind = "layoff.happened"
	LayoffPrevented Kind = "layoff.prevented"
	LayoffReduced   Kind = "layoff.reduced"
	LayoffWithdrawn Kind = "layoff.withdrawn"
	LayoffCorrected Kind = "layoff.corrected"

	EmployerCorrected Kind = "employer.corrected"

	LawChanged Kind = "layoff.law_changed"
)

// Event is one entry of a layoff's history. Spare, when it is not nil, says that cases of the layoff are to be closed
// as withdrawn in the same transaction.
type Event struct {
	Kind       Kind
	OccurredOn calendar.Date
	Payload    any
	Closes     *Closing
	// what every other layoff of the employer records of it; nil when the employer stays as it was
	Employer *EmployerPutRight
}

// Closing is which cases a withdrawal or a reduction closes. A case whose benefit runs is left to its office.
type Closing struct {
	All    bool
	Cases  []string // ids; all of them must be the layoff's, and in the caller's scope
	Reason string
}

// Record adds an event. It refuses one that has happened already, that lies before what it rests on, or that rests on
// something that has not happened (layoff.event_refused, with what is missing).
func (l *Layoff) Record(h DatedEvent) (Event, error) {
	if !h.Event.Valid() {
		return Event{}, fault.New(fault.Invalid, "termination.event_unknown", "event", string(h.Event),
			"allowed", codelist.Join(h.Event.Values())).At("event")
	}
	if h.Paper != "" && (!h.Paper.Valid() || !h.Event.NeedsPaper()) {
		return Event{}, fault.New(fault.Invalid, "layoff.paper_refused", "event", string(h.Event)).At("paper")
	}
	if err := l.stands(); err != nil {
		return Event{}, err
	}
	history := l.history()
	if on := termination.On(history, h.Event); !on.IsZero() {
		return Event{}, fault.New(fault.Conflict, "layoff.event_again", "event", string(h.Event), "on", on.String())
	}
	if needed := h.Event.After(); len(needed) > 0 {
		var earliest calendar.Date
		names := make([]string, len(needed))
		for i, e := range needed {
			names[i] = string(e)
			if on := termination.On(history, e); !on.IsZero() && (earliest.IsZero() || on.Before(earliest)) {
				earliest = on
			}
		}
		if earliest.IsZero() {
			return Event{}, fault.New(fault.Conflict, "layoff.event_refused", "event", string(h.Event), "needed",
				strings.Join(names, ", "))
		}
		if h.On.Before(earliest) {
			return Event{}, fault.New(fault.Invalid, "layoff.event_early", "event", string(h.Event), "earliest",
				earliest.String()).At("on")
		}
	}
	l.Events = append(l.Events, h)
	l.State = stateOf(l.history())
	return Event{Kind: LayoffHappened, OccurredOn: h.On, Payload: h}, nil
}

// MeasureState is how far a measure of prevention came.
type MeasureState string

// The states of a measure.
const (
	MeasureProposed MeasureState = "proposed"
	MeasureAgreed   MeasureState = "agreed" // in the bipartite talks
	MeasureRefused  MeasureState = "refused"
	MeasureDone     MeasureState = "done"
)

// Valid tells whether s is one of the states.
func (s MeasureState) Valid() bool { return codelist.Has(s) }

// Values lists every state of a measure.
func (MeasureState) Values() []MeasureState {
	return []MeasureState{MeasureProposed, MeasureAgreed, MeasureRefused, MeasureDone}
}

// Prevention is the check list of SE-907/MEN/PHI-PPHI/X/2004 as it stands for a layoff, and the jobs that it saved.
type Prevention struct {
	Measures  map[termination.Measure]MeasureState `json:"measures"`
	JobsSaved int                                  `json:"jobs_saved"`
}

// Prevent records the check list; measures that are not named stay as they were.
func (l *Layoff) Prevent(p Prevention, on calendar.Date) (Event, error) {
	if err := l.stands(); err != nil {
		return Event{}, err
	}
	for m, state := range p.Measures {
		if !m.Valid() || !state.Valid() {
			return Event{}, fault.New(fault.Invalid, "layoff.measure_unknown", "measure", string(m)).At("measures." + string(m))
		}
	}
	if p.JobsSaved < 0 || l.PeoplePlanned > 0 && p.JobsSaved > l.PeoplePlanned {
		return Event{}, fault.New(fault.Invalid, "layoff.jobs_saved", "planned", strconv.Itoa(l.PeoplePlanned)).At(
			"jobs_saved")
	}
	merged := map[termination.Measure]MeasureState{}
	for _, from := range []map[termination.Measure]MeasureState{l.Measures, p.Measures} {
		for m, state := range from {
			merged[m] = state
		}
	}
	l.Measures, l.JobsSaved = merged, p.JobsSaved
	return Event{Kind: LayoffPrevented, OccurredOn: on, Payload: p}, nil
}

// Reduce lowers the number of people and closes the cases of those who stay.
func (l *Layoff) Reduce(people int, cases []string, reason string, on calendar.Date) (Event, error) {
	if err := l.stands(); err != nil {
		return Event{}, err
	}
	if people < 1 || l.PeoplePlanned > 0 && people >= l.PeoplePlanned {
		return Event{}, fault.New(fault.Invalid, "layoff.not_reduced", "planned", strconv.Itoa(l.PeoplePlanned)).At(
			"people_planned")
	}
	change := struct {
		From   int    `json:"from"`
		To     int    `json:"to"`
		Cases  int    `json:"cases"`
		Reason string `json:"reason"`
	}{l.PeoplePlanned, people, len(cases), reason}
	l.PeoplePlanned = people
	l.JobsSaved = min(l.JobsSaved, people)
	return Event{Kind: LayoffReduced, OccurredOn: on, Payload: change, Closes: &Closing{Cases: cases, Reason: reason}}, nil
}

// Withdraw ends the layoff for good: its open cases are closed as withdrawn, and no new one is opened from it. A layoff
// whose terminations have happened cannot be withdrawn; taking workers back is the outcome rehired of their cases.
func (l *Layoff) Withdraw(reason string, on calendar.Date) (Event, error) {
	if err := l.stands(); err != nil {
		return Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return Event{}, fault.New(fault.Invalid, "layoff.reason_required").At("reason")
	}
	if l.State == Terminated {
		return Event{}, fault.New(fault.Conflict, "layoff.terminated")
	}
	l.State = Withdrawn
	return Event{Kind: LayoffWithdrawn, OccurredOn: on, Closes: &Closing{All: true, Reason: reason}, Payload: struct {
		Reason string `json:"reason"`
	}{reason}}, nil
}

func (l *Layoff) stands() error {
	if l.State == Withdrawn {
		return fault.New(fault.Conflict, "layoff.withdrawn")
	}
	return nil
}

func (l *Layoff) history() []termination.DatedEvent {
	out := make([]termination.DatedEvent, len(l.Events))
	for i, h := range l.Events {
		out[i] = h.DatedEvent
	}
	return out
}

// noticed is the history with the day of the notice that the report names, unless a letter is on record.
func (l *Layoff) noticed() []termination.DatedEvent {
	history := l.history()
	given := func(e termination.Event) bool { return !termination.On(history, e).IsZero() }
	if l.NotifiedOn.IsZero() || given(termination.NoticeDelivered) || given(termination.ProbationNoticeDelivered) {
		return history
	}
	return append(history, termination.DatedEvent{Event: termination.NoticeDelivered, On: l.NotifiedOn})
}

// Clock is a statutory clock of the layoff as it stands on a day.
type Clock struct {
	termination.Clock
	State     termination.State
	StoppedOn calendar.Date // zero while it runs
}

// Clocks gives every clock that started, and before a letter of notice has come the last day for it, under the law of
// the day of the termination: the day it happened, or is planned for, or else the day looked at. Fault rule.no_version.
func (l *Layoff) Clocks(law termination.Law, cal *calendar.Calendar, asOf calendar.Date) ([]Clock, error) {
	history := l.noticed()
	day := termination.On(history, termination.Terminated)
	if day.IsZero() {
		day = l.PlannedOn
	}
	if day.IsZero() {
		day = asOf
	}
	procedure, err := law.ProcedureAt(day)
	if err != nil {
		return nil, err
	}
	plan := termination.Plan{On: l.PlannedOn, Reason: termination.Reason(l.Reason)}
	if l.State == Withdrawn { // the workers stay, and need no letter
		plan = termination.Plan{}
	}
	started, err := procedure.ClocksOf(cal, history, plan)
	if err != nil {
		return nil, err
	}
	clocks := make([]Clock, len(started))
	for i, c := range started {
		stopped := c.StoppedOn(history)
		clocks[i] = Clock{Clock: c, State: c.State(asOf, stopped), StoppedOn: stopped}
	}
	return clocks, nil
}

// setDue makes the earliest clock that runs out without its event the deadline of the layoff.
func (l *Layoff) setDue(clocks []Clock) {
	l.DueOn, l.DueFor = calendar.Date{}, ""
	if l.State == Withdrawn {
		return
	}
	for _, c := range clocks {
		if c.Bound == termination.AtMost && c.StoppedOn.IsZero() && (l.DueOn.IsZero() || c.Due.Due.Before(l.DueOn)) {
			l.DueOn, l.DueFor = c.Due.Due, string(c.Step)
		}
	}
}
