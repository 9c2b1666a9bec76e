package track

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/rule"
)

// PrakerjaState is where a Prakerja card stands.
type PrakerjaState string

// The states of a card.
const (
	CardAwarded PrakerjaState = "awarded" // nothing bought yet
	CardUsed    PrakerjaState = "used"
	CardRevoked PrakerjaState = "revoked"
)

// Values lists every state of a card.
func (PrakerjaState) Values() []PrakerjaState {
	return []PrakerjaState{CardAwarded, CardUsed, CardRevoked}
}

// Valid tells whether s is one of the states.
func (s PrakerjaState) Valid() bool { return codelist.Has(s) }

// PrakerjaCard is a Kartu Prakerja that the worker was awarded in a batch (gelombang). The office does not award it:
// what the scheme of the day says of the worker's facts stands beside it, whatever that is, and can be appealed.
type PrakerjaCard struct {
	ID             uuid.UUID     `json:"id"`
	Batch          string        `json:"batch" part:"fact"`
	State          PrakerjaState `json:"state" part:"derived"`
	AwardedOn      calendar.Date `json:"awarded_on" part:"fact"`
	BuyBy          calendar.Date `json:"buy_by,omitzero"` // last day of the first purchase; zero while the rule is not known
	BoughtOn       calendar.Date `json:"bought_on,omitzero" part:"derived"`
	Result         rule.Outcome  `json:"result"`
	Version        string        `json:"version"`         // of the scheme
	Decision       string        `json:"-" part:"erased"` // rule.Decision as JSON
	IncentivesPaid int           `json:"incentives_paid"`
	SurveysPaid    int           `json:"surveys_paid"`
	Paid           money.Rupiah  `json:"paid"`
	RevokedOn      calendar.Date `json:"revoked_on,omitzero" part:"fact"`
}

// The history entries of a card.
const (
	PrakerjaAwarded casework.Kind = "prakerja.awarded"
	PrakerjaPaid    casework.Kind = "prakerja.paid"
	PrakerjaRevoked casework.Kind = "prakerja.revoked"
)

// PrakerjaCards are declared here.
var PrakerjaCards = &Kind[PrakerjaCard, PrakerjaState, None]{
	Name: "prakerja", Table: "prakerja_card", Note: "revoked when the first course was not bought in time",
	Made:    PrakerjaAwarded,
	Records: "prakerja-award", Amends: "prakerja-correct",
	Initial: CardAwarded,
	Steps:   Steps[PrakerjaState]{CardAwarded: {CardUsed, CardRevoked}, CardUsed: {}, CardRevoked: {}},
	ID:      func(k *PrakerjaCard) *uuid.UUID { return &k.ID },
	State:   func(k *PrakerjaCard) *PrakerjaState { return &k.State },
	Facts: func(_ Moment, k *PrakerjaCard) error {
		if strings.TrimSpace(k.Batch) == "" {
			return fault.New(fault.Invalid, "prakerja.batch_missing").At("batch")
		}
		return nil
	},
	May:  func(m Moment) error { return m.Tracks.canAward() },
	Mend: mendPrakerja,
	Task: TaskFirstCourse,
	Due: func(_ measure.Book, t *Tracks, i int) calendar.Date {
		if k := t.PrakerjaCards[i]; k.State == CardAwarded {
			return k.BuyBy
		}
		return calendar.Date{}
	},
}

// mendPrakerja counts the last day of the first purchase anew from a corrected day of the award, which lies before all
// that the card was used for.
func mendPrakerja(m Moment, was, now *PrakerjaCard) ([]casework.Warning, error) {
	if was.AwardedOn == now.AwardedOn {
		return nil, nil
	}
	switch {
	case now.AwardedOn.IsZero():
		return nil, fault.New(fault.Invalid, "part.day_missing").At("awarded_on")
	case now.AwardedOn.After(m.On):
		return nil, fault.New(fault.Invalid, "case.occurred_in_future", "today", m.On.String()).At("awarded_on")
	}
	for _, later := range []calendar.Date{now.BoughtOn, now.RevokedOn} {
		if !later.IsZero() && now.AwardedOn.After(later) {
			return nil, afterStep(later, "awarded_on")
		}
	}
	scheme, err := m.Rules.Prakerja.Versions.At(now.AwardedOn)
	if err != nil {
		return nil, err
	}
	purchase, err := scheme.PurchaseBy(now.AwardedOn, calendar.Date{}, m.On)
	now.BuyBy = purchase.Due
	return nil, err
}

// AwardPrakerja records a card. Nobody holds two at once.
func (t *Tracks) AwardPrakerja(c *casework.Case, scheme prakerja.Scheme, card PrakerjaCard, facts prakerja.Facts,
	on calendar.Date) (casework.Event, error) {
	if err := PrakerjaCards.mayBegin(Moment{Case: c, Tracks: t}); err != nil {
		return casework.Event{}, err
	}
	switch {
	case strings.TrimSpace(card.Batch) == "":
		return casework.Event{}, fault.New(fault.Invalid, "prakerja.batch_missing").At("batch")
	case card.AwardedOn.After(on):
		return casework.Event{}, fault.New(fault.Invalid, "case.occurred_in_future", "today", on.String()).At("awarded_on")
	}
	if err := t.canAward(); err != nil {
		return casework.Event{}, err
	}
	purchase, err := scheme.PurchaseBy(card.AwardedOn, calendar.Date{}, on)
	if err != nil {
		return casework.Event{}, err
	}
	d := scheme.Eligibility(facts)
	trace, err := json.Marshal(d)
	if err != nil {
		return casework.Event{}, fmt.Errorf("encode decision: %w", err)
	}
	card.State, card.BuyBy = CardAwarded, purchase.Due
	card.Result, card.Version, card.Decision = d.Result, d.Version, string(trace)
	t.PrakerjaCards = append(t.PrakerjaCards, card)
	return casework.Event{Kind: PrakerjaAwarded, OccurredOn: on, Payload: struct {
		PrakerjaCard
		Criteria []criterion `json:"criteria"`
	}{card, decidedPayload(&Claim{}, d).Criteria}}, nil
}

