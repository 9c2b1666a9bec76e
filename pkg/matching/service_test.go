package matching_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/fault"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// market is the real one, at noon in Jakarta.
type market struct {
	*storetest.Office
	*matching.Service
	tracks *track.Service
	now    *clock.Fixed
	people int
}

var today = calendar.MustDate("2026-11-23")

func open(t *testing.T) *market {
	t.Helper()
	m := &market{Office: storetest.NewOffice(t), now: clock.At(today.Time().Add(5 * time.Hour))}
	cases := casework.New(casework.Deps{Store: m.Stores, Clock: m.now, Tree: m.Tree})
	m.tracks = &track.Service{Store: m.Stores, Cases: cases}
	m.Service = &matching.Service{Market: m.Stores, Runs: m.Stores, Cases: cases, Points: storetest.Points(t)}
	return m
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *testing.T, what string, err error, kind fault.Kind, code string) {
	t.Helper()
	if fault.CodeOf(err) != code || fault.KindOf(err) != kind {
		t.Errorf("%s: %v, want %s %s", what, err, kind, code)
	}
}

// worker opens a case; without an occupation nobody asked what they look for.
func (m *market) worker(t *testing.T, code region.Code, reach track.Reach, occupation string) casework.ID {
	t.Helper()
	m.people++
	nik, err := identity.ParseNIK(fmt.Sprintf("%s01010190%04d", code, m.people))
	ok(t, err)
	state, err := m.Stores.Open(t.Context(), m.Op(code), casework.Opening{Source: "test",
		Case: casework.Case{Region: code, TerminatedOn: today.AddDays(-30), OpenedOn: today.AddDays(-20)},
		Person: casework.Person{Name: "Siti", NIK: nik, Wage: identity.NewWage(4_000_000),
			Address: identity.NewSecret("Jl. Merdeka 1")}})
	ok(t, err)
	if occupation != "" {
		_, err = track.Wishes.Record(t.Context(), m.tracks, track.Target{Op: m.Op(code), Case: state.ID, Version: 1},
			track.Wish{Occupation1: occupation, Reach: reach})
		ok(t, err)
	}
	return state.ID
}

