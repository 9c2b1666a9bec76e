package track

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// Voiding asks to take an entry back: the one of a number, or the one that made a part.
type Voiding struct {
	Seq    int
	Part   uuid.UUID
	Reason string
	Any    bool // whoever wrote it, whenever: a right of its own
}

// Void takes an entry of the history back: what it made goes, what it altered is what it was, and what followed follows
// no more. The entry stays in the history. Officers take back what they wrote themselves on the same day; everything
// else is another right (Any). Money that was paid takes two: one asks, another one does it.
func (s *Service) Void(ctx context.Context, to Target, v Voiding) (casework.State, error) {
	if v.Reason = strings.TrimSpace(v.Reason); v.Reason == "" {
		return casework.State{}, fault.New(fault.Invalid, "case.reason_required").At("reason")
	}
	return s.Store.ChangeRecord(ctx, to.Op, to.Case, to.Version,
		func(c *casework.Case, t *Tracks, record []casework.Recorded) (casework.Event, error) {
			if err := unseal(record); err != nil {
				return casework.Event{}, err
			}
			return s.takeBack(c, t, record, v, to.Op.Actor)
		})
}

// takeBack takes an entry of an unsealed record back, or asks for it.
func (s *Service) takeBack(c *casework.Case, t *Tracks, record []casework.Recorded, v Voiding,
	by authz.OfficerID) (casework.Event, error) {
	entry, err := v.entry(record)
	if err != nil {
		return casework.Event{}, err
	}
	today := s.Cases.Today(c.Region)
	if !v.Any && !entry.own(c, by, today) {
		return casework.Event{}, fault.New(fault.Forbidden, "entry.not_own")
	}
	if err := voidable(entry, t, record); err != nil {
		return casework.Event{}, err
	}
	said := casework.Voided{Seq: entry.Seq, Kind: entry.Kind, Reason: v.Reason}
	if entry.money() && !askedBefore(record, entry.Seq, by, v.Any) {
		return casework.Event{Kind: casework.VoidAsked, OccurredOn: today, Payload: said}, nil
	}
	return s.void(c, t, said, entry, today)
}

// voidDoables are the entries that can be taken back now: the officer's own of today, and the others by the right to
// reverse what anybody recorded.
func (s *Service) voidDoables(c *casework.Case, t *Tracks, record []casework.Recorded, by authz.OfficerID) []Doable {
	var list []Doable
	for _, e := range record {
		d, v := Doable{Operation: "entry-void", Entry: e.Seq}, Voiding{Seq: e.Seq}
		if v.Any = !(recorded{e}).own(c, by, s.Cases.Today(c.Region)); v.Any {
			d.Operation = "entry-reverse"
		}
		trial, parts := *c, t.Clone()
		if _, err := s.takeBack(&trial, &parts, record, v, by); err == nil {
			list = append(list, d)
		}
	}
	return list
}

func (s *Service) void(c *casework.Case, t *Tracks, said casework.Voided, entry recorded,
	on calendar.Date) (casework.Event, error) {
	if entry.Undo == nil {
		return casework.Event{Kind: casework.EntryVoided, OccurredOn: on, Payload: said}, nil
	}
	was, before := *c, t.Clone()
	if err := c.Restore(*entry.Undo); err != nil {
		return casework.Event{}, err
	}
	public, personal, err := t.Restore(*entry.Undo)
	if err == nil {
		err = inOrder(&was, &before, Moment{Case: c, Tracks: t, On: on, Rules: s.Rules}, entry)
	}
	if err != nil {
		return casework.Event{}, err
	}
	Derive(c, t, s.Rules)
	if c.Stage == casework.Closed && c.ClaimState.Live() {
		return casework.Event{}, mustBeOpen(c)
	}
	said.Was = public
	event := casework.Event{Kind: casework.EntryVoided, OccurredOn: on, Payload: said}
	personal = slices.DeleteFunc(personal, func(b casework.Before) bool { return len(b.Was) == 0 })
	if len(personal) > 0 {
		text, err := json.Marshal(personal)
		if err != nil {
			return casework.Event{}, fmt.Errorf("encode what entry %d made: %w", entry.Seq, err)
		}
		event.Secret = identity.NewSecret(string(text))
	}
	return event, nil
}

// recorded is an entry with the values that were sealed in it.
type recorded struct{ casework.Recorded }

// own tells whether an officer wrote the entry, on this day of the office.
func (e recorded) own(c *casework.Case, by authz.OfficerID, today calendar.Date) bool {
	return e.Actor == by && calendar.Of(e.RecordedAt, casework.ZoneOf(c.Region)) == today
}

// unseal gives each entry the personal values that it replaced, of all of them: a later one may have altered the same.
func unseal(record []casework.Recorded) error {
	for _, e := range record {
		if e.Undo == nil || e.Sealed.IsZero() {
			continue
		}
		if err := json.Unmarshal([]byte(e.Sealed.Reveal()), &e.Undo.Personal); err != nil {
			return fmt.Errorf("read what entry %d replaced: %w", e.Seq, err)
		}
	}
	return nil
}

