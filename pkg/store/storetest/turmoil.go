package storetest

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
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/privacy"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// Turmoil changes cases at random, through the store as the program does it: their stage, tracks, notes and custody.
type Turmoil struct {
	*Office
	chance *mathrand.Rand
	Cases  []casework.ID
	tracks *track.Service
}

// NewTurmoil changes the cases of an office; the same seed makes the same changes.
func NewTurmoil(t *testing.T, b *Office, seed uint64) *Turmoil {
	t.Helper()
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: b.Tree})
	return &Turmoil{Office: b, chance: mathrand.New(mathrand.NewPCG(seed, 18)),
		tracks: &track.Service{Store: b.Stores, Referrals: b.Stores, Cases: cases,
			Rules: track.Rules{Measures: b.Measures}}}
}

// More opens one more case, terminated in one of three years.
func (u *Turmoil) More(t *testing.T) {
	t.Helper()
	code := []region.Code{"3273", "3204", "3578"}[u.chance.IntN(3)]
	o := Opening(t, code, len(u.Cases)+1)
	o.Case.TerminatedOn = o.Case.TerminatedOn.AddMonths(-12 * u.chance.IntN(3))
	state, err := u.Open(t.Context(), authz.Op{Actor: u.Officer, Scope: authz.Everywhere()}, o)
	OK(t, err)
	u.Cases = append(u.Cases, state.ID)
}

