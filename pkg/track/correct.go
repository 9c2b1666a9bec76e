package track

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// Correction puts facts of a part right that were stated wrong. Edit writes the right ones; what it does not touch
// stays.
type Correction[P any] struct {
	ID     uuid.UUID
	Reason string
	Again  bool // the part may be like another one: it is not the same
	Edit   func(*P) error
}

// PartCorrected is the payload of the entry of a correction: the facts in clear, of what is personal only the names.
// Those values and the reason are sealed beside it.
type PartCorrected struct {
	ID       uuid.UUID     `json:"id"`
	Changed  []FactChanged `json:"changed,omitempty"`
	Personal []string      `json:"personal,omitempty"`
}

// FactChanged is a fact before and after.
type FactChanged struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Corrects is the history entry of a corrected part.
func (k *Kind[P, S, X]) Corrects() casework.Kind { return casework.Kind(k.Name + ".corrected") }

// Correct changes facts of a part, whatever the stage of its case, under the rules that hold for a new one. It is
// refused without a reason (correction.reason_required), when it changes nothing (correction.nothing), and when a step
// that the part has taken would lie before its first day. What follows from the facts is derived anew and told.
func (k *Kind[P, S, X]) Correct(ctx context.Context, s *Service, to Target, c Correction[P]) (casework.State, error) {
	c.Reason = strings.TrimSpace(c.Reason)
	if n := utf8.RuneCountInString(c.Reason); n == 0 || n > casework.MaxReason {
		return casework.State{}, fault.New(fault.Invalid, "correction.reason_required").At("reason")
	}
	return s.Store.ChangeTracks(ctx, to.Op, to.Case, to.Version, new(uuid.UUID),
		func(cs *casework.Case, t *Tracks) (casework.Event, error) {
			was, before := *cs, t.Clone()
			event, err := k.correct(Moment{Case: cs, Tracks: t, On: s.Cases.Today(cs.Region), Rules: s.Rules}, c)
			if err != nil {
				return casework.Event{}, err
			}
			Derive(cs, t, s.Rules)
			if cs.Stage == casework.Closed && cs.ClaimState.Live() {
				return casework.Event{}, mustBeOpen(cs)
			}
			var warnings []casework.Warning
			if event.Told != nil {
				warnings = event.Told.Warnings
			}
			event.Told = casework.Tell(warnings, append(casework.Followed(&was, cs), followed(&before, t)...))
			return event, nil
		})
}

func (k *Kind[P, S, X]) correct(m Moment, c Correction[P]) (casework.Event, error) {
	p := k.in(m.Tracks, c.ID)
	if p == nil {
		return casework.Event{}, k.notFound()
	}
	was := *p
	if err := c.Edit(p); err != nil {
		return casework.Event{}, err
	}
	if any(was) == any(*p) {
		return casework.Event{}, fault.New(fault.Invalid, "correction.nothing")
	}
	warnings, err := k.judge(m, &was, p)
	if err == nil && !c.Again {
		err = k.likeAnother(m.Tracks, p)
	}
	if err != nil {
		*p = was
		return casework.Event{}, err
	}
	event := casework.Event{Kind: k.Corrects(), OccurredOn: m.On, Told: casework.Tell(warnings, nil)}
	event.Payload, event.Secret, err = k.corrected(&was, p, c.Reason)
	return event, err
}

// judge holds a corrected part to the rules of a new one, and its first day to the steps that it has taken.
func (k *Kind[P, S, X]) judge(m Moment, was, p *P) (warnings []casework.Warning, err error) {
	then := m
	if k.Day != nil {
		then.On = *k.Day(p)
		switch {
		case then.On.IsZero():
			return nil, fault.New(fault.Invalid, "part.day_missing").At(k.DayField)
		case then.On.After(m.On):
			return nil, fault.New(fault.Invalid, "case.occurred_in_future", "today", m.On.String()).At(k.DayField)
		}
	}
	if err := k.holds(then, p); err != nil {
		return nil, err
	}
	if k.Begins != nil {
		day, field := k.Begins(p)
		if first := m.Tracks.Begun[*k.ID(p)]; !first.IsZero() && day.After(first) {
			return nil, afterStep(first, field)
		}
	}
	if k.Mend != nil {
		return k.Mend(m, was, p)
	}
	return nil, nil
}