// entry finds what is to be voided. Nothing is voided twice.
func (v Voiding) entry(record []casework.Recorded) (recorded, error) {
	for _, e := range record {
		made := v.Part != uuid.Nil && e.Undo != nil &&
			slices.ContainsFunc(e.Undo.Made, func(r casework.Ref) bool { return r.ID == v.Part })
		if e.Seq != v.Seq && !made {
			continue
		}
		if e.VoidedBy != 0 {
			return recorded{}, fault.New(fault.Conflict, "entry.already_voided", "by", strconv.Itoa(e.VoidedBy))
		}
		return recorded{e}, nil
	}
	return recorded{}, fault.New(fault.NotFound, "entry.not_found")
}

// lasting are entries that alter no fact of the case that could be what it was, and entries whose consequences are
// elsewhere: what they say is recorded anew instead.
var lasting = []casework.Kind{casework.CaseOpened, casework.EntryVoided, casework.WorkerCorrected, casework.CaseMerged,
	casework.CaseSeparated, CustodyMoved, ReferralMoved, ConsentTaken, LawChanged}

// harmless are entries that alter nothing, so that also those that say nothing of what they replaced can be voided.
var harmless = []casework.Kind{casework.CaseNoted, casework.VoidAsked}

// voidable refuses to void what later entries rest on: one that altered the same fact or what this one made, or one
// that made a part which points at it.
func voidable(e recorded, t *Tracks, record []casework.Recorded) error {
	switch {
	case slices.Contains(lasting, e.Kind):
		return fault.New(fault.Conflict, "entry.lasting", "kind", string(e.Kind))
	case e.Undo == nil && !slices.Contains(harmless, e.Kind):
		return fault.New(fault.Conflict, "entry.undo_unknown", "kind", string(e.Kind))
	case e.Undo == nil:
		return nil
	}
	for _, later := range record {
		if later.Seq > e.Seq && later.VoidedBy == 0 && later.Kind != casework.EntryVoided && e.touched(later) {
			return builtUpon(later.Seq)
		}
	}
	for _, set := range slices.Concat(e.Undo.Set, e.Undo.Personal) {
		if by := goneBy(record, set.Ref); by != 0 {
			return builtUpon(by)
		}
	}
	for _, made := range e.Undo.Made {
		if made.ID == uuid.Nil {
			continue // the one part of its kind, which nothing names
		}
		if ref, found := t.pointing(made.ID); found && !slices.Contains(e.Undo.Made, ref) {
			return builtUpon(madeBy(record, ref))
		}
	}
	return nil
}

func builtUpon(seq int) error {
	return fault.New(fault.Conflict, "entry.built_upon", "by", strconv.Itoa(seq))
}

func madeBy(record []casework.Recorded, ref casework.Ref) int {
	for _, e := range record {
		if e.VoidedBy == 0 && e.Undo != nil && slices.Contains(e.Undo.Made, ref) {
			return e.Seq
		}
	}
	return 0
}

// goneBy is the entry that took away a part; 0 when none did, or when the part was made again, as the months of a claim
// are.
func goneBy(record []casework.Recorded, ref casework.Ref) int {
	newest, by := 0, 0
	for _, e := range record {
		if e.Seq > newest && ref.ID != uuid.Nil && e.Undo != nil && slices.Contains(e.Undo.Made, ref) {
			newest, by = e.Seq, e.VoidedBy
		}
	}
	return by
}

// moving are entries that alter the stage of a case. The ones that a withdrawn layoff makes do not say what they
// replaced: a case is not what it was before a stage that was left behind by them.
var moving = []casework.Kind{casework.CaseAdvanced, casework.CaseClosed, casework.CaseReopened}

// touched tells whether another entry altered a fact that this one altered, or a part that it made.
func (e recorded) touched(by casework.Recorded) bool {
	if by.Undo == nil {
		_, stage := e.Undo.Case["stage"]
		_, followUp := e.Undo.Case["follow_up_on"] // closing takes it away
		return (stage || followUp) && slices.Contains(moving, by.Kind)
	}
	later := by.Undo
	for name := range later.Case {
		if _, both := e.Undo.Case[name]; both {
			return true
		}
	}
	mine := slices.Concat(e.Undo.Set, e.Undo.Personal)
	for _, b := range slices.Concat(later.Set, later.Personal) {
		if slices.Contains(e.Undo.Made, b.Ref) {
			return true
		}
		for _, m := range mine {
			if m.Ref == b.Ref && overlap(m.Was, b.Was) {
				return true
			}
		}
	}
	return false
}

func overlap(a, b map[string]json.RawMessage) bool {
	for name := range a {
		if _, both := b[name]; both {
			return true
		}
	}
	return false
}

// paid are the fields that say what was paid.
var paid = []string{"GivenOn", "Paid", "Grants"}

func (e recorded) money() bool {
	return e.Undo != nil && slices.ContainsFunc(e.Undo.Set, func(b casework.Before) bool {
		return slices.ContainsFunc(paid, func(name string) bool { return b.Was[name] != nil })
	})
}

// askedBefore tells whether another officer has asked for it. Who does it has the right to void what others wrote.
func askedBefore(record []casework.Recorded, seq int, actor authz.OfficerID, may bool) bool {
	return may && slices.ContainsFunc(record, func(e casework.Recorded) bool {
		return e.Kind == casework.VoidAsked && e.VoidedBy == 0 && e.Void().Seq == seq && e.Actor != actor
	})
}
