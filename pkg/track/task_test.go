package track_test

import (
	"slices"
	"testing"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/codelist"
	"github.com/tanggap/tanggap/pkg/measure"
	"github.com/tanggap/tanggap/pkg/measure/measuretest"
	"github.com/tanggap/tanggap/pkg/track"
)

func on(day string) calendar.Date { return calendar.MustDate(day) }

func placed(state, started string) track.Tracks {
	return track.Tracks{Placements: []track.Placement{{ID: part, State: track.PlacementState(state),
		StartedOn: on(started)}}}
}

func proposed(state, day string) track.Tracks {
	return track.Tracks{Proposals: []track.Proposal{{ID: part, State: track.ProposalState(state), ProposedOn: on(day)}}}
}

func referred(state, by string) track.Tracks {
	return track.Tracks{Referrals: []track.Referral{{ID: part, State: track.ReferralState(state), AnswerBy: on(by)}}}
}

func carded(state, by string) track.Tracks {
	return track.Tracks{JobSeekerCards: []track.JobSeekerCard{{ID: part, State: track.JobSeekerState(state),
		IssuedOn: on(by).AddMonths(-6), ReportBy: on(by), ValidUntil: on(by).AddMonths(18)}}}
}

func awarded(state, by string) track.Tracks {
	return track.Tracks{PrakerjaCards: []track.PrakerjaCard{{ID: part, State: track.PrakerjaState(state), BuyBy: on(by)}}}
}

// tasksOf are the kinds of parts that ask for something in some of their states, by the day that a day of theirs leads
// to.
var tasksOf = []struct {
	task   track.TaskKind
	asking []string
	states []string
	part   func(state, day string) track.Tracks
	day    string
	due    string
}{
	{track.TaskRetention, []string{"reported", "verified"}, codelist.Texts(track.PlacementState("").Values()), placed,
		"2026-08-31", "2026-11-30"},
	{track.TaskProposal, []string{"proposed"}, codelist.Texts(track.ProposalState("").Values()), proposed,
		"2026-12-28", "2027-01-04"},
	{track.TaskReferral, []string{"offered"}, codelist.Texts(track.ReferralState("").Values()), referred,
		"2026-12-15", "2026-12-15"},
	{track.TaskCard, []string{"active"}, codelist.Texts(track.JobSeekerState("").Stored()), carded,
		"2027-02-28", "2027-02-28"},
	{track.TaskFirstCourse, []string{"awarded"}, codelist.Texts(track.PrakerjaState("").Values()), awarded,
		"2026-12-15", "2026-12-15"},
}

// A state that asks for something gives its day; every other state of the kind gives nothing.
func TestWhatEachStateAsksFor(t *testing.T) {
	t.Parallel()
	for _, c := range tasksOf {
		for _, state := range c.states {
			f := c.part(state, c.day)
			var want []track.Task
			if slices.Contains(c.asking, state) {
				want = []track.Task{{Kind: c.task, Part: part, DueOn: on(c.due)}}
			}
			if got := f.Tasks(measuretest.Decided(t)); !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, want %v", c.task, state, got, want)
			}
		}
	}
}

// Every kind of task that a kind of part declares is in the table above, or is that of a certificate.
func TestNoKindOfTaskIsForgotten(t *testing.T) {
	t.Parallel()
	tried := []track.TaskKind{track.TaskRenewal}
	for _, c := range tasksOf {
		tried = append(tried, c.task)
	}
	for _, k := range track.Kinds() {
		if task := k.About().Task; task != "" && !slices.Contains(tried, task) {
			t.Errorf("%s is not tried", task)
		}
	}
}

