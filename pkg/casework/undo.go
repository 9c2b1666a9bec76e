package casework

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/identity"
)

// EntryVoided is the entry that takes another one back, VoidAsked one that asks for it where two must agree.
const (
	EntryVoided Kind = "entry.voided"
	VoidAsked   Kind = "entry.void_asked"
)

// Undo is what an entry replaced: the facts that it altered with their values before. It stands in the payload of every
// entry that altered something, so that the entry can be taken back for certain. What follows from facts is not in it.
type Undo struct {
	Made []Ref                      `json:"made,omitempty"`
	Set  []Before                   `json:"set,omitempty"`
	Case map[string]json.RawMessage `json:"case,omitempty"`

	Personal []Before `json:"-"` // values that only go sealed
}

// Ref names a part of a case by its kind and id.
type Ref struct {
	Part string    `json:"part"`
	ID   uuid.UUID `json:"id"`
}

// Before is a part with the values that some of its fields had.
type Before struct {
	Ref
	Was map[string]json.RawMessage `json:"was"`
}

// Empty tells whether the entry altered no fact.
func (u *Undo) Empty() bool {
	return len(u.Made) == 0 && len(u.Set) == 0 && len(u.Case) == 0 && len(u.Personal) == 0
}

// facts are the fields of a case that an entry can alter and take back, by name.
func (c *Case) facts() map[string]any {
	return map[string]any{"stage": &c.Stage, "outcome": &c.Outcome, "closed_on": &c.ClosedOn,
		"follow_up_on": &c.FollowUpOn,
		"officer":      (*uuid.UUID)(&c.Officer), "region": &c.Region, "duplicate_of": (*uuid.UUID)(&c.DuplicateOf),
		"terminated_on": &c.TerminatedOn, "layoff": &c.LayoffID}
}

// Replaced adds the facts of the case that differ from what they were before.
func (u *Undo) Replaced(before, after *Case) {
	now := after.facts()
	for name, field := range before.facts() {
		was, is := encoded(field), encoded(now[name])
		if string(was) == string(is) {
			continue
		}
		if u.Case == nil {
			u.Case = map[string]json.RawMessage{}
		}
		u.Case[name] = was
	}
}

// Restore gives the case the facts back that an entry replaced.
func (c *Case) Restore(u Undo) error {
	fields := c.facts()
	for name, was := range u.Case {
		field, known := fields[name]
		if !known {
			return fmt.Errorf("restore case %s: no fact %q", c.ID, name)
		}
		if err := json.Unmarshal(was, field); err != nil {
			return fmt.Errorf("restore %s of case %s: %w", name, c.ID, err)
		}
	}
	return nil
}

func encoded(field any) json.RawMessage {
	text, _ := json.Marshal(field) // texts, days and ids always have a JSON form
	return text
}

// Voided is the payload of entry.voided and of entry.void_asked. Was is what stood in parts that are gone, but for what
// is personal, which is sealed beside it.
type Voided struct {
	Seq    int      `json:"seq"`
	Kind   Kind     `json:"kind"`
	Reason string   `json:"reason"`
	Was    []Before `json:"was,omitempty"`
}

// Recorded is an entry with what it replaced; Undo is nil for one that says nothing of that.
type Recorded struct {
	Entry
	Undo   *Undo
	Sealed identity.Secret // Undo.Personal as JSON
}

// Void reads which entry this one voids or asks to void; 0 for every other entry.
func (e *Entry) Void() (v Voided) {
	if e.Kind == EntryVoided || e.Kind == VoidAsked {
		_ = json.Unmarshal([]byte(e.Payload), &v) // this program wrote it
	}
	return v
}

// MarkVoided notes with each entry which later one voided it.
func MarkVoided(entries []Entry) {
	for i := range entries {
		if e := &entries[i]; e.Kind == EntryVoided {
			if seq := e.Void().Seq; seq > 0 && seq <= len(entries) {
				entries[seq-1].VoidedBy = e.Seq
			}
		}
	}
}

// Shown is the payload without what it replaced and without what is sealed: the store adds both behind everything else.
func (e *Entry) Shown() string {
	shown := e.Payload
	for _, field := range []string{`"undo":{`, `"undo_sealed":"`, `"sealed":"`} {
		if at := strings.Index(shown, field); at > 0 {
			shown = strings.TrimSuffix(shown[:at], ",") + "}"
		}
	}
	return shown
}
