package matchingstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/clock"
	"github.com/tanggap/tanggap/pkg/matching"
	"github.com/tanggap/tanggap/pkg/money"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/store/storetest"
	"github.com/tanggap/tanggap/pkg/track"
)

// vacancies adds open and other vacancies, made by the database.
const vacancies = `insert into vacancy (id, region, employer, title, occupation, units, wage, openings, starts_on,
	posted_on, expires_on, state, source, reference, reported_by, verified_by)
	select gen_random_uuid(), r.code, 'PT ' || n, 'Jabatan',
	(1000 + (random() * 40)::int * 57 + (random() * 3)::int)::text, (array['', 'A.1', 'A.1,B.2',
	'B.2,C.3,D.4'])[1 + (random() * 3)::int], (2000 + random() * 4000)::int * 1000, 1, case
	when random() < 0.5 then date '2026-01-01' + (random() * 700)::int end, '2026-01-01', case
	when random() < 0.1 then date '2026-02-01' else date '2099-01-01' end,
		(array['open', 'open', 'open', 'reported', 'filled'])[1 + (random() * 4)::int], 'uji', n::text, $1, $1
	from generate_series(1, $2) n join lateral (select code from region where length(code) = 4 and left(code, 2) in ('32',
	'33', '35') order by random() + n limit 1) r on true`

// What the cells leave out could not have been among the best: for any worker the answer is that of rating every
// vacancy.
func TestTheBestAreTheBestOfAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Do(t, vacancies, uuid.UUID(b.Officer), 4000)
	conn := storetest.ConnectTo(t, b.Database.AdminDSN)
	var all []matching.Vacancy
	rows, err := conn.Query(t.Context(),
		"select id, region, occupation, units, wage, starts_on from vacancy where state = 'open' and expires_on >= "+
			"current_date")
	storetest.OK(t, err)
	var v matching.Vacancy
	var starts *calendar.Date
	_, err = pgx.ForEachRow(rows, []any{&v.ID, (*string)(&v.Region), &v.Occupation, &v.Units, (*int64)(&v.Wage), &starts},
		func() error {
			if v.StartsOn = (calendar.Date{}); starts != nil {
				v.StartsOn = *starts
			}
			all = append(all, v)
			return nil
		})
	storetest.OK(t, err)
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: storetest.Regions(t)})
	service := &matching.Service{Market: b.Stores, Runs: b.Stores, Cases: cases, Points: storetest.Points(t)}
	tracks := &track.Service{Store: b.Stores, Cases: cases}
	points := storetest.Points(t).On(storetest.Today)
	r := rand.New(rand.NewPCG(1, 2))
	occupation := func() string {
		code := fmt.Sprint(1000 + r.IntN(40)*57 + r.IntN(3))
		return code[:1+r.IntN(4)]
	}
	for n := range 60 {
		code := []region.Code{"3273", "3204", "3578", "7371"}[r.IntN(4)]
		id := b.OpenCase(t, code, n+1).ID
		wish := track.Wish{Occupation1: occupation(), Reach: []track.Reach{track.OwnRegency, track.OwnProvince,
			track.Nation}[r.IntN(3)], Units: []string{"", "A.1", "B.2, A.1"}[r.IntN(3)],
			Wage: money.Rupiah(r.IntN(3) * 2_500_000), From: calendar.MustDate("2026-12-01")}
		if r.IntN(2) == 0 {
			wish.Occupation2 = occupation()
		}
		_, err := track.Wishes.Record(t.Context(), tracks, track.Target{Op: b.Request("", code), Case: id, Version: 1}, wish)
		storetest.OK(t, err)
		w, got, err := service.ForWorker(t.Context(), storetest.In(code), id)
		storetest.OK(t, err)
		if want := everyOne(&points, &w, all); !slices.Equal(want, got) {
			t.Fatalf("%+v of %s: %d of %v\nwant %v", wish, code, len(got), got, want)
		}
	}
}

// everyOne rates every vacancy within the worker's reach, and sorts them all.
func everyOne(points *matching.Points, w *matching.Worker, all []matching.Vacancy) []matching.Match {
	var list []matching.Match
	for i := range all {
		v := &all[i]
		parts := points.Score(w, v)
		near := v.Region == w.Region || w.Wish.Reach != track.OwnRegency && v.Region.Province() == w.Region.Province() ||
			w.Wish.Reach == track.Nation
		if parts.Occupation > 0 && near {
			list = append(list, matching.Match{Vacancy: v.ID, Case: w.Case, Parts: parts})
		}
	}
	slices.SortFunc(list, func(a, b matching.Match) int {
		if a.Parts.Total() != b.Parts.Total() {
			return b.Parts.Total() - a.Parts.Total()
		}
		return strings.Compare(b.Vacancy.String(), a.Vacancy.String())
	})
	return list[:min(len(list), matching.Best)]
}

