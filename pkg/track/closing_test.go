package track_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/track"
)

// closeCase closes a case with these tracks on day 100, and gives it and them as they are then.
func closeCase(t *testing.T, f track.Tracks, c track.Closing) (casework.Case, track.Tracks, casework.Event, error) {
	t.Helper()
	s, h := serving(t, "3273", day(100))
	h.f = f
	derive(&h.c, &h.f)
	c.To = casework.Closed
	_, err := s.Close(t.Context(), track.Target{Version: 1}, c)
	return h.c, h.f, h.event, err
}

// The outcome of a case is what its record shows: a job that was verified and kept, a business that has not ended.
func TestTheRecordBearsTheOutcomeOut(t *testing.T) {
	t.Parallel()
	placed := func(s track.PlacementState) track.Tracks {
		return track.Tracks{Placements: []track.Placement{{ID: part, State: s, StartedOn: start}}}
	}
	runs := func(s track.BusinessState) track.Tracks {
		return track.Tracks{Businesses: []track.Business{{ID: part, State: s}}}
	}
	notPlaced, notRuns := refusal{"case.not_placed", "outcome"}, refusal{"case.not_self_employed", "outcome"}
	for _, x := range []struct {
		name    string
		outcome casework.Outcome
		f       track.Tracks
		want    refusal
	}{
		{"placed without a job", casework.Placed, track.Tracks{}, notPlaced},
		{"placed by a report", casework.Placed, placed(track.Reported), notPlaced},
		{"placed, and it ended", casework.Placed, placed(track.Ended), notPlaced},
		{"placed", casework.Placed, placed(track.Verified), taken},
		{"placed, and kept", casework.Placed, placed(track.Retained3M), taken},
		{"placed by a business", casework.Placed, runs(track.BusinessReported), notPlaced},
		{"self-employed without a business", casework.SelfEmployed, track.Tracks{}, notRuns},
		{"self-employed, and it ended", casework.SelfEmployed, runs(track.BusinessEnded), notRuns},
		{"self-employed", casework.SelfEmployed, runs(track.BusinessDisbursed), taken},
		{"self-employed, graduated", casework.SelfEmployed, runs(track.BusinessGraduated), taken},
		{"withdrawn with a job", casework.Withdrawn, placed(track.Reported), taken},
		{"withdrawn with a business", casework.Withdrawn, runs(track.BusinessDisbursed), refusal{"case.parts_open", ""}},
		{"no outcome", "", placed(track.Verified), refusal{"case.outcome_required", "outcome"}},
	} {
		c, f, _, err := closeCase(t, x.f, track.Closing{Advance: casework.Advance{Outcome: x.outcome}})
		want(t, x.name, err, x.want)
		if (c.Outcome == x.outcome && c.Stage == casework.Closed) != (x.want == taken) {
			t.Errorf("%s: closed as %q in %s", x.name, c.Outcome, c.Stage)
		}
		if len(f.Businesses) > 0 && f.Businesses[0].State == track.BusinessEnded && x.outcome == casework.SelfEmployed &&
			x.want == taken {
			t.Errorf("%s: the business ended", x.name)
		}
	}
}

