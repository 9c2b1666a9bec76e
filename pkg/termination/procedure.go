package termination

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Bound tells on which side of the due day the stopping event has to fall.
type Bound string

// The bounds.
const (
	AtMost  Bound = "at_most"  // on the due day or before it
	AtLeast Bound = "at_least" // on the due day or after it
)

// Valid reports whether b is a known bound.
func (b Bound) Valid() bool { return codelist.Has(b) }

// Values lists the bounds.
func (Bound) Values() []Bound { return []Bound{AtMost, AtLeast} }

// Party is whom a clock runs against: who has to act before it is over.
type Party string

// The parties.
const (
	Worker       Party = "worker"
	Employer     Party = "employer"
	BothSides    Party = "both_sides" // worker and employer together, or each of them
	Office       Party = "office"     // the labour office
	Mediator     Party = "mediator"
	Conciliator  Party = "conciliator"
	Court        Party = "court" // Pengadilan Hubungan Industrial
	SupremeCourt Party = "supreme_court"
)

// Valid reports whether p is a known party.
func (p Party) Valid() bool { return codelist.Has(p) }

// Values lists the parties.
func (Party) Values() []Party {
	return []Party{Worker, Employer, BothSides, Office, Mediator, Conciliator, Court, SupremeCourt}
}

// Consequence is what the law makes of silence until the due day.
type Consequence string

// The consequences.
const (
	Rejection      Consequence = "rejection"         // silence on a recommendation rejects it
	ToMediator     Consequence = "to_mediator"       // without a choice the case goes to the mediator
	DeemedFailed   Consequence = "deemed_failed"     // the talks count as failed
	RightToSueLost Consequence = "right_to_sue_lost" // no suit can be filed any more
	JudgmentFinal  Consequence = "judgment_final"    // nothing can be done against the judgment any more
	SuitLapses     Consequence = "suit_lapses"       // of an absent plaintiff; an absent defendant is judged without him
)

// Valid reports whether c is a known consequence.
func (c Consequence) Valid() bool { return codelist.Has(c) }

// Values lists the consequences.
func (Consequence) Values() []Consequence {
	return []Consequence{Rejection, ToMediator, DeemedFailed, RightToSueLost, JudgmentFinal, SuitLapses}
}

// StepRule is what the file says of one clock. The day of the starting event is not counted. Each event of Starts
// starts it when it is the first of them that happened, in the order of the list; any event of StoppedBy ends it, of
// which the first is the one that is meant to come.
type StepRule struct {
	Limit     rule.Figure[Limit]        `yaml:"limit"`
	Party     Party                     `yaml:"party"`
	Starts    []Event                   `yaml:"starts"`
	StoppedBy []Event                   `yaml:"stopped_by"`
	Bound     Bound                     `yaml:"bound"`
	Silence   *rule.Figure[Consequence] `yaml:"silence,omitempty"`

	rule.Optional `yaml:",inline"`
}

// starters gives the events that start the clock: the first of the list that happened, as often as it did.
func (r StepRule) starters(history []DatedEvent) []DatedEvent {
	for _, e := range r.Starts {
		var found []DatedEvent
		for _, h := range history {
			if h.Event == e {
				found = append(found, h)
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// Procedure holds the clocks that run for a termination on a day: those of PP 35/2021 and those of UU 2/2004.
type Procedure struct {
	rule.Version
	NoticeExempt rule.Figure[[]Reason]
	Steps        map[Step]StepRule
}

// Opening is a parameter file of kind "procedure": the clocks between employer and worker before there is a dispute.
type Opening struct {
	rule.Version `yaml:",inline"`
	InForce      rule.Figure[calendar.Date] `yaml:"in_force"`
	// NoticeExempt are the reasons for which no letter has to come before the termination.
	NoticeExempt rule.Figure[[]Reason]    `yaml:"notice_exempt"`
	Steps        map[OpeningStep]StepRule `yaml:"steps"`
}

// Validate finds a clock that stops itself.
func (o *Opening) Validate() []rule.Problem { return circular(o.Steps) }

// Settlement is a parameter file of kind "dispute": the clocks of UU 2/2004 from the talks to the Mahkamah Agung.
type Settlement struct {
	rule.Version `yaml:",inline"`
	Steps        map[DisputeStep]StepRule `yaml:"steps"`
}

// Validate finds a clock that stops itself.
func (s *Settlement) Validate() []rule.Problem { return circular(s.Steps) }

func circular[S ~string](steps map[S]StepRule) []rule.Problem {
	var problems []rule.Problem
	for _, s := range slices.Sorted(maps.Keys(steps)) {
		if i := slices.IndexFunc(steps[s].Starts,
			func(e Event) bool { return slices.Contains(steps[s].StoppedBy, e) }); i >= 0 {
			text := fmt.Sprintf("the same event %s starts and stops the clock", steps[s].Starts[i])
			problems = append(problems, rule.Problem{Key: "steps." + string(s), Text: text})
		}
	}
	return problems
}

// NewProcedure puts the clocks of two files together, under the head of the opening.
func NewProcedure(o Opening, s Settlement) Procedure {
	p := Procedure{Version: o.Version, NoticeExempt: o.NoticeExempt, Steps: make(map[Step]StepRule)}
	for step, r := range o.Steps {
		p.Steps[Step(step)] = r
	}
	for step, r := range s.Steps {
		p.Steps[Step(step)] = r
	}
	return p
}
