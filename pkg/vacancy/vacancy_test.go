package vacancy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/vacancy"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var today = calendar.MustDate("2026-01-31")

// register is the real register at noon in Jakarta.
func register(t *testing.T) (*vacancy.Service, *storetest.Office) {
	t.Helper()
	o := storetest.NewOffice(t)
	return &vacancy.Service{Store: o, Fairs: o, Tree: o.Tree, Clock: clock.At(today.Time().Add(5 * time.Hour)),
		Measures: o.Measures}, o
}

func good(reference string) vacancy.Vacancy {
	return vacancy.Vacancy{Region: "3273", Employer: "PT Maju", Title: "Penjahit", Occupation: "7531", Openings: 1,
		Reference: reference}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantFault holds an error to its kind, code and field; "" is no error.
func wantFault(t *testing.T, what string, err error, kind fault.Kind, code, field string) {
	t.Helper()
	got, at := fault.CodeOf(err), ""
	if f, is := errors.AsType[*fault.Error](err); is {
		at = f.Field
	}
	if (err == nil) != (code == "") || err != nil && (got != code || fault.KindOf(err) != kind || at != field) {
		t.Errorf("%s: %v, want %s %s at %q", what, err, kind, code, field)
	}
}

// reports are single rows of an import, each a step inside or just beyond what a report must be.
var reports = []struct {
	what        string
	change      func(*vacancy.Vacancy)
	kind        fault.Kind
	code, field string
}{
	{"as it should be", func(*vacancy.Vacancy) {}, "", "", ""},
	{"a province", func(v *vacancy.Vacancy) { v.Region = "32" }, fault.Invalid, "region.unknown", "region"},
	{"the nation", func(v *vacancy.Vacancy) { v.Region = "" }, fault.Invalid, "region.unknown", "region"},
	{"no such regency", func(v *vacancy.Vacancy) { v.Region = "3299" }, fault.Invalid, "region.unknown", "region"},
	{"the regency beside", func(v *vacancy.Vacancy) { v.Region = "3204" },
		fault.Forbidden, "vacancy.region_out_of_scope", "region"},
	{"no employer", func(v *vacancy.Vacancy) { v.Employer = "" },
		fault.Invalid, "vacancy.employer_missing", "employer"},
	{"a blank employer", func(v *vacancy.Vacancy) { v.Employer = " \t" },
		fault.Invalid, "vacancy.employer_missing", "employer"},
	{"a blank title", func(v *vacancy.Vacancy) { v.Title = "  " },
		fault.Invalid, "vacancy.title_missing", "title"},
	{"no occupation", func(v *vacancy.Vacancy) { v.Occupation = "" }, fault.Invalid, "vacancy.occupation", "occupation"},
	{"three digits", func(v *vacancy.Vacancy) { v.Occupation = "753" }, fault.Invalid, "vacancy.occupation", "occupation"},
	{"five digits", func(v *vacancy.Vacancy) { v.Occupation = "75310" },
		fault.Invalid, "vacancy.occupation", "occupation"},
	{"a letter", func(v *vacancy.Vacancy) { v.Occupation = "753a" }, fault.Invalid, "vacancy.occupation", "occupation"},
	{"a line behind the digits", func(v *vacancy.Vacancy) { v.Occupation = "7531\n" },
		fault.Invalid, "vacancy.occupation", "occupation"},
	{"digits of another script", func(v *vacancy.Vacancy) { v.Occupation = "٧٥٣١" },
		fault.Invalid, "vacancy.occupation", "occupation"},
	{"no openings", func(v *vacancy.Vacancy) { v.Openings = 0 }, fault.Invalid, "vacancy.openings", "openings"},
	{"fewer than none", func(v *vacancy.Vacancy) { v.Openings = -1 }, fault.Invalid, "vacancy.openings", "openings"},
	{"a wage that nobody stated", func(v *vacancy.Vacancy) { v.Wage = 0 }, "", "", ""},
	{"a negative wage", func(v *vacancy.Vacancy) { v.Wage = -1 }, fault.Invalid, "vacancy.wage", "wage"},
	{"ends today", func(v *vacancy.Vacancy) { v.ExpiresOn = today }, "", "", ""},
	{"ended yesterday", func(v *vacancy.Vacancy) { v.ExpiresOn = today.AddDays(-1) },
		fault.Invalid, "vacancy.expired", "expires_on"},
	{"at an unknown fair", func(v *vacancy.Vacancy) { v.Fair = uuid.New() },
		fault.Invalid, "job_fair.not_found", "fair"},
}

// Every row is judged by itself: all of them in one import, in their places, and what is wrong keeps no other out.
func TestAReportIsJudgedRowByRow(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	list := make([]vacancy.Vacancy, len(reports))
	for i, c := range reports {
		list[i] = good(c.what)
		c.change(&list[i])
	}
	rows, err := s.Report(t.Context(), o.Op("3273"), "portal", list)
	ok(t, err)
	for i, c := range reports {
		wantFault(t, c.what, rows[i].Err, c.kind, c.code, c.field)
		if (rows[i].Err == nil) != (rows[i].ID != uuid.Nil) || rows[i].Known {
			t.Errorf("%s: %+v", c.what, rows[i])
		}
		if rows[i].Err != nil {
			continue
		}
		if v, err := s.Store.GetVacancy(t.Context(), rows[i].ID); err != nil || v.Reference != c.what {
			t.Errorf("%s stands for %+v, %v", c.what, v, err)
		}
	}
	for i := range list { // none is good: nothing is kept, and the answer is as long
		list[i].Openings = 0
	}
	if rows, err = s.Report(t.Context(), o.Op("3273"), "portal", list); err != nil || len(rows) != len(list) {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestAnImportHasOneRowTo500(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	for n, code := range map[int]string{0: "vacancy.rows", 1: "", vacancy.MostRows: "", vacancy.MostRows +
		1: "vacancy.rows"} {
		list := slices.Repeat([]vacancy.Vacancy{good("one and the same")}, n)
		_, err := s.Report(t.Context(), o.Op("3273"), "portal", list)
		wantFault(t, "rows", err, fault.Invalid, code, "items")
	}
	if vacancy.MostRows != 500 {
		t.Errorf("the contract of the API says 500 rows, not %d", vacancy.MostRows)
	}
}

// What the reporter says of state, source, day and id is not believed, and without a last day it is offered for a
// month, of which the last day exists.
func TestAReportBeginsUnverified(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	v := good("")
	v.ID, v.State, v.Source, v.PostedOn = uuid.New(), vacancy.Open, "elsewhere", calendar.MustDate("2020-01-01")
	rows, err := s.Report(t.Context(), o.Op("3273"), "portal", []vacancy.Vacancy{v})
	ok(t, err)
	got, err := s.Store.GetVacancy(t.Context(), rows[0].ID)
	ok(t, err)
	if got.ID == v.ID || got.State != vacancy.Reported || got.Source != "portal" || got.PostedOn != today ||
		got.ExpiresOn != calendar.MustDate("2026-02-28") || got.Reference != got.ID.String() || got.Version != 1 {
		t.Errorf("%+v", got)
	}
}

// Source and reference name a vacancy once, in one import and in the next; each alone does not, and without a reference
// every report is a new one.
func TestAReportIsKnownByItsReference(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	report := func(source string, list ...vacancy.Vacancy) []vacancy.Row {
		t.Helper()
		rows, err := s.Report(t.Context(), o.Op("3273"), source, list)
		ok(t, err)
		return rows
	}
	changed := good("a")
	changed.Title = "Manajer"
	first := report("portal", good("a"), changed, good("b"), good(""), good(""))
	for i, known := range []bool{false, true, false, false, false} {
		if first[i].Known != known {
			t.Errorf("row %d: %+v", i, first[i])
		}
	}
	if first[1].Changed != "title" || first[0].Changed != "" || first[1].ID != first[0].ID || first[3].ID == first[4].ID {
		t.Errorf("%+v", first)
	}
	if again := report("portal", changed); !again[0].Known || again[0].Changed != "" || again[0].ID != first[0].ID {
		t.Errorf("again: %+v", again)
	}
	if other := report("other", good("a")); other[0].Known || other[0].ID == first[0].ID {
		t.Errorf("of another source: %+v", other)
	}
	if v, err := s.Store.GetVacancy(t.Context(), first[0].ID); err != nil || v.Title != "Manajer" || v.Version != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

// The last day is a civil date of the place of work: in Jayapura the day after has begun two hours before it does in
// Bandung.
func TestALastDayIsThatOfThePlaceOfWork(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	s.Clock = clock.At(today.Time().Add(16 * time.Hour)) // 23:00 in Bandung, 00:00 in Makassar, 01:00 in Jayapura
	for _, c := range []struct {
		place  region.Code
		posted calendar.Date
	}{{"3273", today}, {"7371", today.AddDays(1)}, {"9171", today.AddDays(1)}} {
		last, over := good("last "+string(c.place)), good("over "+string(c.place))
		last.Region, last.ExpiresOn = c.place, c.posted
		over.Region, over.ExpiresOn = c.place, c.posted.AddDays(-1)
		rows, err := s.Report(t.Context(), o.Op(""), "portal", []vacancy.Vacancy{last, over})
		ok(t, err)
		wantFault(t, last.Reference, rows[0].Err, "", "", "")
		wantFault(t, over.Reference, rows[1].Err, fault.Invalid, "vacancy.expired", "expires_on")
		if v, err := s.Store.GetVacancy(t.Context(), rows[0].ID); err != nil || v.PostedOn != c.posted {
			t.Errorf("%s: posted on %s, %v", c.place, v.PostedOn, err)
		}
	}
}

// An import that comes again under its key after the last day of one of its rows has the rows of the first answer no
// more: that is told, not guessed.
func TestAnImportRepeatedAfterARowIsOver(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	lasting, ending := good("lasting"), good("ending")
	ending.ExpiresOn = today
	op := o.Op("")
	op.Request = authz.Request{Route: "test", Key: "k", Digest: []byte("import")}
	list := []vacancy.Vacancy{ending, lasting}
	rows, err := s.Report(t.Context(), op, "portal", list)
	ok(t, err)
	again, err := s.Report(t.Context(), op, "portal", list)
	if err != nil || again[0].ID != rows[0].ID || again[1].ID != rows[1].ID {
		t.Errorf("the same day: %v, %v", again, err)
	}
	s.Clock = clock.At(today.AddDays(1).Time().Add(5 * time.Hour))
	_, err = s.Report(t.Context(), op, "portal", list)
	wantFault(t, "the day after", err, fault.Conflict, "vacancy.import_changed", "")
}

// all states and what each may become.
var moves = map[vacancy.State][]vacancy.State{
	vacancy.Reported:  {vacancy.Open, vacancy.Withdrawn},
	vacancy.Open:      {vacancy.Filled, vacancy.Withdrawn},
	vacancy.Filled:    {},
	vacancy.Withdrawn: {},
}

// reach brings a new vacancy to a state.
func reach(t *testing.T, s *vacancy.Service, op authz.Op, to vacancy.State) vacancy.Vacancy {
	t.Helper()
	rows, err := s.Report(t.Context(), op, "portal", []vacancy.Vacancy{good("")})
	ok(t, err)
	v, err := s.Store.GetVacancy(t.Context(), rows[0].ID)
	ok(t, err)
	way := map[vacancy.State][]vacancy.State{vacancy.Open: {vacancy.Open}, vacancy.Filled: {vacancy.Open, vacancy.Filled},
		vacancy.Withdrawn: {vacancy.Withdrawn}}[to]
	for _, next := range way {
		v, err = s.Move(t.Context(), op, v.ID, v.Version, next)
		ok(t, err)
	}
	return v
}

// From every state to every state, the same one and none: only what the diagram has goes, one version on; what is
// refused leaves the vacancy as it was.
func TestAVacancyMovesAlongItsStatesOnly(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	op := o.Op("32")
	for from, steps := range moves {
		for _, to := range []vacancy.State{vacancy.Reported, vacancy.Open, vacancy.Filled, vacancy.Withdrawn, "expired", ""} {
			v, code := reach(t, s, o.Op("3273"), from), "vacancy.transition_refused"
			want := v
			if slices.Contains(steps, to) {
				want.State, want.Version, code = to, v.Version+1, ""
			}
			_, err := s.Move(t.Context(), op, v.ID, v.Version, to)
			wantFault(t, string(from)+" to "+string(to), err, fault.Conflict, code, "")
			if got, err := s.Store.GetVacancy(t.Context(), v.ID); err != nil || got != want {
				t.Errorf("%s to %s: %+v, %v", from, to, got, err)
			}
		}
	}
}

// A vacancy is moved by its own office, as it was read last; what is not there is not found, and out of scope comes
// first.
func TestAVacancyIsMovedByItsOfficeAsItWasRead(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	v := reach(t, s, o.Op("3273"), vacancy.Open)
	for _, c := range []struct {
		what    string
		scope   region.Code
		id      uuid.UUID
		version int
		kind    fault.Kind
		code    string
	}{
		{"unknown", "", uuid.New(), 2, fault.NotFound, "vacancy.not_found"},
		{"by the regency beside", "3204", v.ID, 2, fault.Forbidden, "vacancy.region_out_of_scope"},
		{"by the province beside", "33", v.ID, 2, fault.Forbidden, "vacancy.region_out_of_scope"},
		{"by the regency beside, and stale", "3204", v.ID, 1, fault.Forbidden, "vacancy.region_out_of_scope"},
		{"as it was", "3273", v.ID, 1, fault.Stale, "vacancy.stale"},
		{"as it is not yet", "3273", v.ID, 3, fault.Stale, "vacancy.stale"},
		{"by its province", "32", v.ID, 2, "", ""},
		{"a second time", "32", v.ID, 2, fault.Stale, "vacancy.stale"},
	} {
		_, err := s.Move(t.Context(), o.Op(c.scope), c.id, c.version, vacancy.Filled)
		wantFault(t, c.what, err, c.kind, c.code, "")
	}
}

// Of those who read the same version and move at the same moment, one does it, and the others are told who was faster.
func TestOneOfManyMovesIsDone(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	v, op := reach(t, s, o.Op("3273"), vacancy.Open), o.Op("3273")
	errs := make(chan error)
	for range 4 {
		go func() {
			_, err := s.Move(t.Context(), op, v.ID, v.Version, vacancy.Filled)
			errs <- err
		}()
	}
	done := 0
	for range 4 {
		if err := <-errs; err == nil {
			done++
		} else {
			wantFault(t, "a slower one", err, fault.Stale, "vacancy.stale", "")
		}
	}
	if done != 1 {
		t.Errorf("%d moves were done", done)
	}
}

// Asked again under its key a move that was done is answered as done; another request under the key, and the same one
// under another key, are refused.
func TestAMoveRepeatedUnderItsKeyIsDoneOnce(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	v := reach(t, s, o.Op("3273"), vacancy.Reported)
	op := o.Op("3273")
	op.Request = authz.Request{Route: "test", Key: "k", Digest: []byte("open")}
	for range 2 {
		got, err := s.Move(t.Context(), op, v.ID, v.Version, vacancy.Open)
		wantFault(t, "open", err, "", "", "")
		if got.State != vacancy.Open || got.Version != v.Version+1 {
			t.Errorf("%+v", got)
		}
	}
	op.Request.Digest = []byte("other")
	_, err := s.Move(t.Context(), op, v.ID, v.Version, vacancy.Open)
	wantFault(t, "another request", err, fault.Invalid, "idempotency.key_reused", "")
	op.Request.Key = "another"
	_, err = s.Move(t.Context(), op, v.ID, v.Version, vacancy.Open)
	wantFault(t, "another key", err, fault.Stale, "vacancy.stale", "")
}

func TestAFairIsHeldInARegencyOfTheCaller(t *testing.T) {
	t.Parallel()
	s, o := register(t)
	fair := vacancy.Fair{ID: uuid.New(), Region: "3273", Name: "Bursa Kerja", Venue: "Sabuga", HeldOn: today}
	for _, c := range []struct {
		what        string
		change      func(*vacancy.Fair)
		kind        fault.Kind
		code, field string
	}{
		{"as it should be", func(*vacancy.Fair) {}, "", "", ""},
		{"of the past", func(f *vacancy.Fair) { f.HeldOn = today.AddDays(-400) }, "", "", ""},
		{"without a venue", func(f *vacancy.Fair) { f.Venue = "" }, "", "", ""},
		{"a province", func(f *vacancy.Fair) { f.Region = "32" }, fault.Invalid, "region.unknown", "region"},
		{"no such regency", func(f *vacancy.Fair) { f.Region = "3299" }, fault.Invalid, "region.unknown", "region"},
		{"the regency beside", func(f *vacancy.Fair) { f.Region = "3204" },
			fault.Forbidden, "job_fair.region_out_of_scope", "region"},
		{"without a name", func(f *vacancy.Fair) { f.Name = strings.Repeat(" ", 3) },
			fault.Invalid, "job_fair.name", "name"},
		{"without a day", func(f *vacancy.Fair) { f.HeldOn = calendar.Date{} }, fault.Invalid, "job_fair.name", "name"},
	} {
		f := fair
		c.change(&f)
		held, err := s.HoldFair(t.Context(), o.Op("3273"), f)
		wantFault(t, c.what, err, c.kind, c.code, c.field)
		if f.ID = held.ID; err == nil && (held != f || held.ID == fair.ID) {
			t.Errorf("%s: %+v", c.what, held)
		}
	}
	if list, err := s.Fairs.ListFairs(t.Context(), uuid.Nil, 10); err != nil || len(list) != 3 {
		t.Errorf("%+v, %v", list, err)
	}
}