// A match is told nothing of a worker but their case, their office and what they look for: another sex, age, name or
// wage of before cannot change it, because it is not there. Whoever adds a field has to say here that it may take part.
func TestNothingSensitiveTakesPartInAMatch(t *testing.T) {
	t.Parallel()
	for kind, want := range map[reflect.Type]string{
		reflect.TypeFor[matching.Worker](): "Case Region Wish Units",
		reflect.TypeFor[track.Wish]():      "Occupation1 Occupation2 Occupation3 Units Wage From Reach",
	} {
		var fields []string
		for field := range kind.Fields() {
			fields = append(fields, field.Name)
		}
		if got := strings.Join(fields, " "); got != want {
			t.Errorf("%s has %s", kind, got)
		}
	}
	b := setup(t)
	b.Do(t, vacancies, uuid.UUID(b.Officer), 500)
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: storetest.Regions(t)})
	service, tracks := &matching.Service{Market: b.Stores, Runs: b.Stores, Cases: cases, Points: storetest.Points(t)},
		&track.Service{Store: b.Stores, Cases: cases}
	id := b.OpenCase(t, "3273", 1).ID
	_, err := track.Wishes.Record(t.Context(), tracks, track.Target{Op: b.Request("", "3273"), Case: id, Version: 1},
		track.Wish{Occupation1: "1", Reach: track.Nation})
	storetest.OK(t, err)
	_, before, err := service.ForWorker(t.Context(), storetest.In("3273"), id)
	storetest.OK(t, err)
	b.Do(t,
		"update case_worker set sex = 'female', birth_date = '1950-01-01', name = 'Lain', position = '', employer = "+
			"'Lain' where case_id = $1", uuid.UUID(id))
	_, after, err := service.ForWorker(t.Context(), storetest.In("3273"), id)
	storetest.OK(t, err)
	if len(before) == 0 || !slices.Equal(before, after) {
		t.Error("another person in the same place is matched otherwise")
	}
}

// A match of a region is whole, goes on where it was cut off, and keeps nothing of what lies outside.
func TestARegionIsMatchedInTheBackground(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Do(t, vacancies, uuid.UUID(b.Officer), 500)
	cases := casework.New(casework.Deps{Store: b.Stores, Clock: clock.System(), Tree: storetest.Regions(t)})
	service := &matching.Service{Market: b.Stores, Runs: b.Stores, Cases: cases, Points: storetest.Points(t),
		Rights: func(context.Context, authz.OfficerID, authz.Action) (authz.Scope, error) {
			return authz.Everywhere(), nil
		}}
	tracks := &track.Service{Store: b.Stores, Cases: cases}
	for n := range 250 {
		code := []region.Code{"3273", "3204"}[n%2]
		_, err := track.Wishes.Record(t.Context(), tracks, track.Target{Op: b.Request("", code), Case: b.OpenCase(t, code,
			n+1).ID, Version: 1}, track.Wish{Occupation1: "1", Reach: track.Nation})
		storetest.OK(t, err)
	}
	run, err := service.Start(t.Context(), b.Request("", "32"), "3273")
	storetest.OK(t, err)
	storetest.OK(t, service.Work(t.Context(), run.ID))
	run, err = b.GetRun(t.Context(), storetest.In("3273"), run.ID)
	storetest.OK(t, err)
	if run.State != "done" || run.Matched != 125 || run.Workers != 125 {
		t.Errorf("%+v", run)
	}
	var inside, outside int
	storetest.OK(t, storetest.ConnectTo(t, b.Database.AdminDSN).QueryRow(t.Context(),
		"select count(distinct case_id) filter (where region = '3273'), count(*) filter (where region <> '3273') from match").Scan(&inside, &outside))
	if inside != 125 || outside != 0 {
		t.Errorf("%d inside, %d outside", inside, outside)
	}
	if _, err := b.GetRun(t.Context(), storetest.In("3578"), run.ID); err == nil {
		t.Error("another office finds the run")
	}
	storetest.WantCode(t, service.Work(t.Context(), run.ID), "matching.not_found")
}
