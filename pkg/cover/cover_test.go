package cover_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/cover"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/rule/ruletest"
	"github.com/tanggap/tanggap/policies"
)

var (
	programme = ruletest.Of(cover.Programme, cover.Schemas(), cover.Load)
	date      = ruletest.Date
)

func law(t testing.TB) cover.Law {
	t.Helper()
	l, err := cover.Load(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestParameterFiles(t *testing.T) { ruletest.Run(t, programme) }

func TestFilesWithoutSenseAreRefused(t *testing.T) {
	t.Parallel()
	jkn, jht := "jkn-perpres-59-2024.yaml", "jht-permenaker-4-2022.yaml"
	ruletest.Refused(t, programme, map[string]ruletest.Edit{
		"no months":   {jkn, "months: {value: 6", "months: {value: 0", "between 1 and 24"},
		"another day": {jkn, "last_day: {value: same_day", "last_day: {value: some_day", "not allowed"},
		"another document": {jkn, "report_receipt_regency], article: Art. 27(2), confidence: V+}\n  - {letter: b1",
			"report_receipt_province], article: Art. 27(2), confidence: V+}\n  - {letter: b1", "not allowed"},
		"a row twice":  {jkn, "letter: b2", "letter: b1", "twice"},
		"no waiting":   {jht, "after_termination: {value: 1", "after_termination: {value: 0", "between 1 and 24"},
		"late savings": {jht, "paid_within: {value: 5", "paid_within: {value: 500", "between 1 and 60"},
	})
}

// §2.13 of the legal basis; the last day is open, so that the earlier one stands beside it.
func TestHealthInsuranceAfterTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts         cover.HealthFacts
		until, strict string
		final         bool
		result        rule.Outcome
	}{
		"a plain end": {cover.HealthFacts{Segment: cover.WageEarner, Ended: date("2026-06-15"), Disputed: new(false)},
			"2026-12-15", "2026-12-14", false, rule.Eligible},
		"the end of a month": {cover.HealthFacts{Segment: cover.WageEarner, Ended: date("2026-08-31"), Disputed: new(false)},
			"2027-02-28", "2027-02-27", false, rule.Eligible},
		"a dispute goes on": {cover.HealthFacts{Segment: cover.WageEarner, Ended: date("2026-06-15"), Disputed: new(true)},
			"", "", true, rule.Ineligible},
		"a dispute has ended": {cover.HealthFacts{Segment: cover.WageEarner, Ended: date("2026-06-15"), Disputed: new(true),
			FinalOn: date("2026-09-01")}, "2027-03-01", "2027-02-28", false, rule.Eligible},
		"paid by the state": {cover.HealthFacts{Segment: cover.Other, Ended: date("2026-06-15"), Disputed: new(false)}, "",
			"", false, rule.Ineligible},
		"segment unsaid": {cover.HealthFacts{Ended: date("2026-06-15"), Disputed: new(false)}, "2026-12-15",
			"2026-12-14", false, rule.Undetermined},
		"dispute unsaid": {cover.HealthFacts{Segment: cover.WageEarner, Ended: date("2026-06-15")}, "2026-12-15",
			"2026-12-14", false, rule.Undetermined},
	} {
		h, err := law(t).Health(c.facts)
		if err != nil || h.Until != date(c.until) || h.Strict != date(c.strict) || h.UntilFinal != c.final ||
			h.Decision.Result != c.result {
			t.Errorf("%s: until %s (%s), final %t, %s, %v", name, h.Until, h.Strict, h.UntilFinal, h.Decision.Result, err)
		}
		if h.Premium != 0 || h.Proven != rule.Unknown || len(h.Proofs) != 4 {
			t.Errorf("%s: premium %s, proven %s, %d proofs", name, h.Premium, h.Proven, len(h.Proofs))
		}
	}
}

