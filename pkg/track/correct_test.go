package track_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/track"
)

// mend corrects a part of a case and gives what was kept of it, and what the correction said.
func mend[P any, S ~string, X any](t *testing.T, k *track.Kind[P, S, X], f track.Tracks,
	edit func(*P)) (*held, casework.State, error) {
	t.Helper()
	s, h := serving(t, "3273", day(300))
	h.f = f
	state, err := k.Correct(t.Context(), s, track.Target{Version: 1}, track.Correction[P]{ID: part, Reason: "salah ketik",
		Edit: func(p *P) error { edit(p); return nil }})
	return h, state, err
}

func applied(on int) track.Tracks {
	return track.Tracks{Applications: []track.Application{{ID: part, Employer: "PT Satu", Position: "Penjahit",
		State: track.Submitted, Reached: track.Submitted, AppliedOn: day(on)}}}
}

// A correction says which facts were what; what is personal stands only in the sealed part, and the reason, too.
func TestACorrectionSaysWhatItChanged(t *testing.T) {
	t.Parallel()
	h, _, err := mend(t, track.Applications, applied(3),
		func(a *track.Application) { a.Employer, a.AppliedOn = "PT Dua", day(4) })
	if err != nil {
		t.Fatal(err)
	}
	said, is := h.event.Payload.(track.PartCorrected)
	if !is || h.event.Kind != "application.corrected" || len(said.Changed) != 1 || said.Changed[0] != (track.FactChanged{
		Field: "applied_on", From: day(3).String(), To: day(4).String()}) || len(said.Personal) != 1 ||
		said.Personal[0] != "employer" {
		t.Fatalf("recorded %s %+v", h.event.Kind, said)
	}
	e := casework.Entry{Kind: h.event.Kind}
	if err := e.OpenSealed(h.event.Secret.Reveal()); err != nil || e.Note.Reveal() != "salah ketik" ||
		len(e.Changes) != 1 ||
		e.Changes[0].From.Reveal() != "PT Satu" || e.Changes[0].To.Reveal() != "PT Dua" {
		t.Errorf("opened %q, %d changes, %v", e.Note.Reveal(), len(e.Changes), err)
	}
}

// What cannot be recorded cannot become so by a correction, and a first day does not pass what followed it.
func TestACorrectionKeepsToTheRulesOfRecording(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		mend func() error
		r    refusal
	}{
		"nothing": {func() error {
			_, _, err := mend(t, track.Applications, applied(3), func(*track.Application) {})
			return err
		}, refusal{"correction.nothing", ""}},
		"no employer": {func() error {
			_, _, err := mend(t, track.Applications, applied(3), func(a *track.Application) { a.Employer = " " })
			return err
		}, refusal{"application.employer_missing", "employer"}},
		"no day": {func() error {
			_, _, err := mend(t, track.Applications, applied(3), func(a *track.Application) { a.AppliedOn = calendar.Date{} })
			return err
		}, refusal{"part.day_missing", "applied_on"}},
		"tomorrow": {func() error {
			_, _, err := mend(t, track.Applications, applied(3), func(a *track.Application) { a.AppliedOn = day(301) })
			return err
		}, refusal{"case.occurred_in_future", "applied_on"}},
		"today": {func() error {
			_, _, err := mend(t, track.Applications, applied(3), func(a *track.Application) { a.AppliedOn = day(300) })
			return err
		}, taken},
		"after a call": {func() error {
			f := applied(3)
			f.Applications[0].CalledOn = day(9)
			_, _, err := mend(t, track.Applications, f, func(a *track.Application) { a.AppliedOn = day(10) })
			return err
		}, refusal{"part.after_step", "applied_on"}},
		"the same as another": {func() error {
			f := applied(3)
			f.Applications = append(f.Applications, track.Application{ID: uuid.UUID{2}, Employer: "pt  SATU",
				Position: "penjahit", AppliedOn: day(4), State: track.Submitted, Reached: track.Submitted})
			_, _, err := mend(t, track.Applications, f, func(a *track.Application) { a.AppliedOn = day(4) })
			return err
		}, refusal{"part.recorded_already", ""}},
		"an answer before the one before": {func() error {
			_, _, err := mend(t, track.Responses,
				track.Tracks{Responses: []track.Response{{ID: uuid.UUID{2}, State: track.Accepted,
					On: day(5)}, {ID: part, State: track.Refused, On: day(7)}}}, func(r *track.Response) { r.On = day(4) })
			return err
		}, refusal{"response.before_last", "on"}},
		"an answer after the one after": {func() error {
			_, _, err := mend(t, track.Responses, track.Tracks{Responses: []track.Response{{ID: part, State: track.Refused,
				On: day(5)}, {ID: uuid.UUID{2}, State: track.Disputed, On: day(7)}}}, func(r *track.Response) { r.On = day(8) })
			return err
		}, refusal{"part.after_step", "on"}},
		"an answer that the next does not follow": {func() error {
			_, _, err := mend(t, track.Responses, track.Tracks{Responses: []track.Response{{ID: part, State: track.Refused,
				On: day(5)}, {ID: uuid.UUID{2}, State: track.Agreed, On: day(7)}}},
				func(r *track.Response) { r.State = track.Accepted })
			return err
		}, refusal{"response.transition_refused", ""}},
		"a card that was reported": {func() error {
			_, _, err := mend(t, track.JobSeekerCards, track.Tracks{JobSeekerCards: []track.JobSeekerCard{{ID: part, Number: "1",
				State: track.CardActive, IssuedOn: day(5), Reports: 1}}}, func(k *track.JobSeekerCard) { k.IssuedOn = day(4) })
			return err
		}, refusal{"jobseeker_card.reported", "issued_on"}},
		"the number of a card that was reported": {func() error {
			_, _, err := mend(t, track.JobSeekerCards, track.Tracks{JobSeekerCards: []track.JobSeekerCard{{ID: part, Number: "1",
				State: track.CardActive, IssuedOn: day(5), Reports: 1}}}, func(k *track.JobSeekerCard) { k.Number = "2" })
			return err
		}, taken},
		"a proposal that is answered": {func() error {
			_, _, err := mend(t, track.Proposals, track.Tracks{Proposals: []track.Proposal{{ID: part, Vacancy: uuid.UUID{3},
				State: track.ProposalDeclined, ProposedOn: day(5)}}}, func(p *track.Proposal) { p.ProposedOn = day(4) })
			return err
		}, refusal{"proposal.answered", ""}},
		"a business before its case": {func() error {
			_, _, err := mend(t, track.Businesses, track.Tracks{Businesses: []track.Business{{ID: part, Title: "Warung",
				Level: track.Starter, State: track.BusinessIdea, ProposedOn: day(5)}}},
				func(b *track.Business) { b.ProposedOn = start.AddDays(-4000) })
			return err
		}, refusal{"part.before_case", "proposed_on"}},
	} {
		want(t, name, x.mend(), x.r)
	}
}

