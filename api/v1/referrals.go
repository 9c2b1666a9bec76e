package v1

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/api/rest"
	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Referral is a service asked of another office (rujukan), or a case offered to it. Both offices see it.
type Referral struct {
	ID         string                `json:"id" format:"uuid"`
	Case       string                `json:"case" format:"uuid" doc:"Found by the office that has it"`
	Kind       track.ReferralKind    `json:"kind"`
	From       string                `json:"from"`
	To         string                `json:"to"`
	Service    track.ReferralService `json:"service"`
	State      track.ReferralState   `json:"state"`
	OfferedOn  calendar.Date         `json:"offered_on"`
	AnswerBy   calendar.Date         `json:"answer_by"`
	AnsweredOn calendar.Date         `json:"answered_on,omitzero"`
	Reason     track.ReferralReason  `json:"reason,omitempty"`
	Message    string                `json:"message,omitempty" doc:"For the office asked, which sees it when it sees the name"`
	Consent    *ReferralConsent      `json:"consent,omitempty"`
	Name       string                `json:"name,omitempty" doc:"Of the worker, for the office asked: while it decides only with their consent, and while it gives the service"`
	Stage      casework.Stage        `json:"stage,omitempty" doc:"Of the case, where the name is shown"`
	Version    int                   `json:"version"`
}

// ReferralConsent is that the worker agreed that the other office is told of them.
type ReferralConsent struct {
	On  calendar.Date `json:"on" doc:"Today or before"`
	How track.Consent `json:"how"`
}

// Asked is what another office is asked for.
type Asked struct {
	Kind     track.ReferralKind    `json:"kind" doc:"custody hands the whole case over when it is accepted"`
	To       string                `json:"to" minLength:"4" maxLength:"4" doc:"Regency"`
	Service  track.ReferralService `json:"service,omitempty" default:"all"`
	AnswerBy calendar.Date         `json:"answer_by,omitzero" doc:"Last day of the answer; 14 days by default, 90 at most"`

	Reason  track.ReferralReason `json:"reason,omitempty"`
	Message string               `json:"message,omitempty" maxLength:"1000" doc:"What the other office has to know; required for the reason other"`
}

type referIn struct {
	ChangeIn
	Body struct {
		Asked
		Consent *ReferralConsent `json:"consent,omitempty" doc:"Without it the other office decides without the name, the stage and the message"`
	}
}

type referralsIn struct {
	rest.PageIn
	Direction rest.Param[track.Direction]     `query:"direction" doc:"Both by default"`
	State     rest.Param[track.ReferralState] `query:"state"`
}

type referralsOut struct {
	Body struct {
		Items      []Referral `json:"items" nullable:"false"`
		NextCursor string     `json:"next_cursor,omitempty"`
	}
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *referralsOut) Subjects() []uuid.UUID { return o.subjects }

type referralIn struct {
	ID string `path:"id" maxLength:"36"`
}

type referralOut struct {
	ETag     string `header:"ETag"`
	Body     Referral
	subjects []uuid.UUID
}

// Subjects implements rest.Subjects.
func (o *referralOut) Subjects() []uuid.UUID { return o.subjects }

// ReferralChangeIn is what a change of a referral takes: the version is its own, not that of the case.
type ReferralChangeIn struct {
	ID      string `path:"id" maxLength:"36"`
	IfMatch string `header:"If-Match" doc:"ETag of the referral as it was read"`
}

type answerReferralIn struct {
	ReferralChangeIn
	Body struct {
		To rest.Target[track.ReferralState] `json:"to" doc:"taken_back by the office that asked, the others by the one that was asked"`
	}
}

