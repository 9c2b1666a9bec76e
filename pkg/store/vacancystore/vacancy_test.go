package vacancystore_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

// newOffer is a vacancy whose fields are all there, and all different.
func newOffer(code region.Code, reference string) vacancy.Vacancy {
	return vacancy.Vacancy{ID: uuid.Must(uuid.NewV7()), Region: code, Employer: "PT Maju", Title: "Penjahit",
		Occupation: "7531", Units: "C.14.001", Wage: 4_100_000, Openings: 3, StartsOn: calendar.MustDate("2026-12-15"),
		PostedOn: calendar.MustDate("2026-11-20"), ExpiresOn: calendar.MustDate("2026-12-20"), State: vacancy.Reported,
		Source: "portal", Reference: reference, Version: 1}
}

func fair(code region.Code, day string) vacancy.Fair {
	return vacancy.Fair{ID: uuid.Must(uuid.NewV7()), Region: code, Name: "Bursa Kerja " + day, Venue: "Gedung Sate",
		HeldOn: calendar.MustDate(day)}
}

func create(t *testing.T, o *storetest.Office, list ...vacancy.Vacancy) []vacancy.Row {
	t.Helper()
	rows, err := o.CreateVacancies(t.Context(), o.Op("32"), list)
	storetest.OK(t, err)
	return rows
}

func move(t *testing.T, o *storetest.Office, id uuid.UUID, to vacancy.State) vacancy.Vacancy {
	t.Helper()
	v, err := o.MoveVacancy(t.Context(), o.Op("32"), id, func(vacancy.Vacancy) (vacancy.State, error) { return to, nil })
	storetest.OK(t, err)
	return v
}

