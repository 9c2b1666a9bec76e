package main

import (
	"math/rand/v2"
	"strconv"
)

// The measures.
const (
	transition = "transition"
	pageNation = "caseload page, national"
	pageRegion = "caseload page, regency"
	oneCase    = "one case with its history"
)

// measure is one kind of request, and the script that does the same by plain SQL: as the superuser, so without row
// security, without a session, and without HTTP; on the same tables with the same indexes, constraints and triggers.
type measure struct {
	name    string
	request func(*bench) []byte
	script  string
}

const pageColumns = `select c.id, c.region, c.worker_id, c.layoff_id, c.officer_id, c.stage, c.outcome, c.terminated_on,
	c.opened_on, c.closed_on, c.due_on, c.due_for, c.follow_up_on,
	c.claim_state, c.version, c.updated_at, w.name, w.nik_tail, w.employer from `

const transitionScript = `\set n random(1, MOVES)
with old as (
	select c.id, c.version, c.head, c.region, greatest(clock_timestamp(), c.updated_at + interval '1 microsecond') as at from cases c
	where c.id = (select id from bench_move where n = :n) for no key update
), entry as (
	select old.*, history_hash(head, id, version + 1, 'case.advanced', 'OFFICER', current_date, at, '{"from":"benefit","to":"training"}') as hash from old
), moved as (
	update cases c set version = e.version + 1, updated_at = e.at, head = e.hash, stage = case c.stage when 'training' then 'placement' else 'training' end
	from entry e where c.id = e.id returning c.id
), answer as (
	insert into idempotency (caller, route, key, digest, body) select 'OFFICER', 'case-advance', gen_random_uuid()::text, sha256('x'),
		'{"ID":"01a209d2-0000-7000-8000-000000000000","Region":"3273","Stage":"training","Version":7,"UpdatedAt":"2026-11-23T19:04:42.627484Z"}' from moved
)
insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
select id, version + 1, region, 'case.advanced', 'OFFICER', current_date, at, '{"from":"benefit","to":"training"}', head, hash from entry;
`

// recorded makes a query keep whom it shows in the record of access, as every reader must.
func recorded(query, action string) string {
	return "with shown as (" + query +
		"), kept as (insert into access_record (officer_id, action, route, request, outcome, subjects) select 'OFFICER', '" +
		action +
		"', 'plain', 'sql', 'shown', array_agg(id) from shown) select * from shown;\n"
}

var caseScript = "\\set n random(1, CASES)\n" + recorded(`select c.*, w.name, w.birth_date, w.sex, w.position,
	w.employer, w.sealed, k.data_key from bench_case b join cases c on c.id = b.id
	join case_worker w on w.case_id = c.id join worker k on k.id = c.worker_id where b.n = :n`, "case.read") +
	`select h.seq, h.kind, h.actor, o.name, h.occurred_on, h.recorded_at, h.payload, h.hash from bench_case b
		join case_history h on h.case_id = b.id
	left join officer o on o.id = h.actor where b.n = :n order by h.seq;
`

const copyScript = `copy (select h.case_id, h.region, h.seq, h.kind, h.actor, h.occurred_on, to_char(h.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), h.payload,
	encode(h.prev_hash, 'hex'), encode(h.hash, 'hex') from cases c join case_history h on h.case_id = c.id where WHERE order by c.id, h.seq) to stdout (format csv)`

func (b *bench) measures() []measure {
	get := func(path, token string) []byte {
		return []byte("GET " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token + "\r\n\r\n")
	}
	return []measure{
		{pageNation, func(b *bench) []byte { return get("/v1/cases", b.nation) },
			recorded(pageColumns+
				"(select * from cases order by id desc limit 51) c join case_worker w on w.case_id = c.id order by c.id desc",
				"case.list")},
		{pageRegion, func(b *bench) []byte { return get("/v1/cases", b.region) },
			recorded(pageColumns+
				"(select * from cases where region = 'REGENCY' order by id desc limit 51) c join case_worker w on w.case_id = "+
				"c.id order by c.id desc", "case.list")},
		{oneCase, func(b *bench) []byte { return get("/v1/cases/"+b.ids[rand.IntN(len(b.ids))], b.nation) }, caseScript},
		{transition, (*bench).advance, transitionScript},
	}
}

// advance moves the next case that no request has moved yet.
func (b *bench) advance() []byte {
	id := b.ids[int(b.used.Add(1))%len(b.ids)]
	const body = `{"to":"training"}`
	return []byte("POST /v1/cases/" + id +
		"/transitions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAuthorization: Bearer " + b.nation +
		"\r\nIf-Match: \"" + strconv.Itoa(entries) + "\"\r\nIdempotency-Key: " + newKey() + "\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\n\r\n" + body)
}
