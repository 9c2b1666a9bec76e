package track_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/track"
)

// refusal is a code and the field that it names.
type refusal struct{ code, field string }

var taken refusal

// want says what became of a step: how it was refused, taken when it was not.
func want(t *testing.T, what string, err error, r refusal) {
	t.Helper()
	if r == taken {
		if err != nil {
			t.Errorf("%s: refused with %v", what, err)
		}
		return
	}
	if f, is := errors.AsType[*fault.Error](err); !is || f.Code != r.code || f.Field != r.field {
		t.Errorf("%s: got %v, want %s at %q", what, err, r.code, r.field)
	}
}

// life is the lifecycle of one kind of part: each state with those that follow it.
type life struct {
	what  string
	after map[string]string
	file  func(state string) track.Tracks
	step  func(f *track.Tracks, id uuid.UUID, to string) error
}

// lives are the pictures of the package. All parts began on day 0, and all steps are taken on day 100.
var lives = []life{
	{"training", map[string]string{"enrolled": "in_training dropped", "in_training": "completed dropped", "completed": "",
		"dropped": ""},
		func(s string) track.Tracks {
			return track.Tracks{Trainings: []track.Training{{ID: part, State: track.TrainingState(s), StartsOn: start,
				Attendance: 80}}}
		},
		func(f *track.Tracks, id uuid.UUID, to string) error {
			_, err := track.Trainings.Step(at(nil, f, day(100)), attended(id, track.TrainingState(to), nil, day(100)))
			return err
		}},
	{"application", map[string]string{"submitted": "test_called interviewed offered hired rejected withdrawn",
		"test_called": "interviewed offered hired rejected withdrawn", "interviewed": "offered hired rejected withdrawn",
		"offered": "hired rejected withdrawn", "hired": "", "rejected": "", "withdrawn": ""},
		func(s string) track.Tracks {
			return track.Tracks{Applications: []track.Application{{ID: part, State: track.ApplicationState(s),
				AppliedOn: start}}}
		},
		func(f *track.Tracks, id uuid.UUID, to string) error {
			_, err := track.Applications.Step(at(nil, f, day(100)), moved(id, track.ApplicationState(to), day(100)))
			return err
		}},
	{"placement", map[string]string{"reported": "verified ended", "verified": "retained_3m ended", "retained_3m": "ended",
		"ended": ""},
		func(s string) track.Tracks {
			return track.Tracks{Placements: []track.Placement{{ID: part, State: track.PlacementState(s), StartedOn: start}}}
		},
		func(f *track.Tracks, id uuid.UUID, to string) error {
			_, err := track.Placements.Step(at(nil, f, day(100)), moved(id, track.PlacementState(to), day(100)))
			return err
		}},
	{"assessment", map[string]string{"applied": "verified withdrawn", "verified": "competent not_yet_competent withdrawn",
		"not_yet_competent": "competent not_yet_competent withdrawn", "competent": "", "issued": "", "withdrawn": ""},
		func(s string) track.Tracks {
			return track.Tracks{Assessments: []track.Assessment{{ID: part, State: track.AssessmentState(s), AppliedOn: start}}}
		},
		func(f *track.Tracks, id uuid.UUID, to string) error {
			_, err := track.Assessments.Step(at(nil, f, day(100)), moved(id, track.AssessmentState(to), day(100)))
			return err
		}},
	{"business", map[string]string{"proposed": "admin_verified ended", "admin_verified": "field_verified ended",
		"field_verified": "selected ended", "selected": "coached ended", "coached": "disbursed ended",
		"disbursed": "reported ended",
		"reported":  "graduated ended", "graduated": "", "ended": ""},
		func(s string) track.Tracks {
			return track.Tracks{Businesses: []track.Business{{ID: part, State: track.BusinessState(s), ProposedOn: start}}}
		},
		func(f *track.Tracks, id uuid.UUID, to string) error {
			var growth track.Growth
			if to == "disbursed" {
				growth.Grant = 5_000_000
			}
			_, err := businessStep(f, id, track.BusinessState(to), growth, day(100))
			return err
		}},
	{"referral", map[string]string{"offered": "accepted declined taken_back", "accepted": "done", "declined": "",
		"expired":    "",
		"taken_back": "", "done": ""}, referral(track.ServiceReferral), answer},
	{"referral", map[string]string{"offered": "accepted declined taken_back", "accepted": "", "declined": "",
		"expired":    "",
		"taken_back": "", "done": ""}, referral(track.CustodyTransfer), answer},
}