func TestAVacancyIsReadAsItWasReported(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	f, err := o.CreateFair(t.Context(), o.Op("3273"), fair("3273", "2026-12-01"))
	storetest.OK(t, err)
	full, bare := newOffer("3273", "A-1"), newOffer("3204", "A-2")
	full.Fair = f.ID
	bare.StartsOn, bare.Units, bare.Wage = calendar.Date{}, "", 0
	create(t, o, full, bare)
	for _, want := range []vacancy.Vacancy{full, bare} {
		got, err := o.GetVacancy(t.Context(), want.ID)
		storetest.OK(t, err)
		if got != want {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
	if n := o.CountRows(t, "select count(*) from vacancy where reported_by = $1 and verified_by is null",
		uuid.UUID(o.Officer)); n != 2 {
		t.Errorf("%d vacancies are the officer's, and not verified", n)
	}
	_, err = o.GetVacancy(t.Context(), uuid.New())
	storetest.WantCode(t, err, "vacancy.not_found")
}

// A source names a vacancy once: the second report is answered with the first, and changes it where it says otherwise.
func TestAVacancyIsReportedOnce(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	first := newOffer("3273", "A-1")
	create(t, o, first)
	again, other := newOffer("3204", "A-1"), newOffer("3273", "A-1")
	again.Title, other.Source = "Lain", "surat"
	rows := create(t, o, again, other)
	want := []vacancy.Row{{ID: first.ID, Known: true, Changed: "region title"}, {ID: other.ID}}
	if !slices.Equal(rows, want) {
		t.Errorf("got %v, want %v", rows, want)
	}
	first.Region, first.Title, first.Version = again.Region, again.Title, 2
	if got, err := o.GetVacancy(t.Context(), first.ID); err != nil || got != first {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Every field that a source reports otherwise is kept as it is now, and as it was in the changes, oldest first; what
// it does not say stays.
func TestEveryFieldReportedOtherwiseIsKept(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	f, err := o.CreateFair(t.Context(), o.Op("3273"), fair("3273", "2026-12-01"))
	storetest.OK(t, err)
	first := newOffer("3273", "A-1")
	create(t, o, first)
	want := move(t, o, first.ID, vacancy.Open)
	again := newOffer("3204", "A-1")
	again.Employer, again.Title, again.Occupation, again.Units = "PT Baru", "Operator", "8153", "B.2"
	again.Wage, again.Openings, again.Fair = 5_200_000, 7, f.ID
	again.StartsOn, again.ExpiresOn = again.StartsOn.AddDays(3), again.ExpiresOn.AddDays(9)
	row := create(t, o, again)[0]
	const all = "region employer title occupation units wage openings starts_on expires_on fair"
	if row.ID != first.ID || row.Changed != all {
		t.Errorf("told of %+v", row)
	}
	last := again
	last.Title, last.ExpiresOn, last.Undated = "Operator Jahit", again.ExpiresOn.AddDays(99), true
	if row = create(t, o, last)[0]; row.Changed != "title" {
		t.Errorf("told of %+v", row)
	}
	again.ID, again.PostedOn, again.Title = first.ID, want.PostedOn, last.Title
	again.State, again.Version = vacancy.Reported, 4
	if got, err := o.GetVacancy(t.Context(), first.ID); err != nil || got != again {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, again)
	}
	changes, err := o.VacancyChanges(t.Context(), first.ID)
	storetest.OK(t, err)
	if len(changes) != 2 || changes[0].Version != 2 || changes[1].Version != 3 || len(changes[0].Fields) != 10 ||
		changes[0].By != o.Officer || changes[1].Fields[0] != (vacancy.FieldChange{Field: "title", From: "Operator",
		To: "Operator Jahit"}) {
		t.Errorf("kept are %+v", changes)
	}
}

// Nothing of an import is kept when one of its rows is refused.
func TestAnImportIsKeptWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	ends := newOffer("3273", "A-2")
	ends.ExpiresOn = ends.PostedOn.AddDays(-1)
	_, err := o.CreateVacancies(t.Context(), o.Op("3273"), []vacancy.Vacancy{newOffer("3273", "A-1"), ends})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
	if n := o.CountRows(t, "select count(*) from vacancy"); n != 0 {
		t.Errorf("%d are kept", n)
	}
}

func TestAVacancyMoves(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	v := newOffer("3273", "A-1")
	create(t, o, v)
	verified := func() int {
		return o.CountRows(t, "select count(*) from vacancy where verified_by = $1", uuid.UUID(o.Officer))
	}
	v.State, v.Version = vacancy.Open, 2
	if got := move(t, o, v.ID, vacancy.Open); got != v || verified() != 1 {
		t.Errorf("got %+v, verified %d", got, verified())
	}
	other := o.As(o.Colleague(t, "3273"), "3273")
	got, err := o.MoveVacancy(t.Context(), other, v.ID, func(now vacancy.Vacancy) (vacancy.State, error) {
		if now != v {
			t.Errorf("asked about %+v", now)
		}
		return vacancy.Filled, nil
	})
	storetest.OK(t, err)
	v.State, v.Version = vacancy.Filled, 3
	if got != v || verified() != 1 { // who verified it stays who verified it
		t.Errorf("got %+v, verified %d", got, verified())
	}
}

func TestARefusedMoveChangesNothing(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	v := newOffer("3273", "A-1")
	create(t, o, v)
	refusal := fault.New(fault.Conflict, "vacancy.transition_refused")
	_, err := o.MoveVacancy(t.Context(), o.Op("3273"), v.ID, func(vacancy.Vacancy) (vacancy.State, error) {
		return vacancy.Filled, refusal
	})
	storetest.WantCode(t, err, "vacancy.transition_refused")
	if got, err := o.GetVacancy(t.Context(), v.ID); err != nil || got != v {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = o.MoveVacancy(t.Context(), o.Op("3273"), uuid.New(), func(vacancy.Vacancy) (vacancy.State, error) {
		t.Error("asked about a vacancy that is not there")
		return vacancy.Open, nil
	})
	storetest.WantCode(t, err, "vacancy.not_found")
}

// Two moves at once: the second one is asked about what the first one left.
func TestAMoveIsAskedUnderALock(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	v := newOffer("3273", "A-1")
	create(t, o, v)
	inside, second := make(chan struct{}), make(chan vacancy.State, 1)
	go func() {
		<-inside
		_, _ = o.MoveVacancy(context.WithoutCancel(t.Context()), o.Op("3273"), v.ID,
			func(now vacancy.Vacancy) (vacancy.State, error) {
				second <- now.State
				return vacancy.Withdrawn, nil
			})
		close(second)
	}()
	_, err := o.MoveVacancy(t.Context(), o.Op("3273"), v.ID, func(vacancy.Vacancy) (vacancy.State, error) {
		close(inside)
		o.AwaitLock(t)
		return vacancy.Open, nil
	})
	storetest.OK(t, err)
	if saw := <-second; saw != vacancy.Open {
		t.Errorf("the second move saw %q", saw)
	}
}

// lists are the filters of a list, and the vacancies by their references that each leaves, newest first.
var lists = []struct {
	what   string
	filter vacancy.Filter
	want   []string
}{
	{"all", vacancy.Filter{}, []string{"F", "E", "D", "C", "B", "A"}},
	{"a regency", vacancy.Filter{Region: new(region.Code("3273"))}, []string{"D", "B", "A"}},
	{"a province", vacancy.Filter{Region: new(region.Code("32"))}, []string{"D", "C", "B", "A"}},
	{"a province without any", vacancy.Filter{Region: new(region.Code("11"))}, nil},
	{"the nation", vacancy.Filter{Region: new(region.Code(""))}, []string{"F", "E", "D", "C", "B", "A"}},
	{"an occupation", vacancy.Filter{Occupation: new("7531")}, []string{"E", "C", "A"}},
	{"its first digits", vacancy.Filter{Occupation: new("75")}, []string{"E", "D", "C", "B", "A"}},
	{"no more than they", vacancy.Filter{Occupation: new("753")}, []string{"E", "C", "A"}},
	{"a state", vacancy.Filter{State: new(vacancy.Open)}, []string{"B"}},
	{"a state that none has", vacancy.Filter{State: new(vacancy.Withdrawn)}, nil},
	{"a state in a province", vacancy.Filter{Region: new(region.Code("32")), State: new(vacancy.Reported)},
		[]string{"D", "C", "A"}},
}

func TestListsLeaveWhatTheFilterSays(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	f, err := o.CreateFair(t.Context(), o.Op("3273"), fair("3273", "2026-12-01"))
	storetest.OK(t, err)
	names := map[uuid.UUID]string{}
	ids := map[string]uuid.UUID{}
	for _, v := range []struct {
		name, occupation string
		code             region.Code
		fair             uuid.UUID
	}{{"A", "7531", "3273", uuid.Nil}, {"B", "7511", "3273", uuid.Nil}, {"C", "7531", "3204", f.ID},
		{"D", "7599", "3273", uuid.Nil}, {"E", "7531", "3578", f.ID}, {"F", "8111", "3101", uuid.Nil}} {
		row := newOffer(v.code, v.name)
		row.Occupation, row.Fair = v.occupation, v.fair
		create(t, o, row)
		names[row.ID], ids[v.name] = v.name, row.ID
	}
	move(t, o, ids["B"], vacancy.Open)
	check := func(what string, f vacancy.Filter, want []string) {
		t.Helper()
		if f.Limit == 0 {
			f.Limit = 10
		}
		list, err := o.ListVacancies(t.Context(), f)
		storetest.OK(t, err)
		var got []string
		for _, v := range list {
			got = append(got, names[v.ID])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	for _, c := range lists {
		check(c.what, c.filter, c.want)
	}
	check("a fair", vacancy.Filter{Fair: &f.ID}, []string{"E", "C"})
	check("a fair in a province", vacancy.Filter{Fair: &f.ID, Region: new(region.Code("32"))}, []string{"C"})
	check("another fair", vacancy.Filter{Fair: new(uuid.New())}, nil)
	check("a page", vacancy.Filter{Limit: 2}, []string{"F", "E"})
	check("the next page", vacancy.Filter{Limit: 2, After: ids["E"]}, []string{"D", "C"})
	check("a page of a province", vacancy.Filter{Limit: 2, After: ids["D"], Region: new(region.Code("32"))},
		[]string{"C", "B"})
}

func TestFairsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	var made []vacancy.Fair
	for _, day := range []string{"2026-12-03", "2026-12-01", "2026-12-02"} {
		f, err := o.CreateFair(t.Context(), o.Op("3273"), fair("3273", day))
		storetest.OK(t, err)
		made = append(made, f)
	}
	slices.Reverse(made)
	for _, c := range []struct {
		after uuid.UUID
		limit int
		want  []vacancy.Fair
	}{{uuid.Nil, 9, made}, {uuid.Nil, 2, made[:2]}, {made[0].ID, 9, made[1:]}, {made[2].ID, 9, nil}} {
		got, err := o.ListFairs(t.Context(), c.after, c.limit)
		storetest.OK(t, err)
		if !slices.Equal(got, c.want) {
			t.Errorf("after %s, %d: %v", c.after, c.limit, got)
		}
	}
	_, err := o.GetFair(t.Context(), uuid.New())
	storetest.WantCode(t, err, "job_fair.not_found")
	_, err = o.FairResult(t.Context(), authz.Everywhere(), uuid.New())
	storetest.WantCode(t, err, "job_fair.not_found")
}

// Everybody sees what was offered at a fair; of the applicants an office counts its own people, each once.
func TestAFairCountsItsOffersAndThePeopleInScope(t *testing.T) {
	t.Parallel()
	o := storetest.NewOffice(t)
	f, err := o.CreateFair(t.Context(), o.Op("3273"), fair("3273", "2026-12-01"))
	storetest.OK(t, err)
	first, second, outside := newOffer("3273", "A-1"), newOffer("3204", "A-2"), newOffer("3273", "A-3")
	first.Fair, second.Fair = f.ID, f.ID
	second.Openings, outside.Employer = 4, "PT Lain"
	create(t, o, first, second, outside)
	o.Do(t, "update vacancy set state = 'open', verified_by = reported_by, expires_on = '2026-12-31'")
	for n, a := range []struct {
		code   region.Code
		offer  uuid.UUID
		state  string
		called any
	}{{"3273", first.ID, "submitted", nil}, {"3273", second.ID, "hired", "2026-12-05"}, {"3204", first.ID, "interviewed",
		"2026-12-05"},
		{"3273", outside.ID, "hired", "2026-12-05"}} {
		id := o.OpenCase(t, a.code, n+1).ID
		o.Do(t, `insert into application (id, case_id, region, employer, position, applied_on, state, called_on, vacancy_id)
			values (gen_random_uuid(), $1, $2, 'PT Maju', 'Penjahit', '2026-12-01', $3, $4::date, $5)`,
			uuid.UUID(id), string(a.code), a.state, a.called, a.offer)
	}
	for code, people := range map[region.Code][3]int{"32": {3, 2, 1}, "3273": {2, 1, 1}, "3204": {1, 1, 0}, "3578": {}} {
		want := vacancy.FairResult{Fair: f, Employers: 1, Vacancies: 2, Openings: 7,
			Applicants: people[0], Interviewed: people[1], Hired: people[2]}
		got, err := o.FairResult(t.Context(), storetest.In(code), f.ID)
		storetest.OK(t, err)
		if got != want {
			t.Errorf("%s: got %+v, want %+v", code, got, want)
		}
	}
}
