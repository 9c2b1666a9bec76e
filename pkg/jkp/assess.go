package jkp

import (
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Assess says whether the facts of app give a claim to JKP, looked at on day on. The version is chosen by the day on
// which the claim was declared eligible, or by on while it has not been (Permenaker 2/2025 Art. II(2), (4)). All
// criteria of the version are evaluated, whatever the others say; a missing fact makes its criterion unknown.
func (p *Programme) Assess(app Application, on calendar.Date) rule.Decision {
	day := p.versionDay(&app, on)
	rules, err := p.rules.At(day)
	if err != nil {
		return noVersion(day, on)
	}
	return p.assess(rules, &app, on)
}

// AssessUnder is Assess under the version with the id, whatever the dates say: to re-run a decision under another file.
// Fault rule.version_unknown (Invalid) when there is no such version.
func (p *Programme) AssessUnder(version string, app Application, on calendar.Date) (rule.Decision, error) {
	rules, err := p.byID(version)
	if err != nil {
		return rule.Decision{}, err
	}
	return p.assess(rules, &app, on), nil
}

func (p *Programme) versionDay(app *Application, on calendar.Date) calendar.Date {
	day := app.DeclaredEligibleOn
	if p.transition.VersionBy.Value == ByApplied {
		day = app.AppliedOn
	}
	if day.IsZero() {
		return on
	}
	return day
}

func noVersion(day, on calendar.Date) rule.Decision {
	return rule.Decide(rule.Version{Programme: "jkp"}, on, []rule.Criterion{{
		Code: "jkp.version", Inputs: map[string]string{"date": day.String()}, Result: rule.Unknown,
		Source: rule.Source{Article: "–", Confidence: rule.ConfidenceOpen},
	}})
}

// assessment is one run over the facts.
type assessment struct {
	programme *Programme
	rules     *Rules
	app       *Application
	on        calendar.Date
	// terminated is the text of the day of the PHK; several criteria show it.
	terminated string
	criteria   []rule.Criterion
}

func (p *Programme) assess(rules *Rules, app *Application, on calendar.Date) rule.Decision {
	a := assessment{programme: p, rules: rules, app: app, on: on, criteria: make([]rule.Criterion, 0, 20),
		terminated: dayText(app.TerminatedOn)}
	a.person()
	a.contract()
	a.requiredProgrammes()
	a.contributions()
	a.payer()
	a.terminationReason()
	a.evidence()
	a.dispute()
	a.answers()
	a.claimDeadline()
	a.earlierClaims()
	return rule.Decide(rules.Version, on, a.criteria)
}

// add appends a criterion. pairs are names and values of the inputs; an empty value is an absent fact and left out.
//
// Where the employer never registered the worker, Art. 37 asks for none of what only a registered one can show.
func (a *assessment) add(code string, s rule.Source, required string, result rule.Result, pairs ...string) {
	if a.app != nil && ofRegistered[code] && a.app.registered() == No {
		s, result = a.rules.Payer.UnregisteredConditions.Source, rule.Met
	}
	a.criteria = append(a.criteria, newCriterion(code, s, required, result, pairs...))
}

func newCriterion(code string, s rule.Source, required string, result rule.Result, pairs ...string) rule.Criterion {
	inputs := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			inputs[pairs[i]] = pairs[i+1]
		}
	}
	return rule.Criterion{Code: code, Inputs: inputs, Required: required, Result: result, Source: s}
}

// unlessMissing is unknown when a fact is missing, else met or not met.
func unlessMissing(missing, met bool) rule.Result {
	if missing {
		return rule.Unknown
	}
	return rule.When(met)
}

// answered compares a yes-or-no fact with what is wanted.
func answered(given, wanted Answer) rule.Result {
	return unlessMissing(given == "", given == wanted)
}

// dayText is the ISO date, empty for an unknown day.
func dayText(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
