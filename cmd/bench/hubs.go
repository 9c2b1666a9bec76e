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
	seekers = 10_000
)

// A market of vacancies as uneven as the real one: half of them in the five largest provinces, some occupations ten times as
// common as others.
var loadMarket = []struct {
	statement string
	args      func(*bench) []any
}{
	{statement: "truncate vacancy cascade"},
	{`insert into vacancy (id, region, employer, title, occupation, units, wage, openings, posted_on, expires_on, state, source, reference, reported_by, verified_by)
		select gen_random_uuid(), r.codes[1 + floor(power(random(), 1.7) * array_length(r.codes, 1))::int % array_length(r.codes, 1)], 'PT ' || n, 'Jabatan ' || n,
			o.codes[1 + floor(power(random(), 1.5) * array_length(o.codes, 1))::int % array_length(o.codes, 1)],
			(array['', 'A.1', 'A.1,B.2', 'B.2,C.3,D.4', 'E.5'])[1 + (random() * 4)::int], (1500 + power(random(), 2) * 10000)::int * 1000, 1 + (random() * 5)::int, current_date, current_date + 30,
			'open', 'bench', n::text, $1, $1
		from generate_series(1, $2::int) n,
			(select array_agg(code order by left(code, 2) not in ('32', '35', '33', '31', '36'), md5(code)) as codes from region where length(code) = 4) r,
			(select array_agg((1000 + g * 21)::text order by md5(g::text)) as codes from generate_series(0, 425) g) o`, func(b *bench) []any { return []any{b.data.officer, b.Vacancies} }},
	{statement: "vacuum analyze vacancy"},
	{statement: "delete from job_wish"},
	{`insert into job_wish (case_id, region, occupation_1, occupation_2, units, wage, reach)
		select id, region, (1000 + floor(random() * 425)::int * 21)::text, (1000 + floor(random() * 425)::int * 21)::text, (array['', 'A.1', 'A.1,B.2', 'C.3'])[1 + (random() * 3)::int],
			(2000 + random() * 5000)::int * 1000, (array['province', 'province', 'nation'])[1 + (random() * 2)::int]
		from (select id, region from cases where stage <> 'closed' order by md5(id::text) limit $1) c`, func(*bench) []any { return []any{seekers} }},
	{statement: "drop table if exists bench_seeker"},
	{statement: "create table bench_seeker as select row_number() over () as n, case_id as id from job_wish"},
	{statement: "create unique index on bench_seeker (n)"},
	{statement: "analyze bench_seeker, job_wish"},
}

// prepareHubs loads the market where it is not there yet.
func (b *bench) prepareHubs(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	var n, m int
	if err := conn.QueryRow(ctx, "select (select count(*) from vacancy), (select count(*) from job_wish)").Scan(&n, &m); err != nil {
		return err
	}
	if n == b.Vacancies && m == seekers {
		return b.readSeekers(ctx, conn)
	}
	for _, step := range loadMarket {
		var args []any
		if step.args != nil {
			args = step.args(b)
		}
		if _, err := conn.Exec(ctx, step.statement, args...); err != nil {
			return fmt.Errorf("load the market: %w", err)
		}
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
select v.id, greatest(case when v.occupation = w.occupation_1 then 40 when left(v.occupation, 3) = left(w.occupation_1, 3) then 30 when left(v.occupation, 2) = left(w.occupation_1, 2) then 20
		when left(v.occupation, 1) = left(w.occupation_1, 1) then 10 else 0 end, case when v.occupation = w.occupation_2 then 38 when left(v.occupation, 3) = left(w.occupation_2, 3) then 28
		when left(v.occupation, 2) = left(w.occupation_2, 2) then 18 when left(v.occupation, 1) = left(w.occupation_2, 1) then 8 else 0 end)
	+ case when v.units = '' then 25 else 25 * (select count(*) from unnest(string_to_array(v.units, ',')) u where u = any (string_to_array(w.units, ',')))::int / cardinality(string_to_array(v.units, ',')) end
	+ case when v.region = w.region then 20 when v.province = left(w.region, 2) then 12 else 0 end
	+ case when v.wage >= w.wage then 10 when v.wage * 2 <= w.wage then 0 else ((v.wage * 2 - w.wage) * 10 / w.wage)::int end + 5 as score
from bench_seeker b join job_wish w on w.case_id = b.id join vacancy v on v.state = 'open' and v.expires_on >= current_date and (w.reach = 'nation' or v.province = left(w.region, 2))
	and left(v.occupation, 1) in (left(w.occupation_1, 1), left(w.occupation_2, 1))
where b.n = :n order by score desc, v.id desc limit 10;
`

const reportScript = "select coalesce(outcome, stage), count(*) from cases where outcome is distinct from 'duplicate' group by 1;\n"

func (b *bench) hubs() []measure {
	get := func(path string) []byte {
		return []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + b.nation + "\r\n\r\n")
	}
	return []measure{
		{bestTen, func(b *bench) []byte { return get("/v1/cases/" + b.seekers[rand.IntN(len(b.seekers))] + "/matches") }, matchScript},
		{report, func(*bench) []byte { return get("/v1/reports/results?report=outcomes") }, reportScript},
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
	fmt.Printf("%-28s %d workers against %d vacancies in %s\n", "match in the background", r.Matched, b.Vacancies, wall.Now().Sub(started).Round(time.Millisecond))
	return nil
}
