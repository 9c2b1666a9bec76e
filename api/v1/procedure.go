package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/assessment"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/termination"
	"github.com/tanggap/tanggap/pkg/track"
)

// LayoffEntry is one line of a layoff's history.
type LayoffEntry struct {
	Seq        int           `json:"seq"`
	Kind       string        `json:"kind"`
	Actor      string        `json:"actor"`
	OccurredOn calendar.Date `json:"occurred_on"`
	RecordedAt string        `json:"recorded_at" format:"date-time"`
	Payload    string        `json:"payload" doc:"JSON as it was hashed"`
}

// LayoffChangeIn is what every change of a layoff takes.
type LayoffChangeIn struct {
	ID      string `path:"id" maxLength:"36"`
	IfMatch string `header:"If-Match" doc:"ETag of the layoff as it was read"`
}

func (in *LayoffChangeIn) target() (id uuid.UUID, version int, err error) {
	if version, err = rest.Version(in.IfMatch); err != nil {
		return uuid.Nil, 0, err
	}
	id, err = layoffID(in.ID)
	return id, version, err
}

type happenedIn struct {
	LayoffChangeIn
	Body Happened
}

type preventionIn struct {
	LayoffChangeIn
	Body struct {
		Measures  map[string]string `json:"measures" doc:"proposed, agreed, refused or done for each of cut_top_pay, reduce_shifts, limit_overtime, reduce_hours, reduce_days, rotate_furlough, no_contract_extension, pension_eligible"`
		JobsSaved int               `json:"jobs_saved" minimum:"0" maximum:"1000000"`
	}
}

type reductionIn struct {
	LayoffChangeIn
	Body struct {
		PeoplePlanned int       `json:"people_planned" minimum:"1" maximum:"1000000" doc:"How many are still to go"`
		Cases         []rest.ID `json:"cases,omitempty" maxItems:"1000" doc:"Cases of those who stay: they are closed as withdrawn"`
		Reason        string    `json:"reason" text:"free" minLength:"1" maxLength:"500"`
	}
}

type withdrawalIn struct {
	LayoffChangeIn
	Body struct {
		Reason string `json:"reason" text:"free" minLength:"1" maxLength:"500"`
	}
}

type clocksIn struct {
	ID string                    `path:"id" maxLength:"36"`
	On rest.Param[calendar.Date] `query:"on" doc:"Day on which the clocks are looked at; today by default"`
}

type clocksOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items            []assessment.Clock     `json:"items" nullable:"false"`
		UnderReplacement []assessment.Replacing `json:"under_replacement,omitempty" doc:"Versions behind it that are about to be replaced"`
	}
}

type layoffHistoryOut struct {
	Body struct {
		Items []LayoffEntry `json:"items" nullable:"false"`
	}
}

func registerProcedure(e *rest.API, s Services, tag string) {
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/layoffs/{id}/events", ID: "layoff-happen", Tag: tag,
		Summary: "Record what happened in the procedure",
		Action:  authz.LayoffAdvance}, func(ctx context.Context, in *happenedIn) (*layoffOut, error) {
		id, version, err := in.target()
		if err != nil {
			return nil, err
		}
		return layoffStated(s.Layoffs.Record(ctx, rest.Op(ctx), id, version, layoff.DatedEvent{Document: in.Body.Document,
			Paper: in.Body.Paper, DatedEvent: termination.DatedEvent{Event: in.Body.Event, On: in.Body.On}}))
	})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/layoffs/{id}/prevention", ID: "layoff-prevent",
		Tag:     tag,
		Summary: "Record the measures tried before the layoff, and the jobs saved", Action: authz.LayoffAdvance},
		func(ctx context.Context, in *preventionIn) (*layoffOut, error) {
			id, version, err := in.target()
			if err != nil {
				return nil, err
			}
			p := layoff.Prevention{JobsSaved: in.Body.JobsSaved, Measures: make(map[termination.Measure]layoff.MeasureState,
				len(in.Body.Measures))}
			for m, state := range in.Body.Measures {
				p.Measures[termination.Measure(m)] = layoff.MeasureState(state)
			}
			return layoffStated(s.Layoffs.Prevent(ctx, rest.Op(ctx), id, version, p))
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/layoffs/{id}/reduction", ID: "layoff-reduce", Tag: tag,
		Summary: "Lower the number of people; the cases of those who stay are closed", Action: authz.LayoffWithdraw},
		func(ctx context.Context, in *reductionIn) (*layoffOut, error) {
			id, version, err := in.target()
			if err != nil {
				return nil, err
			}
			cases := make([]string, len(in.Body.Cases))
			for i, c := range in.Body.Cases {
				cases[i] = string(c)
			}
			return layoffStated(s.Layoffs.Reduce(ctx, rest.Op(ctx), id, version, in.Body.PeoplePlanned, cases, in.Body.Reason))
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/layoffs/{id}/withdrawal", ID: "layoff-withdraw",
		Tag: tag, Summary: "Withdraw a layoff for good: its cases are closed in every office, and none is opened any more",
		Action: authz.LayoffWithdraw},
		func(ctx context.Context, in *withdrawalIn) (*layoffOut, error) {
			id, version, err := in.target()
			if err != nil {
				return nil, err
			}
			return layoffStated(s.Layoffs.Withdraw(ctx, rest.Op(ctx), id, version, in.Body.Reason))
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/layoffs/{id}/clocks", ID: "layoff-clocks", Tag: tag,
		Summary: "The statutory clocks of a layoff, with due days and articles",
		Action:  authz.LayoffRead},
		func(ctx context.Context, in *clocksIn) (*clocksOut, error) { return layoffClocks(ctx, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/layoffs/{id}/history", ID: "layoff-history", Tag: tag,
		Summary: "The history of a layoff, oldest entry first",
		Action:  authz.LayoffRead, Settled: true},
		func(ctx context.Context, in *layoffIn) (*layoffHistoryOut, error) { return layoffHistory(ctx, s, in) })
	registerResponses(e, s)
}

