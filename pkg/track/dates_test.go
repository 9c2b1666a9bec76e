package track_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/track"
)

// day counts from start, which is day 0.
func day(n int) calendar.Date { return start.AddDays(n) }

var part = uuid.UUID{1}

func training(f *track.Tracks, to track.TrainingState, on int) error {
	_, err := track.Trainings.Step(at(nil, f, day(on)), attended(part, to, new(80), day(on)))
	return err
}

func application(f *track.Tracks, to track.ApplicationState, on int) error {
	_, err := track.Applications.Step(at(nil, f, day(on)), moved(part, to, day(on)))
	return err
}

func placement(f *track.Tracks, to track.PlacementState, on int) error {
	_, err := track.Placements.Step(at(nil, f, day(on)), moved(part, to, day(on)))
	return err
}

func business(f *track.Tracks, to track.BusinessState, on int) error {
	_, err := businessStep(f, part, to, track.Growth{}, day(on))
	return err
}

func assessed(f *track.Tracks, to track.AssessmentState, on int) error {
	_, err := track.Assessments.Step(at(nil, f, day(on)), moved(part, to, day(on)))
	return err
}

// after takes the steps that lie before the one which is tested.
func after(steps ...func(*track.Tracks) error) func(*testing.T, *track.Tracks) {
	return func(t *testing.T, f *track.Tracks) {
		t.Helper()
		for i, step := range steps {
			if err := step(f); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
		}
	}
}

// Every step is tried on the day before the first one that it may have, which is refused with the code and the field
// that was sent, and on that day itself.
func TestNoStepLiesBeforeItsFirstDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		file   track.Tracks
		before func(*testing.T, *track.Tracks)
		step   func(f *track.Tracks, on int) error
		first  int
		code   string
		field  string
	}{
		{"a training begins on its first day",
			track.Tracks{Trainings: []track.Training{{ID: part, State: track.Enrolled, StartsOn: day(5)}}}, after(),
			func(f *track.Tracks, on int) error { return training(f, track.InTraining, on) }, 5, "training.before_start",
			"occurred_on"},
		{"a training ends after it began",
			track.Tracks{Trainings: []track.Training{{ID: part, State: track.Enrolled, StartsOn: day(5)}}},
			after(func(f *track.Tracks) error { return training(f, track.InTraining, 7) }),
			func(f *track.Tracks, on int) error { return training(f, track.Completed, on) }, 7, "step.before_last",
			"occurred_on"},
		{"a training is dropped after it began",
			track.Tracks{Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: day(5)}}}, after(),
			func(f *track.Tracks, on int) error { return training(f, track.Dropped, on) }, 5, "training.before_start",
			"occurred_on"},
		{"a training ends after the last day sat in it",
			track.Tracks{Trainings: []track.Training{{ID: part, State: track.InTraining, StartsOn: day(5)}},
				Attendances: []track.Attendance{{Training: part, On: day(9), Present: true},
					{Training: uuid.UUID{2}, On: day(20)}}}, after(),
			func(f *track.Tracks, on int) error { return training(f, track.Completed, on) }, 9, "step.before_last",
			"occurred_on"},
		{"an application moves after it was sent",
			track.Tracks{Applications: []track.Application{{ID: part, State: track.Submitted, AppliedOn: day(3)}}}, after(),
			func(f *track.Tracks, on int) error { return application(f, track.Interviewed, on) }, 3,
			"application.before_applying", "occurred_on"},
		{"a hire follows the interview",
			track.Tracks{Applications: []track.Application{{ID: part, State: track.Submitted, AppliedOn: day(3)}}},
			after(func(f *track.Tracks) error { return application(f, track.TestCalled, 4) },
				func(f *track.Tracks) error { return application(f, track.Interviewed, 9) }),
			func(f *track.Tracks, on int) error { return application(f, track.Hired, on) }, 9, "step.before_last",
			"occurred_on"},
		{"a hire follows a call that an earlier program recorded",
			track.Tracks{Applications: []track.Application{{ID: part, State: track.Interviewed, AppliedOn: day(3),
				CalledOn: day(6)}}}, after(),
			func(f *track.Tracks, on int) error { return application(f, track.Hired, on) }, 6, "step.before_last",
			"occurred_on"},
		{"a placement is verified after its first day",
			track.Tracks{Placements: []track.Placement{{ID: part, State: track.Reported, StartedOn: day(4)}}}, after(),
			func(f *track.Tracks, on int) error { return placement(f, track.Verified, on) }, 4, "step.before_last",
			"occurred_on"},
		{"a placement ends after it was verified",
			track.Tracks{Placements: []track.Placement{{ID: part, State: track.Reported, StartedOn: day(4)}}},
			after(func(f *track.Tracks) error { return placement(f, track.Verified, 8) }),
			func(f *track.Tracks, on int) error { return placement(f, track.Ended, on) }, 8, "step.before_last", "occurred_on"},
		{"a business is visited after it was verified",
			track.Tracks{Businesses: []track.Business{{ID: part, State: track.BusinessIdea, ProposedOn: day(1)}}},
			after(func(f *track.Tracks) error { return business(f, track.BusinessVerified, 6) }),
			func(f *track.Tracks, on int) error { return business(f, "", on) }, 6, "step.before_last", "occurred_on"},
		{"an assessment follows its verification",
			track.Tracks{Assessments: []track.Assessment{{ID: part, State: track.AssessmentRequested, AppliedOn: day(1)}}},
			after(func(f *track.Tracks) error { return assessed(f, track.AssessmentVerified, 6) }),
			func(f *track.Tracks, on int) error { return assessed(f, track.Competent, on) }, 6, "step.before_last",
			"occurred_on"},
		{"a card is reported after it was issued",
			track.Tracks{JobSeekerCards: []track.JobSeekerCard{
				{ID: part, State: track.CardActive, IssuedOn: day(2), ReportBy: day(200), ValidUntil: day(400)}}}, after(),
			func(f *track.Tracks, on int) error {
				_, err := f.ReportCard(ours().Hubs, part, day(on))
				return err
			}, 2, "step.before_last", "occurred_on"},
		{"a claim is stopped after it was made",
			track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimApplied, AppliedOn: day(3)}}}, after(),
			func(f *track.Tracks, on int) error {
				_, err := f.StopClaim(&casework.Case{}, track.StopDeath, day(on))
				return err
			}, 3, "step.before_last", "occurred_on"},
		{"a month is paid after its proof",
			track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimRunning}},
				Months: []track.Month{{Claim: part, N: 2, State: track.MonthProved, OpensOn: day(1), ClosesOn: day(20),
					ProvedOn: day(6)}}}, after(),
			func(f *track.Tracks, on int) error {
				_, err := f.PayMonth(jkp.Payment{Month: 2, Given: day(on)}, "", day(on))
				return err
			}, 6, "step.before_last", "given_on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.before(t, &c.file)
			err := c.step(&c.file, c.first-1)
			f, is := errors.AsType[*fault.Error](err)
			if !is || f.Kind != fault.Invalid || f.Code != c.code || f.Field != c.field {
				t.Errorf("the day before: got %v, want %s at %s", err, c.code, c.field)
			}
			if err := c.step(&c.file, c.first); err != nil {
				t.Errorf("its first day: %v", err)
			}
		})
	}
}

