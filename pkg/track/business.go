package track

import (
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
)

// BusinessLevel is the level of the programme for the self-employed (tenaga kerja mandiri).
type BusinessLevel string

// The levels: TKM Pemula, and TKM Lanjutan for a business that works and has hired somebody.
const (
	Starter  BusinessLevel = "starter"
	Advanced BusinessLevel = "advanced"
)

// Values lists the levels.
func (BusinessLevel) Values() []BusinessLevel { return []BusinessLevel{Starter, Advanced} }

// Valid tells whether l is one of the levels.
func (l BusinessLevel) Valid() bool { return codelist.Has(l) }

// BusinessState is where a business of one's own stands.
type BusinessState string

// The states of a business at either level.
const (
	BusinessIdea      BusinessState = "proposed"
	BusinessVerified  BusinessState = "admin_verified"
	BusinessVisited   BusinessState = "field_verified"
	BusinessSelected  BusinessState = "selected"
	BusinessCoached   BusinessState = "coached"
	BusinessDisbursed BusinessState = "disbursed"
	BusinessReported  BusinessState = "reported"
	BusinessGraduated BusinessState = "graduated"
	BusinessEnded     BusinessState = "ended"
)

// Values lists every state of a business.
func (BusinessState) Values() []BusinessState {
	return []BusinessState{BusinessIdea, BusinessVerified, BusinessVisited, BusinessSelected, BusinessCoached,
		BusinessDisbursed, BusinessReported, BusinessGraduated, BusinessEnded}
}

// Targets lists the states that a step leads to.
func (BusinessState) Targets() []BusinessState { return codelist.Targets(businessSteps) }

// Valid tells whether s is one of the states.
func (s BusinessState) Valid() bool { return codelist.Has(s) }

var businessSteps = Steps[BusinessState]{
	BusinessIdea:      {BusinessVerified, BusinessEnded},
	BusinessVerified:  {BusinessVisited, BusinessEnded},
	BusinessVisited:   {BusinessSelected, BusinessEnded},
	BusinessSelected:  {BusinessCoached, BusinessEnded},
	BusinessCoached:   {BusinessDisbursed, BusinessEnded},
	BusinessDisbursed: {BusinessReported, BusinessEnded},
	BusinessReported:  {BusinessGraduated, BusinessEnded},
	BusinessGraduated: {},
	BusinessEnded:     {},
}

// Business is a business of the worker's own, with its grants in whole rupiah and its mentoring visits (pendampingan).
type Business struct {
	ID         uuid.UUID     `json:"id"`
	Title      string        `json:"title" part:"fact,erased"`
	KBLI       string        `json:"kbli,omitempty" part:"fact,erased"`
	Level      BusinessLevel `json:"level" part:"fact"`
	State      BusinessState `json:"state"`
	ProposedOn calendar.Date `json:"proposed_on" part:"fact"`
	Grants     money.Rupiah  `json:"grants"`
	Visits     int           `json:"visits"`
	VisitedOn  calendar.Date `json:"visited_on,omitzero"` // last time
	Workers    int           `json:"workers" part:"fact"` // hired by the business
}

// The history entries of a business.
const (
	BusinessProposed casework.Kind = "business.proposed"
	BusinessAdvanced casework.Kind = "business.advanced"
)

// Businesses are declared here.
var Businesses = &Kind[Business, BusinessState, Growth]{
	Name: "business", Table: "business", Made: BusinessProposed, Moved: BusinessAdvanced, Initial: BusinessIdea,
	Records: "business-propose", Amends: "business-correct", Advances: "business-advance",
	Steps: businessSteps,
	ID:    func(b *Business) *uuid.UUID { return &b.ID },
	State: func(b *Business) *BusinessState { return &b.State },
	Day:   func(b *Business) *calendar.Date { return &b.ProposedOn }, DayField: "proposed_on", Inside: true,
	Begins: func(b *Business) (calendar.Date, string) { return b.ProposedOn, "proposed_on" },
	Facts:  businessFacts,
	May: func(m Moment) error {
		for _, other := range m.Tracks.Businesses {
			if !businessSteps.ended(other.State) {
				return fault.New(fault.Conflict, "business.already_proposed")
			}
		}
		return nil
	},
	Check: checkBusiness,
	Ends:  BusinessEnded,
	Move: func(b *Business, s Step[BusinessState, Growth]) {
		b.Grants += s.With.Grant
		b.employs(s.With)
	},
	Payload: func(b *Business, stepped Stepped, s Step[BusinessState, Growth]) any {
		return grown{stepped, s.With.Grant, b.Visits, b.Workers}
	},
}

// businessFacts hold the advanced level to a business that graduated from the first one and hired.
func businessFacts(m Moment, b *Business) error {
	if strings.TrimSpace(b.Title) == "" {
		return fault.New(fault.Invalid, "business.title_missing").At("title")
	}
	hired := false
	for i := range m.Tracks.Businesses {
		other := &m.Tracks.Businesses[i]
		hired = hired || other != b && other.State == BusinessGraduated && other.Workers > 0
	}
	switch {
	case !b.Level.Valid():
		return fault.New(fault.Invalid, "business.level_unknown").At("level")
	case b.Level == Advanced && !hired:
		return fault.New(fault.Conflict, "business.not_grown")
	}
	return nil
}

// Growth is what a step of a business says besides. Grant belongs to the disbursement; Workers is how many the business
// employs, nil when nobody said.
type Growth struct {
	Grant   money.Rupiah
	Workers *int
}

// grown is the payload of a step or a visit.
type grown struct {
	Stepped
	Grant   money.Rupiah `json:"grant,omitempty"`
	Visits  int          `json:"visits"`
	Workers int          `json:"workers"`
}

func (b *Business) employs(g Growth) {
	if g.Workers != nil {
		b.Workers = *g.Workers
	}
}

func checkBusiness(_ Moment, b *Business, s *Step[BusinessState, Growth]) (first calendar.Date, err error) {
	switch {
	case s.On.Before(b.ProposedOn):
		err = before("business.before_proposing", b.ProposedOn)
	case s.To == BusinessDisbursed && s.With.Grant <= 0 || s.To != BusinessDisbursed && s.With.Grant != 0:
		err = fault.New(fault.Invalid, "business.grant").At("grant")
	}
	return b.ProposedOn, err
}

// VisitBusiness records a mentoring visit, which leaves the business where it stands.
func (t *Tracks) VisitBusiness(s Step[BusinessState, Growth]) (casework.Event, error) {
	b := Businesses.in(t, s.ID)
	if b == nil {
		return casework.Event{}, Businesses.notFound()
	}
	if businessSteps.ended(b.State) {
		return casework.Event{}, Businesses.refused(b.State, "visit")
	}
	first, err := checkBusiness(Moment{}, b, &s)
	if err == nil {
		err = t.step(b.ID, first, s.On)
	}
	if err != nil {
		return casework.Event{}, err
	}
	b.Visits, b.VisitedOn = b.Visits+1, s.On
	b.employs(s.With)
	return casework.Event{Kind: BusinessAdvanced, OccurredOn: s.On,
		Payload: grown{Stepped{b.ID, string(b.State), string(b.State), s.On}, 0, b.Visits, b.Workers}}, nil
}
