package track

import (
	"github.com/google/uuid"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
)

// ResponseState is what became of the worker's answer to the termination.
type ResponseState string

// The states of an answer.
const (
	Accepted ResponseState = "accepted"
	Refused  ResponseState = "refused"  // in writing, with reasons (PP 35/2021 Art. 39)
	Disputed ResponseState = "disputed" // before mediator, conciliator or court
	Agreed   ResponseState = "agreed"   // joint agreement (perjanjian bersama)
	Decided  ResponseState = "decided"  // by a decision that is final (inkracht)
)

var responseSteps = map[ResponseState][]ResponseState{
	"":       {Accepted, Refused, Disputed},
	Accepted: {Refused, Disputed},
	Refused:  {Accepted, Disputed, Agreed},
	Disputed: {Agreed, Decided},
	Agreed:   {},
	Decided:  {},
}

// Values lists every state of an answer.
func (ResponseState) Values() []ResponseState {
	return []ResponseState{Accepted, Refused, Disputed, Agreed, Decided}
}

// Targets lists the states that a step leads to.
func (ResponseState) Targets() []ResponseState { return codelist.Targets(responseSteps) }

// Valid tells whether s is one of the states.
func (s ResponseState) Valid() bool { return codelist.Has(s) }

// Response is one step of the worker's answer, with the number of the paper that proves it.
type Response struct {
	ID       uuid.UUID     `json:"id"`
	State    ResponseState `json:"state"`
	On       calendar.Date `json:"on"`
	Document string        `json:"document,omitempty"`
}

// ResponseRecorded is the kind of the entry that a step of the answer writes.
const ResponseRecorded casework.Kind = "response.recorded"

// Respond records the next step of the worker's answer.
func (f *File) Respond(c *casework.Case, r Response) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	if !r.State.Valid() {
		return casework.Event{}, fault.New(fault.Invalid, "response.state_unknown").At("state")
	}
	last := f.response()
	if !slices.Contains(responseSteps[last.State], r.State) {
		return casework.Event{}, refused("response", last.State, r.State, responseSteps[last.State])
	}
	if r.On.Before(last.On) {
		return casework.Event{}, fault.New(fault.Invalid, "response.before_last", "on", last.On.String()).At("on")
	}
	f.Responses = append(f.Responses, r)
	return casework.Event{Kind: ResponseRecorded, OccurredOn: r.On, Payload: r}, nil
}

// response is the step that stands; the zero Response when nobody has said anything.
func (f *File) response() Response {
	if len(f.Responses) == 0 {
		return Response{}
	}
	return f.Responses[len(f.Responses)-1]
}

// onRecord puts what the case knows of the worker's answer into the facts of a claim, over what was stated for it: since
// 31 October 2024 a disputed termination ends the employment only when the decision is final (MK 168/PUU-XXI/2023), and
// nobody may state the dispute away.
func (f *File) onRecord(facts jkp.Application) jkp.Application {
	switch last := f.response(); last.State {
	case Accepted, Agreed:
		facts.Dispute, facts.FinalDecisionOn = jkp.DisputeNone, calendar.Date{}
	case Refused, Disputed:
		facts.Dispute, facts.FinalDecisionOn = jkp.DisputePending, calendar.Date{}
	case Decided:
		facts.Dispute, facts.FinalDecisionOn = jkp.DisputeFinal, last.On
	}
	return facts
}
