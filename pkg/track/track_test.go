package track_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/jkp"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/rule"
	"github.com/tanggap/tanggap/pkg/track"
)

var (
	start    = calendar.MustDate("2026-01-05")
	eligible = rule.Decision{Result: rule.Eligible, Version: "test"}
)

const months = 6

// windows are six months of a claim counted from a day: the first opens at once, each later one closes five days before
// its month.
func windows(reference calendar.Date) []jkp.Window {
	var w []jkp.Window
	for n := 1; n <= months; n++ {
		w = append(w, jkp.Window{Month: n, Opens: reference.AddMonths(n - 1).AddDays(-20),
			Closes: reference.AddMonths(n - 1).AddDays(5)})
	}
	return w
}

// model is a case with its tracks, and a clock that only goes forward.
type model struct {
	c     casework.Case
	f     track.Tracks
	today calendar.Date
	paid  map[uuid.UUID]map[int]bool
	were  map[string]string // state of each part before the step
}

func newModel() *model {
	return &model{c: casework.Case{Stage: casework.Benefit, OpenedOn: start, TerminatedOn: start,
		ClaimState: casework.ClaimNone}, today: start, paid: map[uuid.UUID]map[int]bool{}}
}

func (m *model) pay(n int) error {
	derive(&m.c, &m.f)
	before := slices.Clone(m.f.Months)
	_, err := m.f.PayMonth(jkp.Payment{Month: n, Given: m.today, Amount: 1_350_000}, "", m.today)
	derive(&m.c, &m.f)
	for i, month := range m.f.Months {
		if month.State != track.MonthPaid || before[i].State == track.MonthPaid {
			continue
		}
		if m.paid[month.Claim] == nil {
			m.paid[month.Claim] = map[int]bool{}
		}
		m.paid[month.Claim][month.N] = true
	}
	return err
}

// steps are what can happen to a case, each with arguments of its own. A refusal is an answer like any other.
func (m *model) steps(t *rapid.T) map[string]func(*rapid.T) {
	month := func(t *rapid.T) int { return rapid.IntRange(0, months+1).Draw(t, "month") }
	refusable := func(t *rapid.T, err error) {
		if err != nil && fault.CodeOf(err) == "" {
			t.Fatalf("refused without a code: %v", err)
		}
	}
	return map[string]func(*rapid.T){
		"wait": func(t *rapid.T) { m.today = m.today.AddDays(rapid.IntRange(1, 25).Draw(t, "days")) },
		"apply": func(t *rapid.T) {
			_, err := track.Claims.Add(at(&m.c, &m.f, m.today), track.Claim{ID: uuid.New()})
			refusable(t, err)
		},
		"decide": func(t *rapid.T) {
			d := eligible
			d.Result = rapid.SampledFrom([]rule.Outcome{rule.Eligible, rule.Eligible, rule.Ineligible,
				rule.Undetermined}).Draw(t, "result")
			_, err := m.f.DecideClaim(&m.c, track.Verdict{Decision: d, Reference: m.today, Windows: windows(m.today)}, m.today)
			refusable(t, err)
		},
		"prove": func(t *rapid.T) {
			d := eligible
			d.Result = rapid.SampledFrom([]rule.Outcome{rule.Eligible, rule.Ineligible}).Draw(t, "met")
			_, err := m.f.ProveMonth(track.Proof{N: month(t)}, d, m.today)
			refusable(t, err)
		},
		"pay": func(t *rapid.T) { refusable(t, m.pay(month(t))) },
		"miss": func(t *rapid.T) {
			_, err := m.f.MissMonth(month(t), rapid.Bool().Draw(t, "ends"), m.today)
			refusable(t, err)
		},
		"stop": func(t *rapid.T) {
			_, err := m.f.StopClaim(&m.c, rapid.SampledFrom([]track.StopReason{track.StopJob, track.StopDeath, "bored"}).Draw(t,
				"why"), m.today)
			refusable(t, err)
		},
		"place": func(t *rapid.T) {
			_, err := track.Placements.Add(at(&m.c, &m.f, m.today), track.Placement{ID: uuid.New(), Employer: "PT Baru",
				Position: "operator", StartedOn: m.today})
			refusable(t, err)
		},
		"end": func(t *rapid.T) {
			if n := len(m.f.Placements); n > 0 {
				_, err := track.Placements.Step(at(&m.c, &m.f, m.today), moved(m.f.Placements[n-1].ID, track.Ended, m.today))
				refusable(t, err)
			}
		},
		"": m.check,
	}
}

// statesOf is the state of every part, by its kind and its place; parts are never taken away.
func statesOf(f *track.Tracks) map[string]string {
	states := map[string]string{}
	for field, list := range reflect.ValueOf(f).Elem().Fields() {
		for i := 0; list.Kind() == reflect.Slice && i < list.Len(); i++ {
			if state := list.Index(i).FieldByName("State"); state.IsValid() {
				states[fmt.Sprintf("%s %d", field.Type.Elem().Name(), i)] = state.String()
			}
		}
	}
	return states
}

