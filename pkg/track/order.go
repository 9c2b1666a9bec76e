package track

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
)

// Keeping lets a correction of the day of the PHK pass only when every part that the case has may stand under the new
// day, as it did under the old one: whoever moves it puts those right first.
func (s *Service) Keeping(ctx context.Context, scope authz.Scope, id casework.ID,
	edit func(*casework.Case, *casework.Person) error) (func(*casework.Case, *casework.Person) error, error) {
	file, t, err := s.Store.GetTracks(ctx, scope, id)
	return func(c *casework.Case, p *casework.Person) error {
		was := *c
		if err := edit(c, p); err != nil {
			return err
		}
		if file.Version != c.Version {
			return fault.New(fault.Stale, "case.stale")
		}
		err := t.stillHold(&was, c, s.Rules)
		if f, is := errors.AsType[*fault.Error](err); is {
			return f.At("terminated_on")
		}
		return err
	}, err
}

// stillHold refuses another day of the PHK when a part that held under the old one does not hold under the new one.
func (t *Tracks) stillHold(was, now *casework.Case, r Rules) error {
	if was.TerminatedOn == now.TerminatedOn {
		return nil
	}
	for _, k := range Kinds() {
		if err := k.stillHold(t, was, now, r); err != nil {
			return err
		}
	}
	return nil
}

func (k *Kind[P, S, X]) stillHold(t *Tracks, was, now *casework.Case, r Rules) error {
	for _, part := range *List[P](t) {
		under := func(c *casework.Case) error {
			p := part
			m := Moment{Case: c, Tracks: t, Rules: r, On: c.OpenedOn}
			if k.Day != nil {
				m.On = *k.Day(&p)
			}
			return k.holds(m, &p)
		}
		if err := under(now); err != nil && under(was) == nil {
			return err
		}
	}
	return nil
}

// inOrder holds what a void gives back to what followed it: a fact that was corrected is corrected back under the rules
// of a correction, and the day of the PHK moves under those of its own.
func inOrder(was *casework.Case, before *Tracks, m Moment, entry recorded) error {
	err := m.Tracks.stillHold(was, m.Case, m.Rules)
	for _, b := range slices.Concat(entry.Undo.Set, entry.Undo.Personal) {
		if k := kindOf(b.Part); err == nil && entry.Kind == k.Corrects() {
			err = k.judgeBack(m, before, b.ID)
		}
	}
	if f, is := errors.AsType[*fault.Error](err); is {
		refused := *f
		refused.Kind, refused.Field = fault.Conflict, "" // there is no field of the request that could be put right
		return &refused
	}
	return err
}

func (k *Kind[P, S, X]) judgeBack(m Moment, before *Tracks, id uuid.UUID) error {
	was, now := k.in(before, id), k.in(m.Tracks, id)
	if was == nil || now == nil {
		return nil
	}
	given := *now
	_, err := k.judge(m, was, &given)
	if !slices.Contains(ordering, fault.CodeOf(err)) {
		return nil // what else was wrong before the correction is for another one
	}
	return err
}

// ordering are the refusals of a day that lies behind what followed it, and of a vacancy that was answered for.
var ordering = []string{"part.after_step", "part.before_case", "claim.before_termination", "step.before_last",
	"proposal.answered"}