// The receipt of a regency counts, that of a ministry does not; every set must be whole.
func TestWhatProvesTheEndToBPJSKesehatan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		on   []cover.Evidence
		want rule.Result
	}{
		"nothing stated":        {nil, rule.Unknown},
		"nothing there":         {[]cover.Evidence{}, rule.NotMet},
		"acceptance alone":      {[]cover.Evidence{cover.AcceptanceProof}, rule.NotMet},
		"acceptance, receipt":   {[]cover.Evidence{cover.ReportReceiptRegency, cover.AcceptanceProof}, rule.Met},
		"receipt of a ministry": {[]cover.Evidence{"report_receipt_ministry", cover.AcceptanceProof}, rule.NotMet},
		"agreement, receipt":    {[]cover.Evidence{cover.JointAgreement, cover.ReportReceiptRegency}, rule.Met},
		"agreement, deed":       {[]cover.Evidence{cover.JointAgreement, cover.RegistrationDeed}, rule.Met},
		"deed alone":            {[]cover.Evidence{cover.RegistrationDeed}, rule.NotMet},
		"a final judgment":      {[]cover.Evidence{cover.FinalJudgment}, rule.Met},
	} {
		h, err := law(t).Health(cover.HealthFacts{Ended: date("2026-06-15"), Evidence: c.on})
		if err != nil || h.Proven != c.want {
			t.Errorf("%s: %s, %v", name, h.Proven, err)
		}
	}
}

func TestWhenSavingsCanBeClaimed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts        cover.SavingsFacts
		from, strict string
		missing      []string
	}{
		"after a PHK": {cover.SavingsFacts{Ending: cover.Terminated, Ended: date("2026-08-31")}, "2026-09-30",
			"2026-10-01", nil},
		"after a resigning": {cover.SavingsFacts{Ending: cover.Resigned, Ended: date("2026-08-31"),
			LetterOn: date("2026-09-04")}, "2026-10-04", "2026-10-05", nil},
		"without the letter": {cover.SavingsFacts{Ending: cover.Resigned, Ended: date("2026-08-31")}, "", "",
			[]string{cover.FactLetter}},
		"after a term": {cover.SavingsFacts{Ending: cover.TermEnded, Ended: date("2026-08-31")}, "2026-08-31",
			"2026-08-31", nil},
		"after a pension": {cover.SavingsFacts{Ending: cover.AnotherEnding, Ended: date("2026-08-31")}, "", "", nil},
		"unsaid":          {cover.SavingsFacts{Ended: date("2026-08-31")}, "", "", []string{cover.FactEnding}},
	} {
		s, err := law(t).Savings(c.facts)
		if err != nil || s.From != date(c.from) || s.Strict != date(c.strict) || s.Known != (c.from != "") ||
			!slices.Equal(s.Missing, c.missing) {
			t.Errorf("%s: from %s (%s), known %t, missing %v, %v", name, s.From, s.Strict, s.Known, s.Missing, err)
		}
		if s.PaidWithin != 5 || len(s.Sources) == 0 {
			t.Errorf("%s: paid within %d by %v", name, s.PaidWithin, s.Sources)
		}
	}
}

