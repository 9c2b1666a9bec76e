package track_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// The day and the count of a part are those of the steps that it took, and no other step touches them.
func TestWhatAStepKeeps(t *testing.T) {
	t.Parallel()
	for to, tried := range map[track.AssessmentState]int{track.Competent: 3, track.NotYetCompetent: 3,
		track.AssessmentWithdrawn: 2} {
		f := track.Tracks{Assessments: []track.Assessment{{ID: part, State: track.AssessmentVerified, AppliedOn: day(1),
			AssessedOn: day(2), Attempts: 2}}}
		want(t, string(to), assessed(&f, to, 9), taken)
		on := map[bool]calendar.Date{true: day(9), false: day(2)}[tried == 3]
		if a := f.Assessments[0]; a.Attempts != tried || a.AssessedOn != on {
			t.Errorf("assessed, %s: %d attempts, the last on %s", to, a.Attempts, a.AssessedOn)
		}
	}
	for to, ended := range map[track.PlacementState]calendar.Date{track.Ended: day(9), track.Verified: {}} {
		f := track.Tracks{Placements: []track.Placement{{ID: part, State: track.Reported, StartedOn: day(1)}}}
		want(t, string(to), placement(&f, to, 9), taken)
		if got := f.Placements[0].EndedOn; got != ended {
			t.Errorf("a job that is %s has ended on %s", to, got)
		}
	}
	for to, ends := range map[track.TrainingState]calendar.Date{track.Completed: day(9), track.Dropped: day(9)} {
		f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: day(1),
			EndsOn: day(20), Attendance: -1}}}
		want(t, string(to), training(&f, to, 9), taken)
		if got := f.Trainings[0].EndsOn; got != ends {
			t.Errorf("a training that is %s ended on %s", to, got)
		}
	}
	f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.Enrolled, StartsOn: day(1), EndsOn: day(20)}}}
	want(t, "begun", training(&f, track.InTraining, 9), taken)
	if got := f.Trainings[0].EndsOn; got != day(20) {
		t.Errorf("a training that has begun ends on %s", got)
	}
	f = track.Tracks{Businesses: []track.Business{{ID: part, State: track.BusinessDisbursed, ProposedOn: start}}}
	for visits := 1; visits <= 3; visits++ {
		want(t, "visited", business(&f, "", visits), taken)
		if b := f.Businesses[0]; b.Visits != visits || b.VisitedOn != day(visits) {
			t.Errorf("visit %d: %d visits, the last on %s", visits, b.Visits, b.VisitedOn)
		}
	}
}

// The share of days is 0 to 100 percent; what the class recorded stands where nothing is stated, zero as well.
func TestHowMuchWasAttended(t *testing.T) {
	t.Parallel()
	no := refusal{"training.attendance", "attendance"}
	for _, x := range []struct {
		to       track.TrainingState
		recorded int // -1: nothing
		stated   *int
		kept     int
		r        refusal
	}{
		{track.Completed, -1, nil, 0, no}, {track.Completed, 0, nil, 0, taken}, {track.Completed, 66, nil, 66, taken},
		{track.Completed, -1, new(0), 0, taken}, {track.Completed, -1, new(100), 100, taken},
		{track.Completed, -1, new(101), 0, no}, {track.Completed, -1, new(-1), 0, no},
		{track.Completed, 66, new(70), 70, taken}, {track.Completed, 66, new(-1), 0, no},
		{track.Dropped, -1, nil, -1, taken}, {track.Dropped, 66, nil, 66, taken}, {track.Dropped, -1, new(101), 0, no},
		{track.Dropped, -1, new(0), 0, taken},
	} {
		f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: start,
			Attendance: x.recorded}}}
		_, err := track.Trainings.Step(at(nil, &f, day(9)), attended(part, x.to, x.stated, day(9)))
		what := fmt.Sprintf("%s, %d recorded, stated %t", x.to, x.recorded, x.stated != nil)
		want(t, what, err, x.r)
		if got := f.Trainings[0].Attendance; x.r == taken && got != x.kept {
			t.Errorf("%s: %d percent, want %d", what, got, x.kept)
		}
	}
}