// A first day may be corrected to any day until the first step, and no further: whatever the days are, a part stands in
// the order of its days, and a refusal changes nothing.
func TestCorrectedDaysNeverRunBackwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		began := rapid.IntRange(0, 40).Draw(r, "began")
		step := began + rapid.IntRange(0, 20).Draw(r, "step")
		to := rapid.IntRange(0, 60).Draw(r, "to")
		if to == began {
			to++
		}
		f := track.Tracks{Placements: []track.Placement{{ID: part, Employer: "PT Satu", Position: "Penjahit",
			State: track.Verified, StartedOn: day(began)}}, Begun: map[uuid.UUID]calendar.Date{part: day(step)}}
		h, _, err := mend(t, track.Placements, f, func(p *track.Placement) { p.StartedOn = day(to) })
		if to > step && fault.CodeOf(err) != "part.after_step" || to <= step && err != nil {
			r.Fatalf("began %d, step %d, corrected to %d: %v", began, step, to, err)
		}
		if want := day(to); err == nil && h.f.Placements[0].StartedOn != want || err != nil &&
			h.f.Placements[0].StartedOn != day(began) {
			r.Fatalf("left %s", h.f.Placements[0].StartedOn)
		}
	})
}

// A corrected first day of a job moves the day on which the claim stops, and the answer tells it.
func TestACorrectedPlacementMovesTheStop(t *testing.T) {
	t.Parallel()
	f := track.Tracks{Claims: []track.Claim{{ID: uuid.UUID{9}, State: casework.ClaimStopped, AppliedOn: day(1),
		Result: "eligible", StopReason: track.StopJob, StoppedOn: day(40), ReferenceOn: day(2)}},
		Months: []track.Month{{Claim: uuid.UUID{9}, N: 2, State: track.MonthStopped, OpensOn: day(32), ClosesOn: day(37),
			Attendance: -1}},
		Placements: []track.Placement{{ID: part, Employer: "PT", Position: "X", State: track.Reported, StartedOn: day(40)}}}
	h, state, err := mend(t, track.Placements, f, func(p *track.Placement) { p.StartedOn = day(50) })
	if err != nil || h.f.Claims[0].StoppedOn != day(50) {
		t.Fatalf("%v, stopped on %s", err, h.f.Claims[0].StoppedOn)
	}
	if state.Told == nil || !slices.Contains(state.Told.Follows, casework.Consequence{Field: "claim.stopped_on",
		From: day(40).String(), To: day(50).String()}) {
		t.Errorf("told %+v", state.Told)
	}
}

// The same training, card, certificate or application is recorded once; who says that it is another one is believed.
func TestNothingIsRecordedTwice(t *testing.T) {
	t.Parallel()
	s, h := serving(t, "3273", day(300))
	record := func(again bool) error {
		_, err := track.Applications.Record(t.Context(), s, track.Target{Version: 1, Again: again}, track.Application{
			Employer: "PT  satu", Position: "PENJAHIT", AppliedOn: day(3)})
		return err
	}
	h.f = applied(3)
	want(t, "again", record(false), refusal{"part.recorded_already", ""})
	want(t, "another", record(true), taken)
	class := track.Training{Scheme: track.BLK, Provider: "BLK", Programme: "Las", StartsOn: day(9), EnrolledOn: day(5)}
	for _, x := range []struct {
		state track.TrainingState
		r     refusal
	}{{track.Enrolled, refusal{"part.recorded_already", ""}}, {track.Completed, refusal{"part.recorded_already", ""}},
		{track.Dropped, taken}} {
		there := class
		there.ID, there.State = part, x.state
		h.f = track.Tracks{Trainings: []track.Training{there}}
		_, err := track.Trainings.Record(t.Context(), s, track.Target{Version: 1}, class)
		want(t, "a training that is "+string(x.state), err, x.r)
	}
}
