package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/statistics"
)

// counts are what the reports are made of, each over all cases: duplicates count nowhere.
var counts = []string{
	`insert into rollup select region, extract(year from terminated_on)::int, 'outcomes', coalesce(outcome, stage), count(*) from cases where outcome is distinct from 'duplicate' group by 1, 2, 4`,
	`insert into rollup
		select c.region, extract(year from c.terminated_on)::int, 'funnel', step.item, sum(step.n) from cases c
		left join lateral (select true as applied, bool_or(reference_on is not null) as eligible from claim k where k.case_id = c.id having count(*) > 0) k on c.claim_state <> 'none'
		left join (select case_id, bool_or(state = 'completed') as done from training group by 1) t on t.case_id = c.id
		left join (select distinct case_id from certificate) s on s.case_id = c.id
		left join (select distinct case_id from application) a on a.case_id = c.id
		left join (select case_id, bool_or(state = 'retained_3m') as kept from placement group by 1) p on p.case_id = c.id
		left join (select distinct case_id from business where state = 'graduated') b on b.case_id = c.id
		cross join lateral (values ('1_opened', 1), ('2_claimed', (k.applied is true)::int), ('3_eligible', (k.eligible is true)::int), ('4_trained', (t.done is true)::int),
			('5_certified', (s.case_id is not null)::int), ('6_applied', (a.case_id is not null)::int), ('7_placed', (p.case_id is not null)::int), ('8_retained', (p.kept is true)::int),
			('9_own_business', (b.case_id is not null)::int)) step (item, n)
		where c.outcome is distinct from 'duplicate' group by 1, 2, 4 having sum(step.n) > 0`,
	`insert into rollup
		select c.region, extract(year from c.terminated_on)::int, 'time_to_placement', case when d <= 30 then '000-030' when d <= 60 then '031-060' when d <= 90 then '061-090'
			when d <= 180 then '091-180' when d <= 365 then '181-365' else '366+' end, count(*), sum(d)
		from (select case_id, min(started_on) as on_day from placement group by 1) p join cases c on c.id = p.case_id
		cross join lateral (select greatest(p.on_day - c.opened_on, 0) as d) x group by 1, 2, 4`,
	`insert into rollup
		select c.region, extract(year from c.terminated_on)::int, 'results_by_region', c.region, count(*) from cases c
		where c.outcome in ('placed', 'self_employed', 'rehired') or exists (select from placement p where p.case_id = c.id and p.state <> 'ended') group by 1, 2`,
	`insert into rollup
		select c.region, extract(year from c.terminated_on)::int, 'results_by_scheme', t.scheme || ' ' || t.state, count(*) from training t join cases c on c.id = t.case_id group by 1, 2, 4`,
	`insert into rollup
		select c.region, extract(year from c.terminated_on)::int, 'results_by_provider', t.provider, count(*) from training t join cases c on c.id = t.case_id
		where t.state = 'completed' and t.provider <> '' group by 1, 2, 4`,
}

// Rollup implements statistics.ResultStore. The lock keeps two processes from counting at once; the second finds it done.
func (s *Store) Rollup(ctx context.Context) error {
	return s.write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		ctx := patient(ctx, 10*time.Minute)
		if _, err := tx.Exec(ctx, "set local statement_timeout = '10min'; set local work_mem = '64MB'", pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		var stale bool
		err := tx.QueryRow(ctx, `select s.log_size <> l.size or s.counted_at is null from rollup_state s, log_state l for update of s`).Scan(&stale)
		if err != nil || !stale {
			return err
		}
		for _, statement := range append([]string{"delete from rollup"}, counts...) {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "update rollup_state set counted_at = clock_timestamp(), log_size = (select size from log_state)")
		return err
	})
}

// mostItems bounds a report: the rest of a long one is in its smaller regions.
const mostItems = 1000

// Results implements statistics.ResultStore. Of results by region, the nation's are told by province.
func (s *Store) Results(ctx context.Context, scope authz.Scope, q statistics.ResultQuery) (out statistics.Results, err error) {
	item := "item"
	if q.Report == statistics.Regions && scope.National() {
		item = "left(item, 2)"
	}
	query := fmt.Sprintf(`select %s, sum(n)::bigint, (sum(total) / sum(n))::bigint from rollup where measure = $1 and ($2 = 0 or year = $2) and %s group by 1 order by 1 limit %d`,
		item, literal(scope, "region"), mostItems)
	err = s.read(ctx, scope, func(b *pgx.Batch) {
		b.Queue(query, string(q.Report), q.Year)
		b.Queue("select counted_at from rollup_state")
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		out.Rows, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (one statistics.ResultRow, err error) {
			err = row.Scan(&one.Item, &one.N, &one.Days)
			return one, err
		})
		if err != nil {
			return err
		}
		var at pgtype.Timestamptz
		err = r.QueryRow().Scan(&at)
		out.CountedAt = at.Time.UTC()
		return err
	})
	return out, err
}

var _ statistics.ResultStore = (*Store)(nil)