// A certificate is renewed by a later one of its kind and scheme, and by no other; one that never ends asks for
// nothing.
func TestWhichCertificateAsksForItsRenewal(t *testing.T) {
	t.Parallel()
	first := track.Certificate{ID: part, Kind: track.CompetenceCertificate, Scheme: "A", ValidUntil: on("2027-05-31")}
	other := func(change func(*track.Certificate)) []track.Certificate {
		c := track.Certificate{Kind: track.CompetenceCertificate, Scheme: "A"}
		change(&c)
		return []track.Certificate{first, c}
	}
	for name, c := range map[string]struct {
		list []track.Certificate
		asks bool
	}{
		"alone":             {[]track.Certificate{first}, true},
		"a later one":       {other(func(*track.Certificate) {}), false},
		"of another scheme": {other(func(c *track.Certificate) { c.Scheme = "B" }), true},
		"of another kind":   {other(func(c *track.Certificate) { c.Kind = track.TrainingCertificate }), true},
		"an earlier one":    {[]track.Certificate{{Kind: track.CompetenceCertificate, Scheme: "A"}, first}, true},
		"without an end":    {[]track.Certificate{{ID: part, Kind: track.TrainingCertificate}}, false},
	} {
		var want []track.Task
		if c.asks {
			want = []track.Task{{Kind: track.TaskRenewal, Part: part, DueOn: first.ValidUntil}}
		}
		f := track.Tracks{Certificates: c.list}
		if got := f.Tasks(measuretest.Decided(t)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// What can be done on the day before a task is due, on the day, and on the day after.
func TestWhatCanBeDoneAroundTheDueDay(t *testing.T) {
	t.Parallel()
	early, lapsed := refusal{"placement.too_early", ""}, refusal{"jobseeker_card.lapsed", ""}
	over := refusal{"referral.transition_refused", ""}
	for _, c := range []struct {
		name string
		f    func() track.Tracks
		due  string
		do   func(*track.Tracks, calendar.Date) error
		r    [3]refusal // the day before, the day, the day after
	}{
		{"kept the job", func() track.Tracks { return placed("verified", "2026-08-31") }, "2026-11-30",
			func(f *track.Tracks, day calendar.Date) error {
				_, err := track.Placements.Step(at(&casework.Case{}, f, day), moved(part, track.Retained3M, day))
				return err
			}, [3]refusal{early, taken, taken}},
		{"answered a proposal", func() track.Tracks { return proposed("proposed", "2026-12-28") }, "2027-01-04",
			func(f *track.Tracks, day calendar.Date) error {
				_, err := f.AnswerProposal(&casework.Case{}, part, part, false, day)
				return err
			}, [3]refusal{taken, taken, taken}},
		{"accepted a referral", func() track.Tracks { return referred("offered", "2026-12-15") }, "2026-12-15",
			func(f *track.Tracks, day calendar.Date) error {
				_, err := f.Answer(&casework.Case{}, part, track.ReferralAccepted, day)
				return err
			}, [3]refusal{taken, taken, over}},
		{"let a referral expire", func() track.Tracks { return referred("offered", "2026-12-15") }, "2026-12-15",
			func(f *track.Tracks, day calendar.Date) error {
				_, err := f.Answer(&casework.Case{}, part, track.ReferralExpired, day)
				return err
			}, [3]refusal{over, over, taken}},
		{"reported with a card", func() track.Tracks { return carded("active", "2027-02-28") }, "2027-02-28",
			func(f *track.Tracks, day calendar.Date) error {
				_, err := f.ReportCard(ours().Hubs, part, day)
				return err
			}, [3]refusal{taken, taken, lapsed}},
	} {
		for i, r := range c.r {
			f, day := c.f(), on(c.due).AddDays(i-1)
			want(t, c.name+" on "+day.String(), c.do(&f, day), r)
		}
	}
}

// A measure that changes counts from its day on; what began before keeps the one that it began under.
func TestAPartKeepsTheMeasureOfItsDay(t *testing.T) {
	t.Parallel()
	from := on("2027-01-01")
	for _, c := range []struct {
		figure string
		value  int
		part   func(state, day string) track.Tracks
		state  string
		day    [2]string
		due    [2]string
	}{
		{"placement_months", 6, placed, "reported", [2]string{"2026-12-31", "2027-01-01"},
			[2]string{"2027-03-31", "2027-07-01"}},
		{"proposal_days", 10, proposed, "proposed", [2]string{"2026-12-31", "2027-01-01"},
			[2]string{"2027-01-07", "2027-01-11"}},
	} {
		book := measuretest.Changed(t, from, c.figure, c.value)
		for i, day := range c.day {
			f := c.part(c.state, day)
			if got := f.Tasks(book); len(got) != 1 || got[0].DueOn != on(c.due[i]) {
				t.Errorf("%s from %s: %v, want %s", c.figure, day, got, c.due[i])
			}
		}
	}
	for i, day := range []string{"2026-12-31", "2027-01-01"} {
		want := on(day).AddDays([]int{14, 21}[i])
		if got := offered(t, measuretest.Changed(t, from, "referral_days", 21), day, calendar.Date{}); got != want {
			t.Errorf("offered on %s without a day: until %s, want %s", day, got, want)
		}
		last := on(day).AddDays([]int{90, 30}[i])
		book := measuretest.Changed(t, from, "referral_longest_days", 30)
		if offered(t, book, day, last) != last || !offered(t, book, day, last.AddDays(1)).IsZero() {
			t.Errorf("offered on %s: until %s is not the last day that is taken", day, last)
		}
	}
}

// offered is until when a referral that was offered on a day can be answered; the zero day when it was refused.
func offered(t *testing.T, book measure.Book, day string, by calendar.Date) calendar.Date {
	t.Helper()
	var f track.Tracks
	m := at(&casework.Case{Region: "3273"}, &f, on(day))
	m.Rules.Measures = book
	_, err := track.Referrals.Add(m, track.Referral{Kind: track.CustodyTransfer, To: "3204", Service: "all", AnswerBy: by})
	if err != nil {
		want(t, "offered on "+day, err, refusal{"referral.answer_by", "answer_by"})
		return calendar.Date{}
	}
	return f.Referrals[0].AnswerBy
}