// number is the nth id, so that the order of ids is known.
func number(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012d", n)) }

func (m *market) vacancy(t *testing.T, n int, place region.Code, occupation, state string,
	last calendar.Date) uuid.UUID {
	t.Helper()
	m.Do(t, `insert into vacancy (id, region, employer, title, occupation, openings, posted_on, expires_on, state, source,
		reference, reported_by, verified_by) values ($1, $2, 'PT', 'Jabatan', $3, 1, '2026-01-01', $4, $5, 'uji', $6, $7, $7)`,
		number(n), string(place), occupation, last.Time(), state, fmt.Sprint(n), uuid.UUID(m.Officer))
	return number(n)
}

// What is not verified, has ended or expired is matched with nobody, from either side; the last day still counts.
func TestOnlyWhatIsOfferedIsMatched(t *testing.T) {
	t.Parallel()
	m := open(t)
	id := m.worker(t, "3273", track.OwnRegency, "7531")
	n := 0
	for _, state := range []string{"reported", "open", "filled", "withdrawn"} {
		for _, last := range []calendar.Date{today.AddDays(-1), today, today.AddDays(1)} {
			n++
			v := m.vacancy(t, n, "3273", "7531", state, last)
			want := state == "open" && !last.Before(today)
			_, list, err := m.ForWorker(t.Context(), m.Op("3273").Scope, id)
			ok(t, err)
			if got := slices.ContainsFunc(list, func(m matching.Match) bool { return m.Vacancy == v }); got != want {
				t.Errorf("%s until %s is offered to a worker: %t", state, last, got)
			}
			seekers, err := m.ForVacancy(t.Context(), m.Op("3273").Scope, v)
			ok(t, err)
			if (len(seekers) == 1) != want || len(seekers) > 1 {
				t.Errorf("%s until %s has workers: %v", state, last, seekers)
			}
		}
	}
	_, err := m.ForVacancy(t.Context(), m.Op("3273").Scope, uuid.New())
	wantFault(t, "an unknown vacancy", err, fault.NotFound, "vacancy.not_found")
}

// A vacancy is offered while it is its last day where the work is.
func TestALastDayEndsAtMidnightOfThePlaceOfWork(t *testing.T) {
	t.Parallel()
	m := open(t)
	m.worker(t, "9171", track.Nation, "7531")
	jayapura, bandung := m.vacancy(t, 1, "9171", "7531", "open", today), m.vacancy(t, 2, "3273", "7531", "open", today)
	for _, c := range []struct {
		at                time.Duration
		jayapura, bandung int
	}{
		{15*time.Hour - time.Second, 1, 1}, // of UTC
		{15 * time.Hour, 0, 1},
		{17*time.Hour - time.Second, 0, 1},
		{17 * time.Hour, 0, 0},
	} {
		m.now.Set(today.Time().Add(c.at))
		for v, want := range map[uuid.UUID]int{jayapura: c.jayapura, bandung: c.bandung} {
			list, err := m.ForVacancy(t.Context(), authz.Everywhere(), v)
			if err != nil || len(list) != want {
				t.Errorf("%s of UTC, %s: %d workers, want %d, %v", c.at, v, len(list), want, err)
			}
		}
	}
}

// A worker is offered what lies within their reach and agrees in a digit, and a vacancy is offered the same workers.
func TestNobodyIsMatchedBeyondTheirReach(t *testing.T) {
	t.Parallel()
	m := open(t)
	m.vacancy(t, 1, "3273", "7531", "open", today)
	m.vacancy(t, 2, "3204", "7531", "open", today)
	m.vacancy(t, 3, "3578", "7531", "open", today)
	m.vacancy(t, 4, "3273", "7999", "open", today)
	m.vacancy(t, 5, "3273", "8531", "open", today)
	workers := map[casework.ID][]int{
		m.worker(t, "3273", track.OwnRegency, "7531"):  {1, 4},
		m.worker(t, "3273", track.OwnProvince, "7531"): {1, 2, 4},
		m.worker(t, "3273", track.Nation, "7531"):      {1, 2, 3, 4},
		m.worker(t, "3273", track.Nation, "6"):         nil,
		m.worker(t, "3204", track.OwnRegency, "7531"):  {2},
	}
	m.worker(t, "3273", track.Nation, "") // nobody asked them
	for n := 1; n <= 5; n++ {
		seekers, err := m.ForVacancy(t.Context(), authz.Everywhere(), number(n))
		ok(t, err)
		for id, within := range workers {
			_, list, err := m.ForWorker(t.Context(), m.Op("32").Scope, id)
			ok(t, err)
			offered := slices.ContainsFunc(list, func(m matching.Match) bool { return m.Vacancy == number(n) })
			asked := slices.ContainsFunc(seekers, func(m matching.Match) bool { return m.Case == uuid.UUID(id) })
			if want := slices.Contains(within, n); offered != want || asked != want {
				t.Errorf("vacancy %d within %v: offered to the worker %t, the worker to it %t", n, within, offered, asked)
			}
		}
	}
}

// Ten are the best: the better score first, among equals the newer; the eleventh has no rank, and its score all the
// same.
func TestTheTenBestHaveARank(t *testing.T) {
	t.Parallel()
	m := open(t)
	id := m.worker(t, "3273", track.OwnProvince, "7531")
	near, far := matching.Parts{Occupation: 40, Skills: 25, Distance: 20, Wage: 10, Start: 5}.Total(), 92
	for _, n := range []int{7, 8, 9, 10, 11, 12, 6, 5, 4, 3, 2, 1} { // the worst come last, when ten are there
		m.vacancy(t, n, map[bool]region.Code{true: "3273", false: "3204"}[n == 3], "7531", "open", today)
	}
	want := []int{3, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2, 1}
	_, list, err := m.ForWorker(t.Context(), m.Op("3273").Scope, id)
	ok(t, err)
	if len(list) != 10 || matching.Best != 10 {
		t.Fatalf("%d are the best %d", len(list), matching.Best)
	}
	for i, n := range want {
		rank, score, err := m.Rank(t.Context(), m.Op("3273").Scope, id, number(n))
		ok(t, err)
		wantRank, wantScore := i+1, map[bool]int{true: near, false: far}[n == 3]
		if i >= 10 {
			wantRank = 0
		} else if list[i].Vacancy != number(n) {
			t.Errorf("place %d has %s", i+1, list[i].Vacancy)
		}
		if rank != wantRank || score != wantScore {
			t.Errorf("vacancy %d: rank %d, score %d, want %d and %d", n, rank, score, wantRank, wantScore)
		}
	}
	_, _, err = m.Rank(t.Context(), m.Op("3273").Scope, id, uuid.New())
	wantFault(t, "an unknown vacancy", err, fault.NotFound, "vacancy.not_found")
}

// Of a worker the scope is asked first, and then what they look for; of a vacancy only the workers of the scope are
// shown.
func TestWorkersOfOthersAreNotThere(t *testing.T) {
	t.Parallel()
	m := open(t)
	v := m.vacancy(t, 1, "3273", "7531", "open", today)
	asked, silent := m.worker(t, "3273", track.Nation, "7531"), m.worker(t, "3273", track.Nation, "")
	for _, c := range []struct {
		what  string
		scope region.Code
		id    casework.ID
		kind  fault.Kind
		code  string
	}{
		{"in scope", "3273", asked, "", ""},
		{"of the regency beside", "3204", asked, fault.NotFound, "case.not_found"},
		{"of the regency beside, and silent", "3204", silent, fault.NotFound, "case.not_found"},
		{"not there", "3204", casework.ID(uuid.New()), fault.NotFound, "case.not_found"},
		{"silent", "3273", silent, fault.Conflict, "wish.missing"},
	} {
		_, _, err := m.ForWorker(t.Context(), m.Op(c.scope).Scope, c.id)
		_, _, rankErr := m.Rank(t.Context(), m.Op(c.scope).Scope, c.id, v)
		if c.code == "" {
			ok(t, err)
			ok(t, rankErr)
			continue
		}
		wantFault(t, c.what, err, c.kind, c.code)
		wantFault(t, c.what, rankErr, c.kind, c.code)
	}
	for scope, want := range map[region.Code]int{"3273": 1, "32": 1, "": 1, "3204": 0, "33": 0} {
		list, err := m.ForVacancy(t.Context(), m.Op(scope).Scope, v)
		if err != nil || len(list) != want {
			t.Errorf("scope %q: %d workers, want %d, %v", scope, len(list), want, err)
		}
	}
}

// A run is ordered within the scope, and works under the rights that its officer has when it works: those of a part of
// the region are not enough, and more than the region do not widen it.
func TestARunWorksUnderTheRightsOfItsDay(t *testing.T) {
	t.Parallel()
	m := open(t)
	m.vacancy(t, 1, "3273", "7531", "open", today)
	m.worker(t, "3273", track.Nation, "7531")
	m.worker(t, "3204", track.Nation, "7531")
	m.worker(t, "3578", track.Nation, "7531")
	for _, code := range []region.Code{"32", "3204", ""} {
		_, err := m.Start(t.Context(), m.Op("3273"), code)
		wantFault(t, "a run over "+string(code), err, fault.Forbidden, "matching.region_out_of_scope")
	}
	broken := fault.New(fault.Unavailable, "database.unavailable")
	for _, c := range []struct {
		what   string
		rights authz.Scope
		err    error
		kind   fault.Kind
		code   string
	}{
		{"no right left", authz.Scope{}, fault.New(fault.Forbidden, "authz.forbidden"), fault.Forbidden, "job.right_lost"},
		{"no officer left", authz.Scope{}, fault.New(fault.NotFound, "officer.not_found"), fault.Forbidden, "job.right_lost"},
		{"right nowhere", authz.Scope{}, nil, fault.Forbidden, "job.right_lost"},
		{"right in a part", authz.ScopeOver("3273"), nil, fault.Forbidden, "job.right_lost"},
		{"right beside", authz.ScopeOver("35"), nil, fault.Forbidden, "job.right_lost"},
		{"nobody knows", authz.Scope{}, broken, fault.Unavailable, "database.unavailable"},
		{"right in the region", authz.ScopeOver("32"), nil, "", ""},
		{"right everywhere", authz.Everywhere(), nil, "", ""},
	} {
		run, err := m.Start(t.Context(), m.Op("32"), "32")
		ok(t, err)
		m.Rights = func(_ context.Context, id authz.OfficerID, a authz.Action) (authz.Scope, error) {
			if id != m.Officer || a != authz.MatchRun {
				t.Errorf("rights of %v to %s are asked", id, a)
			}
			return c.rights, c.err
		}
		err = m.Work(t.Context(), run.ID)
		got, readErr := m.GetRun(t.Context(), m.Op("32").Scope, run.ID)
		ok(t, readErr)
		if c.code != "" {
			wantFault(t, c.what, err, c.kind, c.code)
			if got.State == "done" || got.Matched != 0 {
				t.Errorf("%s: %+v", c.what, got)
			}
			continue
		}
		if err != nil || got.State != "done" || got.Workers != 2 || got.Matched != 2 {
			t.Errorf("%s: %+v, %v", c.what, got, err)
		}
		wantFault(t, c.what+", a second time", m.Work(t.Context(), run.ID), fault.NotFound, "matching.not_found")
	}
}