// Step changes one case. What the rules refuse stays as it was.
func (u *Turmoil) Step(t *testing.T) {
	t.Helper()
	id := u.Cases[u.chance.IntN(len(u.Cases))]
	op := authz.Op{Actor: u.Officer, Scope: authz.Everywhere()}
	var err error
	switch n := u.chance.IntN(10); n {
	case 0:
		_, err = u.Change(t.Context(), op, id, casework.AnyVersion, func(c *casework.Case) (casework.Event, error) {
			return c.Note(identity.NewSecret("catatan"), Today)
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
func pick[T any](u *Turmoil, of ...T) T { return of[u.chance.IntN(len(of))] }

func (u *Turmoil) advance(c *casework.Case) (casework.Event, error) {
	to := pick(u, casework.Benefit, casework.Training, casework.Placement, casework.Closed)
	a := casework.Advance{To: to, OccurredOn: Today, Reason: "karena"}
	if to == casework.Closed {
		a.Outcome = pick(u, casework.Placed, casework.SelfEmployed, casework.Rehired, casework.Withdrawn, casework.Duplicate)
	}
	return c.Advance(a)
}

// hand moves the custody of a case to another office.
func (u *Turmoil) hand(t *testing.T, op authz.Op, id casework.ID) error {
	t.Helper()
	f, _, err := u.Get(t.Context(), op.Scope, id)
	OK(t, err)
	to := pick(u, region.Code("3273"), "3204", "3578")
	if to == f.Region {
		return nil
	}
	giving, taking := op, op
	giving.Scope, taking.Scope = authz.ScopeOver(f.Region), authz.ScopeOver(to)
	_, err = u.tracks.Refer(t.Context(), track.Target{Op: giving, Case: id, Version: f.Version},
		track.Referral{Kind: track.CustodyTransfer, To: to, Service: "all"})
	if err != nil {
		return err
	}
	offers, err := u.ListReferrals(t.Context(), taking.Scope, new(track.Incoming), new(track.ReferralOffered),
		uuid.Nil, 200)
	OK(t, err)
	for _, r := range offers {
		if r.Case == id {
			_, err = u.tracks.AnswerReferral(t.Context(), taking, r.ID, r.Version, track.ReferralAccepted)
		}
	}
	return err
}

// alter makes a part of a track or takes one on, into any state.
func (u *Turmoil) alter(c *casework.Case, f *track.Tracks) (casework.Event, error) {
	id, on := uuid.Must(uuid.NewV7()), Today.AddDays(-u.chance.IntN(21))
	u.AlterSome(c, f, id, on)
	return casework.Event{Kind: track.TrainingAdvanced, OccurredOn: Today, Payload: track.Stepped{ID: id, On: on}}, nil
}

// AlterSome changes something in each kind of part.
func (u *Turmoil) AlterSome(c *casework.Case, f *track.Tracks, id uuid.UUID, on calendar.Date) {
	switch n := u.chance.IntN(8); {
	case n == 0 && c.ClaimState == casework.ClaimNone:
		c.ClaimState = casework.ClaimApplied
		f.Claims = append(f.Claims, track.Claim{ID: id, State: casework.ClaimApplied, AppliedOn: on, Facts: "{}"})
	case n <= 1 && len(f.Claims) > 0 && f.Claims[0].State == casework.ClaimApplied:
		c.ClaimState = casework.ClaimRunning
		f.Claims[0].State, f.Claims[0].DecidedOn, f.Claims[0].ReferenceOn = casework.ClaimRunning, Today, Today
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
			State: track.Submitted, Reached: track.Submitted, AppliedOn: on})
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

// InFull gives a case a row in every table that a case can have rows in, with one more case of the same person.
func (u *Turmoil) InFull(t *testing.T, id casework.ID) {
	t.Helper()
	u.merge(t, id)
	vacancy := uuid.New()
	u.Do(t, `insert into vacancy (id, region, employer, title, occupation, openings, posted_on, expires_on, state,
		source, reference, reported_by, verified_by)
		values ($1, '3273', 'PT', 'x', '7212', 1, '2026-11-01', '2026-12-01', 'open', 'uji', $2,
			$3, $3)`, vacancy, vacancy.String(), uuid.UUID(u.Officer))
	op := authz.Op{Actor: u.Officer, Scope: authz.Everywhere()}
	var ref uuid.UUID
	part := func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	_, err := u.ChangeTracks(t.Context(), op, id, casework.AnyVersion, &ref, func(c *casework.Case,
		f *track.Tracks) (casework.Event, error) {
		training, claim := part(), part()
		if len(f.Claims) == 0 {
			c.ClaimState = casework.ClaimRunning
			f.Claims = append(f.Claims, track.Claim{ID: claim, State: casework.ClaimRunning, AppliedOn: Today,
				DecidedOn: Today, ReferenceOn: Today, Facts: "{}"})
			f.Months = append(f.Months, track.Month{Claim: claim, N: 1, State: track.MonthUpcoming, OpensOn: Today,
				ClosesOn: Today, Attendance: -1})
		}
		f.PrakerjaCards = append(f.PrakerjaCards, track.PrakerjaCard{ID: part(), Batch: "70", State: track.CardAwarded,
			AwardedOn: Today, Result: "eligible", Version: "1", Decision: "{}"})
		f.Trainings = append(f.Trainings, track.Training{ID: training, Scheme: track.BLK, Provider: "BLK", Programme: "Las",
			State: track.Enrolled, StartsOn: Today, Attendance: -1})
		f.Attendances = append(f.Attendances, track.Attendance{Training: training, On: Today, Present: true})
		f.Assessments = append(f.Assessments, track.Assessment{ID: part(), Body: "LSP", Scheme: "Las",
			State: track.AssessmentRequested, AppliedOn: Today})
		f.Certificates = append(f.Certificates, track.Certificate{ID: part(), Kind: track.TrainingCertificate, Number: "1",
			Issuer: "BLK", IssuedOn: Today})
		f.Wishes = append(f.Wishes, track.Wish{Occupation1: "7212", Reach: track.OwnRegency})
		f.Applications = append(f.Applications, track.Application{ID: part(), Employer: "PT", Position: "x",
			State: track.Submitted, AppliedOn: Today})
		f.Proposals = append(f.Proposals, track.Proposal{ID: part(), Vacancy: vacancy, Employer: "PT", Position: "x",
			State: track.Proposed, ProposedOn: Today})
		f.Placements = append(f.Placements, track.Placement{ID: part(), Employer: "PT", Position: "x",
			State: track.Reported, StartedOn: Today})
		f.Businesses = append(f.Businesses, track.Business{ID: part(), Title: "warung", KBLI: "56101", Level: track.Starter,
			State: track.BusinessIdea, ProposedOn: Today})
		f.JobSeekerCards = append(f.JobSeekerCards, track.JobSeekerCard{ID: part(), Number: "AK1", State: track.CardActive,
			IssuedOn: Today, ValidUntil: Today.AddMonths(24), ReportBy: Today.AddMonths(6)})
		f.Referrals = append(f.Referrals, track.Referral{ID: part(), Kind: track.ServiceReferral, From: c.Region,
			To: "1101", Service: "training", State: track.ReferralOffered,
			OfferedOn: Today, AnswerBy: Today})
		addOthers(f)
		return casework.Event{Kind: track.TrainingAdvanced, OccurredOn: Today, Payload: track.Stepped{ID: training}}, nil
	})
	OK(t, err)
	_, err = u.ChangePrivacy(t.Context(), op, id, casework.AnyVersion, func(_ *casework.Case,
		f *privacy.ErasureStatus) (casework.Event, error) {
		f.Erasure, f.RequestedBy = privacy.Requested, u.Officer
		return f.Hold(identity.NewSecret("perkara"), Today)
	})
	OK(t, err)
}

// merge opens one more case, which is a duplicate.
func (u *Turmoil) merge(t *testing.T, id casework.ID) {
	t.Helper()
	u.More(t)
	again := u.Cases[len(u.Cases)-1]
	_, err := u.ChangePair(t.Context(), authz.Op{Actor: u.Officer, Scope: authz.Everywhere()}, again,
		casework.AnyVersion, id,
		func(p *casework.Pair) (this, other casework.Event, err error) {
			return p.Merge(identity.NewSecret("orang yang sama"), Today)
		})
	OK(t, err)
}

// ReportLayoff makes a layoff with an entry after its first.
func (u *Turmoil) ReportLayoff(t *testing.T) layoff.Layoff {
	t.Helper()
	op := authz.Op{Actor: u.Officer, Scope: authz.Everywhere()}
	l, err := u.CreateLayoff(t.Context(), op, layoff.Layoff{Reason: "efficiency", PeoplePlanned: 40, PlannedOn: Today,
		ReportedBy: u.Officer,
		Employer:   layoff.Employer{Region: "3273", Name: "PT Sandang"}})
	OK(t, err)
	l, err = u.ChangeLayoff(t.Context(), op, l.ID, l.Version, func(l *layoff.Layoff) (layoff.Event, error) {
		l.JobsSaved = 3
		return layoff.Event{Kind: "layoff.reduced", OccurredOn: Today, Payload: map[string]int{"jobs_saved": 3}}, nil
	})
	OK(t, err)
	return l
}