func referral(kind track.ReferralKind) func(string) track.Tracks {
	return func(s string) track.Tracks {
		return track.Tracks{Referrals: []track.Referral{{ID: part, Kind: kind, From: "3273", To: "3204", Service: "all",
			State: track.ReferralState(s), OfferedOn: start, AnswerBy: day(100), Version: 1}}}
	}
}

func answer(f *track.Tracks, id uuid.UUID, to string) error {
	_, err := f.Answer(&casework.Case{Region: "3273"}, id, track.ReferralState(to), day(100))
	return err
}

// Every state to every state, and to none: what the picture does not draw is refused and changes nothing.
func TestEveryStateToEveryState(t *testing.T) {
	t.Parallel()
	for _, l := range lives {
		for from, after := range l.after {
			for to := range l.after {
				f, before, r := l.file(from), l.file(from), taken
				if !slices.Contains(strings.Fields(after), to) {
					r = refusal{l.what + ".transition_refused", ""}
				}
				want(t, l.what+" "+from+" to "+to, l.step(&f, part, to), r)
				if r != taken && !reflect.DeepEqual(f, before) {
					t.Errorf("%s %s to %s was refused and left %+v", l.what, from, to, f)
				}
				if again := l.after[to]; r == taken && !slices.Contains(strings.Fields(again), to) {
					want(t, l.what+" again to "+to, l.step(&f, part, to), refusal{l.what + ".transition_refused", ""})
				}
			}
			f := l.file(from)
			want(t, l.what+" "+from+" to nothing known", l.step(&f, part, "lost"), refusal{l.what + ".transition_refused", ""})
			want(t, l.what+" of another case", l.step(&f, uuid.UUID{9}, from), refusal{l.what + ".not_found", ""})
		}
	}
}

// The worker's answer to the termination has no part that moves: each step is added to those before.
func TestEveryAnswerAfterEveryAnswer(t *testing.T) {
	t.Parallel()
	after := map[track.ResponseState]string{"": "accepted refused disputed", "accepted": "refused disputed",
		"refused": "accepted disputed agreed", "disputed": "agreed decided", "agreed": "", "decided": ""}
	for from, allowed := range after {
		for to := range after {
			f, r := track.Tracks{}, taken
			if from != "" {
				f.Responses = []track.Response{{State: from, On: start}}
			}
			before := len(f.Responses)
			if to == "" {
				r = refusal{"response.state_unknown", "state"}
			} else if !slices.Contains(strings.Fields(allowed), string(to)) {
				r = refusal{"response.transition_refused", ""}
			}
			_, err := respond(&casework.Case{}, &f, track.Response{State: to, On: start})
			want(t, string(from+" to "+to), err, r)
			if (r == taken) != (len(f.Responses) == before+1) {
				t.Errorf("%s to %s left %d answers", from, to, len(f.Responses))
			}
		}
	}
	f := track.Tracks{Responses: []track.Response{{State: track.Refused, On: day(3)}}}
	_, err := respond(&casework.Case{}, &f, track.Response{State: track.Disputed, On: day(2)})
	want(t, "disputed before it was refused", err, refusal{"response.before_last", "on"})
	_, err = respond(&casework.Case{}, &f, track.Response{State: track.Disputed, On: day(3)})
	want(t, "disputed the day it was refused", err, taken)
}