// canAward refuses a second card.
func (t *Tracks) canAward() error {
	if t.prakerja() != nil {
		return fault.New(fault.Conflict, "prakerja.already_awarded")
	}
	return nil
}

// canRevoke refuses to end a card that was used, or whose first purchase can still be made.
func (k *PrakerjaCard) canRevoke(on calendar.Date) error {
	if k.State != CardAwarded || k.BuyBy.IsZero() || !on.After(k.BuyBy) {
		return fault.New(fault.Conflict, "prakerja.not_overdue", "buy_by", k.BuyBy.String())
	}
	return nil
}

// canPay refuses to pay out on a card that was revoked.
func (k *PrakerjaCard) canPay() error {
	if k.State == CardRevoked {
		return fault.New(fault.Conflict, "prakerja.revoked", "revoked_on", k.RevokedOn.String())
	}
	return nil
}

// prakerja is the card that can be used.
func (t *Tracks) prakerja() *PrakerjaCard {
	for i := range t.PrakerjaCards {
		if t.PrakerjaCards[i].State != CardRevoked {
			return &t.PrakerjaCards[i]
		}
	}
	return nil
}

// buy looks whether the card can be used for a course. The first purchase has a last day; after it the card is to be
// revoked.
func (t *Tracks) buy(on calendar.Date) error {
	card := t.prakerja()
	switch {
	case card == nil:
		return fault.New(fault.Conflict, "prakerja.no_card")
	case on.Before(card.AwardedOn):
		return fault.New(fault.Invalid, "step.before_last", "last", card.AwardedOn.String()).At("enrolled_on")
	case card.State == CardUsed:
		return nil
	case !card.BuyBy.IsZero() && on.After(card.BuyBy):
		return fault.New(fault.Conflict, "prakerja.purchase_late", "buy_by", card.BuyBy.String())
	}
	return nil
}

// RevokePrakerja ends a card whose first purchase was not made in time; the balance goes back.
func (t *Tracks) RevokePrakerja(id uuid.UUID, on calendar.Date) (casework.Event, error) {
	card := PrakerjaCards.in(t, id)
	if card == nil {
		return casework.Event{}, PrakerjaCards.notFound()
	}
	if err := card.canRevoke(on); err != nil {
		return casework.Event{}, err
	}
	card.RevokedOn = on
	return casework.Event{Kind: PrakerjaRevoked, OccurredOn: on, Payload: Stepped{card.ID, string(CardAwarded),
		string(CardRevoked), on}}, nil
}

// PrakerjaPayment is what is paid out, and what the worker did for it besides what the case knows.
type PrakerjaPayment struct {
	Survey  bool // the money of a survey, not the incentive
	Surveys int  // answered so far
	Rated   bool // the course is rated and reviewed
	Linked  bool // an account or e-wallet is linked
}

// PayPrakerja records one payment as the scheme owes it (Scheme.Entitle): a course finished and a certificate are taken
// from the case. While the rules of the scheme are not known, nothing is paid here, and nothing ever of a card that was
// revoked.
func (t *Tracks) PayPrakerja(scheme prakerja.Scheme, id uuid.UUID, p PrakerjaPayment,
	on calendar.Date) (casework.Event, error) {
	card := PrakerjaCards.in(t, id)
	if card == nil {
		return casework.Event{}, PrakerjaCards.notFound()
	}
	if err := card.canPay(); err != nil {
		return casework.Event{}, err
	}
	finished := slices.IndexFunc(t.Trainings,
		func(t Training) bool { return t.Scheme == Prakerja && t.State == Completed })
	certified := finished >= 0 && slices.ContainsFunc(t.Certificates,
		func(c Certificate) bool { return c.Training == t.Trainings[finished].ID })
	owed, err := scheme.Entitle(prakerja.Progress{Surveys: p.Surveys, IncentivesPaid: card.IncentivesPaid,
		SurveysPaid: card.SurveysPaid, Done: map[prakerja.Requirement]bool{prakerja.TrainingFinished: finished >= 0,
			prakerja.Certificate: certified, prakerja.Rating: p.Rated, prakerja.LinkedAccount: p.Linked}}, on)
	if err != nil {
		return casework.Event{}, err
	}
	amount, left, count := owed.IncentiveEach, owed.Incentives, &card.IncentivesPaid
	if p.Survey {
		amount, left, count = owed.SurveyEach, owed.Surveys, &card.SurveysPaid
	}
	if owed.Decision.Result != rule.Eligible || left < 1 {
		return casework.Event{}, fault.New(fault.Conflict, "prakerja.nothing_owed", "criteria", unmet(owed.Decision)).
			Because(&Unmet{owed.Decision})
	}
	*count++
	card.Paid += amount
	return casework.Event{Kind: PrakerjaPaid, OccurredOn: on, Payload: struct {
		ID      uuid.UUID    `json:"id"`
		Survey  bool         `json:"survey"`
		Amount  money.Rupiah `json:"amount"`
		Version string       `json:"version"`
	}{card.ID, p.Survey, amount, owed.Decision.Version}}, nil
}
