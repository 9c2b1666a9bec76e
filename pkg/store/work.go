package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/tanggap/tanggap/pkg/authz"
	"github.com/tanggap/tanggap/pkg/calendar"
	"github.com/tanggap/tanggap/pkg/casework"
	"github.com/tanggap/tanggap/pkg/identity"
	"github.com/tanggap/tanggap/pkg/region"
	"github.com/tanggap/tanggap/pkg/track"
)

// work is what a filter leaves of the deadlines and follow-ups of cases, and of the tasks of their tracks, as two queries
// that each walk an index in the order of the list. A deadline for the month of a claim stands once, as the task.
func work(scope authz.Scope, f track.WorkFilter, args *[]any) (branches []string) {
	arg := func(value any) string {
		*args = append(*args, value)
		return fmt.Sprintf("$%d", len(*args))
	}
	only := ""
	if f.Officer != (authz.OfficerID{}) {
		only = " and c.officer_id = " + arg(uuid.UUID(f.Officer))
	}
	until := arg(nullDate(f.Until)) + "::date"
	last := arg(nullDate(f.After.DueOn)) + "::date"
	position := fmt.Sprintf("(%s, %s, %s, %s)", last, arg(uuid.UUID(f.After.Case.ID))+"::uuid", arg(string(f.After.Kind))+"::text", arg(f.After.Part)+"::uuid")
	for _, code := range scope.Regions() {
		for what, column := range map[track.TaskKind]string{track.TaskDeadline: "c.due_on", track.TaskFollowUp: "c.follow_up_on"} {
			if f.Kind != "" && f.Kind != what {
				continue
			}
			apart := ""
			if what == track.TaskDeadline {
				apart = " and c.due_for not like 'month%'"
			}
			const none = "'00000000-0000-0000-0000-000000000000'::uuid"
			branches = append(branches, fmt.Sprintf(`select c.id, '%[1]s' as kind, `+none+` as part, %[2]s as due_on from cases c where %[3]s and c.next_on <= coalesce(%[4]s, 'infinity')
				and %[2]s <= coalesce(%[4]s, 'infinity') and (%[5]s is null or (%[2]s, c.id, '%[1]s', `+none+`) > %[6]s)%[7]s%[8]s`, what, column, rangeOf("c", code), until, last, position, only, apart))
		}
		if f.Kind == track.TaskDeadline || f.Kind == track.TaskFollowUp {
			continue
		}
		// A case that is closed still wants some of its tasks to be looked after.
		branches = append(branches, fmt.Sprintf(`select t.case_id as id, t.kind, t.part, t.due_on from task t join cases c on c.id = t.case_id
			where (c.stage <> 'closed' or t.kind in ('placement_retention', 'certificate_renewal', 'jobseeker_card_report')) and %s and t.due_on <= coalesce(%s, 'infinity')
			and (%s is null or (t.due_on, t.case_id, t.kind, t.part) > %s) and (%s = '' or t.kind = %[5]s)%s`, rangeOf("t", code), until, last, position, arg(string(f.Kind))+"::text", only))
	}
	return branches
}

// rangeOf is the scope predicate of one region over the column region alone.
func rangeOf(t string, code region.Code) string {
	lo, hi := code.Range()
	if code == "" {
		return "true"
	}
	return fmt.Sprintf("%s.region >= '%s' and %[1]s.region < '%[3]s'", t, lo, hi)
}

func union(branches []string, tail string) string {
	query := ""
	for i, branch := range branches {
		if i > 0 {
			query += " union all "
		}
		query += "(" + branch + tail + ")"
	}
	return query
}

// Work implements track.WorkStore.
func (s *Store) Work(ctx context.Context, scope authz.Scope, f track.WorkFilter) (list []track.WorkItem, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	page := fmt.Sprintf(" order by 4, 1, 2, 3 limit %d", f.Limit)
	query := "select g.kind, g.part, g.due_on, " + rowColumns + " from (select * from (" + union(work(scope, f, &args), page) + ") x" + page + ") g join cases c on c.id = g.id " + personOf +
		" order by g.due_on, g.id, g.kind, g.part"
	err = s.read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		var item track.WorkItem
		var due pgtype.Date
		var name, tail, employer string
		c := newCaseScanner(&name, &tail, &employer)
		_, err = pgx.ForEachRow(rows, append([]any{(*string)(&item.Kind), (*[16]byte)(&item.Part), &due}, c.dest...), func() error {
			item.DueOn, item.For, item.Case = dateOf(due), "", casework.Row{Case: c.current(), Name: name, NIKMasked: identity.MaskedNIK(tail), Employer: employer}
			if item.Kind == track.TaskDeadline {
				item.For = item.Case.DueFor
			}
			list = append(list, item)
			return nil
		})
		return err
	})
	return list, err
}

// CountWork implements track.WorkStore.
func (s *Store) CountWork(ctx context.Context, scope authz.Scope, f track.WorkFilter, today calendar.Date) (list []track.WorkCount, err error) {
	if scope.Empty() {
		return nil, nil
	}
	var args []any
	branches := work(scope, f, &args)
	args = append(args, today.Time())
	query := fmt.Sprintf(`select kind, count(*) filter (where due_on < $%d), count(*) filter (where due_on >= $%[1]d) from (%s) x group by kind order by kind`, len(args), union(branches, ""))
	err = s.read(ctx, scope, func(b *pgx.Batch) { b.Queue(query, args...) }, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n track.WorkCount, err error) {
			err = row.Scan((*string)(&n.Kind), &n.Overdue, &n.Due)
			return n, err
		})
		return err
	})
	return list, err
}

// Remind implements track.WorkStore: the day is that of WIB, and what is due is due within it.
func (s *Store) Remind(ctx context.Context) error {
	const day = "(clock_timestamp() at time zone 'Asia/Jakarta')::date"
	return s.write(ctx, authz.Op{Scope: authz.Everywhere()}, nil, func(tx pgx.Tx) error {
		var told bool
		if err := tx.QueryRow(ctx, "select exists (select from reminder where told_on = "+day+")").Scan(&told); err != nil || told {
			return err
		}
		if _, err := tx.Exec(ctx, "set local statement_timeout = '2min'"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into reminder select region, `+day+`, kind, count(*) filter (where due_on < `+day+`), count(*) filter (where due_on = `+day+`) from (
				select region, case when due_on <= `+day+` then 'deadline' else 'follow_up' end as kind, next_on as due_on from cases where next_on <= `+day+`
				union all select region, kind, due_on from task where due_on <= `+day+`) x group by 1, 3 on conflict do nothing`)
		return err
	})
}

// Reminders implements track.WorkStore.
func (s *Store) Reminders(ctx context.Context, scope authz.Scope, from calendar.Date) (list []track.Reminder, err error) {
	err = s.read(ctx, scope, func(b *pgx.Batch) {
		b.Queue("select region, told_on, kind, overdue, due from reminder where told_on >= $1 and "+literal(scope, "region")+" order by told_on desc, region, kind limit 1000", from.Time())
	}, func(r pgx.BatchResults) error {
		rows, err := r.Query()
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m track.Reminder, err error) {
			var on pgtype.Date
			err = row.Scan(&m.Region, &on, (*string)(&m.Kind), &m.Overdue, &m.Due)
			m.On = dateOf(on)
			return m, err
		})
		return err
	})
	return list, err
}

var _ track.WorkStore = (*Store)(nil)
