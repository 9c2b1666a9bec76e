package layoffstore_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/layoff"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/termination"
)

// newReport is a layoff whose fields are all there, and all different.
func newReport(code region.Code, reference string) layoff.Layoff {
	return layoff.Layoff{Employer: layoff.Employer{Region: code, NIB: "1234567890123", Name: "PT Maju", KBLI: "14111",
		KBLIEdition: layoff.KBLI2020}, Reference: reference, Reason: "efficiency_loss", PeoplePlanned: 20,
		PlannedOn: calendar.MustDate("2026-12-31"), NotifiedOn: calendar.MustDate("2026-12-01")}
}

func create(t *testing.T, o *storetest.Office, l layoff.Layoff) layoff.Layoff {
	t.Helper()
	made, err := o.CreateLayoff(t.Context(), o.Op(l.Employer.Region), l)
	storetest.OK(t, err)
	return made
}

// change writes what fn does to a layoff, with an entry of the kind.
func change(t *testing.T, o *storetest.Office, l layoff.Layoff, event layoff.Event,
	fn func(*layoff.Layoff)) layoff.Layoff {
	t.Helper()
	now, err := o.ChangeLayoff(t.Context(), o.Op(l.Employer.Region), l.ID, l.Version,
		func(l *layoff.Layoff) (layoff.Event, error) {
			fn(l)
			return event, nil
		})
	storetest.OK(t, err)
	return now
}

func happened(note string) layoff.Event {
	return layoff.Event{Kind: layoff.LayoffHappened, OccurredOn: storetest.Today, Payload: map[string]string{"note": note}}
}

func get(t *testing.T, o *storetest.Office, id uuid.UUID) layoff.Layoff {
	t.Helper()
	l, err := o.GetLayoff(t.Context(), authz.Everywhere(), id)
	storetest.OK(t, err)
	return l
}

// A report comes with its first deadline, or with none.
func TestAReportKeepsItsFirstDeadline(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	due := newReport("3273", "R-1")
	due.DueOn, due.DueFor = calendar.MustDate("2026-12-09"), "notice_letter"
	if got := get(t, o, create(t, o, due).ID); got.DueOn != due.DueOn || got.DueFor != due.DueFor {
		t.Errorf("due %s for %q", got.DueOn, got.DueFor)
	}
	if got := get(t, o, create(t, o, newReport("3273", "R-2")).ID); !got.DueOn.IsZero() || got.DueFor != "" {
		t.Errorf("due %s for %q", got.DueOn, got.DueFor)
	}
}

