package reportstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

var (
	first = calendar.MustDate("2026-10-01")
	last  = calendar.MustDate("2026-10-31")
)

// figures are the rows of a definition for October, as they are known.
func (b *bundle) figures(t *testing.T, d statistics.Definition, by statistics.Grouping, scope region.Code,
	known time.Time) string {
	t.Helper()
	got, err := b.Figures(t.Context(), storetest.In(scope), statistics.Query{Report: statistics.Layoffs, Definition: d,
		By: []statistics.Grouping{by}, KnownAt: known, From: &first, Until: &last})
	storetest.OK(t, err)
	slices.SortFunc(got.Rows, func(a, b statistics.Row) int { return strings.Compare(a.Keys[0].Code, b.Keys[0].Code) })
	text := ""
	for _, r := range got.Rows {
		text += fmt.Sprintf("%s:%d ", r.Keys[0].Code, *r.Values[0])
	}
	return text
}

// ended gives a worker whose work ended on a day a case.
func (b *bundle) ended(t *testing.T, code region.Code, n int, day calendar.Date) casework.State {
	t.Helper()
	o := storetest.Opening(t, code, n)
	o.Case.TerminatedOn = day
	state, err := b.Open(t.Context(), b.Request("", code), o)
	storetest.OK(t, err)
	return state
}

// Workers are counted where their case is, by the day their work ended, both ends included; a duplicate is
// no second worker, and what was recorded later was not known.
func TestWhichWorkersAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := time.Now().Add(-time.Hour)
	for n, day := range []calendar.Date{first.AddDays(-1), first, last, last.AddDays(1)} {
		b.ended(t, "3273", n+1, day)
	}
	other := b.ended(t, "3204", 5, first)
	double := b.ended(t, "3273", 6, first)
	now := time.Now().Add(time.Hour)
	if got := b.figures(t, statistics.Workers, statistics.ByRegency, "32", now); got != "3204:1 3273:3 " {
		t.Errorf("with the duplicate: %s", got)
	}
	_, err := b.Change(t.Context(), b.Request("", "3273"), double.ID, 1, func(c *casework.Case) (casework.Event, error) {
		return c.Advance(casework.Advance{To: casework.Closed, Outcome: casework.Duplicate, DuplicateOf: other.ID,
			OccurredOn: storetest.Today})
	})
	storetest.OK(t, err)
	for name, c := range map[string]struct {
		by    statistics.Grouping
		scope region.Code
		known time.Time
		want  string
	}{
		"by regency":     {statistics.ByRegency, "32", now, "3204:1 3273:2 "},
		"by province":    {statistics.ByProvince, "", now, "32:3 "},
		"of one regency": {statistics.ByProvince, "3273", now, "32:2 "},
		"elsewhere":      {statistics.ByRegency, "35", now, ""},
		"an hour ago":    {statistics.ByRegency, "32", before, ""},
	} {
		if got := b.figures(t, statistics.Workers, c.by, c.scope, c.known); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// People of a report count by the day that it plans, as many as are said last; of one that is withdrawn none.
func TestWhichReportsAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	report := func(code region.Code, day calendar.Date, people int) layoff.Layoff {
		l, err := b.CreateLayoff(t.Context(), b.Op(code), layoff.Layoff{Reference: uuid.NewString(), PlannedOn: day,
			PeoplePlanned: people,
			Employer:      layoff.Employer{Name: "PT Maju", Region: code}})
		storetest.OK(t, err)
		return l
	}
	report("3273", first.AddDays(-1), 1)
	report("3273", first, 10)
	report("3273", last, 100)
	report("3273", last.AddDays(1), 1000)
	fewer, none := report("3204", first, 50), report("3204", first, 70)
	change := func(l layoff.Layoff, with func(*layoff.Layoff) (layoff.Event, error)) {
		_, err := b.ChangeLayoff(t.Context(), b.Op("3204"), l.ID, 1, with)
		storetest.OK(t, err)
	}
	change(fewer, func(l *layoff.Layoff) (layoff.Event, error) { return l.Reduce(40, nil, "x", storetest.Today) })
	change(none, func(l *layoff.Layoff) (layoff.Event, error) { return l.Withdraw("x", storetest.Today) })
	for scope, want := range map[region.Code]string{"32": "3204:40 3273:110 ", "3273": "3273:110 ", "35": ""} {
		if got := b.figures(t, statistics.Reports, statistics.ByRegency, scope, time.Now().Add(time.Hour)); got != want {
			t.Errorf("in %s: %q, want %q", scope, got, want)
		}
	}
	if got := b.figures(t, statistics.Reports, statistics.ByRegency, "32", time.Now().Add(-time.Hour)); got != "" {
		t.Errorf("an hour ago: %q", got)
	}
}

// Of those who claim, the granted count: decided as eligible by the instant, or by the state of a case that has not
// changed since.
func TestWhichParticipantsAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	states := []casework.ClaimState{casework.ClaimNone, casework.ClaimApplied, casework.ClaimRunning,
		casework.ClaimCompleted, casework.ClaimStopped,
		casework.ClaimRefused}
	counts := []casework.ClaimState{casework.ClaimRunning, casework.ClaimCompleted, casework.ClaimStopped}
	for i, state := range states {
		c := b.ended(t, "3273", 1, first)
		b.Tamper(t, fmt.Sprintf("update cases set claim_state = '%s' where id = '%s'", state, c.ID))
		want := ""
		if slices.Contains(counts, state) {
			want = "3273:1 "
		}
		if got := b.figures(t, statistics.JKPParticipants, statistics.ByRegency, "32",
			time.Now().Add(time.Hour)); got != want {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
		decided := func(seq int, result string, ago string) {
			b.Tamper(t, fmt.Sprintf(`insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at,
				payload, prev_hash, hash)
				values ('%s', %d, '3273', 'claim.decided', '%s', '2026-11-01', now() - interval '%s', '{"result":"%s"}',
					decode(repeat('%02x', 32), 'hex'),
				decode(repeat('%02x', 32), 'hex'))`, c.ID, seq, b.Officer, ago, result, 16*i+seq, 16*i+seq+1))
		}
		decided(2, "ineligible", "2 hours")
		hour := time.Now().Add(-time.Hour) // the case was changed since
		if got := b.figures(t, statistics.JKPParticipants, statistics.ByRegency, "32", hour); got != "" {
			t.Errorf("%s: an hour ago, decided against: %q", state, got)
		}
		decided(3, "eligible", "30 minutes")
		if got := b.figures(t, statistics.JKPParticipants, statistics.ByRegency, "32", hour); got != "" {
			t.Errorf("%s: granted after that hour: %q", state, got)
		}
		decided(4, "eligible", "90 minutes")
		if got, want := b.figures(t, statistics.JKPParticipants, statistics.ByRegency, "32", hour),
			map[bool]string{true: "3273:1 "}[state != casework.ClaimNone]; got != want {
			t.Errorf("%s: granted before that hour: %q", state, got)
		}
		b.Tamper(t, "delete from case_history", "delete from case_worker", "delete from cases")
	}
}
