package termination_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// counted reads "2025-12: 16 17 2026-01: 02" as days.
func counted(text string) []calendar.Date {
	var days []calendar.Date
	month := ""
	for word := range strings.FieldsSeq(text) {
		if m, ok := strings.CutSuffix(word, ":"); ok {
			month = m
			continue
		}
		days = append(days, calendar.MustDate(month+"-"+word))
	}
	return days
}

// The golden file lists every working day of each clock, one by one, over Christmas 2025, Nyepi and Idul Fitri
// 2026, Kenaikan, Idul Adha and Pancasila 2026, and the turn of the year to 2027.
func TestClocksAgainstDaysCountedOneByOne(t *testing.T) {
	t.Parallel()
	cal := ruletest.Workdays(t)
	rows := ruletest.Rows(t, "clocks.csv")
	if len(rows) != 4*(len(termination.Steps())-2) { // the two of a year have a test of their own
		t.Fatalf("%d rows, want four for each of the %d steps", len(rows), len(termination.Steps())-2)
	}
	for _, row := range rows {
		t.Run(row["step"]+"/"+row["starts"], func(t *testing.T) {
			t.Parallel()
			c, err := procedureAt(t, row["starts"]).Start(cal, termination.Step(row["step"]), date(row["starts"]))
			if err != nil {
				t.Fatal(err)
			}
			if c.Due.Due != date(row["due"]) || !c.Due.Certain || strconv.Itoa(c.WorkingDays) != row["working_days"] {
				t.Errorf("due %s after %d working days (certain %t), want %s", c.Due.Due, c.WorkingDays, c.Due.Certain, row["due"])
			}
			if c.Strict != date(row["strict"]) || c.JointLeave != date(row["joint_leave"]) {
				t.Errorf("strictly %s, with joint leave as work %s; want %s, %s", c.Strict, c.JointLeave, row["strict"],
					row["joint_leave"])
			}
			if c.Article != row["article"] {
				t.Errorf("article %q, want %q", c.Article, row["article"])
			}
			days := counted(row["counted"])
			if len(days) != c.WorkingDays || days[len(days)-1] != c.Due.Due {
				t.Errorf("the hand counted %d days up to %s", len(days), days[len(days)-1])
			}
			var walked []calendar.Date
			for d := c.Starts.AddDays(1); !d.After(c.Due.Due); d = d.AddDays(1) {
				if cal.IsWorkingDay(d) {
					walked = append(walked, d)
				}
			}
			if !slices.Equal(walked, days) {
				t.Errorf("the calendar counts %v, the hand %v", walked, days)
			}
		})
	}
}

func TestJointLeaveIsASwitchOfTheCalendar(t *testing.T) {
	t.Parallel()
	p := procedureAt(t, "2025-12-15")
	working := ruletest.Workdays(t).WithJointLeaveWorking(true)
	for _, c := range []struct {
		step         termination.Step
		starts, want string
	}{
		{termination.Notice, "2025-12-15", "2026-01-06"},  // 26 December works
		{termination.Refusal, "2026-03-12", "2026-03-24"}, // 18, 20, 23 and 24 March work
		{termination.Refusal, "2026-05-08", "2026-05-20"}, // 15 May works
	} {
		got, err := p.Start(working, c.step, date(c.starts))
		if err != nil || got.Due.Due != date(c.want) {
			t.Errorf("%s from %s: due %s, want %s (%v)", c.step, c.starts, got.Due.Due, c.want, err)
		}
	}
}

func TestWhatWasNotReadIsShownAsUnverified(t *testing.T) {
	t.Parallel()
	for day, unverified := range map[string][]termination.Step{"2026-03-12": nil, "2024-09-16": {termination.Suit}} {
		p := procedureAt(t, day)
		for s := range p.Steps {
			c, err := p.Start(ruletest.Workdays(t), s, date(day))
			if err != nil {
				t.Fatal(err)
			}
			if c.Confidence.Unverified() != slices.Contains(unverified, s) {
				t.Errorf("%s of %s: confidence %s", s, day, c.Confidence)
			}
		}
	}
}

