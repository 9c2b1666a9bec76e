package track_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// Permenaker 2/2025 Art. 13(3): five applications or one call in the month before, and/or 80 percent of a training,
// which this office reads as one of them. The month before is counted from the reference day of the month before to the
// day of the proof, both included.
func TestWhatProvesAMonth(t *testing.T) {
	t.Parallel()
	reference, last := start, calendar.MustDate("2026-02-10")
	sent := func(first calendar.Date, n int, more ...calendar.Date) (f track.Tracks) {
		for i := range n {
			f.Applications = append(f.Applications, track.Application{AppliedOn: first, Employer: "PT A",
				Position: strconv.Itoa(i)})
		}
		for _, on := range more {
			f.Applications = append(f.Applications, track.Application{AppliedOn: on, Employer: "PT B"})
		}
		return f
	}
	twice := func(f track.Tracks) track.Tracks {
		f.Applications[3].Position = "0" // as the first one
		return f
	}
	called := func(on calendar.Date) track.Tracks {
		return track.Tracks{Applications: []track.Application{{AppliedOn: reference, CalledOn: on}}}
	}
	sat := func(present, absent int) (f track.Tracks) {
		for i := range present + absent {
			f.Attendances = append(f.Attendances, track.Attendance{On: reference.AddDays(i), Present: i < present})
		}
		return f
	}
	and := func(f track.Tracks, on calendar.Date) track.Tracks { // there once more
		f.Attendances = append(f.Attendances, track.Attendance{On: on, Present: true})
		return f
	}
	unmet := refusal{"claim.proof_not_met", ""}
	for name, x := range map[string]struct {
		f     track.Tracks
		facts track.MonthFacts
		r     refusal
	}{
		"five":                         {sent(reference, 5), track.MonthFacts{Attendance: -1}, taken},
		"four and one again":           {twice(sent(reference, 5)), track.MonthFacts{Attendance: -1}, unmet},
		"four":                         {sent(reference, 4), track.MonthFacts{Attendance: -1}, unmet},
		"one of five too early":        {sent(reference, 4, reference.AddDays(-1)), track.MonthFacts{Attendance: -1}, unmet},
		"one of five on the day":       {sent(reference, 4, last), track.MonthFacts{Attendance: -1}, taken},
		"one of five after it":         {sent(reference, 4, last.AddDays(1)), track.MonthFacts{Attendance: -1}, unmet},
		"a call":                       {called(reference), track.MonthFacts{Attendance: -1}, taken},
		"a call too early":             {called(reference.AddDays(-1)), track.MonthFacts{Attendance: -1}, unmet},
		"a call after the day":         {called(last.AddDays(1)), track.MonthFacts{Attendance: -1}, unmet},
		"another job":                  {sent(reference, 5), track.MonthFacts{Attendance: -1, OtherJob: true}, unmet},
		"80 percent":                   {sat(4, 1), track.MonthFacts{Attendance: -1}, taken},
		"79 percent":                   {sat(15, 4), track.MonthFacts{Attendance: -1}, unmet},
		"80 percent by the last day":   {and(sat(3, 1), last), track.MonthFacts{Attendance: -1}, taken},
		"80 percent by the day after":  {and(sat(3, 1), last.AddDays(1)), track.MonthFacts{Attendance: -1}, unmet},
		"80 percent by the day before": {and(sat(3, 1), reference.AddDays(-1)), track.MonthFacts{Attendance: -1}, unmet},
		"79 percent, 100 claimed":      {sat(15, 4), track.MonthFacts{Attendance: 100}, unmet},
		"nobody there, 100 claimed":    {sat(0, 5), track.MonthFacts{Attendance: 100}, unmet},
		"80 percent claimed":           {track.Tracks{}, track.MonthFacts{Attendance: 80}, taken},
		"79 percent claimed":           {track.Tracks{}, track.MonthFacts{Attendance: 79}, unmet},
	} {
		s, h := serving(t, "3273", last.AddDays(1))
		h.c.ClaimState, h.f = casework.ClaimRunning, x.f
		h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimRunning, ReferenceOn: reference, Result: rule.Eligible}}
		h.f.Months = []track.Month{{Claim: part, N: 2, State: track.MonthUpcoming, OpensOn: reference.AddMonths(1),
			ClosesOn: last}}
		x.facts.N, x.facts.On = 2, last
		_, err := s.ProveMonth(t.Context(), track.Target{Version: 1}, x.facts)
		want(t, name, err, x.r)
		x.facts.On = last.AddDays(1)
		h.f.Months[0].State, h.f.Months[0].ProvedOn = track.MonthUpcoming, calendar.Date{}
		_, err = s.ProveMonth(t.Context(), track.Target{Version: 1}, x.facts)
		want(t, name+", a day too late", err, refusal{"claim.window_closed", ""})
	}
}