// A day of a class that is recorded again is that day, the first on record, too.
func TestADayOfAClassIsRecordedOnce(t *testing.T) {
	t.Parallel()
	f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: start}}}
	for _, present := range []bool{true, false} {
		if _, err := f.Attend(part, []track.Attendance{{On: start, Present: present}}, day(9)); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.Attendances) != 1 || f.Attendances[0].Present || f.Trainings[0].Attendance != 0 {
		t.Errorf("%+v, %d percent", f.Attendances, f.Trainings[0].Attendance)
	}
}

// One place in a class is one training; two classes are two, and so are two trainings that are in none.
func TestWhichTrainingsAreOne(t *testing.T) {
	t.Parallel()
	class, another := uuid.UUID{7}, uuid.UUID{8}
	twice := refusal{"part.recorded_already", ""}
	for _, x := range []struct {
		there, now uuid.UUID
		programme  string
		r          refusal
	}{
		{class, class, "Las", twice}, {class, another, "Las", taken}, {class, uuid.Nil, "Las", taken},
		{uuid.Nil, uuid.Nil, "Las", taken}, {uuid.Nil, uuid.Nil, "Mesin", twice},
	} {
		s, h := serving(t, "3273", day(5))
		h.f.Trainings = []track.Training{{ID: part, State: track.Enrolled, Scheme: track.BLK, Provider: "BLK",
			Programme: "Mesin", StartsOn: day(9), EnrolledOn: day(5), Class: x.there}}
		_, err := track.Trainings.Record(t.Context(), s, track.Target{Version: 1}, track.Training{Scheme: track.BLK,
			Provider: "BLK", Programme: x.programme, StartsOn: day(9), EnrolledOn: day(5), Class: x.now})
		want(t, fmt.Sprintf("%s in class %s beside %s", x.programme, x.now, x.there), err, x.r)
	}
}

// A correction of a placement makes it no other one that is there: the same day, employer and position are one job.
func TestWhichJobsAreOne(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		edit func(*track.Placement)
		r    refusal
	}{
		"the same": {func(p *track.Placement) { p.StartedOn, p.Employer, p.Position = day(20), "PT  SATU", "penjahit" },
			refusal{"part.recorded_already", ""}},
		"another day": {func(p *track.Placement) {
			p.StartedOn, p.Employer, p.Position = day(21), "PT Satu", "Penjahit"
		}, taken},
		"another employer": {func(p *track.Placement) { p.StartedOn, p.Position = day(20), "Penjahit" }, taken},
		"another position": {func(p *track.Placement) { p.StartedOn, p.Employer = day(20), "PT Satu" }, taken},
	} {
		f := track.Tracks{Placements: []track.Placement{
			{ID: uuid.UUID{2}, State: track.Ended, Employer: "PT Satu", Position: "Penjahit", StartedOn: day(20),
				EndedOn: day(24)},
			{ID: part, State: track.Reported, Employer: "PT Dua", Position: "Kasir", StartedOn: day(30)}}}
		_, _, err := mend(t, track.Placements, f, x.edit)
		want(t, name, err, x.r)
	}
}

// A card that has another one reported may still be corrected in its number, and one without a report in its day.
func TestWhichCardMayBeCorrected(t *testing.T) {
	t.Parallel()
	for reports, r := range map[int]refusal{0: taken, 1: {"jobseeker_card.reported", "issued_on"}} {
		f := track.Tracks{JobSeekerCards: []track.JobSeekerCard{{ID: part, Number: "1", State: track.CardActive,
			IssuedOn: day(5), Reports: reports}}}
		h, _, err := mend(t, track.JobSeekerCards, f, func(k *track.JobSeekerCard) { k.IssuedOn = day(6) })
		want(t, fmt.Sprintf("after %d reports", reports), err, r)
		k := h.f.JobSeekerCards[0]
		if r == taken && (k.ReportBy != day(6).AddMonths(6) || k.ValidUntil != day(6).AddMonths(24)) {
			t.Errorf("report by %s, valid until %s", k.ReportBy, k.ValidUntil)
		}
	}
}