func layoffClocks(ctx context.Context, s Services, in *clocksIn) (*clocksOut, error) {
	id, err := layoffID(in.ID)
	if err != nil {
		return nil, err
	}
	l, clocks, err := s.Layoffs.Clocks(ctx, rest.Scope(ctx), id, valueOf(in.On.Get()))
	if err != nil {
		return nil, err
	}
	out := &clocksOut{ETag: rest.ETag(l.Version)}
	out.Body.Items = make([]assessment.Clock, len(clocks))
	for i, c := range clocks {
		out.Body.Items[i] = assessment.ClockOf(c.Clock, c.StoppedOn, c.State)
	}
	out.Body.UnderReplacement = s.Programmes.Marks.Of(out.Body.Items, rule.Language(rest.Language(ctx)))
	return out, nil
}

func layoffHistory(ctx context.Context, s Services, in *layoffIn) (*layoffHistoryOut, error) {
	id, err := layoffID(in.ID)
	if err != nil {
		return nil, err
	}
	entries, err := s.Layoffs.Store.LayoffHistory(ctx, rest.Scope(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &layoffHistoryOut{}
	out.Body.Items = make([]LayoffEntry, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = LayoffEntry{Seq: e.Seq, Kind: string(e.Kind), Actor: e.ActorName, OccurredOn: e.OccurredOn,
			RecordedAt: e.RecordedAt.Format("2006-01-02T15:04:05.000000Z07:00"), Payload: e.Payload}
	}
	return out, nil
}

// Response is a step of a worker's answer to the termination.
type Response struct {
	ID       string              `json:"id" format:"uuid"`
	State    track.ResponseState `json:"state"`
	On       calendar.Date       `json:"on"`
	Document string              `json:"document,omitempty"`
}

type responseIn struct {
	ChangeIn
	Body struct {
		State    track.ResponseState `json:"state"`
		On       calendar.Date       `json:"on,omitzero" doc:"Today by default; of a decision, the day on which it became final"`
		Document string              `json:"document,omitempty" maxLength:"100" doc:"Number of the letter, the agreement or the judgment"`
	}
}

type correctResponseIn struct {
	ChangeIn
	Part string `path:"response" maxLength:"36"`
	Body struct {
		CorrectionBody
		State    rest.Patch[track.ResponseState] `json:"state,omitempty"`
		On       rest.Patch[calendar.Date]       `json:"on,omitempty"`
		Document rest.Patch[string]              `json:"document,omitempty" maxLength:"100"`
	}
}

type responsesOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []Response `json:"items" nullable:"false"`
	}
}

func registerResponses(e *rest.API, s Services) {
	const tag = "cases"
	recording(e, s, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/responses", Tag: tag,
		Summary: "Record what the worker answers to the termination; a dispute holds the JKP claim back until the decision " +
			"is final",
		Action: authz.ResponseRecord, Status: http.StatusCreated}, track.Responses,
		func(_ context.Context, in *responseIn) (track.Response, error) {
			return track.Response{State: in.Body.State, On: in.Body.On, Document: in.Body.Document}, nil
		})
	correcting(e, s, rest.Route{Path: "/v1/cases/{id}/responses/{response}", ID: "response-correct", Tag: tag,
		Summary: "Put facts of a step of the worker's answer right", Action: authz.ResponseRecord}, track.Responses,
		func(_ context.Context, in *correctResponseIn) (string, track.Correction[track.Response]) {
			return in.Part, track.Correction[track.Response]{Reason: in.Body.Reason, Edit: func(r *track.Response) error {
				replace(&r.State, in.Body.State)
				replace(&r.On, in.Body.On)
				replace(&r.Document, in.Body.Document)
				return nil
			}}
		})
	showing(e, s, rest.Route{Method: http.MethodGet, Path: "/v1/cases/{id}/responses", ID: "response-list", Tag: tag,
		Summary: "What the worker answered to the termination, oldest first", Action: authz.CaseRead},
		func(_ context.Context, c casework.Detail, t *track.Tracks) (*responsesOut, error) {
			out := &responsesOut{ETag: rest.ETag(c.Version)}
			out.Body.Items = listed(t.Responses, func(r track.Response) Response {
				return Response{ID: r.ID.String(), State: r.State, On: r.On, Document: r.Document}
			})
			return out, nil
		})
}
