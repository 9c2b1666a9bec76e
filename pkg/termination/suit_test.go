package termination_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/pkg/termination"
)

type (
	history = []termination.DatedEvent
	event   = termination.Event
)

func on(e event, day string) termination.DatedEvent {
	return termination.DatedEvent{Event: e, On: date(day)}
}

// clockOf gives the clock of a step in a history, and whether there is one.
func clockOf(t *testing.T, p termination.Procedure, s termination.Step, h history) (termination.Clock, bool) {
	t.Helper()
	clocks, err := p.Clocks(ruletest.Workdays(t), h)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clocks {
		if c.Step == s {
			return c, true
		}
	}
	return termination.Clock{}, false
}

// The year of Art. 82 begins with what failed, by whatever paper it is known, and not with talks that are settled.
func TestWhatStartsTheYearForTheSuit(t *testing.T) {
	t.Parallel()
	p := procedureAt(t, "2026-01-26")
	for name, c := range map[string]struct {
		history history
		due     string // "" = no clock
		by      event
	}{
		"mediation failed":    {history{on("mediation_failed", "2026-03-02")}, "2027-03-02", "mediation_failed"},
		"conciliation failed": {history{on("conciliation_failed", "2026-05-04")}, "2027-05-04", "conciliation_failed"},
		"closed without a word on an agreement": {
			history{on("mediation_closed", "2026-03-02")}, "2027-03-02", "mediation_failed",
		},
		"closed after it failed": {
			history{on("mediation_closed", "2026-03-09"), on("mediation_failed", "2026-03-02")}, "2027-03-02",
			"mediation_failed",
		},
		"closed with an agreement": {history{on("agreement_signed", "2026-03-02"), on("mediation_closed", "2026-03-02")},
			"", ""},
		"from a leap day": {history{on("mediation_failed", "2028-02-29")}, "2029-02-28", "mediation_failed"},
		"talks only": {history{on("negotiation_closed", "2026-03-02"), on("notice_delivered", "2026-01-05")},
			"", ""},
	} {
		got, runs := clockOf(t, p, termination.Suit, c.history)
		if runs != (c.due != "") || runs && (got.Due.Due != date(c.due) || !got.Due.Certain || got.StartedBy != c.by) {
			t.Errorf("%s: due %s by %s, want %q", name, got.Due.Due, got.StartedBy, c.due)
		}
		if runs && (got.Strict != got.Due.Due.AddDays(-1) || got.Party != termination.Worker || got.Months != 12 ||
			got.Article != "UU 2/2004 Art. 82 as read by MK 132/PUU-XXIII/2025") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// MK 132/PUU-XXIII/2025 is of 17 September 2025. For a termination whose year had run out by then both readings are
// given.
func TestTheYearBeforeTheRuling(t *testing.T) {
	t.Parallel()
	h := history{on("notice_delivered", "2024-08-26"), on("terminated", "2024-09-16"),
		on("mediation_failed", "2025-03-03")}
	for day, want := range map[string]struct {
		old  bool
		open bool
	}{"2024-09-16": {true, true}, "2024-09-17": {false, false}, "2026-01-26": {false, false}} {
		p := procedureAt(t, day)
		suit, runs := clockOf(t, p, termination.Suit, h)
		if !runs || suit.Due.Due != date("2026-03-03") || suit.Confidence.Unverified() != want.open {
			t.Errorf("termination of %s: suit until %s (%s)", day, suit.Due.Due, suit.Confidence)
		}
		old, runs := clockOf(t, p, termination.SuitBeforeRuling, h)
		if runs != want.old || runs && (old.Due.Due != date("2025-08-26") || old.Confidence.Unverified()) {
			t.Errorf("termination of %s: as it was written until %s, runs %t", day, old.Due.Due, runs)
		}
	}
	bare, _ := clockOf(t, procedureAt(t, "2024-09-16"), termination.SuitBeforeRuling,
		history{on("terminated", "2024-09-16")})
	if bare.Due.Due != date("2025-09-16") {
		t.Errorf("without a letter the year runs to %s", bare.Due.Due)
	}
}

// Art. 110: fourteen working days for a party, from the reading or, for one that was absent, from the notice; the
// thirty days of the Mahkamah Agung are no one else's.
func TestCassationOfAPartyAndOfTheCourt(t *testing.T) {
	t.Parallel()
	p, read := procedureAt(t, "2026-01-26"), on("judgment_given", "2026-08-10")
	present, _ := clockOf(t, p, termination.CassationRequest, history{read})
	if present.Due.Due != date("2026-09-01") || present.Strict != date("2026-08-31") || present.WorkingDays != 14 {
		t.Errorf("present at the reading: until %s, strictly %s", present.Due.Due, present.Strict)
	}
	absent, _ := clockOf(t, p, termination.CassationRequestAbsent, history{read, on("judgment_notified", "2026-08-20")})
	if absent.Due.Due != date("2026-09-10") {
		t.Errorf("absent: until %s", absent.Due.Due)
	}
	if c, runs := clockOf(t, p, termination.CassationRequestAbsent, history{read}); runs {
		t.Errorf("nobody was told, and the term runs to %s", c.Due.Due)
	}
	filed := history{read, on("cassation_filed", "2026-09-01"), on("cassation_received", "2026-09-14")}
	present, _ = clockOf(t, p, termination.CassationRequest, filed)
	if got := present.State(date("2026-12-01"), present.StoppedOn(filed)); got != termination.Kept {
		t.Errorf("filed on the last day: %s", got)
	}
	supreme, _ := clockOf(t, p, termination.Cassation, filed)
	if supreme.Party != termination.SupremeCourt || supreme.Starts != date("2026-09-14") || supreme.WorkingDays != 30 {
		t.Errorf("the term of the Mahkamah Agung: %+v", supreme)
	}
}

// The day after the term of the last party; asking in vain for the day of a judgment that was not read is refused.
func TestTheDayOnWhichAJudgmentIsFinal(t *testing.T) {
	t.Parallel()
	p, cal := procedureAt(t, "2026-01-26"), ruletest.Workdays(t)
	for notified, want := range map[string]string{"": "2026-09-02", "2026-08-20": "2026-09-11",
		"2026-08-05": "2026-09-02"} {
		args := ruletest.Date(notified)
		got, err := p.FinalOn(cal, date("2026-08-10"))
		if notified != "" {
			got, err = p.FinalOn(cal, date("2026-08-10"), args)
		}
		if err != nil || got.Due != date(want) || !got.Certain {
			t.Errorf("notified %q: final on %s, want %s: %v", notified, got.Due, want, err)
		}
	}
	if _, err := p.FinalOn(cal, date("")); err == nil {
		t.Error("a judgment that was not read is final")
	}
	if _, err := p.FinalOn(cal, date("2026-08-10"), date("")); err == nil {
		t.Error("a notice without a day")
	}
}

// Mediation runs from the receipt of the transfer. An employer who will not negotiate blocks nothing.
func TestMediationRunsFromTheReceiptOfTheTransfer(t *testing.T) {
	t.Parallel()
	p := procedureAt(t, "2026-01-26")
	h := history{on("negotiation_refused", "2026-03-02"), on("dispute_registered", "2026-03-03"),
		on("transfer_received", "2026-03-12"), on("mediation_started", "2026-03-30"),
		on("mediation_session_held", "2026-03-30")}
	if c, _ := clockOf(t, p, termination.Mediation, h); c.Due.Due != date("2026-05-04") ||
		c.StartedBy != "transfer_received" {
		t.Errorf("mediation until %s by %s", c.Due.Due, c.StartedBy)
	}
	if c, _ := clockOf(t, p, termination.MediatorStudy, h); c.Due.Due != date("2026-03-30") {
		t.Errorf("the mediator studies until %s", c.Due.Due)
	}
	if c, _ := clockOf(t, p, termination.Mediation, h[3:4]); c.Due.Due != date("2026-05-13") ||
		c.StartedBy != "mediation_started" {
		t.Errorf("a record without the receipt: until %s by %s", c.Due.Due, c.StartedBy)
	}
	if c, runs := clockOf(t, p, termination.Bipartite, h); runs {
		t.Errorf("talks that were refused run to %s", c.Due.Due)
	}
	talks := history{on("negotiation_started", "2026-03-02"), on("negotiation_refused", "2026-03-09")}
	if c, _ := clockOf(t, p, termination.Bipartite, talks); c.StoppedOn(talks) != date("2026-03-09") {
		t.Errorf("refused talks stop on %s", c.StoppedOn(talks))
	}
}

// The file that is sent back is completed within seven working days; the conciliator's first session comes on the
// eighth at the latest; a hearing is put off twice, and no third time.
func TestTheSmallClocksOfADispute(t *testing.T) {
	t.Parallel()
	p := procedureAt(t, "2026-01-26")
	for _, c := range []struct {
		step  termination.Step
		start event
		due   string
		stops event
	}{
		{termination.FileCompletion, "file_returned", "2026-12-17", "file_completed"},
		{termination.ConciliatorStudy, "conciliation_requested", "2026-12-17", "conciliation_studied"},
		{termination.ConciliationSession, "conciliation_requested", "2026-12-18", "conciliation_session_held"},
		{termination.MediationAgreement, "mediation_accepted", "2026-12-11", "agreement_signed"},
		{termination.ConciliationAgreement, "conciliation_accepted", "2026-12-11", "agreement_signed"},
		{termination.PanelNaming, "suit_filed", "2026-12-17", "panel_named"},
		{termination.FirstHearing, "panel_named", "2026-12-17", "court_first_hearing"},
		{termination.PostponedHearing, "hearing_postponed", "2026-12-17", "hearing_resumed"},
		{termination.LastPostponedHearing, "hearing_postponed_again", "2026-12-17", "hearing_resumed"},
		{termination.FastDecision, "fast_procedure_requested", "2026-12-17", "fast_procedure_decided"},
		{termination.FastHearing, "fast_procedure_decided", "2026-12-17", "fast_hearing_set"},
		{termination.FastEvidence, "fast_hearing_set", "2026-12-30", "fast_evidence_closed"},
		{termination.JudgmentNotice, "judgment_given", "2026-12-17", "judgment_notified"},
		{termination.JudgmentIssue, "judgment_signed", "2026-12-30", "judgment_issued"},
		{termination.JudgmentDelivery, "judgment_issued", "2026-12-17", "judgment_sent"},
		{termination.CassationFile, "cassation_filed", "2026-12-30", "cassation_received"},
	} {
		h := history{on(c.start, "2026-12-08"), on(c.stops, "2026-12-09")}
		got, runs := clockOf(t, p, c.step, h)
		if !runs || got.Due.Due != date(c.due) || got.StoppedOn(h) != date("2026-12-09") || got.StoppedBy[0] != c.stops {
			t.Errorf("%s: due %s, stopped on %s by %v; want %s", c.step, got.Due.Due, got.StoppedOn(h), got.StoppedBy, c.due)
		}
	}
}

// The strict day lies before the due day or on it, and no more than one working day before.
func TestTheStrictDayIsAtMostOneWorkingDayEarlier(t *testing.T) {
	t.Parallel()
	cal, p := ruletest.Workdays(t), procedureAt(t, "2026-01-01")
	rapid.Check(t, func(t *rapid.T) {
		c, err := p.Start(cal, step(t), day(t, "on"))
		if err != nil {
			t.Fatal(err)
		}
		if c.Bound == termination.AtLeast {
			if !c.Strict.IsZero() {
				t.Errorf("%s waits, and has a strict day", c.Step)
			}
			return
		}
		want := 0
		if cal.IsWorkingDay(c.Starts) {
			want = 1
		}
		if got := cal.WorkingDaysBetween(c.Strict, c.Due.Due); got != want {
			t.Errorf("%s from %s: due %s, strictly %s", c.Step, c.Starts, c.Due.Due, c.Strict)
		}
	})
}
