package reportstore

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store"
)

// countBatch is how many cases, or entries of the log, one transaction counts.
const countBatch = 2000

// selectCounted is what cases add to the figures, a pure function of their rows. Nothing in it depends on the day it is
// asked. A duplicate has neither a stage nor an outcome nor steps: it is no second worker.
const selectCounted = `select c.id as case_id, c.region, c.terminated_on, c.officer_id, c.layoff_id,
		case when c.outcome is distinct from 'duplicate' then c.stage end as stage,
		nullif(c.outcome, 'duplicate') as outcome, c.claim_state as claim, m.paid,
		case when c.outcome is distinct from 'duplicate' then concat('1', case when k.applied then '2' end,
			case when k.eligible then '3' end, case when t.done then '4' end,
			case when exists (select from certificate x where x.case_id = c.id) then '5' end,
			case when exists (select from application x where x.case_id = c.id) then '6' end,
			case when p.first_on is not null then '7' end, case when p.kept then '8' end,
			case when exists (select from business x where x.case_id = c.id and x.state = 'graduated') then '9' end)
		else '' end as steps,
		case when p.first_on is not null then greatest(p.first_on - c.opened_on, 0) end as days,
		coalesce(c.outcome in ('placed', 'self_employed', 'rehired'), false) or coalesce(p.lasts, false) as placed,
		t.trainings, t.providers
	from cases c
	cross join lateral (select count(*) > 0 as applied, bool_or(reference_on is not null) as eligible
		from claim x where x.case_id = c.id and c.claim_state <> 'none') k
	cross join lateral (select coalesce(sum(amount), 0)::bigint as paid from claim_month x
		where x.case_id = c.id and x.state = 'paid') m
	cross join lateral (select bool_or(state = 'completed') as done,
		coalesce(array_agg(scheme || ':' || state order by scheme, state), '{}') as trainings,
		coalesce(array_agg(provider order by provider)
			filter (where state = 'completed' and provider <> ''), '{}') as providers
		from training x where x.case_id = c.id) t
	cross join lateral (select min(started_on) as first_on, bool_or(state = 'retained_3m') as kept,
		bool_or(state <> 'ended') as lasts
		from placement x where x.case_id = c.id) p
	where c.id = any($1)`

// facts are what a case r that was counted adds to each report: an item, and an amount where there is one.
var facts = map[statistics.Report]string{
	statistics.Stages:   "select r.stage as item, 0::bigint as amount where r.stage is not null",
	statistics.Outcomes: "select r.outcome as item, 0::bigint as amount where r.outcome is not null",
	statistics.Claims:   "select r.claim as item, r.paid as amount where r.claim <> 'none'",
	statistics.Funnel: `select s.item, 0::bigint as amount from (values ('1', 'opened'), ('2', 'claimed'),
	('3', 'eligible'),
		('4', 'trained'), ('5', 'certified'), ('6', 'applied'), ('7', 'placed'), ('8', 'retained'),
		('9', 'own_business')) s (digit, item) where position(s.digit in r.steps) > 0`,
	statistics.Placements: "select " + spanOf("r.days") + " as item, r.days::bigint as amount where r.days is not null",
	statistics.AtWork:     "select '' as item, 0::bigint as amount where r.placed",
	statistics.Trainings:  "select x as item, 0::bigint as amount from unnest(r.trainings) x",
	statistics.Providers:  "select x as item, 0::bigint as amount from unnest(r.providers) x",
}

// spanOf is the span that a number of days is in.
func spanOf(days string) string {
	span := "case"
	for _, s := range statistics.Span("").Values() {
		_, last, bounded := strings.Cut(string(s), "-")
		if !bounded {
			return span + " else '" + string(s) + "' end"
		}
		span += " when " + days + " <= " + last + " then '" + string(s) + "'"
	}
	return span + " end"
}

// allFacts are those of every report, with its name.
func allFacts() string {
	var parts []string
	for _, report := range slices.Sorted(maps.Keys(facts)) {
		parts = append(parts, "select '"+string(report)+"' as measure, f.* from ("+facts[report]+") f")
	}
	return strings.Join(parts, " union all ")
}

// countCases puts what cases add to the figures now in the place of what they added before. Counting is set functions
// throughout, some thousand cases to a statement: nothing of it is a row that GORM could read or write.
var countCases = `with old as materialized (select * from counted where case_id = any($1)),
	fresh as materialized (` + selectCounted + `),
	kept as (insert into counted select * from fresh f where f is distinct from (select o from old o
		where o.case_id = f.case_id)
		on conflict (case_id) do update set region = excluded.region, terminated_on = excluded.terminated_on,
			officer_id = excluded.officer_id, layoff_id = excluded.layoff_id, stage = excluded.stage,
			outcome = excluded.outcome, claim = excluded.claim, paid = excluded.paid, steps = excluded.steps,
			days = excluded.days, placed = excluded.placed, trainings = excluded.trainings, providers = excluded.providers)
	insert into rollup
	select f.measure, r.region, date_trunc('month', r.terminated_on)::date, f.item, sum(r.sign), sum(r.sign * f.amount)
	from (select -1 as sign, * from old union all select 1, * from fresh) r
	cross join lateral (` + allFacts() + `) f
	group by 1, 2, 3, 4 having sum(r.sign) <> 0 or sum(r.sign * f.amount) <> 0
	on conflict (measure, region, month, item) do update set n = rollup.n + excluded.n,
		total = rollup.total + excluded.total`