// Nothing new begins in a closed case; everything here is in order but for that.
func TestNothingBeginsInAClosedCase(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*casework.Case, *track.Tracks) error{
		"claim": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Claims.Add(at(c, f, start), track.Claim{})
			return err
		},
		"training": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Trainings.Add(at(c, f, start), track.Training{Scheme: track.BLK, Provider: "BLK", Programme: "Las",
				StartsOn: start})
			return err
		},
		"certificate": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Certificates.Add(at(c, f, start), track.Certificate{Kind: track.TrainingCertificate, Number: "1",
				Issuer: "BLK", IssuedOn: start})
			return err
		},
		"assessment": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Assessments.Add(at(c, f, start), track.Assessment{Body: "LSP", Scheme: "Las"})
			return err
		},
		"prakerja": func(c *casework.Case, f *track.Tracks) error {
			_, err := f.AwardPrakerja(c, prakerja.Scheme{}, track.PrakerjaCard{Batch: "48", AwardedOn: start},
				prakerja.Facts{}, start)
			return err
		},
		"wish": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Wishes.Add(at(c, f, start), track.Wish{Occupation1: "7212", Reach: track.Nation})
			return err
		},
		"proposal": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Proposals.Add(at(c, f, start), track.Proposal{})
			return err
		},
		"answer": func(c *casework.Case, f *track.Tracks) error {
			f.Proposals = []track.Proposal{{ID: part, State: track.Proposed, ProposedOn: start}}
			_, err := f.AnswerProposal(c, part, uuid.UUID{2}, true, start)
			return err
		},
		"application": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Applications.Add(at(c, f, start), track.Application{Employer: "PT", Position: "x"})
			return err
		},
		"placement": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Placements.Add(at(c, f, start), track.Placement{Employer: "PT", Position: "x", StartedOn: start})
			return err
		},
		"business": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Businesses.Add(at(c, f, start), track.Business{Title: "Warung", Level: track.Starter})
			return err
		},
		"card": func(c *casework.Case, f *track.Tracks) error {
			_, err := issue(c, f, track.JobSeekerCard{Number: "1", IssuedOn: start})
			return err
		},
		"referral": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Referrals.Add(at(c, f, start), track.Referral{Kind: track.CustodyTransfer, To: "3204",
				Service: "all"})
			return err
		},
		"response": func(c *casework.Case, f *track.Tracks) error {
			_, err := respond(c, f, track.Response{State: track.Accepted, On: start})
			return err
		},
	} {
		for _, stage := range casework.Stages() {
			r := taken
			if stage == casework.Closed {
				r = refusal{"case.closed", ""}
			}
			err := begin(&casework.Case{Region: "3273", Stage: stage, TerminatedOn: start}, &track.Tracks{})
			if name == "prakerja" && stage != casework.Closed && fault.CodeOf(err) != "case.closed" {
				continue // what the schemes say of a card is tested with them
			}
			want(t, name+" in "+string(stage), err, r)
		}
	}
}

// A claim in every state, and every step of it. The month tried is the second, proved when its claim ran.
func TestEveryStepOfAClaimInEveryState(t *testing.T) {
	t.Parallel()
	decide := func(c *casework.Case, f *track.Tracks) error {
		_, err := f.DecideClaim(c, track.Verdict{Decision: eligible, Reference: start, Windows: windows(start)}, start)
		return err
	}
	steps := map[string]func(*casework.Case, *track.Tracks) error{
		"apply": func(c *casework.Case, f *track.Tracks) error {
			_, err := track.Claims.Add(at(c, f, start), track.Claim{})
			return err
		},
		"decide": decide,
		"prove":  func(c *casework.Case, f *track.Tracks) error { return proveMonth(c, f, 2, 11) },
		"pay":    func(c *casework.Case, f *track.Tracks) error { return payMonth(c, f, 2, 11) },
		"miss":   func(c *casework.Case, f *track.Tracks) error { return missMonth(c, f, 2, 16) },
		"stop": func(c *casework.Case, f *track.Tracks) error {
			_, err := f.StopClaim(c, track.StopDeath, day(12))
			return err
		},
	}
	live, idle, waiting := refusal{"claim.already_live", ""}, refusal{"claim.not_running",
		""}, refusal{"claim.not_applied", ""}
	for state, table := range map[casework.ClaimState]map[string]refusal{
		"none":    {"apply": taken, "decide": waiting, "prove": idle, "pay": idle, "miss": idle, "stop": idle},
		"applied": {"apply": live, "decide": taken, "prove": idle, "pay": idle, "miss": idle, "stop": taken},
		"refused": {"apply": taken, "decide": waiting, "prove": idle, "pay": idle, "miss": idle, "stop": idle},
		"running": {"apply": live, "decide": waiting, "prove": {"claim.month_proved", ""}, "pay": taken,
			"miss": {"claim.month_proved", ""}, "stop": taken},
		"completed": {"apply": taken, "decide": waiting, "prove": idle, "pay": idle, "miss": idle, "stop": idle},
		"stopped": {"apply": taken, "decide": waiting, "prove": {"claim.month_proved", ""}, "pay": taken,
			"miss": {"claim.month_proved", ""}, "stop": idle},
	} {
		for name, r := range table {
			c, f := casework.Case{ClaimState: state}, track.Tracks{}
			if state != casework.ClaimNone {
				f.Claims = []track.Claim{{ID: part, State: state, AppliedOn: start}}
			}
			if state == casework.ClaimRunning || state == casework.ClaimStopped {
				f.Claims[0].ReferenceOn = start
				f.Months = []track.Month{{Claim: part, N: 2, State: track.MonthProved, OpensOn: day(10), ClosesOn: day(15),
					ProvedOn: day(11)}}
			}
			want(t, name+" "+string(state), steps[name](&c, &f), r)
		}
	}
	c, f := casework.Case{}, track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimRunning,
		AppliedOn: start}}}
	_, err := f.StopClaim(&c, jkp.StopReason("bored"), start)
	want(t, "stopped for no reason of the law", err, refusal{"claim.stop_reason_unknown", "reason"})
}
