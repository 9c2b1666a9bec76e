package track_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/prakerja"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
	"github.com/tanggap/tanggap/policies"
)

// held is one case with its tracks in memory: the rules of the service are above it, those of a store are tested in
// pkg/store.
type held struct {
	track.Store
	track.ReferralStore
	c     casework.Case
	f     track.Tracks
	event casework.Event
	wage  identity.Wage
	fails error
}

func (h *held) ChangeTracks(_ context.Context, _ authz.Op, _ casework.ID, _ int, _ *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) (casework.State, error) {
	if h.fails != nil {
		return casework.State{}, h.fails
	}
	event, err := fn(&h.c, &h.f)
	if err == nil {
		h.event = event
	}
	return casework.State{Told: event.Told}, err
}

func (h *held) ChangeClaims(ctx context.Context, op authz.Op, id casework.ID, version int, ref *uuid.UUID,
	fn func(*casework.Case, *track.Tracks) (casework.Event, error)) (casework.State, error) {
	return h.ChangeTracks(ctx, op, id, version, ref, fn)
}

func (h *held) GetElsewhere(context.Context, authz.Scope, casework.ID) ([]track.Elsewhere, error) {
	return h.f.Elsewhere, nil
}

func (h *held) GetTracks(context.Context, authz.Scope, casework.ID) (casework.Detail, track.Tracks, error) {
	return casework.Detail{Case: h.c, Person: casework.Person{Wage: h.wage}}, h.f, nil
}

func (h *held) GetReferral(context.Context, authz.Scope, uuid.UUID) (track.ReferralView, error) {
	return track.ReferralView{Referral: h.f.Referrals[0]}, nil
}

func (h *held) DueReferrals(context.Context, int) (list []track.ReferralView, err error) {
	for _, r := range h.f.Referrals {
		list = append(list, track.ReferralView{Referral: r})
	}
	return list, nil
}

// law is every rule that the tracks go by, read once.
type law struct {
	jkp      *jkp.Programme
	prakerja prakerja.Law
	days     *calendar.Calendar
}

var rules = sync.OnceValues(func() (l law, err error) {
	if l.jkp, err = jkp.Load(policies.FS); err != nil {
		return l, err
	}
	if l.prakerja, err = prakerja.Load(policies.FS); err != nil {
		return l, err
	}
	file, err := policies.FS.Open("reference/holidays.csv")
	if err == nil {
		l.days, err = calendar.Load(file)
	}
	return l, err
})

// serving is the service at an office on a day, an hour before the day ends there.
func serving(t *testing.T, office region.Code, on calendar.Date) (*track.Service, *held) {
	t.Helper()
	l, err := rules()
	if err != nil {
		t.Fatal(err)
	}
	_, east := on.Time().In(casework.ZoneOf(office).Location()).Zone()
	now := clock.At(on.Time().Add(23*time.Hour - time.Duration(east)*time.Second))
	h := &held{c: casework.Case{Region: office, Stage: casework.Benefit, OpenedOn: start, TerminatedOn: start,
		ClaimState: casework.ClaimNone}, wage: identity.NewWage(3_000_000)}
	return &track.Service{Store: h, Referrals: h, Cases: casework.New(casework.Deps{Clock: now}),
			Rules: track.Rules{JKP: l.jkp, Prakerja: l.prakerja, Hubs: ours().Hubs, Measures: ours().Measures,
				Calendar: l.days}},
		h
}