// The way out of a training that has not begun is open on every day, and leaves no last day before the first.
func TestATrainingIsDroppedBeforeItBegins(t *testing.T) {
	t.Parallel()
	for on, ends := range map[int]calendar.Date{4: {}, 5: day(5), 6: day(6)} {
		f := track.Tracks{Trainings: []track.Training{{ID: part, State: track.Enrolled, StartsOn: day(5), EndsOn: day(30)}}}
		if err := training(&f, track.Dropped, on); err != nil || f.Trainings[0].EndsOn != ends {
			t.Errorf("day %d: ends on %s, want %s, %v", on, f.Trainings[0].EndsOn, ends, err)
		}
	}
}

// A period that runs backwards names the end of it; one without a beginning names that.
func TestTheFieldNamedIsTheOneAtFault(t *testing.T) {
	t.Parallel()
	c := &casework.Case{}
	enrol := track.Training{Scheme: track.BLK, Provider: "BLK", Programme: "Las"}
	paper := track.Certificate{Kind: track.TrainingCertificate, Number: "1", Issuer: "BLK"}
	for _, x := range []struct {
		field string
		do    func(f *track.Tracks) error
	}{
		{"starts_on", func(f *track.Tracks) error { _, err := track.Trainings.Add(at(c, f, day(0)), enrol); return err }},
		{"ends_on", func(f *track.Tracks) error {
			enrol := enrol
			enrol.StartsOn, enrol.EndsOn = day(2), day(1)
			_, err := track.Trainings.Add(at(c, f, day(0)), enrol)
			return err
		}},
		{"issued_on", func(f *track.Tracks) error { _, err := track.Certificates.Add(at(c, f, day(0)), paper); return err }},
		{"issued_on", func(f *track.Tracks) error {
			paper := paper
			paper.IssuedOn = day(1)
			_, err := track.Certificates.Add(at(c, f, day(0)), paper)
			return err
		}},
		{"valid_until", func(f *track.Tracks) error {
			paper := paper
			paper.IssuedOn, paper.ValidUntil = day(0), day(-1)
			_, err := track.Certificates.Add(at(c, f, day(0)), paper)
			return err
		}},
	} {
		err := x.do(&track.Tracks{})
		if f, is := errors.AsType[*fault.Error](err); !is || f.Field != x.field {
			t.Errorf("got %v, want a fault at %s", err, x.field)
		}
	}
}
