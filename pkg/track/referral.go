package track

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/region"
)

// ReferralKind tells a service that is asked of another office (rujukan) from the transfer of the whole case.
type ReferralKind string

// The kinds of referrals.
const (
	ServiceReferral ReferralKind = "service"
	CustodyTransfer ReferralKind = "custody"
)

// Values lists the kinds of referrals.
func (ReferralKind) Values() []ReferralKind { return []ReferralKind{ServiceReferral, CustodyTransfer} }

// Valid tells whether k is one of the kinds.
func (k ReferralKind) Valid() bool { return codelist.Has(k) }

// ReferralService is what one office may ask of another.
type ReferralService string

// The services.
const (
	TrainingService      ReferralService = "training"
	CertificationService ReferralService = "certification"
	PlacementService     ReferralService = "placement"
	BusinessService      ReferralService = "business"
	CounsellingService   ReferralService = "counselling"
	AllServices          ReferralService = "all"
)

// Values lists the services.
func (ReferralService) Values() []ReferralService {
	return []ReferralService{TrainingService, CertificationService, PlacementService, BusinessService,
		CounsellingService, AllServices}
}

// Valid tells whether s is one of the services.
func (s ReferralService) Valid() bool { return codelist.Has(s) }

// ReferralReason is why another office is asked.
type ReferralReason string

// The reasons of a referral.
const (
	NotOffered    ReferralReason = "not_offered" // the office has no such service
	NoPlaceLeft   ReferralReason = "full"
	WorkerMoved   ReferralReason = "moved"
	CloserToHome  ReferralReason = "closer"
	OtherLanguage ReferralReason = "language"
	OtherReason   ReferralReason = "other" // the message says it
)

// Values lists the reasons of a referral.
func (ReferralReason) Values() []ReferralReason {
	return []ReferralReason{NotOffered, NoPlaceLeft, WorkerMoved, CloserToHome, OtherLanguage, OtherReason}
}

// Valid tells whether r is one of the reasons.
func (r ReferralReason) Valid() bool { return codelist.Has(r) }

// ReferralState is where a referral stands.
type ReferralState string

// The states of a referral.
const (
	ReferralOffered   ReferralState = "offered"
	ReferralAccepted  ReferralState = "accepted"
	ReferralDeclined  ReferralState = "declined"
	ReferralExpired   ReferralState = "expired"
	ReferralTakenBack ReferralState = "taken_back"
	ReferralDone      ReferralState = "done"
)

// Values lists every state of a referral.
func (ReferralState) Values() []ReferralState {
	return []ReferralState{ReferralOffered, ReferralAccepted, ReferralDeclined, ReferralExpired, ReferralTakenBack,
		ReferralDone}
}

// Targets lists the states that an answer leads to; a referral expires because there is none.
func (ReferralState) Targets() []ReferralState {
	steps := make(map[ReferralState][]ReferralState)
	for _, from := range ReferralState("").Values() {
		steps[from] = (&Referral{Kind: ServiceReferral, State: from}).next(calendar.Date{})
	}
	return codelist.Targets(steps)
}

// Valid tells whether s is one of the states.
func (s ReferralState) Valid() bool { return codelist.Has(s) }

// Live tells whether the referral still waits for something.
func (r Referral) Live() bool {
	return r.State == ReferralOffered || r.Kind == ServiceReferral && r.State == ReferralAccepted
}

// Referral asks another office for a service, or to take the case. Until the answer, and for a service also after it,
// the case stays with the office that has it: there is one writer at every instant, and custody moves in the
// transaction of the acceptance. Result is a closed word, no free text: it is shown to the office that asked.
type Referral struct {
	ID         uuid.UUID       `json:"id"`
	Kind       ReferralKind    `json:"kind" part:"fact"`
	From       region.Code     `json:"from"`
	To         region.Code     `json:"to" part:"fact"`
	Service    ReferralService `json:"service" part:"fact"`
	State      ReferralState   `json:"state"`
	OfferedOn  calendar.Date   `json:"offered_on" part:"fact"`
	AnswerBy   calendar.Date   `json:"answer_by" part:"fact"` // last day on which it can be accepted
	AnsweredOn calendar.Date   `json:"answered_on,omitzero"`
	Reason     ReferralReason  `json:"reason,omitempty" part:"fact"`
	Message    string          `json:"-" part:"fact,erased"` // for the office asked
	ConsentOn  calendar.Date   `json:"consent_on,omitzero" part:"fact"`
	ConsentHow Consent         `json:"consent_how,omitempty" part:"fact"`
	Version    int             `json:"-"`
}

// Direction tells the referrals to an office from those that it made.
type Direction string

// The directions.
const (
	Incoming Direction = "incoming"
	Outgoing Direction = "outgoing"
)

// Values lists both directions.
func (Direction) Values() []Direction { return []Direction{Incoming, Outgoing} }

// Valid tells whether d is one of the directions.
func (d Direction) Valid() bool { return codelist.Has(d) }

// ReferralView is a referral as both offices see it. The office asked is told the worker's name, the stage of the case
// and the message, nothing else: while it decides only when the worker agreed, and while it gives a service.
type ReferralView struct {
	Referral
	Case  casework.ID
	Name  string
	Stage casework.Stage
}

