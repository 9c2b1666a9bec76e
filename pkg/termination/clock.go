package termination

import (
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Clock is one running or finished time limit of the procedure.
type Clock struct {
	Step Step `json:"step"`
	// StartedBy is the event that started it; empty for the letter of notice, which is counted back from the planned day.
	StartedBy Event `json:"started_by,omitempty"`
	// Starts is the day of the starting event; it is not counted.
	Starts      calendar.Date `json:"starts"`
	WorkingDays int           `json:"working_days,omitempty"`
	Months      int           `json:"months,omitempty"`
	// Due is the last day. It is the earliest possible one when Due.Certain is false.
	Due calendar.Deadline `json:"due"`
	// Strict is the last day if the day of the starting event counts, which the law leaves open; zero for at_least.
	Strict calendar.Date `json:"strict"`
	// JointLeave is the last day if joint leave is work, which the law leaves open; zero where that changes nothing.
	JointLeave calendar.Date `json:"joint_leave"`
	Bound      Bound         `json:"bound"`
	Party      Party         `json:"party"`
	// StoppedBy are the events that end the clock; the first is the one that is meant to come.
	StoppedBy []Event `json:"stopped_by"`
	// Silence is what follows when the event does not come; empty where the law read so far does not say.
	Silence Consequence `json:"silence,omitempty"`
	// Article is instrument and place, "PP 35/2021 Art. 39(1)".
	Article    string          `json:"article"`
	Confidence rule.Confidence `json:"confidence"`
	Note       string          `json:"note,omitempty"`
}

// State is how a clock stands on a day.
type State string

// The states.
const (
	Running   State = "running"   // the due day has not passed, nothing happened
	Kept      State = "kept"      // the law was obeyed; for at_least also: the waiting time is over
	Missed    State = "missed"    // too late, or for at_least too early
	Uncertain State = "uncertain" // hangs on holidays that are not published
)

// Valid reports whether s is a known state.
func (s State) Valid() bool { return codelist.Has(s) }

// Values lists the states of a clock.
func (State) Values() []State { return []State{Running, Kept, Missed, Uncertain} }

// DatedEvent is an event with its day.
type DatedEvent struct {
	Event Event         `json:"event"`
	On    calendar.Date `json:"on"`
}

// Start starts the clock of the step on the day of its starting event. Faults (Invalid): termination.step_unknown,
// termination.date_missing.
func (p Procedure) Start(cal *calendar.Calendar, s Step, on calendar.Date) (Clock, error) {
	r, ok := p.Steps[s]
	if !ok {
		return Clock{}, fault.New(fault.Invalid, "termination.step_unknown", "step", string(s))
	}
	if on.IsZero() {
		return Clock{}, fault.New(fault.Invalid, "termination.date_missing", "step", string(s))
	}
	limit := r.Limit.Value
	c := Clock{
		Step: s, StartedBy: r.Starts[0], Starts: on, WorkingDays: limit.workingDays, Months: limit.months,
		Due: limit.from(cal, on), Bound: r.Bound, Party: r.Party, StoppedBy: r.StoppedBy,
		Article: r.Limit.Source.String(), Confidence: r.Limit.Confidence, Note: r.Limit.Note,
	}
	if c.Bound == AtMost {
		c.Strict = limit.strictly(cal, on)
	}
	if working := limit.from(cal.WithJointLeaveWorking(true), on).Due; working != c.Due.Due {
		c.JointLeave = working
	}
	if r.Silence != nil {
		c.Silence = r.Silence.Value
	}
	return c, nil
}

// Clocks starts every clock that the events start, in the order of the starting days and then of the procedure. An
// event that happened twice starts its clock twice. Faults as Start, and termination.event_unknown.
func (p Procedure) Clocks(cal *calendar.Calendar, history []DatedEvent) ([]Clock, error) {
	for _, h := range history {
		if !h.Event.Valid() {
			return nil, fault.New(fault.Invalid, "termination.event_unknown", "event", string(h.Event),
				"allowed", codelist.Join(h.Event.Values()))
		}
		if h.On.IsZero() {
			return nil, fault.New(fault.Invalid, "termination.date_missing", "step", string(h.Event))
		}
	}
	var clocks []Clock
	happened := withFailures(history)
	for _, s := range Steps() {
		for _, start := range p.Steps[s].starters(happened) {
			c, err := p.Start(cal, s, start.On)
			if err != nil {
				return nil, err
			}
			c.StartedBy = start.Event
			clocks = append(clocks, c)
		}
	}
	slices.SortStableFunc(clocks, func(a, b Clock) int { return a.Starts.Compare(b.Starts) })
	return clocks, nil
}

// StoppedOn returns the first day on or after the start on which a stopping event happened; zero when none did.
func (c Clock) StoppedOn(history []DatedEvent) calendar.Date {
	var first calendar.Date
	for _, h := range history {
		if slices.Contains(c.StoppedBy, h.Event) && !h.On.Before(c.Starts) && (first.IsZero() || h.On.Before(first)) {
			first = h.On
		}
	}
	return first
}

// State answers how the clock stands on the day asOf; stopped is the day of the stopping event, zero = none yet, and a
// day after asOf counts as none. An uncertain due day can only be later than the one computed, never earlier: a stop in
// time is kept for certain, a stop after it is uncertain.
func (c Clock) State(asOf, stopped calendar.Date) State {
	if stopped.IsZero() || stopped.After(asOf) {
		return c.unstopped(asOf)
	}
	reached := !stopped.Before(c.Due.Due)
	switch {
	case c.Bound == AtLeast && !reached:
		return Missed
	case c.Bound == AtLeast:
		return c.surely(Kept)
	case stopped.After(c.Due.Due):
		return c.surely(Missed)
	default:
		return Kept
	}
}

func (c Clock) unstopped(asOf calendar.Date) State {
	switch {
	case c.Bound == AtLeast && !asOf.Before(c.Due.Due):
		return c.surely(Kept)
	case c.Bound == AtMost && asOf.After(c.Due.Due):
		return c.surely(Missed)
	default:
		return Running
	}
}

func (c Clock) surely(s State) State {
	if c.Due.Certain {
		return s
	}
	return Uncertain
}
