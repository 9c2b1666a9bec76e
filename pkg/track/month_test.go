package track_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

// ran is a claim that runs.
var ran = track.Claim{ID: part, State: casework.ClaimRunning, AppliedOn: start, ReferenceOn: start,
	Result: rule.Eligible}

// monthIn is the second month of that claim, from day 10 to day 15, with the facts that make its state.
func monthIn(state track.MonthState) track.Month {
	m := track.Month{Claim: part, N: 2, State: state, OpensOn: day(10), ClosesOn: day(15)}
	switch state {
	case track.MonthProved:
		m.ProvedOn = day(10)
	case track.MonthPaid:
		m.GivenOn = day(10)
	case track.MonthMissed:
		m.MissedOn = day(16)
	case track.MonthUpcoming, track.MonthStopped:
	}
	return m
}

func proveMonth(_ *casework.Case, f *track.Tracks, n, on int) error {
	_, err := f.ProveMonth(track.Proof{N: n}, eligible, day(on))
	return err
}

func payMonth(_ *casework.Case, f *track.Tracks, n, on int) error {
	_, err := f.PayMonth(jkp.Payment{Month: n, Given: day(on), Amount: 1}, "", day(on))
	return err
}

func missMonth(_ *casework.Case, f *track.Tracks, n, on int) error {
	_, err := f.MissMonth(n, false, day(on))
	return err
}

// A month in every state, on the days around its window, which is open from day 10 to day 15.
func TestEveryStepOfAMonthOnItsDays(t *testing.T) {
	t.Parallel()
	closed, over := refusal{"claim.window_closed", ""}, refusal{"claim.month_not_upcoming", ""}
	proved, paid := refusal{"claim.month_proved", ""}, refusal{"claim.month_paid", ""}
	early, unproved := refusal{"claim.paid_before_window", "given_on"}, refusal{"claim.month_not_proved", ""}
	stillOpen, first := refusal{"claim.window_open", ""}, refusal{"claim.month_not_missed", ""}
	for _, x := range []struct {
		n     int
		state track.MonthState
		step  func(*casework.Case, *track.Tracks, int, int) error
		name  string
		days  map[int]refusal
	}{
		{2, track.MonthUpcoming, proveMonth, "prove", map[int]refusal{9: closed, 10: taken, 15: taken, 16: closed}},
		{2, track.MonthProved, proveMonth, "prove", map[int]refusal{12: proved}},
		{2, track.MonthPaid, proveMonth, "prove", map[int]refusal{12: paid}},
		{2, track.MonthMissed, proveMonth, "prove", map[int]refusal{12: over}},
		{2, track.MonthStopped, proveMonth, "prove", map[int]refusal{12: over}},
		{1, track.MonthUpcoming, payMonth, "pay", map[int]refusal{9: early, 10: taken, 15: taken, 16: taken, 90: taken}},
		{2, track.MonthUpcoming, payMonth, "pay", map[int]refusal{9: unproved, 12: unproved, 16: unproved}},
		{2, track.MonthProved, payMonth, "pay", map[int]refusal{9: early, 10: taken, 15: taken, 16: taken, 90: taken}},
		{1, track.MonthPaid, payMonth, "pay", map[int]refusal{12: paid}},
		{2, track.MonthPaid, payMonth, "pay", map[int]refusal{12: paid}},
		{1, track.MonthMissed, payMonth, "pay", map[int]refusal{12: over}},
		{2, track.MonthMissed, payMonth, "pay", map[int]refusal{12: over}},
		{2, track.MonthStopped, payMonth, "pay", map[int]refusal{12: over}},
		{2, track.MonthUpcoming, missMonth, "miss", map[int]refusal{9: stillOpen, 15: stillOpen, 16: taken}},
		{2, track.MonthProved, missMonth, "miss", map[int]refusal{9: proved, 16: proved}},
		{2, track.MonthPaid, missMonth, "miss", map[int]refusal{9: paid, 16: paid}},
		{2, track.MonthMissed, missMonth, "miss", map[int]refusal{9: over, 16: over}},
		{2, track.MonthStopped, missMonth, "miss", map[int]refusal{9: over, 16: over}},
		{1, track.MonthUpcoming, missMonth, "miss", map[int]refusal{10: first, 16: first, 90: first}},
	} {
		for on, r := range x.days {
			c := casework.Case{ClaimState: casework.ClaimRunning}
			f := track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimRunning, AppliedOn: start,
				ReferenceOn: start}}, Months: []track.Month{{Claim: uuid.UUID{2}, N: x.n, State: track.MonthPaid},
				{Claim: part, N: x.n, State: x.state,
					OpensOn: day(10), ClosesOn: day(15)}, {Claim: part, N: 6, State: track.MonthUpcoming, ClosesOn: day(200)}}}
			want(t, fmt.Sprintf("%s month %d, %s, on day %d", x.name, x.n, x.state, on), x.step(&c, &f, x.n, on), r)
			want(t, "a month that the claim does not have", x.step(&c, &f, 7, on), refusal{"claim.month.not_found", ""})
			want(t, "month 0", x.step(&c, &f, 0, on), refusal{"claim.month.not_found", ""})
			if r != taken && f.Months[1].State != x.state {
				t.Errorf("%s was refused and left it %s", x.name, f.Months[1].State)
			}
		}
	}
}

