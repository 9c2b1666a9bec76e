package track_test

import (
	"context"
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/track"
)

// archive is a case in memory with its history.
type archive struct {
	*held
	record []casework.Recorded
}

func (a *archive) ChangeRecord(_ context.Context, _ authz.Op, _ casework.ID, _ int,
	fn func(*casework.Case, *track.Tracks, []casework.Recorded) (casework.Event, error)) (casework.State, error) {
	event, err := fn(&a.c, &a.f, a.record)
	if err == nil {
		a.event = event
	}
	return casework.State{}, err
}

var (
	author  = authz.OfficerID{1}
	second  = authz.OfficerID{2}
	january = *track.Months.ID(&track.Month{Claim: uuid.UUID{5}, N: 1})
)

// write is an entry of a history, written by the author at noon of day 100 unless changed.
func write(seq int, kind casework.Kind, undo *casework.Undo, changes ...func(*casework.Recorded)) casework.Recorded {
	e := casework.Recorded{Entry: casework.Entry{Seq: seq, Kind: kind, Actor: author,
		RecordedAt: day(100).Time().Add(5 * time.Hour)}, Undo: undo}
	for _, change := range changes {
		change(&e)
	}
	return e
}

func voided(by int) func(*casework.Recorded) { return func(e *casework.Recorded) { e.VoidedBy = by } }

func asks(seq int, actor authz.OfficerID) func(*casework.Recorded) {
	return func(e *casework.Recorded) {
		text, _ := json.Marshal(casework.Voided{Seq: seq})
		e.Payload, e.Actor = string(text), actor
	}
}

// was is a part with what some of its fields were.
func was(kind string, id uuid.UUID, fields map[string]string) casework.Before {
	b := casework.Before{Ref: casework.Ref{Part: kind, ID: id}, Was: map[string]json.RawMessage{}}
	for name, text := range fields {
		b.Was[name] = json.RawMessage(text)
	}
	return b
}

func makes(kind string, id uuid.UUID) *casework.Undo {
	return &casework.Undo{Made: []casework.Ref{{Part: kind, ID: id}}}
}

func sets(kind string, id uuid.UUID, fields ...string) *casework.Undo {
	texts := map[string]string{}
	for _, f := range fields {
		texts[f] = `""`
	}
	return &casework.Undo{Set: []casework.Before{was(kind, id, texts)}}
}

func replaces(fact, was string) *casework.Undo {
	return &casework.Undo{Case: map[string]json.RawMessage{fact: json.RawMessage(was)}}
}

// trail is a history around a job application: 2 made it, 3 corrected its position, 4 took a training on, 5 issued the
// certificate of that, 6 noted something, 7 paid a month.
func trail(entries map[int]casework.Recorded) []casework.Recorded {
	course, paper := uuid.UUID{3}, uuid.UUID{4}
	of := map[int]casework.Recorded{
		1: write(1, casework.CaseOpened, nil), 2: write(2, track.ApplicationRecorded, makes("application", part)),
		3: write(3, "application.corrected", sets("application", part, "Position")),
		4: write(4, track.TrainingEnrolled, makes("training", course)),
		5: write(5, track.CertificateRecorded, makes("certificate", paper)),
		6: write(6, casework.CaseNoted, nil), 7: write(7, "claim.month_paid", sets("claim.month", january, "GivenOn")),
	}
	maps.Copy(of, entries)
	var list []casework.Recorded
	for seq := 1; seq <= len(of); seq++ {
		list = append(list, of[seq])
	}
	return list
}

func archived(t *testing.T, record []casework.Recorded) (*track.Service, *archive) {
	t.Helper()
	s, h := serving(t, "3273", day(100))
	a := &archive{h, record}
	h.f = applied(3)
	h.f.Trainings = []track.Training{{ID: uuid.UUID{3}, State: track.Completed, StartsOn: day(4), Attendance: 80}}
	h.f.Certificates = []track.Certificate{{ID: uuid.UUID{4}, Training: uuid.UUID{3}, IssuedOn: day(9)}}
	h.f.Claims = []track.Claim{{ID: uuid.UUID{5}, State: casework.ClaimRunning, ReferenceOn: start, AppliedOn: start}}
	h.f.Months = []track.Month{{Claim: uuid.UUID{5}, N: 1, State: track.MonthPaid, GivenOn: day(20)}}
	s.Store = a
	return s, a
}