// moved holds every part that moved to the lifecycle that is declared for its kind.
func (m *model) moved(t *rapid.T) {
	now := statesOf(&m.f)
	for _, k := range track.Kinds() {
		a := k.About()
		for part, state := range now {
			kind, _, _ := strings.Cut(part, " ")
			before, was := m.were[part]
			if kind == a.Part.Name() && was && before != state && !slices.Contains(a.Steps[before], state) {
				t.Fatalf("%s went from %s to %s, which is not declared", a.Name, before, state)
			}
		}
	}
	m.were = now
}

// followed holds that everything derived follows from the facts alone, and that deriving again changes nothing.
func (m *model) followed(t *rapid.T) {
	c, f := m.c, m.f
	c.DueOn, c.DueFor, c.ClaimState = calendar.Date{}, "lost", "lost"
	for _, list := range reflect.ValueOf(&f).Elem().Fields() {
		if list.Kind() != reflect.Slice || list.Len() == 0 {
			continue
		}
		list.Set(reflect.AppendSlice(reflect.MakeSlice(list.Type(), 0, list.Len()), list))
		for i := range list.Len() {
			for field, value := range list.Index(i).Fields() {
				if field.Tag.Get("part") == "derived" {
					value.SetZero()
				}
			}
		}
	}
	derive(&c, &f)
	if c != m.c || !reflect.DeepEqual(f, m.f) {
		t.Fatalf("from the facts follows\n%+v %+v\nand there is\n%+v %+v", c, f, m.c, m.f)
	}
}

// check is what holds after every step, whatever came before.
func (m *model) check(t *rapid.T) {
	derive(&m.c, &m.f)
	m.followed(t)
	m.moved(t)
	live := 0
	for _, claim := range m.f.Claims {
		if claim.State.Live() {
			live++
		}
		if claim.State.Live() && !claim.StoppedOn.IsZero() {
			t.Fatalf("a stopped claim lives: %+v", claim)
		}
	}
	if live > 1 || (live == 1) != m.c.ClaimState.Live() {
		t.Fatalf("%d live claims, and the case says %s", live, m.c.ClaimState)
	}
	given := map[uuid.UUID]int{}
	for _, month := range m.f.Months {
		paid := month.State == track.MonthPaid
		if paid != !month.GivenOn.IsZero() || paid != (month.Amount > 0) || paid != m.paid[month.Claim][month.N] {
			t.Fatalf("not whole, or paid and taken back: %+v", month)
		}
		if paid && month.N > 1 && month.ProvedOn.IsZero() {
			t.Fatalf("paid without a proof: %+v", month)
		}
		if paid {
			given[month.Claim]++
		}
		if month.State == track.MonthUpcoming && !m.c.ClaimState.Live() {
			t.Fatalf("still to come though no claim lives: %+v", month)
		}
	}
	for claim, n := range given {
		if n > months {
			t.Fatalf("%d months of %s", n, claim)
		}
	}
	placed := 0
	for _, p := range m.f.Placements {
		if p.State != track.Ended {
			placed++
		}
	}
	if placed > 1 {
		t.Fatalf("%d placements at once", placed)
	}
}

func TestNoOrderOfStepsBreaksAClaim(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { t.Repeat(newModel().steps(t)) })
}

// running is a model with a running claim whose first month was paid and whose second is proved.
func running(t *testing.T) *model {
	t.Helper()
	m := newModel()
	must := func(_ casework.Event, err error) {
		t.Helper()
		derive(&m.c, &m.f)
		if err != nil {
			t.Fatal(err)
		}
	}
	must(track.Claims.Add(at(&m.c, &m.f, m.today), track.Claim{ID: uuid.New()}))
	must(m.f.DecideClaim(&m.c, track.Verdict{Decision: eligible, Reference: m.today, Windows: windows(m.today)}, m.today))
	if err := m.pay(1); err != nil {
		t.Fatal(err)
	}
	m.today = start.AddMonths(1)
	must(m.f.ProveMonth(track.Proof{N: 2}, eligible, m.today))
	return m
}

// PP 37/2021 Art. 40: a job ends the benefit from its day; what was earned before is still given, and nothing else is.
func TestAJobStopsWhatIsToComeAndNotWhatWasEarned(t *testing.T) {
	t.Parallel()
	m := running(t)
	m.today = m.today.AddDays(10)
	if _, err := track.Placements.Add(at(&m.c, &m.f, m.today), track.Placement{ID: uuid.New(), Employer: "PT Baru",
		Position: "operator", StartedOn: m.today}); err != nil {
		t.Fatal(err)
	}
	derive(&m.c, &m.f)
	if m.c.ClaimState != casework.ClaimStopped || !m.c.DueOn.IsZero() {
		t.Fatalf("the case says %s, due %s", m.c.ClaimState, m.c.DueOn)
	}
	if err := m.pay(3); fault.CodeOf(err) != "claim.month_not_upcoming" {
		t.Errorf("month 3: %v", err)
	}
	if err := m.pay(2); err != nil {
		t.Errorf("month 2 was proved before the job: %v", err)
	}
	if err := m.pay(2); fault.CodeOf(err) != "claim.month_paid" {
		t.Errorf("month 2 was given twice: %v", err)
	}
	if got := m.f.Months[1].Amount; got != money.Rupiah(1_350_000) {
		t.Errorf("month 2 is %d", got)
	}
}

