package casework_test

import (
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/identity"
)

// correcting is the service over a case, and what a correction makes of it.
func correcting(t *testing.T, c casework.Case, p casework.Person,
	k casework.Correction) (*held, casework.State, error) {
	t.Helper()
	h := &held{c: c, p: p}
	s := casework.New(casework.Deps{Store: h, Clock: clock.At(night), Tree: regions(t), JKP: law(), Measures: measures(t)})
	state, err := s.Correct(t.Context(), authz.Op{}, casework.ID{}, 1, k)
	return h, state, err
}

// A corrected day of the PHK moves the last day for a claim as long as no claim is decided and the case is open. A
// claim that runs has the deadline of its months.
func TestWhatFollowsFromACorrectedDay(t *testing.T) {
	t.Parallel()
	for _, stage := range casework.Stages() {
		for _, claim := range casework.ClaimNone.Values() {
			c := in(stage)
			c.Region, c.ClaimState, c.TerminatedOn = "3273", claim, calendar.MustDate("2026-05-01")
			c.DueOn, c.DueFor = calendar.MustDate("2026-11-01"), "claim"
			if stage == casework.Closed || claim == casework.ClaimRefused || claim == casework.ClaimCompleted ||
				claim == casework.ClaimStopped {
				c.DueOn, c.DueFor = calendar.Date{}, ""
			}
			was := c
			h, state, err := correcting(t, c, casework.Person{Name: "Siti"}, casework.Correction{Reason: "surat PHK",
				Edit: func(c *casework.Case, _ *casework.Person) error {
					c.TerminatedOn = calendar.MustDate("2026-06-01")
					return nil
				}})
			if err != nil || h.event.Kind != casework.CaseCorrected {
				t.Fatalf("%s, %s: %v %s", stage, claim, err, h.event.Kind)
			}
			var due calendar.Date
			switch {
			case stage == casework.Closed:
			case claim == casework.ClaimNone || claim == casework.ClaimApplied || claim == casework.ClaimWithdrawn:
				due = calendar.MustDate("2026-12-01")
			case claim == casework.ClaimRunning:
				due = was.DueOn
			}
			if h.c.DueOn != due {
				t.Errorf("%s, %s: due on %s", stage, claim, h.c.DueOn)
			}
			if told := state.Told != nil && len(state.Told.Follows) == 1; told != (due != was.DueOn) {
				t.Errorf("%s, %s: told %+v", stage, claim, state.Told)
			}
			payload, _ := h.event.Payload.(casework.Corrected)
			if payload.Reason != "surat PHK" || payload.TerminatedOn == nil || payload.TerminatedOn.From != was.TerminatedOn ||
				len(payload.Worker) != 0 {
				t.Errorf("recorded %+v", payload)
			}
		}
	}
}

// Of a worker only the names of the facts stand in the entry; the values and the reason are sealed, and come back.
func TestACorrectedWorkerIsSealed(t *testing.T) {
	t.Parallel()
	c := in(casework.Intake)
	c.Region, c.TerminatedOn = "3273", calendar.MustDate("2026-05-01")
	h, _, err := correcting(t, c, casework.Person{Name: "Siti", Wage: identity.NewWage(3_000_000)},
		casework.Correction{Reason: " slip upah ",
			Edit: func(_ *casework.Case, p *casework.Person) error {
				p.Name, p.Wage = "Siti  Aminah", identity.NewWage(4_000_000)
				return nil
			}})
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := h.event.Payload.(casework.Corrected)
	if h.event.Kind != casework.WorkerCorrected || strings.Join(payload.Worker, " ") != "name wage" ||
		payload.Reason != "" {
		t.Errorf("recorded %s %+v", h.event.Kind, payload)
	}
	e := casework.Entry{Kind: h.event.Kind}
	if err := e.OpenSealed(h.event.Secret.Reveal()); err != nil {
		t.Fatal(err)
	}
	if e.Note.Reveal() != "slip upah" || len(e.Changes) != 2 || e.Changes[0].To.Reveal() != "Siti Aminah" ||
		e.Changes[1].From.Reveal() != "3000000" {
		t.Errorf("opened %s, %d changes", e.Note.Reveal(), len(e.Changes))
	}
	if e.OpenSealed("x") == nil {
		t.Error("what is no correction is read as one")
	}
}

// What stood wrong before keeps nothing else from being put right; what becomes wrong is refused.
func TestAnOldFaultRefusesNoOtherCorrection(t *testing.T) {
	t.Parallel()
	c := in(casework.Intake)
	c.Region, c.TerminatedOn = "3273", calendar.MustDate("1980-05-01")
	p := casework.Person{Name: "Siti", BirthDate: calendar.MustDate("1990-01-01")}
	edit := func(day string) casework.Correction {
		return casework.Correction{Reason: "x", Edit: func(_ *casework.Case, p *casework.Person) error {
			p.Position, p.BirthDate = "Penjahit", calendar.MustDate(day)
			return nil
		}}
	}
	if _, _, err := correcting(t, c, p, edit("1990-01-01")); err != nil {
		t.Errorf("another fact: %v", err)
	}
	_, _, err := correcting(t, c, p, edit("2026-10-02"))
	want(t, "born tomorrow", err, "worker.birth_date_future", "birth_date")
	_, _, err = correcting(t, c, p, casework.Correction{Reason: strings.Repeat("é", casework.MaxReason+1)})
	want(t, "a long reason", err, "correction.reason_required", "reason")
}
