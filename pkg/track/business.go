package track

import (
	"slices"
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

var businessSteps = map[BusinessState][]BusinessState{
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
	Title      string        `json:"title"`
	KBLI       string        `json:"kbli,omitempty"`
	Level      BusinessLevel `json:"level"`
	State      BusinessState `json:"state"`
	ProposedOn calendar.Date `json:"proposed_on"`
	Grants     money.Rupiah  `json:"grants"`
	Visits     int           `json:"visits"`
	VisitedOn  calendar.Date `json:"visited_on,omitzero"` // last time
	Workers    int           `json:"workers"`             // hired by the business
}

// ProposeBusiness records a proposal. The advanced level needs a business that graduated from the first one and hired.
func (f *File) ProposeBusiness(c *casework.Case, b Business, on calendar.Date) (casework.Event, error) {
	if err := open(c); err != nil {
		return casework.Event{}, err
	}
	if strings.TrimSpace(b.Title) == "" {
		return casework.Event{}, fault.New(fault.Invalid, "business.title_missing").At("title")
	}
	grown := false
	for _, other := range f.Businesses {
		if len(businessSteps[other.State]) > 0 {
			return casework.Event{}, fault.New(fault.Conflict, "business.already_proposed")
		}
		grown = grown || other.State == BusinessGraduated && other.Workers > 0
	}
	switch {
	case !b.Level.Valid():
		return casework.Event{}, fault.New(fault.Invalid, "business.level_unknown").At("level")
	case b.Level == Advanced && !grown:
		return casework.Event{}, fault.New(fault.Conflict, "business.not_grown")
	}
	b.State, b.ProposedOn = BusinessIdea, on
	f.Businesses = append(f.Businesses, b)
	return casework.Event{Kind: BusinessProposed, OccurredOn: on, Payload: b}, nil
}

// BusinessStep moves a business on, or with an empty To records a mentoring visit. Grant belongs to the disbursement;
// Workers is how many the business employs, -1 when nobody said.
type BusinessStep struct {
	ID      uuid.UUID
	To      BusinessState
	Grant   money.Rupiah
	Workers int
	On      calendar.Date
}

// AdvanceBusiness takes a step.
func (f *File) AdvanceBusiness(s BusinessStep) (casework.Event, error) {
	b := find(f.Businesses, s.ID, func(b Business) uuid.UUID { return b.ID })
	if b == nil {
		return casework.Event{}, partNotFound("business")
	}
	from := b.State
	switch {
	case s.On.Before(b.ProposedOn):
		return casework.Event{}, fault.New(fault.Invalid, "application.before_applying", "applied_on", b.ProposedOn.String()).At("occurred_on")
	case s.To == "" && len(businessSteps[b.State]) == 0:
		return casework.Event{}, refused("business", b.State, "visit", businessSteps[b.State])
	case s.To != "" && !slices.Contains(businessSteps[b.State], s.To):
		return casework.Event{}, refused("business", b.State, s.To, businessSteps[b.State])
	case s.To == BusinessDisbursed && s.Grant <= 0 || s.To != BusinessDisbursed && s.Grant != 0:
		return casework.Event{}, fault.New(fault.Invalid, "business.grant").At("grant")
	}
	if err := f.step(b.ID, b.ProposedOn, s.On); err != nil {
		return casework.Event{}, err
	}
	if s.To == "" {
		b.Visits, b.VisitedOn = b.Visits+1, s.On
	} else {
		b.State, b.Grants = s.To, b.Grants+s.Grant
	}
	if s.Workers >= 0 {
		b.Workers = s.Workers
	}
	return casework.Event{Kind: BusinessAdvanced, OccurredOn: s.On, Payload: struct {
		Stepped
		Grant   money.Rupiah `json:"grant,omitempty"`
		Visits  int          `json:"visits"`
		Workers int          `json:"workers"`
	}{Stepped{b.ID, string(from), string(b.State), s.On}, s.Grant, b.Visits, b.Workers}}, nil
}
