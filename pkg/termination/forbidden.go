package termination

import (
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Ground is a ground on which no employment may be ended (UU 13/2003 Art. 153(1)). It is none of the reasons of PP
// 35/2021.
type Ground string

// The grounds in the order of the act, (a) to (j).
const (
	SickUpTo12Months Ground = "sick_up_to_12_months"
	StateDuty        Ground = "state_duty"
	Worship          Ground = "worship"
	Marriage         Ground = "marriage"
	Maternity        Ground = "maternity"
	Kinship          Ground = "kinship"
	Union            Ground = "union"
	ReportingCrime   Ground = "reporting_crime"
	BeliefOrStatus   Ground = "belief_or_status"
	WorkDisability   Ground = "work_disability"
)

// Values lists the grounds.
func (Ground) Values() []Ground {
	return []Ground{SickUpTo12Months, StateDuty, Worship, Marriage, Maternity, Kinship, Union, ReportingCrime,
		BeliefOrStatus, WorkDisability}
}

// Valid reports whether g is a known ground.
func (g Ground) Valid() bool { return codelist.Has(g) }

// Effect is what the law makes of a termination on a forbidden ground.
type Effect string

// Void is the only one: the worker has to be taken back.
const Void Effect = "void"

// Valid reports whether e is known.
func (e Effect) Valid() bool { return e == Void }

// GroundEntry is what the file says of one ground.
type GroundEntry struct {
	Text        rule.Text `yaml:"text"`
	rule.Source `yaml:",inline"`
}

// ForbiddenList is a parameter file of kind "forbidden".
type ForbiddenList struct {
	rule.Version `yaml:",inline"`
	Effect       rule.Figure[Effect]    `yaml:"effect"`
	Grounds      map[Ground]GroundEntry `yaml:"grounds"`
}

// CriterionGround is the code of the one criterion of a decision on the grounds of a termination.
const CriterionGround = "termination.ground_allowed"

// Decide answers whether the grounds that the employer gives are allowed: ineligible means that the termination is
// void, whatever is offered for it. Grounds that are not known (nil) leave it undetermined; none at all is in order.
func (l ForbiddenList) Decide(given []Ground, asOf calendar.Date) rule.Decision {
	c := rule.Criterion{Code: CriterionGround, Inputs: map[string]string{}, Required: "not " + string(l.Effect.Value),
		Result: rule.Unknown, Source: l.Effect.Source}
	if given != nil {
		c.Result = rule.Met
	}
	var names []string
	for _, g := range given {
		entry, forbidden := l.Grounds[g]
		if !forbidden {
			continue
		}
		if names == nil { // the article of the ground, and of what follows from it
			c.Result, c.Source = rule.NotMet, entry.Source
			c.Article += "; " + l.Effect.Article
		}
		names = append(names, string(g))
	}
	if names != nil {
		c.Inputs["grounds"] = strings.Join(names, ", ")
	}
	return rule.Decide(l.Version, asOf, []rule.Criterion{c})
}