// The kinds of history entries of referrals.
const (
	ReferralMade  casework.Kind = "referral.offered"
	ReferralMoved casework.Kind = "referral.answered"
	CustodyMoved  casework.Kind = "custody.moved"
	ConsentTaken  casework.Kind = "referral.consent_withdrawn"
)

// Referrals are declared here. What can become of one on a day is for next.
var Referrals = &Kind[Referral, ReferralState, None]{
	Name: "referral", Table: "referral", Note: "done: a service only", Made: ReferralMade, Initial: ReferralOffered,
	Records: "case-refer",
	Steps: Steps[ReferralState]{
		ReferralOffered:  {ReferralAccepted, ReferralDeclined, ReferralExpired, ReferralTakenBack},
		ReferralAccepted: {ReferralDone, ReferralTakenBack},
		ReferralDeclined: {}, ReferralExpired: {}, ReferralTakenBack: {}, ReferralDone: {},
	},
	ID:    func(r *Referral) *uuid.UUID { return &r.ID },
	State: func(r *Referral) *ReferralState { return &r.State },
	New:   newReferral,
	Move:  func(r *Referral, s Step[ReferralState, None]) { r.AnsweredOn, r.Version = s.On, r.Version+1 },
	Ends:  ReferralTakenBack,
	Open:  func(r *Referral) bool { return r.Live() },
	Task:  TaskReferral,
	Due: func(_ measure.Book, t *Tracks, i int) calendar.Date {
		if r := t.Referrals[i]; r.State == ReferralOffered {
			return r.AnswerBy
		}
		return calendar.Date{}
	},
}

// newReferral offers a case, or a service for its worker, to another office.
func newReferral(m Moment, r *Referral) error {
	measures := m.Rules.Measures.On(m.On)
	longest := measures.ReferralLongestDays.Value
	if r.AnswerBy.IsZero() {
		r.AnswerBy = m.On.AddDays(measures.ReferralDays.Value)
	}
	switch {
	case !r.Kind.Valid():
		return fault.New(fault.Invalid, "referral.kind_unknown").At("kind")
	case !r.Service.Valid():
		return fault.New(fault.Invalid, "referral.service_unknown",
			"allowed", codelist.Join(r.Service.Values())).At("service")
	case r.Reason != "" && !r.Reason.Valid():
		return fault.New(fault.Invalid, "referral.reason_unknown", "allowed", codelist.Join(r.Reason.Values())).At("reason")
	case r.Reason == OtherReason && strings.TrimSpace(r.Message) == "":
		return fault.New(fault.Invalid, "referral.message_required").At("message")
	case r.ConsentOn.IsZero() != (r.ConsentHow == "") || r.ConsentHow != "" && !r.ConsentHow.Valid() ||
		r.ConsentOn.After(m.On):
		return fault.New(fault.Invalid, "referral.consent").At("consent")
	case r.To == m.Case.Region:
		return fault.New(fault.Invalid, "referral.own_office").At("to")
	case r.AnswerBy.Before(m.On) || m.On.AddDays(longest).Before(r.AnswerBy):
		return fault.New(fault.Invalid, "referral.answer_by", "days", strconv.Itoa(longest)).At("answer_by")
	}
	for _, other := range m.Tracks.Referrals {
		// One transfer at a time, and one service at a time of an office: "all" has every other one in it.
		if other.Live() && other.Kind == r.Kind && (r.Kind == CustodyTransfer || other.To == r.To) {
			return fault.New(fault.Conflict, "referral.already_offered", "referral", other.ID.String())
		}
	}
	r.From, r.OfferedOn, r.Version = m.Case.Region, m.On, 1
	return nil
}

// Answer moves a referral on. The office asked accepts, declines or reports a service as done; the office that asked
// takes its offer back; nobody's answer is its expiry. Accepting a transfer moves the case: its officer is no longer in
// charge, everything else stays, and whatever else was asked for the case ends: it was asked by the office before.
func (t *Tracks) Answer(c *casework.Case, id uuid.UUID, to ReferralState, on calendar.Date) (casework.Event, error) {
	r := Referrals.in(t, id)
	if r == nil {
		return casework.Event{}, Referrals.notFound()
	}
	allowed := r.next(on)
	if !slices.Contains(allowed, to) {
		return casework.Event{}, refused("referral", r.State, to, allowed)
	}
	from := r.State
	r.move(to, on)
	if to != ReferralAccepted || r.Kind != CustodyTransfer {
		return casework.Event{Kind: ReferralMoved, OccurredOn: on, Payload: Stepped{r.ID, string(from), string(to), on}}, nil
	}
	for i := range t.Referrals {
		if other := &t.Referrals[i]; other.Live() {
			other.move(ReferralTakenBack, on)
		}
	}
	c.Region, c.Officer = r.To, authz.OfficerID{}
	return casework.Event{Kind: CustodyMoved, OccurredOn: on, Payload: struct {
		Referral uuid.UUID   `json:"referral"`
		From     region.Code `json:"from"`
		To       region.Code `json:"to"`
	}{r.ID, r.From, r.To}}, nil
}