func TestTheSwitchesOfTheDays(t *testing.T) {
	t.Parallel()
	jkn, err := cover.Load(programme.Edited(t, "jkn-perpres-59-2024.yaml", "last_day: {value: same_day",
		"last_day: {value: day_before").FS)
	if err != nil {
		t.Fatal(err)
	}
	h, err := jkn.Health(cover.HealthFacts{Ended: date("2026-06-15")})
	if err != nil || h.Until != date("2026-12-14") {
		t.Errorf("until %s, %v", h.Until, err)
	}
	jht, err := cover.Load(programme.Edited(t, "jht-permenaker-4-2022.yaml", "first_day: {value: same_day",
		"first_day: {value: day_after").FS)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jht.Savings(cover.SavingsFacts{Ending: cover.Terminated, Ended: date("2026-08-31")})
	if err != nil || s.From != date("2026-10-01") {
		t.Errorf("from %s, %v", s.From, err)
	}
	for name, valid := range map[string]bool{
		"day": cover.Day("").Valid(), "dispute": cover.Dispute("x").Valid(), "evidence": cover.Evidence("").Valid(),
		"letter":  cover.Letter("d").Valid(),
		"waiting": cover.Waiting("").Valid(), "arrears": cover.Arrears("x").Valid(), "owes": cover.Owes("").Valid(),
	} {
		if valid {
			t.Errorf("%s takes any text", name)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	l := law(t)
	_, unknown := l.Health(cover.HealthFacts{Segment: "royal", Ended: date("2026-06-15")})
	_, undated := l.Health(cover.HealthFacts{})
	_, early := l.Health(cover.HealthFacts{Ended: date("2024-05-07")})
	_, ending := l.Savings(cover.SavingsFacts{Ending: "vanished", Ended: date("2026-06-15")})
	_, never := l.Savings(cover.SavingsFacts{})
	_, before := l.Savings(cover.SavingsFacts{Ended: date("2022-04-25")})
	for want, err := range map[string]error{"cover.segment_unknown": unknown, "cover.ending_unknown": ending} {
		if fault.CodeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, err := range []error{undated, never} {
		if fault.CodeOf(err) != "cover.ended_missing" {
			t.Errorf("without a day: %v", err)
		}
	}
	for _, err := range []error{early, before} {
		if fault.CodeOf(err) != "rule.no_version" {
			t.Errorf("before the first version: %v", err)
		}
	}
}

// sameDay is the same day some months later, or the last of a shorter month, by the standard library.
func sameDay(d calendar.Date, months int) calendar.Date {
	last := time.Date(d.Year(), d.Month()+time.Month(months+1), 0, 0, 0, 0, 0, time.UTC)
	return calendar.FromTime(last.AddDate(0, 0, -max(0, last.Day()-d.Day())))
}

// A second reckoning: six months of cover from the end, or from the day on which a dispute became final; nothing while
// it goes on. JHT a month after the end, or after the letter of who resigned.
func TestMonthsAgainstASecondReckoning(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		ended := calendar.MustDate("2024-06-01").AddDays(rapid.IntRange(0, 2000).Draw(t, "ended"))
		later := ended.AddDays(rapid.IntRange(0, 700).Draw(t, "final"))
		for name, c := range map[string]struct {
			disputed *bool
			final    calendar.Date
			from     calendar.Date
		}{
			"unsaid": {nil, calendar.Date{}, ended}, "undisputed": {new(false), calendar.Date{}, ended},
			"final": {new(true), later, later}, "pending": {new(true), calendar.Date{}, calendar.Date{}},
			"undisputed, with a decision": {new(false), later, ended},
		} {
			h, err := l.Health(cover.HealthFacts{Segment: cover.WageEarner, Ended: ended, Disputed: c.disputed,
				FinalOn: c.final})
			want := calendar.Date{}
			if !c.from.IsZero() {
				want = sameDay(c.from, 6)
			}
			if err != nil || h.Until != want || h.UntilFinal != c.from.IsZero() {
				t.Errorf("%s, ended %s, final %s: until %s, want %s, %v", name, ended, c.final, h.Until, want, err)
			}
		}
		for ending, from := range map[cover.Ending]calendar.Date{cover.Terminated: sameDay(ended, 1),
			cover.Resigned: sameDay(later, 1), cover.TermEnded: ended} {
			s, err := l.Savings(cover.SavingsFacts{Ending: ending, Ended: ended, LetterOn: later})
			if err != nil || s.From != from {
				t.Errorf("%s, ended %s, letter of %s: from %s, want %s, %v", ending, ended, later, s.From, from, err)
			}
		}
	})
}

// A later end never gives an earlier day, and the two readings are one day apart.
func TestDaysNeverGoBack(t *testing.T) {
	t.Parallel()
	l := law(t)
	rapid.Check(t, func(t *rapid.T) {
		ended := calendar.MustDate("2024-06-01").AddDays(rapid.IntRange(0, 2000).Draw(t, "ended"))
		later := ended.AddDays(rapid.IntRange(0, 100).Draw(t, "later"))
		a, errA := l.Health(cover.HealthFacts{Ended: ended})
		b, errB := l.Health(cover.HealthFacts{Ended: later})
		s, errS := l.Savings(cover.SavingsFacts{Ending: cover.Terminated, Ended: ended})
		if errA != nil || errB != nil || errS != nil {
			t.Fatal(errA, errB, errS)
		}
		if b.Until.Before(a.Until) || a.Until.DaysUntil(a.Strict) != -1 || s.From.DaysUntil(s.Strict) != 1 ||
			s.From.Before(ended.AddDays(28)) {
			t.Errorf("%s: cover until %s (%s), savings from %s (%s); %s: until %s", ended, a.Until, a.Strict, s.From, s.Strict,
				later, b.Until)
		}
	})
}
