package v1

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/ids"
	"github.com/tanggap/tanggap/pkg/narrative"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Entry is one line of a case's history.
type Entry struct {
	Seq        int             `json:"seq"`
	Kind       string          `json:"kind"`
	Text       string          `json:"text" doc:"What the entry records, in words"`
	Actor      string          `json:"actor" doc:"Id of the officer"`
	ActorName  string          `json:"actor_name,omitempty"`
	OccurredOn calendar.Date   `json:"occurred_on" doc:"Civil date at the office, as stated"`
	RecordedAt time.Time       `json:"recorded_at" doc:"Instant of recording, by the database"`
	Payload    json.RawMessage `json:"payload" doc:"What changed"`
	Note       string          `json:"note,omitempty" doc:"The sealed text, opened"`
	Changes    []FieldChange   `json:"changes,omitempty" doc:"Of a corrected worker: the sealed values, opened"`
	VoidedBy   int             `json:"voided_by,omitempty" doc:"Number of the entry that voided this one"`
	Hash       string          `json:"hash" doc:"Of this entry and all before it"`
}

// stateOut answers every change of a case: where it stands now, and the tag for the next change.
type stateOut struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     struct {
		Case
		Name         string        `json:"name,omitempty"`
		NIK          string        `json:"nik,omitempty" doc:"Masked"`
		Employer     string        `json:"employer,omitempty"`
		Created      string        `json:"created,omitempty" doc:"Id of the part that was made"`
		Warnings     []Warning     `json:"warnings,omitempty" doc:"What somebody should look at again"`
		Consequences []Consequence `json:"consequences,omitempty" doc:"What a correction changed beside what was corrected"`
	}
	warnings []casework.Warning
}

// Finish implements rest.Finisher: who may not list workers gets the case without its worker.
func (o *stateOut) Finish(ctx context.Context, seesPeople bool) {
	o.Body.Warnings = warningsOf(ctx, o.warnings)
	if !seesPeople {
		o.Body.Name, o.Body.NIK, o.Body.Employer = "", "", ""
	}
}

func stated(state casework.State, err error) (*stateOut, error) {
	if err != nil {
		return nil, err
	}
	out := &stateOut{ETag: rest.ETag(state.Version), Location: "/v1/cases/" + state.ID.String()}
	out.Body.Case = caseOf(casework.Case{ID: state.ID, Region: state.Region, LayoffID: state.LayoffID, Stage: state.Stage,
		Outcome: state.Outcome, DuplicateOf: state.DuplicateOf, Officer: state.Officer, ClaimState: state.ClaimState,
		TerminatedOn: state.TerminatedOn,
		OpenedOn:     state.OpenedOn, ClosedOn: state.ClosedOn, DueOn: state.DueOn, DueFor: state.DueFor,
		FollowUpOn: state.FollowUpOn, Version: state.Version, UpdatedAt: state.UpdatedAt})
	out.Body.Name, out.Body.NIK, out.Body.Employer = state.Line.Name, state.Line.NIKMasked, state.Line.Employer
	out.Body.Created = state.Ref
	if state.Told != nil {
		out.Body.Consequences, out.warnings = consequencesOf(state.Told.Follows), state.Told.Warnings
	}
	return out, nil
}

// ChangeIn is what every change of a case takes.
type ChangeIn struct {
	ID      string `path:"id" maxLength:"36"`
	IfMatch string `header:"If-Match" doc:"ETag of the case as it was read"`
}

// target gives the case and the version that a change is for.
func (in ChangeIn) target() (casework.ID, int, error) {
	version, err := rest.Version(in.IfMatch)
	if err != nil {
		return casework.ID{}, 0, err
	}
	id, err := casework.ParseID(in.ID)
	return id, version, err
}

type advanceIn struct {
	ChangeIn
	Body struct {
		To         rest.Target[casework.Stage] `json:"to"`
		Outcome    casework.Outcome            `json:"outcome,omitempty" doc:"Required to close. placed needs a verified placement, self_employed a business, duplicate the other case"`
		Reason     string                      `json:"reason,omitempty" text:"free" maxLength:"500" doc:"No personal data"`
		OccurredOn calendar.Date               `json:"occurred_on,omitzero" doc:"Today by default"`

		DuplicateOf  rest.ID `json:"duplicate_of,omitempty" doc:"The case that a duplicate doubles"`
		EndOpenParts bool    `json:"end_open_parts,omitempty" doc:"Applications, trainings, assessments, a business and referrals that are open end with the case; otherwise they are named and it stays open"`
	}
}

type reopenIn struct {
	ChangeIn
	Body struct {
		To         rest.Target[casework.Stage] `json:"to"`
		Outcome    casework.Outcome            `json:"outcome,omitempty" doc:"Of no use here"`
		Reason     string                      `json:"reason,omitempty" text:"free" maxLength:"500" doc:"Required. No personal data"`
		OccurredOn calendar.Date               `json:"occurred_on,omitzero" doc:"Today by default"`
	}
}

type assignIn struct {
	ChangeIn
	Body struct {
		Officer officerOrNone `json:"officer" doc:"Id of the officer, or 'me'; empty takes the case back"`
	}
}

type noteIn struct {
	ChangeIn
	Body struct {
		Text       string        `json:"text" text:"free" minLength:"1" maxLength:"4000"`
		OccurredOn calendar.Date `json:"occurred_on,omitzero" doc:"Today by default"`
	}
}

