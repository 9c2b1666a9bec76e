package reportstore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/statistics"
	"github.com/tanggap/tanggap/pkg/store/storetest"
)

// countedAnew counts every report over all cases, each by itself, as the figures are defined.
var countedAnew = []string{
	`select 'stages' as measure, region, date_trunc('month', terminated_on)::date as month, stage as item, count(*) as n,
		0 as total from cases where outcome is distinct from 'duplicate' group by 2, 3, 4`,
	`select 'outcomes', region, date_trunc('month', terminated_on)::date, outcome, count(*), 0 from cases
		where outcome <> 'duplicate' group by 2, 3, 4`,
	`select 'claims', c.region, date_trunc('month', terminated_on)::date, claim_state, count(*), sum(coalesce(
		(select sum(m.amount) from claim_month m where m.case_id = c.id and m.state = 'paid'), 0)) from cases c
		where claim_state <> 'none' group by 2, 3, 4`,
	`select 'funnel', c.region, date_trunc('month', c.terminated_on)::date, step.item, sum(step.n), 0 from cases c
		left join lateral (select true as applied, bool_or(reference_on is not null) as eligible from claim k
			where k.case_id = c.id having count(*) > 0) k
			on c.claim_state <> 'none'
		cross join lateral (values ('opened', true), ('claimed', k.applied), ('eligible', k.eligible),
			('trained', exists (select from training x where x.case_id = c.id and state = 'completed')),
			('certified', exists (select from certificate x where x.case_id = c.id)),
			('applied', exists (select from application x where x.case_id = c.id)),
			('placed', exists (select from placement x where x.case_id = c.id)),
			('retained', exists (select from placement x where x.case_id = c.id and state = 'retained_3m')),
			('own_business', exists (select from business x where x.case_id = c.id and state = 'graduated'))) came (item, so)
		cross join lateral (select came.item, coalesce(came.so, false)::int as n) step
		where c.outcome is distinct from 'duplicate' group by 2, 3, 4 having sum(step.n) > 0`,
	`select 'time_to_placement', c.region, date_trunc('month', c.terminated_on)::date, case when d <= 30 then '0-30'
		when d <= 60 then '31-60'
			when d <= 90 then '61-90' when d <= 180 then '91-180' when d <= 365 then '181-365' else '366+' end, count(*),
				sum(d)
		from (select case_id, min(started_on) as on_day from placement group by 1) p join cases c on c.id = p.case_id
		cross join lateral (select greatest(p.on_day - c.opened_on, 0) as d) x group by 2, 3, 4`,
	`select 'at_work', c.region, date_trunc('month', c.terminated_on)::date, '', count(*), 0 from cases c
		where c.outcome in ('placed', 'self_employed', 'rehired') or exists (select from placement p where p.case_id = c.id
			and p.state <> 'ended') group by 2, 3`,
	`select 'trainings', c.region, date_trunc('month', c.terminated_on)::date, t.scheme || ':' || t.state, count(*), 0
		from training t join cases c on c.id = t.case_id group by 2, 3, 4`,
	`select 'providers', c.region, date_trunc('month', c.terminated_on)::date, t.provider, count(*), 0
		from training t join cases c on c.id = t.case_id where t.state = 'completed' and t.provider <> '' group by 2, 3, 4`,
}

// wrongFigures are the lines that the figures have too many or too few, as they stand and counted anew.
func wrongFigures(t *testing.T, conn *pgx.Conn) []string {
	t.Helper()
	anew := strings.Join(countedAnew, " union all ")
	const kept = "select measure, region, month, item, n, total from rollup"
	rows, err := conn.Query(t.Context(), fmt.Sprintf(`select 'kept ' || x::text from ((%[2]s) except (%[1]s)) x
		union all select 'right ' || x::text from ((%[1]s) except (%[2]s)) x order by 1`, anew, kept))
	storetest.OK(t, err)
	wrong, err := pgx.CollectRows(rows, pgx.RowTo[string])
	storetest.OK(t, err)
	return wrong
}

// Whatever happens to cases, and however often it is counted in between, the figures are what counting all of them
// gives.
func TestFiguresKeptUpAreFiguresCountedAnew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	u, conn := storetest.NewTurmoil(t, b.Office, 1), b.Database.Admin(t)
	figures := 0
	for round := range 12 {
		for range 4 {
			u.More(t)
		}
		for range 60 {
			u.Step(t)
		}
		storetest.OK(t, b.Rollup(t.Context()))
		if wrong := wrongFigures(t, conn); len(wrong) > 0 {
			t.Fatalf("round %d:\n%s", round, strings.Join(wrong, "\n"))
		}
	}
	storetest.OK(t, conn.QueryRow(t.Context(), "select count(distinct (measure, item)) from rollup").Scan(&figures))
	if figures < 30 {
		t.Errorf("only %d figures were told apart", figures)
	}
	b.Do(t, "update rollup_state set log_size = -1") // a count from nothing comes to the same
	storetest.OK(t, b.Rollup(t.Context()))
	if wrong := wrongFigures(t, conn); len(wrong) > 0 {
		t.Fatalf("from nothing:\n%s", strings.Join(wrong, "\n"))
	}
}