// counting is where the figures stand: changes are counted up to logSize; while reached is set, a first walk over all
// cases has come so far.
type counting struct {
	logSize, size, cases int64
	reached              pgtype.UUID
	never                bool // nothing was counted to its end yet
}

// Rollup implements statistics.Store.
func (s *Reports) Rollup(ctx context.Context) error {
	return s.KeepFigures(ctx, func(int64) {})
}

// KeepFigures counts what has changed since the last time, in short transactions between any two of which it may end
// and go on another time; told hears how many cases a first count has come through. What changed is read off the log:
// an entry that commits late is sealed late, and never passed over. It seals first, so that the figures hold
// everything that was committed before counted_at.
func (s *Reports) KeepFigures(ctx context.Context, told func(cases int64)) error {
	var at time.Time
	if err := s.Pool.QueryRow(ctx, "select clock_timestamp()").Scan(&at); err != nil {
		return store.Translate(err)
	}
	if _, err := s.log.Seal(ctx); err != nil {
		return err
	}
	for more := true; more; {
		var c counting
		err := s.Write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) (err error) {
			c, more, err = countSome(ctx, tx, at)
			return err
		})
		if err != nil {
			return err
		}
		if c.reached.Valid {
			told(c.cases)
		}
	}
	return nil
}

// countSome does one batch. The lock on the state makes two processes that count at once take turns.
func countSome(ctx context.Context, tx pgx.Tx, at time.Time) (c counting, more bool, err error) {
	ctx = store.WithWait(ctx, 2*time.Minute)
	if _, err := tx.Exec(ctx, "set local statement_timeout = '2min'", pgx.QueryExecModeSimpleProtocol); err != nil {
		return c, false, err
	}
	if err := tx.QueryRow(ctx, `select s.log_size, l.size, s.cases, s.reached, s.counted_at is null
		from rollup_state s, log_state l for update of s`).
		Scan(&c.logSize, &c.size, &c.cases, &c.reached, &c.never); err != nil {
		return c, false, err
	}
	switch {
	case c.logSize < 0 || c.logSize > c.size:
		return c, true, beginCount(ctx, tx, &c)
	case c.reached.Valid:
		return c, true, walkCases(ctx, tx, &c)
	case c.logSize == c.size && !c.never:
		return c, false, nil
	}
	return c, c.logSize+countBatch < c.size, countChanges(ctx, tx, &c, at)
}

// beginCount starts from nothing: there is no count yet, or it was of another log.
func beginCount(ctx context.Context, tx pgx.Tx, c *counting) error {
	for _, table := range []string{"counted", "rollup"} {
		if _, err := tx.Exec(ctx, "delete from "+table); err != nil {
			return err
		}
	}
	c.reached = pgtype.UUID{Valid: true}
	_, err := tx.Exec(ctx, "update rollup_state set counted_at = null, log_size = $1, reached = $2, cases = 0",
		c.size, c.reached)
	return err
}

// walkCases counts the next cases of a first walk. What changes behind it stands in the log, after the size it began
// with.
func walkCases(ctx context.Context, tx pgx.Tx, c *counting) error {
	rows, err := tx.Query(ctx, "select id from cases where id > $1 order by id limit $2", c.reached, countBatch)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	c.reached.Valid = len(ids) > 0
	if c.reached.Valid {
		c.reached.Bytes = ids[len(ids)-1]
		if _, err := tx.Exec(ctx, countCases, ids); err != nil {
			return err
		}
	}
	c.cases += int64(len(ids))
	_, err = tx.Exec(ctx, "update rollup_state set reached = $1, cases = $2", c.reached, c.cases)
	return err
}

// countChanges counts the cases of the next entries of the log; with the last of them the figures are those of at.
func countChanges(ctx context.Context, tx pgx.Tx, c *counting, at time.Time) error {
	to := min(c.logSize+countBatch, c.size)
	rows, err := tx.Query(ctx, "select distinct entry_of from log_leaf where idx >= $1 and idx < $2", c.logSize, to)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(countCases, ids)
	b.Queue("update rollup_state set log_size = $1", to)
	if to == c.size {
		b.Queue("delete from rollup where n = 0")
		b.Queue("update rollup_state set counted_at = $1", at)
	}
	return tx.SendBatch(ctx, b).Close()
}