// A proof that does not meet the rules is refused with its reasons; one of which nobody knows is no proof either.
func TestAProofThatIsNotMet(t *testing.T) {
	t.Parallel()
	for result, r := range map[rule.Outcome]refusal{rule.Eligible: taken, rule.Ineligible: {"claim.proof_not_met", ""},
		rule.Undetermined: {"claim.proof_not_met", ""}} {
		f := track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimRunning}},
			Months: []track.Month{{Claim: part, N: 2, State: track.MonthUpcoming, OpensOn: day(0), ClosesOn: day(5)}}}
		_, err := f.ProveMonth(track.Proof{N: 2}, rule.Decision{Result: result}, day(1))
		want(t, string(result), err, r)
	}
}

// What was earned is what was proved for a month that began before the claim stopped: a job on the day that the window
// opens takes the month, a job on the next day does not. A month that was paid stays paid.
func TestWhatAStopTakes(t *testing.T) {
	t.Parallel()
	for state, left := range map[track.MonthState]map[int]track.MonthState{
		track.MonthProved:   {9: track.MonthStopped, 10: track.MonthStopped, 11: track.MonthProved, 40: track.MonthProved},
		track.MonthUpcoming: {9: track.MonthStopped, 10: track.MonthStopped, 11: track.MonthStopped, 40: track.MonthStopped},
		track.MonthPaid:     {9: track.MonthPaid, 11: track.MonthPaid},
		track.MonthMissed:   {9: track.MonthMissed, 11: track.MonthMissed},
	} {
		for on, want := range left {
			c := casework.Case{ClaimState: casework.ClaimRunning, DueOn: day(50), DueFor: "month_3"}
			f := track.Tracks{Claims: []track.Claim{ran},
				Months: []track.Month{monthIn(state), {Claim: part, N: 3, OpensOn: day(50)}}}
			_, err := f.StopClaim(&c, track.StopJob, day(on))
			derive(&c, &f)
			if err != nil || f.Months[0].State != want || c.ClaimState != casework.ClaimStopped ||
				f.Claims[0].StoppedOn != day(on) || !c.DueOn.IsZero() {
				t.Errorf("%s, stopped on day %d: %s, want %s; %v, %+v", state, on, f.Months[0].State, want, err, c)
			}
		}
	}
}

// A claim that still waits when the worker finds a job or dies stops, one that is taken back is withdrawn: neither is
// refused, which is the decider's. The last day to claim runs on only where nothing stands against a claim.
func TestAWaitingClaimEndsWithoutARefusal(t *testing.T) {
	t.Parallel()
	for why, state := range map[track.StopReason]casework.ClaimState{track.StopDeath: casework.ClaimStopped,
		track.StopJob: casework.ClaimStopped, track.StopNotClaimed: casework.ClaimWithdrawn} {
		c := casework.Case{Stage: casework.Intake, ClaimState: casework.ClaimApplied, TerminatedOn: start, OpenedOn: start}
		f := track.Tracks{Claims: []track.Claim{{ID: part, State: casework.ClaimApplied, AppliedOn: start}}}
		_, err := f.StopClaim(&c, why, start)
		derive(&c, &f)
		if err != nil || c.ClaimState != state || f.Claims[0].State != state || !f.Claims[0].DecidedOn.IsZero() {
			t.Errorf("%s: %+v: %v", why, f.Claims[0], err)
		}
		if (c.DueFor == "claim") != (why == track.StopNotClaimed) {
			t.Errorf("%s: due for %q", why, c.DueFor)
		}
	}
}

// Where a missed month ends the claim, nothing after it is given; where it does not, the next month is what comes.
func TestWhatAMissedMonthEnds(t *testing.T) {
	t.Parallel()
	for ends, state := range map[bool]casework.ClaimState{true: casework.ClaimStopped, false: casework.ClaimRunning} {
		c := casework.Case{ClaimState: casework.ClaimRunning}
		f := track.Tracks{Claims: []track.Claim{ran},
			Months: []track.Month{{Claim: part, N: 2, State: track.MonthUpcoming, OpensOn: day(10), ClosesOn: day(15)},
				{Claim: part, N: 3, State: track.MonthUpcoming, OpensOn: day(40), ClosesOn: day(45)}}}
		_, err := f.MissMonth(2, ends, day(16))
		derive(&c, &f)
		if err != nil || f.Claims[0].State != state || c.ClaimState != state ||
			(f.Months[1].State == track.MonthStopped) != ends {
			t.Errorf("ends %v: %+v, %+v, %v", ends, f.Claims[0], f.Months, err)
		}
		if !ends && (c.DueOn != day(45) || c.DueFor != "month_3") {
			t.Errorf("due %s for %s", c.DueOn, c.DueFor)
		}
	}
}