type followUpIn struct {
	ChangeIn
	Body struct {
		On calendar.Date `json:"on,omitzero" doc:"Nothing takes the follow-up back"`
	}
}

type historyOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []Entry `json:"items" nullable:"false"`
	}
}

func registerSteps(e *rest.API, s Services) {
	const tag = "cases"
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/transitions", ID: "case-advance", Tag: tag,
		Summary: "Move a case to another stage, or close it",
		Action:  authz.CaseAdvance},
		func(ctx context.Context, in *advanceIn) (*stateOut, error) { return advance(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/reopening", ID: "case-reopen", Tag: tag,
		Summary: "Reopen a closed case with a reason",
		Action:  authz.CaseReopen}, func(ctx context.Context, in *reopenIn) (*stateOut, error) { return reopen(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/assignment", ID: "case-assign", Tag: tag,
		Summary:     "Give a case to an officer who works in its region",
		Description: "Without case.assign: take a case that nobody has, and hand over your own.",
		Action:      authz.CaseTake},
		func(ctx context.Context, in *assignIn) (*stateOut, error) { return assign(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/notes", ID: "case-note", Tag: tag,
		Summary: "Add a note; its text is sealed",
		Action:  authz.CaseNote, Status: http.StatusCreated}, func(ctx context.Context, in *noteIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Cases.Note(ctx, rest.Op(ctx), id, version, in.Body.Text, in.Body.OccurredOn))
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/follow-up", ID: "case-follow-up", Tag: tag,
		Summary: "Set the next date to look at a case",
		Action:  authz.CaseNote}, func(ctx context.Context, in *followUpIn) (*stateOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return stated(s.Cases.FollowUp(ctx, rest.Op(ctx), id, version, in.Body.On))
	})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/history", ID: "case-history", Tag: tag,
		Summary: "The history of a case, oldest entry first",
		Action:  authz.CaseHistory, Shows: rest.Named, Settled: true},
		func(ctx context.Context, in *caseIn) (*historyOut, error) {
			id, err := casework.ParseID(in.ID)
			if err != nil {
				return nil, err
			}
			f, entries, err := s.Cases.Get(ctx, rest.Scope(ctx), id)
			out := &historyOut{ETag: rest.ETag(f.Version)}
			out.Body.Items = s.entriesOf(ctx, entries)
			return out, err
		})
}

func advance(ctx context.Context, s Services, in *advanceIn) (*stateOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	a := casework.Advance{To: casework.Stage(in.Body.To), Outcome: in.Body.Outcome, Reason: in.Body.Reason,
		OccurredOn: in.Body.OccurredOn, DuplicateOf: casework.ID(in.Body.DuplicateOf.UUID())}
	if a.To == casework.Closed {
		to := track.Target{Op: rest.Op(ctx), Case: id, Version: version}
		return stated(s.Tracks.Close(ctx, to, track.Closing{Advance: a, EndOpenParts: in.Body.EndOpenParts}))
	}
	return stated(s.Cases.Advance(ctx, rest.Op(ctx), id, version, a))
}

func reopen(ctx context.Context, s Services, in *reopenIn) (*stateOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	return stated(s.Cases.Reopen(ctx, rest.Op(ctx), id, version, casework.Advance{To: casework.Stage(in.Body.To),
		Outcome: in.Body.Outcome, Reason: in.Body.Reason, OccurredOn: in.Body.OccurredOn}))
}

func assign(ctx context.Context, e *rest.API, s Services, in *assignIn) (*stateOut, error) {
	id, version, err := in.target()
	if err != nil {
		return nil, err
	}
	return stated(s.Cases.Assign(ctx, rest.Op(ctx), id, version, casework.Assignment{To: in.Body.Officer.id(ctx),
		Free: e.ScopeOf(ctx, authz.CaseAssign), Works: s.Officers.Works}))
}

func (s Services) entriesOf(ctx context.Context, entries []casework.Entry) []Entry {
	out := make([]Entry, len(entries))
	teller := narrative.Teller{Lang: rest.Language(ctx), Names: narrative.Names{Officer: s.officerNames(ctx, entries),
		Region: func(code string) string {
			place, _ := s.Tree.Get(region.Code(code))
			return place.Name
		}}}
	for i, e := range entries {
		out[i] = Entry{Seq: e.Seq, Kind: string(e.Kind), Text: teller.Tell(string(e.Kind), e.Payload).Text(),
			Actor: e.Actor.String(), ActorName: e.ActorName,
			OccurredOn: e.OccurredOn, RecordedAt: e.RecordedAt, Payload: json.RawMessage(e.Shown()), Note: e.Note.Reveal(),
			Changes: changesOf(e.Changes), Hash: hexText(e.Hash), VoidedBy: e.VoidedBy}
	}
	return out
}

// officerNames names the officers in a history: those who wrote it as it does, others as they are called now.
func (s Services) officerNames(ctx context.Context, entries []casework.Entry) func(string) string {
	names := make(map[string]string)
	for _, e := range entries {
		names[e.Actor.String()] = e.ActorName
	}
	return func(id string) string {
		name, known := names[id]
		if parsed, valid := ids.Parse(id); !known && valid && parsed != uuid.Nil {
			o, err := s.Officers.Store.GetOfficer(ctx, authz.Everywhere(), authz.OfficerID(parsed))
			if err == nil {
				name = o.Name
			}
			names[id] = name
		}
		return name
	}
}
