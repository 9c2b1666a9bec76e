package cover

import (
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
)

// Segment is how the worker was a member of JKN; empty when nobody has said.
type Segment string

// The segments.
const (
	WageEarner Segment = "wage_earner" // pekerja penerima upah (PPU)
	Other      Segment = "other"       // self-paid, or paid by the state: the end of employment changes nothing
)

// Valid reports whether s is a known segment.
func (s Segment) Valid() bool { return s == WageEarner || s == Other }

// HealthFacts is what has to be known for JKN; zero and nil mean that nobody has said.
type HealthFacts struct {
	Segment Segment
	// Ended is the last day of the employment.
	Ended calendar.Date
	// Disputed says whether the end is disputed; FinalOn is the day on which the decision became final.
	Disputed *bool
	FinalOn  calendar.Date
	Evidence []Evidence // nil: not known
}

// Health is the answer on JKN.
type Health struct {
	Decision rule.Decision
	// Until is the last day of cover without a premium, Strict the earlier day of the strict reading; zero while a dispute
	// goes on, and for members of another segment.
	Until, Strict calendar.Date
	// UntilFinal reports a dispute that goes on: both sides go on paying, and the cover with it.
	UntilFinal bool
	Premium    money.Rupiah
	// Sources are what the days rest on.
	Sources []rule.Source
	// Proven reports that the documents on record suffice; Proofs are the sets that would.
	Proven rule.Result
	Proofs []Proof
}

// The criteria of JKN.
const (
	CriterionSegment = "cover.jkn_segment"
	CriterionDispute = "cover.jkn_dispute"
)

// Health answers for JKN. Faults (Invalid): cover.segment_unknown, cover.ended_missing, rule.no_version.
func (l Law) Health(f HealthFacts) (Health, error) {
	switch {
	case f.Segment != "" && !f.Segment.Valid():
		return Health{}, fault.New(fault.Invalid, "cover.segment_unknown").At("segment")
	case f.Ended.IsZero():
		return Health{}, fault.New(fault.Invalid, "cover.ended_missing").At("terminated_on")
	}
	rules, err := l.JKN.At(f.Ended)
	if err != nil {
		return Health{}, err
	}
	return rules.health(f), nil
}

func (r JKN) health(f HealthFacts) Health {
	h := Health{Premium: r.Premium.Value, Proofs: r.Proofs, Proven: r.proven(f.Evidence)}
	h.Decision = rule.Decide(r.Version, f.Ended, []rule.Criterion{r.segment(f), r.dispute(f)})
	pending := f.Disputed != nil && *f.Disputed && f.FinalOn.IsZero()
	switch {
	case f.Segment == Other:
		return h
	case pending:
		h.UntilFinal, h.Sources = true, []rule.Source{r.Dispute.Source}
		return h
	}
	from := f.Ended
	if f.Disputed != nil && *f.Disputed {
		from = f.FinalOn
	}
	same := from.AddMonths(r.Months.Value)
	h.Until, h.Strict = same, same.AddDays(-1)
	if r.LastDay.Value == DayBefore {
		h.Until = h.Strict
	}
	h.Sources = []rule.Source{r.Months.Source, r.LastDay.Source}
	return h
}

func (r JKN) segment(f HealthFacts) rule.Criterion {
	c := rule.Criterion{
		Code: CriterionSegment, Inputs: map[string]string{}, Required: string(WageEarner), Result: rule.Unknown,
		Source: r.Months.Source,
	}
	if f.Segment != "" {
		c.Inputs["segment"], c.Result = string(f.Segment), rule.When(f.Segment == WageEarner)
	}
	return c
}

// dispute: while it goes on the free months have not begun.
func (r JKN) dispute(f HealthFacts) rule.Criterion {
	c := rule.Criterion{
		Code: CriterionDispute, Inputs: map[string]string{}, Required: "none or final", Result: rule.Unknown,
		Source: r.Dispute.Source,
	}
	if f.Disputed == nil {
		return c
	}
	c.Inputs["dispute"] = "none"
	if *f.Disputed {
		c.Inputs["dispute"] = "pending"
		if !f.FinalOn.IsZero() {
			c.Inputs["dispute"] = f.FinalOn.String()
		}
	}
	c.Result = rule.When(!*f.Disputed || !f.FinalOn.IsZero())
	return c
}

// proven looks for a set whose documents are all on record; a missing paper is missing, not a lost right.
func (r JKN) proven(on []Evidence) rule.Result {
	if on == nil {
		return rule.Unknown
	}
	return rule.When(slices.ContainsFunc(r.Proofs, func(p Proof) bool {
		return !slices.ContainsFunc(p.Needs, func(e Evidence) bool { return !slices.Contains(on, e) })
	}))
}

// String lists the documents of a set, joined by a plus.
func (p Proof) String() string {
	names := make([]string, len(p.Needs))
	for i, e := range p.Needs {
		names[i] = string(e)
	}
	return strings.Join(names, " + ")
}
