package track

import (
	"context"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
)

// Consent is how the worker agreed that another office is told of them.
type Consent string

// The ways to agree.
const (
	WrittenConsent    Consent = "written"
	SpokenConsent     Consent = "spoken"
	ElectronicConsent Consent = "electronic"
)

// Values lists the ways to agree.
func (Consent) Values() []Consent { return []Consent{WrittenConsent, SpokenConsent, ElectronicConsent} }

// Valid tells whether c is one of the ways to agree.
func (c Consent) Valid() bool { return codelist.Has(c) }

// TakeConsentBack ends a referral that waits or is under way: the worker does not agree any more that the other office
// is told of them. Whether they had agreed before is no condition, for an office that gives a service is told the name
// in any case. Asked anew without consent, an office decides without the name.
func (t *Tracks) TakeConsentBack(id uuid.UUID, on calendar.Date) (casework.Event, error) {
	r := Referrals.in(t, id)
	switch {
	case r == nil:
		return casework.Event{}, Referrals.notFound()
	case !r.Live():
		return casework.Event{}, refused("referral", r.State, ReferralTakenBack, nil)
	}
	from := r.State
	r.move(ReferralTakenBack, on)
	return casework.Event{Kind: ConsentTaken, OccurredOn: on,
		Payload: Stepped{r.ID, string(from), string(ReferralTakenBack), on}}, nil
}

// TakeConsentBack records at either office that the worker takes their consent back: whichever of the two hears it. The
// version is the referral's own.
func (s *Service) TakeConsentBack(ctx context.Context, op authz.Op, id uuid.UUID, version int) (ReferralView, error) {
	r, err := s.Referrals.GetReferral(ctx, op.Scope, id)
	if err != nil {
		return r, err
	}
	_, err = s.answer(ctx, op, r, version, func(m Moment) (casework.Event, error) {
		return m.Tracks.TakeConsentBack(id, m.On)
	})
	if err != nil {
		return r, err
	}
	return s.Referrals.GetReferral(ctx, op.Scope, id)
}
