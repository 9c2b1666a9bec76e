package matchingstore_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// wish makes the worker of a case look for work.
func (b *bundle) wish(t *testing.T, code region.Code, n int) uuid.UUID {
	t.Helper()
	id := uuid.UUID(b.OpenCase(t, code, n).ID)
	b.Do(t,
		"insert into job_wish (case_id, region, occupation_1, reach, available_on) values ($1, $2, '7531', 'nation', "+
			"'2026-12-01')",
		id, string(code))
	return id
}

func (b *bundle) order(t *testing.T, code region.Code) matching.Run {
	t.Helper()
	r, err := b.CreateRun(t.Context(), b.Op("32"), matching.Run{ID: uuid.Must(uuid.NewV7()), Region: code})
	storetest.OK(t, err)
	return r
}

func (b *bundle) run(t *testing.T, id uuid.UUID) matching.Run {
	t.Helper()
	r, err := b.GetRun(t.Context(), authz.Everywhere(), id)
	storetest.OK(t, err)
	return r
}

func TestARunBeginsQueuedWithItsWorkers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.wish(t, "3273", 1)
	b.wish(t, "3204", 2)
	b.OpenCase(t, "3273", 3) // without a wish
	closed := b.wish(t, "3273", 4)
	b.Tamper(t, "update cases set stage = 'closed', outcome = 'placed', closed_on = current_date where id = '"+
		closed.String()+"'")
	r := b.order(t, "3273")
	if r != (matching.Run{ID: r.ID, Officer: b.Officer, Region: "3273", State: matching.Queued, Workers: 1}) {
		t.Errorf("got %+v", r)
	}
	if n := b.CountRows(t, "select count(*) from river.river_job where kind = 'matching_run'"); n != 1 {
		t.Errorf("%d jobs", n)
	}
	for code, want := range map[region.Code]string{"3273": "", "32": "", "3204": "matching.not_found"} {
		_, err := b.GetRun(t.Context(), storetest.In(code), r.ID)
		storetest.WantCode(t, err, want)
	}
	_, err := b.GetRun(t.Context(), authz.Everywhere(), uuid.New())
	storetest.WantCode(t, err, "matching.not_found")
}

// A run is taken up by one; a second one may have it only when the first gave no sign for a minute.
func TestARunIsTakenUpByOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.order(t, "3273").ID
	for _, c := range []struct{ state, seen, code string }{
		{"queued", "0 seconds", ""}, {"queued", "2 minutes", ""}, {"running", "0 seconds", "matching.not_found"},
		{"running", "45 seconds", "matching.not_found"}, {"running", "61 seconds", ""},
		{"done", "2 minutes", "matching.not_found"}, {"failed", "2 minutes", "matching.not_found"},
	} {
		b.Do(t, "update matching set state = $1, seen_at = clock_timestamp() - $2::interval", c.state, c.seen)
		waits, err := b.WaitingRuns(t.Context())
		storetest.OK(t, err)
		if want := (c.state == "queued" || c.state == "running") && (c.seen == "2 minutes" ||
			c.seen == "61 seconds"); slices.Contains(waits, id) != want {
			t.Errorf("%s, seen %s ago: waits %v", c.state, c.seen, waits)
		}
		r, err := b.StartRun(t.Context(), id)
		storetest.WantCode(t, err, c.code)
		if err == nil && (r.State != matching.Running || r.ID != id) {
			t.Errorf("%s, seen %s ago: %+v", c.state, c.seen, r)
		}
		if waits, err := b.WaitingRuns(t.Context()); err != nil || len(waits) != 0 {
			t.Errorf("%s, seen %s ago: still waits %v, %v", c.state, c.seen, waits, err)
		}
	}
	_, err := b.StartRun(t.Context(), uuid.New())
	storetest.WantCode(t, err, "matching.not_found")
}

func TestTheLastAttemptOfARunFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.order(t, "3273")
	other := b.order(t, "3204")
	_, err := b.StartRun(t.Context(), r.ID)
	storetest.OK(t, err)
	ended := func() int { return b.CountRows(t, "select count(*) from matching where done_at is not null") }
	storetest.OK(t, b.FailRun(t.Context(), r.ID, "internal", 2))
	r.Attempts = 1
	if got := b.run(t, r.ID); got != r || ended() != 0 {
		t.Errorf("after one: %+v", got)
	}
	storetest.OK(t, b.FailRun(t.Context(), r.ID, "internal", 2))
	r.Attempts, r.State, r.Failure = 2, matching.Failed, "internal"
	if got := b.run(t, r.ID); got != r || ended() != 1 {
		t.Errorf("after two: %+v", got)
	}
	storetest.OK(t, b.FailRun(t.Context(), r.ID, "another", 1))
	storetest.OK(t, b.FailRun(t.Context(), uuid.New(), "internal", 1))
	if got := b.run(t, r.ID); got != r || b.run(t, other.ID) != other {
		t.Errorf("afterwards: %+v, %+v", got, b.run(t, other.ID))
	}
}

// The matches of a stretch replace those before, of these workers and no others, and only inside the region.
func TestMatchesAreReplacedAndTheRunMovesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second, outside := b.wish(t, "3273", 1), b.wish(t, "3273", 2), b.wish(t, "3578", 3)
	r := b.order(t, "3273")
	keep := func(score int, of ...uuid.UUID) {
		t.Helper()
		workers, found := make([]matching.Worker, len(of)), make([][]matching.Match, len(of))
		for i, id := range of {
			workers[i].Case = id
			found[i] = []matching.Match{{Case: id, Vacancy: uuid.New(), Parts: matching.Parts{Occupation: score}},
				{Case: id, Vacancy: uuid.New(), Parts: matching.Parts{Occupation: score - 1}}}
		}
		r.Matched, r.Reached = r.Matched+len(of), of[len(of)-1]
		b.Do(t, "update matching set attempts = 2, seen_at = clock_timestamp() - interval '2 minutes'")
		storetest.OK(t, b.KeepMatches(t.Context(), r, workers, found, storetest.Today))
	}
	keep(30, first, second, outside)
	keep(20, first)
	if got := b.run(t, r.ID); got != r || got.Matched != 4 || got.Reached != first {
		t.Errorf("got %+v", got)
	}
	if waits, err := b.WaitingRuns(t.Context()); err != nil || len(waits) != 0 {
		t.Errorf("a run that gets on waits: %v, %v", waits, err)
	}
	for id, scores := range map[uuid.UUID][]int{first: {20, 19}, second: {30, 29}, outside: nil} {
		var got []int
		rows, err := b.Admin(t).Query(t.Context(),
			"select score from match where case_id = $1 and matched_on = $2 order by rank", id, storetest.Today.Time())
		storetest.OK(t, err)
		for rows.Next() {
			got = append(got, 0)
			storetest.OK(t, rows.Scan(&got[len(got)-1]))
		}
		if !slices.Equal(got, scores) {
			t.Errorf("got %v, want %v", got, scores)
		}
	}
	r.State = matching.Done
	storetest.OK(t, b.FinishRun(t.Context(), r))
	if got := b.run(t, r.ID); got != r || b.CountRows(t, "select count(*) from matching where done_at is not null") != 1 {
		t.Errorf("got %+v", got)
	}
}