// The reason of a correction is a text of so many characters at most, not of bytes.
func TestTheReasonOfACorrection(t *testing.T) {
	t.Parallel()
	no := refusal{"correction.reason_required", "reason"}
	for reason, r := range map[string]refusal{"": no, " \n": no, "x": taken, strings.Repeat("é", casework.MaxReason): taken,
		strings.Repeat("é", casework.MaxReason+1): no} {
		s, h := serving(t, "3273", day(300))
		h.f = applied(3)
		_, err := track.Applications.Correct(t.Context(), s, track.Target{Version: 1},
			track.Correction[track.Application]{ID: part, Reason: reason,
				Edit: func(a *track.Application) error { a.Position = "Kasir"; return nil }})
		want(t, fmt.Sprintf("%d bytes", len(reason)), err, r)
	}
}

// What the person had elsewhere counts for a claim: what is stated adds to it and takes nothing away.
func TestWhatIsStatedOfEarlierBenefits(t *testing.T) {
	t.Parallel()
	terminated := calendar.MustDate("2026-06-15")
	for _, x := range []struct {
		given                   string // last payment elsewhere; empty: none
		before, since           *int
		wantBefore, wantSince   int // -1: not said
		lastBenefit, wantedLast string
	}{
		{"", nil, nil, -1, -1, "", ""}, {"", new(2), new(70), 2, 70, "", ""},
		{"2026-05-31", nil, nil, 1, 0, "", "2026-05-31"},  // the month between is none
		{"2026-04-30", nil, nil, 1, -1, "", "2026-04-30"}, // one month may have been paid: nobody knows
		{"2026-04-30", nil, new(70), 1, 1, "", "2026-04-30"},
		{"2025-04-30", nil, new(70), 1, 13, "", "2025-04-30"}, {"2025-04-30", nil, new(12), 1, 12, "", "2025-04-30"},
		{"2026-05-31", new(0), nil, 1, 0, "", "2026-05-31"}, {"2026-05-31", new(2), nil, 2, 0, "", "2026-05-31"},
		{"2026-05-31", nil, nil, 1, 0, "2026-06-01", "2026-06-01"},
	} {
		s, h := serving(t, "3273", terminated.AddDays(30))
		h.c.TerminatedOn = terminated
		facts := jkp.Application{ClaimsBefore: x.before, MonthsSinceBenefit: x.since}
		if x.lastBenefit != "" {
			facts.LastBenefitOn = calendar.MustDate(x.lastBenefit)
		}
		h.f = track.Tracks{Claims: []track.Claim{claimWith(t, facts)}}
		if x.given != "" {
			h.f.Elsewhere = []track.Elsewhere{{Claim: uuid.UUID{9}, TerminatedOn: day(-900), State: casework.ClaimStopped, N: 2,
				GivenOn: calendar.MustDate(x.given)}}
		}
		got, err := s.Stated(t.Context(), authz.Scope{}, casework.ID{})
		if err != nil || said(got.Facts.ClaimsBefore) != x.wantBefore || said(got.Facts.MonthsSinceBenefit) != x.wantSince ||
			got.Facts.LastBenefitOn.String() != x.wantedLast {
			t.Errorf("given %q, stated %d and %d: %d claims, %d months since, last on %s: %v", x.given, said(x.before),
				said(x.since), said(got.Facts.ClaimsBefore), said(got.Facts.MonthsSinceBenefit), got.Facts.LastBenefitOn, err)
		}
	}
}