func TestALayoffIsReadAsItWasReported(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	bare := newReport("3273", "")
	bare.Employer.NIB, bare.Employer.KBLI, bare.Employer.KBLIEdition = "", "", ""
	bare.Reason, bare.PeoplePlanned, bare.PlannedOn, bare.NotifiedOn = "", 0, calendar.Date{}, calendar.Date{}
	single := newReport("3273", "PHK-2")
	single.PeoplePlanned = 1
	for _, want := range []layoff.Layoff{newReport("3273", "PHK-1"), single, bare} {
		got := create(t, o, want)
		want.ID, want.Employer.ID, want.ReportedBy, want.Version, want.State = got.ID, got.Employer.ID, o.Officer, 1,
			layoff.Reported
		want.CreatedAt, want.UpdatedAt = got.CreatedAt, got.UpdatedAt
		want.Measures, want.Events = map[termination.Measure]layoff.MeasureState{}, []layoff.DatedEvent{}
		if !reflect.DeepEqual(got, want) || got.CreatedAt.IsZero() || got.UpdatedAt.IsZero() {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		list, err := o.ListLayoffs(t.Context(), authz.Everywhere(), layoff.Filter{Limit: 1})
		if err != nil || len(list) != 1 || !reflect.DeepEqual(list[0], want) {
			t.Errorf("listed as %+v, %v", list, err)
		}
	}
}

func TestEveryFieldOfAChangeIsKept(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	made := create(t, o, newReport("3273", "PHK-1"))
	want := change(t, o, made, happened("satu"), func(l *layoff.Layoff) {
		l.State, l.PeoplePlanned, l.JobsSaved = layoff.Negotiating, 17, 3
		l.Measures = map[termination.Measure]layoff.MeasureState{termination.Measures()[0]: layoff.MeasureAgreed}
		l.Events = []layoff.DatedEvent{{DatedEvent: termination.DatedEvent{Event: termination.NegotiationStarted,
			On: storetest.Today}, Document: "BA-1"}}
		l.DueOn, l.DueFor = calendar.MustDate("2026-12-24"), "bipartite"
		l.Reference, l.Reason = "PHK-1 baru", "bankruptcy"
		l.PlannedOn, l.NotifiedOn = calendar.MustDate("2026-12-30"), calendar.MustDate("2026-12-02")
	})
	if got := get(t, o, made.ID); !reflect.DeepEqual(got, want) || got.Version != 2 ||
		!got.UpdatedAt.After(made.UpdatedAt) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	want = change(t, o, want, happened("dua"), func(l *layoff.Layoff) {
		l.PeoplePlanned, l.DueOn, l.DueFor = 0,
			calendar.Date{}, ""
	})
	if got := get(t, o, made.ID); !reflect.DeepEqual(got, want) || got.PeoplePlanned != 0 || got.DueFor != "" ||
		!got.DueOn.IsZero() {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	entries, err := o.LayoffHistory(t.Context(), storetest.In("3273"), made.ID)
	storetest.OK(t, err)
	var kinds, notes []string
	for _, e := range entries {
		if e.Actor != o.Officer || e.ActorName != "Petugas Uji" || e.RecordedAt.IsZero() || e.Hash == [32]byte{} {
			t.Errorf("got %+v", e)
		}
		kinds, notes = append(kinds, fmt.Sprintf("%d %s", e.Seq, e.Kind)), append(notes, e.Payload)
	}
	if !slices.Equal(kinds, []string{"1 layoff.reported", "2 layoff.happened", "3 layoff.happened"}) ||
		notes[2] != `{"note":"dua"}` ||
		entries[1].OccurredOn != storetest.Today || !entries[2].RecordedAt.Equal(want.UpdatedAt) {
		t.Errorf("got %v, %v", kinds, notes)
	}
}

// A regency knows an employer by the NIB or, without one, by the name however it is spelled.
func TestAnEmployerIsKnownAgain(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	named := func(code region.Code, reference, nib, name string) uuid.UUID {
		l := newReport(code, reference)
		l.Employer.NIB, l.Employer.Name = nib, name
		return create(t, o, l).Employer.ID
	}
	numbered, plain := named("3273", "1", "1234567890123", "PT Maju"), named("3273", "2", "", "PT Maju")
	for n, c := range []struct {
		code      region.Code
		nib, name string
		want      uuid.UUID
	}{{"3273", "1234567890123", "Nama Baru", numbered}, {"3273", "", "pt. MAJU", plain}, {"3273", "", "PT Maju Jaya",
		uuid.Nil},
		{"3273", "1234567890124", "PT Maju", uuid.Nil}, {"3204", "1234567890123", "PT Maju", uuid.Nil},
		{"3204", "", "PT Maju", uuid.Nil}} {
		got := named(c.code, fmt.Sprint(10+n), c.nib, c.name)
		if known := got == numbered || got == plain; known != (c.want != uuid.Nil) || known && got != c.want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}

func TestALayoffIsReportedOnce(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	made := create(t, o, newReport("3273", "PHK-1"))
	again := newReport("3273", "PHK-1")
	again.Reason = "closure_loss"
	_, err := o.CreateLayoff(t.Context(), o.Op("3273"), again)
	storetest.WantCode(t, err, "layoff.exists")
	if got := get(t, o, made.ID); !reflect.DeepEqual(got, made) {
		t.Errorf("got %+v", got)
	}
	change(t, o, made, happened("batal"), func(l *layoff.Layoff) { l.State = layoff.Withdrawn })
	_, err = o.CreateLayoff(t.Context(), o.Op("3273"), again)
	storetest.WantCode(t, err, "layoff.withdrawn")
	if n := o.CountRows(t, "select count(*) from layoff_history"); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestAChangeThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	made := create(t, o, newReport("3273", "PHK-1"))
	refused := func(op authz.Op, id uuid.UUID, version int) error {
		_, err := o.ChangeLayoff(t.Context(), op, id, version, func(l *layoff.Layoff) (layoff.Event, error) {
			l.State = layoff.Terminated
			return layoff.Event{}, layoff.NotFound()
		})
		return err
	}
	storetest.WantCode(t, refused(o.Op("3273"), made.ID, 2), "layoff.stale")
	storetest.WantCode(t, refused(o.Op("3273"), made.ID, 0), "layoff.stale")
	storetest.WantCode(t, refused(o.Op("3204"), made.ID, 2), "layoff.not_found") // before its version is looked at
	storetest.WantCode(t, refused(o.Op("3273"), uuid.New(), 1), "layoff.not_found")
	storetest.WantCode(t, refused(o.Op("3273"), made.ID, 1), "layoff.not_found")
	if got := get(t, o, made.ID); !reflect.DeepEqual(got, made) {
		t.Errorf("got %+v", got)
	}
}

func TestListsLeaveWhatTheFilterSays(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	a, b, c := create(t, o, newReport("3273", "A")), create(t, o, newReport("3204", "B")),
		create(t, o, newReport("3578", "C"))
	b = change(t, o, b, happened(""), func(l *layoff.Layoff) {
		l.State, l.DueOn, l.DueFor = layoff.Negotiating, storetest.Today, "bipartite"
	})
	opening := storetest.Opening(t, "3273", 1)
	opening.Case.LayoffID = a.ID
	_, err := o.Open(t.Context(), o.Request("", "3273"), opening)
	storetest.OK(t, err)
	for _, l := range []struct {
		what   string
		scope  authz.Scope
		filter layoff.Filter
		want   []uuid.UUID
	}{
		{"all", authz.Everywhere(), layoff.Filter{}, []uuid.UUID{c.ID, b.ID, a.ID}},
		{"a page", authz.Everywhere(), layoff.Filter{Limit: 2}, []uuid.UUID{c.ID, b.ID}},
		{"the next page", authz.Everywhere(), layoff.Filter{Limit: 2, After: b.ID}, []uuid.UUID{a.ID}},
		{"a province", storetest.In("32"), layoff.Filter{}, []uuid.UUID{b.ID, a.ID}},
		{"two regencies", storetest.In("3273", "3578"), layoff.Filter{}, []uuid.UUID{c.ID, a.ID}},
		{"nobody's", authz.Scope{}, layoff.Filter{}, nil},
		{"a state", authz.Everywhere(), layoff.Filter{State: new(layoff.Negotiating)}, []uuid.UUID{b.ID}},
		{"due today", authz.Everywhere(), layoff.Filter{OverdueOn: new(storetest.Today)}, nil},
		{"due yesterday", authz.Everywhere(), layoff.Filter{OverdueOn: new(storetest.Today.AddDays(1))}, []uuid.UUID{b.ID}},
	} {
		if l.filter.Limit == 0 {
			l.filter.Limit = 9
		}
		list, err := o.ListLayoffs(t.Context(), l.scope, l.filter)
		storetest.OK(t, err)
		var got []uuid.UUID
		for _, one := range list {
			got = append(got, one.ID)
			if cases := map[uuid.UUID]int{a.ID: 1}[one.ID]; one.Cases != cases {
				t.Errorf("%s: %d cases of %s", l.what, one.Cases, one.Reference)
			}
		}
		if !slices.Equal(got, l.want) {
			t.Errorf("%s: got %v", l.what, list)
		}
	}
	_, err = o.GetLayoff(t.Context(), storetest.In("3578"), a.ID)
	storetest.WantCode(t, err, "layoff.not_found")
	_, err = o.LayoffHistory(t.Context(), storetest.In("3578"), a.ID)
	storetest.WantCode(t, err, "layoff.not_found")
}

// caseOf opens a case of a layoff and gives it a stage and a claim.
func caseOf(t *testing.T, o *storetest.Office, l layoff.Layoff, code region.Code, n int,
	claim casework.ClaimState) casework.ID {
	t.Helper()
	opening := storetest.Opening(t, code, n)
	opening.Case.LayoffID = l.ID
	made, err := o.Open(t.Context(), o.Request("", code), opening)
	storetest.OK(t, err)
	_, err = o.Change(t.Context(), o.Request("", code), made.ID, 1, func(c *casework.Case) (casework.Event, error) {
		c.ClaimState = claim
		return casework.Event{Kind: casework.CaseNoted, OccurredOn: storetest.Today, Payload: struct{}{}}, nil
	})
	storetest.OK(t, err)
	return made.ID
}

// A withdrawal closes the cases of every office, but for those whose benefit runs.
func TestAWithdrawalReachesEveryOffice(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	l := create(t, o, newReport("3273", "PHK-1"))
	closed := map[casework.ID]bool{}
	for n, claim := range []casework.ClaimState{casework.ClaimNone, casework.ClaimRunning, "applied", "refused"} {
		closed[caseOf(t, o, l, []region.Code{"3273", "3204"}[n%2], n+1, claim)] = claim == casework.ClaimNone ||
			claim == "refused"
	}
	other := o.OpenCase(t, "3273", 9)
	closed[other.ID] = false
	ended := caseOf(t, o, l, "3273", 8, casework.ClaimNone)
	before, err := o.Change(t.Context(), o.Request("", "3273"), ended, 2, storetest.Advance(casework.Closed))
	storetest.OK(t, err)
	event := layoff.Event{Kind: layoff.LayoffWithdrawn, OccurredOn: storetest.Today, Payload: struct{}{},
		Closes: &layoff.Closing{All: true, Reason: "Dicabut \"semua\""}}
	change(t, o, l, event, func(l *layoff.Layoff) { l.State = layoff.Withdrawn })
	if f, entries, err := o.Get(t.Context(), authz.Everywhere(), ended); err != nil || f.Outcome != casework.Placed ||
		f.ClosedOn != before.ClosedOn || len(entries) != 3 {
		t.Errorf("one that was closed before: %+v after %d entries, %v", f.Case, len(entries), err)
	}
	for id, want := range closed {
		f, entries, err := o.Get(t.Context(), authz.Everywhere(), id)
		storetest.OK(t, err)
		if !want {
			if f.Stage == casework.Closed {
				t.Errorf("a case with %s is closed", f.ClaimState)
			}
			continue
		}
		last := entries[len(entries)-1]
		if f.Stage != casework.Closed || f.Outcome != "withdrawn" || f.ClosedOn != storetest.Today ||
			last.Kind != casework.CaseClosed ||
			last.Payload != `{"from":"intake","to":"closed","outcome":"withdrawn","reason":"Dicabut \"semua\""}` {
			t.Errorf("got %v, %s", f.Case, last.Payload)
		}
	}
}

// A reduction names its cases; when one of them cannot be closed, nothing is.
func TestAReductionClosesAllItNamesOrNothing(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	l := create(t, o, newReport("3273", "PHK-1"))
	mine, foreign := caseOf(t, o, l, "3273", 1, casework.ClaimNone), caseOf(t, o, l, "3204", 2, casework.ClaimNone)
	running, unnamed := caseOf(t, o, l, "3273", 3, casework.ClaimRunning), caseOf(t, o, l, "3273", 4, casework.ClaimNone)
	reduce := func(ids ...string) error {
		_, err := o.ChangeLayoff(t.Context(), o.Op("3273"), l.ID, 1, func(l *layoff.Layoff) (layoff.Event, error) {
			l.PeoplePlanned = 10
			return layoff.Event{Kind: layoff.LayoffReduced, OccurredOn: storetest.Today, Payload: struct{}{},
				Closes: &layoff.Closing{Cases: ids, Reason: "kembali"}}, nil
		})
		return err
	}
	for _, other := range []string{foreign.String(), running.String(), uuid.NewString(), mine.String()} {
		storetest.WantCode(t, reduce(mine.String(), other), "layoff.case_not_spared")
	}
	storetest.WantCode(t, reduce("bukan-id"), "case.not_found")
	if n := o.CountRows(t, "select count(*) from cases where stage = 'closed'"); n != 0 || get(t, o, l.ID).Version != 1 {
		t.Errorf("%d cases are closed", n)
	}
	storetest.OK(t, reduce(mine.String()))
	if n := o.CountRows(t, "select count(*) from cases where stage = 'closed' and id = $1", uuid.UUID(mine)); n != 1 {
		t.Error("the case named is open")
	}
	if n := o.CountRows(t, "select count(*) from cases where stage <> 'closed' and id = $1", uuid.UUID(unnamed)); n != 1 {
		t.Error("a case that was not named is closed")
	}
}

func TestPreventionIsSummedOverTheDaysOfAPeriod(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	from, until := calendar.MustDate("2026-12-01"), calendar.MustDate("2026-12-31")
	for n, day := range []calendar.Date{from.AddDays(-1), from, until, until.AddDays(1)} {
		l := newReport("3273", fmt.Sprint(n))
		l.PlannedOn, l.PeoplePlanned = day, 1<<n
		made := create(t, o, l)
		change(t, o, made, happened(""), func(l *layoff.Layoff) {
			if l.JobsSaved = 1; n == 2 {
				l.State = layoff.Withdrawn
			}
		})
	}
	other := newReport("3204", "lain")
	other.Employer.KBLI, other.Employer.KBLIEdition = "", ""
	create(t, o, other)
	bandung, regency := "3273 14: [2 1 6 5] ", "3204 none: [1 0 20 0] "
	for code, want := range map[region.Code]string{"3273": bandung, "32": regency + bandung, "35": ""} {
		table, err := o.Figures(t.Context(), storetest.In(code), statistics.Query{Report: statistics.Prevention,
			By: []statistics.Grouping{statistics.ByRegency, statistics.BySector}, From: &from, Until: &until})
		storetest.OK(t, err)
		slices.SortFunc(table.Rows, func(a, b statistics.Row) int { return strings.Compare(a.Keys[0].Code, b.Keys[0].Code) })
		got := ""
		for _, r := range table.Rows {
			got += fmt.Sprintf("%s %s: [%d %d %d %d] ", r.Keys[0].Code, r.Keys[1].Code, *r.Values[0], *r.Values[1],
				*r.Values[2], *r.Values[3])
		}
		if got != want {
			t.Errorf("%s: got %s", code, got)
		}
	}
}

// An employer that was put right is known by its new name and number, however they are written, and by the old ones no
// more; each of its layoffs shows the same one, and the others say in which it was corrected.
func TestACorrectedEmployerIsKnownByWhatIsRight(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	named := func(name, reference string) layoff.Layoff {
		l := newReport("3273", reference)
		l.Employer.NIB, l.Employer.Name = "", name
		return create(t, o, l)
	}
	wrong, sibling, stranger := named("PT Maju Jya", "1"), named("PT Maju Jya", "2"), named("PT Lain", "1")
	put := layoff.EmployerPutRight{Reason: "salah ketik", Changes: []layoff.FieldChange{}, Layoff: wrong.ID}
	event := layoff.Event{Kind: layoff.LayoffCorrected, OccurredOn: storetest.Today, Payload: struct{}{}, Employer: &put}
	right := change(t, o, wrong, event, func(l *layoff.Layoff) { l.Employer.Name = "PT  Maju-JAYA" })
	if got := named("pt maju jaya", "3").Employer.ID; got != wrong.Employer.ID {
		t.Error("by its new name it is another employer")
	}
	if got := named("PT Maju Jya", "3").Employer.ID; got == wrong.Employer.ID {
		t.Error("by its old name it is still the same employer")
	}
	for id, want := range map[uuid.UUID]struct {
		name    string
		version int
		last    layoff.Kind
	}{
		right.ID:    {"PT  Maju-JAYA", 2, layoff.LayoffCorrected},
		sibling.ID:  {"PT  Maju-JAYA", 2, layoff.EmployerCorrected},
		stranger.ID: {"PT Lain", 1, layoff.LayoffReported},
	} {
		l := get(t, o, id)
		entries, err := o.LayoffHistory(t.Context(), authz.Everywhere(), id)
		storetest.OK(t, err)
		if last := entries[len(entries)-1]; l.Employer.Name != want.name || l.Version != want.version ||
			len(entries) != want.version || last.Kind != want.last {
			t.Errorf("%+v after %d entries, the last %s", l, len(entries), last.Kind)
		}
	}
}
