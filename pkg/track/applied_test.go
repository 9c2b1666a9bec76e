package track_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/track"
)

// The record completes what is stated for a claim: the birth date and the reason of the layoff. Another birth date is
// refused, another reason is told, one that there is not is refused.
func TestWhatTheRecordAddsToAClaim(t *testing.T) {
	t.Parallel()
	born := calendar.MustDate("1990-05-17")
	for name, x := range map[string]struct {
		stated   jkp.Application
		born     calendar.Date
		layoff   jkp.Reason
		r        refusal
		reason   jkp.Reason
		birth    calendar.Date
		warnings int
	}{
		"nothing is stated": {jkp.Application{}, born, "EFFICIENCY_LOSS", taken, "EFFICIENCY_LOSS", born, 0},
		"nothing is on record": {jkp.Application{Reason: "RESIGN", BirthDate: born}, calendar.Date{}, "", taken, "RESIGN",
			born, 0},
		"the same": {jkp.Application{Reason: "RESIGN", BirthDate: born}, born, "RESIGN", taken, "RESIGN", born, 0},
		"another reason": {jkp.Application{Reason: "RESIGN"}, born, "EFFICIENCY_LOSS", taken, "RESIGN",
			born, 1},
		"another birth date": {jkp.Application{BirthDate: born.AddDays(1)}, born, "", refusal{"claim.birth_date_differs",
			"birth_date"}, "", born, 0},
		"no such reason": {jkp.Application{Reason: "boredom"}, born, "", refusal{"claim.reason_unknown", "reason"}, "", born, 0},
		"no such reason beside the layoff's": {jkp.Application{Reason: "boredom"}, born, "RESIGN",
			refusal{"claim.reason_unknown", "reason"}, "", born, 0},
		"a layoff for no reason there is": {jkp.Application{}, born, "boredom", taken, "", born, 0},
		"neither says a reason":           {jkp.Application{}, born, "", taken, "", born, 0},
	} {
		s, h := serving(t, "3273", day(100))
		s.Store = &aged{h, x.born}
		x.stated.AppliedOn = day(50)
		state, err := s.ApplyClaim(t.Context(), track.Target{Version: 1}, x.stated, x.layoff)
		want(t, name, err, x.r)
		if x.r != taken {
			if len(h.f.Claims) != 0 {
				t.Errorf("%s: refused, and kept", name)
			}
			continue
		}
		warned := 0
		if state.Told != nil {
			warned = len(state.Told.Warnings)
		}
		got, err := s.Stated(t.Context(), authz.Scope{}, casework.ID{})
		if h.c.ClaimState != casework.ClaimApplied || h.c.DueFor == "" {
			t.Errorf("%s: the claim of the case is %s, due for %q", name, h.c.ClaimState, h.c.DueFor)
		}
		if err != nil || got.Facts.Reason != x.reason || got.Facts.BirthDate != x.birth || warned != x.warnings {
			t.Errorf("%s: %s, born %s, %d warnings, %v", name, got.Facts.Reason, got.Facts.BirthDate, warned, err)
		}
	}
}

// aged is a case of a worker who was born on a day.
type aged struct {
	*held
	born calendar.Date
}

func (a *aged) GetTracks(ctx context.Context, scope authz.Scope,
	id casework.ID) (casework.Detail, track.Tracks, error) {
	detail, tracks, err := a.held.GetTracks(ctx, scope, id)
	detail.Person.BirthDate = a.born
	return detail, tracks, err
}

// There is one benefit at a time: while another claim of the same person waits or runs, none is applied for or decided.
func TestOneBenefitAtATime(t *testing.T) {
	t.Parallel()
	no := refusal{"claim.live_elsewhere", ""}
	for state, r := range map[casework.ClaimState]refusal{casework.ClaimApplied: no, casework.ClaimRunning: no,
		casework.ClaimStopped: taken, casework.ClaimCompleted: taken, casework.ClaimWithdrawn: taken,
		casework.ClaimRefused: taken, casework.ClaimNone: taken} {
		elsewhere := []track.Elsewhere{{Claim: uuid.UUID{9}, State: state}}
		s, h := serving(t, "3273", day(100))
		h.f.Elsewhere = elsewhere
		_, err := s.ApplyClaim(t.Context(), track.Target{Version: 1}, jkp.Application{AppliedOn: day(50)}, "")
		want(t, "applied for beside one "+string(state), err, r)
		s, h = serving(t, "3273", day(100))
		h.f = track.Tracks{Elsewhere: elsewhere, Claims: []track.Claim{{ID: part, State: casework.ClaimApplied,
			AppliedOn: day(5), Facts: `{"Citizenship":"wna"}`}}}
		_, err = s.DecideClaim(t.Context(), track.Target{Version: 1}, day(50), calendar.Date{})
		want(t, "decided beside one "+string(state), err, r)
	}
	s, _ := serving(t, "3273", day(100))
	_, err := s.DecideClaim(t.Context(), track.Target{Version: 1}, day(50), calendar.Date{})
	want(t, "none is applied for", err, refusal{"claim.not_applied", ""})
}