func said(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

func claimWith(t *testing.T, facts jkp.Application) track.Claim {
	t.Helper()
	text, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	return track.Claim{ID: part, State: casework.ClaimApplied, AppliedOn: start, Facts: string(text)}
}

// relaying is a store that tells which part it was asked to make.
type relaying struct {
	*held
	made *uuid.UUID
}

func (r *relaying) ChangeTracks(ctx context.Context, op authz.Op, id casework.ID, version int, made *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) (casework.State, error) {
	r.made = made
	return r.held.ChangeTracks(ctx, op, id, version, made, fn)
}

// A part that is recorded has an id of its own, or keeps the one that it has; the store is told which. A step makes
// none.
func TestTheIdOfWhatIsRecorded(t *testing.T) {
	t.Parallel()
	job := track.Application{Employer: "PT Satu", Position: "Kasir", AppliedOn: day(3)}
	for _, id := range []uuid.UUID{{}, {5}} {
		s, h := serving(t, "3273", day(300))
		store := &relaying{held: h}
		s.Store, job.ID = store, id
		if _, err := track.Applications.Record(t.Context(), s, track.Target{Version: 1}, job); err != nil {
			t.Fatal(err)
		}
		got := h.f.Applications[0].ID
		if got == uuid.Nil || id != uuid.Nil && got != id || store.made == nil || *store.made != got {
			t.Errorf("sent with %s: kept as %s, told %v", id, got, store.made)
		}
		if _, err := track.Applications.Advance(t.Context(), s, track.Target{Version: 1},
			moved(got, track.TestCalled, day(4))); err != nil || store.made == nil || *store.made != uuid.Nil {
			t.Errorf("a step makes %v: %v", store.made, err)
		}
	}
}

// What a refusal lists: each state that may follow, with a comma between two and none before the first.
func TestWhatARefusalAllows(t *testing.T) {
	t.Parallel()
	f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.Enrolled, StartsOn: start, Attendance: 80}}}
	err := training(&f, track.Completed, 9)
	said, is := errors.AsType[*fault.Error](err)
	if !is || said.Args["allowed"] != "in_training, dropped" || said.Args["from"] != "enrolled" || said.Args["to"] != "completed" {
		t.Errorf("%v", err)
	}
}

// A correction that would have a benefit run in a case that is closed is refused: the case is taken up again first.
func TestACorrectionOpensNoBenefitInAClosedCase(t *testing.T) {
	t.Parallel()
	for stage, r := range map[casework.Stage]refusal{casework.Benefit: taken, casework.Closed: {"case.closed", ""}} {
		s, h := serving(t, "3273", day(300))
		h.c.Stage = stage
		h.f = track.Tracks{
			Claims: []track.Claim{{ID: uuid.UUID{5}, State: casework.ClaimRunning, Result: rule.Eligible, AppliedOn: day(1),
				DecidedOn: day(2), ReferenceOn: day(2)}},
			Months: []track.Month{{Claim: uuid.UUID{5}, N: 1, State: track.MonthUpcoming, OpensOn: day(2),
				ClosesOn: day(400)}},
			Applications: applied(3).Applications}
		_, err := track.Applications.Correct(t.Context(), s, track.Target{Version: 1},
			track.Correction[track.Application]{ID: part, Reason: "salah ketik",
				Edit: func(a *track.Application) error { a.Position = "Kasir"; return nil }})
		want(t, string(stage), err, r)
		if !h.f.Claims[0].State.Live() {
			t.Errorf("%s: the claim is %s", stage, h.f.Claims[0].State)
		}
	}
}

// Each kind says of what type its states are, and only a kind with states does.
func TestWhichKindsHaveStates(t *testing.T) {
	t.Parallel()
	without := 0
	for _, k := range track.Kinds() {
		a := k.About()
		_, has := a.Part.FieldByName("State")
		if (a.State != nil) != has {
			t.Errorf("%s: a field State %t, states %v", a.Name, has, a.State)
		}
		if !has {
			without++
		}
	}
	if without == 0 || without == len(track.Kinds()) {
		t.Errorf("%d kinds without states", without)
	}
}