// What may be taken back, by whom and when: policies/security.md.
func TestWhatMayBeVoided(t *testing.T) {
	t.Parallel()
	own, late := refusal{"entry.not_own", ""}, func(e *casework.Recorded) { e.RecordedAt = day(99).Time().Add(5 * time.Hour) }
	theirs := func(e *casework.Recorded) { e.Actor = second }
	made := makes("application", part)
	built := refusal{"entry.built_upon", ""}
	stage, followUp, officer := replaces("stage", `"intake"`), replaces("follow_up_on", `""`), replaces("officer", `"00000000-0000-0000-0000-000000000000"`)
	for name, x := range map[string]struct {
		record map[int]casework.Recorded
		v      track.Voiding
		r      refusal
	}{
		"the last of a part":        {nil, track.Voiding{Seq: 3}, taken},
		"without a reason":          {nil, track.Voiding{Seq: 3, Reason: " "}, refusal{"case.reason_required", "reason"}},
		"that is not there":         {nil, track.Voiding{Seq: 8}, refusal{"entry.not_found", ""}},
		"of a part that is not":     {nil, track.Voiding{Part: uuid.UUID{9}}, refusal{"entry.not_found", ""}},
		"a note":                    {nil, track.Voiding{Seq: 6}, taken},
		"the opening":               {nil, track.Voiding{Seq: 1}, refusal{"entry.lasting", ""}},
		"what says nothing of it":   {map[int]casework.Recorded{3: write(3, "application.corrected", nil)}, track.Voiding{Seq: 3}, refusal{"entry.undo_unknown", ""}},
		"voided before":             {map[int]casework.Recorded{3: write(3, "application.corrected", sets("application", part, "Position"), voided(8))}, track.Voiding{Seq: 3}, refusal{"entry.already_voided", ""}},
		"what was corrected since":  {nil, track.Voiding{Seq: 2}, built},
		"the part, by its id":       {nil, track.Voiding{Part: part}, built},
		"what a paper rests on":     {nil, track.Voiding{Part: uuid.UUID{3}}, built},
		"the paper":                 {nil, track.Voiding{Part: uuid.UUID{4}}, taken},
		"corrected, and taken back": {map[int]casework.Recorded{3: write(3, "application.corrected", sets("application", part, "Position"), voided(8))}, track.Voiding{Seq: 2}, taken},
		"beside another fact": {map[int]casework.Recorded{4: write(4, "application.corrected",
			sets("application", part, "Employer"))}, track.Voiding{Seq: 3}, taken},
		"before the same fact": {map[int]casework.Recorded{4: write(4, "application.corrected",
			sets("application", part, "Position"))}, track.Voiding{Seq: 3}, built},
		"after the same fact": {map[int]casework.Recorded{4: write(4, "application.corrected",
			sets("application", part, "Position"))}, track.Voiding{Seq: 4}, taken},
		"before the same fact of another": {map[int]casework.Recorded{4: write(4, "application.corrected",
			sets("application", uuid.UUID{8}, "Position"))}, track.Voiding{Seq: 3}, taken},
		"before what was taken back since": {map[int]casework.Recorded{4: write(4, casework.EntryVoided,
			sets("application", part, "Position"))}, track.Voiding{Seq: 3}, taken},
		"a stage, before a closing that says nothing of it": {map[int]casework.Recorded{
			2: write(2, casework.CaseAdvanced, stage), 3: write(3, casework.CaseClosed, nil)}, track.Voiding{Seq: 2}, built},
		"a follow-up, before such a closing": {map[int]casework.Recorded{
			2: write(2, casework.CaseFollowUp, followUp), 3: write(3, casework.CaseClosed, nil)}, track.Voiding{Seq: 2}, built},
		"a stage, before such a closing that was taken back": {map[int]casework.Recorded{
			2: write(2, casework.CaseAdvanced, stage), 3: write(3, casework.CaseClosed, nil, voided(8))},
			track.Voiding{Seq: 2}, taken},
		"a stage, before a note": {map[int]casework.Recorded{
			2: write(2, casework.CaseAdvanced, stage), 3: write(3, casework.CaseNoted, nil)}, track.Voiding{Seq: 2}, taken},
		"the officer, before such a closing": {map[int]casework.Recorded{
			2: write(2, casework.CaseAssigned, officer), 3: write(3, casework.CaseClosed, nil)}, track.Voiding{Seq: 2}, taken},
		"of another officer":            {map[int]casework.Recorded{2: write(2, track.ApplicationRecorded, made, theirs), 3: write(3, "x", nil)}, track.Voiding{Seq: 2}, own},
		"of yesterday":                  {map[int]casework.Recorded{2: write(2, track.ApplicationRecorded, made, late), 3: write(3, "x", nil)}, track.Voiding{Seq: 2}, own},
		"of another, with the right to": {map[int]casework.Recorded{2: write(2, track.ApplicationRecorded, made, theirs), 3: write(3, "x", nil)}, track.Voiding{Seq: 2, Any: true}, taken},
		"of yesterday, with it":         {map[int]casework.Recorded{2: write(2, track.ApplicationRecorded, made, late), 3: write(3, "x", nil)}, track.Voiding{Seq: 2, Any: true}, taken},
	} {
		s, a := archived(t, trail(x.record))
		if x.v.Reason == "" {
			x.v.Reason = "salah"
		}
		_, err := s.Void(t.Context(), track.Target{Op: authz.Op{Actor: author}, Version: 1}, x.v)
		want(t, name, err, x.r)
		if (a.event.Kind == casework.EntryVoided) != (x.r == taken) {
			t.Errorf("%s: recorded %q", name, a.event.Kind)
		}
	}
}