// Each open part stands in the way of closing and is named; it ends with the case when that is asked for. What is over
// stays as it is.
func TestOpenPartsEndWithTheCase(t *testing.T) {
	t.Parallel()
	over := uuid.UUID{7}
	f := func() track.Tracks {
		return track.Tracks{
			Applications: []track.Application{{ID: part, State: track.Interviewed, Reached: track.Interviewed, AppliedOn: start},
				{ID: over, State: track.Rejected, Reached: track.Rejected, AppliedOn: start}},
			Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: start, Attendance: -1},
				{ID: over, State: track.Completed, StartsOn: start, EndsOn: day(9), Attendance: 80}},
			Assessments: []track.Assessment{{ID: part, State: track.AssessmentVerified, AppliedOn: start},
				{ID: over, State: track.NotYetCompetent, AppliedOn: start}},
			Businesses: []track.Business{{ID: part, State: track.BusinessVisited}},
			Referrals: []track.Referral{{ID: part, Kind: track.ServiceReferral, State: track.ReferralAccepted, Version: 2},
				{ID: over, Kind: track.CustodyTransfer, State: track.ReferralAccepted, Version: 2}},
		}
	}
	asked := track.Closing{Advance: casework.Advance{Outcome: casework.Unreachable}}
	for name, only := range map[string]func(*track.Tracks) track.Tracks{
		"application": func(t *track.Tracks) track.Tracks { return track.Tracks{Applications: t.Applications[:1]} },
		"training":    func(t *track.Tracks) track.Tracks { return track.Tracks{Trainings: t.Trainings[:1]} },
		"assessment":  func(t *track.Tracks) track.Tracks { return track.Tracks{Assessments: t.Assessments[:1]} },
		"business":    func(t *track.Tracks) track.Tracks { return track.Tracks{Businesses: t.Businesses[:1]} },
		"referral":    func(t *track.Tracks) track.Tracks { return track.Tracks{Referrals: t.Referrals[:1]} },
	} {
		all := f()
		_, _, _, err := closeCase(t, only(&all), asked)
		want(t, name, err, refusal{"case.parts_open", ""})
	}
	asked.EndOpenParts = true
	c, got, event, err := closeCase(t, f(), asked)
	want(t, "with all parts", err, taken)
	if c.Stage != casework.Closed || got.Applications[0].State != track.Withdrawn ||
		got.Trainings[0].State != track.Dropped ||
		got.Trainings[0].EndsOn != day(100) || got.Assessments[0].State != track.AssessmentWithdrawn ||
		got.Businesses[0].State != track.BusinessEnded || got.Referrals[0].State != track.ReferralTakenBack ||
		got.Referrals[0].AnsweredOn != day(100) || got.Referrals[0].Version != 3 {
		t.Errorf("left %+v", got)
	}
	if got.Applications[1].State != track.Rejected || got.Trainings[1].EndsOn != day(9) ||
		got.Assessments[1].State != track.NotYetCompetent ||
		got.Referrals[1].State != track.ReferralAccepted {
		t.Errorf("what was over became %+v", got)
	}
	said, _ := event.Payload.(casework.StageChanged)
	if event.Kind != casework.CaseClosed || len(said.Ended) != 5 || said.Ended[0].From != "interviewed" ||
		said.Ended[0].ID != part {
		t.Errorf("recorded as %+v", event)
	}
}

// A death ends the claim of the worker and binds the outcome; any other outcome leaves a claim in the way.
func TestADeathBindsTheOutcome(t *testing.T) {
	t.Parallel()
	waiting := func() track.Tracks { return track.Tracks{Claims: []track.Claim{{ID: part, AppliedOn: start}}} }
	_, _, _, err := closeCase(t, waiting(), track.Closing{Advance: casework.Advance{Outcome: casework.Withdrawn}})
	want(t, "with a claim", err, refusal{"case.claim_running", ""})
	c, f, _, err := closeCase(t, waiting(), track.Closing{Advance: casework.Advance{Outcome: casework.Deceased}})
	want(t, "deceased", err, taken)
	if c.ClaimState != casework.ClaimStopped || f.Claims[0].StopReason != track.StopDeath ||
		f.Claims[0].StoppedOn != day(100) {
		t.Errorf("the claim is %s, %+v", c.ClaimState, f.Claims[0])
	}
	dead := waiting()
	dead.Claims[0].Stated, dead.Claims[0].StatedOn = track.StopDeath, day(5)
	for _, o := range casework.Outcomes() {
		refused := refusal{"case.deceased", ""}
		if o == casework.Deceased {
			refused = taken
		}
		_, _, _, err := closeCase(t, dead,
			track.Closing{Advance: casework.Advance{Outcome: o,
				DuplicateOf: map[bool]casework.ID{true: {9}}[o == casework.Duplicate]}})
		want(t, "after a death, "+string(o), err, refused)
	}
}
