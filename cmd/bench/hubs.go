package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	bestTen = "best ten of all vacancies"
	report  = "report of the nation"
	seekers = 10_000 // workers with a wish, about
)

// vacanciesOf is how many vacancies there are beside so many cases.
func vacanciesOf(cases int) int { return max(1000, cases*3/10) }

// prepareHubs numbers the workers who look for work, so that plain SQL can draw one.
func (b *bench) prepareHubs(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, `drop table if exists bench_seeker; create table bench_seeker as
		select row_number() over () as n, case_id as id from job_wish;
		create unique index on bench_seeker (n); analyze bench_seeker`)
	if err != nil {
		return err
	}
	return b.readSeekers(ctx, conn)
}

func (b *bench) readSeekers(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "select id::text from bench_seeker")
	if err != nil {
		return err
	}
	b.seekers, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

// The same answer by one statement that rates every vacancy that agrees in the first digit, within the worker's reach.
const matchScript = `\set n random(1, SEEKERS)
select v.id, greatest(
	case when v.occupation = w.occupation_1 then 40
		when left(v.occupation, 3) = left(w.occupation_1, 3) then 30
		when left(v.occupation, 2) = left(w.occupation_1, 2) then 20
		when left(v.occupation, 1) = left(w.occupation_1, 1) then 10 else 0 end,
	case when v.occupation = w.occupation_2 then 38
		when left(v.occupation, 3) = left(w.occupation_2, 3) then 28
		when left(v.occupation, 2) = left(w.occupation_2, 2) then 18
		when left(v.occupation, 1) = left(w.occupation_2, 1) then 8 else 0 end)
	+ case when v.units = '' then 25 else 25 * (
		select count(*) from unnest(string_to_array(v.units, ',')) u where u = any (string_to_array(w.units, ',')))::int
		/ cardinality(string_to_array(v.units, ',')) end
	+ case when v.region = w.region then 20 when v.province = left(w.region, 2) then 12 else 0 end
	+ case when v.wage >= w.wage then 10 when v.wage * 2 <= w.wage then 0
	else ((v.wage * 2 - w.wage) * 10 / w.wage)::int end + 5 as score
from bench_seeker b join job_wish w on w.case_id = b.id join vacancy v on v.state = 'open'
	and v.expires_on >= current_date and (w.reach = 'nation' or v.province = left(w.region, 2))
	and left(v.occupation, 1) in (left(w.occupation_1, 1), left(w.occupation_2, 1))
where b.n = :n order by score desc, v.id desc limit 10;
`

const reportScript = "select coalesce(outcome, stage), count(*) from cases where outcome is distinct from " +
	"'duplicate' group by 1;\n"

func (b *bench) hubs() []measure {
	get := func(path string) []byte {
		return []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + b.nation + "\r\n\r\n")
	}
	return []measure{
		{bestTen, func(b *bench) []byte { return get("/v1/cases/" + b.seekers[rand.IntN(len(b.seekers))] + "/matches") },
			matchScript},
		{report, func(*bench) []byte { return get("/v1/reports/stages") }, reportScript},
	}
}

// matchAll has all workers with a wish matched in the background and tells how long it takes.
func (b *bench) matchAll(ctx context.Context) error {
	started := wall.Now()
	var r struct {
		ID, State        string
		Workers, Matched int
	}
	if err := b.call(ctx, "POST", "/v1/matchings", "application/json", strings.NewReader("{}"), &r); err != nil {
		return err
	}
	for r.State != "done" {
		time.Sleep(200 * time.Millisecond)
		if err := b.call(ctx, "GET", "/v1/matchings/"+r.ID, "", nil, &r); err != nil {
			return err
		}
	}
	fmt.Printf("%-28s %d workers against %d vacancies in %s\n", "match in the background", r.Matched, vacanciesOf(b.Cases),
		wall.Now().Sub(started).Round(time.Millisecond))
	return nil
}