// manyCases makes cases beside the program, with an entry each that waits for the log; some hundreds would take it
// minutes.
func (b *bundle) manyCases(t *testing.T, n int) {
	t.Helper()
	b.Do(t, `with w as (insert into worker (id, nik_hash) select gen_random_uuid(), substr(sha256(int4send(i)), 1, 16)
		from generate_series(1, $1) i returning id),
		c as (insert into cases (id, region, worker_id, stage, terminated_on, opened_on, version, head, updated_at)
			select gen_random_uuid(), '3273', id, 'intake', '2026-10-01', '2026-11-01', 1, sha256(uuid_send(id)), now() from w
				returning id, head)
		insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
			select id, 1, '3273', 'case.opened', gen_random_uuid(), '2026-11-01', now(), '{}', decode(repeat('00', 32), 'hex'),
				head from c`, n)
}

// moveOne moves the n-th case to another stage beside the program.
const moveOne = `with c as (update cases set version = version + 1, stage = 'benefit', updated_at = clock_timestamp(),
	head = sha256(head)
		where id = (select id from cases order by id limit 1 offset $1 - 1) returning *)
	insert into case_history (case_id, seq, region, kind, actor, occurred_on, recorded_at, payload, prev_hash, hash)
		select id, version, region, 'case.advanced', gen_random_uuid(), '2026-11-02', updated_at, '{}', head, head from c`

// A first count that is cut off between two batches goes on where it was. Until it is whole, there are no figures
// rather than some; what changes behind it is counted too.
func TestAFirstCountGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.manyCases(t, 5000)
	ours := b.OpenCase(t, "3273", 1)
	conn := b.Database.Admin(t)
	ctx, cut := context.WithCancel(t.Context())
	var told []int64
	err := b.KeepFigures(ctx, func(cases int64) {
		told = append(told, cases)
		if cases > 0 {
			cut()
		}
	})
	if !errors.Is(err, context.Canceled) || fmt.Sprint(told) != "[0 2000]" {
		t.Fatalf("%v after %v", err, told)
	}
	q := statistics.Query{Report: statistics.Stages}
	r, err := b.Figures(t.Context(), authz.Everywhere(), q)
	storetest.OK(t, err)
	if len(r.Rows) != 0 || !r.CountedAt.IsZero() {
		t.Fatalf("half a count is shown: %+v", r)
	}
	_, err = b.Change(t.Context(), b.Request("", "3273"), ours.ID, 1, storetest.Advance(casework.Benefit))
	storetest.OK(t, err)
	b.Do(t, moveOne, 1) // one that the walk has behind it
	told = nil
	storetest.OK(t, b.KeepFigures(t.Context(), func(cases int64) { told = append(told, cases) }))
	if fmt.Sprint(told) != "[4000 5001]" {
		t.Errorf("went on by %v", told)
	}
	if wrong := wrongFigures(t, conn); len(wrong) > 0 {
		t.Errorf("%s", strings.Join(wrong, "\n"))
	}
	before, err := b.Figures(t.Context(), authz.Everywhere(), q)
	storetest.OK(t, err)
	storetest.OK(t, b.Rollup(t.Context()))
	after, err := b.Figures(t.Context(), authz.Everywhere(), q)
	storetest.OK(t, err)
	if before.CountedAt.IsZero() || after.CountedAt != before.CountedAt {
		t.Errorf("counted at %s, then at %s though nothing had happened", before.CountedAt, after.CountedAt)
	}
}

// An entry that commits late, after later ones were counted, is counted when it comes.
func TestWhatCommitsLateIsCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.OpenCase(t, "3273", 1)
	second := b.OpenCase(t, "3273", 2)
	storetest.OK(t, b.Rollup(t.Context()))
	conn := b.Database.Admin(t)
	tx, err := conn.Begin(t.Context())
	storetest.OK(t, err)
	_, err = tx.Exec(t.Context(), moveOne, 1)
	storetest.OK(t, err)
	_, err = b.Change(t.Context(), b.Request("", "3273"), second.ID, 1, storetest.Advance(casework.Training))
	storetest.OK(t, err)
	storetest.OK(t, b.Rollup(t.Context()))
	storetest.OK(t, tx.Commit(t.Context()))
	storetest.OK(t, b.Rollup(t.Context()))
	if wrong := wrongFigures(t, conn); len(wrong) > 0 {
		t.Errorf("%s", strings.Join(wrong, "\n"))
	}
}
