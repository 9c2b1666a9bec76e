package termination_test

import (
	"testing"

	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

type stage struct {
	step  termination.Step
	due   string
	state termination.State
}

// stages returns the clocks of a history as of a day, to be compared line by line.
func stages(t *testing.T, asOf string, history []termination.DatedEvent) []stage {
	t.Helper()
	clocks, err := procedureAt(t, asOf).Clocks(ruletest.Workdays(t), history)
	if err != nil {
		t.Fatal(err)
	}
	list := make([]stage, 0, len(clocks))
	for _, c := range clocks {
		list = append(list, stage{c.Step, c.Due.Due.String(), c.State(date(asOf), c.StoppedOn(history))})
	}
	return list
}

func same(t *testing.T, got, want []stage) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d clocks, want %d: %v", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("clock %d: %v, want %v", i, got[i], want[i])
		}
	}
}

// A worker who does not refuse: notice, termination on its first possible day, report to BPJS-TK two days late.
func TestAnAcceptedTermination(t *testing.T) {
	t.Parallel()
	history := []termination.DatedEvent{
		{Event: termination.NoticeDelivered, On: date("2025-12-15")},
		{Event: termination.Terminated, On: date("2026-01-07")},
		{Event: termination.InsurerInformed, On: date("2026-01-21")},
	}
	same(t, stages(t, "2026-01-30", history), []stage{
		{termination.Notice, "2026-01-07", termination.Kept},
		{termination.Refusal, "2025-12-24", termination.Missed},
		{termination.InsurerReport, "2026-01-19", termination.Missed}, // 16 January is Isra Mikraj
	})
}

// A worker in probation has seven working days of notice; one day less is a breach.
func TestATerminationInProbation(t *testing.T) {
	t.Parallel()
	for terminated, want := range map[string]termination.State{
		"2026-05-20": termination.Missed, "2026-05-21": termination.Kept, "2026-05-22": termination.Kept,
	} {
		history := []termination.DatedEvent{
			{Event: termination.ProbationNoticeDelivered, On: date("2026-05-08")},
			{Event: termination.Terminated, On: date(terminated)},
		}
		got := stages(t, "2026-05-25", history)
		if len(got) != 3 || got[0] != (stage{termination.ProbationNotice, "2026-05-21", want}) {
			t.Errorf("terminated on %s: %v", terminated, got)
		}
	}
}

// A dispute through conciliation to the court, and the day on which the termination takes effect.
func TestADisputeThroughConciliationAndCourt(t *testing.T) {
	t.Parallel()
	history := []termination.DatedEvent{
		{Event: termination.NoticeDelivered, On: date("2026-01-05")},
		{Event: termination.RefusalDelivered, On: date("2026-01-12")},
		{Event: termination.NegotiationStarted, On: date("2026-01-19")},
		{Event: termination.NegotiationClosed, On: date("2026-02-27")},
		{Event: termination.ChoiceOffered, On: date("2026-03-02")},
		{Event: termination.ChoiceMade, On: date("2026-03-05")},
		{Event: termination.ConciliationStarted, On: date("2026-03-09")},
		{Event: termination.ConciliationSessionHeld, On: date("2026-03-16")},
		{Event: termination.ConciliatorRecommended, On: date("2026-04-06")},
		{Event: termination.ConciliationAnswered, On: date("2026-04-13")},
		{Event: termination.ConciliationClosed, On: date("2026-04-14")},
		{Event: termination.CourtFirstHearing, On: date("2026-05-04")},
	}
	same(t, stages(t, "2026-06-02", history), []stage{
		{termination.Notice, "2026-01-26", termination.Kept},
		{termination.Refusal, "2026-01-14", termination.Kept},
		{termination.Bipartite, "2026-03-04", termination.Kept},
		{termination.SettlementChoice, "2026-03-11", termination.Kept},
		{termination.ConciliatorStudy, "2026-03-25", termination.Kept},
		{termination.ConciliationSession, "2026-03-26", termination.Kept},
		{termination.Conciliation, "2026-04-28", termination.Kept},
		{termination.ConciliatorRecommendation, "2026-04-07", termination.Kept},
		{termination.ConciliationAnswer, "2026-04-20", termination.Kept},
		{termination.Suit, "2027-04-14", termination.Kept},
		{termination.IndustrialCourt, "2026-07-21", termination.Running},
	})
	v, err := law(t).Validities.At(date("2026-01-26"))
	if err != nil {
		t.Fatal(err)
	}
	dispute := termination.Dispute{Disputed: new(true)}
	if d := v.Decide(dispute, date("2026-06-02")); d.Result != rule.Ineligible {
		t.Errorf("before the judgment the termination is %s", d.Result)
	}
	dispute.FinalDecision = date("2026-08-03")
	for asOf, want := range map[string]rule.Outcome{"2026-08-02": rule.Ineligible, "2026-08-03": rule.Eligible} {
		if d := v.Decide(dispute, date(asOf)); d.Result != want {
			t.Errorf("on %s the termination is %s, want %s", asOf, d.Result, want)
		}
	}
}

// Two letters, because the first was not delivered properly: each has its clocks.
func TestASecondLetterStartsItsOwnClocks(t *testing.T) {
	t.Parallel()
	history := []termination.DatedEvent{
		{Event: termination.NoticeDelivered, On: date("2026-05-08")},
		{Event: termination.NoticeDelivered, On: date("2026-03-12")},
		{Event: termination.RefusalDelivered, On: date("2026-05-20")},
	}
	same(t, stages(t, "2026-05-22", history), []stage{
		{termination.Notice, "2026-04-09", termination.Kept},
		{termination.Refusal, "2026-03-30", termination.Missed},
		{termination.Notice, "2026-06-04", termination.Running},
		{termination.Refusal, "2026-05-21", termination.Kept},
	})
}