// A month that was earned before the job is given after the worker has applied anew: the new claim still waits.
func TestAnEarnedMonthLeavesTheNextClaimAlone(t *testing.T) {
	t.Parallel()
	m := running(t)
	if _, err := m.f.StopClaim(&m.c, track.StopJob, m.today); err != nil {
		t.Fatal(err)
	}
	derive(&m.c, &m.f)
	if _, err := track.Claims.Add(at(&m.c, &m.f, m.today), track.Claim{ID: uuid.New()}); err != nil {
		t.Fatal(err)
	}
	if err := m.pay(2); err != nil {
		t.Fatal(err)
	}
	if m.c.ClaimState != casework.ClaimApplied || m.f.Claims[1].State != casework.ClaimApplied {
		t.Errorf("the new claim is %s, the case says %s", m.f.Claims[1].State, m.c.ClaimState)
	}
}

func TestProofsOutsideTheirWindowAreRefusedWithItsDays(t *testing.T) {
	t.Parallel()
	m := running(t)
	for _, c := range []struct {
		on   calendar.Date
		code string
	}{{start.AddMonths(2).AddDays(-21), "claim.window_closed"}, {start.AddMonths(2).AddDays(6), "claim.window_closed"},
		{start.AddMonths(2).AddDays(-20), ""}} {
		f := m.f
		f.Months = append([]track.Month(nil), m.f.Months...)
		_, err := f.ProveMonth(track.Proof{N: 3}, eligible, c.on)
		if fault.CodeOf(err) != c.code {
			t.Errorf("on %s: %v, want %q", c.on, err, c.code)
		}
	}
}

func TestTheDeadlineOfTheCaseIsItsNextWindow(t *testing.T) {
	t.Parallel()
	m := running(t)
	if want := start.AddMonths(2).AddDays(5); m.c.DueOn != want || m.c.DueFor != "month_3" {
		t.Errorf("due %s for %s, want %s", m.c.DueOn, m.c.DueFor, want)
	}
}

// A placement is retained after three months, not a day earlier; the month's end is kept (31 August to 30 November).
func TestRetentionIsThreeMonths(t *testing.T) {
	t.Parallel()
	begun := calendar.MustDate("2026-08-31")
	c := casework.Case{Stage: casework.Placement, TerminatedOn: start, OpenedOn: start}
	for on, code := range map[string]string{"2026-11-29": "placement.too_early", "2026-11-30": ""} {
		f := track.Tracks{Placements: []track.Placement{{ID: uuid.New(), State: track.Verified, StartedOn: begun}}}
		if _, err := track.Placements.Step(at(&c, &f, calendar.MustDate(on)), moved(f.Placements[0].ID, track.Retained3M,
			calendar.MustDate(on))); fault.CodeOf(err) != code {
			t.Errorf("on %s: %v, want %q", on, err, code)
		}
	}
}

func TestCompletionNeedsAttendance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := track.Tracks{Trainings: []track.Training{{ID: uuid.New(), State: track.InTraining, Attendance: -1}}}
		percent := rapid.IntRange(-5, 105).Draw(t, "percent")
		_, err := track.Trainings.Step(at(nil, &f, start), attended(f.Trainings[0].ID, track.Completed, &percent, start))
		if possible := percent >= 0 && percent <= 100; (err == nil) != possible {
			t.Fatalf("%d percent: %v", percent, err)
		}
	})
}

// A certificate of a training belongs to a completed training of the same case.
func TestCertificatesAreEarned(t *testing.T) {
	t.Parallel()
	done, unfinished := uuid.New(), uuid.New()
	trainings := []track.Training{{ID: done, State: track.Completed}, {ID: unfinished, State: track.InTraining}}
	for name, c := range map[string]struct {
		training uuid.UUID
		code     string
	}{"of a completed training": {done, ""}, "from elsewhere": {uuid.Nil, ""},
		"of an unfinished one": {unfinished, "certificate.training_not_completed"},
		"of another case's":    {uuid.New(), "training.not_found"}} {
		f := track.Tracks{Trainings: trainings}
		_, err := track.Certificates.Add(at(&casework.Case{Stage: casework.Training}, &f, start),
			track.Certificate{ID: uuid.New(), Training: c.training, Kind: track.CompetenceCertificate, Number: "1",
				Issuer: "LSP", IssuedOn: start})
		if fault.CodeOf(err) != c.code || (err == nil) != (len(f.Certificates) == 1) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
