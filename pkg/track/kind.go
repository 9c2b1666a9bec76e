package track

import (
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
)

// Kind declares one kind of part (P) with its states (S) and what its steps take besides (X): all that is particular to
// it, once. The service, the store, the routes, the picture in doc.go and the tests follow from the declarations.
//
// The list of a kind in Tracks has the name of its variable; go generate writes both lists (kinds.go).
type Kind[P any, S ~string, X any] struct {
	Name  string        // in the codes of its refusals: name.not_found, name.transition_refused
	Table string        // where it is kept
	Note  string        // what the picture in doc.go cannot draw
	Made  casework.Kind // history entry of a new part
	Moved casework.Kind // history entry of a step; empty for a kind that moves by functions of its own

	// The operations of the API that make a part, move one on, and correct its facts, for what can be done in a case;
	// empty for those that have rules of their own (Doables). What a wish or a referral says is recorded anew.
	Records, Advances, Amends string

	CanCorrect func(*P) error // nil: in every state

	ID      func(*P) *uuid.UUID // unique in its case; a copy where it is made of other fields
	State   func(*P) *S         // nil for a kind without states
	Initial S                   // empty where the client states the first state
	Steps   Steps[S]
	Own     Steps[S] // what only functions of its own do; Step refuses it
	One     bool     // a new part takes the place of the one before

	Day      func(*P) *calendar.Date // day on which a part is made, of which DayField is the name; nil: today
	DayField string                  // that the client sends

	Inside bool                                       // its day lies within the case
	Begins func(*P) (day calendar.Date, field string) // no step of it lies before this day

	// holds what is stated to its rules and completes it: of a new part, and of a corrected one
	Facts func(Moment, *P) error
	May   func(Moment) error     // whether there may be a new part, whatever it says; the case is open
	First func(*Tracks) []S      // states that a new part may have, where the client states the first one
	New   func(Moment, *P) error // holds a new part to what else is there, after May
	Same  func(a, b *P) bool     // two that are recorded twice, unless the client says that they are not; nil: none are
	// Mend holds a corrected part to what else is there, and tells what to look at again.
	Mend   func(m Moment, was, now *P) ([]casework.Warning, error)
	Detail func(was, now *P) []casework.FieldChange // what differs in its personal facts; nil: field by field
	Label  func(*P) string                          // how a consequence names it; nil: Name

	Check   func(Moment, *P, *Step[S, X]) (first calendar.Date, err error)
	Move    func(*P, Step[S, X])              // what a step changes besides the state; nil for nothing
	Payload func(*P, Stepped, Step[S, X]) any // what the entry of a step says; nil for Stepped

	Ends S             // what a part that is still open becomes when its case is closed; empty: nothing
	Open func(*P) bool // which parts these are; nil: those that a step leads there

	Task     TaskKind // what has to be done for a part, by the day that Due gives, if any
	Due      func(measure.Book, *Tracks, int) calendar.Date
	Outlasts bool // the task is there in a closed case, too
}

// None is what the steps of most kinds take besides a state and a day.
type None = struct{}

// Steps is a lifecycle: each state with those that may follow it.
type Steps[S ~string] map[S][]S

func (s Steps[S]) ended(state S) bool    { return len(s[state]) == 0 }
func (s Steps[S]) allow(from, to S) bool { return slices.Contains(s[from], to) }

// Step moves a part on: to a state, on a day.
type Step[S ~string, X any] struct {
	ID   uuid.UUID
	To   S
	On   calendar.Date
	With X
}

// Stepped is the payload of a part that moved from one state to the next.
type Stepped struct {
	ID   uuid.UUID     `json:"id"`
	From string        `json:"from"`
	To   string        `json:"to"`
	On   calendar.Date `json:"on"`
}

// Moment is what a rule may look at: the case with its tracks, the day on which something happens, and the law.
type Moment struct {
	Case   *casework.Case
	Tracks *Tracks
	On     calendar.Date
	Rules  Rules
	Again  bool // a new part may be like another one: the client says that it is not the same
}

