package track

import (
	"context"
	"slices"
	"strings"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Closing is the request to close a case.
type Closing struct {
	casework.Advance
	EndOpenParts bool // parts that are still open end with the case; otherwise they stand in its way
}

// Close closes a case with an outcome that its record bears out.
func (s *Service) Close(ctx context.Context, to Target, c Closing) (casework.State, error) {
	return s.change(ctx, to, nil, occurred(&c.OccurredOn), func(m Moment) (casework.Event, error) {
		c.OccurredOn = m.On
		return m.close(c)
	})
}

// close lets the record decide: placed and self-employed are what the tracks say, a death ends the claim, and whatever
// is still open is named, or ends with the case.
func (m Moment) close(c Closing) (casework.Event, error) {
	if m.Case.Stage == casework.Closed {
		return casework.Event{}, mustBeOpen(m.Case)
	}
	if !c.Outcome.Valid() {
		return m.Case.Advance(c.Advance)
	}
	if err := m.Tracks.bearsOut(c.Outcome); err != nil {
		return casework.Event{}, err
	}
	ending := m.Tracks.openParts(c.Outcome)
	for _, k := range ending {
		c.Ended = append(c.Ended, k.open(m.Tracks)...)
	}
	if len(c.Ended) > 0 && !c.EndOpenParts {
		return casework.Event{}, fault.New(fault.Conflict, "case.parts_open", "parts", named(c.Ended))
	}
	if c.Outcome == casework.Deceased {
		m.died()
	}
	event, err := m.Case.Advance(c.Advance)
	for _, k := range ending {
		if err == nil {
			err = k.end(m)
		}
	}
	return event, err
}

// bearsOut refuses an outcome that the record does not show, and every other one once a death is on record.
func (t *Tracks) bearsOut(o casework.Outcome) error {
	placed := func(p Placement) bool { return p.State == Verified || p.State == Retained3M }
	runs := func(b Business) bool { return b.State != BusinessEnded }
	switch {
	case o != casework.Deceased && slices.ContainsFunc(t.Claims, Claim.endedByDeath):
		return fault.New(fault.Conflict, "case.deceased")
	case o == casework.Placed && !slices.ContainsFunc(t.Placements, placed):
		return fault.New(fault.Conflict, "case.not_placed").At("outcome")
	case o == casework.SelfEmployed && !slices.ContainsFunc(t.Businesses, runs):
		return fault.New(fault.Conflict, "case.not_self_employed").At("outcome")
	}
	return nil
}

func (c Claim) endedByDeath() bool { return c.Stated == StopDeath }

// openParts are the kinds with parts that do not outlast the case. The business of somebody who lives by it does.
func (t *Tracks) openParts(o casework.Outcome) (kinds []Declared) {
	for _, k := range Kinds() {
		if o == casework.SelfEmployed && k == Declared(Businesses) {
			continue
		}
		if len(k.open(t)) > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// died puts the death of a worker on record: their claim ends.
func (m Moment) died() {
	if claim := m.Tracks.live(); claim != nil {
		claim.Stated, claim.StatedOn = StopDeath, m.On
		Derive(m.Case, m.Tracks, m.Rules)
	}
}

func named(parts []casework.Ended) string {
	list := make([]string, len(parts))
	for i, p := range parts {
		list[i] = p.Kind + " " + p.ID.String()
	}
	return strings.Join(list, ", ")
}

// open lists the parts that would end with their case.
func (k *Kind[P, S, X]) open(t *Tracks) (list []casework.Ended) {
	if k.Ends == "" {
		return nil
	}
	parts := *List[P](t)
	for i := range parts {
		if k.isOpen(&parts[i]) {
			list = append(list, casework.Ended{Kind: k.Name, ID: *k.ID(&parts[i]), From: string(*k.State(&parts[i]))})
		}
	}
	return list
}

func (k *Kind[P, S, X]) isOpen(p *P) bool {
	if k.Open != nil {
		return k.Open(p)
	}
	return k.Steps.allow(*k.State(p), k.Ends)
}

// end takes the step to the end with every part that is open, on the day on which the case is closed.
func (k *Kind[P, S, X]) end(m Moment) error {
	parts := *List[P](m.Tracks)
	for i := range parts {
		p := &parts[i]
		if !k.isOpen(p) {
			continue
		}
		step := Step[S, X]{ID: *k.ID(p), To: k.Ends, On: m.On}
		if err := m.Tracks.step(step.ID, m.Case.OpenedOn, m.On); err != nil {
			return err
		}
		*k.State(p) = k.Ends
		if k.Move != nil {
			k.Move(p, step)
		}
	}
	return nil
}
