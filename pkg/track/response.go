package track

import (
	"github.com/google/uuid"

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

// Values lists every state of an answer.
func (ResponseState) Values() []ResponseState {
	return []ResponseState{Accepted, Refused, Disputed, Agreed, Decided}
}

// Targets lists the states that a step leads to.
func (ResponseState) Targets() []ResponseState { return codelist.Targets(responseSteps) }

// Valid tells whether s is one of the states.
func (s ResponseState) Valid() bool { return codelist.Has(s) }

var responseSteps = Steps[ResponseState]{
	"":       {Accepted, Refused, Disputed},
	Accepted: {Refused, Disputed},
	Refused:  {Accepted, Disputed, Agreed},
	Disputed: {Agreed, Decided},
	Agreed:   {},
	Decided:  {},
}

// Response is one step of the worker's answer, with the number of the paper that proves it.
type Response struct {
	ID       uuid.UUID     `json:"id"`
	State    ResponseState `json:"state" part:"fact"`
	On       calendar.Date `json:"on" part:"fact"`
	Document string        `json:"document,omitempty" part:"fact,erased"`
}

// ResponseRecorded is the kind of the entry that a step of the answer writes.
const ResponseRecorded casework.Kind = "response.recorded"

// Responses are declared here. None moves: each is a step, after the ones before.
var Responses = &Kind[Response, ResponseState, None]{
	Name: "response", Table: "response", Made: ResponseRecorded, Steps: responseSteps,
	Records: "response-record", Amends: "response-correct",
	ID:    func(r *Response) *uuid.UUID { return &r.ID },
	State: func(r *Response) *ResponseState { return &r.State },
	Day:   func(r *Response) *calendar.Date { return &r.On }, DayField: "on",
	First: func(t *Tracks) []ResponseState { return responseSteps[t.response().State] },
	May: func(m Moment) error {
		if last := m.Tracks.response().State; len(responseSteps[last]) == 0 {
			return refused("response", last, "", nil)
		}
		return nil
	},
	Facts: func(m Moment, r *Response) error {
		if !r.State.Valid() {
			return fault.New(fault.Invalid, "response.state_unknown").At("state")
		}
		last, next := m.Tracks.around(r.ID)
		switch {
		case !responseSteps.allow(last.State, r.State):
			return refused("response", last.State, r.State, responseSteps[last.State])
		case next.State != "" && !responseSteps.allow(r.State, next.State):
			return refused("response", r.State, next.State, responseSteps[r.State])
		case r.On.Before(last.On):
			return fault.New(fault.Invalid, "response.before_last", "on", last.On.String()).At("on")
		case !next.On.IsZero() && r.On.After(next.On):
			return afterStep(next.On, "on")
		}
		return nil
	},
}

// around are the steps before and after one; of a new one the step that stands, and nothing.
func (t *Tracks) around(id uuid.UUID) (last, next Response) {
	for i, r := range t.Responses {
		if r.ID == id && id != uuid.Nil {
			if i+1 < len(t.Responses) {
				next = t.Responses[i+1]
			}
			return last, next
		}
		last = r
	}
	return last, Response{}
}

// response is the step that stands; the zero Response when nobody has said anything.
func (t *Tracks) response() Response {
	if len(t.Responses) == 0 {
		return Response{}
	}
	return t.Responses[len(t.Responses)-1]
}

// onRecord puts what the case knows of the worker's answer into the facts of a claim, over what was stated for it:
// since 31 October 2024 a disputed termination ends the employment only when the decision is final (MK
// 168/PUU-XXI/2023), and nobody may state the dispute away.
func (t *Tracks) onRecord(facts jkp.Application) jkp.Application {
	switch last := t.response(); last.State {
	case Accepted, Agreed:
		facts.Dispute, facts.FinalDecisionOn = jkp.DisputeNone, calendar.Date{}
	case Refused, Disputed:
		facts.Dispute, facts.FinalDecisionOn = jkp.DisputePending, calendar.Date{}
	case Decided:
		facts.Dispute, facts.FinalDecisionOn = jkp.DisputeFinal, last.On
	}
	return facts
}