// As this office reads the law, a missed month is lost and the claim goes on.
func TestAMissedMonthByTheRulesInForce(t *testing.T) {
	t.Parallel()
	for today, r := range map[calendar.Date]refusal{day(15): {"claim.window_open", ""}, day(16): taken} {
		s, h := serving(t, "3273", today)
		h.c.ClaimState = casework.ClaimRunning
		h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimRunning, ReferenceOn: start, Result: rule.Eligible}}
		h.f.Months = []track.Month{{Claim: part, N: 2, State: track.MonthUpcoming, OpensOn: day(10), ClosesOn: day(15)},
			{Claim: part, N: 3, State: track.MonthUpcoming, OpensOn: day(40), ClosesOn: day(45)}}
		_, err := s.MissMonth(t.Context(), track.Target{Version: 1}, 2)
		want(t, "missed "+today.String(), err, r)
		if h.c.ClaimState != casework.ClaimRunning || h.f.Months[1].State != track.MonthUpcoming {
			t.Errorf("missed %s: %+v", today, h.f)
		}
	}
}

// JKP pays a training up to the cap of the day of the contract (PMK 26/2025: 2.4 million); others pay what they like.
func TestWhatATrainingMayCost(t *testing.T) {
	t.Parallel()
	over := refusal{"training.cost_over_cap", "cost"}
	for _, x := range []struct {
		scheme track.Scheme
		on     string
		cost   money.Rupiah
		r      refusal
	}{
		{track.JKPTraining, "2026-01-05", 2_400_000, taken}, {track.JKPTraining, "2026-01-05", 2_400_001, over},
		{track.JKPTraining, "2025-04-14", 2_400_000, taken}, {track.JKPTraining, "2025-04-13", 1_000_001, over},
		{track.JKPTraining, "2025-04-13", 1_000_000, taken}, {track.JKPTraining, "2026-01-05", 0, taken},
		{track.BLK, "2026-01-05", 9_000_000, taken}, {track.JKPTraining, "2021-02-01", 0, taken},
		{track.JKPTraining, "2021-02-01", 1, refusal{"rule.no_version", ""}},
	} {
		s, h := serving(t, "3273", calendar.MustDate(x.on))
		h.c.TerminatedOn, h.c.OpenedOn = calendar.MustDate("2021-01-04"), calendar.MustDate("2021-01-04")
		_, err := track.Trainings.Record(t.Context(), s, track.Target{Version: 1},
			track.Training{Scheme: x.scheme, Provider: "BLK", Programme: "Las", StartsOn: start, Cost: x.cost})
		want(t, string(x.scheme)+" of "+x.cost.String()+" on "+x.on, err, x.r)
	}
}

// Nobody states a dispute away: what the case knows of the worker's answer goes before what was stated for the claim.
func TestTheAnswerOnRecordGoesBeforeWhatIsStated(t *testing.T) {
	t.Parallel()
	for answer, x := range map[track.ResponseState]struct {
		dispute jkp.Dispute
		final   calendar.Date
	}{track.Accepted: {jkp.DisputeNone, calendar.Date{}}, track.Agreed: {jkp.DisputeNone, calendar.Date{}},
		track.Refused: {jkp.DisputePending, calendar.Date{}}, track.Disputed: {jkp.DisputePending, calendar.Date{}},
		track.Decided: {jkp.DisputeFinal, day(7)}, "": {jkp.DisputeFinal, day(3)}} {
		s, h := serving(t, "3273", day(50))
		stated, err := json.Marshal(jkp.Application{Dispute: jkp.DisputeFinal, FinalDecisionOn: day(3)})
		want(t, "encode", err, taken)
		h.f.Claims = []track.Claim{{ID: part, State: casework.ClaimApplied, AppliedOn: start, Facts: string(stated)}}
		if answer != "" {
			h.f.Responses = []track.Response{{State: answer, On: day(7)}}
		}
		got, err := s.Stated(t.Context(), authz.Scope{}, casework.ID{})
		if err != nil || got.Facts.Dispute != x.dispute || got.Facts.FinalDecisionOn != x.final {
			t.Errorf("answered %q: %s on %s, %v", answer, got.Facts.Dispute, got.Facts.FinalDecisionOn, err)
		}
	}
}