// afterStep refuses a first day that lies after something that followed it.
func afterStep(step calendar.Date, field string) error {
	return fault.New(fault.Invalid, "part.after_step", "step", step.String()).At(field)
}

// holds is what a part must be when it is recorded, and when it is corrected.
func (k *Kind[P, S, X]) holds(m Moment, p *P) error {
	if k.Inside && k.Day != nil {
		if first := begins(m.Case); k.Day(p).Before(first) {
			return fault.New(fault.Invalid, "part.before_case", "first", first.String()).At(k.DayField)
		}
	}
	if k.Facts == nil {
		return nil
	}
	return k.Facts(m, p)
}

// begins is the first day on which something may happen in a case: that of the PHK, or of the opening when the case was
// opened before it.
func begins(c *casework.Case) calendar.Date {
	if c.OpenedOn.Before(c.TerminatedOn) {
		return c.OpenedOn
	}
	return c.TerminatedOn
}

// likeAnother refuses a part that is the same as another one of its case, and names that one.
func (k *Kind[P, S, X]) likeAnother(t *Tracks, p *P) error {
	if k.Same == nil {
		return nil
	}
	parts := *List[P](t)
	for i := range parts {
		if other := &parts[i]; *k.ID(other) != *k.ID(p) && k.Same(other, p) {
			return fault.New(fault.Conflict, "part.recorded_already", "part", k.ID(other).String())
		}
	}
	return nil
}

// same tells whether two texts say the same: neither case nor blanks make a difference.
func same(a, b string) bool {
	return plain(a) == plain(b)
}

// plain is a text in small letters with one blank for each run of them.
func plain(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// corrected is what the entry says, in clear and sealed.
func (k *Kind[P, S, X]) corrected(was, now *P, reason string) (PartCorrected, identity.Secret, error) {
	said := PartCorrected{ID: *k.ID(now)}
	var sealed []casework.FieldChange
	from, to := reflect.ValueOf(was).Elem(), reflect.ValueOf(now).Elem()
	for i, f := range fieldsOf(from.Type()) {
		if f.Derived || from.Field(i).Equal(to.Field(i)) {
			continue
		}
		name, _, _ := strings.Cut(from.Type().Field(i).Tag.Get("json"), ",")
		switch {
		case f.Erased && k.Detail != nil:
			sealed = append(sealed, k.Detail(was, now)...)
		case f.Erased:
			sealed = append(sealed, casework.FieldChange{Field: name, From: identity.NewSecret(shown(from.Field(i))),
				To: identity.NewSecret(shown(to.Field(i)))})
		default:
			said.Changed = append(said.Changed, FactChanged{k.called(name), shown(from.Field(i)), shown(to.Field(i))})
		}
	}
	for _, change := range sealed {
		said.Personal = append(said.Personal, change.Field)
	}
	secret, err := casework.SealedCorrection(reason, sealed)
	return said, secret, err
}

// called is the name of a fact for its reader; one that has none of its own in the entry is the day of its part.
func (k *Kind[P, S, X]) called(name string) string {
	if name == "-" {
		return k.DayField
	}
	return name
}

// shown is a fact as a text; what is not there is empty.
func shown(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Int, reflect.Int64, reflect.Bool:
		return fmt.Sprint(reflect.Indirect(v)) // whole rupiah without a sign of money
	default:
	}
	if v.IsZero() {
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// followed is what is derived otherwise than before.
func followed(before, after *Tracks) (list []casework.Consequence) {
	for _, k := range Kinds() {
		list = append(list, k.followed(before, after)...)
	}
	return list
}

func (k *Kind[P, S, X]) followed(before, after *Tracks) (list []casework.Consequence) {
	now := *List[P](after)
	for i := range now {
		was := k.in(before, *k.ID(&now[i]))
		if was == nil {
			continue
		}
		from, to := reflect.ValueOf(was).Elem(), reflect.ValueOf(&now[i]).Elem()
		for j, f := range fieldsOf(from.Type()) {
			if f.Derived && !from.Field(j).Equal(to.Field(j)) {
				list = append(list, casework.Consequence{Field: k.label(&now[i]) + "." + snake(f.Name),
					From: shown(from.Field(j)), To: shown(to.Field(j))})
			}
		}
	}
	return list
}

func (k *Kind[P, S, X]) label(p *P) string {
	if k.Label == nil {
		return k.Name
	}
	return k.Label(p)
}

// snake is the name of a field as the API writes it.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