func registerReferrals(e *rest.API, s Services) {
	const tag = "referrals"
	changing(e, rest.Route{Method: http.MethodPost, Path: "/v1/cases/{id}/referrals", ID: track.Referrals.Records,
		Tag: tag, Summary: "Ask another office for a service, or to take the case", Action: authz.ReferralOffer,
		Status: http.StatusCreated},
		func(ctx context.Context, to track.Target, in *referIn) (casework.State, error) {
			return refer(ctx, s, to, in.Body.Asked, in.Body.Consent)
		})
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/referrals", ID: "referral-list", Tag: tag,
		Summary: "Referrals to your offices, or from them, newest first", Action: authz.ReferralRead, Shows: rest.Listed},
		func(ctx context.Context, in *referralsIn) (*referralsOut, error) { return listReferrals(ctx, e, s, in) })
	rest.Register(e, rest.Route{Method: http.MethodGet, Path: "/v1/referrals/{id}", ID: "referral-get", Tag: tag,
		Summary: "One referral", Action: authz.ReferralRead, Shows: rest.Listed},
		func(ctx context.Context, in *referralIn) (*referralOut, error) {
			id, err := partID(in.ID, "referral")
			if err != nil {
				return nil, err
			}
			r, err := s.Tracks.GetReferral(ctx, rest.Scope(ctx), id)
			return referralShown(r), err
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/referrals/{id}/answer", ID: "referral-answer",
		Tag: tag, Summary: "Accept, decline or finish a referral, or take it back; accepting custody moves the case",
		Action: authz.ReferralAnswer, Shows: rest.Listed},
		func(ctx context.Context, in *answerReferralIn) (*referralOut, error) {
			id, version, err := in.referral()
			if err != nil {
				return nil, err
			}
			r, err := s.Tracks.AnswerReferral(ctx, rest.Op(ctx), id, version, track.ReferralState(in.Body.To))
			return referralShown(r), err
		})
	rest.Register(e, rest.Route{Method: http.MethodPost, Path: "/v1/referrals/{id}/consent-withdrawal",
		ID: "referral-unconsent", Tag: tag, Summary: "The worker takes their consent back: the referral ends, and the " +
			"office asked is told nothing more", Description: "By either office, whichever hears it. The office may be asked " +
			"anew, without consent.", Action: authz.ReferralOffer, Shows: rest.Listed},
		func(ctx context.Context, in *ReferralChangeIn) (*referralOut, error) {
			id, version, err := in.referral()
			if err != nil {
				return nil, err
			}
			r, err := s.Tracks.TakeConsentBack(ctx, rest.Op(ctx), id, version)
			return referralShown(r), err
		})
}

// refer asks another office, with the consent of the worker or without.
func refer(ctx context.Context, s Services, to track.Target, asked Asked, c *ReferralConsent) (casework.State, error) {
	r := track.Referral{Kind: asked.Kind, To: region.Code(asked.To), Service: asked.Service, AnswerBy: asked.AnswerBy,
		Reason: asked.Reason, Message: asked.Message}
	if c != nil {
		r.ConsentOn, r.ConsentHow = c.On, c.How
	}
	return s.Bulk.Refer(ctx, to, r)
}

// referral gives the referral and the version that a change is for.
func (in ReferralChangeIn) referral() (uuid.UUID, int, error) {
	version, err := rest.Version(in.IfMatch)
	if err != nil {
		return uuid.Nil, 0, err
	}
	id, err := partID(in.ID, "referral")
	return id, version, err
}

func referralShown(r track.ReferralView) *referralOut {
	out := &referralOut{ETag: rest.ETag(r.Version), Body: Referral{ID: r.ID.String(), Case: r.Case.String(), Kind: r.Kind,
		From: string(r.From), To: string(r.To), Service: r.Service, State: r.State, OfferedOn: r.OfferedOn,
		AnswerBy: r.AnswerBy, AnsweredOn: r.AnsweredOn, Name: r.Name, Version: r.Version, Reason: r.Reason,
		Message: r.Message, Stage: r.Stage}}
	if !r.ConsentOn.IsZero() {
		out.Body.Consent = &ReferralConsent{r.ConsentOn, r.ConsentHow}
	}
	if r.Name != "" {
		out.subjects = []uuid.UUID{uuid.UUID(r.Case)}
	}
	return out
}

func listReferrals(ctx context.Context, e *rest.API, s Services, in *referralsIn) (*referralsOut, error) {
	at, err := e.Position(ctx, in.PageIn)
	if err != nil {
		return nil, err
	}
	var after uuid.UUID
	copy(after[:], at)
	list, err := s.Tracks.Referrals.ListReferrals(ctx, rest.Scope(ctx), in.Direction.Get(), in.State.Get(), after,
		in.Limit+1)
	if err != nil {
		return nil, err
	}
	list, next := rest.Next(ctx, e, in.PageIn, list, func(r track.ReferralView) []byte { return r.ID[:] })
	out := &referralsOut{}
	out.Body.Items, out.Body.NextCursor = make([]Referral, len(list)), next
	for i, r := range list {
		shown := referralShown(r)
		out.Body.Items[i], out.subjects = shown.Body, append(out.subjects, shown.subjects...)
	}
	return out, nil
}