// Every step that takes a day from the client: tomorrow at the office is refused where it was sent, today is not, in
// each of the three zones.
func TestNoStepLiesInTheFutureOfItsOffice(t *testing.T) {
	t.Parallel()
	today := day(100)
	for name, x := range map[string]struct {
		field string
		step  func(context.Context, *track.Service, calendar.Date) error
	}{
		"apply for JKP": {"applied_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.ApplyClaim(ctx, track.Target{Version: 1}, jkp.Application{AppliedOn: on}, "")
			return err
		}},
		"decide": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.DecideClaim(ctx, track.Target{Version: 1}, on, calendar.Date{})
			return err
		}},
		"prove": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.ProveMonth(ctx, track.Target{Version: 1}, track.MonthFacts{N: 2, On: on})
			return err
		}},
		"pay": {"given_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.PayMonth(ctx, track.Target{Version: 1}, track.MonthPayment{N: 2, Given: on})
			return err
		}},
		"stop": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.StopClaim(ctx, track.Target{Version: 1}, track.StopDeath, on)
			return err
		}},
		"train": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Trainings.Advance(ctx, s, track.Target{Version: 1}, attended(part, track.InTraining, nil, on))
			return err
		}},
		"assess": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Assessments.Advance(ctx, s, track.Target{Version: 1}, moved(part, track.AssessmentVerified, on))
			return err
		}},
		"apply for a job": {"applied_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Applications.Record(ctx, s, track.Target{Version: 1}, track.Application{AppliedOn: on})
			return err
		}},
		"be called": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Applications.Advance(ctx, s, track.Target{Version: 1}, moved(part, track.TestCalled, on))
			return err
		}},
		"answer a proposal": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.AnswerProposal(ctx, track.Target{Version: 1}, part, true, on)
			return err
		}},
		"work for oneself": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Businesses.Advance(ctx, s, track.Target{Version: 1},
				grows(part, track.BusinessVerified, track.Growth{}, on))
			return err
		}},
		"be visited": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.VisitBusiness(ctx, track.Target{Version: 1}, grows(part, "", track.Growth{}, on))
			return err
		}},
		"issue a card": {"issued_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.JobSeekerCards.Record(ctx, s, track.Target{Version: 1}, track.JobSeekerCard{IssuedOn: on})
			return err
		}},
		"report a card": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := s.ReportCard(ctx, track.Target{Version: 1}, part, on)
			return err
		}},
		"keep a job": {"occurred_on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Placements.Advance(ctx, s, track.Target{Version: 1}, moved(part, track.Ended, on))
			return err
		}},
		"answer the termination": {"on", func(ctx context.Context, s *track.Service, on calendar.Date) error {
			_, err := track.Responses.Record(ctx, s, track.Target{Version: 1}, track.Response{State: track.Accepted, On: on})
			return err
		}},
	} {
		for _, office := range []region.Code{"3273", "7371", "9171"} {
			s, _ := serving(t, office, today)
			want(t, name+" tomorrow", x.step(t.Context(), s, today.AddDays(1)), refusal{"case.occurred_in_future", x.field})
			s, _ = serving(t, office, today)
			if err := x.step(t.Context(), s, today); fault.CodeOf(err) == "case.occurred_in_future" {
				t.Errorf("%s today in %s: %v", name, office, err)
			}
		}
	}
}

// The reference day lies between the application and the decision, both included.
func TestTheReferenceDayOfAClaim(t *testing.T) {
	t.Parallel()
	before := refusal{"claim.reference", "reference_on"}
	for reference, r := range map[calendar.Date]refusal{day(4): before, day(5): taken, day(8): taken, day(9): before,
		{}: taken} {
		s, h := serving(t, "3273", day(50))
		h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimApplied, AppliedOn: day(5),
			Facts: `{"Citizenship":"wna"}`}}
		_, err := s.DecideClaim(t.Context(), track.Target{Version: 1}, day(8), reference)
		want(t, "reference "+reference.String(), err, r)
	}
	s, h := serving(t, "3273", day(50))
	h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimApplied, AppliedOn: day(5), Facts: `{"Citizenship":"wna"}`}}
	_, err := s.DecideClaim(t.Context(), track.Target{Version: 1}, day(4), calendar.Date{})
	want(t, "decided before it was made", err, refusal{"claim.reference", "occurred_on"})
}

