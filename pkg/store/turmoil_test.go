package store_test

import (
	"fmt"
	mathrand "math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// turmoil changes cases at random, through the store as the program does it: their stage, tracks, notes and custody.
type turmoil struct {
	*bundle
	chance *mathrand.Rand
	cases  []casework.ID
	tracks *track.Service
}

func newTurmoil(t *testing.T, b *bundle, seed uint64) *turmoil {
	t.Helper()
	cases := casework.New(casework.Deps{Store: b.Store, Clock: clock.System(), Tree: tree(t)})
	return &turmoil{bundle: b, chance: mathrand.New(mathrand.NewPCG(seed, 18)),
		tracks: &track.Service{Store: b.Store, Referrals: b.Store, Cases: cases}}
}

// open makes one more case, terminated in one of three years.
func (u *turmoil) more(t *testing.T) {
	t.Helper()
	code := []region.Code{"3273", "3204", "3578"}[u.chance.IntN(3)]
	o := opening(t, code, len(u.cases)+1)
	o.Case.TerminatedOn = o.Case.TerminatedOn.AddMonths(-12 * u.chance.IntN(3))
	state, err := u.Open(t.Context(), authz.Op{Actor: u.officer, Scope: authz.Everywhere()}, o)
	ok(t, err)
	u.cases = append(u.cases, state.ID)
}

// step changes one case. What the rules refuse stays as it was.
func (u *turmoil) step(t *testing.T) {
	t.Helper()
	id := u.cases[u.chance.IntN(len(u.cases))]
	op := authz.Op{Actor: u.officer, Scope: authz.Everywhere()}
	var err error
	switch n := u.chance.IntN(10); n {
	case 0:
		_, err = u.Change(t.Context(), op, id, casework.AnyVersion, func(c *casework.Case) (casework.Event, error) {
			return c.Note(identity.NewSecret("catatan"), today)
		})
	case 1, 2:
		_, err = u.Change(t.Context(), op, id, casework.AnyVersion, u.advance)
	case 3:
		err = u.hand(t, op, id)
	default:
		var ref uuid.UUID
		_, err = u.ChangeTracks(t.Context(), op, id, casework.AnyVersion, &ref, u.alter)
	}
	if err != nil && !fault.KindOf(err).Valid() {
		t.Fatal(err)
	}
}

// pick is one of the values, at random.
func pick[T any](u *turmoil, of ...T) T { return of[u.chance.IntN(len(of))] }

func (u *turmoil) advance(c *casework.Case) (casework.Event, error) {
	to := pick(u, casework.Benefit, casework.Training, casework.Placement, casework.Closed)
	a := casework.Advance{To: to, OccurredOn: today, Reason: "karena"}
	if to == casework.Closed {
		a.Outcome = pick(u, casework.Placed, casework.SelfEmployed, casework.Rehired, casework.Withdrawn, casework.Duplicate)
	}
	return c.Advance(a)
}

// hand moves the custody of a case to another office.
func (u *turmoil) hand(t *testing.T, op authz.Op, id casework.ID) error {
	t.Helper()
	f, _, err := u.Get(t.Context(), op.Scope, id)
	ok(t, err)
	to := pick(u, region.Code("3273"), "3204", "3578")
	if to == f.Region {
		return nil
	}
	giving, taking := op, op
	giving.Scope, taking.Scope = authz.ScopeOver(f.Region), authz.ScopeOver(to)
	_, err = u.tracks.Refer(t.Context(), giving, id, f.Version, track.Referral{Kind: track.CustodyTransfer, To: to,
		Service: "all"})
	if err != nil {
		return err
	}
	offers, err := u.ListReferrals(t.Context(), taking.Scope, true, new(track.ReferralOffered), uuid.Nil, 200)
	ok(t, err)
	for _, r := range offers {
		if r.Case == id {
			_, err = u.tracks.AnswerReferral(t.Context(), taking, r.ID, r.Version, track.ReferralAccepted)
		}
	}
	return err
}

// alter makes a part of a track or takes one on, into any state.
func (u *turmoil) alter(c *casework.Case, f *track.File) (casework.Event, error) {
	id, on := uuid.Must(uuid.NewV7()), today.AddDays(-u.chance.IntN(21))
	u.alterSome(c, f, id, on)
	return casework.Event{Kind: track.TrainingAdvanced, OccurredOn: today, Payload: track.Stepped{ID: id, On: on}}, nil
}

func (u *turmoil) alterSome(c *casework.Case, f *track.File, id uuid.UUID, on calendar.Date) {
	switch n := u.chance.IntN(8); {
	case n == 0 && c.ClaimState == casework.ClaimNone:
		c.ClaimState = casework.ClaimApplied
		f.Claims = append(f.Claims, track.Claim{ID: id, State: casework.ClaimApplied, AppliedOn: on, Facts: "{}"})
	case n <= 1 && len(f.Claims) > 0 && f.Claims[0].State == casework.ClaimApplied:
		c.ClaimState = casework.ClaimRunning
		f.Claims[0].State, f.Claims[0].DecidedOn, f.Claims[0].ReferenceOn = casework.ClaimRunning, today, today
	case n == 2:
		f.Trainings = append(f.Trainings, track.Training{ID: id, Scheme: pick(u, track.BLK, track.JKPTraining,
			track.Prakerja),
			Provider: fmt.Sprintf("BLK %d",
				u.chance.IntN(3)), Programme: "Las", State: track.Enrolled, StartsOn: on, Attendance: -1})
	case n == 3 && len(f.Trainings) > 0:
		f.Trainings[u.chance.IntN(len(f.Trainings))].State = pick(u, track.Enrolled, track.InTraining, track.Completed,
			track.Dropped)
	case n == 4:
		f.Applications = append(f.Applications, track.Application{ID: id, Employer: "PT", Position: "x",
			State: track.Submitted, AppliedOn: on})
		f.Certificates = append(f.Certificates, track.Certificate{ID: id, Kind: track.TrainingCertificate,
			Number: id.String(), Issuer: "BLK", IssuedOn: on})
	case n == 5:
		f.Placements = append(f.Placements, track.Placement{ID: id, Employer: "PT", Position: "x", State: track.Reported,
			StartedOn: on})
	case n == 6 && len(f.Placements) > 0:
		f.Placements[u.chance.IntN(len(f.Placements))].State = pick(u, track.Reported, track.Verified, track.Retained3M,
			track.Ended)
	case n == 7 && len(f.Businesses) == 0:
		f.Businesses = append(f.Businesses, track.Business{ID: id, Title: "warung", KBLI: "56101", Level: track.Starter,
			State: track.BusinessIdea, ProposedOn: on})
	case n == 7:
		f.Businesses[0].State = pick(u, track.BusinessReported, track.BusinessGraduated)
	}
}