func TestSilenceOnARecommendationIsRejection(t *testing.T) {
	t.Parallel()
	p := procedureAt(t, "2026-03-12")
	want := map[termination.Step]termination.Consequence{
		termination.MediationAnswer: termination.Rejection, termination.ConciliationAnswer: termination.Rejection,
		termination.SettlementChoice: termination.ToMediator, termination.Bipartite: termination.DeemedFailed,
		termination.Suit: termination.RightToSueLost, termination.LastPostponedHearing: termination.SuitLapses,
		termination.CassationRequest:       termination.JudgmentFinal,
		termination.CassationRequestAbsent: termination.JudgmentFinal,
	}
	for s := range p.Steps {
		c, err := p.Start(ruletest.Workdays(t), s, date("2026-03-12"))
		if err != nil || c.Silence != want[s] {
			t.Errorf("%s: silence means %q, want %q (%v)", s, c.Silence, want[s], err)
		}
	}
}

// A refusal is due on 30 March 2026 after a letter of 12 March; a termination is possible from 9 April on.
func TestStateOfAClock(t *testing.T) {
	t.Parallel()
	const refusal, notice = termination.Refusal, termination.Notice
	for _, c := range []struct {
		step          termination.Step
		asOf, stopped string
		want          termination.State
	}{
		{refusal, "2026-03-12", "", termination.Running},
		{refusal, "2026-03-30", "", termination.Running},
		{refusal, "2026-03-31", "", termination.Missed},
		{refusal, "2026-03-12", "2026-03-12", termination.Kept},
		{refusal, "2026-03-30", "2026-03-30", termination.Kept},
		{refusal, "2026-04-20", "2026-03-30", termination.Kept},
		{refusal, "2026-04-20", "2026-03-31", termination.Missed},
		{refusal, "2026-03-20", "2026-03-25", termination.Running},
		{refusal, "2026-03-31", "2026-04-02", termination.Missed},
		{notice, "2026-03-12", "", termination.Running},
		{notice, "2026-04-08", "", termination.Running},
		{notice, "2026-04-09", "", termination.Kept},
		{notice, "2026-04-08", "2026-04-08", termination.Missed},
		{notice, "2026-04-09", "2026-04-09", termination.Kept},
		{notice, "2026-05-09", "2026-04-30", termination.Kept},
		{notice, "2026-05-09", "2026-03-12", termination.Missed},
	} {
		t.Run(fmt.Sprintf("%s as of %s stopped %s", c.step, c.asOf, c.stopped), func(t *testing.T) {
			t.Parallel()
			clock, err := procedureAt(t, "2026-03-12").Start(ruletest.Workdays(t), c.step, date("2026-03-12"))
			if err != nil {
				t.Fatal(err)
			}
			if got := clock.State(date(c.asOf), date(c.stopped)); got != c.want {
				t.Errorf("%s, want %s (due %s)", got, c.want, clock.Due.Due)
			}
		})
	}
}

// Unknown holidays can only move the due day later: what is safe stays safe, the rest is said to be uncertain.
func TestStateBeyondThePublishedHolidays(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2027-12-28")
	start := date("2027-12-28")
	refusal, err := p.Start(cal, termination.Refusal, start)
	if err != nil || refusal.Due.Certain {
		t.Fatalf("a clock into 2028 is certain: %v", err)
	}
	if !slices.Equal(refusal.Due.UnknownYears, []int{2028}) {
		t.Errorf("unknown years %v", refusal.Due.UnknownYears)
	}
	notice, err := p.Start(cal, termination.Notice, start)
	if err != nil {
		t.Fatal(err)
	}
	due, earliest := refusal.Due.Due, notice.Due.Due
	for name, c := range map[string]struct{ got, want termination.State }{
		"refused in time":      {refusal.State(due, due), termination.Kept},
		"refused after it":     {refusal.State(due.AddDays(9), due.AddDays(1)), termination.Uncertain},
		"silent until it":      {refusal.State(due, date("")), termination.Running},
		"silent after it":      {refusal.State(due.AddDays(1), date("")), termination.Uncertain},
		"terminated before it": {notice.State(earliest, earliest.AddDays(-1)), termination.Missed},
		"terminated on it":     {notice.State(earliest, earliest), termination.Uncertain},
		"waiting before it":    {notice.State(earliest.AddDays(-1), date("")), termination.Running},
		"waiting over":         {notice.State(earliest, date("")), termination.Uncertain},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", name, c.got, c.want)
		}
	}
}

func TestStartRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	p, cal := procedureAt(t, "2026-03-12"), ruletest.Workdays(t)
	for name, c := range map[string]struct {
		step termination.Step
		on   string
		want string
	}{
		"unknown step": {"arbitration", "2026-03-12", "termination.step_unknown"},
		"no day":       {termination.Refusal, "", "termination.date_missing"},
	} {
		_, err := p.Start(cal, c.step, date(c.on))
		if fault.CodeOf(err) != c.want || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := p.Clocks(cal, []termination.DatedEvent{{Event: "x",
		On: date("2026-03-12")}}); fault.CodeOf(err) != "termination.event_unknown" {
		t.Errorf("an unknown event: %v", err)
	}
	if _, err := p.Clocks(cal, []termination.DatedEvent{{Event: termination.Terminated}}); fault.CodeOf(err) != "termination.date_missing" {
		t.Errorf("an event without a day: %v", err)
	}
}

// A dispute over the spring of 2026, event by event.
func TestClocksOfAWholeDispute(t *testing.T) {
	t.Parallel()
	history := []termination.DatedEvent{
		{Event: termination.NegotiationStarted, On: date("2026-03-26")},
		{Event: termination.NoticeDelivered, On: date("2026-03-12")},
		{Event: termination.RefusalDelivered, On: date("2026-03-17")},
		{Event: termination.NegotiationClosed, On: date("2026-04-20")},
		{Event: termination.ChoiceOffered, On: date("2026-04-22")},
		{Event: termination.TransferReceived, On: date("2026-05-08")},
		{Event: termination.MediationStarted, On: date("2026-05-12")},
		{Event: termination.MediatorRecommended, On: date("2026-05-26")},
	}
	asOf := date("2026-06-15")
	want := []struct {
		step  termination.Step
		due   string
		state termination.State
	}{
		{termination.Notice, "2026-04-09", termination.Kept},
		{termination.Refusal, "2026-03-30", termination.Kept},
		{termination.Bipartite, "2026-05-11", termination.Kept},
		{termination.SettlementChoice, "2026-05-04", termination.Missed},
		{termination.MediatorStudy, "2026-05-21", termination.Missed},
		{termination.Mediation, "2026-06-29", termination.Running},
		{termination.MediationAnswer, "2026-06-12", termination.Missed},
	}
	clocks, err := procedureAt(t, "2026-03-12").Clocks(ruletest.Workdays(t), history)
	if err != nil || len(clocks) != len(want) {
		t.Fatalf("%d clocks, want %d: %v", len(clocks), len(want), err)
	}
	for i, w := range want {
		c := clocks[i]
		if c.Step != w.step || c.Due.Due != date(w.due) {
			t.Errorf("clock %d: %s due %s, want %s due %s", i, c.Step, c.Due.Due, w.step, w.due)
		}
		if got := c.State(asOf, c.StoppedOn(history)); got != w.state {
			t.Errorf("%s: %s, want %s", c.Step, got, w.state)
		}
	}
}

func TestStoppedOnTakesTheFirstEventAfterTheStart(t *testing.T) {
	t.Parallel()
	c := termination.Clock{Starts: date("2026-03-12"), StoppedBy: []termination.Event{termination.RefusalDelivered}}
	for name, row := range map[string]struct {
		days []string
		want string
	}{
		"none":                     {nil, ""},
		"only an older one":        {[]string{"2026-03-11"}, ""},
		"on the day of the letter": {[]string{"2026-03-12"}, "2026-03-12"},
		"the first of several":     {[]string{"2026-03-20", "2026-03-16", "2026-03-01"}, "2026-03-16"},
	} {
		history := []termination.DatedEvent{{Event: termination.Terminated, On: date("2026-03-13")}}
		for _, d := range row.days {
			history = append(history, termination.DatedEvent{Event: termination.RefusalDelivered, On: date(d)})
		}
		if got := c.StoppedOn(history); got != date(row.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestEveryClockNamesItsLaw(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2024-01-01", "2024-09-17", "2026-01-01"} {
		p := procedureAt(t, day)
		for s, r := range p.Steps {
			src := r.Limit.Source
			if src.Citation == "" || src.Article == "" || !src.Confidence.Valid() {
				t.Errorf("%s %s: source %s (%s)", p.ID, s, src, src.Confidence)
			}
			if r.Silence != nil && r.Silence.Confidence == rule.ConfidenceOpen {
				t.Errorf("%s %s: silence is an open question", p.ID, s)
			}
		}
	}
}