// Permenaker 2/2025: a month is applied for within five days of its reference day, and given at 60 percent of the wage.
// The amount stated has to be that of the rules.
func TestWhatIsPaidForAMonth(t *testing.T) {
	t.Parallel()
	opens := calendar.MustDate("2026-02-05")
	for _, x := range []struct {
		given  calendar.Date
		stated money.Rupiah
		r      refusal
	}{{opens.AddDays(-1), 0, refusal{"claim.paid_before_window", "given_on"}}, {opens, 0, taken},
		{opens, 1_800_000, taken},
		{opens, 1_800_001, refusal{"claim.amount_differs", ""}}, {opens, 1_799_999, refusal{"claim.amount_differs", ""}}} {
		s, h := serving(t, "3273", day(200))
		h.c.ClaimState = casework.ClaimRunning
		h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimRunning, ReferenceOn: start}}
		h.f.Months = []track.Month{{Claim: part, N: 2, State: track.MonthProved, OpensOn: opens, ClosesOn: opens.AddDays(5)}}
		_, err := s.PayMonth(t.Context(), track.Target{Version: 1}, track.MonthPayment{N: 2, Given: x.given,
			Stated: x.stated})
		want(t, fmt.Sprintf("%d given on %s", x.stated, x.given), err, x.r)
		if x.r == taken && h.f.Months[0].Amount != 1_800_000 {
			t.Errorf("given %s", h.f.Months[0].Amount)
		}
	}
}

// The offers that nobody answered end, each on the day after its last one at its office; one that changed meanwhile is
// left, and a store that fails is not passed over.
func TestOffersExpireByThemselves(t *testing.T) {
	t.Parallel()
	for last, state := range map[int]track.ReferralState{99: track.ReferralExpired, 100: track.ReferralOffered} {
		s, h := serving(t, "3273", day(100))
		h.f.Referrals = []track.Referral{{ID: part, Kind: track.CustodyTransfer, From: "3273", To: "3204",
			State: track.ReferralDeclined, Version: 2},
			{ID: uuid.UUID{2}, Kind: track.ServiceReferral, From: "3273", To: "3204", State: track.ReferralOffered,
				AnswerBy: day(last), Version: 1}}
		if err := s.ExpireReferrals(t.Context()); err != nil || h.f.Referrals[1].State != state ||
			h.f.Referrals[0].State != track.ReferralDeclined {
			t.Errorf("last day %d: %+v, %v", last, h.f.Referrals, err)
		}
		h.fails = errors.New("the database is away")
		if err := s.ExpireReferrals(t.Context()); !errors.Is(err, h.fails) {
			t.Errorf("a store that fails: %v", err)
		}
	}
}

// The office asked answers; the office that asked takes back. Neither does the other's part, nor in another version.
func TestWhoAnswersAReferral(t *testing.T) {
	t.Parallel()
	other := refusal{"referral.other_office", ""}
	for _, x := range []struct {
		scope   region.Code
		to      track.ReferralState
		version int
		r       refusal
	}{
		{"3204", "accepted", 1, taken}, {"3204", "declined", 1, taken}, {"3204", "taken_back", 1, other},
		{"3273", "accepted", 1, other}, {"3273", "declined", 1, other}, {"3273", "expired", 1, other},
		{"3273", "taken_back", 1, taken},
		{"32", "accepted", 1, taken}, {"3204", "accepted", 2, refusal{"referral.stale", ""}},
		{"3204", "expired", 1, refusal{"referral.transition_refused", ""}},
		{"3204", "done", 1, refusal{"referral.transition_refused", ""}},
	} {
		s, h := serving(t, "3273", day(50))
		h.f = referral(track.CustodyTransfer)("offered")
		_, err := s.AnswerReferral(t.Context(), authz.Op{Scope: authz.ScopeOver(x.scope)}, part, x.version, x.to)
		want(t, string(x.scope)+" "+string(x.to), err, x.r)
	}
	s, h := serving(t, "3275", day(50))
	h.f = referral(track.CustodyTransfer)("offered")
	_, err := s.AnswerReferral(t.Context(), authz.Op{Scope: authz.ScopeOver("3204")}, part, 1, track.ReferralAccepted)
	want(t, "of a case that has gone elsewhere", err, refusal{"referral.not_found", ""})
}
