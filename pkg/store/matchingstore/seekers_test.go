package matchingstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// A vacancy is offered to workers of open cases in the scope who wish for its kind of work, first, second or third.
func TestWhoLooksForTheWorkOfAVacancy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: storetest.Regions(t)})
	tracks := &track.Service{Store: b.Stores, Cases: cases}
	var ids []uuid.UUID
	for n, c := range []struct {
		code   region.Code
		wishes [3]string
	}{{"3273", [3]string{"7531"}}, {"3273", [3]string{"5111", "7531"}}, {"3273", [3]string{"5111", "5112", "7539"}},
		{"3273", [3]string{"5111"}},
		{"3204", [3]string{"7531"}}, {"3273", [3]string{"7531"}}} {
		id := b.OpenCase(t, c.code, n+1).ID
		_, err := track.Wishes.Record(t.Context(), tracks,
			track.Target{Op: b.Request("", c.code), Case: id, Version: 1}, track.Wish{Occupation1: c.wishes[0],
				Occupation2: c.wishes[1],
				Occupation3: c.wishes[2], Reach: track.Nation, From: calendar.MustDate("2026-12-01")})
		storetest.OK(t, err)
		ids = append(ids, uuid.UUID(id))
	}
	_, err := b.Change(t.Context(), b.Request("", "3273"), casework.ID(ids[5]), 2, storetest.Advance(casework.Closed))
	storetest.OK(t, err)
	for scope, want := range map[region.Code][]int{"3273": {0, 1, 2}, "32": {0, 1, 2, 4}, "3204": {4}, "35": nil} {
		var got []int
		storetest.OK(t, b.Seekers(t.Context(), storetest.In(scope), "7531", func(w *matching.Worker) {
			got = append(got,
				slices.Index(ids, w.Case))
		}))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("in %s: %v, want %v", scope, got, want)
		}
	}
}

// A vacancy is among the offers until its last day, and only while it is open.
func TestUntilWhenAVacancyIsOffered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	last := calendar.MustDate("2026-12-10")
	for n, state := range []string{"open", "reported", "filled", "withdrawn"} {
		b.Do(t, `insert into vacancy (id, region, employer, title, occupation, units, wage, openings, posted_on, expires_on,
			state, source, reference,
			reported_by, verified_by) values ($1, '3273', 'PT', 'x', '7531', '', 1, 1, '2026-11-01', $2, $3, 'uji', $3, $4, $5)`,
			uuid.UUID{15: byte(n + 1)}, last.Time(), state, uuid.UUID(b.Officer),
			map[bool]any{true: uuid.UUID(b.Officer)}[state != "reported"])
	}
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: storetest.Regions(t)})
	tracks := &track.Service{Store: b.Stores, Cases: cases}
	id := b.OpenCase(t, "3273", 1).ID
	_, err := track.Wishes.Record(t.Context(), tracks,
		track.Target{Op: b.Request("", "3273"), Case: id, Version: 1}, track.Wish{Occupation1: "7531", Reach: track.Nation,
			From: last})
	storetest.OK(t, err)
	for days, there := range map[int]bool{-9: true, 0: true, 1: false} {
		at := clock.At(last.AddDays(days).Time())
		s := &matching.Service{Market: b.Stores, Points: storetest.Points(t),
			Cases: casework.New(casework.Deps{Store: b.Stores, Clock: at, Tree: storetest.Regions(t)})}
		_, list, err := s.ForWorker(t.Context(), storetest.In("3273"), id)
		storetest.OK(t, err)
		if (len(list) == 1 && list[0].Vacancy == uuid.UUID{15: 1}) != there || len(list) > 1 {
			t.Errorf("%d days after the last: %+v", days, list)
		}
	}
}

// What a worker can do is what they say and what certificates of competence prove; that of a course alone proves none.
func TestWhatAWorkerCanDo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c, other := b.OpenCase(t, "3273", 1), b.OpenCase(t, "3273", 2)
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: storetest.Regions(t)})
	_, err := track.Wishes.Record(t.Context(), &track.Service{Store: b.Stores, Cases: cases},
		track.Target{Op: b.Request("", "3273"), Case: c.ID, Version: 1}, track.Wish{Occupation1: "7531", Units: "B.2, A.1",
			Reach: track.Nation, From: calendar.MustDate("2026-12-01")})
	storetest.OK(t, err)
	for n, x := range []struct {
		of          casework.ID
		kind, units string
	}{{c.ID, "competence", "C.3,A.1"}, {c.ID, "competence", "D.4"}, {c.ID, "training", "E.5"}, {other.ID, "competence", "F.6"}} {
		b.Do(t, `insert into certificate (id, case_id, region, kind, number, issuer, issued_on, units)
			values (gen_random_uuid(), $1, '3273', $2, $3, 'LSP', '2026-11-01', $4)`, uuid.UUID(x.of), x.kind, string(rune('0'+n)), x.units)
	}
	w, err := b.Seeker(t.Context(), storetest.In("3273"), c.ID)
	storetest.OK(t, err)
	if !slices.Equal(w.Units, []string{"A.1", "B.2", "C.3", "D.4"}) || uuid.UUID(c.ID) != w.Case {
		t.Errorf("can do %v", w.Units)
	}
	_, err = b.Seeker(t.Context(), storetest.In("3273"), other.ID)
	storetest.WantCode(t, err, "wish.missing")
	_, err = b.Seeker(t.Context(), storetest.In("3204"), c.ID)
	storetest.WantCode(t, err, "case.not_found")
}