func (r *Referral) move(to ReferralState, on calendar.Date) {
	r.State, r.AnsweredOn = to, on
	r.Version++
}

// next lists what can become of the referral on a day.
func (r *Referral) next(on calendar.Date) []ReferralState {
	switch {
	case r.State == ReferralOffered && on.After(r.AnswerBy):
		return []ReferralState{ReferralExpired}
	case r.State == ReferralOffered:
		return []ReferralState{ReferralAccepted, ReferralDeclined, ReferralTakenBack}
	case r.State == ReferralAccepted && r.Kind == ServiceReferral:
		return []ReferralState{ReferralDone}
	}
	return nil
}

// ReferralStore keeps referrals. Either office finds one; anybody else does not (referral.not_found).
type ReferralStore interface {
	GetReferral(ctx context.Context, scope authz.Scope, id uuid.UUID) (ReferralView, error)
	// ListReferrals gives those to offices in the scope, those from them, or without a direction both, newest first.
	ListReferrals(ctx context.Context, scope authz.Scope, direction *Direction, state *ReferralState, after uuid.UUID,
		limit int) ([]ReferralView, error)
	// Staffed tells whether an active officer holds one of the roles in the regency itself at an instant.
	Staffed(ctx context.Context, office region.Code, roles []authz.Role, at time.Time) (bool, error)
	// DueReferrals lists those whose last day is over, of the whole country.
	DueReferrals(ctx context.Context, limit int) ([]ReferralView, error)
}

// GetReferral reads a referral of an office in the scope.
func (s *Service) GetReferral(ctx context.Context, scope authz.Scope, id uuid.UUID) (ReferralView, error) {
	return s.Referrals.GetReferral(ctx, scope, id)
}

// Staffed refuses an office in which nobody who is active holds one of the roles today: nobody there would answer.
func (s *Service) Staffed(ctx context.Context, office region.Code, roles []authz.Role) error {
	staffed, err := s.Referrals.Staffed(ctx, office, roles, s.Cases.Clock.Now())
	if err == nil && !staffed {
		err = fault.New(fault.Conflict, "referral.office_unstaffed", "office", string(office)).At("to")
	}
	return err
}

// Refer offers a case or a service to another office, which must be a regency's.
func (s *Service) Refer(ctx context.Context, to Target, r Referral) (casework.State, error) {
	if _, known := s.Cases.Tree.Get(r.To); !known || r.To.Level() != region.Regency {
		return casework.State{}, fault.New(fault.Invalid, "region.unknown").At("to")
	}
	return Referrals.Record(ctx, s, to, r)
}

// AnswerReferral moves a referral on for an office that may: the version is the referral's own, so that work of the
// other office on the case does not stand in the way. The change reaches over both offices and nothing else.
func (s *Service) AnswerReferral(ctx context.Context, op authz.Op, id uuid.UUID, version int,
	to ReferralState) (ReferralView, error) {
	r, err := s.Referrals.GetReferral(ctx, op.Scope, id)
	if err != nil {
		return r, err
	}
	asked, asking := op.Scope.Covers(r.To), op.Scope.Covers(r.From)
	if to == ReferralTakenBack && !asking || to != ReferralTakenBack && !asked {
		return r, fault.New(fault.Forbidden, "referral.other_office")
	}
	if _, err := s.answer(ctx, op, r, version, answered(r.ID, to)); err != nil {
		return r, err
	}
	return s.Referrals.GetReferral(ctx, op.Scope, id)
}

func answered(id uuid.UUID, to ReferralState) changing {
	return func(m Moment) (casework.Event, error) { return m.Tracks.Answer(m.Case, id, to, m.On) }
}

// answer changes the case with the reach of both offices. While the referral waits, the case is the asking office's; a
// version of 0 is whichever it has.
func (s *Service) answer(ctx context.Context, op authz.Op, r ReferralView, version int,
	fn changing) (casework.State, error) {
	op.Scope = authz.ScopeOver(r.From, r.To)
	return s.today(ctx, Target{Op: op, Case: r.Case, Version: casework.AnyVersion},
		func(m Moment) (casework.Event, error) {
			part := Referrals.in(m.Tracks, r.ID)
			if part == nil || m.Case.Region != part.From {
				return casework.Event{}, Referrals.notFound()
			}
			if version != 0 && version != part.Version {
				return casework.Event{}, fault.New(fault.Stale, "referral.stale")
			}
			return fn(m)
		})
}

// ExpireReferrals ends the offers that nobody answered in time. The actor of the entry is nobody. What changed
// meanwhile is left to whoever changed it.
func (s *Service) ExpireReferrals(ctx context.Context) error {
	due, err := s.Referrals.DueReferrals(ctx, expireAtOnce)
	for _, r := range due {
		if _, err := s.answer(ctx, authz.Op{}, r, r.Version, answered(r.ID, ReferralExpired)); err != nil &&
			!fault.KindOf(err).Valid() {
			return err
		}
	}
	return err
}

const expireAtOnce = 500
