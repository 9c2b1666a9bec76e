package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
)

// MaxReason is the longest reason of a correction, in characters.
const MaxReason = 500

// Correction changes facts of a case and of its worker that were stated wrong, or that are otherwise now. Edit writes
// the right ones; what it does not touch stays. What follows from the facts is computed anew.
type Correction struct {
	Reason string
	Edit   func(*Case, *Person) error
}

// Consequence is what a correction changed beside what was corrected.
type Consequence struct {
	Field    string
	From, To string
}

// FieldChange is a fact of a worker before and after its correction.
type FieldChange struct {
	Field    string
	From, To identity.Secret
}

// Corrected is the payload of case.corrected and worker.corrected: facts of the case in clear, of the worker only their
// names. Their values, and the reason of a correction of the worker, are sealed beside it.
type Corrected struct {
	Worker       []string     `json:"worker,omitempty"`
	TerminatedOn *DateChange  `json:"terminated_on,omitempty"`
	Layoff       *LayoffMoved `json:"layoff,omitempty"`
	Reason       string       `json:"reason,omitempty"`
}

// DateChange is a day before and after.
type DateChange struct {
	From calendar.Date `json:"from"`
	To   calendar.Date `json:"to"`
}

// LayoffMoved is the layoff of a case before and after; the zero id is none.
type LayoffMoved struct {
	From uuid.UUID `json:"from"`
	To   uuid.UUID `json:"to"`
}

// facts are the facts of a person as texts, in the order in which people read them.
func (p *Person) facts() []FieldChange {
	fact := func(name, text string) FieldChange { return FieldChange{Field: name, To: identity.NewSecret(text)} }
	wage, born := "", dayText(p.BirthDate)
	if !p.Wage.IsZero() {
		wage = fmt.Sprint(int64(p.Wage.Reveal()))
	}
	facts := []FieldChange{fact("name", p.Name), fact("nik", p.NIK.Reveal()), fact("birth_date", born),
		fact("sex", string(p.Sex)), fact("position", p.Position), fact("employer", p.Employer),
		fact("phone", p.Phone.Reveal()), fact("email", p.Email.Reveal()), fact("kpj", p.KPJ.Reveal()),
		fact("address", p.Address.Reveal()), fact("residence", string(p.Residence)), fact("wage", wage),
		fact("bank", p.Bank.Reveal()), fact("bank_account", p.BankAccount.Reveal())}
	for _, f := range p.Employment.Texts() {
		facts = append(facts, fact("employment."+f[0], f[1]))
	}
	return facts
}

// changesOf are the facts of a person that two states of it differ in.
func changesOf(before, after *Person) []FieldChange {
	var changes []FieldChange
	was := before.facts()
	for i, now := range after.facts() {
		if !now.To.Equal(was[i].To) {
			changes = append(changes, FieldChange{Field: now.Field, From: was[i].To, To: now.To})
		}
	}
	return changes
}

// Correct changes facts of a case and of its worker, whatever its stage: also a closed case must say what is true. It
// refuses a correction without a reason (correction.reason_required), one that changes nothing (correction.nothing),
// and facts that cannot be, by the rules that hold for a new case.
func (s *Service) Correct(ctx context.Context, op authz.Op, id ID, version int, k Correction) (State, error) {
	k.Reason = strings.TrimSpace(k.Reason)
	if n := utf8.RuneCountInString(k.Reason); n == 0 || n > MaxReason {
		return State{}, fault.New(fault.Invalid, "correction.reason_required").At("reason")
	}
	return s.Store.Correct(ctx, op, id, version, func(c *Case, p *Person) (Event, error) {
		return s.correct(c, p, k)
	})
}

func (s *Service) correct(c *Case, p *Person, k Correction) (Event, error) {
	was, before, today := *c, *p, s.Today(c.Region)
	if err := k.Edit(c, p); err != nil {
		return Event{}, err
	}
	p.tidy()
	warnings, err := s.judge(c, p, today, "", s.findings(&was, &before, today))
	if err != nil {
		return Event{}, err
	}
	event, err := corrected(&was, c, changesOf(&before, p), k.Reason)
	if err != nil {
		return Event{}, err
	}
	c.Derive(s.JKP)
	event.OccurredOn, event.Told = today, Tell(warnings, Followed(&was, c))
	return event, nil
}

// Followed are the consequences that a case shows.
func Followed(before, after *Case) []Consequence {
	var list []Consequence
	note := func(field, from, to string) {
		if from != to {
			list = append(list, Consequence{field, from, to})
		}
	}
	note("due_on", dayText(before.DueOn), dayText(after.DueOn))
	note("due_for", before.DueFor, after.DueFor)
	note("claim", string(before.ClaimState), string(after.ClaimState))
	return list
}

func corrected(before, after *Case, changes []FieldChange, reason string) (Event, error) {
	payload := Corrected{Reason: reason}
	if before.TerminatedOn != after.TerminatedOn {
		payload.TerminatedOn = &DateChange{before.TerminatedOn, after.TerminatedOn}
	}
	if before.LayoffID != after.LayoffID {
		payload.Layoff = &LayoffMoved{before.LayoffID, after.LayoffID}
	}
	if len(changes) == 0 {
		if payload.TerminatedOn == nil && payload.Layoff == nil {
			return Event{}, fault.New(fault.Invalid, "correction.nothing")
		}
		return Event{Kind: CaseCorrected, Payload: payload}, nil
	}
	payload.Reason = ""
	for _, change := range changes {
		payload.Worker = append(payload.Worker, change.Field)
	}
	secret, err := SealedCorrection(reason, changes)
	return Event{Kind: WorkerCorrected, Payload: payload, Secret: secret}, err
}

// keptCorrection is the sealed part of worker.corrected, and of the entry of a corrected part.
type keptCorrection struct {
	Reason  string       `json:"reason"`
	Changes []keptChange `json:"changes"`
}

type keptChange struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// SealedCorrection is what is sealed in the entry of a correction: its reason, and the values that are personal.
func SealedCorrection(reason string, changes []FieldChange) (identity.Secret, error) {
	kept := keptCorrection{Reason: reason, Changes: make([]keptChange, len(changes))}
	for i, change := range changes {
		kept.Changes[i] = keptChange{change.Field, change.From.Reveal(), change.To.Reveal()}
	}
	text, err := json.Marshal(kept)
	return identity.NewSecret(string(text)), err
}

// OpenSealed gives an entry the text that was sealed beside its payload: a note, or the reason and the values of a
// correction.
func (e *Entry) OpenSealed(text string) error {
	if !strings.HasSuffix(string(e.Kind), ".corrected") {
		e.Note = identity.NewSecret(text)
		return nil
	}
	var kept keptCorrection
	if json.Unmarshal([]byte(text), &kept) != nil {
		return errors.New("sealed correction cannot be read") // the cause would quote it
	}
	e.Note = identity.NewSecret(kept.Reason)
	for _, k := range kept.Changes {
		e.Changes = append(e.Changes, FieldChange{k.Field, identity.NewSecret(k.From), identity.NewSecret(k.To)})
	}
	return nil
}