// What is known of a claim: the months of it alone, and of those the ones that were missed.
func TestWhatIsKnownOfTheMonthsOfAClaim(t *testing.T) {
	t.Parallel()
	s, h := serving(t, "3273", day(300))
	earlier, now := claimWith(t, jkp.Application{}), claimWith(t, jkp.Application{})
	earlier.ID, earlier.State = uuid.UUID{8}, casework.ClaimStopped
	now.State, now.ReferenceOn, now.StoppedOn, now.StopReason = casework.ClaimStopped, day(9), day(200), jkp.StopJob
	h.f = track.Tracks{Claims: []track.Claim{earlier, now}, Months: []track.Month{
		{Claim: earlier.ID, N: 1, State: track.MonthMissed}, {Claim: part, N: 1, State: track.MonthPaid, GivenOn: day(10)},
		{Claim: part, N: 2, State: track.MonthMissed}, {Claim: part, N: 3, State: track.MonthStopped}}}
	got, err := s.Stated(t.Context(), authz.Scope{}, casework.ID{})
	b := got.Benefit
	if err != nil || fmt.Sprint(b.Missed) != "[2]" || len(b.Given) != 3 || b.Given[0] != day(10) || b.Reference != day(9) ||
		b.StopOn != day(200) || b.StopWith != jkp.StopJob || b.Wage != 3_000_000 {
		t.Errorf("%+v, %v", b, err)
	}
	h.f.Claims[1].ReferenceOn = calendar.Date{}
	if got, err = s.Stated(t.Context(), authz.Scope{}, casework.ID{}); err != nil || got.Benefit.Reference != day(300) {
		t.Errorf("undecided, counted from %s, %v", got.Benefit.Reference, err)
	}
	h.f = track.Tracks{}
	if _, err = s.Stated(t.Context(), authz.Scope{}, casework.ID{}); fault.CodeOf(err) != "claim.not_found" {
		t.Errorf("without a claim: %v", err)
	}
}

// Another law moves the windows of the months to come of the running claim, once; what was proved, paid or missed, and
// the months of another claim, stay.
func TestAClaimFollowsTheLaw(t *testing.T) {
	t.Parallel()
	reference := calendar.MustDate("2026-01-05")
	s, h := serving(t, "3273", day(20))
	h.c.ClaimState = casework.ClaimRunning
	h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimRunning, ReferenceOn: reference, AppliedOn: reference}}
	states := []track.MonthState{track.MonthPaid, track.MonthProved, track.MonthMissed, track.MonthUpcoming,
		track.MonthUpcoming, track.MonthUpcoming}
	for i, state := range states {
		h.f.Months = append(h.f.Months, track.Month{Claim: part, N: i + 1, State: state, OpensOn: day(1), ClosesOn: day(2)})
	}
	h.f.Months = append(h.f.Months, track.Month{Claim: uuid.UUID{9}, N: 4, State: track.MonthUpcoming, OpensOn: day(1),
		ClosesOn: day(2)}, track.Month{Claim: part, N: 7, State: track.MonthUpcoming, OpensOn: day(1), ClosesOn: day(2)})
	by := track.LawChange{Release: uuid.New(), ApprovedBy: "admin"}
	moved, err := s.FollowLaw(t.Context(), casework.ID{}, by)
	said, _ := h.event.Payload.(track.LawChange)
	if err != nil || !moved || h.event.Kind != track.LawChanged || len(said.Months) != 3 || said.ApprovedBy != "admin" {
		t.Fatalf("moved %t, %+v, %v", moved, said, err)
	}
	for i, m := range h.f.Months {
		if (m.OpensOn != day(1)) != (i >= 3 && i <= 5) {
			t.Errorf("month %d of %s, %s: opens on %s", m.N, m.Claim, m.State, m.OpensOn)
		}
	}
	for i, m := range said.Months {
		if m.N != i+4 || m.OpenedBefore != day(1) || m.ClosedBefore != day(2) || m.OpensOn != h.f.Months[m.N-1].OpensOn ||
			m.ClosesOn != h.f.Months[m.N-1].ClosesOn {
			t.Errorf("%+v", m)
		}
	}
	h.event = casework.Event{}
	if moved, err = s.FollowLaw(t.Context(), casework.ID{}, by); err != nil || moved || h.event.Kind != "" {
		t.Errorf("a second time: moved %t, %v", moved, err)
	}
	h.f.Months[3].OpensOn, h.f.Claims[0].State = day(1), casework.ClaimStopped
	if moved, err = s.FollowLaw(t.Context(), casework.ID{}, by); h.f.Months[3].OpensOn != day(1) || err != nil {
		t.Errorf("a claim that has stopped: moved %t, %v", moved, err)
	}
	for err, wrong := range map[error]bool{fault.New(fault.NotFound, "case.not_found"): false,
		fault.New(fault.Unavailable, "database.unavailable"): true} {
		h.fails = err
		if moved, got := s.FollowLaw(t.Context(), casework.ID{}, by); moved || (got != nil) != wrong {
			t.Errorf("%v: moved %t, %v", err, moved, got)
		}
	}
}