// Money that was paid takes two officers: the one who asks, and another one who has the right to void what others
// wrote.
func TestMoneyIsVoidedByTwo(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		asked *casework.Recorded
		any   bool
		kind  casework.Kind
	}{
		"the first":                {nil, true, casework.VoidAsked},
		"the second":               {new(write(8, casework.VoidAsked, nil, asks(7, second))), true, casework.EntryVoided},
		"the second without right": {new(write(8, casework.VoidAsked, nil, asks(7, second))), false, casework.VoidAsked},
		"the same once more":       {new(write(8, casework.VoidAsked, nil, asks(7, author))), true, casework.VoidAsked},
		"asked for another":        {new(write(8, casework.VoidAsked, nil, asks(6, second))), true, casework.VoidAsked},
		"asked, and taken back":    {new(write(8, casework.VoidAsked, nil, asks(7, second), voided(9))), true, casework.VoidAsked},
	} {
		record := trail(map[int]casework.Recorded{7: write(7, "claim.month_paid", &casework.Undo{
			Set: []casework.Before{was("claim.month", january, map[string]string{"GivenOn": `""`, "State": `"upcoming"`})}})})
		if x.asked != nil {
			record = append(record, *x.asked)
		}
		s, a := archived(t, record)
		_, err := s.Void(t.Context(), track.Target{Op: authz.Op{Actor: author}, Version: 1},
			track.Voiding{Seq: 7, Reason: "salah", Any: x.any})
		want(t, name, err, taken)
		gone := x.kind == casework.EntryVoided
		if a.event.Kind != x.kind || a.f.Months[0].GivenOn.IsZero() != gone {
			t.Errorf("%s: recorded %s, given on %s", name, a.event.Kind, a.f.Months[0].GivenOn)
		}
	}
}

// What an entry altered is what it was, sealed values as well; what it made goes, and the entry says what it was.
func TestWhatAVoidRestores(t *testing.T) {
	t.Parallel()
	corrected := write(3, "application.corrected", sets("application", part, "Position"),
		func(e *casework.Recorded) {
			e.Undo.Set[0].Was = map[string]json.RawMessage{"AppliedOn": json.RawMessage(`"` + day(1).String() + `"`)}
			text, err := json.Marshal([]casework.Before{was("application", part, map[string]string{"Employer": `"PT Lama"`})})
			if err != nil {
				t.Fatal(err)
			}
			e.Sealed = identity.NewSecret(string(text))
		})
	s, a := archived(t, trail(map[int]casework.Recorded{3: corrected}))
	to := track.Target{Op: authz.Op{Actor: author}, Version: 1}
	_, err := s.Void(t.Context(), to, track.Voiding{Seq: 3, Reason: "salah"})
	want(t, "corrected", err, taken)
	if got := a.f.Applications[0]; got.Employer != "PT Lama" || got.AppliedOn != day(1) || got.Position != "Penjahit" {
		t.Errorf("restored to %+v", got)
	}
	if said, _ := a.event.Payload.(casework.Voided); said.Seq != 3 || said.Kind != "application.corrected" || said.Reason != "salah" {
		t.Errorf("recorded %+v", a.event.Payload)
	}
	s, a = archived(t, trail(map[int]casework.Recorded{3: write(3, casework.CaseNoted, nil)}))
	_, err = s.Void(t.Context(), to, track.Voiding{Part: part, Reason: "salah"})
	want(t, "recorded", err, taken)
	said, _ := a.event.Payload.(casework.Voided)
	if len(a.f.Applications) != 0 || len(said.Was) != 1 || said.Was[0].ID != part || a.event.Secret.IsZero() {
		t.Errorf("%d are left, recorded %+v", len(a.f.Applications), said)
	}
	if calendar.FromTime(a.record[1].RecordedAt) != day(100) || len(a.f.Certificates) != 1 {
		t.Error("something else went, too")
	}
}