// Add makes a new part, on the day of the moment.
func (k *Kind[P, S, X]) Add(m Moment, p P) (casework.Event, error) {
	if err := k.mayBegin(m); err != nil {
		return casework.Event{}, err
	}
	if k.State != nil && k.Initial != "" {
		*k.State(&p) = k.Initial
	}
	if k.Day != nil {
		*k.Day(&p) = m.On
	}
	if err := k.begin(m, &p); err != nil {
		return casework.Event{}, err
	}
	list := List[P](m.Tracks)
	if k.One {
		*list = nil
	}
	*list = append(*list, p)
	return casework.Event{Kind: k.Made, OccurredOn: m.On, Payload: p}, nil
}

// mayBegin refuses new work in a closed case, and for a worker who died.
func (k *Kind[P, S, X]) mayBegin(m Moment) error {
	if err := mustBeOpen(m.Case); err != nil {
		return err
	}
	if m.Tracks.died() {
		return fault.New(fault.Conflict, "case.worker_died")
	}
	return nil
}

// CanAdd tells whether a new part can be made on the day of the moment, whatever it says.
func (k *Kind[P, S, X]) CanAdd(m Moment) error {
	if err := k.mayBegin(m); err != nil || k.May == nil {
		return err
	}
	return k.May(m)
}

// CanStep lists the states that a step of a part can lead to on the day of the moment. What the step must say besides
// is not looked at.
func (k *Kind[P, S, X]) CanStep(m Moment, p P) (to []S, err error) {
	state := *k.State(&p)
	for _, next := range k.Steps[state] {
		again := p
		if _, err := k.Check(m, &again, &Step[S, X]{ID: *k.ID(&p), To: next, On: m.On}); fault.KindOf(err) != fault.Conflict {
			to = append(to, next)
		}
	}
	if len(to) == 0 {
		return nil, k.refused(state, "")
	}
	return to, nil
}

// begin holds a new part to its rules.
func (k *Kind[P, S, X]) begin(m Moment, p *P) error {
	err := k.holds(m, p)
	if err == nil && k.May != nil {
		err = k.May(m)
	}
	if err == nil && !m.Again {
		err = k.likeAnother(m.Tracks, p)
	}
	if err == nil && k.New != nil {
		err = k.New(m, p)
	}
	return err
}

// Step moves a part on. A step that is refused changes nothing.
func (k *Kind[P, S, X]) Step(m Moment, s Step[S, X]) (casework.Event, error) {
	p := k.in(m.Tracks, s.ID)
	if p == nil {
		return casework.Event{}, k.notFound()
	}
	state := k.State(p)
	if !k.Steps.allow(*state, s.To) {
		return casework.Event{}, k.refused(*state, s.To)
	}
	first, err := k.Check(m, p, &s)
	if err == nil {
		err = m.Tracks.step(s.ID, first, s.On)
	}
	if err != nil {
		return casework.Event{}, err
	}
	stepped := Stepped{s.ID, string(*state), string(s.To), s.On}
	*state = s.To
	if k.Move != nil {
		k.Move(p, s)
	}
	return casework.Event{Kind: k.Moved, OccurredOn: s.On, Payload: k.payload(p, stepped, s)}, nil
}

func (k *Kind[P, S, X]) payload(p *P, stepped Stepped, s Step[S, X]) any {
	if k.Payload == nil {
		return stepped
	}
	return k.Payload(p, stepped, s)
}

// in finds a part of a case; nil when the case does not have it.
func (k *Kind[P, S, X]) in(t *Tracks, id uuid.UUID) *P {
	list := *List[P](t)
	for i := range list {
		if *k.ID(&list[i]) == id {
			return &list[i]
		}
	}
	return nil
}

// notFound is the one answer for a part that this case does not have.
func (k *Kind[P, S, X]) notFound() error { return fault.New(fault.NotFound, k.Name+".not_found") }

// refused is the one answer to a step that the lifecycle does not have.
func (k *Kind[P, S, X]) refused(from, to S) error { return refused(k.Name, from, to, k.Steps[from]) }

func refused[S ~string](what string, from, to S, allowed []S) error {
	names := ""
	for i, s := range allowed {
		if i > 0 {
			names += ", "
		}
		names += string(s)
	}
	return fault.New(fault.Conflict, what+".transition_refused",
		"from", string(from), "to", string(to), "allowed", names)
}

// mustBeOpen refuses new work in a closed case.
func mustBeOpen(c *casework.Case) error { return c.MustBeOpen() }
